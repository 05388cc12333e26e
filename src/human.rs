//! Numbers as people write them, and long texts cut to what they read.

/// A count: `5,000`; with a decimal where it is a mean that needs one: `188.2`. What is not zero does
/// not look like it: `<0.1`.
pub fn count(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.05 {
        return if value > 0.0 { "<0.1" } else { ">-0.1" }.to_owned();
    }
    let rounded = (value * 10.0).round() / 10.0;
    if rounded.fract() == 0.0 || rounded.abs() >= 10_000.0 {
        return group_thousands(&format!("{:.0}", value.round()));
    }
    let text = format!("{rounded:.1}");
    match text.split_once('.') {
        Some((whole, decimals)) => format!("{}.{decimals}", group_thousands(whole)),
        None => text,
    }
}

fn group_thousands(digits: &str) -> String {
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let mut grouped = String::from(sign);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A ratio as a percentage: `17.4%`. What is not zero does not look like it: `<0.1%`.
pub fn percent(ratio: f64) -> String {
    let percent = ratio * 100.0;
    if percent > 0.0 && percent < 0.05 {
        "<0.1%".to_owned()
    } else if percent < 100.0 && percent > 99.95 {
        ">99.9%".to_owned()
    } else if (percent - percent.round()).abs() < 1e-9 {
        // As near as a mean of shares comes to it.
        format!("{percent:.0}%")
    } else {
        format!("{percent:.1}%")
    }
}

/// A time in ms with its two largest units: `5h 32m`, `1d 3h`, `1m 20s`, `1.5s`, `250ms`.
pub fn span(millis: f64) -> String {
    if millis > 0.0 && millis < 0.5 {
        return "<1ms".to_owned();
    }
    let millis = millis.round();
    if millis < 1000.0 {
        return format!("{millis:.0}ms");
    }
    if millis < 60_000.0 - 50.0 {
        return format!("{}s", count(millis / 1000.0));
    }
    // From here on in whole seconds, minutes or hours, so that nothing becomes `1m 60s`.
    let two = |unit: f64, names: [&str; 2], ratio: u64| {
        let whole = (millis / unit).round() as u64;
        let (large, small) = (whole / ratio, whole % ratio);
        match small {
            0 => format!("{large}{}", names[0]),
            _ => format!("{large}{} {small}{}", names[0], names[1]),
        }
    };
    if millis < 3_600_000.0 - 500.0 {
        two(1000.0, ["m", "s"], 60)
    } else if millis < 86_400_000.0 - 30_000.0 {
        two(60_000.0, ["h", "m"], 60)
    } else {
        two(3_600_000.0, ["d", "h"], 24)
    }
}

/// A number of things: `1 client`, `5,000 clients`.
pub fn counted(number: f64, thing: &str) -> String {
    format!("{} {}", count(number), singular_or_plural(number, thing))
}

/// The word for a number of things: `client` or `clients`.
pub fn singular_or_plural(number: f64, thing: &str) -> String {
    if is_one(number) { thing.to_owned() } else { format!("{thing}s") }
}

/// A number of things out of all of them: `1 of 2 clients`.
pub fn counted_of(number: f64, all: f64, thing: &str) -> String {
    format!("{} of {}", count(number), counted(all, thing))
}

/// The verb for a number of things: `is` or `are`.
pub fn is_or_are(number: f64) -> &'static str {
    if is_one(number) { "is" } else { "are" }
}

/// The verb for a number of things in the past: `was` or `were`.
pub fn was_or_were(number: f64) -> &'static str {
    if is_one(number) { "was" } else { "were" }
}

/// Whether a number reads as one.
fn is_one(number: f64) -> bool {
    count(number) == "1"
}

/// A list in a sentence: `a, b and c`; nothing of no parts.
pub fn listed(parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().collect();
    match parts.split_last() {
        Some((last, rest)) if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        _ => parts.concat(),
    }
}

/// A text of at most `most` characters; an ellipsis stands for what was cut off.
pub fn shortened(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_separators_and_at_most_one_decimal() {
        let cases = [
            (0.0, "0"),
            (188.24, "188.2"),
            (5000.0, "5,000"),
            (1234.56, "1,234.6"),
            (12_345.6, "12,346"),
            (1_234_567.0, "1,234,567"),
            (-1234.0, "-1,234"),
            (0.05, "0.1"),
            (0.04, "<0.1"),
            (-0.04, ">-0.1"),
        ];
        for (value, text) in cases {
            assert_eq!(count(value), text);
        }
    }

    #[test]
    fn one_thing_is_and_several_are() {
        let cases = [(0.0, "0 clients are"), (1.0, "1 client is"), (1.5, "1.5 clients are")];
        for (number, words) in cases {
            assert_eq!(format!("{} {}", counted(number, "client"), is_or_are(number)), words);
        }
        assert_eq!(counted_of(1.0, 5000.0, "client"), "1 of 5,000 clients");
    }

    #[test]
    fn the_last_of_a_list_follows_and() {
        let listed = |parts: &[&str]| listed(parts.iter().map(|&part| part.to_owned()));
        assert_eq!(listed(&[]), "");
        assert_eq!(listed(&["a"]), "a");
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn percentages_never_round_to_none_or_all() {
        let cases = [
            (0.0, "0%"),
            (0.0001, "<0.1%"),
            (0.174, "17.4%"),
            (0.1 + 0.2, "30%"),
            (0.9999, ">99.9%"),
            (1.0, "100%"),
        ];
        for (ratio, text) in cases {
            assert_eq!(percent(ratio), text);
        }
    }

    #[test]
    fn spans_have_two_units() {
        let cases = [
            (0.0, "0ms"),
            (0.3, "<1ms"),
            (250.0, "250ms"),
            (1500.0, "1.5s"),
            (59_949.0, "59.9s"),
            (59_950.0, "1m"),
            (80_000.0, "1m 20s"),
            (3_599_600.0, "1h"),
            (19_920_000.0, "5h 32m"),
            (97_200_000.0, "1d 3h"),
            (86_399_999.0, "1d"),
        ];
        for (millis, text) in cases {
            assert_eq!(span(millis), text);
        }
    }
}
