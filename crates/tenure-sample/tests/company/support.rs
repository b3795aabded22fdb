//! Conversations, emails and the help centre: told the same in all tables, as planned and as counted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Timelike};

use crate::rows::{all_numbers, company, ids, micros, numbers, truth, truths, words};
use tenure_sample::{Column, Company};

const DAY: i64 = 86_400_000_000;

fn count(holds: impl Iterator<Item = bool>) -> u64 {
    u64::try_from(holds.filter(|holds| *holds).count()).unwrap()
}

/// The rows of `conversations` that are neither wrong nor spam, deleted or merged.
fn ordinary(company: &Company) -> Vec<usize> {
    let wrong: BTreeSet<i64> = truth().support.wrong_conversations.into_iter().collect();
    let id = all_numbers(company, "conversations", "conversation_id");
    let [spam, deleted, merged] =
        ["spam", "deleted", "merged"].map(|it| truths(company, "conversations", it));
    (0..id.len())
        .filter(|row| !(wrong.contains(&id[*row]) || spam[*row] || deleted[*row] || merged[*row]))
        .collect()
}

#[test]
fn conversations_are_counted_as_their_rows_say() {
    let company = company();
    let truth = truth().support;
    let rows = ordinary(&company);
    let of = |holds: &dyn Fn(usize) -> bool| count(rows.iter().map(|row| holds(*row)));
    assert_eq!(of(&|_| true), truth.ordinary);
    let wrong: BTreeSet<i64> = truth.wrong_conversations.iter().copied().collect();
    let id = all_numbers(&company, "conversations", "conversation_id");
    for (column, counted) in [("spam", truth.spam), ("deleted", truth.deleted), ("merged", truth.merged)] {
        let flags = truths(&company, "conversations", column);
        assert_eq!(count(flags.iter().zip(&id).map(|(flag, id)| *flag && !wrong.contains(id))), counted);
    }
    let created = all_numbers(&company, "conversations", "created_at");
    let [replied, solved, closed] =
        ["first_replied_at", "solved_at", "closed_at"].map(|it| numbers(&company, "conversations", it));
    let by = words(&company, "conversations", "initiated_by");
    let replies = all_numbers(&company, "conversations", "replies");
    let outcome = words(&company, "conversations", "bot_outcome");
    assert_eq!(of(&|row| by[row] == "company"), truth.begun_by_company);
    assert_eq!(of(&|row| solved[row].is_some()), truth.solved);
    assert_eq!(of(&|row| closed[row].is_some()), truth.closed);
    let one = |row: usize| by[row] == "customer" && solved[row].is_some() && replies[row] == 1;
    assert_eq!(of(&one), truth.solved_with_one_reply);
    assert_eq!(of(&|row| replied[row].is_some()), truth.first_reply.replied);
    let waited =
        rows.iter().filter_map(|row| Some((replied[*row]? - created[*row]) / 1_000_000)).sum::<i64>();
    assert_eq!(waited, truth.first_reply.total_seconds);
    for (name, counted) in &truth.bot_outcomes {
        assert_eq!(of(&|row| outcome[row] == *name), *counted, "{name}");
    }
    assert_eq!(truth.bot_outcomes.len(), 3);
}

#[test]
fn statuses_are_counted_as_their_rows_say() {
    let company = company();
    let truth = truth();
    let id = all_numbers(&company, "conversations", "conversation_id");
    let ordinary: BTreeSet<i64> = ordinary(&company).into_iter().map(|row| id[row]).collect();
    let of = all_numbers(&company, "status_history", "conversation_id");
    let at = all_numbers(&company, "status_history", "occurred_at");
    let [name, team, assignee, priority] =
        ["status", "team", "assignee", "priority"].map(|it| words(&company, "status_history", it));
    let mut changes: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for row in (0..of.len()).filter(|row| ordinary.contains(&of[*row])) {
        changes.entry(of[row]).or_default().push(row);
    }
    let mut spent: BTreeMap<&str, (u64, i64)> = BTreeMap::new();
    let (mut reopened, mut handed_over, mut reassigned, mut raised) = (0, 0, 0, 0);
    for rows in changes.values() {
        for pair in rows.windows(2) {
            let (left, seconds) = spent.entry(&name[pair[0]]).or_default();
            *left += 1;
            *seconds += (at[pair[1]] - at[pair[0]]) / 1_000_000;
            reassigned += u64::from(!assignee[pair[0]].is_empty() && assignee[pair[0]] != assignee[pair[1]]);
            raised += u64::from(priority[pair[0]] != priority[pair[1]]);
        }
        let after = rows.iter().skip_while(|row| name[**row] != "solved");
        reopened +=
            u64::from(after.into_iter().any(|row| !["solved", "closed"].contains(&name[*row].as_str())));
        handed_over += u64::from(rows.iter().any(|row| team[*row] != team[rows[0]]));
    }
    assert_eq!(reopened, truth.support.reopened);
    assert_eq!(handed_over, truth.support.handed_over);
    assert!(reopened > 100 && handed_over > 100 && reassigned > 100 && raised > 100);
    let expected: BTreeMap<&str, (u64, i64)> =
        truth.support.statuses.iter().map(|(name, it)| (name.as_str(), (it.left, it.seconds))).collect();
    assert_eq!(spent, expected);
    assert_eq!(spent.keys().copied().collect::<Vec<_>>(), ["new", "on_hold", "open", "pending", "solved"]);

    let ends = truth.months.iter().skip(1).map(|month| micros(&month.start)).chain([micros(&truth.end)]);
    for (month, end) in truth.months.iter().zip(ends) {
        let open = |rows: &Vec<usize>| {
            let last = rows.iter().rev().find(|row| at[**row] < end);
            last.is_some_and(|row| !["solved", "closed"].contains(&name[*row].as_str()))
        };
        assert_eq!(count(changes.values().map(open)), month.open_at_end, "{}", month.start);
    }
}

#[test]
fn messages_are_counted_as_their_rows_say() {
    let company = company();
    let truth = truth().support;
    let id = all_numbers(&company, "conversations", "conversation_id");
    let ordinary: BTreeSet<i64> = ordinary(&company).into_iter().map(|row| id[row]).collect();
    let of = all_numbers(&company, "messages", "conversation_id");
    let author = words(&company, "messages", "author");
    let [public, auto] = ["public", "auto"].map(|it| truths(&company, "messages", it));
    let rows = || (0..of.len()).filter(|row| ordinary.contains(&of[*row]));
    assert_eq!(count(rows().map(|row| author[row] == "agent" && public[row] && !auto[row])), truth.replies);
    assert_eq!(count(rows().map(|row| !public[row])), truth.notes);
    assert_eq!(count(rows().map(|row| auto[row])), truth.automatic);
    assert!(rows().any(|row| author[row] == "customer" && auto[row]), "some customers are away");
    let message_ids = ids(&company, "messages", "message_id");
    assert_eq!(message_ids.len(), of.len());
}

#[test]
fn a_bad_month_piles_up_and_is_worked_off() {
    let truth = truth();
    let bad = truth.months.iter().position(|month| month.start == truth.outage.start).unwrap();
    let most = truth.months.iter().enumerate().filter(|(number, _)| *number != bad);
    let most = most.map(|(_, month)| month.technical_open_at_end).max().unwrap();
    assert!(truth.months[bad].technical_open_at_end > 3 * most, "{most}");
    let technical = truth.support.technical;
    let mean = |replies: tenure_sample::FirstReplyTruth| {
        replies.total_seconds / i64::try_from(replies.replied).unwrap()
    };
    assert!(mean(technical.first_reply) > mean(truth.support.first_reply));
    // A week of 168 hours has 40 in Stockholm and 56 in Bangkok.
    assert!(technical.first_reply_open_seconds * 2 < technical.first_reply.total_seconds);
}

#[test]
fn desks_are_busy_on_mondays_quiet_on_holidays_and_answer_while_they_are_open() {
    let company = company();
    let schedule = words(&company, "conversations", "schedule_id");
    let id = all_numbers(&company, "conversations", "conversation_id");
    let created = all_numbers(&company, "conversations", "created_at");
    let zones: BTreeMap<String, chrono_tz::Tz> = words(&company, "schedules", "schedule_id")
        .into_iter()
        .zip(words(&company, "schedules", "zone").iter().map(|zone| zone.parse().unwrap()))
        .collect();
    assert!(schedule.iter().all(|schedule| zones.contains_key(schedule)));
    let holidays: BTreeMap<(String, String), String> = words(&company, "holidays", "schedule_id")
        .into_iter()
        .zip(words(&company, "holidays", "date"))
        .zip(words(&company, "holidays", "opens"))
        .collect();
    let clock = |desk: &String, at: i64| {
        let local = DateTime::from_timestamp_micros(at).unwrap().with_timezone(&zones[desk]);
        (local.date_naive(), local.weekday().number_from_monday(), local.hour())
    };
    let mut desks: BTreeMap<i64, &String> = BTreeMap::new();
    let (mut weekdays, mut on_holidays) = ([0; 7], 0);
    for row in (0..id.len()).filter(|row| schedule[*row].starts_with("desk_")) {
        let (date, weekday, _) = clock(&schedule[row], created[row]);
        weekdays[weekday as usize - 1] += 1;
        on_holidays += u32::from(holidays.contains_key(&(schedule[row].clone(), date.to_string())));
        desks.insert(id[row], &schedule[row]);
    }
    assert!(weekdays[0] * 10 > 12 * weekdays[1] && weekdays[1] > weekdays[4], "{weekdays:?}");
    assert!(weekdays[5] + weekdays[6] < weekdays[4] / 2, "{weekdays:?}");
    // Ten of 365 days are holidays: 60 of 2,200 conversations, if they were days like any other.
    assert!(on_holidays < 30, "{on_holidays}");

    let wrong: BTreeSet<i64> = truth().support.wrong_conversations.into_iter().collect();
    let at = all_numbers(&company, "messages", "occurred_at");
    let of = all_numbers(&company, "messages", "conversation_id");
    let author = words(&company, "messages", "author");
    let (mut answers, mut nights) = (0, 0);
    for row in (0..of.len()).filter(|row| author[*row] == "agent" && !wrong.contains(&of[*row])) {
        let Some(desk) = desks.get(&of[row]) else { continue };
        // The last answer of a shift may be at its very end.
        let (date, weekday, hour) = clock(desk, at[row] - 1_000_000);
        let opens = holidays.get(&((*desk).clone(), date.to_string()));
        let night = desk.ends_with("bangkok") && (weekday >= 6 || weekday == 1) && !(4..20).contains(&hour);
        let open = match (opens, desk.ends_with("bangkok")) {
            (Some(opens), _) => opens == "09:00" && (9..12).contains(&hour),
            (None, false) => weekday <= 5 && [8, 9, 10, 11, 13, 14, 15, 16].contains(&hour),
            (None, true) => night || (weekday <= 5 && [9, 10, 11, 13, 14, 15, 16, 17].contains(&hour)),
        };
        assert!(open, "{desk} {date} {weekday} {hour} {}", at[row]);
        answers += 1;
        nights += u32::from(night);
    }
    assert!(answers > 3000 && nights > 100, "{answers} {nights}");
}

#[test]
fn emails_are_threads_of_known_mailboxes_and_counted_as_their_rows_say() {
    let company = company();
    let truth = truth();
    let [id, mailbox, sender, parent, references] =
        ["message_id", "mailbox", "sender", "in_reply_to", "references"]
            .map(|it| words(&company, "emails", it));
    let at = all_numbers(&company, "emails", "occurred_at");
    let auto = truths(&company, "emails", "auto");
    let mut recipients = Vec::new();
    for chunk in company.table("emails").unwrap() {
        let Some(Column::Texts(lists)) = chunk.column("recipients") else { panic!("recipients are lists") };
        recipients.extend(lists.iter().map(|list| list.clone().unwrap()[0].clone()));
    }
    let mailboxes: BTreeSet<String> = words(&company, "mailboxes", "mailbox").into_iter().collect();
    let first: BTreeMap<&str, usize> = (0..id.len()).rev().map(|row| (id[row].as_str(), row)).collect();
    let ours = |address: &str| address.ends_with("@tenure.example");
    let (mut received, mut sent, mut internal, mut automatic, mut again) = (0, 0, 0, 0, 0);
    let (mut missing, mut unknown, mut before) = (0, 0, 0);
    let mut answered: BTreeMap<&str, i64> = BTreeMap::new();
    for row in 0..id.len() {
        assert!(mailboxes.contains(&mailbox[row]));
        if first[id[row].as_str()] != row {
            again += 1;
            continue;
        }
        let asked = first.get(parent[row].as_str());
        let late = asked.is_none_or(|asked| at[*asked] <= at[row]);
        let lost = asked.is_none() && !parent[row].is_empty();
        missing += u64::from(sender[row].is_empty());
        unknown += u64::from(lost);
        before += u64::from(!late);
        if sender[row].is_empty() || lost || !late {
            continue;
        }
        assert_eq!(references[row].is_empty(), parent[row].is_empty());
        assert!(references[row].ends_with(parent[row].as_str()));
        automatic += u64::from(auto[row]);
        match (ours(&sender[row]), ours(&recipients[row])) {
            (false, true) => received += 1,
            (true, false) => sent += 1,
            (true, true) => internal += 1,
            (false, false) => panic!("an email between customers"),
        }
        let question = asked.filter(|asked| !auto[**asked] && !auto[row] && !ours(&sender[**asked]));
        if let Some(asked) = question.filter(|_| !ours(&recipients[row])) {
            answered.entry(&id[*asked]).or_insert((at[row] - at[*asked]) / 1_000_000);
        }
    }
    let email = truth.support.email;
    assert_eq!([received, sent, internal], [email.received, email.sent, email.internal]);
    assert_eq!([automatic, again], [email.automatic, email.delivered_again]);
    assert!(internal > 100 && again > 50);
    assert_eq!(u64::try_from(answered.len()).unwrap(), email.answered.replied);
    assert_eq!(answered.values().sum::<i64>(), email.answered.total_seconds);
    let dirty = |name: &str| truth.dirty[&format!("emails.{name}")];
    assert_eq!(
        [missing, unknown, before],
        ["missing_sender", "unknown_in_reply_to", "before_in_reply_to"].map(dirty)
    );
    assert!(missing > 0 && unknown > 0 && before > 0);
}

#[test]
fn the_help_centre_is_counted_as_its_rows_say() {
    let company = company();
    let truth = truth();
    let help = truth.support.help;
    let [user, session, results] =
        ["user_id", "session_id", "results"].map(|it| numbers(&company, "searches", it));
    let at = all_numbers(&company, "searches", "occurred_at");
    let negative = count(results.iter().map(|results| results.is_some_and(|results| results < 0)));
    let missing = count(results.iter().map(Option::is_none));
    assert_eq!(negative, truth.dirty["searches.negative_results"]);
    assert_eq!(missing, truth.dirty["searches.missing_results"]);
    assert_eq!(truth.rows["searches"] - negative - missing, help.searches);
    assert_eq!(count(results.iter().map(|results| *results == Some(0))), help.searches_without_results);
    let kind = words(&company, "articles", "kind");
    assert_eq!(count(kind.iter().map(|kind| kind == "viewed")), help.views);
    assert!(["created", "verified"].iter().all(|name| kind.iter().any(|kind| kind == name)));

    let mut sessions: BTreeMap<i64, (Option<i64>, i64)> = BTreeMap::new();
    for row in 0..at.len() {
        let begun = sessions.entry(session[row].unwrap()).or_insert((user[row], at[row]));
        assert_eq!(begun.0, user[row]);
        begun.1 = begun.1.min(at[row]);
    }
    assert!(ids(&company, "articles", "session_id").iter().all(|id| sessions.contains_key(id)));
    let requester = all_numbers(&company, "conversations", "requester_id");
    let created = all_numbers(&company, "conversations", "created_at");
    let by = words(&company, "conversations", "initiated_by");
    let spam = truths(&company, "conversations", "spam");
    let asked: BTreeSet<(i64, i64)> = (0..by.len())
        .filter(|row| by[*row] == "customer" && !spam[*row])
        .map(|row| (requester[row], created[row]))
        .collect();
    let askers: BTreeSet<i64> = asked.iter().map(|(user, _)| *user).collect();
    assert_eq!(u64::try_from(askers.len()).unwrap(), truth.support.asking_users);
    let known: Vec<(i64, i64)> = sessions.values().filter_map(|(user, at)| Some(((*user)?, *at))).collect();
    let users: BTreeSet<i64> = known.iter().map(|(user, _)| *user).collect();
    assert_eq!(u64::try_from(users.len()).unwrap(), help.users);
    assert_eq!(u64::try_from(known.len()).unwrap(), help.sessions);
    assert_eq!(u64::try_from(sessions.len() - known.len()).unwrap(), help.anonymous_sessions);
    let end = micros(&truth.end);
    let mature: Vec<&(i64, i64)> = known.iter().filter(|(_, at)| at + DAY <= end).collect();
    assert_eq!(u64::try_from(mature.len()).unwrap(), help.mature_sessions);
    let followed =
        mature.iter().map(|(user, at)| asked.range((*user, *at)..=(*user, at + DAY)).next().is_some());
    let followed = count(followed);
    assert_eq!(followed, help.sessions_followed);
    assert!(followed * 10 > 2 * help.sessions && followed * 10 < 6 * help.sessions, "{followed}");
}

#[test]
fn wrong_conversations_are_as_many_as_planted() {
    let company = company();
    let truth = truth();
    let id = all_numbers(&company, "conversations", "conversation_id");
    let created = all_numbers(&company, "conversations", "created_at");
    let solved = numbers(&company, "conversations", "solved_at");
    let begun: BTreeMap<i64, i64> = id.iter().copied().zip(created.iter().copied()).collect();
    let message_of = all_numbers(&company, "messages", "conversation_id");
    let message_at = all_numbers(&company, "messages", "occurred_at");
    let author = words(&company, "messages", "author");
    let status_of = all_numbers(&company, "status_history", "conversation_id");
    let seq = numbers(&company, "status_history", "seq");
    let status = words(&company, "status_history", "status");
    let early = |row: usize| begun.get(&message_of[row]).is_some_and(|begun| message_at[row] < *begun);
    let without_seq: BTreeSet<i64> =
        (0..seq.len()).filter(|row| seq[*row].is_none()).map(|row| status_of[row]).collect();
    let found = [
        ("conversations.duplicate_conversation_id", id.len() - begun.len()),
        (
            "conversations.solved_before_created",
            (0..id.len()).filter(|row| solved[*row].is_some_and(|solved| solved < created[*row])).count(),
        ),
        ("messages.unknown_conversation_id", message_of.iter().filter(|id| !begun.contains_key(id)).count()),
        (
            "messages.reply_before_created",
            (0..message_of.len()).filter(|row| author[*row] == "agent" && early(*row)).count(),
        ),
        ("status_history.same_instant_without_seq", without_seq.len()),
        ("status_history.unknown_status", status.iter().filter(|name| *name == "escalated").count()),
    ];
    let mut sum = 0;
    for (name, found) in found {
        assert_eq!(truth.dirty[name], u64::try_from(found).unwrap(), "{name}");
        assert!(found > 0, "{name}");
        sum += found;
    }
    assert_eq!(sum, truth.support.wrong_conversations.len());
    assert!((0..message_of.len()).all(|row| author[row] == "agent" || !early(row)));
}

#[test]
fn promises_have_one_target_for_each_priority_at_any_time() {
    let company = company();
    let [metric, priority, clock] =
        ["metric", "priority", "clock"].map(|it| words(&company, "sla_policies", it));
    let [from, to] = ["valid_from", "valid_to"].map(|it| numbers(&company, "sla_policies", it));
    let seconds = all_numbers(&company, "sla_policies", "target_seconds");
    assert!(seconds.iter().all(|seconds| *seconds > 0));
    assert_eq!(clock.iter().collect::<BTreeSet<_>>().len(), 2);
    for at in all_numbers(&company, "conversations", "created_at") {
        let valid =
            |row: &usize| from[*row].is_none_or(|from| from <= at) && to[*row].is_none_or(|to| at < to);
        let valid: Vec<usize> = (0..metric.len()).filter(valid).collect();
        let kinds: BTreeSet<_> = valid.iter().map(|row| (&metric[*row], &priority[*row])).collect();
        assert_eq!((valid.len(), kinds.len()), (12, 12));
    }
}
