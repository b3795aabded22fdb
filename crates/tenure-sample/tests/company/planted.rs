//! What `truth.json` says is found again by counting rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::rows::{all_numbers, company, ids, micros, numbers, signed_up, truth, truths, words};
use tenure_sample::{Column, Company, NpsCounts, Settings};

/// The surveys' columns that scores are counted from.
struct Answers {
    kind: Vec<String>,
    score: Vec<Option<i64>>,
    answered_at: Vec<Option<i64>>,
    account: Vec<i64>,
    excluded: Vec<bool>,
}

impl Answers {
    fn of(company: &Company) -> Self {
        Self {
            kind: words(company, "surveys", "kind"),
            score: numbers(company, "surveys", "score"),
            answered_at: numbers(company, "surveys", "answered_at"),
            account: all_numbers(company, "surveys", "account_id"),
            excluded: truths(company, "surveys", "excluded"),
        }
    }

    /// Rows of a kind that were answered by customers.
    fn rows(&self, kind: &str) -> impl Iterator<Item = usize> {
        let kind = kind.to_owned();
        (0..self.kind.len()).filter(move |row| {
            self.kind[*row] == kind && self.answered_at[*row].is_some() && !self.excluded[*row]
        })
    }

    fn nps(&self, rows: impl Iterator<Item = usize>) -> NpsCounts {
        let mut counts = NpsCounts::default();
        for score in rows.filter_map(|row| self.score[row]) {
            match score {
                9 | 10 => counts.promoters += 1,
                7 | 8 => counts.passives += 1,
                0..=6 => counts.detractors += 1,
                _ => {}
            }
        }
        counts
    }
}

/// Promoters minus detractors in a hundred answers.
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn net(counts: NpsCounts) -> f64 {
    let all = counts.promoters + counts.passives + counts.detractors;
    100.0 * (counts.promoters as f64 - counts.detractors as f64) / all as f64
}

fn segment_of(company: &Company) -> BTreeMap<i64, String> {
    let accounts = all_numbers(company, "accounts", "account_id");
    accounts.into_iter().zip(words(company, "accounts", "segment")).collect()
}

#[test]
fn nps_counts_are_those_of_the_rows() {
    let company = company();
    let truth = truth();
    let answers = Answers::of(&company);
    assert_eq!(answers.nps(answers.rows("nps")), truth.nps.counts);
    assert_eq!(u64::try_from(answers.rows("nps").count()).unwrap(), truth.nps.answered);
    let segments = segment_of(&company);
    for segment in &truth.segments {
        let rows =
            answers.rows("nps").filter(|row| segments.get(&answers.account[*row]) == Some(&segment.segment));
        assert_eq!(answers.nps(rows), segment.nps, "{}", segment.segment);
    }
    let mut starts: Vec<i64> = truth.months.iter().map(|month| micros(&month.start)).collect();
    starts.push(micros(&truth.end));
    for (month, range) in truth.months.iter().zip(starts.windows(2)) {
        let within = |row: &usize| (range[0]..range[1]).contains(&answers.answered_at[*row].unwrap());
        assert_eq!(answers.nps(answers.rows("nps").filter(within)), month.nps, "{}", month.start);
        let csat: Vec<usize> = answers.rows("csat").filter(within).collect();
        assert_eq!(u64::try_from(csat.len()).unwrap(), month.csat_answered);
        let satisfied = csat.iter().filter(|row| answers.score[**row] >= Some(4)).count();
        assert_eq!(u64::try_from(satisfied).unwrap(), month.csat_satisfied);
    }
}

#[test]
fn survey_stages_are_those_of_the_rows() {
    let company = company();
    let truth = truth();
    let kind = words(&company, "surveys", "kind");
    let excluded = truths(&company, "surveys", "excluded");
    let count = |holds: &dyn Fn(usize) -> bool| {
        let rows = (0..kind.len()).filter(|row| kind[*row] == "nps" && !excluded[*row] && holds(*row));
        u64::try_from(rows.count()).unwrap()
    };
    let delivered = numbers(&company, "surveys", "delivered_at");
    let shown = numbers(&company, "surveys", "shown_at");
    let declined = truths(&company, "surveys", "declined");
    let answered = numbers(&company, "surveys", "answered_at");
    let comment = words(&company, "surveys", "comment");
    assert_eq!(count(&|_| true), truth.nps.sent);
    assert_eq!(count(&|row| delivered[row].is_some()), truth.nps.delivered);
    assert_eq!(count(&|row| shown[row].is_some()), truth.nps.shown);
    assert_eq!(count(&|row| declined[row]), truth.nps.declined);
    assert_eq!(count(&|row| answered[row].is_some()), truth.nps.answered);
    assert_eq!(count(&|row| !comment[row].trim().is_empty()), truth.nps.commented);
    let ours = (0..kind.len()).filter(|row| kind[*row] == "nps" && excluded[*row]).count();
    assert_eq!(u64::try_from(ours).unwrap(), truth.nps.excluded);
    assert!(truth.nps.excluded > 0);
}

/// With thousands of answers the shares come close to what they were drawn from: within five standard errors,
/// of which each is at most the root of 1/4n.
#[test]
#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn segments_answer_as_planned() {
    let company = Company::new(Settings { accounts: 800, ..Settings::default() }).unwrap();
    let truth = company.truth();
    for segment in &truth.segments {
        let (mut expected, mut answered) = ([0.0; 3], 0);
        for mood in &segment.nps_moods {
            let n = mood.answered as f64 / 1000.0;
            expected[0] += n * mood.promoter_per_mille as f64;
            expected[1] += n * mood.passive_per_mille as f64;
            expected[2] += n * mood.detractor_per_mille as f64;
            answered += mood.answered;
            let sum = mood.promoter_per_mille + mood.passive_per_mille + mood.detractor_per_mille;
            assert_eq!(sum, 1000);
        }
        let counted = [segment.nps.promoters, segment.nps.passives, segment.nps.detractors];
        let tolerance = 5.0 * (answered as f64).sqrt() / 2.0;
        for (expected, counted) in expected.iter().zip(counted) {
            assert!(
                (expected - counted as f64).abs() < tolerance,
                "{} {expected} {counted}",
                segment.segment
            );
        }
    }
    let [smb, mid_market, enterprise] = &truth.segments[..] else { panic!("three segments") };
    assert!(net(smb.nps) + 20.0 < net(mid_market.nps));
    assert!(net(mid_market.nps) + 20.0 < net(enterprise.nps));
}

#[test]
fn the_outage_shows_in_conversations_scores_and_visits() {
    let company = company();
    let truth = truth();
    let (start, end) = (micros(&truth.outage.start), micros(&truth.outage.end));
    let position = truth.months.iter().position(|month| month.start == truth.outage.start).unwrap();
    let [before, month, after] = &truth.months[position - 1..=position + 1] else { panic!("three months") };
    assert!(month.conversations > 3 * before.conversations.max(after.conversations) / 2);
    assert!(month.events * 10 < 8 * before.events.min(after.events));
    let created = all_numbers(&company, "conversations", "created_at").into_iter();
    let created: BTreeMap<i64, i64> =
        all_numbers(&company, "conversations", "conversation_id").into_iter().zip(created).collect();
    let begun = created.values().filter(|at| (start..end).contains(*at)).count();
    assert_eq!(u64::try_from(begun).unwrap(), month.conversations);
    let share = |satisfied: u64, answered: u64| 100 * satisfied / answered;
    let others = truth.csat.satisfied - truth.csat.outage_satisfied;
    let others_answered = truth.csat.answered - truth.csat.outage_answered;
    assert!(truth.csat.outage_answered > 30);
    assert!(
        share(truth.csat.outage_satisfied, truth.csat.outage_answered) + 20 < share(others, others_answered)
    );

    let names = words(&company, "events", "name");
    let times = all_numbers(&company, "events", "occurred_at");
    let exports: Vec<&i64> = times
        .iter()
        .zip(&names)
        .filter(|(_, name)| **name == truth.outage.missing_event)
        .map(|(at, _)| at)
        .collect();
    // The outage is a month of local days, at most 12 hours away from the month in UTC.
    let half_day = 12 * 3_600_000_000;
    assert!(exports.len() > 1000);
    assert!(!exports.iter().any(|at| (start + half_day..end - half_day).contains(*at)));
}

#[test]
fn events_users_and_accounts_of_each_month_are_those_of_the_rows() {
    let company = company();
    let truth = truth();
    let times = all_numbers(&company, "events", "occurred_at");
    let users = numbers(&company, "events", "user_id");
    let user_of: BTreeMap<i64, i64> = all_numbers(&company, "identities", "alias_id")
        .into_iter()
        .zip(all_numbers(&company, "identities", "user_id"))
        .collect();
    let created = signed_up(&company);
    let mut starts: Vec<i64> = truth.months.iter().map(|month| micros(&month.start)).collect();
    starts.push(micros(&truth.end));
    let mut alive = 0;
    for (month, range) in truth.months.iter().zip(starts.windows(2)) {
        let within = |at: &i64| (range[0]..range[1]).contains(at);
        let events: Vec<usize> = (0..times.len()).filter(|row| within(&times[*row])).collect();
        assert_eq!(u64::try_from(events.len()).unwrap(), month.events);
        let active = events.iter().filter_map(|row| users[*row]);
        let active: BTreeSet<i64> = active.map(|user| *user_of.get(&user).unwrap_or(&user)).collect();
        assert_eq!(u64::try_from(active.len()).unwrap(), month.active_users);
        let new = created.values().filter(|at| within(at)).count();
        assert_eq!(u64::try_from(new).unwrap(), month.accounts_created);
        let left = truth.churned.iter().filter(|it| within(&micros(&it.churned_at))).count();
        assert_eq!(u64::try_from(left).unwrap(), month.accounts_churned);
        alive += month.accounts_created;
        alive -= month.accounts_churned;
        assert_eq!(alive, month.accounts_at_end, "{}", month.start);
    }
}

#[test]
fn weekends_are_quiet_and_working_hours_are_local() {
    let company = company();
    let zones: BTreeMap<String, chrono_tz::Tz> =
        truth().regions.iter().map(|it| (it.region.clone(), it.zone.parse().unwrap())).collect();
    let regions = words(&company, "accounts", "region");
    let region_of: BTreeMap<i64, String> =
        all_numbers(&company, "accounts", "account_id").into_iter().zip(regions).collect();
    let (mut weekend, mut night, mut all) = (0, 0, 0);
    let names = words(&company, "events", "name");
    let accounts = all_numbers(&company, "events", "account_id");
    for ((at, account), name) in
        all_numbers(&company, "events", "occurred_at").into_iter().zip(accounts).zip(names)
    {
        if name == "api_call" {
            continue;
        }
        let zone = zones[&region_of[&account]];
        let local = chrono::DateTime::from_timestamp_micros(at).unwrap().with_timezone(&zone);
        weekend += usize::from(chrono::Datelike::weekday(&local).num_days_from_monday() >= 5);
        night += usize::from(!(7..19).contains(&chrono::Timelike::hour(&local)));
        all += 1;
    }
    assert!(all > 10_000);
    assert!(weekend * 10 < all, "less than a tenth, not two sevenths: {weekend} of {all}");
    assert!(night * 100 < all, "{night} of {all}");
}

#[test]
fn the_slow_team_waits_for_monday() {
    let truth = truth();
    let mean = |replies: tenure_sample::FirstReplyTruth| {
        assert!(replies.replied > 20);
        replies.total_seconds / i64::try_from(replies.replied).unwrap()
    };
    let weekend = mean(truth.slow_team.weekend);
    assert!(weekend > 2 * mean(truth.slow_team.weekday));
    assert!(weekend > 2 * mean(truth.slow_team.others_on_weekend));
    assert_eq!(truth.slow_team.team, "billing");
}

#[test]
fn one_event_belongs_to_one_segment() {
    let company = company();
    let event = truth().enterprise_only_event;
    let segments = segment_of(&company);
    let names = words(&company, "events", "name");
    let accounts = all_numbers(&company, "events", "account_id");
    let seen: BTreeSet<&str> = accounts
        .iter()
        .zip(&names)
        .filter(|(_, name)| **name == event)
        .map(|(account, _)| segments[account].as_str())
        .collect();
    assert_eq!(seen, BTreeSet::from(["enterprise"]));
}

#[test]
fn wrong_rows_are_as_many_as_planted_and_few() {
    let company = company();
    let truth = truth();
    let count = |holds: &mut dyn FnMut(usize) -> bool, table: &str| {
        let rows = usize::try_from(truth.rows[table]).unwrap();
        u64::try_from((0..rows).filter(|row| holds(*row)).count()).unwrap()
    };
    let ids = numbers(&company, "surveys", "survey_id");
    let kinds = words(&company, "surveys", "kind");
    let comments = words(&company, "surveys", "comment");
    let scores = numbers(&company, "surveys", "score");
    let users = numbers(&company, "events", "user_id");
    let events = all_numbers(&company, "events", "event_id");
    let mut seen = BTreeSet::new();
    let mut found = BTreeMap::from([
        ("surveys.score_11", count(&mut |row| scores[row] == Some(11), "surveys")),
        ("surveys.score_minus_1", count(&mut |row| scores[row] == Some(-1), "surveys")),
        ("surveys.missing_survey_id", count(&mut |row| ids[row].is_none(), "surveys")),
        ("surveys.unknown_kind", count(&mut |row| kinds[row] == "pulse", "surveys")),
        (
            "surveys.blank_comment",
            count(&mut |row| !comments[row].is_empty() && comments[row].trim().is_empty(), "surveys"),
        ),
        (
            "surveys.duplicate_survey_id",
            count(&mut |row| ids[row].is_some_and(|id| !seen.insert(id)), "surveys"),
        ),
        ("events.missing_user_id", count(&mut |row| users[row].is_none(), "events")),
    ]);
    seen.clear();
    found.insert("events.duplicate_event_id", count(&mut |row| !seen.insert(events[row]), "events"));
    for (name, found) in &found {
        assert_eq!(truth.dirty[*name], *found, "{name}");
        assert!(*found > 0, "{name}");
    }
    // The other two kinds are counted where ids and times are compared, in consistency.rs, and those of
    // conversations, emails and searches in support.rs.
    let kinds = truth.dirty.keys().filter(|name| name.starts_with("surveys") || name.starts_with("events"));
    assert_eq!(found.len() + 2, kinds.count());
    let surveys: u64 =
        truth.dirty.iter().filter(|(name, _)| name.starts_with("surveys")).map(|it| it.1).sum();
    assert!(surveys * 1000 < 6 * truth.rows["surveys"], "{surveys}");
}

#[test]
fn comments_come_in_five_languages_with_tags() {
    let company = company();
    let comments: BTreeSet<String> = words(&company, "surveys", "comment").into_iter().collect();
    for word in ["Support", "Supporten", "Destek", "ช่วยเหลือ", "dukungan"] {
        assert!(comments.iter().any(|comment| comment.contains(word)), "{word}");
    }
    let mut tagged = 0;
    for chunk in company.table("surveys").unwrap() {
        let (Some(Column::Words(tags)), Some(Column::Word(comments))) =
            (chunk.column("tags"), chunk.column("comment"))
        else {
            panic!("tags are lists, comments are words");
        };
        for (tags, comment) in tags.iter().zip(comments) {
            let blank = comment.is_none_or(|comment| comment.trim().is_empty());
            assert_eq!(tags.is_none(), blank);
            tagged += usize::from(tags.is_some_and(|tags| tags.contains(&"exports")));
        }
    }
    assert!(tagged > 10, "{tagged}");
}

#[test]
fn comments_sound_as_their_answers_do() {
    let company = company();
    let comments = words(&company, "surveys", "comment");
    let scores = numbers(&company, "surveys", "score");
    let highest = numbers(&company, "surveys", "scale_max");
    let mut seen = BTreeSet::new();
    for (row, sentiment) in words(&company, "surveys", "sentiment").iter().enumerate() {
        assert_eq!(sentiment.is_empty(), comments[row].trim().is_empty());
        seen.insert(sentiment.clone());
        if highest[row] == Some(10) && scores[row] == Some(10) {
            assert!(sentiment.is_empty() || sentiment == "positive");
        }
    }
    assert_eq!(Vec::from_iter(seen), ["", "negative", "neutral", "positive"]);
}

#[test]
fn two_colleagues_read_the_comments_and_mostly_agree() {
    let company = company();
    let labels = words(&company, "codes", "label");
    let items = all_numbers(&company, "codes", "item_id");
    assert!(ids(&company, "codes", "item_id").is_subset(&ids(&company, "surveys", "survey_id")));
    let pairs = || labels.chunks(2).zip(items.chunks(2));
    assert!(pairs().all(|(_, items)| items[0] == items[1]));
    let agreed = pairs().filter(|(labels, _)| labels[0] == labels[1]).count();
    // 800 and, of the other 200, a fifth: 840 in a thousand.
    let per_mille = 2000 * agreed / labels.len();
    assert!((800..880).contains(&per_mille), "{per_mille}");
}
