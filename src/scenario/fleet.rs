//! The releases of a client group: one, a mix of them, and an upgrade; and the parts of each.

use serde_json::{Map, Value as Json, json};

use super::document::Value;
use super::fields::{Field, Fields};
use super::laws::read_retry;
use super::resolved::to_value;
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Choice, ClientGroup, OnCut, Release, Share, Span, Tier, Upgrade};
use crate::value::Percent;

/// The releases of a group.
pub struct Fleet {
    /// The only one, or the first of the mix.
    pub release: Release,
    /// The mix; empty: there is only one.
    pub mix: Vec<Share>,
    /// What they are upgraded to.
    pub upgrade: Option<Upgrade>,
}

/// Reads `release` or `release_mix`, the parts that the group sets on its own, and `upgrade`, for a
/// group whose distribution points are in `tiers`, if these could be read.
pub fn read_fleet(fields: &mut Fields<'_>, tiers: Option<&[Tier]>) -> Option<Fleet> {
    let release = fields.optional("release", |release| release.located(read_release));
    let mix = fields.optional("release_mix", |mix| mix.located(read_mix));
    let parts = Parts::read(fields);
    let upgrade = fields.optional("upgrade", |upgrade| read_upgrade(upgrade, tiers));
    if parts.is_some() {
        check_way(fields, tiers)?;
    }
    let (release, mix) = (release?, mix?);
    if let (Some(_), Some((_, at))) = (&release, &mix) {
        let error = Diagnostic::error("a group has either `release` or `release_mix`");
        let field = fields.field("release_mix")?;
        return field.reject(error.at(at).help("leave one of them out"));
    }
    let default = || Release::named(Release::DEFAULT);
    let release = release.map_or_else(default, |(release, _)| Some(release));
    let parts = parts?;
    let mix: Option<Vec<Share>> = mix
        .map_or(Vec::new(), |(mix, _)| mix)
        .into_iter()
        .map(|share| Some(Share { release: parts.apply(share.release)?, ..share }))
        .collect();
    let mix = mix?;
    let release = match mix.first() {
        Some(first) => first.release.clone(),
        None => parts.apply(release?)?,
    };
    Some(Fleet { release, mix, upgrade: upgrade? })
}

/// Refuses parts of a release that say where to go next, but cannot lead anywhere in `tiers`.
fn check_way(fields: &mut Fields<'_>, tiers: Option<&[Tier]>) -> Option<()> {
    let Some(tiers) = tiers else { return Some(()) };
    let fallback = fields.field("fallback_after").filter(|_| tiers.len() < 2).map(|field| {
        let error = Diagnostic::error("there is no tier to fall back to");
        let help = "list the points by tiers, the nearest first: \
                    `tiers = [[\"BRANCH\"], [\"HQ1\", \"HQ2\"]]`";
        (field, error.help(help))
    });
    let moves_on = fields.field("moves_on").filter(|field| field.value() == &Value::Boolean(true));
    let moves_on = moves_on.and_then(|field| Some((field, moves_nowhere(tiers)?)));
    let wrong: Vec<_> = fallback.into_iter().chain(moves_on).collect();
    for (field, error) in &wrong {
        field.reject::<()>(error.clone().at(field.key_location()));
    }
    wrong.is_empty().then_some(())
}

/// Why a client that is to go on to the next point of its tier does not, if it never does.
fn moves_nowhere(tiers: &[Tier]) -> Option<Diagnostic> {
    let several = || tiers.iter().filter(|tier| tier.points.len() > 1);
    // The others choose anew for each attempt, whatever refused them before.
    let in_order = |tier: &Tier| matches!(tier.choose, Choice::RandomOnce | Choice::Ordered);
    if several().any(in_order) {
        return None;
    }
    let nowhere = "`moves_on` has no effect";
    Some(match several().next().map(|tier| to_value(&tier.choose)) {
        None => Diagnostic::error(format!("{nowhere}: there is no other point in the tier"))
            .help("leave `moves_on` out, or name more points"),
        Some(choose) => Diagnostic::error(format!(
            "{nowhere}: `choose = {choose}` chooses anew for each attempt"
        ))
        .help("leave `moves_on` out, or write `choose = \"random-once\"`"),
    })
}

fn read_release(release: Field<'_>) -> Option<Release> {
    let names: Vec<(&str, &str)> = Release::all().map(|(name, _)| (name, name)).collect();
    release.one_of(&names).and_then(Release::named)
}

/// The parts of a release that are set on their own.
struct Parts<'a> {
    misreports: Option<bool>,
    polls: Option<bool>,
    tries: Option<u8>,
    moves_on: Option<bool>,
    fallback_after: Option<Option<Span>>,
    on_cut: Option<OnCut>,
    spin: Option<Span>,
    retry: Option<Field<'a>>,
}

impl<'a> Parts<'a> {
    fn read(fields: &mut Fields<'a>) -> Option<Parts<'a>> {
        let misreports = fields.optional("misreport_strands", Field::boolean);
        let polls = fields.optional("poll_unschedules", Field::boolean);
        let tries = fields.optional("tries_per_point", |tries| tries.integer_in(1..=u8::MAX));
        let moves_on = fields.optional("moves_on", Field::boolean);
        let fallback_after = fields.optional("fallback_after", read_fallback);
        let on_cut = fields.optional("on_cut", |on_cut| {
            on_cut.one_of(&[("restart", OnCut::Restart), ("resume", OnCut::Resume)])
        });
        let spin = fields.optional("spin", Field::positive_duration);
        let retry = fields.field("retry");
        // Whatever the release is, what is wrong with the retry is told.
        let default = Release::named(Release::DEFAULT)?;
        if let Some(retry) = retry {
            read_retry(retry, &default.retry)?;
        }
        Some(Parts {
            misreports: misreports?,
            polls: polls?,
            tries: tries?,
            moves_on: moves_on?,
            fallback_after: fallback_after?,
            on_cut: on_cut?,
            spin: spin?,
            retry,
        })
    }

    fn apply(&self, mut release: Release) -> Option<Release> {
        release.misreport_strands = self.misreports.unwrap_or(release.misreport_strands);
        release.poll_unschedules = self.polls.unwrap_or(release.poll_unschedules);
        release.tries_per_point = self.tries.or(release.tries_per_point);
        release.moves_on = self.moves_on.unwrap_or(release.moves_on);
        release.fallback_after = self.fallback_after.unwrap_or(release.fallback_after);
        release.on_cut = self.on_cut.unwrap_or(release.on_cut);
        release.spin = self.spin.or(release.spin);
        if let Some(retry) = self.retry {
            release.retry = read_retry(retry, &release.retry)?;
        }
        Some(release)
    }
}

fn read_fallback(after: Field<'_>) -> Option<Option<Span>> {
    match after.value() {
        Value::String(text) if text == "never" => Some(None),
        Value::String(text) if !text.trim_start().starts_with(|c: char| c.is_ascii_digit()) => {
            let error = Diagnostic::error(format!("unknown `fallback_after`: {}", quoted(text)));
            let help = "write a time, such as `\"2m\"`, `\"0s\"` for at once, or `\"never\"`";
            after.reject(error.help(help))
        }
        _ => after.duration().map(Some),
    }
}

fn read_mix(mix: Field<'_>) -> Option<Vec<Share>> {
    const EXAMPLE: &str = "for example `{ \"sms-2.0-sp2\" = \"30%\", \"sms-2.0-sp3\" = \"70%\" }`";
    let shares: Vec<Option<Share>> = mix
        .entries()?
        .map(|share| {
            let Some(release) = Release::named(share.key()) else {
                let names: Vec<&str> = Release::all().map(|(name, _)| name).collect();
                let error = format!("unknown release: {}", quoted(share.key()));
                let error = Diagnostic::error(error).at(share.key_location());
                if let Some(name) = without_quotes(share) {
                    let help = format!("a name with dots needs quotes: `\"{name}\" = \"30%\"`");
                    return share.reject(error.help(help));
                }
                return share.reject(match crate::diagnostic::did_you_mean(share.key(), names) {
                    Some(near) => error.help(format!("did you mean `{near}`?")),
                    None => error.help("the README lists the releases"),
                });
            };
            Some(Share { percent: read_percent(share)?, release })
        })
        .collect();
    let shares: Vec<Share> = shares.into_iter().collect::<Option<_>>()?;
    let sum: f64 = shares.iter().map(|share| share.percent).sum();
    if shares.is_empty() {
        return mix.reject(Diagnostic::error("`release_mix` is empty").help(EXAMPLE));
    }
    if (sum - 100.0).abs() > 1e-9 {
        let sum = (sum * 1e6).round() / 1e6;
        let error = Diagnostic::error(format!("the shares add up to {sum}%, not to 100%"));
        return mix.reject(error.help(EXAMPLE));
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
        let error =
            Diagnostic::error(format!("the share of {} is a percentage", quoted(share.key())));
        return share.reject(error.help("write it with its sign, in quotes: `\"30%\"`"));
    };
    match text.parse().map(Percent::number) {
        Ok(percent) if percent <= 100.0 => Some(percent),
        _ => {
            let error = Diagnostic::error(format!("{} is not a share", quoted(text)));
            share.reject(error.help("a share is from `\"0%\"` to `\"100%\"`"))
        }
    }
}

fn read_upgrade(upgrade: Field<'_>, tiers: Option<&[Tier]>) -> Option<Upgrade> {
    let mut fields = upgrade.fields("`upgrade`")?;
    let to = fields.required("to", "\"sms-2.0-sp3\"", read_release);
    let from = fields.or("from", Span::ZERO, Field::duration);
    let over = fields.or("over", Span::ZERO, Field::duration);
    let parts = Parts::read(&mut fields);
    let parts = parts.filter(|_| check_way(&mut fields, tiers).is_some());
    fields.finish();
    Some(Upgrade { to: parts?.apply(to?)?, from: from?, over: over? })
}

/// The releases of a group with the keys of a scenario file.
pub fn fleet_to_json(group: &ClientGroup) -> Map<String, Json> {
    let tiers = !group.further_tiers.is_empty();
    let mut json = match &group.release_mix[..] {
        [] => release_to_json(&group.release, tiers),
        mix => mix_to_json(mix, tiers),
    };
    if let Some(Upgrade { to, from, over }) = &group.upgrade {
        let mut upgrade = Map::new();
        let mut parts = release_to_json(to, tiers);
        upgrade.insert("to".into(), parts.shift_remove("release").unwrap_or_default());
        upgrade.insert("from".into(), to_value(from));
        upgrade.insert("over".into(), to_value(over));
        upgrade.extend(parts);
        json.insert("upgrade".into(), upgrade.into());
    }
    json
}

fn release_to_json(release: &Release, tiers: bool) -> Map<String, Json> {
    let mut json = match to_value(release) {
        Json::Object(parts) => parts,
        _ => Map::new(),
    };
    let named = Release::named(release.name);
    if named.as_ref().is_none_or(|named| named.moves_on != release.moves_on) {
        json.insert("moves_on".into(), json!(release.moves_on));
    }
    if tiers && named.is_none_or(|named| named.fallback_after != release.fallback_after) {
        let after = release.fallback_after.as_ref().map_or(json!("never"), to_value);
        json.insert("fallback_after".into(), after);
    }
    json
}

/// What all releases of a mix have in common is written once: it is as if the group had set it.
/// What they differ in, they have by name.
fn mix_to_json(mix: &[Share], tiers: bool) -> Map<String, Json> {
    let all: Vec<Map<String, Json>> =
        mix.iter().map(|share| release_to_json(&share.release, tiers)).collect();
    let share =
        |share: &Share| (share.release.name.to_owned(), format!("{}%", share.percent).into());
    let shares: Map<String, Json> = mix.iter().map(share).collect();
    let mut json = Map::new();
    json.insert("release_mix".into(), shares.into());
    for (key, value) in all.first().into_iter().flatten().filter(|(key, _)| *key != "release") {
        if all.iter().all(|other| other.get(key) == Some(value)) {
            json.insert(key.clone(), value.clone());
        } else if key == "retry" {
            let same = |key: &str| all.iter().all(|other| other["retry"][key] == value[key]);
            let limits = ["max_retries", "give_up_after"].into_iter().filter(|key| same(key));
            let limits: Map<String, Json> =
                limits.map(|key| (key.to_owned(), value[key].clone())).collect();
            json.insert("retry".into(), limits.into());
        }
    }
    // Where one of them differs from its name in these, the group has set them for all.
    for key in ["moves_on", "fallback_after"] {
        if let Some(value) = all.iter().find_map(|share| share.get(key)) {
            json.insert(key.into(), value.clone());
        }
    }
    json
}
