//! Edits: changes to a typed scenario that can also be written as `--set` assignments.
//!
//! An edit changes the scenario itself. Its assignments are derived by writing the scenario before
//! and after and comparing the two, so only the code that writes scenarios knows how a key is written.

use serde_json::{Map, Value};

use crate::model::{ClientGroup, Release};
use crate::scenario::{
    Scenario, name_in_site, named_tables, release_parts, to_inline_toml, to_toml_key,
};

/// A changed scenario that can be simulated.
#[derive(Clone, Debug)]
pub struct Edit {
    edited: Scenario,
}

impl Edit {
    /// `scenario` with `change` applied; `None` if that changes nothing, or the result cannot be
    /// simulated.
    pub fn new(scenario: &Scenario, change: impl FnOnce(&mut Scenario)) -> Option<Edit> {
        let mut edited = scenario.clone();
        change(&mut edited);
        (edited != *scenario && edited.can_be_simulated()).then_some(Edit { edited })
    }

    /// The scenario after the change.
    pub fn edited(&self) -> &Scenario {
        &self.edited
    }

    /// The change as assignments for `--set`, where `scenario` is the scenario before it; `None` if it
    /// cannot be written because it removes a key, which `--set` cannot do.
    pub fn assignments(&self, scenario: &Scenario) -> Option<Vec<String>> {
        let mut assignments = Vec::new();
        if let (Value::Object(before), Value::Object(after)) =
            (scenario.to_json(), self.edited.to_json())
        {
            self.collect(&mut Vec::new(), &before, &after, &mut assignments)?;
        }
        (!assignments.is_empty()).then_some(assignments)
    }

    /// Adds an assignment for each key of the table at `path` whose value changes.
    fn collect(
        &self,
        path: &mut Vec<String>,
        before: &Map<String, Value>,
        after: &Map<String, Value>,
        assignments: &mut Vec<String>,
    ) -> Option<()> {
        let assign = |path: &[String], key: &str, value: &Value| {
            let keys = path.iter().map(String::as_str).chain([key]);
            let keys: Vec<String> = keys.map(to_toml_key).collect();
            format!("{}={}", keys.join("."), to_inline_toml(value))
        };
        for key in before.keys().filter(|key| !after.contains_key(*key)) {
            assignments.push(assign(path, key, &self.left_out(path, key)?));
        }
        let named = named_tables();
        for (key, value) in after {
            let old = before.get(key);
            if old == Some(value) {
                continue;
            }
            // Tables of names have the keys that `--set` names; other tables are assigned as a whole.
            // Below a site they are as above all.
            let depth = if path.first().is_some_and(|first| first == "sites") { 2 } else { 0 };
            let named = match path.len().checked_sub(depth) {
                Some(0) => named.contains(&&**key),
                Some(1) => true,
                _ => depth == 2 && path.len() == 1,
            };
            match (old, value) {
                (Some(Value::Object(old)), Value::Object(value)) if named => {
                    path.push(key.clone());
                    self.collect(path, old, value, assignments)?;
                    path.pop();
                }
                _ => assignments.push(assign(path, key, value)),
            }
        }
        Some(())
    }

    /// The value after the change of a key that a written scenario leaves out because it is the default, or because
    /// its release has that value by name.
    fn left_out(&self, path: &[String], key: &str) -> Option<Value> {
        if let [points, _] | [_, _, points, _] = path
            && points == "distribution_points"
            && key == "errors"
        {
            return Some("0%".into());
        }
        let name = match path {
            [clients, name] if clients == "clients" => name.clone(),
            [_, site, clients, name] if clients == "clients" => name_in_site(site, name),
            _ => return None,
        };
        let group = self.edited.clients.iter().find(|group| group.name == name)?;
        release_parts(group.release.name).get(key).cloned()
    }
}

/// The releases that the clients of a group begin with: one, or those of its mix.
pub fn releases(group: &ClientGroup) -> impl Iterator<Item = &Release> {
    let only = group.release_mix.is_empty().then_some(&group.release);
    only.into_iter().chain(group.release_mix.iter().map(|share| &share.release))
}

/// The same releases to be edited, and that of the group: a key of the group changes all of them.
pub fn releases_mut(group: &mut ClientGroup) -> impl Iterator<Item = &mut Release> {
    let mix = group.release_mix.iter_mut().map(|share| &mut share.release);
    std::iter::once(&mut group.release).chain(mix)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Delay, Jitter, OnCut, Rate, Span};
    use crate::scenario::{Origin, load, to_toml};

    /// Two groups, one of which has a mix of releases, and names that need quotes.
    const TEXT: &str = "
        name = 'Two groups'
        expires_after = '2d'
        [distribution_points.'DP 01']
        connection_limit = 10
        bandwidth = '100 MB/s'
        efficiency = [[5, 1.0], [10, 0.5]]
        errors = '20%'
        [distribution_points.DP02]
        connection_limit = 20
        [clients.'head office']
        count = 30
        release = 'sms-2.0-sp2'
        misreport_probability = 0.1
        retry = { policy = 'exponential', base = '1m', cap = '1h', max_retries = 5 }
        tiers = [['DP 01'], ['DP02']]
        fallback_after = 'never'
        spin = '1s'
        connections = 2
        arrival = { kind = 'burst' }
        transfer = { kind = 'size', bytes = '20 MB' }
        link = '1 MB/s'
        [clients.branch]
        count = 20
        release_mix = { 'sms-2.0-sp2' = '30%', 'sms-2003' = '70%' }
        retry = { policy = 'memoryless', mean = '30s' }
        upgrade = { to = 'bits', over = '1h' }
        arrival = { kind = 'poll', interval = '1h' }
        transfer = { kind = 'constant', duration = '2m' }
    ";

    fn scenario() -> Scenario {
        load(Origin::Text { name: "test", text: TEXT }, &[]).expect("a valid scenario").base
    }

    fn fixed(interval: Span, jitter: Jitter) -> Delay {
        Delay::Fixed { interval, jitter }
    }

    fn each_release(scenario: &mut Scenario, change: fn(&mut Release)) {
        scenario.clients.iter_mut().flat_map(releases_mut).for_each(change);
    }

    type Change = fn(&mut Scenario);

    /// Every kind of change that findings suggest.
    const CHANGES: &[(&str, Change)] = &[
        ("horizon", |s| s.horizon = Span::from_days(60)),
        ("expires_after", |s| s.expires_after = Some(Span::from_days(4))),
        ("connection_limit", |s| s.distribution_points[0].connection_limit = 20),
        ("bandwidth", |s| {
            let bandwidth = s.distribution_points[0].bandwidth.as_mut().expect("it has one");
            bandwidth.rate = Rate::from_bits(1_600_000_000);
        }),
        ("errors", |s| s.distribution_points[0].errors = 0.0),
        ("bugs", |s| {
            each_release(s, |release| {
                (release.misreport_strands, release.poll_unschedules) = (false, false);
            });
        }),
        ("retry", |s| {
            each_release(s, |release| {
                release.retry.delay = fixed(Span::from_mins(7), Jitter::AroundShare(0.5));
            });
        }),
        ("limits of retries", |s| {
            each_release(s, |release| {
                (release.retry.max_retries, release.retry.give_up_after) = (None, None);
            });
        }),
        ("spin", |s| each_release(s, |release| release.spin = Some(Span::from_mins(1)))),
        ("on_cut", |s| each_release(s, |release| release.on_cut = OnCut::Resume)),
        ("fallback_after", |s| {
            let group = &mut s.clients[0];
            releases_mut(group).for_each(|release| release.fallback_after = Some(Span::ZERO));
        }),
        ("fallback_after, later", |s| {
            let group = &mut s.clients[0];
            releases_mut(group)
                .for_each(|release| release.fallback_after = Some(Span::MILLISECOND));
        }),
    ];

    #[test]
    fn a_change_and_its_assignments_make_the_same_scenario() {
        let before = scenario();
        let text = to_toml(&before.to_json());
        for (what, change) in CHANGES {
            let edit = Edit::new(&before, *change).unwrap_or_else(|| panic!("{what} changes it"));
            let set = edit.assignments(&before).unwrap_or_else(|| panic!("{what} is written"));
            let loaded = load(Origin::Text { name: "test", text: &text }, &set);
            let loaded = loaded.unwrap_or_else(|error| panic!("{what}: {set:?}: {error}"));
            assert_eq!(loaded.base, *edit.edited(), "{what}: {set:?}");
        }
    }

    #[test]
    fn only_keys_that_change_are_assigned() {
        let before = scenario();
        let edit = Edit::new(&before, |scenario| {
            scenario.horizon = Span::from_days(60);
            scenario.distribution_points[0].connection_limit = 20;
        });
        let set = edit.and_then(|edit| edit.assignments(&before)).expect("it can be written");
        let limit = "distribution_points.\"DP 01\".connection_limit=20";
        assert_eq!(set, ["horizon=\"60d\"", limit]);
    }

    #[test]
    fn a_change_that_removes_a_key_has_no_assignments() {
        let before = scenario();
        let edit = Edit::new(&before, |scenario| scenario.expires_after = None);
        assert_eq!(edit.expect("it changes something").assignments(&before), None);
    }

    #[test]
    fn what_changes_nothing_or_cannot_be_simulated_is_no_edit() {
        let before = scenario();
        assert!(Edit::new(&before, |_| ()).is_none());
        // A client with two connections at once would be refused for ever.
        assert!(Edit::new(&before, |s| s.distribution_points[0].connection_limit = 1).is_none());
        // More retries than can be counted.
        let often = |s: &mut Scenario| {
            each_release(s, |release| {
                release.retry.delay = fixed(Span::MILLISECOND, Jitter::None);
                release.retry.max_retries = None;
            });
            s.horizon = Span::from_days(100);
            s.expires_after = None;
        };
        assert!(Edit::new(&before, often).is_none());
    }

    #[test]
    fn what_changes_in_a_site_is_named_there() {
        let text = "
            name = 's'
            [sites.branch]
            copies = 3
            distribution_points.SHARE.connection_limit = 5
            [sites.branch.clients.office]
            count = 9
            release = 'sms-2.0-sp2'
            arrival = { kind = 'burst' }
            transfer = { kind = 'constant', duration = '2m' }
        ";
        let before = load(Origin::Text { name: "s", text }, &[]).expect("right").base;
        let edit = |change: fn(&mut Scenario)| {
            let edit = Edit::new(&before, change).expect("changed");
            let assignments = edit.assignments(&before).expect("written");
            let after = load(Origin::Text { name: "s", text }, &assignments).expect("right").base;
            assert_eq!(after, *edit.edited());
            assignments
        };
        let limit = edit(|s| s.distribution_points[0].connection_limit = 20);
        assert_eq!(limit, ["sites.branch.distribution_points.SHARE.connection_limit=20"]);
        let strands = edit(|s| s.clients[0].release.misreport_strands = false);
        assert_eq!(strands, ["sites.branch.clients.office.misreport_strands=false"]);
        assert_eq!(edit(|s| s.sites[0].copies = 4), ["sites.branch.copies=4"]);
    }
}
