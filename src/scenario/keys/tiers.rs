//! The distribution points of a client group: a list, or tiers of them.

use std::sync::Arc;

use serde_json::json;

use super::super::document::Value;
use super::super::form::{
    Either, Field, Form, described, form_over, keys, keys_of, list, optional, or_table, required,
    text_or_empty, words,
};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Choice, PointId, Tier};

keys! {
    /// A tier whose clients choose points in another way than in the other tiers.
    TierKeys {
        /// The names of the points in the tier.
        points: Vec<String> = required("[\"HQ1\"]", point_names());
        /// How a client chooses among the points of the tier.
        choose: Option<Choice> = optional("as in the group", choice_words());
    }
}

/// How clients choose among points.
pub fn choice_words() -> impl Form<Value = Choice> {
    words(vec![
        ("random-once", Choice::RandomOnce),
        ("random", Choice::Random),
        ("ordered", Choice::Ordered),
        ("least-loaded", Choice::LeastLoaded),
        ("sticky", Choice::Sticky),
    ])
}

/// The names of distribution points. Whether there are such points is checked by [`KnownPoints`].
pub fn point_names() -> impl Form<Value = Vec<String>> {
    described(list(text_or_empty()), || json!({ "minItems": 1, "uniqueItems": true }))
}

const EXAMPLE: &str = "write for example `[[\"BRANCH\"], [\"HQ1\", \"HQ2\"]]`, or \
                       `{ points = [\"HQ1\"], choose = \"random\" }` for a tier";

/// Tiers as they are written: each a list of points, or a table.
pub fn tiers() -> impl Form<Value = Vec<Either<Vec<String>, TierKeys>>> {
    described(list(tier()), || json!({ "minItems": 1, "examples": [[["BRANCH"], ["HQ1", "HQ2"]]] }))
}

fn tier() -> impl Form<Value = Either<Vec<String>, TierKeys>> {
    form_over(
        or_table(point_names(), keys_of::<TierKeys>("a tier")),
        |either, tier| match tier.value() {
            Value::Array(_) | Value::Table(_) => either.read(tier),
            _ => tier.refuse("a tier is a list of distribution points", EXAMPLE),
        },
        Form::write,
        Form::shape,
    )
}

/// The names of the distribution points that a client group may use.
pub struct KnownPoints<'a> {
    /// With their places in the scenario; at least one. Of equal names the first counts.
    pub known: &'a [(&'a str, PointId)],
    /// The default of each group, which all groups share.
    pub all: &'a Arc<[PointId]>,
}

impl KnownPoints<'_> {
    /// The tiers of the client group `group`, whose keys were read without errors: from
    /// `distribution_points` or `tiers`; without both, all points are in one tier. `choose` is how its
    /// clients choose, if that could be read.
    pub fn tiers(&self, group: Field<'_>, choose: Option<Choice>) -> Option<Vec<Tier>> {
        match (group.get("distribution_points"), group.get("tiers")) {
            (None, None) => Some(vec![Tier { points: Arc::clone(self.all), choose: choose? }]),
            (Some(points), None) => {
                Some(vec![Tier { points: self.read(points)?, choose: choose? }])
            }
            (None, Some(tiers)) => self.read_tiers(tiers, choose),
            (Some(_), Some(tiers)) => {
                let error = Diagnostic::error(
                    "a group has either `distribution_points` or `tiers`, not both",
                );
                let help =
                    "leave `distribution_points` out: `tiers` lists the points, the nearest first";
                tiers.reject(error.at(tiers.key_location()).help(help))
            }
        }
    }

    /// Whether `points` are what a group has that names none.
    pub fn are_default(&self, points: &Arc<[PointId]>) -> bool {
        Arc::ptr_eq(points, self.all) || points == self.all
    }

    /// The names of points.
    pub fn of(&self, points: &[PointId]) -> Vec<String> {
        points.iter().map(|point| self.name(*point).to_owned()).collect()
    }

    fn name(&self, point: PointId) -> &str {
        // Outside sites each is at its place.
        let there = self.known.get(point.index()).filter(|known| known.1 == point);
        let known = there.or_else(|| self.known.iter().find(|known| known.1 == point));
        known.map_or("", |known| known.0)
    }

    fn read_tiers(&self, field: Field<'_>, choose: Option<Choice>) -> Option<Vec<Tier>> {
        let tiers = field.array(|tier| match tier.get("points") {
            Some(points) => {
                let own = tier.get("choose").map(|own| choice_words().read(own));
                Some(Tier { points: self.read(points)?, choose: own.unwrap_or(choose)? })
            }
            None => Some(Tier { points: self.read(tier)?, choose: choose? }),
        })?;
        if tiers.is_empty() {
            return field.refuse("`tiers` has no tier", EXAMPLE);
        }
        let all: Vec<PointId> = tiers.iter().flat_map(|tier| tier.points.iter()).copied().collect();
        self.once(&all, &field)?;
        Some(tiers)
    }

    fn read(&self, points: Field<'_>) -> Option<Arc<[PointId]>> {
        let known = self.known;
        let chosen = points.array(|point| {
            let name = point.string()?;
            if let Some((_, point)) = known.iter().find(|known| known.0 == name) {
                return Some(*point);
            }
            let error = format!("there is no distribution point {}", quoted(name));
            point.refuse(
                error,
                point.suggestion(name, known.iter().map(|known| known.0), "this scenario has:"),
            )
        })?;
        self.once(&chosen, &points)?;
        if chosen.is_empty() {
            let error = "the clients have no distribution point";
            return points.refuse(error, format!("write for example `[\"{}\"]`", known[0].0));
        }
        Some(chosen.into())
    }

    fn once(&self, chosen: &[PointId], field: &Field<'_>) -> Option<()> {
        let twice = chosen.iter().enumerate().find(|(i, point)| chosen[..*i].contains(point));
        let Some((_, point)) = twice else { return Some(()) };
        let name = quoted(self.name(*point));
        field.refuse(format!("{name} is listed twice"), "list each distribution point once")
    }
}
