//! The key `jitter`: how the delays of a policy are spread at random.

use serde_json::json;

use super::super::super::form::{Field, Form, Shape, form, quantity_shape};
use crate::diagnostic::{Diagnostic, did_you_mean, quoted};
use crate::model::Jitter;
use crate::value::{Percent, Span, ValueError};

const WORDS: [(&str, Jitter); 4] = [
    ("none", Jitter::None),
    ("full", Jitter::Full),
    ("equal", Jitter::Equal),
    ("decorrelated", Jitter::Decorrelated),
];

const HELP: &str = "the valid values are `none`, `full`, `equal`, `decorrelated`, a percentage or a time to either \
                    side, such as \"20%\" or \"30s\", or an added one, such as \"+1s\"";

/// The jitter of a policy: a word, a percentage or a time to either side, or an added one.
pub fn jitter() -> impl Form<Value = Jitter> {
    form(read, |jitter| write(*jitter).into(), shape)
}

/// The jitter of the policy `server`, which only ever adds to what the server asks for.
pub fn added_jitter() -> impl Form<Value = Jitter> {
    form(
        |field| match read(field)? {
            Jitter::Around(most) => Some(Jitter::Added(most)),
            Jitter::AroundShare(share) => Some(Jitter::AddedShare(share)),
            jitter @ (Jitter::None | Jitter::Added(_) | Jitter::AddedShare(_)) => Some(jitter),
            Jitter::Full | Jitter::Equal | Jitter::Decorrelated => {
                let error = "the `jitter` of the policy `server` only adds to what the server asks for, \
                             because clients are not to come before";
                field.refuse(error, "write the most that it adds: `\"30s\"` or `\"20%\"`")
            }
        },
        |jitter| write(*jitter).trim_start_matches('+').into(),
        || {
            let plain = Shape::either(quantity_shape::<Span>(), quantity_shape::<Percent>());
            Shape::either(Shape::word("none"), Shape::either(plain, added_shape()))
        },
    )
}

fn read(field: Field<'_>) -> Option<Jitter> {
    let Some(text) = field.as_str() else {
        return field.expected("a string", Some(HELP.to_owned()));
    };
    if let Some((_, jitter)) = WORDS.iter().find(|(word, _)| *word == text) {
        return Some(*jitter);
    }
    let trimmed = text.trim();
    let begins = text.len() - text.trim_start().len() + usize::from(trimmed.starts_with('+'));
    let (amount, is_added) = (&text[begins..], trimmed.starts_with('+'));
    if !amount.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '-' || c == '.') {
        let error = format!("unknown {}: {}", quoted(field.key()), quoted(text));
        let error = Diagnostic::error(error);
        return field.reject(match did_you_mean(trimmed, WORDS.iter().map(|(word, _)| *word)) {
            Some(near) => error.help(format!("did you mean `{near}`?")).note(HELP),
            None => error.help(HELP),
        });
    }
    let failed = |error: ValueError| {
        let ValueError { message, span, help } = error;
        let error = format!("{}: {message}", quoted(field.key()));
        let place = field.inside(text, begins + span.start..begins + span.end);
        field.reject(Diagnostic::error(error).at(place).help(help))
    };
    let jitter = match amount.trim_end().ends_with('%') {
        true => match amount.parse::<Percent>() {
            Ok(percent) if percent.share() > 1.0 && !is_added => {
                let error = format!("`jitter` must be from 0% to 100%, found {}", quoted(text));
                let help = "\"20%\" makes delays between 80% and 120% of what they would be";
                return field.refuse(error, help);
            }
            Ok(percent) if is_added => Jitter::AddedShare(percent.share()),
            Ok(percent) => Jitter::AroundShare(percent.share()),
            Err(error) => return failed(error),
        },
        false => match amount.parse::<Span>() {
            Ok(most) if is_added => Jitter::Added(most),
            Ok(reach) => Jitter::Around(reach),
            Err(error) => return failed(error),
        },
    };
    Some(jitter.normal())
}

fn write(jitter: Jitter) -> String {
    match jitter {
        Jitter::Around(reach) => reach.to_string(),
        Jitter::AroundShare(share) => Percent::from_share(share).to_string(),
        Jitter::Added(most) => format!("+{most}"),
        Jitter::AddedShare(share) => format!("+{}", Percent::from_share(share)),
        Jitter::None => "none".to_owned(),
        Jitter::Full => "full".to_owned(),
        Jitter::Equal => "equal".to_owned(),
        Jitter::Decorrelated => "decorrelated".to_owned(),
    }
}

fn shape() -> Shape {
    let words = WORDS.map(|(word, _)| word);
    let quoted = words.map(|word| format!("`{word}`")).join(", ");
    let words = Shape::value(format!("one of {quoted}"), json!({ "enum": words }));
    let amount = Shape::either(quantity_shape::<Span>(), quantity_shape::<Percent>());
    Shape::either(words, Shape::either(amount, added_shape()))
}

fn added_shape() -> Shape {
    let schema = json!({ "type": "string", "pattern": "^[ \t]*\\+[ \t]*[0-9]", "examples": ["+1s", "+20%"] });
    Shape::value("an added one with `+`", schema)
}
