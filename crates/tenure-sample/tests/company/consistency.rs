//! The tables agree with each other: ids resolve, and nothing happens outside of an account's life.

use std::collections::{BTreeMap, BTreeSet};

use crate::rows::{all_numbers, company, ids, micros, numbers, signed_up, truth, truths, words};
use tenure_sample::Company;

/// Per account: when it began, and when it ended.
fn lives(company: &Company) -> BTreeMap<i64, (i64, i64)> {
    let truth = truth();
    let end = micros(&truth.end);
    let left: BTreeMap<i64, i64> =
        truth.churned.iter().map(|it| (it.account_id, micros(&it.churned_at))).collect();
    let created = all_numbers(company, "accounts", "created_at");
    let lives = all_numbers(company, "accounts", "account_id").into_iter().zip(created);
    lives.map(|(id, created)| (id, (created, left.get(&id).copied().unwrap_or(end)))).collect()
}

/// Whose the ids are under which users are seen before they sign in.
fn users_of_aliases(company: &Company) -> BTreeMap<i64, i64> {
    let aliases = all_numbers(company, "identities", "alias_id");
    aliases.into_iter().zip(all_numbers(company, "identities", "user_id")).collect()
}

#[test]
fn account_and_user_ids_are_unique_and_resolve() {
    let company = company();
    let accounts = ids(&company, "accounts", "account_id");
    let leads = usize::try_from(truth().lifecycle.leads).unwrap();
    assert_eq!(accounts.len(), 200 + leads);
    let users = ids(&company, "users", "user_id");
    assert_eq!(users.len(), all_numbers(&company, "users", "user_id").len());
    for table in ["users", "conversations", "events", "subscriptions", "entitlements", "probes", "goals"] {
        assert!(ids(&company, table, "account_id").is_subset(&accounts), "{table}");
    }
    assert!(ids(&company, "accounts", "parent_id").is_subset(&accounts));
    assert!(!ids(&company, "accounts", "parent_id").is_empty());
    let aliases = ids(&company, "identities", "alias_id");
    assert!(ids(&company, "events", "user_id").is_subset(&users.union(&aliases).copied().collect()));
    assert!(ids(&company, "conversations", "requester_id").is_subset(&users));
    assert!(ids(&company, "surveys", "respondent_id").is_subset(&users));
    let unknown: BTreeSet<i64> =
        ids(&company, "surveys", "account_id").difference(&accounts).copied().collect();
    let planted = usize::try_from(truth().dirty["surveys.unknown_account_id"]).unwrap();
    assert_eq!(unknown.len(), planted);
}

#[test]
fn users_act_for_their_own_account_and_not_before_they_exist() {
    let company = company();
    let account_of: BTreeMap<i64, i64> = all_numbers(&company, "users", "user_id")
        .into_iter()
        .zip(all_numbers(&company, "users", "account_id"))
        .collect();
    let user_of = users_of_aliases(&company);
    let created: BTreeMap<i64, i64> = all_numbers(&company, "users", "user_id")
        .into_iter()
        .zip(all_numbers(&company, "users", "created_at"))
        .collect();
    for (table, user, at) in [
        ("events", "user_id", "occurred_at"),
        ("conversations", "requester_id", "created_at"),
        ("surveys", "respondent_id", "sent_at"),
    ] {
        let users = numbers(&company, table, user);
        let accounts = all_numbers(&company, table, "account_id");
        let times = all_numbers(&company, table, at);
        for ((user, account), at) in users.into_iter().zip(accounts).zip(times) {
            let Some(user) = user.map(|user| *user_of.get(&user).unwrap_or(&user)) else { continue };
            assert!(account == account_of[&user] || account == -account_of[&user], "{table} {user}");
            assert!(at >= created[&user], "{table} {user}");
        }
    }
}

#[test]
fn nothing_happens_before_an_account_begins_or_after_it_left() {
    let company = company();
    let lives = lives(&company);
    let conversation_account: BTreeMap<i64, i64> = all_numbers(&company, "conversations", "conversation_id")
        .into_iter()
        .zip(all_numbers(&company, "conversations", "account_id"))
        .collect();
    let dirty = truth().dirty;
    let planted = dirty["surveys.answered_before_sent"]
        + dirty["messages.reply_before_created"]
        + dirty["conversations.solved_before_created"];
    let mut too_early = 0;
    for (table, times) in [
        ("users", &["created_at", "invited_at"][..]),
        ("conversations", &["created_at", "first_replied_at", "solved_at", "closed_at"]),
        ("messages", &["occurred_at"]),
        ("status_history", &["occurred_at"]),
        ("surveys", &["sent_at", "delivered_at", "shown_at", "answered_at"]),
        ("events", &["occurred_at"]),
        ("entitlements", &["since"]),
        ("interactions", &["occurred_at"]),
        ("onboarding", &["started_at", "completed_at"]),
        ("goals", &["created_at", "closed_at", "verified_at"]),
    ] {
        let accounts: Vec<i64> = if matches!(table, "messages" | "status_history") {
            let conversations = all_numbers(&company, table, "conversation_id");
            // A message of an unknown conversation has the number of its own one, with the sign turned.
            conversations.iter().map(|id| conversation_account[&id.abs()]).collect()
        } else if table == "interactions" {
            // One has lost its account, but not the number that begins with it.
            all_numbers(&company, table, "interaction_id").iter().map(|id| id / 100_000).collect()
        } else {
            all_numbers(&company, table, "account_id")
        };
        for column in times {
            let mut seen = 0;
            for (account, at) in accounts.iter().zip(numbers(&company, table, column)) {
                let Some(at) = at else { continue };
                let (begun, ended) = lives[&account.abs()];
                too_early += u64::from(at < begun);
                assert!(at < ended, "{table}.{column} of account {account}");
                seen += 1;
            }
            assert!(seen > 0, "{table}.{column} is empty");
        }
    }
    assert!(too_early <= planted, "only what was planted may be too early: {too_early}");
}

#[test]
fn churned_accounts_were_active_until_shortly_before_they_left() {
    let company = company();
    let truth = truth();
    assert!(truth.churned.len() > 20);
    let mut last: BTreeMap<i64, i64> = BTreeMap::new();
    let accounts = all_numbers(&company, "events", "account_id");
    for (account, at) in accounts.into_iter().zip(all_numbers(&company, "events", "occurred_at")) {
        let last = last.entry(account).or_insert(at);
        *last = at.max(*last);
    }
    let month = 31 * 86_400_000_000;
    let recent = truth
        .churned
        .iter()
        .filter(|it| last.get(&it.account_id).is_some_and(|last| micros(&it.churned_at) - last < month));
    assert!(recent.count() * 10 > truth.churned.len() * 8);
}

#[test]
fn messages_and_statuses_tell_the_same_story_as_their_conversation() {
    let company = company();
    let wrong: BTreeSet<i64> = truth().support.wrong_conversations.into_iter().collect();
    let conversations = all_numbers(&company, "conversations", "conversation_id");
    let mut replies: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    let mut last_message = (0, 0, 0);
    let times = all_numbers(&company, "messages", "occurred_at");
    let authors = words(&company, "messages", "author");
    let public = truths(&company, "messages", "public");
    let seq = all_numbers(&company, "messages", "seq");
    let of = all_numbers(&company, "messages", "conversation_id");
    for row in (0..of.len()).filter(|row| !wrong.contains(&of[*row].abs())) {
        if of[row] == last_message.0 {
            assert!(times[row] >= last_message.1 && seq[row] == last_message.2 + 1);
        } else {
            assert_eq!(seq[row], 1);
        }
        last_message = (of[row], times[row], seq[row]);
        if authors[row] == "agent" && public[row] {
            replies.entry(of[row]).or_default().push(times[row]);
        }
    }
    assert!(public.iter().any(|public| !public), "there are notes");
    assert!(truths(&company, "messages", "auto").contains(&true), "there are automatic replies");

    let mut statuses: BTreeMap<i64, Vec<(String, i64)>> = BTreeMap::new();
    let mut told = BTreeMap::new();
    let times = all_numbers(&company, "status_history", "occurred_at");
    let names = words(&company, "status_history", "status");
    let columns = ["priority", "assignee", "team"].map(|column| words(&company, "status_history", column));
    let of = all_numbers(&company, "status_history", "conversation_id");
    for row in (0..of.len()).filter(|row| !wrong.contains(&of[*row])) {
        let changes = statuses.entry(of[row]).or_default();
        assert!(changes.last().is_none_or(|(_, then)| *then <= times[row]));
        changes.push((names[row].clone(), times[row]));
        let now = (names[row].as_str(), columns.each_ref().map(|column| column[row].as_str()));
        assert_ne!(told.insert(of[row], now), Some(now), "a row without a change in {}", of[row]);
    }

    let created = all_numbers(&company, "conversations", "created_at");
    let by = words(&company, "conversations", "initiated_by");
    let first_reply = numbers(&company, "conversations", "first_replied_at");
    let solved = numbers(&company, "conversations", "solved_at");
    let closed = numbers(&company, "conversations", "closed_at");
    let count = all_numbers(&company, "conversations", "replies");
    let mut reopened = 0;
    for row in (0..conversations.len()).filter(|row| !wrong.contains(&conversations[*row])) {
        let id = conversations[row];
        let replies = replies.get(&id).map_or(&[][..], Vec::as_slice);
        assert_eq!(count[row], i64::try_from(replies.len()).unwrap());
        let reply_to_customer = replies.first().filter(|_| by[row] == "customer");
        assert_eq!(first_reply[row].as_ref(), reply_to_customer);
        let changes = &statuses[&id];
        assert_eq!(changes[0], ("new".to_owned(), created[row]));
        let last = |name| changes.iter().rev().find(|change| change.0 == name).map(|change| change.1);
        assert_eq!(solved[row], last("solved"));
        assert_eq!(closed[row], last("closed"));
        reopened += usize::from(changes.iter().filter(|change| change.0 == "solved").count() > 1);
    }
    assert!(reopened > 50, "{reopened}");
    assert!(closed.iter().any(Option::is_none), "some are still open at the end");
}

#[test]
fn survey_answers_attach_to_solved_conversations_and_come_in_order() {
    let company = company();
    let solved: BTreeMap<i64, Option<i64>> = all_numbers(&company, "conversations", "conversation_id")
        .into_iter()
        .zip(numbers(&company, "conversations", "solved_at"))
        .collect();
    let kind = words(&company, "surveys", "kind");
    let conversation = numbers(&company, "surveys", "conversation_id");
    let sent = all_numbers(&company, "surveys", "sent_at");
    let delivered = numbers(&company, "surveys", "delivered_at");
    let shown = numbers(&company, "surveys", "shown_at");
    let answered = numbers(&company, "surveys", "answered_at");
    let score = numbers(&company, "surveys", "score");
    let low = all_numbers(&company, "surveys", "scale_min");
    let high = all_numbers(&company, "surveys", "scale_max");
    let declined = truths(&company, "surveys", "declined");
    let (mut early, mut out_of_range) = (0, 0);
    for row in 0..kind.len() {
        if let Some(conversation) = conversation[row] {
            assert!(sent[row] > solved[&conversation].unwrap());
        }
        let scale = match kind[row].as_str() {
            "nps" => Some((0, 10)),
            "csat" => Some((1, 5)),
            "ces" => Some((1, 7)),
            "happiness" => Some((1, 3)),
            "resolved" => Some((0, 1)),
            _ => None,
        };
        assert!(scale.is_none_or(|scale| scale == (low[row], high[row])));
        assert_eq!(answered[row].is_some(), score[row].is_some());
        assert!(answered[row].is_none() || (shown[row].is_some() && !declined[row]));
        assert!(shown[row].is_none_or(|shown| delivered[row].is_some_and(|delivered| delivered < shown)));
        early += u64::from(answered[row].is_some_and(|answered| answered < sent[row]));
        out_of_range += u64::from(score[row].is_some_and(|score| !(low[row]..=high[row]).contains(&score)));
    }
    let dirty = truth().dirty;
    assert_eq!(early, dirty["surveys.answered_before_sent"]);
    assert_eq!(out_of_range, dirty["surveys.score_11"] + dirty["surveys.score_minus_1"]);
}

#[test]
fn subscription_rows_follow_each_other_and_end_when_the_account_leaves() {
    let company = company();
    let lives = lives(&company);
    let truth = truth();
    let account = all_numbers(&company, "subscriptions", "account_id");
    let item = words(&company, "subscriptions", "item_id");
    let starts = all_numbers(&company, "subscriptions", "starts_at");
    let ends = numbers(&company, "subscriptions", "ends_at");
    let cancelled = numbers(&company, "subscriptions", "cancelled_at");
    let renews = numbers(&company, "subscriptions", "renews_at");
    let reason = words(&company, "subscriptions", "cancel_reason");
    let interval = words(&company, "subscriptions", "interval");
    let status = words(&company, "subscriptions", "status");
    let users = signed_up(&company);
    let mut changes = 0;
    for row in 0..account.len() {
        assert!(ends[row].is_none_or(|end| end > starts[row]));
        let (begun, ended) = lives[&account[row]];
        let same_item = row > 0 && (account[row - 1], &item[row - 1]) == (account[row], &item[row]);
        if starts[row] > ended {
            assert!(truth.lifecycle.returned.contains(&account[row]));
            assert_eq!(ends[row].is_some(), cancelled[row].is_some());
            continue;
        }
        if same_item {
            assert_eq!(ends[row - 1], Some(starts[row]));
            changes += 1;
        } else if item[row] == "seats" && users.contains_key(&account[row]) {
            assert_eq!(starts[row], users[&account[row]]);
        } else {
            assert!(starts[row] >= begun);
        }
        let followed = account.get(row + 1) == Some(&account[row])
            && item[row + 1] == item[row]
            && starts[row + 1] < ended;
        // A trial of a lead ends without anything after it.
        if !followed && users.contains_key(&account[row]) {
            let left = truth.churned.iter().find(|it| it.account_id == account[row]);
            assert_eq!(ends[row], left.map(|_| ended));
            assert_eq!(reason[row], left.map_or("", |it| it.reason.as_str()));
            assert!(cancelled[row].is_none_or(|at| at >= starts[row] && at <= ended));
            let rolls_on = interval[row] == "month" && status[row] != "trialing";
            assert_eq!(renews[row].is_none(), left.is_some() || rolls_on);
        }
    }
    assert!(changes > 100, "{changes}");
}
