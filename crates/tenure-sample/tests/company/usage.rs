//! What was planted in the events and in what accounts may use, counted from the rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::rows::{all_numbers, company, ids, micros, numbers, signed_up, truth, truths, words};

#[test]
fn people_are_counted_once_whatever_their_ids() {
    let company = company();
    let truth = truth();
    let aliases = all_numbers(&company, "identities", "alias_id");
    let users = all_numbers(&company, "identities", "user_id");
    let known = ids(&company, "users", "user_id");
    assert!(aliases.len() > 50 && aliases.iter().all(|alias| !known.contains(alias)));
    assert!(users.iter().all(|user| known.contains(user)));
    let person_of: BTreeMap<i64, i64> = aliases.into_iter().zip(users).collect();
    let [internal, bot] = ["internal", "bot"].map(|flag| truths(&company, "users", flag));
    let flagged: BTreeSet<i64> = all_numbers(&company, "users", "user_id")
        .into_iter()
        .zip(internal.iter().zip(&bot))
        .filter(|(_, (internal, bot))| **internal || **bot)
        .map(|(user, _)| user)
        .collect();

    let (start, end) = (micros(&truth.outage.start), micros(&truth.outage.end));
    let number = truth.months.iter().position(|month| month.start == truth.outage.start).unwrap();
    let before = micros(&truth.months[number - 1].start);
    let times = all_numbers(&company, "events", "occurred_at");
    let doers = numbers(&company, "events", "user_id");
    let active = |from: i64, until: i64| -> BTreeSet<i64> {
        let rows = times.iter().zip(&doers).filter(|(at, _)| (from..until).contains(*at));
        rows.filter_map(|(_, user)| *user).collect()
    };
    let people = |active: &BTreeSet<i64>| {
        let people: BTreeSet<i64> = active
            .iter()
            .map(|id| *person_of.get(id).unwrap_or(id))
            .filter(|id| !flagged.contains(id))
            .collect();
        people.len() as u64
    };
    let during = active(start, end);
    assert_eq!(people(&during), truth.usage.active_in_outage);
    let unflagged = during.iter().filter(|id| !flagged.contains(id)).count() as u64;
    assert_eq!(unflagged, truth.usage.ids_in_outage);
    assert_eq!(people(&active(before, start)), truth.usage.active_before_outage);
    assert!(truth.usage.ids_in_outage > truth.usage.active_in_outage);
    assert!(truth.usage.active_in_outage < truth.usage.active_before_outage);
}

#[test]
fn pages_are_seen_before_signing_in_in_the_same_visit() {
    let company = company();
    let names = words(&company, "events", "name");
    let users = numbers(&company, "events", "user_id");
    let sessions = all_numbers(&company, "events", "session_id");
    let times = all_numbers(&company, "events", "occurred_at");
    let aliases = all_numbers(&company, "identities", "alias_id");
    let users_of = all_numbers(&company, "identities", "user_id");
    let person_of: BTreeMap<i64, i64> = aliases.into_iter().zip(users_of).collect();
    let mut seen = 0;
    for row in 0..names.len() {
        let person = users[row].and_then(|user| person_of.get(&user).copied());
        assert_eq!(person.is_some(), names[row] == "page_viewed");
        if person.is_some() {
            assert_eq!((names[row + 1].as_str(), users[row + 1]), ("login", person));
            assert_eq!(sessions[row + 1], sessions[row]);
            assert!((20..=240).contains(&((times[row + 1] - times[row]) / 1_000_000)));
            seen += 1;
        }
    }
    assert_eq!(seen, truth().usage.events_before_sign_in);
    assert!(seen > 100, "{seen}");
}

#[test]
fn accounts_use_what_they_may_and_nobody_uses_one_feature() {
    let company = company();
    let unused = truth().usage.unused_feature;
    let account = all_numbers(&company, "entitlements", "account_id");
    let feature = words(&company, "entitlements", "feature");
    let entitled: BTreeSet<(i64, &str)> =
        account.iter().copied().zip(feature.iter().map(String::as_str)).collect();
    assert_eq!(entitled.len(), account.len());
    assert!(feature.contains(&unused));
    let signed_up = signed_up(&company);
    let since = all_numbers(&company, "entitlements", "since");
    assert!(account.iter().zip(since).all(|(account, since)| signed_up[account] == since));
    let names = words(&company, "events", "name");
    for (account, name) in all_numbers(&company, "events", "account_id").into_iter().zip(&names) {
        let everywhere = ["login", "api_call", "page_viewed"].contains(&name.as_str());
        assert!(everywhere || entitled.contains(&(account, name)), "{account} {name}");
        assert_ne!(*name, unused);
    }
}
