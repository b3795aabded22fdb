//! What the standard reader makes of comments: laws, clear cases in five languages, and bad input.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
#![allow(clippy::float_cmp, reason = "exactly nothing is exactly zero")]

use proptest::prelude::*;
use tenure::classify::{Comment, Feedback, FeedbackOptions, FeedbackReader, Sentiment};
use tenure::{Column, ErrorKind, Table};

fn read(comment: &Comment<'_>) -> Feedback {
    FeedbackReader::standard().unwrap().read(comment, &FeedbackOptions::default()).unwrap()
}

fn explained(text: &str, options: &str) -> Feedback {
    let options = FeedbackOptions::from_json(options).unwrap();
    FeedbackReader::standard().unwrap().read(&text.into(), &options).unwrap()
}

fn scored(kind: &str, score: f64) -> Comment<'_> {
    Comment { score: Some(score), kind: Some(kind), ..Comment::default() }
}

#[test]
fn nothing_to_go_by_is_no_sentiment() {
    for text in [None, Some(""), Some(" \n\t"), Some("12345"), Some("...!!! ??"), Some("\u{200b}\u{7f}\0")] {
        let found = read(&Comment { text, ..Comment::default() });
        assert_eq!(found.sentiment, None, "{text:?}");
        assert_eq!(found.probabilities(), [1.0 / 3.0; 3], "{text:?}");
        assert_eq!(found.polarity, 0.0);
        assert!(found.themes.is_empty() && found.evidence.is_empty(), "{text:?}");
    }
    let unusable = read(&scored("csat", 42.0));
    assert!(unusable.score_ignored && unusable.sentiment.is_none());
}

#[test]
fn a_score_alone_follows_its_scale() {
    use Sentiment::{Negative, Neutral, Positive};
    let cases = [
        ("nps", [(0.0, Negative), (6.0, Negative), (7.0, Neutral), (8.0, Neutral), (9.0, Positive)]),
        ("csat", [(1.0, Negative), (2.0, Negative), (3.0, Neutral), (4.0, Positive), (5.0, Positive)]),
        ("ces", [(1.0, Negative), (3.0, Negative), (4.0, Neutral), (5.0, Positive), (7.0, Positive)]),
    ];
    for (kind, scores) in cases {
        let mut before = -1.0;
        for (given, expected) in scores {
            let found = read(&scored(kind, given));
            assert_eq!(found.sentiment, Some(expected), "{kind} {given}");
            assert!(found.polarity > before, "{kind} {given}");
            before = found.polarity;
        }
    }
    // The best score alone, as stated: exp(4) / (exp(4) + exp(1) + exp(-4)) = 0.952270.
    assert!((read(&scored("csat", 5.0)).p_positive - 0.952_270).abs() < 1e-6);
}

/// The same words with and without a negation: what is said turns round.
#[test]
fn a_negation_turns_what_is_said() {
    for (good, not_good) in [
        ("The service is good and I am happy with it", "The service is not good and I am not happy with it"),
        ("Pelayanannya memuaskan, saya puas", "Pelayanannya tidak memuaskan, saya tidak puas"),
        ("Jag är nöjd med supporten, den är bra", "Jag är inte nöjd med supporten, den är inte bra"),
        ("พอใจกับบริการ ประทับใจมาก", "ไม่พอใจกับบริการ ไม่ประทับใจเลย"),
        ("Hizmet iyi, memnun kaldım", "Hizmet iyi değil, memnun değilim"),
    ] {
        let (good_found, not_good_found) = (read(&good.into()), read(&not_good.into()));
        assert_eq!(good_found.sentiment, Some(Sentiment::Positive), "{good}: {good_found:?}");
        assert_eq!(not_good_found.sentiment, Some(Sentiment::Negative), "{not_good}: {not_good_found:?}");
    }
}

#[test]
fn clear_comments_are_read_in_every_language() {
    use Sentiment::{Negative, Positive};
    for (language, text, sentiment, theme) in [
        (
            "en",
            "Excellent support, friendly and helpful staff. Highly recommended!",
            Positive,
            "support_quality",
        ),
        ("en", "Terrible app, it crashes constantly and I lost my data", Negative, "reliability"),
        ("id", "Pelayanannya ramah dan sangat membantu, terima kasih!", Positive, "support_quality"),
        ("id", "Aplikasinya lemot banget, kecewa berat", Negative, "performance"),
        ("sv", "Fantastisk kundtjänst, trevlig och hjälpsam personal!", Positive, "support_quality"),
        ("sv", "Alldeles för dyrt, jag är mycket besviken på priset", Negative, "price"),
        ("th", "พนักงานบริการดีมาก ประทับใจมากค่ะ", Positive, "support_quality"),
        ("th", "ราคาแพงมาก ไม่คุ้มเลย ผิดหวัง", Negative, "price"),
        ("tr", "Müşteri hizmetleri harika, çok teşekkürler!", Positive, "support_quality"),
        ("tr", "Uygulama çok yavaş, berbat, hiç memnun değilim", Negative, "performance"),
    ] {
        let found = read(&text.into());
        assert_eq!(found.sentiment, Some(sentiment), "{text}: {found:?}");
        assert!(found.themes.iter().any(|found| found.as_ref() == theme), "{text}: {:?}", found.themes);
        assert_eq!(found.language.as_ref(), language, "{text}");
    }
}

#[test]
fn words_weigh_more_than_the_score_beside_them() {
    let text = "Terrible support, the worst service ever. Never again!";
    let with = |score: f64| read(&Comment { text: Some(text), ..scored("csat", score) });
    assert_eq!(with(5.0).sentiment, Some(Sentiment::Negative));
    assert!(with(5.0).polarity > with(1.0).polarity);
    // What the words leave open, the score settles.
    let open = |score: f64| read(&Comment { text: Some("see above"), ..scored("nps", score) }).polarity;
    assert!(open(10.0) > open(7.0) && open(7.0) > open(0.0));
}

#[test]
fn pictures_speak() {
    assert_eq!(read(&"\u{1f60d}\u{1f60d}\u{1f60d}".into()).sentiment, Some(Sentiment::Positive));
    assert_eq!(read(&"\u{1f621}\u{1f44e}".into()).sentiment, Some(Sentiment::Negative));
    assert!(read(&"works :)".into()).polarity > read(&"works :(".into()).polarity);
    assert!(read(&"works ;-)".into()).polarity > read(&"works :-(".into()).polarity);
}

#[test]
fn own_themes_are_added_or_take_the_place_of_others() {
    let text = "The courier threw the parcel over the fence, and the price is too high";
    let names = |options: &str| -> Vec<String> {
        explained(text, options).themes.iter().map(ToString::to_string).collect()
    };
    let built_in = names("{}");
    assert!(built_in.contains(&"price".to_owned()), "{built_in:?}");
    let added = names(r#"{"themes": {"delivery": ["courier", "parcel", "leverans"], "garden": ["hedge"]}}"#);
    assert_eq!(added, [built_in.as_slice(), &["delivery".to_owned()]].concat());
    assert_eq!(names(r#"{"themes": {"delivery": ["courier"]}, "built_in_themes": false}"#), ["delivery"]);
    assert!(!names(r#"{"themes": {"price": ["discount"]}}"#).contains(&"price".to_owned()));

    let found = explained(text, r#"{"themes": {"delivery": ["parc", "courier"]}, "evidence": 3}"#);
    let own = found.mentions.iter().filter(|mention| mention.theme.as_ref() == "delivery");
    assert_eq!(own.map(|mention| mention.value.as_str()).collect::<Vec<_>>(), ["courier", "parcel"]);
    let built_in = found.mentions.iter().filter(|mention| mention.theme.as_ref() == "price");
    assert_eq!(built_in.map(|mention| mention.value.as_str()).collect::<Vec<_>>(), ["price"]);
    for mention in &found.mentions {
        let there: String = text.chars().skip(mention.start).take(mention.end - mention.start).collect();
        assert_eq!(there, mention.value);
    }
}

#[test]
fn options_that_cannot_be_are_refused() {
    for options in [
        r#"{"threshold": 2}"#,
        r#"{"themes": {"": ["word"]}}"#,
        r#"{"themes": {"empty": []}}"#,
        r#"{"themes": {"short": ["x"]}}"#,
        r#"{"nonsense": 1}"#,
        "[1",
    ] {
        let error = FeedbackOptions::from_json(options).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{options}");
    }
    assert_eq!(explained("ok", r#"{"threshold": 1.0}"#).sentiment, None);
}

#[test]
fn evidence_is_what_spoke() {
    let found = explained("The waiters were rude but the food was excellent", r#"{"evidence": 8}"#);
    let pushes = |word: &str| {
        let evidence = found.evidence.iter().find(|evidence| evidence.value.contains(word));
        evidence.map(|evidence| evidence.pushes)
    };
    assert_eq!(pushes("rude"), Some(Sentiment::Negative), "{found:?}");
    assert_eq!(pushes("excellent"), Some(Sentiment::Positive), "{found:?}");
    let options = FeedbackOptions { evidence: 1, ..FeedbackOptions::default() };
    let score = FeedbackReader::standard().unwrap().read(&scored("nps", 2.0), &options).unwrap();
    let [evidence] = score.evidence.as_slice() else { panic!("{score:?}") };
    assert_eq!(
        (evidence.what, evidence.value.as_str(), evidence.pushes),
        ("score", "2", Sentiment::Negative)
    );
}

#[test]
fn a_table_is_read_row_by_row() {
    let comments =
        vec![Some("Great value, love it"), None, None, Some("Far too expensive, very disappointed")];
    let table = Table::new("surveys")
        .column("comment", Column::from(comments))
        .column("score", Column::from(vec![None, Some(1_i64), None, Some(5)]))
        .column("kind", Column::from(vec![Some("csat"), Some("csat"), None, Some("csat")]));
    let reader = FeedbackReader::standard().unwrap();
    let found = reader.read_table(&table, &FeedbackOptions::default()).unwrap();
    let sentiments: Vec<Option<&str>> =
        found.iter().map(|found| found.sentiment.map(Sentiment::name)).collect();
    assert_eq!(sentiments, [Some("positive"), Some("negative"), None, Some("negative")]);

    let empty = Table::new("surveys").column("label", Column::from(vec!["good"]));
    let error = reader.read_table(&empty, &FeedbackOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingColumn);
    let wrong = Table::new("surveys").column("comment", Column::from(vec![1_i64]));
    let error = reader.read_table(&wrong, &FeedbackOptions::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongType);
}

#[test]
fn bytes_come_back_and_damage_is_found() {
    let reader = FeedbackReader::standard().unwrap();
    let bytes = reader.save();
    assert!(bytes.len() < 1_000_000, "{} bytes", bytes.len());
    let again = FeedbackReader::load(&bytes).unwrap();
    assert_eq!(again.id(), reader.id());
    assert_eq!(again.save(), bytes);
    for place in (0..bytes.len()).step_by(40_009) {
        let mut damaged = bytes.clone();
        damaged[place] ^= 0x20;
        assert!(FeedbackReader::load(&damaged).is_err(), "at {place}");
        assert!(FeedbackReader::load(&bytes[..place]).is_err(), "cut at {place}");
    }
}

#[test]
fn awkward_texts_are_read_quickly_and_calmly() {
    let began = std::time::Instant::now();
    for text in [
        "not good but great price crash ".repeat(40_000),
        "\u{1f621}".repeat(100_000),
        "a".repeat(1_000_000),
        "\u{0}\u{1b}[31m\u{8}\u{feff}".repeat(10_000),
        "\u{202e}\u{5e9}\u{5d9}\u{5e8}\u{5d5}\u{5ea} \u{5d8}\u{5d5}\u{5d1}".to_owned(),
        "<div><p>Great <b>service</b></p><blockquote>awful</blockquote></div>".to_owned(),
    ] {
        let found = explained(&text, r#"{"evidence": 5}"#);
        let sum: f64 = found.probabilities().iter().sum();
        assert!((sum - 1.0).abs() < 1e-12);
        assert!(found.evidence.len() <= 5);
    }
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}

proptest! {
    #[test]
    fn whatever_is_said_the_answer_is_whole(
        text in proptest::option::of(".{0,200}"),
        score: Option<f64>,
        scale: Option<(f64, f64)>,
        kind in proptest::option::of("nps|csat|ces|other"),
    ) {
        let (scale_min, scale_max) = scale.unzip();
        let comment = Comment { text: text.as_deref(), score, scale_min, scale_max, kind: kind.as_deref() };
        let options = FeedbackOptions { evidence: 4, ..FeedbackOptions::default() };
        let reader = FeedbackReader::standard().unwrap();
        let found = reader.read(&comment, &options).unwrap();
        prop_assert!((found.probabilities().iter().sum::<f64>() - 1.0).abs() < 1e-12);
        prop_assert!(found.probabilities().iter().all(|p| (0.0..=1.0).contains(p)));
        prop_assert!((-1.0..=1.0).contains(&found.polarity));
        prop_assert_eq!(&found, &reader.read(&comment, &options).unwrap());
        if comment.is_empty() {
            prop_assert_eq!(found.sentiment, None);
        }
        let characters: Vec<char> = text.as_deref().unwrap_or_default().chars().collect();
        for evidence in found.evidence.iter().filter(|evidence| evidence.what == "text") {
            let there: String =
                characters[evidence.start.unwrap()..evidence.end.unwrap()].iter().collect();
            prop_assert_eq!(&there, &evidence.value);
        }
    }

    #[test]
    fn a_higher_score_never_looks_worse(text in "[a-z ]{0,40}", low in 0.0..10.0_f64, more in 0.0..10.0_f64) {
        let polarity = |score: f64| read(&Comment { text: Some(&text), ..scored("nps", score) }).polarity;
        prop_assert!(polarity((low + more).min(10.0)) >= polarity(low) - 1e-12);
    }
}
