//! The keys of a scenario file: those of the scenario itself, and beside them what is compared and what
//! must hold.

use std::sync::LazyLock;

use serde_json::json;

use super::super::definition::Scenario;
use super::super::document::{OverlayRules, Table, Value};
use super::super::form::{
    Field, Fields, Form, Keys, LaidOver, Shape, TableShape, attempted, checked, default, described,
    duration, form, implied, integer, keys, list, names, optional, part, positive_duration,
    required, required_unless, table, text, text_or_empty,
};
use super::clients::{GroupKeys, groups};
use super::hours::day_and_time;
use super::points::points;
use super::recovery::{RecoveryKeys, TriggerKeys};
use super::sites::{SiteKeys, sites};
use super::workaround::WorkaroundKeys;
use crate::diagnostic::{Diagnostic, Diagnostics, Location, SourceId, quoted};
use crate::model::{DistributionPoint, Recovery, Trigger, Workaround};
use crate::value::Span;

/// Seeds are whole numbers that TOML can hold.
pub const MAX_SEED: u64 = i64::MAX as u64;

keys! {
    /// A scenario for distpoint.
    FileKeys {
        scenario: ScenarioKeys = part();
        study: StudyKeys = part();
    }
}

keys! {
    /// A scenario: one system to simulate.
    ScenarioKeys {
        /// What the scenario is called in reports.
        name: String = required("\"A server with 50 connections\"", text());
        /// One or two sentences on what the scenario shows.
        description: Option<String> = optional("none", text_or_empty());
        /// The seed of the random numbers; the same seed gives the same results on any machine.
        seed: u64 = default(Scenario::DEFAULT_SEED, integer(0..=MAX_SEED));
        /// The latest time at which the simulation ends.
        horizon: Span = default(Scenario::DEFAULT_HORIZON, positive_duration());
        /// The length of the warm-up: clients that arrive in it are not counted, and averages start at its end.
        warmup: Span = default(Span::ZERO, duration()).unwritten();
        /// When the advertisement expires, from the start of the simulation.
        expires_after: Option<Span> = optional("never", positive_duration());
        /// The day of the week and the time (UTC) at which the simulation starts; it matters for clients with `online` hours, for thresholds with a time of day and for the clock of charts.
        starts: Option<Span> = implied(Scenario::DEFAULT_START, day_and_time());
        /// A new advertisement for the stranded clients: after a time, or when enough clients are stranded.
        workaround: Option<Workaround> = optional("none", table::<WorkaroundKeys>("`workaround`"));
        /// The disturbance whose aftermath is looked at: reports compare the time before, during and after it.
        trigger: Option<Trigger> = optional("none", table::<TriggerKeys>("`trigger`"));
        /// When the system has recovered from the `trigger`: goodput in every window from then to the horizon is at least a share of what it was before.
        recovery: Option<Recovery> = optional("90% in windows of 1m", table::<RecoveryKeys>("`recovery`"));
        /// The servers that clients contend for, by name.
        distribution_points: Vec<DistributionPoint> = required_unless("sites", Vec::new(), "none", "{ DP01 = { connection_limit = 50 } }", points());
        /// The groups of clients, by name.
        clients: Vec<(String, Option<GroupKeys>)> = required_unless("sites", Vec::new(), "none", "{ office = { count = 5000, ... } }", groups());
        /// Places with servers and clients of their own, by name, such as branch offices.
        sites: Option<Vec<(String, Option<SiteKeys>)>> = optional("none", sites());
    }
}

keys! {
    /// What a scenario file has beside the scenario itself.
    StudyKeys {
        /// The variants to compare, by name: changes to the scenario.
        variants: Option<Vec<(String, Option<Table>)>> = optional("none", variants());
        /// The thresholds that the variants have to meet, such as `completion.p95 < 24h`; add `during 09:00-10:00` or `during 2h..3h` to measure only then, and `@ 'NAME'` for a single variant. Write the key above the first table.
        thresholds: Option<Vec<String>> = optional("none", thresholds());
    }
}

/// The description of a scenario file. It takes longer to make than a scenario to read, so it is made once.
static SHAPE: LazyLock<TableShape> = LazyLock::new(FileKeys::shape);

/// The keys that are written above all tables; below a table header they would belong to that table.
pub fn top_keys() -> Vec<&'static str> {
    let keys = SHAPE.keys.iter().filter(|key| !matches!(key.shape, Shape::Names(_)));
    keys.map(|key| key.name).collect()
}

/// The tables at the top of a scenario whose keys are names.
pub fn named_tables() -> &'static [&'static str] {
    &overlay_rules().named
}

/// How variants and `--set` are laid over a scenario.
pub fn overlay_rules() -> &'static OverlayRules {
    static RULES: LazyLock<OverlayRules> = LazyLock::new(|| {
        let named = ScenarioKeys::shape().keys.into_iter();
        let named = named.filter(|key| matches!(key.shape, Shape::Names(_))).map(|key| key.name);
        let mut rules = OverlayRules { named: named.collect(), ..OverlayRules::default() };
        add_rules(&mut rules, &SHAPE);
        rules
    });
    &RULES
}

fn add_rules(rules: &mut OverlayRules, table: &TableShape) {
    rules.tags.extend(table.choices.iter().map(|choices| choices.tag));
    for key in table.all_keys() {
        let LaidOver { is_whole, names_a_kind, instead_of, short_for } = &key.laid_over;
        rules.whole.extend(is_whole.then_some(key.name));
        rules.tags.extend(names_a_kind.then_some(key.name));
        rules.instead.extend(instead_of.iter().map(|other| (key.name, *other)));
        rules.short.extend(short_for.map(|inner| (key.name, inner)));
        key.shape.tables("").into_iter().for_each(|(_, table)| add_rules(rules, table));
    }
}

/// Reads the keys beside those of the scenario itself. Gives them, and the table without them.
pub fn read_study(
    file: SourceId,
    document: &Table,
    diagnostics: &Diagnostics,
) -> (StudyKeys, Table) {
    let mut fields = Fields::new(document, Location::new(file, 0..0), "the scenario", diagnostics);
    let study = StudyKeys::read(&mut fields);
    (study, fields.rest())
}

/// The variants; `None` for one that is wrong.
fn variants() -> impl Form<Value = Vec<(String, Option<Table>)>> {
    checked(
        names(attempted(form(read_variant, Table::to_json, variant_shape))),
        |variants, field| {
            if variants.is_empty() {
                let error = Diagnostic::error("`variants` has no variant").at(field.key_location());
                let help =
                    "add a table such as `[variants.\"limit 100\"]`, or leave `variants` out";
                return field.reject(error.help(help));
            }
            Some(variants)
        },
        Clone::clone,
    )
}

fn read_variant(variant: Field<'_>) -> Option<Table> {
    if variant.key().trim().is_empty() {
        let error = Diagnostic::error("a variant needs a name").at(variant.key_location());
        return variant.reject(error.help("write for example `[variants.\"limit 100\"]`"));
    }
    let key = variant.key();
    let is_table = matches!(variant.value(), Value::Table(_));
    let is_key = || ScenarioKeys::shape().keys.iter().any(|known| known.name == key);
    if named_tables().contains(&key) || (!is_table && is_key()) {
        let key = quoted(key);
        let error = format!("{key} is a key of the scenario, but no variant is named here");
        let error = Diagnostic::error(error).at(variant.key_location());
        let help = "each variant has a name: write it below `[variants.\"limit 100\"]`";
        return variant.reject(error.help(help));
    }
    variant.table().cloned()
}

fn variant_shape() -> Shape {
    let meaning = "A variant: the keys that differ from the scenario.".to_owned();
    Shape::Overlay(TableShape { meaning, ..ScenarioKeys::shape() })
}

/// The thresholds as they are written: what they mean may depend on when the variants start.
fn thresholds() -> impl Form<Value = Vec<String>> {
    let threshold = form(
        |field| field.string().map(str::to_owned),
        |text: &String| text.as_str().into(),
        || Shape::value("condition on a metric", json!({ "type": "string" })),
    );
    let examples =
        || json!({ "examples": [["stranded == 0", "completion.p95 < 5m during 09:00-10:00"]] });
    described(list(threshold), examples)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rules of overlays are by the names of keys, so a table where two keys go together must not have the names
    /// of alternatives.
    #[test]
    fn keys_are_alternatives_in_every_table_that_has_both() {
        let mut alternatives = 0;
        for table in all_tables(&SHAPE) {
            let keys: Vec<_> = table.all_keys().collect();
            for (one, other) in &overlay_rules().instead {
                let named = |name: &str| keys.iter().find(|key| key.name == name);
                if let (Some(key), Some(_)) = (named(one), named(other)) {
                    let is_declared = key.laid_over.instead_of.contains(other);
                    assert!(is_declared, "`{one}` and `{other}` in: {}", table.meaning);
                    alternatives += 1;
                }
            }
        }
        assert!(alternatives > 20, "{alternatives}");
    }

    fn all_tables(table: &TableShape) -> Vec<TableShape> {
        let below = table.all_keys().flat_map(|key| key.shape.tables(""));
        let below = below.flat_map(|(_, table)| all_tables(table));
        std::iter::once(table.clone()).chain(below).collect()
    }
}
