//! What is read: what a customer wrote, and the score beside it.

/// What a customer said: words, a score, or both. Everything is optional; nothing usable is no sentiment.
///
/// ```
/// use tenure::classify::Comment;
/// let comment = Comment { text: Some("Fast, but far too dear"), score: Some(3.0), kind: Some("csat"), ..Comment::default() };
/// assert!(!comment.is_empty());
/// assert!(Comment::from("  ").is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comment<'a> {
    /// What was written, in any language.
    pub text: Option<&'a str>,
    /// The score given with it, on the scale. Higher is better.
    pub score: Option<f64>,
    /// The lowest score that can be given; without both ends, those that are usual for the kind.
    pub scale_min: Option<f64>,
    /// The highest score that can be given.
    pub scale_max: Option<f64>,
    /// What was asked: `nps`, `csat`, `ces`, `happiness`, `resolved`. It tells the usual scale, and that of an NPS the
    /// upper part alone is good.
    pub kind: Option<&'a str>,
}

impl Comment<'_> {
    /// Whether there is nothing to go by: no score, and no text but blanks.
    pub fn is_empty(&self) -> bool {
        self.score.is_none() && self.text.is_none_or(|text| text.trim().is_empty())
    }
}

impl<'a> From<&'a str> for Comment<'a> {
    fn from(text: &'a str) -> Self {
        Self { text: Some(text), ..Self::default() }
    }
}
