//! The releases of a client group: one, a mix of them, and an upgrade; and the properties of each.

use serde_json::{Map, Value as Json, json};

use super::super::document::Value;
use super::super::form::{
    Field, Form, Keys, Shape, boolean, default, duration, form, integer, keys, optional, or_word,
    part, positive_duration, required, words,
};
use super::retry::{RetryKeys, retry};
use super::tiers::choice_words;
use crate::diagnostic::{Diagnostic, quoted, suggestion};
use crate::model::{Choice, OnCut, Preset, Release, Restraints, Share, Tier, Upgrade};
use crate::value::{Percent, Quantity, Span};

keys! {
    /// The properties of a release, which a group or an upgrade may set one by one.
    ReleaseKeys {
        /// Whether a misreported refusal strands the advertisement (Q268500).
        misreport_strands: Option<bool> = optional("from the release", boolean());
        /// Whether the next poll unschedules a pending retry (Q302674).
        poll_unschedules: Option<bool> = optional("from the release", boolean());
        /// The number of attempts that a client makes at a point before it tries the next one.
        tries_per_point: Option<u8> = optional("from the release", integer(1..=u8::MAX));
        /// What happens to a transfer that is cut, for example by an outage: it restarts from the beginning, or resumes.
        on_cut: Option<OnCut> = optional("from the release", words(vec![
            ("restart", OnCut::Restart),
            ("resume", OnCut::Resume),
        ]));
        /// The interval at which a client tries again while it cannot reach its point, instead of the delay of `retry` (Q302535).
        spin: Option<Span> = optional("from the release", positive_duration());
        /// When a refused client tries again and when it gives up, instead of the policy of its release.
        retry: Option<RetryKeys> = optional("from the release", retry()).short_for("preset");
        /// Whether a client tries the next point of its tier after each wait.
        moves_on: Option<bool> = optional("from the release", boolean());
        /// How long after its first refusal a client may fall back to the next tier: a time, `"0s"` for at once, or `"never"`.
        fallback_after: Option<Option<Span>> = optional("from the release", fallback_after());
    }
}

keys! {
    /// An upgrade that rolls out over time; each client is upgraded at its own time.
    UpgradeKeys {
        /// The new release.
        to: &'static str = required("\"sms-2.0-sp3\"", release());
        /// When the roll-out begins, from the start of the simulation.
        from: Span = default(Span::ZERO, duration());
        /// How long the roll-out takes to reach all clients.
        over: Span = default(Span::ZERO, duration());
        parts: ReleaseKeys = part();
    }
}

/// The name of a release.
pub fn release() -> impl Form<Value = &'static str> {
    words(release_names().map(|name| (name, name)).collect())
}

/// The properties of the release `name`, as keys of a group that sets all of them; none if there is no
/// such release.
pub fn release_parts(name: &str) -> Map<String, Json> {
    let mut parts = Map::new();
    if let Some(release) = Release::named(name) {
        ReleaseKeys::all(&release).write(&mut parts);
    }
    parts
}

fn release_names() -> impl Iterator<Item = &'static str> {
    Release::all().map(|(name, _)| name)
}

impl UpgradeKeys {
    /// The upgrade of the table `field` of a group whose points are in `tiers`, if these are known.
    pub fn upgrade(&self, field: Field<'_>, tiers: Option<&[Tier]>) -> Option<Upgrade> {
        let parts = self.parts.as_ref()?;
        let leads = parts.lead_somewhere(field, tiers);
        let to = parts.release(self.to?, field).filter(|_| leads);
        Some(Upgrade { to: to?, from: self.from?, over: self.over? })
    }

    /// The keys of an upgrade of a group with or without several tiers.
    pub fn of(upgrade: &Upgrade, has_tiers: bool) -> UpgradeKeys {
        UpgradeKeys {
            to: Some(upgrade.to.name),
            from: Some(upgrade.from),
            over: Some(upgrade.over),
            parts: Some(ReleaseKeys::of(&upgrade.to, has_tiers)),
        }
    }
}

impl ReleaseKeys {
    /// The release `name`, changed by these keys of the table `field`.
    pub fn release(&self, name: &str, field: Field<'_>) -> Option<Release> {
        let named = Release::named(name)?;
        let policy = match &self.retry {
            Some(Some(retry)) => retry.policy(&named.retry, field.get("retry")?)?,
            Some(None) => named.retry,
            None => return None,
        };
        Some(Release {
            name: named.name,
            misreport_strands: self.misreport_strands?.unwrap_or(named.misreport_strands),
            poll_unschedules: self.poll_unschedules?.unwrap_or(named.poll_unschedules),
            tries_per_point: self.tries_per_point?.or(named.tries_per_point),
            moves_on: self.moves_on?.unwrap_or(named.moves_on),
            fallback_after: self.fallback_after?.unwrap_or(named.fallback_after),
            on_cut: self.on_cut?.unwrap_or(named.on_cut),
            spin: self.spin?.or(named.spin),
            retry: policy,
        })
    }

    /// What the clients of a process share by the preset of these keys, if they name one.
    pub fn restraints(&self) -> Option<Restraints> {
        let preset = self.retry.as_ref()?.as_ref()?.preset??;
        Preset::named(preset).map(Preset::restraints)
    }

    /// The keys that set all properties of `release`.
    fn all(release: &Release) -> ReleaseKeys {
        ReleaseKeys {
            misreport_strands: Some(Some(release.misreport_strands)),
            poll_unschedules: Some(Some(release.poll_unschedules)),
            tries_per_point: Some(release.tries_per_point),
            on_cut: Some(Some(release.on_cut)),
            spin: Some(release.spin),
            retry: Some(Some(RetryKeys::of(&release.retry))),
            moves_on: Some(Some(release.moves_on)),
            fallback_after: Some(Some(release.fallback_after)),
        }
    }

    /// The keys with which `release` is written for a group with or without several tiers. The keys
    /// that lead a client elsewhere are written only if they differ from the named release, because
    /// they are errors where they can have no effect.
    pub fn of(release: &Release, has_tiers: bool) -> ReleaseKeys {
        let mut keys = Self::all(release);
        let named = Release::named(release.name).map(|named| Self::all(&named));
        if named.as_ref().is_some_and(|named| named.moves_on == keys.moves_on) {
            keys.moves_on = Some(None);
        }
        if !has_tiers || named.is_some_and(|named| named.fallback_after == keys.fallback_after) {
            keys.fallback_after = Some(None);
        }
        keys
    }

    /// The keys with which the releases of a mix are written. Properties that all releases of the mix
    /// share are written once, as if the group had set them; the others follow from the names.
    pub fn of_mix(mix: &[Share], has_tiers: bool) -> ReleaseKeys {
        let all: Vec<_> = mix.iter().map(|share| Self::of(&share.release, has_tiers)).collect();
        fn common<T: Clone + PartialEq>(
            all: &[ReleaseKeys],
            key: impl Fn(&ReleaseKeys) -> &Option<T>,
        ) -> Option<T> {
            let first = key(all.first()?);
            all.iter().all(|keys| key(keys) == first).then(|| first.clone())?
        }
        let policies = mix.iter().filter_map(|Share { release, .. }| {
            Some((&release.retry, Release::named(release.name)?.retry))
        });
        let policies: Vec<_> = policies.collect();
        ReleaseKeys {
            misreport_strands: common(&all, |keys| &keys.misreport_strands),
            poll_unschedules: common(&all, |keys| &keys.poll_unschedules),
            tries_per_point: common(&all, |keys| &keys.tries_per_point),
            on_cut: common(&all, |keys| &keys.on_cut),
            spin: common(&all, |keys| &keys.spin),
            retry: Some(Some(RetryKeys::of_all(&policies))),
            // If one release differs from its named form here, the group has set the key for all.
            moves_on: Some(all.iter().find_map(|keys| keys.moves_on?)),
            fallback_after: Some(all.iter().find_map(|keys| keys.fallback_after?)),
        }
    }

    /// Whether the keys of the table `field` that decide where a client goes next have an effect in
    /// `tiers`; reports those that have none.
    pub fn lead_somewhere(&self, field: Field<'_>, tiers: Option<&[Tier]>) -> bool {
        let Some(tiers) = tiers else { return true };
        let fallback = self.fallback_after.flatten().filter(|_| tiers.len() < 2).map(|_| {
            let error = Diagnostic::error("there is no tier to fall back to");
            let help = "list the points by tiers, the nearest first: \
                        `tiers = [[\"BRANCH\"], [\"HQ1\", \"HQ2\"]]`";
            ("fallback_after", error.help(help))
        });
        let moves_on = self.moves_on.flatten().filter(|moves_on| *moves_on);
        let moves_on = moves_on.and_then(|_| Some(("moves_on", moves_nowhere(tiers)?)));
        let wrong: Vec<_> = fallback.into_iter().chain(moves_on).collect();
        for (key, error) in &wrong {
            let field = field.get(key).unwrap_or(field);
            field.reject::<()>(error.clone().at(field.key_location()));
        }
        wrong.is_empty()
    }
}

/// Why `moves_on` never leads a client to another point of its tier, if it never does.
fn moves_nowhere(tiers: &[Tier]) -> Option<Diagnostic> {
    let several = || tiers.iter().filter(|tier| tier.points.len() > 1);
    // The others choose a new point for each attempt, regardless of earlier refusals.
    let in_order = |tier: &Tier| matches!(tier.choose, Choice::RandomOnce | Choice::Ordered);
    if several().any(in_order) {
        return None;
    }
    let nowhere = "`moves_on` has no effect";
    Some(match several().next().map(|tier| choice_words().write(&tier.choose)) {
        None => Diagnostic::error(format!("{nowhere}: there is no other point in the tier"))
            .help("leave `moves_on` out, or name more points"),
        Some(choose) => Diagnostic::error(format!(
            "{nowhere}: `choose = {choose}` chooses a new point for each attempt"
        ))
        .help("leave `moves_on` out, or write `choose = \"random-once\"`"),
    })
}

fn fallback_after() -> impl Form<Value = Option<Span>> {
    or_word("never", "a time, such as `\"2m\"`, `\"0s\"` for at once", duration())
}

/// The shares of releases, by name.
pub fn release_mix() -> impl Form<Value = Vec<(&'static str, f64)>> {
    form(
        read_mix,
        |mix: &Vec<(&'static str, f64)>| {
            let share =
                |(name, percent): &(&str, f64)| ((*name).to_owned(), format!("{percent}%").into());
            Json::Object(mix.iter().map(share).collect())
        },
        || {
            let names: Vec<&str> = release_names().collect();
            Shape::value(
                "table of percentages by release",
                json!({
                    "type": "object", "propertyNames": { "enum": names },
                    "additionalProperties": { "type": "string", "pattern": Percent::pattern() }, "minProperties": 1,
                    "examples": [{ "sms-2.0-sp2": "30%", "sms-2.0-sp3": "70%" }]
                }),
            )
        },
    )
}

fn read_mix(mix: Field<'_>) -> Option<Vec<(&'static str, f64)>> {
    const EXAMPLE: &str = "for example `{ \"sms-2.0-sp2\" = \"30%\", \"sms-2.0-sp3\" = \"70%\" }`";
    let shares: Vec<Option<_>> = mix
        .entries()?
        .map(|share| {
            let Some(release) = Release::named(share.key()) else {
                let error = format!("unknown release: {}", quoted(share.key()));
                let error = Diagnostic::error(error).at(share.key_location());
                if let Some(name) = without_quotes(share) {
                    let help = format!("a name with dots needs quotes: `\"{name}\" = \"30%\"`");
                    return share.reject(error.help(help));
                }
                let help = suggestion(share.key(), release_names(), "the releases are");
                return share.reject(error.help(help));
            };
            Some((release.name, read_percent(share)?))
        })
        .collect();
    let shares: Vec<_> = shares.into_iter().collect::<Option<_>>()?;
    let sum: f64 = shares.iter().map(|(_, percent)| percent).sum();
    if shares.is_empty() {
        return mix.refuse("`release_mix` is empty", EXAMPLE);
    }
    if (sum - 100.0).abs() > 1e-9 {
        let sum = (sum * 1e6).round() / 1e6;
        return mix.refuse(format!("the shares add up to {sum}%, not to 100%"), EXAMPLE);
    }
    Some(shares)
}

/// The release that was meant by a key whose dots made tables of it, because there are no quotes.
fn without_quotes(share: Field<'_>) -> Option<String> {
    let (mut name, mut value) = (share.key().to_owned(), share.value());
    while let Value::Table(table) = value {
        let below = table.entries().first()?;
        name = format!("{name}.{}", below.key);
        value = &below.node.value;
    }
    Release::named(&name).map(|_| name)
}

fn read_percent(share: Field<'_>) -> Option<f64> {
    let Value::String(text) = share.value() else {
        let error = format!("the share of {} is a percentage", quoted(share.key()));
        return share.refuse(error, "write it with a percent sign, in quotes: `\"30%\"`");
    };
    match text.parse().map(Percent::number) {
        Ok(percent) if percent <= 100.0 => Some(percent),
        _ => share.refuse(
            format!("{} is not a share", quoted(text)),
            "a share is from `\"0%\"` to `\"100%\"`",
        ),
    }
}
