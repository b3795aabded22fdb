//! What was measured of the models, as parts of their page.

pub(crate) mod feedback;
pub(crate) mod interactions;

/// The page with what is measured of a model between its markers.
fn between(page: &str, model: &str, measured: &str) -> Result<String, String> {
    let marker = |at: &str| format!("<!-- measured by make model, {model}: {at} -->\n");
    let (begin, end) = (marker("begin"), marker("end"));
    let (before, rest) = page.split_once(&begin).ok_or_else(|| format!("no line {begin}"))?;
    let (_, after) = rest.split_once(&end).ok_or_else(|| format!("no line {end}"))?;
    Ok(format!("{before}{begin}{measured}{end}{after}"))
}
