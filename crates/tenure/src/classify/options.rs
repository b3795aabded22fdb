//! What the options of all questions about texts have in common.

use crate::error::{Error, Result, quoted};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Options from a JSON object, not checked yet. What is wrong is told with the name of the option.
pub(crate) fn parsed<T: DeserializeOwned>(json: &str) -> Result<T> {
    let given: Map<String, Value> =
        serde_json::from_str(json).map_err(|error| Error::invalid(format!("the options: {error}")))?;
    serde_json::from_value(Value::Object(given.clone())).map_err(|error| {
        Error::invalid(match wrong::<T>(given) {
            Some((name, error)) => format!("option {}: {error}", quoted(&name)),
            None => format!("the options: {error}"),
        })
    })
}

/// The first option that cannot be read, which is told by reading each alone.
fn wrong<T: DeserializeOwned>(given: Map<String, Value>) -> Option<(String, serde_json::Error)> {
    given.into_iter().find_map(|(name, value)| {
        let alone = Value::Object(Map::from_iter([(name.clone(), value)]));
        Some((name, serde_json::from_value::<T>(alone).err()?))
    })
}

/// How likely an answer has to be, to be given.
pub(crate) fn check_threshold(threshold: f64) -> Result<()> {
    if (0.0..=1.0).contains(&threshold) {
        Ok(())
    } else {
        Err(Error::invalid(format!("threshold is a probability from 0 to 1, not {threshold}")))
    }
}

#[cfg(test)]
mod tests {
    use crate::classify::{ClassifyOptions, FeedbackOptions};

    #[test]
    fn what_is_wrong_is_told_by_name() {
        let refused = |json: &str| ClassifyOptions::from_json(json).unwrap_err().message().to_owned();
        assert!(refused(r#"{"evidence": 3, "threshold": null}"#).starts_with("option \"threshold\": "));
        assert!(refused(r#"{"strip": {"quote": true}}"#).starts_with("option \"strip\": "));
        assert!(refused(r#"{"threshold": 0.5"#).starts_with("the options: "));
        assert!(refused("[1]").starts_with("the options: "));
        let themes = FeedbackOptions::from_json(r#"{"themes": {"delivery": "courier"}}"#).unwrap_err();
        assert!(themes.message().starts_with("option \"themes\": "), "{themes}");
    }
}
