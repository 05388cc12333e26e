//! The workaround: a new advertisement for those that are stranded.

use super::fields::Field;
use crate::diagnostic::Diagnostic;
use crate::model::Workaround;

/// Reads `workaround`.
pub fn read_workaround(workaround: Field<'_>) -> Option<Workaround> {
    let mut fields = workaround.fields("`workaround`")?;
    let after = fields.optional("after", Field::duration);
    let count = fields.optional("when_stranded", |count| count.integer_in(1..=u64::MAX));
    fields.finish();
    match (after?, count?) {
        (Some(after), None) => Some(Workaround::After(after)),
        (None, Some(count)) => Some(Workaround::WhenStranded(count)),
        (None, None) => {
            let error = Diagnostic::error("when does the workaround come?");
            workaround
                .reject(error.help("write `{ after = \"24h\" }` or `{ when_stranded = 100 }`"))
        }
        (Some(_), Some(_)) => {
            let error = Diagnostic::error("a workaround has either `after` or `when_stranded`");
            workaround.reject(error.help("leave one of them out"))
        }
    }
}
