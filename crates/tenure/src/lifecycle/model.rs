//! A lifecycle that was checked, with its stages by number.

use super::definition::{LifecycleDefinition, Stage};
use super::graph;
use super::journey::Journey;
use super::rule::Rule;
use crate::error::{Error, Result, quoted, suggest};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// The number of a stage in the order of its lifecycle.
pub(crate) type StageCode = u8;
/// Stands for no stage.
pub(crate) const NO_STAGE: StageCode = StageCode::MAX;
/// Of more stages nobody would know one from another.
const MOST_STAGES: usize = 200;

/// Stages, the moves between them, and rules that tell the stage from signals; checked, and cheap to clone.
///
/// ```
/// use tenure::Lifecycle;
/// let text = r#"
///     name = "pilot"
///     [[stages]]
///     name = "pilot"
///     kind = "start"
///     expected = "30d"
///     next = ["live", "lost"]
///     [[stages]]
///     name = "live"
///     kind = "end"
///     [[stages]]
///     name = "lost"
///     kind = "churned"
/// "#;
/// let lifecycle = Lifecycle::from_toml(text)?;
/// assert!(lifecycle.allows("pilot", "live") && !lifecycle.allows("lost", "pilot"));
/// let error = Lifecycle::from_toml(&text.replace("\"lost\"]", "\"lots\"]")).unwrap_err();
/// assert!(error.message().contains("\"pilot\" -> \"lots\""));
/// # Ok::<(), tenure::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Lifecycle(Arc<Checked>);

#[derive(Debug)]
struct Checked {
    /// With names as they are compared.
    definition: LifecycleDefinition,
    codes: BTreeMap<String, StageCode>,
    /// For each stage those that may follow, by number, in the order in which they are written.
    next: Vec<Vec<StageCode>>,
}

/// A name as it is compared: case, blanks around it, and which of blank, `-` and `_` are within do not matter.
pub(crate) fn folded(name: &str) -> String {
    let words = name.split(|letter: char| letter.is_whitespace() || letter == '-' || letter == '_');
    let words: Vec<String> = words.filter(|word| !word.is_empty()).map(str::to_lowercase).collect();
    words.join("_")
}

static SUBSCRIPTION: LazyLock<Result<Lifecycle>> =
    LazyLock::new(|| Lifecycle::from_toml(include_str!("subscription.toml")));

impl Lifecycle {
    /// Checks a definition. What cannot be is an error that names the move or the stage.
    pub fn new(definition: LifecycleDefinition) -> Result<Self> {
        let mut definition = definition;
        if definition.stages.len() > MOST_STAGES {
            let message =
                format!("a lifecycle of {} stages; {MOST_STAGES} are the most", definition.stages.len());
            return Err(Error::invalid(message));
        }
        for stage in &mut definition.stages {
            stage.name = folded(&stage.name);
            stage.next.iter_mut().for_each(|next| *next = folded(next));
        }
        definition.rules = definition.rules.into_iter().map(Rule::folded).collect();
        graph::check(&definition)?;
        let numbered = (0..).zip(&definition.stages).map(|(code, stage)| (stage.name.clone(), code));
        let codes: BTreeMap<String, StageCode> = numbered.collect();
        let code = |name: &String| codes.get(name).copied();
        let next =
            definition.stages.iter().map(|stage| stage.next.iter().filter_map(code).collect()).collect();
        Ok(Self(Arc::new(Checked { definition, codes, next })))
    }

    /// The lifecycle of subscription software: aware, evaluating, prospect, trial, onboarding, adoption, growth, renewal, at
    /// risk, churned, won back.
    pub fn subscription() -> Self {
        // What is compiled in was checked by a test.
        SUBSCRIPTION.clone().unwrap_or_else(|_| Self(Arc::new(Checked::empty())))
    }

    /// A built-in lifecycle by its name.
    pub fn named(name: &str) -> Result<Self> {
        const NAMES: [&str; 1] = ["subscription"];
        if NAMES.contains(&name) {
            return Ok(Self::subscription());
        }
        Err(Error::invalid(format!("no lifecycle {}{}", quoted(name), suggest(name, NAMES))))
    }

    /// Reads a definition in TOML.
    pub fn from_toml(text: &str) -> Result<Self> {
        let definition = toml::from_str(text);
        Self::new(
            definition
                .map_err(|error| Error::invalid(format!("the lifecycle: {}", error.to_string().trim())))?,
        )
    }

    /// Reads a definition in JSON.
    pub fn from_json(text: &str) -> Result<Self> {
        let definition = serde_json::from_str(text);
        Self::new(definition.map_err(|error| Error::invalid(format!("the lifecycle: {error}")))?)
    }

    /// The definition in JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(&self.0.definition).unwrap_or_default()
    }

    /// The definition, with names as they are compared.
    pub fn definition(&self) -> &LifecycleDefinition {
        &self.0.definition
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.0.definition.name
    }

    /// The stages, in order.
    pub fn stages(&self) -> &[Stage] {
        &self.0.definition.stages
    }

    /// A stage by its name.
    pub fn stage(&self, name: &str) -> Option<&Stage> {
        self.of_code(self.code(name)?)
    }

    /// Whether one stage may follow another.
    pub fn allows(&self, from: &str, to: &str) -> bool {
        self.code(from).zip(self.code(to)).is_some_and(|(from, to)| self.allows_code(from, to))
    }

    /// A journey that has not begun.
    pub fn journey(&self) -> Journey {
        Journey::new(self.clone())
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.0.definition.rules
    }

    /// The number of a stage.
    pub(crate) fn code(&self, name: &str) -> Option<StageCode> {
        self.0.codes.get(name).or_else(|| self.0.codes.get(&folded(name))).copied()
    }

    /// The number of a stage that somebody asks for.
    pub(crate) fn require(&self, name: &str) -> Result<StageCode> {
        self.code(name).ok_or_else(|| {
            let hint = suggest(&folded(name), self.names());
            Error::invalid(format!("lifecycle \"{}\" has no stage {}{hint}", self.name(), quoted(name)))
        })
    }

    pub(crate) fn of_code(&self, code: StageCode) -> Option<&Stage> {
        self.stages().get(usize::from(code))
    }

    /// The name of a stage.
    pub(crate) fn name_of(&self, code: StageCode) -> &str {
        self.of_code(code).map_or("", |stage| stage.name.as_str())
    }

    /// The names of the stages, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.stages().iter().map(|stage| stage.name.as_str())
    }

    pub(crate) fn next(&self, from: StageCode) -> &[StageCode] {
        self.0.next.get(usize::from(from)).map(Vec::as_slice).unwrap_or_default()
    }

    pub(crate) fn allows_code(&self, from: StageCode, to: StageCode) -> bool {
        self.next(from).contains(&to)
    }

    /// Whether journeys end in a stage, at least for the time being.
    pub(crate) fn is_end(&self, code: StageCode) -> bool {
        self.of_code(code).is_some_and(|stage| stage.kind.is_end())
    }

    /// The numbers of all stages, in order.
    pub(crate) fn codes(&self) -> impl Iterator<Item = StageCode> + use<> {
        0..StageCode::try_from(self.stages().len()).unwrap_or(NO_STAGE)
    }
}

impl Checked {
    fn empty() -> Self {
        let definition =
            LifecycleDefinition { name: String::new(), cycles: true, stages: Vec::new(), rules: Vec::new() };
        Self { definition, codes: BTreeMap::new(), next: Vec::new() }
    }
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self::subscription()
    }
}

impl PartialEq for Lifecycle {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.definition == other.0.definition
    }
}

impl Serialize for Lifecycle {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.definition.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Lifecycle {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        Self::new(LifecycleDefinition::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lifecycle::StageKind;

    #[test]
    fn the_built_in_lifecycle_is_one() {
        let lifecycle = Lifecycle::from_toml(include_str!("subscription.toml")).unwrap();
        assert_eq!(lifecycle, Lifecycle::subscription());
        assert_eq!(lifecycle.stages().len(), 11);
        assert_eq!(Lifecycle::from_json(&lifecycle.to_json()).unwrap(), lifecycle);
        let starts: Vec<_> =
            lifecycle.stages().iter().filter(|stage| stage.kind == StageKind::Start).collect();
        assert_eq!(starts.len(), 1);
    }

    #[test]
    fn names_are_compared_as_crms_write_them() {
        for name in ["At Risk", " at-risk ", "AT_RISK", "at  risk"] {
            assert_eq!(
                Lifecycle::subscription().stage(name).map(|stage| stage.name.as_str()),
                Some("at_risk")
            );
        }
        assert!(Lifecycle::subscription().stage("atrisk").is_none());
    }

    #[test]
    fn what_cannot_be_read_says_where() {
        let error = Lifecycle::from_toml("name = \"x\"\n[[stages]]\nname = 1").unwrap_err();
        assert!(error.message().contains("line 3"), "{error}");
        assert!(Lifecycle::from_json("{").is_err());
        assert!(Lifecycle::named("subscripton").unwrap_err().message().contains("subscription"));
    }
}
