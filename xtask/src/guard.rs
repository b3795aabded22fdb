//! A guard: something that must be true of many things, and proof that it looked at them.

/// What a guard found.
#[derive(Debug)]
pub(crate) struct Guard {
    pub(crate) name: &'static str,
    /// A guard that saw fewer things than this has lost sight of the tree, and fails.
    pub(crate) at_least: usize,
    pub(crate) seen: usize,
    pub(crate) problems: Vec<String>,
}

impl Guard {
    pub(crate) fn new(name: &'static str, at_least: usize) -> Self {
        Self { name, at_least, seen: 0, problems: Vec::new() }
    }

    /// Counts one thing as looked at.
    pub(crate) fn saw(&mut self) {
        self.seen += 1;
    }

    pub(crate) fn problem(&mut self, text: impl Into<String>) {
        self.problems.push(text.into());
    }

    /// Counts one thing as looked at, and notes the problem if it is not as it must be.
    pub(crate) fn expect(&mut self, holds: bool, problem: impl FnOnce() -> String) {
        self.saw();
        if !holds {
            self.problem(problem());
        }
    }

    pub(crate) fn holds(&self) -> bool {
        self.problems.is_empty() && self.seen >= self.at_least
    }

    /// One line for what held, and one more for each problem.
    pub(crate) fn told(&self) -> String {
        let mark = if self.holds() { "ok    " } else { "FAILED" };
        let mut text = format!("{mark} {:<44} {:>5} looked at", self.name, self.seen);
        if self.seen < self.at_least {
            text.push_str("\n       fewer than there are: the guard has lost its subject");
        }
        for problem in &self.problems {
            text.push_str("\n       ");
            text.push_str(problem);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::Guard;

    #[test]
    fn a_guard_that_saw_nothing_fails() {
        assert!(!Guard::new("nothing", 1).holds());
    }

    #[test]
    fn a_problem_fails_and_is_told() {
        let mut guard = Guard::new("lengths", 1);
        guard.expect(false, || "a.rs is too long".to_owned());
        assert!(!guard.holds());
        assert!(guard.told().contains("a.rs is too long"));
    }
}
