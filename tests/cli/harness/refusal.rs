//! Errors and warnings about the input of the program, parsed, so that tests assert facts instead of
//! sentences: the place, the marked text, the facts of the message, and the suggested correction.

/// A row of a table of wrong inputs, each with one error: the input, the [place](Problem::at), what
/// is [marked](Problem::marks), what the message is [about](Problem::about), and what it
/// [suggests](Problem::suggests).
pub type Row<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str);

/// Asserts each row of a table.
#[track_caller]
pub fn check(refuse: impl Fn(&str) -> Refusal, rows: &[Row]) {
    for &(input, place, marked, about, suggestion) in rows {
        refuse(input).at(place).marks(marked).about(about).suggests(suggestion);
    }
}

/// Asserts that a text mentions each of `facts`, which are separated by ` | `, as whole words.
#[track_caller]
pub fn assert_mentions(text: &str, facts: &str) {
    for fact in facts.split(" | ").filter(|fact| !fact.is_empty()) {
        assert!(mentions(text, fact), "`{fact}` is not in\n{text}");
    }
}

/// Whether a text contains `fact`, not as a part of a longer word.
fn mentions(text: &str, fact: &str) -> bool {
    let in_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(fact).any(|(start, _)| {
        let (before, after) = (&text[..start], &text[start + fact.len()..]);
        let joined_before = in_word(before.chars().next_back()) && in_word(fact.chars().next());
        let joined_after = in_word(after.chars().next()) && in_word(fact.chars().next_back());
        !joined_before && !joined_after
    })
}

/// All errors of an input, or all warnings of a run.
#[derive(Debug)]
pub struct Refusal {
    /// The whole text.
    pub text: String,
    problems: Vec<Problem>,
}

impl Refusal {
    /// Parses the text of standard error. Each problem begins with `level`, which is `error` or
    /// `warning`, and has a file, line and column, the line, a caret, and a suggested correction. The
    /// number of problems is written below them.
    #[track_caller]
    pub fn parse(level: &str, text: &str) -> Refusal {
        let (_, last) = text.trim_end().rsplit_once("\n\n").expect("problems and their number");
        let begins = format!("{level}: ");
        let count = text.lines().filter(|line| line.starts_with(&begins)).count();
        let number = format!("{count} {level}{} in ", if count == 1 { "" } else { "s" });
        assert!(last.starts_with(&number), "it is not {number}:\n{text}");
        let blocks = text.split("\n\n").filter(|block| block.starts_with(&begins));
        let problems: Vec<Problem> = blocks.map(Problem::parse).collect();
        assert_eq!(problems.len(), count, "{text}");
        Refusal { text: text.to_owned(), problems }
    }

    /// The problems, of which there are `N`, in the order of the report.
    #[track_caller]
    pub fn problems<const N: usize>(self) -> [Problem; N] {
        let count = self.problems.len();
        let Refusal { text, problems } = self;
        problems.try_into().unwrap_or_else(|_| panic!("{count} problems instead of {N}:\n{text}"))
    }

    /// The only problem, which is at this [place](Problem::at).
    #[track_caller]
    pub fn at(self, place: &str) -> Problem {
        let [problem] = self.problems();
        problem.at(place)
    }

    /// How many problems there are.
    pub fn count(&self) -> usize {
        self.problems.len()
    }
}

/// One problem of an input.
#[derive(Debug)]
pub struct Problem {
    text: String,
    message: String,
    place: String,
    source: String,
    marked: String,
    advice: String,
}

impl Problem {
    /// Parses the text of one problem.
    #[track_caller]
    fn parse(text: &str) -> Problem {
        let (message, below) = text.split_once('\n').expect("a message and more");
        let place = below.lines().find_map(|line| line.trim_start().strip_prefix("--> "));
        let place = place.unwrap_or_else(|| panic!("no place in\n{text}"));
        let numbers: Vec<_> = place.rsplitn(3, ':').take(2).map(str::parse::<u32>).collect();
        assert!(matches!(numbers[..], [Ok(1..), Ok(1..)]), "no line and column in\n{text}");
        let lines: Vec<&str> = below.lines().collect();
        let caret = lines
            .iter()
            .position(|line| line.trim_start().trim_start_matches(['|', ' ']).starts_with('^'));
        let caret = caret.unwrap_or_else(|| panic!("no caret in\n{text}"));
        let (source, carets) = (lines[caret - 1], lines[caret]);
        let start = carets.chars().take_while(|c| *c != '^').count();
        let length = carets.chars().filter(|c| *c == '^').count();
        let source_from = source.find("| ").map_or(source, |bar| &source[bar + 2..]);
        let label = carets.rsplit_once('^').map_or("", |(_, label)| label.trim());
        let notes =
            lines[caret + 1..].iter().filter_map(|line| line.trim_start().strip_prefix("= "));
        let advice: Vec<&str> =
            [label].into_iter().chain(notes).filter(|text| !text.is_empty()).collect();
        assert!(!advice.is_empty(), "no suggestion in\n{text}");
        Problem {
            text: text.to_owned(),
            message: message.to_owned(),
            place: place.to_owned(),
            source: source_from.to_owned(),
            marked: source.chars().skip(start).take(length).collect(),
            advice: advice.join("\n"),
        }
    }

    /// The line with the problem, as it is shown.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Asserts its place: `LINE:COLUMN` of `s.toml`, or `FILE:LINE:COLUMN`.
    #[track_caller]
    pub fn at(self, place: &str) -> Problem {
        let in_scenario = place.matches(':').count() == 1;
        let expected = if in_scenario { format!("s.toml:{place}") } else { place.to_owned() };
        assert_eq!(self.place, expected, "{}", self.text);
        self
    }

    /// Asserts that the carets are below this text.
    #[track_caller]
    pub fn marks(self, marked: &str) -> Problem {
        assert_eq!(self.marked, marked, "{}", self.text);
        self
    }

    /// Asserts that the message names each of these facts, separated by ` | `: keys, values, limits.
    #[track_caller]
    pub fn about(self, facts: &str) -> Problem {
        self.assert_mentions("message", &self.message, facts);
        self
    }

    /// Asserts that the suggested correction names each of these facts, separated by ` | `.
    #[track_caller]
    pub fn suggests(self, facts: &str) -> Problem {
        self.assert_mentions("advice", &self.advice, facts);
        self
    }

    #[track_caller]
    fn assert_mentions(&self, what: &str, text: &str, facts: &str) {
        for fact in facts.split(" | ").filter(|fact| !fact.is_empty()) {
            assert!(mentions(text, fact), "`{fact}` is not in the {what} of\n{}", self.text);
        }
    }
}

const REPORT: &str = "error: `count` must be from 1 to 10, found 0
 --> s.toml:8:9
  |
8 | count = 0
  |         ^ must be from 1 to 10

1 error in s.toml
";

#[test]
fn a_fact_within_a_longer_word_is_not_mentioned() {
    assert!(mentions("from 1 to 10", "1") && mentions("from 1 to 10", "10"));
    assert!(!mentions("from 10 to 21", "1") && !mentions("the `recount`", "count"));
    assert!(mentions("add `a = \"1m\"`", "a = \"1m\"") && !mentions("`poll_interval`", "interval"));
}

#[test]
fn a_report_is_parsed_into_its_facts() {
    let problem = Refusal::parse("error", REPORT).at("8:9").marks("0").about("count | 10");
    problem.suggests("1 | 10");
}

#[test]
#[should_panic = "`cuont` is not in the message"]
fn another_fact_fails() {
    Refusal::parse("error", REPORT).at("8:9").about("count | cuont");
}

#[test]
#[should_panic = "no suggestion in"]
fn a_problem_without_advice_fails() {
    Refusal::parse("error", &REPORT.replace("^ must be from 1 to 10", "^"));
}

#[test]
#[should_panic = "1 problems instead of 2"]
fn another_number_of_problems_fails() {
    let [_, _] = Refusal::parse("error", REPORT).problems();
}
