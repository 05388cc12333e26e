//! The distribution points of a client group: a list, or tiers of them.

use super::document::Value;
use super::fields::{Field, Fields};
use crate::diagnostic::{Diagnostic, did_you_mean, quoted, quoted_list};
use crate::model::{Choice, PointId, Tier};

const CHOICES: &[(&str, Choice)] = &[
    ("random-once", Choice::RandomOnce),
    ("random", Choice::Random),
    ("ordered", Choice::Ordered),
    ("least-loaded", Choice::LeastLoaded),
    ("sticky", Choice::Sticky),
];

/// Reads `choose` and either `distribution_points` or `tiers`; without both, all points are in one
/// tier. `known` are the names of the points, if these could be read.
pub fn read_tiers(fields: &mut Fields<'_>, known: Option<&[&str]>) -> Option<Vec<Tier>> {
    let choose = fields.or("choose", Choice::RandomOnce, read_choice);
    let points = fields.field("distribution_points");
    let tiers = fields.field("tiers");
    let names = Names { known: known? };
    match (points, tiers) {
        (None, None) => {
            let points = (0..names.known.len() as u16).map(PointId).collect();
            Some(vec![Tier { points, choose: choose? }])
        }
        (Some(points), None) => Some(vec![Tier { points: names.read(points)?, choose: choose? }]),
        (None, Some(tiers)) => names.read_tiers(tiers, choose),
        (Some(_), Some(tiers)) => {
            let error = Diagnostic::error("a group has either `distribution_points` or `tiers`");
            let help =
                "leave `distribution_points` out: `tiers` lists the points, the nearest first";
            tiers.reject(error.at(tiers.key_location()).help(help))
        }
    }
}

fn read_choice(choose: Field<'_>) -> Option<Choice> {
    choose.one_of(CHOICES)
}

/// The names of the distribution points.
struct Names<'a> {
    known: &'a [&'a str],
}

impl Names<'_> {
    fn read_tiers(&self, field: Field<'_>, choose: Option<Choice>) -> Option<Vec<Tier>> {
        const EXAMPLE: &str = "write for example `[[\"BRANCH\"], [\"HQ1\", \"HQ2\"]]`, or \
                               `{ points = [\"HQ1\"], choose = \"random\" }` for a tier";
        let tiers = field.array(|tier| match tier.value() {
            Value::Table(_) => {
                let mut fields = tier.fields("a tier")?;
                let points = fields.required("points", "[\"HQ1\"]", |points| self.read(points));
                let own = fields.optional("choose", read_choice);
                fields.finish();
                Some(Tier { points: points?, choose: own?.or(choose)? })
            }
            Value::Array(_) => Some(Tier { points: self.read(tier)?, choose: choose? }),
            _ => {
                let error = Diagnostic::error("a tier is a list of distribution points");
                tier.reject(error.help(EXAMPLE))
            }
        })?;
        if tiers.is_empty() {
            return field.reject(Diagnostic::error("`tiers` names no tier").help(EXAMPLE));
        }
        let all: Vec<PointId> = tiers.iter().flat_map(|tier| &tier.points).copied().collect();
        self.once(&all, &field)?;
        Some(tiers)
    }

    fn read(&self, points: Field<'_>) -> Option<Vec<PointId>> {
        let known = self.known;
        let chosen = points.array(|point| {
            let name = point.string()?;
            if let Some(place) = known.iter().position(|&known| known == name) {
                return Some(PointId(place as u16));
            }
            let error =
                Diagnostic::error(format!("there is no distribution point {}", quoted(name)));
            point.reject(match did_you_mean(name, known.iter().copied()) {
                Some(near) => error.help(format!("did you mean {}?", quoted(near))),
                None => {
                    error.help(format!("this scenario has: {}", quoted_list(known.iter().copied())))
                }
            })
        })?;
        self.once(&chosen, &points)?;
        if chosen.is_empty() {
            let error = Diagnostic::error("the clients have no distribution point to go to");
            return points.reject(error.help(format!("for example `[\"{}\"]`", known[0])));
        }
        Some(chosen)
    }

    fn once(&self, chosen: &[PointId], field: &Field<'_>) -> Option<()> {
        let twice = chosen.iter().enumerate().find(|(i, point)| chosen[..*i].contains(point));
        let Some((_, point)) = twice else { return Some(()) };
        let name = quoted(self.known[point.index()]);
        let error = Diagnostic::error(format!("{name} is listed twice"));
        field.reject(error.help("list each distribution point once"))
    }
}
