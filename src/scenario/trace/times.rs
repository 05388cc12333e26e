//! Cells with times: lengths, such as `90s` or `1:09:48`, and for arrivals also instants, such as
//! `2023-11-16T18:17:03Z` or seconds since 1970.

use super::cell_error::CellError;
use super::clock::{clock, iso_duration, with_units};
use super::column::Column;
use super::decimal::{Decimal, INSTANTS};
use super::instant::{instant, looks_like_date};
use super::sizes::{comma, has_comma};
use super::time_words::Nanos;
use super::unit::{Stated, is_epoch, of_times};
use crate::diagnostic::quoted;
use crate::model::Span;

const HELP: &str = "a time is a number of milliseconds (of seconds in a column whose name ends in `_s`), a \
                    number with a unit, such as `90s`, or `1:09:48`; an arrival may be an instant, such as \
                    `2023-11-16T18:17:03Z`";

/// What the times of a column are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Meaning {
    /// How long transfers take.
    Lengths,
    /// When clients arrive. Instants count from `origin`, or without it from the earliest of them.
    Arrivals {
        /// In nanoseconds since 1970.
        origin: Option<Nanos>,
    },
}

const MILLISECOND: Nanos = 1_000_000;

/// The times of a column; `None` if any cell is wrong, which is reported.
pub fn read(column: &Column<'_>, meaning: Meaning) -> Option<Vec<Span>> {
    let mut reader = Reader::new(column.name.unwrap_or_default(), meaning);
    let mut times = column.read(HELP, |cell| reader.cell(cell))?;
    if let (Some(origin), Some(Kind::Lengths)) = (column.origin, reader.kind) {
        let error = "`origin` is for instants, but the column has times from the start";
        return origin.refuse(error, "leave `origin` out");
    }
    if reader.are_instants_after_zeros() {
        let help = "write every cell as an instant, or name the column for its unit: `time_ms`";
        let error = "`0` is the first cell, but the others look like seconds since 1970";
        return column.reject_row(0, CellError::with_help(error, help));
    }
    if reader.kind == Some(Kind::Instants) {
        let earliest = times.iter().min().copied().unwrap_or_default();
        let is_no_instant = |time: &Nanos| *time < INSTANTS.start;
        if reader.scale.is_some()
            && times.iter().any(|time| INSTANTS.contains(time))
            && let Some(row) = times.iter().position(is_no_instant)
        {
            let error = "this is not a time since 1970, unlike other cells";
            let help = "write the time, or leave the row out";
            return column.reject_row(row, CellError::with_help(error, help));
        }
        let start = match meaning {
            Meaning::Arrivals { origin: Some(origin) } => origin,
            _ => earliest,
        };
        times.iter_mut().for_each(|time| *time -= start);
    }
    let longest = Nanos::from(Span::MAX.as_millis()) * MILLISECOND;
    if let Some(row) = times.iter().position(|time| *time > longest) {
        let error = format!("this is more than {} after the start", Span::MAX);
        return column.reject_row(row, CellError::with_help(error, HELP));
    }
    let rounded = |nanos: Nanos| u64::try_from((nanos + MILLISECOND / 2) / MILLISECOND);
    Some(times.into_iter().map(|nanos| Span::from_millis(rounded(nanos).unwrap_or(0))).collect())
}

/// Reads the instant that the key `origin` has: as in a cell, or a number since 1970 in seconds, milliseconds,
/// microseconds or nanoseconds.
pub fn origin(text: &str) -> Option<Nanos> {
    let of_number = || {
        let number = Decimal::read(text.trim())?;
        Some(number.times(number.unit_since_1970()?))
    };
    instant(text).map(|instant| instant.nanos).or_else(of_number)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Lengths,
    Instants,
}

/// How the numbers without a unit of a column are read; the first of them decides.
#[derive(Clone, Copy, Debug)]
struct Scale {
    unit: Nanos,
    kind: Kind,
    /// Whether only their magnitude shows that they are instants.
    by_magnitude: bool,
}

/// Reads the cells of a column, one after the other.
pub struct Reader {
    stated: Stated<Nanos>,
    is_epoch: bool,
    meaning: Meaning,
    /// What the cells so far are.
    kind: Option<Kind>,
    has_zone: Option<bool>,
    scale: Option<Scale>,
    /// The smallest number above zero and the largest one so far, without a unit.
    numbers: Option<[Nanos; 2]>,
}

impl Reader {
    /// For the cells of the column `name`.
    pub fn new(name: &str, meaning: Meaning) -> Reader {
        let (stated, is_epoch) = (of_times(name), is_epoch(name));
        Reader { stated, is_epoch, meaning, kind: None, has_zone: None, scale: None, numbers: None }
    }

    /// A cell in nanoseconds: from the start for a length, since 1970 for an instant.
    pub fn cell(&mut self, cell: &str) -> Result<Nanos, CellError> {
        match cell {
            "" => return Err(CellError::new("this cell is empty")),
            "-" => return Err(CellError::new("`-` is not a time")),
            _ => {}
        }
        if let Some(number) = Decimal::read(cell) {
            return self.number(cell, &number);
        }
        if let Some(instant) = instant(cell) {
            let mixed = self.has_zone.is_some_and(|zone| zone != instant.has_zone);
            self.has_zone = Some(instant.has_zone);
            if mixed {
                let help = "write the zone in every cell, such as `Z`, or in none";
                let what = if instant.has_zone { "a zone" } else { "no zone" };
                let error = format!("{} has {what}, unlike the cells above", quoted(cell));
                return Err(CellError::with_help(error, help));
            }
            return self.instant(cell, instant.nanos);
        }
        let length = match clock(cell) {
            Some(Ok(nanos)) => Some(nanos),
            Some(Err(wrong)) => {
                let help = "write hours, minutes and seconds: `1:30:00` or `0:01:30`";
                return Err(CellError::with_help(format!("{}: {wrong}", quoted(cell)), help));
            }
            None => with_units(cell).or_else(|| iso_duration(cell).map(nanos_of)),
        };
        match length {
            Some(nanos) => self.length(cell, nanos),
            None if has_comma(cell) => Err(comma(cell)),
            None if looks_like_date(cell) => Err(CellError::with_help(
                format!("{} is a date in a form that is not read", quoted(cell)),
                "write instants since 1970 as `2023-11-16T18:17:03Z`, with year, month and day in this order; a zone \
                 is `Z` or `+01:00`",
            )),
            None => match cell.parse::<Span>() {
                Ok(span) => self.length(cell, nanos_of(span)),
                Err(error) => Err(CellError::new(format!(
                    "{} is not a time: {}",
                    quoted(cell),
                    error.message
                ))),
            },
        }
    }

    fn number(&mut self, cell: &str, number: &Decimal<'_>) -> Result<Nanos, CellError> {
        if number.is_negative {
            return Err(CellError::new(format!("{} is negative", quoted(cell))));
        }
        let scale = match self.scale {
            Some(scale) => scale,
            None => *self.scale.insert(self.scale(cell, number)?),
        };
        let nanos = number.times(scale.unit);
        self.check_unit_since_1970(cell, number, scale.unit)?;
        let looks_like_instant = INSTANTS.contains(&nanos);
        if scale.kind == Kind::Instants {
            if scale.by_magnitude && !looks_like_instant {
                let error =
                    format!("{} is not a time since 1970, unlike the cells above", quoted(cell));
                let help =
                    "write every cell as an instant, or name the column for its unit: `time_ms`";
                return Err(CellError::with_help(error, help));
            }
            return self.instant(cell, nanos);
        }
        // Most programs that write decimals mean seconds; as milliseconds they would be rounded away.
        if self.stated == Stated::Nothing && nanos % MILLISECOND != 0 {
            let error =
                format!("{} has decimals, but the name of its column has no unit", quoted(cell));
            let help =
                "end the name with the unit, such as `_s` or `_ms`, or write the units: `1.5s`";
            return Err(CellError::with_help(error, help));
        }
        if looks_like_instant {
            let error =
                format!("{} looks like a time since 1970, unlike the cells above", quoted(cell));
            return Err(CellError::with_help(error, "write all cells of a column in one form"));
        }
        if nanos > 0 {
            let [least, most] = self.numbers.unwrap_or([nanos; 2]);
            self.numbers = Some([least.min(nanos), most.max(nanos)]);
        }
        self.length(cell, nanos)
    }

    fn scale(&self, cell: &str, number: &Decimal<'_>) -> Result<Scale, CellError> {
        let scale = match &self.stated {
            Stated::Unclear(what) => {
                let error = format!(
                    "{} has no certain unit: the name of its column has {what}",
                    quoted(cell)
                );
                let help = "end the name with a unit, such as `_s`, `_ms` or `_min`, or write the units: `90s`";
                return Err(CellError::with_help(error, help));
            }
            Stated::Unit(unit) => {
                let by_magnitude = !self.is_epoch;
                let is_instant = self.is_epoch || INSTANTS.contains(&number.times(*unit));
                let kind = if is_instant { Kind::Instants } else { Kind::Lengths };
                Scale { unit: *unit, kind, by_magnitude }
            }
            Stated::Nothing => match number.unit_since_1970() {
                Some(unit) => Scale { unit, kind: Kind::Instants, by_magnitude: true },
                None if self.is_epoch => {
                    let error = format!("{} has no certain unit", quoted(cell));
                    return Err(CellError::with_help(
                        error,
                        "end the name with a unit, such as `_s`",
                    ));
                }
                None => Scale { unit: MILLISECOND, kind: Kind::Lengths, by_magnitude: false },
            },
        };
        if scale.kind == Kind::Instants && self.meaning == Meaning::Lengths {
            let error = format!("{} looks like a time since 1970, not like a length", quoted(cell));
            let help = "a transfer takes a length of time; if this is one, end the name of the column with \
                        its unit, such as `_ms`";
            return Err(CellError::with_help(error, help));
        }
        Ok(scale)
    }

    /// Checks that a number is not too large for the unit that its column states because it is an instant in a
    /// smaller one.
    fn check_unit_since_1970(
        &self,
        cell: &str,
        number: &Decimal<'_>,
        unit: Nanos,
    ) -> Result<(), CellError> {
        const UNITS: [(Nanos, &str, &str); 3] = [
            (1_000_000, "milliseconds", "_ms"),
            (1_000, "microseconds", "_us"),
            (1, "nanoseconds", "_ns"),
        ];
        let known = number.unit_since_1970().filter(|own| *own < unit);
        let known = known.and_then(|own| UNITS.iter().find(|(unit, _, _)| *unit == own));
        match known {
            Some((_, word, ending)) if number.times(unit) >= INSTANTS.end => {
                let error = format!(
                    "{} looks like {word} since 1970, but the name of its column states another unit",
                    quoted(cell)
                );
                let help = format!("end the name with `{ending}`");
                Err(CellError::with_help(error, help))
            }
            _ => Ok(()),
        }
    }

    fn length(&mut self, cell: &str, nanos: Nanos) -> Result<Nanos, CellError> {
        if nanos > nanos_of(Span::MAX) {
            return Err(CellError::new(format!("{} is longer than {}", quoted(cell), Span::MAX)));
        }
        self.is(Kind::Lengths, cell)?;
        Ok(nanos)
    }

    fn instant(&mut self, cell: &str, nanos: Nanos) -> Result<Nanos, CellError> {
        match self.meaning {
            Meaning::Lengths => {
                let error = format!("{} is an instant, not a length of time", quoted(cell));
                Err(CellError::with_help(
                    error,
                    "name a column that has how long each transfer takes",
                ))
            }
            Meaning::Arrivals { origin: Some(origin) } if nanos < origin => {
                let error = format!("{} is before `origin`", quoted(cell));
                Err(CellError::with_help(
                    error,
                    "the simulation starts at `origin`: set it to an earlier time",
                ))
            }
            Meaning::Arrivals { .. } if nanos >= INSTANTS.end => {
                Err(CellError::new(format!("{} is too late", quoted(cell))))
            }
            Meaning::Arrivals { .. } => {
                self.is(Kind::Instants, cell)?;
                Ok(nanos)
            }
        }
    }

    /// Checks that a cell is of the same kind as those above it.
    fn is(&mut self, kind: Kind, cell: &str) -> Result<(), CellError> {
        if *self.kind.get_or_insert(kind) == kind {
            return Ok(());
        }
        let (this, others) = match kind {
            Kind::Instants => ("an instant", "times from the start"),
            Kind::Lengths => ("a time from the start", "instants"),
        };
        let error = format!("{} is {this}, but the cells above are {others}", quoted(cell));
        Err(CellError::with_help(error, "write all cells of a column in one form"))
    }

    /// Whether all numbers except zeros look like seconds since 1970, though they were read as milliseconds:
    /// some logs write 0 for an unknown time.
    fn are_instants_after_zeros(&self) -> bool {
        let seconds = |nanos: Nanos| nanos / MILLISECOND * 1_000_000_000;
        let look_like_it = |[least, most]: [Nanos; 2]| {
            INSTANTS.contains(&seconds(least)) && INSTANTS.contains(&seconds(most))
        };
        self.stated == Stated::Nothing && self.numbers.is_some_and(look_like_it)
    }
}

fn nanos_of(span: Span) -> Nanos {
    Nanos::from(span.as_millis()) * MILLISECOND
}
