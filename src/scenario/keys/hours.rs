//! The hours of clients: `Mon-Fri 08:00-18:00`, time zones, and when in the week the simulation starts.

use serde_json::json;

use super::super::form::{
    Field, Form, Shape, checked, described, form, keys, list, positive_duration, required,
};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Hours, Streams, Time, Vanish, WEEK, Week, Zone};
use crate::value::{Span, ValueError};

keys! {
    /// Random absences of clients, which can begin in the middle of a transfer.
    VanishKeys => Vanish {
        /// The mean time until a client leaves.
        every: Span = required("\"4h\"", positive_duration());
        /// The mean time until the client returns.
        away ("for"): Span = required("\"30m\"", positive_duration());
    }
}

const DAYS: [&str; 7] =
    ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const DAY: u64 = WEEK / 7;
const MINUTE: u64 = 60_000;

/// The hours of the client group `group`; `starts` is when in the week the simulation starts, `horizon`
/// when it ends, if these could be read.
pub fn hours(
    group: Field<'_>,
    online: Option<Week>,
    zones: Option<Vec<Zone>>,
    stagger: Option<Span>,
    starts: Option<Span>,
    horizon: Option<Span>,
) -> Option<Option<Hours>> {
    let Some(online) = online else {
        let shifts = ["zones", "stagger"].into_iter().filter_map(|key| group.get(key));
        let shifts = shifts.map(|field| {
            let error =
                format!("{} shifts `online` hours, but this group has none", quoted(field.key()));
            let error = Diagnostic::error(error).at(field.key_location());
            field.reject::<()>(error.help("add `online = \"Mon-Fri 08:00-18:00\"`"))
        });
        return (shifts.count() == 0).then_some(None);
    };
    let zones = zones.unwrap_or_else(|| vec![Zone(0)]);
    let stagger = stagger.unwrap_or(Span::ZERO);
    let hours = Hours { online, zones, stagger, starts: starts.unwrap_or(Span::ZERO) };
    let opens = first_opening(&hours);
    if let (Some(starts), Some(horizon)) = (starts, horizon)
        && opens >= horizon
    {
        let error = Diagnostic::error("these hours never open before the horizon");
        let label = format!("first open after {opens}, at {}", day_and_time_text(starts + opens));
        let help = format!(
            "the simulation starts on {}: change `starts`, or lengthen `horizon`",
            day_and_time_text(starts)
        );
        return group.get("online")?.reject(error.label(label).help(help));
    }
    Some(Some(hours))
}

/// How long after the start the first client can be online, over all zones and shifts.
fn first_opening(hours: &Hours) -> Span {
    // A client whose hours are later by all of the stagger lives in the week as it was that long ago.
    // If it is open at some time since, a client with a shorter delay is online at the start.
    let stagger = hours.stagger.as_millis();
    let earlier = WEEK - stagger % WEEK;
    let opens = hours.zones.iter().map(|zone| {
        let latest = Hours {
            online: hours.online.clone(),
            zones: vec![*zone],
            stagger: Span::ZERO,
            starts: Span::from_millis(hours.starts.as_millis() + earlier),
        };
        // Nothing is drawn: there is one zone, and no stagger.
        latest.of(0, &Streams::new(0, 0, "")).opens(Time::ZERO).as_millis().saturating_sub(stagger)
    });
    Span::from_millis(opens.min().unwrap_or(0))
}

/// A day and a time, as the time since Monday 00:00.
pub fn day_and_time() -> impl Form<Value = Span> {
    form(
        read_start,
        |start| day_and_time_text(*start).into(),
        || {
            let examples = ["Mon 00:00", "Fri 18:30"];
            Shape::value("day and time", json!({ "type": "string", "examples": examples }))
        },
    )
}

/// Hours of the week.
pub fn week() -> impl Form<Value = Week> {
    form(
        read_week,
        |week| week.text.as_str().into(),
        || {
            let examples = [
                "Mon-Fri 08:00-18:00",
                "22:00-06:00",
                "Mon,Wed 08:00-12:00,13:00-17:00, Sat 09:00-13:00",
            ];
            Shape::value("hours of the week", json!({ "type": "string", "examples": examples }))
        },
    )
}

/// Time zones; at least one.
pub fn zones() -> impl Form<Value = Vec<Zone>> {
    let zones = checked(
        list(zone()),
        |zones, field| match zones.is_empty() {
            true => field.refuse("`zones` has no time zone", "write `[\"UTC\"]`"),
            false => Some(zones),
        },
        Clone::clone,
    );
    described(zones, || json!({ "minItems": 1, "examples": [["UTC", "UTC+1"]] }))
}

fn zone() -> impl Form<Value = Zone> {
    let read = |zone: Field<'_>| {
        let text = zone.string()?;
        parse_zone(text).or_else(|| {
            let error = format!("{} is not a time zone", quoted(text));
            zone.refuse(error, "write for example `\"UTC\"`, `\"UTC+1\"` or `\"UTC-3:30\"`")
        })
    };
    form(
        read,
        |zone| zone.to_string().into(),
        || {
            let pattern = "^\\s*UTC([+-]0*([0-9]|1[0-4])(:0*[0-5]?[0-9])?)?\\s*$";
            Shape::value("time zone", json!({ "type": "string", "pattern": pattern }))
        },
    )
}

fn read_start(start: Field<'_>) -> Option<Span> {
    let text = start.string()?;
    read_day_and_time(text).or_else(|| {
        let error = format!("{} is not a day and a time", quoted(text));
        start.refuse(error, "write for example `\"Mon 08:00\"`")
    })
}

/// `Mon 08:00`, as the time since Monday 00:00; `None` if the text is anything else.
pub fn read_day_and_time(text: &str) -> Option<Span> {
    let (day, time) = match text.split_whitespace().collect::<Vec<_>>()[..] {
        [day, time] => parse_day(day).zip(parse_time(time)).filter(|(_, time)| *time < DAY)?,
        _ => return None,
    };
    Some(Span::from_millis(day * DAY + time))
}

/// The text that [`read_day_and_time`] reads.
pub fn day_and_time_text(start: Span) -> String {
    let millis = start.as_millis() % WEEK;
    let (day, minutes) = (DAYS[(millis / DAY) as usize], millis % DAY / MINUTE);
    format!("{} {:02}:{:02}", &day[..3], minutes / 60, minutes % 60)
}

fn read_week(online: Field<'_>) -> Option<Week> {
    let text = online.string()?;
    parse_week(text).map_or_else(
        |wrong| {
            let error = Diagnostic::error(wrong.message).help(wrong.help);
            online.reject(error.at(online.inside(text, wrong.span)))
        },
        Some,
    )
}

/// `Mon-Fri 08:00-18:00`.
///
/// # Errors
///
/// [`ValueError`] if the text is anything else than hours of a week, or they never open.
pub fn parse_week(text: &str) -> Result<Week, ValueError> {
    let refuse = |error: String, range| Err(ValueError::new(error, range, EXAMPLE));
    let (mut windows, mut days) = (Vec::new(), Days::default());
    let (mut start, mut trimmed) = (0, 0..0);
    for part in text.split(',') {
        let range = start..start + part.len();
        start = range.end + 1;
        let blank = part.len() - part.trim_start().len();
        trimmed = range.start + blank..range.start + blank + part.trim().len();
        if trimmed.is_empty() && text.contains(',') {
            let (side, comma) = match range.end {
                end if end < text.len() => ("before", end),
                _ => ("after", range.start - 1),
            };
            let error = format!("there are no hours {side} this comma");
            return Err(ValueError::new(error, comma..comma + 1, "leave the comma out"));
        }
        match parse_windows(part, &mut days) {
            Ok(more) => windows.extend(more),
            Err(wrong) if trimmed.is_empty() => return refuse(wrong, 0..text.len()),
            Err(wrong) => return refuse(wrong, trimmed),
        }
    }
    if let [.., last] = days.without_times[..] {
        return refuse(format!("{} has no times", quoted(DAYS[last as usize])), trimmed);
    }
    let never = || ValueError::of(text, "these hours never open", EXAMPLE);
    Week::new(text, windows).ok_or_else(never)
}

const EXAMPLE: &str = "write for example `\"Mon-Fri 08:00-18:00\"`, `\"22:00-06:00\"` for every \
                       night, or `\"Mon-Fri 08:00-18:00, Sat 09:00-13:00\"`";

/// The days that hours without days of their own belong to.
#[derive(Default)]
struct Days {
    /// The days of the hours before; none at the beginning, which stands for every day.
    carried: Vec<u64>,
    /// Days that are named before their hours, as in `Mon,Wed,Fri 08:00-18:00`.
    without_times: Vec<u64>,
}

/// The beginnings and ends that a part between two commas gives, which has days, times or both. Days without
/// times wait for those of the next part; times without days are on the days before them.
fn parse_windows(part: &str, days: &mut Days) -> Result<Vec<(u64, u64)>, String> {
    let plain = part.replace('\u{2013}', "-");
    let mut words: Vec<String> = Vec::new();
    for word in plain.split_whitespace() {
        match words.last_mut() {
            // Blanks may be around the dash of a range.
            Some(last) if last.ends_with('-') || word.starts_with('-') => last.push_str(word),
            _ => words.push(word.to_owned()),
        }
    }
    let is_time = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let (named, times) = match &words[..] {
        [times] if is_time(times) => (None, Some(times)),
        [named] => (Some(named), None),
        [named, times] => (Some(named), Some(times)),
        [] => return Err("these hours never open".to_owned()),
        _ => return Err("hours consist of days and times".to_owned()),
    };
    if let Some(named) = named {
        days.without_times.extend(parse_days(named)?);
    }
    let Some(times) = times else { return Ok(Vec::new()) };
    let (from, to) = parse_times(times)?;
    if !days.without_times.is_empty() {
        days.carried = std::mem::take(&mut days.without_times);
    }
    let every: Vec<u64> = (0..7).collect();
    let open = if days.carried.is_empty() { &every } else { &days.carried };
    Ok(open.iter().map(|day| (day * DAY + from, day * DAY + to)).collect())
}

/// `Mon` or `Mon-Fri`: the numbers of the days, from Monday.
fn parse_days(word: &str) -> Result<Vec<u64>, String> {
    let (first, last) = word.split_once('-').unwrap_or((word, word));
    let day = |word| parse_day(word).ok_or_else(|| format!("{} is not a day", quoted(word)));
    let (first, last) = (day(first)?, day(last)?);
    let count = (last + 7 - first) % 7 + 1;
    Ok((0..count).map(|i| (first + i) % 7).collect())
}

/// `08:00-18:00`, in ms from midnight. Hours that end before they begin end on the next day.
fn parse_times(times: &str) -> Result<(u64, u64), String> {
    let (from, to) =
        times.split_once('-').ok_or_else(|| format!("{} has no end", quoted(times)))?;
    let time =
        |word| parse_time(word).ok_or_else(|| format!("{} is not a time of day", quoted(word)));
    let (from, to) = (time(from)?, time(to)?);
    if from == DAY {
        let begin = quoted("24:00");
        return Err(format!(
            "{begin} can only be an end: write `00:00` of the next day as the beginning"
        ));
    }
    if from == to {
        let times = quoted(times);
        return Err(format!("these hours never open: {times} ends when it begins"));
    }
    Ok((from, if to < from { to + DAY } else { to }))
}

/// `Mon` or `Monday`: its number from Monday.
pub fn parse_day(word: &str) -> Option<u64> {
    let is = |day: &str| word.eq_ignore_ascii_case(day) || word.eq_ignore_ascii_case(&day[..3]);
    DAYS.iter().position(|day| is(day)).map(|place| place as u64)
}

/// `08:00` to `24:00`, in ms.
pub fn parse_time(word: &str) -> Option<u64> {
    let (hours, minutes) = word.split_once(':')?;
    let digits = |part: &str| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || minutes.len() != 2 || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (u64, u64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let millis = (hours * 60 + minutes) * MINUTE;
    (minutes < 60 && millis <= DAY).then_some(millis)
}

fn parse_zone(text: &str) -> Option<Zone> {
    let rest = text.trim().strip_prefix("UTC")?;
    if rest.is_empty() {
        return Some(Zone(0));
    }
    let (sign, rest) = match rest.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':').unwrap_or((rest, "0"));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours) || !digits(minutes) {
        return None;
    }
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    (hours <= 14 && minutes < 60).then_some(Zone(sign * (hours * 60 + minutes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: u64 = 60 * MINUTE;

    /// The beginnings and ends of a text, in hours from Monday.
    fn windows(text: &str) -> Result<Vec<(u64, u64)>, String> {
        let mut days = Days::default();
        let parts: Result<Vec<_>, String> =
            text.split(',').map(|part| parse_windows(part, &mut days)).collect();
        Ok(parts?.concat().into_iter().map(|(from, to)| (from / HOUR, to / HOUR)).collect())
    }

    /// The same hours on each of these days.
    fn on(days: &[u64], from: u64, to: u64) -> Vec<(u64, u64)> {
        days.iter().map(|day| (day * 24 + from, day * 24 + to)).collect()
    }

    #[test]
    fn hours_without_days_are_on_the_days_before_them() {
        let sat = [on(&[5], 9, 10), on(&[5], 13, 14)].concat();
        assert_eq!(windows("Sat 09:00-10:00,13:00-14:00"), Ok(sat));
        let twice = [on(&[0, 1], 8, 12), on(&[0, 1], 13, 17), on(&[5], 9, 13)].concat();
        assert_eq!(windows("Mon-Tue 08:00-12:00, 13:00-17:00, Sat 09:00-13:00"), Ok(twice));
        let night = [on(&[5], 22, 30), on(&[5], 7, 8)].concat();
        assert_eq!(windows("Sat 22:00-06:00, 07:00-08:00"), Ok(night));
        let all = [0, 1, 2, 3, 4, 5, 6];
        let daily = [on(&all, 8, 12), on(&all, 13, 17)].concat();
        assert_eq!(windows("08:00-12:00,13:00-17:00"), Ok(daily));
    }

    #[test]
    fn several_days_have_the_hours_that_follow_them() {
        assert_eq!(windows("Mon,Wed,Fri 08:00-18:00"), Ok(on(&[0, 2, 4], 8, 18)));
        assert_eq!(windows("Mon, Wed-Thu, 08:00-18:00"), Ok(on(&[0, 2, 3], 8, 18)));
        let lists = [on(&[0, 2], 8, 12), on(&[0, 2], 13, 17), on(&[5, 6], 10, 11)].concat();
        assert_eq!(windows("Mon,Wed 08:00-12:00,13:00-17:00,Sat,Sun 10:00-11:00"), Ok(lists));
        assert_eq!(windows("Sat - Mon 08:00 \u{2013} 18:00"), Ok(on(&[5, 6, 0], 8, 18)));
    }
}
