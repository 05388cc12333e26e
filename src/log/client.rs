//! Which client wrote a log: logs of SMS do not name it, but those who collect them do, by file or directory.

use std::path::Path;

/// Names that logs have on every client.
const LOGS: [&str; 2] = ["smsapm32", "execmgr"];

/// Directories in which logs are on every client, and in which they are collected.
const PLACES: [&str; 13] = [
    "log", "logs", "core", "bin", "ms", "sms", "ccm", "winnt", "windows", "clicomp", "apm", "c",
    "c$",
];

/// The client that wrote a file: of `PC0001-SMSAPM32.log` and `PC0001/SMSAPM32.lo_` it is `PC0001`, of
/// `PC0001.log` as well.
pub fn client_of(path: &Path) -> String {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let mut stem: &str = &name;
    for ending in [".gz", ".log", ".lo_", ".txt"] {
        if stem.len() > ending.len()
            && stem.is_char_boundary(stem.len() - ending.len())
            && stem[stem.len() - ending.len()..].eq_ignore_ascii_case(ending)
        {
            stem = &stem[..stem.len() - ending.len()];
        }
    }
    let lower = stem.to_ascii_lowercase();
    let is_separator = |c: char| matches!(c, '-' | '_' | '.' | ' ' | '@');
    for log in LOGS {
        if lower == log {
            return of_directory(path).unwrap_or_else(|| stem.to_owned());
        }
        // The lower case of ASCII letters has the same places.
        if let Some(client) = lower.strip_suffix(log).filter(|rest| rest.ends_with(is_separator)) {
            return stem[..client.len()].trim_end_matches(is_separator).to_owned();
        }
        if let Some(rest) = lower.strip_prefix(log).filter(|rest| rest.starts_with(is_separator)) {
            return stem[stem.len() - rest.len()..].trim_start_matches(is_separator).to_owned();
        }
    }
    stem.to_owned()
}

/// The innermost directory that is not on every client.
fn of_directory(path: &Path) -> Option<String> {
    let names = path.parent()?.components().rev().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    let mut names = names.filter(|name| !PLACES.contains(&name.to_ascii_lowercase().as_str()));
    names.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_named_by_its_file_or_directory() {
        for (path, client) in [
            ("Q268500.log", "Q268500"),
            ("logs/PC0001/SMSAPM32.log", "PC0001"),
            ("logs/PC0001/C$/WINNT/MS/SMS/CORE/Logs/Smsapm32.lo_", "PC0001"),
            ("PC0001-SMSAPM32.log.gz", "PC0001"),
            ("SMSAPM32_PC0001.LOG", "PC0001"),
            ("SMSAPM32.log", "SMSAPM32"),
            ("größe.log", "größe"),
            ("-", "-"),
        ] {
            assert_eq!(client_of(Path::new(path)), client, "{path}");
        }
    }
}
