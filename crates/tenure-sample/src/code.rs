//! What colleagues read in the comments of an account: one theme each, and not always the same.

use crate::account::Account;
use crate::company::World;
use crate::random::Purpose;
use crate::survey::surveys;

/// One colleague's word on one comment.
#[derive(Debug, Clone)]
pub(crate) struct Code {
    /// The survey with the comment.
    pub(crate) item_id: i64,
    pub(crate) coder: &'static str,
    pub(crate) label: &'static str,
}

/// How often the second coder reads what the first one does, in thousandths; otherwise any theme, also that one.
const AGREED_PER_MILLE: i64 = 800;
const THEMES: [&str; 5] = ["ease", "price", "support", "reports", "exports"];

/// The codes of an account, comment by comment. Comments on surveys with a wrong row are left to nobody.
pub(crate) fn codes(world: &World, account: &Account) -> Vec<Code> {
    let mut random = world.random(account.index, Purpose::Codes);
    let mut codes = Vec::new();
    for survey in surveys(world, account).iter().filter(|survey| survey.dirt.is_none()) {
        let theme = survey.tags.and_then(|tags| tags.first().copied());
        let (Some(item_id), Some(theme)) = (survey.id, theme) else { continue };
        let other = random.pick(&THEMES);
        let second = if random.chance(AGREED_PER_MILLE) { theme } else { other };
        codes.push(Code { item_id, coder: "Jonas", label: theme });
        codes.push(Code { item_id, coder: "Leyla", label: second });
    }
    codes
}
