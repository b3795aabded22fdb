//! What accounts may use: features are called as the events that use them.

use crate::account::{Account, Segment};
use crate::calendar::Instant;
use crate::visit::{ENTERPRISE_EVENT, OUTAGE_EVENT};

/// A feature that an account may use.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entitlement {
    pub(crate) account_id: i64,
    pub(crate) feature: &'static str,
    pub(crate) since: Instant,
}

/// The feature that nobody uses.
pub(crate) const UNUSED_FEATURE: &str = "report_scheduled";

const OF_ALL: &[&str] =
    &["report_viewed", "report_created", OUTAGE_EVENT, "dashboard_shared", "search_run", "invite_sent"];

/// The features of an account, from its first day on.
pub(crate) fn entitlements(account: &Account) -> Vec<Entitlement> {
    let of_segment: &[&str] = match account.segment {
        Segment::Smb => &[],
        Segment::MidMarket => &[UNUSED_FEATURE],
        Segment::Enterprise => &[UNUSED_FEATURE, ENTERPRISE_EVENT],
    };
    let features = OF_ALL.iter().chain(of_segment);
    features
        .map(|feature| Entitlement { account_id: account.id, feature, since: account.created_at })
        .collect()
}
