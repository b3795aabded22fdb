//! What is classified: one contact between a company and a customer, as text, as fields, or both.

/// One contact with a customer. Everything is optional: text alone, fields alone or any part of them give an answer,
/// and nothing at all abstains.
///
/// Fields hold the words of the `interactions` table, such as `"customer"` or `"health_signal"`; upper case and spaces or
/// hyphens instead of underscores are read the same. A word that is not known is ignored and counted in
/// [`Classification::ignored`](super::Classification::ignored).
///
/// ```
/// use tenure::classify::Interaction;
/// let interaction = Interaction {
///     text: Some("The export stops at 99 %"),
///     author: Some("customer"),
///     departments: &["engineering"],
///     ..Interaction::default()
/// };
/// assert!(!interaction.is_empty());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Interaction<'a> {
    /// What was written or noted, in any language.
    pub text: Option<&'a str>,
    /// Who wrote it: `customer`, `company`, `bot`.
    pub author: Option<&'a str>,
    /// Where: `email`, `chat`, `ticket`, `call_note`, `crm_note`, `in_app`, `meeting`, `social`, `review`.
    pub channel: Option<&'a str>,
    /// What set it off: `problem`, `question`, `scheduled`, `health_signal`, `usage_signal`, `milestone`,
    /// `renewal_window`, `campaign`.
    pub trigger: Option<&'a str>,
    /// When, seen from the purchase: `pre`, `during`, `post`.
    pub purchase_phase: Option<&'a str>,
    /// Where the account stands: `prospect`, `trial`, `onboarding`, `adoption`, `growth`, `renewal`, `advocacy`,
    /// `at_risk`, `churned`.
    pub lifecycle_stage: Option<&'a str>,
    /// Whom it is meant for: `one_customer`, `segment`, `all_customers`.
    pub scope: Option<&'a str>,
    /// Days until what it is about should be done. A negative number is ignored and counted.
    pub horizon_days: Option<f64>,
    /// Whether it is over when it is answered, as an order is.
    pub transactional: Option<bool>,
    /// Who has to do with it: `support`, `engineering`, `product`, `finance`, `sales`, `marketing`, `legal`,
    /// `logistics`, `customer_success`.
    pub departments: &'a [&'a str],
    /// What it is measured by: `csat`, `nps`, `ces`, `fcr`, `retention`, `expansion`, `adoption`, `health`.
    pub outcome_measure: Option<&'a str>,
    /// Whether it belongs to a ticket (the row has a `conversation_id`). `false` says nothing.
    pub has_conversation: bool,
    /// Whether it belongs to a goal or renewal (the row has a `goal_id`). `false` says nothing.
    pub has_goal: bool,
}

impl Interaction<'_> {
    /// Whether there is nothing to go by: no field, and no text but blanks.
    pub fn is_empty(&self) -> bool {
        *self == Self { text: self.text, ..Self::default() }
            && self.text.is_none_or(|text| text.trim().is_empty())
    }
}

impl<'a> From<&'a str> for Interaction<'a> {
    fn from(text: &'a str) -> Self {
        Self { text: Some(text), ..Self::default() }
    }
}
