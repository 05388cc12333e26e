//! What has to hold of the text of a report in each markup, whatever names it shows. A file that
//! several test programs include.

/// Asserts that there are no control characters but ends of lines.
pub fn check_text(text: &str) {
    assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
}

/// Asserts that the tables are tables, and that there is no HTML, link, address or mention.
pub fn check_markdown(markdown: &str) {
    let mut columns = None;
    for line in markdown.lines() {
        if line.starts_with('|') {
            let cells = cells(line);
            assert_eq!(*columns.get_or_insert(cells), cells, "{line}");
        } else {
            columns = None;
        }
        assert!(!line.contains('<'), "HTML in {line}");
        assert!(!line.contains("](") && !line.contains("]["), "a link in {line}");
        let lower = line.to_lowercase();
        assert!(!lower.contains("://") && !lower.contains("www."), "an address in {line}");
        assert!(!line.contains('@'), "a mention in {line}");
        assert!(!line.chars().any(char::is_control), "control characters in {line:?}");
    }
}

/// Cells of a row of a Markdown table, split as GitHub does.
fn cells(row: &str) -> usize {
    row.trim_start_matches('|').matches('|').count()
}

/// Asserts that a spreadsheet reads no cell as a formula. Gives the rows.
pub fn check_csv(csv: &str) -> Vec<csv::StringRecord> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    let rows: Vec<_> = reader.records().map(|row| row.expect("as many cells as above")).collect();
    for cell in rows.iter().flatten() {
        let formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
        assert!(!formula || cell.parse::<f64>().is_ok(), "a formula: {cell:?}");
    }
    rows
}

/// The elements that reports have.
const ELEMENTS: &[&str] = &[
    "!DOCTYPE",
    "html",
    "head",
    "meta",
    "link",
    "title",
    "style",
    "body",
    "main",
    "header",
    "section",
    "h1",
    "h2",
    "h3",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "div",
    "span",
    "bdi",
    "code",
    "pre",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "details",
    "summary",
    "small",
    "strong",
    "figure",
    "figcaption",
    "svg",
    "g",
    "path",
    "line",
    "rect",
    "circle",
    "text",
    "tspan",
    "polyline",
    "polygon",
    "footer",
    "nav",
    "a",
    "em",
    "b",
    "i",
    "br",
];

/// Asserts that a page has tags of [`ELEMENTS`] only, and that their attributes are whole: text that is
/// not escaped would open a tag, or end the value of an attribute too early.
pub fn check_html(html: &str) {
    let page = html.split_once("</style>").map_or(html, |(_, page)| page);
    for (at, _) in html.match_indices('<') {
        let tag = html[at + 1..].trim_start_matches('/');
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric() && c != '!').next();
        assert!(ELEMENTS.contains(&name.unwrap_or_default()), "<{}", shortened(tag));
    }
    for tag in page.split('<').skip(1) {
        let name = tag.find(|c: char| !c.is_ascii_alphanumeric() && c != '/').unwrap_or(tag.len());
        let text = text_after_attributes(&tag[name..]);
        assert!(text.is_some(), "attributes of <{}", shortened(tag));
    }
}

/// The text behind the attributes of a tag; `None` if these are not names and values in quotes.
fn text_after_attributes(tag: &str) -> Option<&str> {
    let mut rest = tag;
    loop {
        if let Some(text) = rest.strip_prefix('>').or_else(|| rest.strip_prefix("/>")) {
            return Some(text);
        }
        rest = rest.strip_prefix(' ')?;
        let name = rest.find(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '-' | '1' | '2'));
        rest = &rest[name.filter(|length| *length > 0)?..];
        if let Some(value) = rest.strip_prefix("=\"") {
            rest = &value[value.find('"')? + 1..];
        }
    }
}

fn shortened(text: &str) -> String {
    text.chars().take(200).collect()
}
