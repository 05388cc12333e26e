//! Numbers in SVG.

/// A number for SVG: short, and always finite.
pub fn number(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None if text == "-0.0" => "0".to_owned(),
        None => text,
    }
}
