//! The units that the names of columns state: `duration_us`, `elapsed (s)`, `Zeit in Sekunden`, `size_MiB`.

use super::time_words::{EPOCH, Nanos, PARTS, PER, TIMES, UNCLEAR};

/// What the name of a column states about the numbers in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stated<U> {
    /// Nothing.
    Nothing,
    /// They are in this unit.
    Unit(U),
    /// Something that is not certainly a unit; which part of the name, in a few words.
    Unclear(String),
}

/// The length of a unit that a word behind a number in a cell stands for.
pub fn of_word(word: &str) -> Option<Nanos> {
    // Unlike at the end of a name, `m` behind a number is a minute, as everywhere in scenarios.
    let own = match word {
        "m" => "min",
        "w" => "week",
        other => other,
    };
    let is_named = |names: &[&str]| names.contains(&own);
    TIMES
        .iter()
        .find(|(anywhere, at_end, _)| is_named(anywhere) || is_named(at_end))
        .map(|(_, _, nanos)| *nanos)
}

/// What the name of a column of times states.
pub fn of_times(name: &str) -> Stated<Nanos> {
    let words = words(name);
    let words: Vec<String> = words.into_iter().map(|word| word.to_lowercase()).collect();
    let last = words.len().saturating_sub(1);
    let mut units = Vec::new();
    let mut unclear = None;
    for (place, word) in words.iter().enumerate() {
        let unit = TIMES.iter().find(|(anywhere, at_end, _)| {
            let is = |words: &[&str]| words.contains(&word.as_str());
            is(anywhere) || (is(at_end) && (word.len() > 1 || place == last))
        });
        if let Some((anywhere, _, nanos)) = unit {
            units.push(*nanos);
            let before = place.checked_sub(1).and_then(|before| words.get(before));
            let is_part = before.is_some_and(|before| PER.contains(&before.as_str()));
            if is_part || (place != last && !anywhere.contains(&word.as_str())) {
                unclear = Some(word.clone());
            }
        } else if (place == last && UNCLEAR.contains(&word.as_str()))
            || PARTS.iter().any(|part| word.contains(part) && word != "secondary")
        {
            unclear = Some(word.clone());
        }
    }
    units.dedup();
    match (&units[..], unclear) {
        (_, Some(word)) => Stated::Unclear(format!("`{word}`")),
        ([], None) => in_brackets(name).map_or(Stated::Nothing, Stated::Unclear),
        ([unit], None) => Stated::Unit(*unit),
        _ => Stated::Unclear("more than one unit".to_owned()),
    }
}

/// Whether the name of a column says that its times are instants.
pub fn is_epoch(name: &str) -> bool {
    words(name).iter().any(|word| EPOCH.contains(&word.to_lowercase().as_str()))
}

/// The words for units of size, and the units.
const SIZES: [(&[&str], &str); 10] = [
    (&["b", "byte", "bytes"], "B"),
    (&["kilobyte", "kilobytes"], "kB"),
    (&["megabyte", "megabytes"], "MB"),
    (&["gigabyte", "gigabytes"], "GB"),
    (&["terabyte", "terabytes"], "TB"),
    (&["petabyte", "petabytes"], "PB"),
    (&["kibibyte", "kibibytes"], "KiB"),
    (&["mebibyte", "mebibytes"], "MiB"),
    (&["gibibyte", "gibibytes"], "GiB"),
    (&["tebibyte", "tebibytes"], "TiB"),
];

/// Words at the end of a name that are units of size which are not read, or may be.
const UNCLEAR_SIZES: [&str; 32] = [
    "k", "m", "g", "t", "kb", "mb", "gb", "tb", "pb", "kib", "mib", "gib", "tib", "pib", "bit",
    "bits", "kbit", "mbit", "gbit", "blocks", "pages", "sectors", "eb", "mbits", "s", "sec",
    "second", "bps", "kbps", "mbps", "gbps", "rate",
];

/// What the name of a column of sizes states; the unit as sizes are written.
pub fn of_sizes(name: &str) -> Stated<&'static str> {
    // `MiB` is a unit as it is written, not two words.
    let whole: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let written = SIZES.iter().find(|(_, unit)| whole.last() == Some(unit));
    if let Some((_, unit)) = written {
        return Stated::Unit(unit);
    }
    let last = whole.last().map(|word| word.to_lowercase()).unwrap_or_default();
    let is_rate = whole.iter().any(|word| word.eq_ignore_ascii_case("per"));
    if UNCLEAR_SIZES.contains(&last.as_str()) || is_rate {
        return Stated::Unclear(format!("`{last}`"));
    }
    let words: Vec<String> = words(name).iter().map(|word| word.to_lowercase()).collect();
    let mut units: Vec<&str> = SIZES
        .iter()
        .filter(|(names, _)| {
            words.iter().any(|word| word.len() > 1 && names.contains(&word.as_str()))
        })
        .map(|(_, unit)| *unit)
        .collect();
    match (units.pop(), units.is_empty()) {
        (None, _) => in_brackets(name).map_or(Stated::Nothing, Stated::Unclear),
        (Some(unit), true) => Stated::Unit(unit),
        (Some(_), false) => Stated::Unclear("more than one unit".to_owned()),
    }
}

/// The words of a name: letters and digits between other characters, and between a small and a capital
/// letter. Numbers are no words.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let begins = !c.is_alphanumeric() || (before.is_lowercase() && c.is_uppercase());
        if begins {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words.iter_mut().last().into_iter().for_each(|word| word.push(c));
        }
        before = c;
    }
    words.retain(|word| word.contains(char::is_alphabetic));
    words
}

/// The part of a name in brackets, with them: there, names state their units.
fn in_brackets(name: &str) -> Option<String> {
    let start = name.find(['(', '[', '{'])?;
    let end = name[start..].find([')', ']', '}'])? + start;
    let inner = name[start + 1..end].trim();
    // Not every bracket has letters, and zones of time are no units.
    let is_zone = matches!(inner.to_lowercase().as_str(), "utc" | "gmt" | "local");
    (inner.contains(char::is_alphabetic) && !is_zone).then(|| format!("`{}`", &name[start..=end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_known_wherever_names_state_it() {
        for (nanos, names) in [
            (1, "t_ns startTimeUnixNano time.ns"),
            (1_000, "arrival_time_us duration-us usec µs latency[us] epoch_us"),
            (1_000_000, "time_ms Elapsed(ms) durationMs timestamp_millis ms_since_start TIME_MS"),
            (
                1_000_000_000,
                "at_s time_sec elapsed(s) seconds seconds_since_start took/s p95_s time_s_1",
            ),
            (60_000_000_000, "duration_min Minutes elapsedMin"),
            (3_600_000_000_000, "walltime_h hours wait_hrs"),
            (86_400_000_000_000, "age_d days"),
        ] {
            for name in names.split(' ') {
                assert_eq!(of_times(name), Stated::Unit(nanos), "{name}");
            }
        }
        assert_eq!(of_times("elapsed (s)"), Stated::Unit(1_000_000_000));
        assert_eq!(of_times("Time in seconds"), Stated::Unit(1_000_000_000));
    }

    #[test]
    fn a_unit_is_known_in_other_languages() {
        for (nanos, names) in [
            (
                1_000_000,
                "Zeit in Millisekunden|durée (millisecondes)|Tiempo en milisegundos|tempo_msec",
            ),
            (
                1_000_000_000,
                "Zeit in Sekunden|Dauer (Sekunden)|DauerSekunden|Dauer [Sek.]|durée en secondes|\
                 Tiempo (segundos)|tempo in secondi|Tempo em segundos|tijd in seconden|tid (sekunder)",
            ),
            (60_000_000_000, "Dauer in Minuten|durée (minutes)|Duración en minutos|tempo (minuti)"),
            (3_600_000_000_000, "Dauer in Stunden|durée en heures|Duración (horas)|tijd in uren"),
            (86_400_000_000_000, "Alter in Tagen|âge (jours)|edad en días|dauer_tage"),
            (604_800_000_000_000, "Alter in Wochen|semanas"),
        ] {
            for name in names.split('|') {
                assert_eq!(of_times(name), Stated::Unit(nanos), "{name}");
            }
        }
        // Of these it is not certain that they are a unit, or which.
        for name in [
            "Heure",
            "Hora",
            "latency_std",
            "Sekundenwert",
            "Anfragen pro Sekunde",
            "время, сек",
            "時間（秒）",
            "Zeit_Hundertstelsekunden",
        ] {
            assert!(matches!(of_times(name), Stated::Unclear(_)), "{name}: {:?}", of_times(name));
        }
        for name in ["Zeit", "Ankunft", "Startzeit", "fecha", "secondary"] {
            assert_eq!(of_times(name), Stated::Nothing, "{name}");
        }
    }

    #[test]
    fn a_name_without_a_unit_states_nothing() {
        for name in ["", "time", "timestamp", "Submit", "ts", "class", "weekday", "t(UTC)", "items"]
        {
            assert_eq!(of_times(name), Stated::Nothing, "{name}");
        }
    }

    #[test]
    fn what_may_be_a_unit_is_not_guessed() {
        for name in [
            "wait_m",
            "latency_ms_min",
            "hour_of_day",
            "time_of_day",
            "second_attempt",
            "elapsed (wall)",
            "age_months",
            "time_ps",
            "requests_per_sec",
            "ticks",
        ] {
            assert!(matches!(of_times(name), Stated::Unclear(_)), "{name}: {:?}", of_times(name));
        }
    }

    #[test]
    fn sizes_have_units_in_names_too() {
        for (name, stated) in [
            ("size_MB", Stated::Unit("MB")),
            ("Size (KiB)", Stated::Unit("KiB")),
            ("bytes", Stated::Unit("B")),
            ("bytes_sent", Stated::Unit("B")),
            ("bodyBytes", Stated::Unit("B")),
            ("kilobytes", Stated::Unit("kB")),
            ("size", Stated::Nothing),
            ("Response_B", Stated::Unit("B")),
        ] {
            assert_eq!(of_sizes(name), stated, "{name}");
        }
        for name in [
            "size_mb",
            "size_KB",
            "traffic_Mbit",
            "size (blocks)",
            "bits",
            "kilobytes_of_megabytes",
            "bytes_per_s",
            "bytes_s",
        ] {
            assert!(matches!(of_sizes(name), Stated::Unclear(_)), "{name}: {:?}", of_sizes(name));
        }
    }
}
