//! How to get the same results again: a scenario file and a command.

use indexmap::IndexSet;
use serde_json::{Map, Value};

use super::search::value_text;
use crate::results::{Direction, Results, Sizing};
use crate::scenario::{DEFAULT_POLL_INTERVAL, release_parts, to_toml};

/// The name that [`command`] gives the scenario file.
pub const FILE: &str = "scenario.toml";

/// The scenario after defaults and settings as a file that can be run: TOML, with the variants and
/// thresholds of a run. Those of a sweep or a search are on the command line.
pub fn scenario_file(results: &Results) -> String {
    let mut scenario = results.scenario.clone();
    if let Value::Object(keys) = &mut scenario {
        leave_to_variants(keys, results);
        // In TOML what is no table comes before all tables.
        let (tables, mut file): (Map<_, _>, Map<_, _>) =
            std::mem::take(keys).into_iter().partition(|(_, value)| value.is_object());
        let thresholds = results.thresholds.iter().map(|threshold| threshold.expression.as_str());
        let thresholds: IndexSet<&str> = thresholds.collect();
        if results.sizing.is_none() && !thresholds.is_empty() {
            file.insert("thresholds".into(), thresholds.into_iter().collect());
        }
        file.extend(tables);
        if let Some(variants) = variants(results) {
            file.insert("variants".into(), variants.into());
        }
        scenario = file.into();
    }
    to_toml(&scenario)
}

/// The variants by name; `None` where there are none to write.
fn variants(results: &Results) -> Option<Map<String, Value>> {
    let plain = |overlay: &Value| overlay.as_object().is_none_or(Map::is_empty);
    let only_itself = matches!(results.variants.as_slice(), [only] if plain(&only.overlay));
    if results.sweep.is_some() || only_itself {
        return None;
    }
    Some(results.variants.iter().map(|v| (v.name.clone(), v.overlay.clone())).collect())
}

/// If a variant changes the release or the arrival of a group, the settings that the base derives from
/// its own release or arrival must not be written: they would override those of the variant.
fn leave_to_variants(scenario: &mut Map<String, Value>, results: &Results) {
    let Some(Value::Object(groups)) = scenario.get_mut("clients") else { return };
    for (name, group) in groups {
        let changed = |key: &str| {
            let names = [name.as_str(), "*"];
            let overlays = || results.variants.iter().map(|variant| &variant.overlay);
            names.into_iter().any(|name| overlays().any(|o| !o["clients"][name][key].is_null()))
        };
        let mut implied = Map::new();
        if changed("release") {
            implied = group["release"].as_str().map(release_parts).unwrap_or_default();
        }
        if changed("arrival") {
            // Clients that arrive by polling poll at the interval of their arrival.
            let polled = group["arrival"]["interval"].clone();
            let default = DEFAULT_POLL_INTERVAL.to_string().into();
            let polls = group["arrival"]["kind"] == "poll";
            implied.insert("poll_interval".into(), if polls { polled } else { default });
        }
        if let Value::Object(group) = group {
            group.retain(|key, value| implied.get(key) != Some(value));
        }
    }
}

/// The command that simulates [`scenario_file`] as it was simulated.
pub fn command(results: &Results) -> String {
    let mut command = match (&results.sizing, &results.sweep) {
        (Some(sizing), _) => size(sizing),
        (None, Some(sweep)) => {
            let axes = sweep.keys.iter().enumerate().map(|(i, key)| {
                let values = sweep.values.iter().filter_map(|values| values.get(i));
                let values: IndexSet<&str> = values.map(String::as_str).collect();
                let values = Vec::from_iter(values).join(",");
                format!(" --vary {}", quoted(&format!("{key}={values}")))
            });
            format!("distpoint sweep {FILE}{}", axes.collect::<String>())
        }
        (None, None) => format!("distpoint run {FILE}"),
    };
    if results.sizing.is_none() && results.replications > 1 {
        command.push_str(&format!(" -n {}", results.replications));
    }
    if results.scenario["seed"] != results.seed {
        command.push_str(&format!(" --seed {}", results.seed));
    }
    let first = results.variants.first().map(|variant| variant.name.as_str());
    let reference = results.comparisons.first().map(|comparison| comparison.reference.as_str());
    if let Some(reference) = reference.filter(|_| reference != first) {
        command.push_str(&format!(" --reference {}", quoted(reference)));
    }
    if results.engine != "events" {
        command.push_str(&format!(" --engine {}", quoted(&results.engine)));
    }
    command
}

fn size(sizing: &Sizing) -> String {
    let [low, high] = sizing.range.map(|end| value_text(sizing, end));
    let step = value_text(sizing, sizing.step);
    let step = if step == "1" { String::new() } else { format!(":{step}") };
    let vary = quoted(&format!("{}={low}..{high}{step}", sizing.key));
    let mut command = format!("distpoint size {FILE} --vary {vary}");
    for target in &sizing.targets {
        command.push_str(&format!(" --until {}", quoted(&target.expression)));
    }
    if let Some(objective) = &sizing.objective {
        let option = match objective.direction {
            Direction::Maximise => "--maximise",
            Direction::Minimise => "--minimise",
        };
        command.push_str(&format!(" {option} {}", quoted(&objective.metric)));
    }
    let sure = (sizing.confidence * 1e6).round() / 1e4;
    if sure != 95.0 {
        command.push_str(&format!(" --confidence {sure}%"));
    }
    // A search simulates some values more often than others.
    let runs = sizing.evaluated.first().map_or(0, |first| first.replications);
    let [low, high] = sizing.range;
    let values = high.saturating_sub(low) / sizing.step.max(1) + 1;
    let alike = sizing.evaluated.iter().all(|evaluated| evaluated.replications == runs);
    if alike && sizing.evaluated.len() as u64 == values {
        command.push_str(&format!(" --grid -n {runs}"));
    }
    command
}

/// An argument as a shell takes it.
pub fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,%+".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        return argument.to_owned();
    }
    format!("'{}'", argument.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Span;
    use crate::scenario::{BUILTIN, Origin, load};
    use crate::study::{self, Options};

    fn results(text: &str) -> Results {
        results_with(text, &[])
    }

    fn results_with(text: &str, settings: &[String]) -> Results {
        let loaded = load(Origin::Text { name: "s.toml", text }, settings).unwrap();
        study::run(&loaded, &Options::default()).unwrap()
    }

    const SMALL: &str = "name = \"a \\\"b\\\" \\u0007\"\nthresholds = [\"stranded == 0 @ 'fixed: it''s'\"]\n\
         [distribution_points.DP01]\nconnection_limit = 5\n\
         [clients.office]\ncount = 60\nrelease = \"sms-2.0-sp2\"\nmisreport_probability = 0.1\n\
         arrival = { kind = \"burst\" }\ntransfer = { kind = \"constant\", duration = \"2m\" }\n\
         [variants.buggy]\n[variants.\"fixed: it''s\"]\nclients.office.release = \"sms-2.0-sp3\"\n";

    #[test]
    fn the_file_gives_the_same_results() {
        let first = results(SMALL);
        let file = scenario_file(&first);
        let second = results(&file);
        assert_eq!(first.variants, second.variants, "{file}");
        assert_eq!(first.thresholds, second.thresholds, "{file}");
    }

    #[test]
    fn every_built_in_scenario_can_be_run_again() {
        for builtin in BUILTIN {
            // Half a day is enough to differ; some scenarios have a horizon of minutes.
            let horizon = builtin.text.parse::<toml::Table>().expect("TOML").remove("horizon");
            let horizon = horizon.as_ref().and_then(toml::Value::as_str);
            let half_a_day = Span::from_mins(13 * 60);
            let horizon = horizon.and_then(|horizon| horizon.parse::<Span>().ok());
            let is_short = horizon.is_some_and(|horizon| horizon < half_a_day);
            let settings = (!is_short).then(|| "horizon=13h".to_owned());
            let first = results_with(builtin.text, settings.as_slice());
            let file = scenario_file(&first);
            assert_eq!(first.variants, results(&file).variants, "{}: {file}", builtin.name);
        }
    }

    #[test]
    fn arguments_are_safe_in_a_shell() {
        assert_eq!(quoted("a.b=10..200"), "a.b=10..200");
        assert_eq!(quoted("it's; rm *"), r"'it'\''s; rm *'");
        assert_eq!(quoted(""), "''");
    }
}
