//! What a lifecycle may not be. Each error names the move, as `"trial" -> "onboarding"`, or the stage.

use super::definition::{LifecycleDefinition, Stage, StageKind};
use super::rule::Rule;
use crate::error::{Error, Result, suggest};
use crate::policy::{Field, Span};
use std::collections::BTreeMap;

/// Checks a definition whose names are as they are compared.
pub(super) fn check(definition: &LifecycleDefinition) -> Result<()> {
    let graph = Graph::of(definition)?;
    for stage in &definition.stages {
        check_spans(stage)?;
        graph.check_moves(stage)?;
    }
    graph.check_reach()?;
    if !definition.cycles {
        graph.check_cycles()?;
    }
    for rule in &definition.rules {
        check_rule(rule)?;
        for stage in [Some(&rule.stage), rule.when.after.as_ref()].into_iter().flatten() {
            if !graph.stages.contains_key(stage.as_str()) {
                let hint = suggest(stage, definition.stages.iter().map(|stage| stage.name.as_str()));
                return Err(wrong(format!("a rule names \"{stage}\", which is no stage{hint}")));
            }
        }
    }
    Ok(())
}

fn wrong(what: impl AsRef<str>) -> Error {
    let what = what.as_ref();
    Error::invalid(format!("the lifecycle: {what}"))
}

/// A rule has to say something that can change.
fn check_rule(rule: &Rule) -> Result<()> {
    let (when, stage) = (&rule.when, &rule.stage);
    let says_nothing = |what: &str| Err(wrong(format!("the rule for \"{stage}\": {what}")));
    if when.tables().is_empty() {
        return says_nothing(
            "when names nothing that tells it; expected subscription, onboarding, events or measure",
        );
    }
    if when.events.as_ref().is_some_and(|events| events.at_least.is_none() && events.at_most.is_none()) {
        return says_nothing("events has no number; expected at_least, at_most or both");
    }
    if when.measure.as_ref().is_some_and(|measure| measure.at_least.is_none() && measure.below.is_none()) {
        return says_nothing("measure has no limit; expected at_least, below or both");
    }
    if when.subscribed_for.as_ref().is_some_and(|since| since.at_least.is_none() && since.below.is_none()) {
        return says_nothing("subscribed_for has no limit; expected at_least, below or both");
    }
    for span in [when.events.as_ref().map(|events| events.within), when.renews_within].into_iter().flatten() {
        span.check()?;
        if span == Span::seconds(0) {
            return says_nothing("within no time at all nothing happens; expected a span such as 30d");
        }
    }
    Ok(())
}

fn check_spans(stage: &Stage) -> Result<()> {
    let name = &stage.name;
    for (field, span) in [("expected", stage.expected), ("stuck", stage.stuck)] {
        if let Some(span) = span {
            span.check()?;
            if span == Span::seconds(0) {
                return Err(wrong(format!("stage \"{name}\": {field} is 0d; expected some time")));
            }
        }
    }
    if let (Some(expected), Some(stuck)) = (stage.expected, stage.stuck)
        && stuck.micros() < expected.micros()
    {
        return Err(wrong(format!("stage \"{name}\": stuck is shorter than expected")));
    }
    Ok(())
}

struct Graph<'d> {
    definition: &'d LifecycleDefinition,
    stages: BTreeMap<&'d str, &'d Stage>,
}

impl<'d> Graph<'d> {
    fn of(definition: &'d LifecycleDefinition) -> Result<Self> {
        let mut stages = BTreeMap::new();
        for stage in &definition.stages {
            if stage.name.is_empty() {
                return Err(wrong("a stage without a name"));
            }
            if stages.insert(stage.name.as_str(), stage).is_some() {
                return Err(wrong(format!("stage \"{}\" is there twice", stage.name)));
            }
        }
        Ok(Self { definition, stages })
    }

    fn next(&self, name: &str) -> &'d [String] {
        self.stages.get(name).map(|stage| stage.next.as_slice()).unwrap_or_default()
    }

    fn starts(&self) -> impl Iterator<Item = &'d Stage> {
        self.definition.stages.iter().filter(|stage| stage.kind == StageKind::Start)
    }

    fn check_moves(&self, stage: &Stage) -> Result<()> {
        let name = &stage.name;
        for (at, next) in stage.next.iter().enumerate() {
            let what = if !self.stages.contains_key(next.as_str()) {
                format!(": no such stage{}", suggest(next, self.stages.keys().copied()))
            } else if stage.kind == StageKind::End {
                " leaves an end; a stage that can be left is of another kind".to_owned()
            } else if next == name {
                ": staying is no move".to_owned()
            } else if stage.next.iter().take(at).any(|earlier| earlier == next) {
                " is there twice".to_owned()
            } else {
                continue;
            };
            return Err(wrong(format!("\"{name}\" -> \"{next}\"{what}")));
        }
        if stage.next.is_empty() && !stage.kind.is_end() {
            return Err(wrong(format!("stage \"{name}\" is no end and leads nowhere")));
        }
        Ok(())
    }

    /// Every stage has to be reached from a start.
    fn check_reach(&self) -> Result<()> {
        let mut open: Vec<&str> = self.starts().map(|stage| stage.name.as_str()).collect();
        if open.is_empty() {
            return Err(wrong("no stage is of kind \"start\""));
        }
        let mut reached = std::collections::BTreeSet::new();
        while let Some(name) = open.pop() {
            if reached.insert(name) {
                open.extend(self.next(name).iter().map(String::as_str));
            }
        }
        match self.definition.stages.iter().find(|stage| !reached.contains(stage.name.as_str())) {
            Some(lost) => Err(wrong(format!("no path from a start reaches \"{}\"", lost.name))),
            None => Ok(()),
        }
    }

    /// No move may close a cycle: depth first from the starts, in the order written, the first that does is named.
    fn check_cycles(&self) -> Result<()> {
        let mut done = std::collections::BTreeSet::new();
        // The path from a start, with how many moves of each stage were followed.
        let mut path: Vec<(&str, usize)> = Vec::new();
        for start in self.starts() {
            if !done.contains(start.name.as_str()) {
                path.push((&start.name, 0));
            }
            while let Some((name, followed)) = path.last_mut() {
                let (name, next) = (*name, self.next(name).get(*followed));
                *followed += 1;
                match next {
                    None => {
                        done.insert(name);
                        path.pop();
                    }
                    Some(next) if path.iter().any(|(on_path, _)| on_path == next) => {
                        let what = "closes a cycle, and cycles are not allowed";
                        return Err(wrong(format!("\"{name}\" -> \"{next}\" {what}")));
                    }
                    Some(next) if done.contains(next.as_str()) => {}
                    Some(next) => path.push((next, 0)),
                }
            }
        }
        Ok(())
    }
}
