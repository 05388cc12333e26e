//! Which character separates the cells of a file.

use super::separated::{cell_text, rows};

/// The characters that may separate cells, each with the word that the key `separator` has for it.
pub const SEPARATORS: [(&str, char); 4] = [(",", ','), (";", ';'), ("tab", '\t'), ("|", '|')];

/// The number of rows that are compared with the first one.
const LOOK_AT: usize = 100;

/// The separator that the first line declares, as spreadsheets write it (`sep=;`), and where the next line
/// begins.
pub fn declared(text: &str, start: usize) -> Option<(char, usize)> {
    let line = text[start..].split(['\r', '\n']).next()?;
    let word = line.trim().trim_matches('"');
    let value = word.get(..4).filter(|key| key.eq_ignore_ascii_case("sep=")).map(|_| &word[4..])?;
    let mut characters = value.chars();
    let (separator, None) = (characters.next().unwrap_or('\t'), characters.next()) else {
        return None;
    };
    let known = SEPARATORS.iter().any(|(_, known)| *known == separator);
    let rest = text[start + line.len()..].trim_start_matches(['\r', '\n']);
    known.then_some((separator, text.len() - rest.len()))
}

/// The separators that the first row may have. Of several, those that give the column `column`, if it is
/// named, and then those that divide all rows into the same number of cells. A comma where there is
/// only one column.
///
/// # Errors
///
/// All of them, as the words of [`SEPARATORS`], if it is more than one.
pub fn detect(text: &str, start: usize, column: Option<&str>) -> Result<char, Vec<&'static str>> {
    let first = |separator| rows(text, start, separator).next().and_then(Result::ok);
    let divides = |separator: char| first(separator).is_some_and(|row| row.cells.len() > 1);
    let has_column = |separator: char| {
        let names = first(separator).map(|row| row.cells).unwrap_or_default();
        names.iter().any(|name| column.is_some_and(|column| cell_text(text, name) == column))
    };
    let is_even = |separator: char| {
        let first = first(separator).map_or(0, |row| row.cells.len());
        let mut rows = rows(text, start, separator).take(LOOK_AT);
        rows.all(|row| row.is_ok_and(|row| row.cells.len() == first))
    };
    let mut candidates: Vec<(&str, char)> =
        SEPARATORS.into_iter().filter(|(_, separator)| divides(*separator)).collect();
    for fits in [&has_column as &dyn Fn(char) -> bool, &is_even] {
        if candidates.len() > 1 && candidates.iter().any(|(_, separator)| fits(*separator)) {
            candidates.retain(|(_, separator)| fits(*separator));
        }
    }
    match candidates[..] {
        [] => Ok(','),
        [(_, only)] => Ok(only),
        _ => Err(candidates.into_iter().map(|(word, _)| word).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_shows_the_separator() {
        for (text, column, separator) in [
            ("a,b\n1,2\n", None, Ok(',')),
            ("x;at_s\ny;1,5\n", None, Ok(';')),
            ("a\tb\n", None, Ok('\t')),
            ("JobID|Submit|\n", None, Ok('|')),
            ("at_s\n1\n", None, Ok(',')),
            ("", None, Ok(',')),
            ("\"a;b\",c\n", None, Ok(',')),
            ("name, full|submit\na|1\n", Some("submit"), Ok('|')),
            ("name, full|submit\na|1\n", None, Ok('|')),
            ("a,b;c\n1,2;3\n", None, Err(vec![",", ";"])),
        ] {
            assert_eq!(detect(text, 0, column), separator, "{text:?}");
        }
    }

    #[test]
    fn a_spreadsheet_may_declare_it() {
        assert_eq!(declared("sep=;\r\na;b\r\n", 0), Some((';', 7)));
        assert_eq!(declared("\"sep=|\"\na|b\n", 0), Some(('|', 8)));
        assert_eq!(declared("sep=\t\na\tb\n", 0), Some(('\t', 6)));
        assert_eq!(declared("separator;a\n", 0), None);
        assert_eq!(declared("", 0), None);
    }
}
