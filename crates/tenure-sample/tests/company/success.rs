//! What was planted in the interactions, counted from their rows.

use std::collections::{BTreeMap, BTreeSet};

use crate::rows::{all_numbers, company, ids, numbers, truth, words};

#[test]
fn interactions_are_counted_as_their_rows_say() {
    let company = company();
    let truth = truth().success;
    let account = numbers(&company, "interactions", "account_id");
    let at = numbers(&company, "interactions", "occurred_at");
    let label = words(&company, "interactions", "label");
    let mut labels: BTreeMap<String, u64> = BTreeMap::new();
    let mut of: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
    for row in (0..at.len()).filter(|row| at[*row].is_some()) {
        *labels.entry(label[row].clone()).or_default() += 1;
        if let (Some(account), "support" | "service" | "success") = (account[row], label[row].as_str()) {
            of.entry(account).or_default().insert(&label[row]);
        }
    }
    assert_eq!(labels.remove(""), Some(truth.unlabelled));
    assert_eq!(labels, truth.labels);
    assert!(["support", "service", "success"].iter().all(|label| labels[*label] > 300), "{labels:?}");
    assert_eq!(u64::try_from(of.len()).unwrap(), truth.accounts);
    let fires = of.iter().filter(|(_, labels)| !labels.contains("success")).map(|(account, _)| *account);
    assert_eq!(fires.collect::<Vec<_>>(), truth.firefighting_accounts);
    assert!(truth.firefighting_accounts.len() > 20);
}

#[test]
fn one_manager_waits_until_customers_come() {
    let company = company();
    let reactive = truth().success.reactive_manager;
    let manager: BTreeMap<i64, String> = all_numbers(&company, "accounts", "account_id")
        .into_iter()
        .zip(words(&company, "accounts", "manager"))
        .collect();
    let triggers = words(&company, "interactions", "trigger");
    let mut came: BTreeMap<&str, u64> = BTreeMap::new();
    for (account, trigger) in numbers(&company, "interactions", "account_id").into_iter().zip(&triggers) {
        let came_to_them = ["scheduled", "renewal_window", "health_signal"].contains(&trigger.as_str());
        if let Some(account) = account.filter(|_| came_to_them) {
            *came.entry(&manager[&account]).or_default() += 1;
        }
    }
    assert!(manager.values().any(|name| *name == reactive));
    assert!(!came.contains_key(reactive.as_str()));
    assert!(came.len() == 5 && came.values().all(|count| *count > 10), "{came:?}");
}

#[test]
fn interactions_are_told_by_the_conversations_they_were() {
    let company = company();
    let conversations = ids(&company, "interactions", "conversation_id");
    assert!(conversations.is_subset(&ids(&company, "conversations", "conversation_id")));
    let seen = numbers(&company, "interactions", "conversation_id").into_iter().flatten().count();
    assert_eq!(seen, conversations.len());
    let ordinary = usize::try_from(truth().support.ordinary).unwrap();
    assert_eq!(seen, ordinary);
}

#[test]
fn wrong_interactions_are_as_many_as_planted() {
    let company = company();
    let dirty = truth().dirty;
    let missing = |column| numbers(&company, "interactions", column).iter().filter(|it| it.is_none()).count();
    let sales = words(&company, "interactions", "label").iter().filter(|label| *label == "sales").count();
    for (name, found) in [
        ("interactions.unknown_label", sales),
        ("interactions.missing_account_id", missing("account_id")),
        ("interactions.missing_occurred_at", missing("occurred_at")),
    ] {
        assert_eq!(dirty[name], u64::try_from(found).unwrap(), "{name}");
        assert!(found > 0, "{name}");
    }
}
