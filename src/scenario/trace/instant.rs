//! Instants as logs write them: `2023-11-16T18:17:03.97Z`, `16/Nov/2023:18:17:03 +0000`.

use chrono::{NaiveDate, NaiveDateTime};

use super::time_words::Nanos;

/// An instant in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// Nanoseconds since the beginning of 1970, UTC.
    pub nanos: Nanos,
    /// Whether the text has a zone; without one, UTC is assumed.
    pub has_zone: bool,
}

/// Dates with a time of day. ISO 8601 with `T` or a blank, the same with slashes, the common log format of
/// web servers, RFC 2822 and C's `ctime`.
const FORMS: [&str; 13] = [
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %I:%M:%S%.f %p",
    "%Y/%m/%d %I:%M:%S%.f %p",
    "%Y/%m/%d %H:%M:%S%.f",
    "%Y/%m/%d %H:%M",
    "%Y%m%dT%H%M%S%.f",
    "%d/%b/%Y:%H:%M:%S%.f",
    "%a, %d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M:%S",
    "%a %b %e %H:%M:%S %Y",
];

/// Dates without a time: their midnight.
const DATES: [&str; 2] = ["%Y-%m-%d", "%Y/%m/%d"];

/// Reads an instant; `None` if the text is none, or may be several, such as `11/10/2023`.
pub fn instant(text: &str) -> Option<Instant> {
    let text = text.trim();
    let text = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')).unwrap_or(text);
    // The name of a zone may follow its offset.
    let without_name = text.strip_suffix(']').and_then(|text| text.rsplit_once('['));
    let (local, offset) = match without_name.map(|(text, _)| split_zone(text.trim_end())) {
        Some((local, Some(offset))) => (local, Some(offset)),
        _ => split_zone(text),
    };
    // Some logs have a comma before the fraction of a second.
    let plain = match local.rsplit_once(',') {
        Some((before, fraction)) if fraction.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{before}.{fraction}")
        }
        _ => local.to_owned(),
    };
    let date_time = FORMS.iter().find_map(|form| NaiveDateTime::parse_from_str(&plain, form).ok());
    let midnight = || {
        let date = DATES.iter().find_map(|form| NaiveDate::parse_from_str(&plain, form).ok())?;
        date.and_hms_opt(0, 0, 0).filter(|_| offset.is_none())
    };
    let time = date_time.or_else(midnight)?.and_utc();
    // A year of fewer digits is most likely another part of a date.
    let seconds = Nanos::from(time.timestamp());
    if !(0..253_402_300_800).contains(&seconds) {
        return None;
    }
    let nanos = seconds * 1_000_000_000 + Nanos::from(time.timestamp_subsec_nanos());
    let minutes = Nanos::from(offset.unwrap_or(0));
    Some(Instant { nanos: nanos - minutes * 60_000_000_000, has_zone: offset.is_some() })
}

/// Whether a text is most likely a date, though in a form that is not read.
pub fn looks_like_date(text: &str) -> bool {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic()).filter_map(|word| word.get(..3));
    let has_month = words.any(|word| MONTHS.contains(&word));
    let is_divided = ['-', '/', '.'].iter().any(|c| text.matches(*c).count() == 2);
    (digits >= 4 && is_divided) || (digits >= 2 && has_month)
}

/// A text without the zone at its end, and the minutes by which the zone is ahead of UTC.
fn split_zone(text: &str) -> (&str, Option<i32>) {
    for name in ["Z", "z", "UTC", "GMT"] {
        let local = text.strip_suffix(name).map(str::trim_end);
        if let Some(local) = local.filter(|local| local.ends_with(|c: char| c.is_ascii_digit())) {
            return (local, Some(0));
        }
    }
    let Some(sign) = text.rfind(['+', '-', '\u{2212}']) else { return (text, None) };
    let (local, zone) = (text[..sign].trim_end(), &text[sign..]);
    // The `-` of a date has no time of day before it.
    if !local.contains([':', 'T']) {
        return (text, None);
    }
    match offset(zone) {
        Some(minutes) => (local, Some(minutes)),
        None => (text, None),
    }
}

/// `+01:00`, `-0330`, `+02`: in minutes.
fn offset(zone: &str) -> Option<i32> {
    let (sign, rest) = match zone.strip_prefix('+') {
        Some(rest) => (1, rest),
        None => (-1, zone.trim_start_matches(['-', '\u{2212}'])),
    };
    let digits = rest.replacen(':', "", 1);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let (hours, minutes) = match digits.len() {
        2 => (digits.as_str(), "0"),
        4 => digits.split_at(2),
        _ => return None,
    };
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2023-11-16 18:17:03 UTC.
    const AT: Nanos = 1_700_158_623_000_000_000;

    #[test]
    fn an_instant_is_read_in_every_form() {
        for (text, after, has_zone) in [
            ("2023-11-16T18:17:03Z", 0, true),
            ("2023-11-16 18:17:03", 0, false),
            ("2023-11-16T18:17:03.9799600", 979_960_000, false),
            ("2023-11-16 18:17:03,979", 979_000_000, false),
            ("2023-11-16T19:17:03+01:00", 0, true),
            ("2023-11-16T19:17:03+0100", 0, true),
            ("2023-11-16T19:17:03.5+01", 500_000_000, true),
            ("2023-11-16 14:47:03 -03:30", 0, true),
            ("2023-11-16 18:17:03 UTC", 0, true),
            ("2023/11/16 18:17:03", 0, false),
            ("20231116T181703Z", 0, true),
            ("[16/Nov/2023:18:17:03 +0000]", 0, true),
            ("16/Nov/2023:18:17:03 +0000", 0, true),
            ("Thu, 16 Nov 2023 18:17:03 GMT", 0, true),
            ("Thu Nov 16 18:17:03 2023", 0, false),
            ("2023-11-16T18:17", -3_000_000_000, false),
            ("2023-11-16", -65_823_000_000_000, false),
            ("2023-11-16 06:17:03 PM", 0, false),
            ("2023-11-16T19:17:03+01:00[Europe/Berlin]", 0, true),
        ] {
            let read = instant(text).unwrap_or_else(|| panic!("{text} is one"));
            assert_eq!((read.nanos - AT, read.has_zone), (after, has_zone), "{text}");
        }
    }

    #[test]
    fn what_is_none_or_may_be_several_is_not_read() {
        for text in [
            "",
            "5",
            "1700158623",
            "11/16/2023 18:17:03",
            "16.11.2023",
            "18:17:03",
            "2-01:24:56",
            "1-2-3",
            "2023-11-31",
            "2023-13-01 00:00:00",
            "2023-11-16 25:00:00",
            "2023-11-16 18:17:03 CET",
            "-",
            "Z",
            "2023-11-16T18:17:03[Europe/Berlin]",
            "[]",
            "+01:00",
            "2023-11-16T18:17:03+99:00",
        ] {
            assert_eq!(instant(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_in_another_form_is_one_all_the_same() {
        for text in
            ["11/16/2023", "16.11.2023 18:17", "Nov 16 18:17:03", "1969-12-31", "16-Nov-2023 6 PM"]
        {
            assert!(looks_like_date(text) && instant(text).is_none(), "{text}");
        }
        for text in ["soon", "-5", "90s", "1.5", "5 months", "1.2.3", "------", "127.0.0.1"] {
            assert!(!looks_like_date(text), "{text}");
        }
    }
}
