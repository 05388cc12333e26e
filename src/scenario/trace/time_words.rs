//! The words for units of time in the names of columns.

/// A unit of time in a column: its length in nanoseconds.
pub type Nanos = i128;

/// The units of time: words that state them wherever they are in a name, words that do so at its end, and
/// nanoseconds. In English and other languages of Europe, as spreadsheets have them; of these the words in the
/// singular that are also those for a time of day (`Heure`, `Hora`) are unclear.
pub const TIMES: [(&[&str], &[&str], Nanos); 8] = [
    (
        &[
            "ns",
            "nsec",
            "nsecs",
            "nanos",
            "nanosecond",
            "nanoseconds",
            "nanosekunden",
            "nanosecondes",
            "nanosegundos",
            "nanosecondi",
        ],
        &["nano"],
        1,
    ),
    (
        &[
            "us",
            "µs",
            "μs",
            "usec",
            "usecs",
            "micros",
            "microsecond",
            "microseconds",
            "mikrosekunden",
            "microsecondes",
            "microsegundos",
            "microssegundos",
            "microsecondi",
            "microseconden",
        ],
        &["micro"],
        1_000,
    ),
    (
        &[
            "ms",
            "msec",
            "msecs",
            "millis",
            "millisecond",
            "milliseconds",
            "millisekunde",
            "millisekunden",
            "milliseconde",
            "millisecondes",
            "milisegundo",
            "milisegundos",
            "milissegundos",
            "millisecondi",
            "milliseconden",
            "millisekunder",
        ],
        &["milli"],
        1_000_000,
    ),
    (
        &[
            "sec", "secs", "seconds", "sek", "sekunden", "secondes", "segundos", "secondi",
            "seconden", "sekunder",
        ],
        &["s", "second", "sekunde", "seconde", "segundo", "secondo", "sekund"],
        1_000_000_000,
    ),
    (
        &["mins", "minutes", "minuten", "minutos", "minuti", "minuter", "minutter"],
        &["min", "minute", "minuto", "minuut", "minut"],
        60_000_000_000,
    ),
    (
        &["hr", "hrs", "hours", "stunden", "heures", "horas", "uren", "timmar"],
        &["h", "hour", "stunde"],
        3_600_000_000_000,
    ),
    (
        &["days", "tage", "tagen", "jours", "días", "dias", "giorni", "dagen", "dagar"],
        &["d", "day"],
        86_400_000_000_000,
    ),
    (
        &["weeks", "wochen", "semaines", "semanas", "settimane", "weken", "veckor"],
        &["week", "woche", "semaine", "semana", "settimana"],
        604_800_000_000_000,
    ),
];

/// Words at the end of a name that are units of time which are not read, or may be.
pub const UNCLEAR: [&str; 37] = [
    "m",
    "month",
    "months",
    "mo",
    "y",
    "yr",
    "yrs",
    "year",
    "years",
    "quarter",
    "tick",
    "ticks",
    "jiffy",
    "jiffies",
    "cycle",
    "cycles",
    "ps",
    "picoseconds",
    "fs",
    "cs",
    "centiseconds",
    "ds",
    "deciseconds",
    "w",
    "heure",
    "hora",
    "ora",
    "ore",
    "uur",
    "jour",
    "std",
    "seg",
    "mn",
    "monate",
    "monaten",
    "mois",
    "meses",
];

/// Parts of words in which a unit of time is, though not in a form that is read.
pub const PARTS: [&str; 12] = [
    "sekund",
    "second",
    "segund",
    "sekunt",
    "секунд",
    "сек",
    "минут",
    "秒",
    "分钟",
    "分鐘",
    "小时",
    "초",
];

/// Words before a unit that make it a part of another one.
pub const PER: [&str; 6] = ["of", "per", "pro", "je", "par", "por"];

/// Words that say that times are instants: numbers then count from the beginning of 1970.
pub const EPOCH: [&str; 5] = ["epoch", "unix", "posix", "date", "datetime"];
