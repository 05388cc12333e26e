//! The scenario as it is after every default and overlay: written as a scenario file would be,
//! so that results say what they are of, and can be run again.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Scenario;
use super::fleet::fleet_to_json;
use super::hours::start_to_text;
use crate::model::{ClientGroup, PointId, Span, Tier};

impl Scenario {
    /// This scenario as JSON, with the keys of a scenario file.
    pub fn to_json(&self) -> Value {
        let points = self.distribution_points.iter();
        let points: Map<_, _> = points.map(|point| (point.name.clone(), to_value(point))).collect();
        let groups = self.clients.iter();
        let clients: Map<_, _> =
            groups.map(|group| (group.name.clone(), self.group_to_json(group))).collect();
        let mut scenario = Map::new();
        scenario.insert("name".into(), self.name.as_str().into());
        if let Some(description) = &self.description {
            scenario.insert("description".into(), description.as_str().into());
        }
        scenario.insert("seed".into(), self.seed.into());
        scenario.insert("horizon".into(), to_value(&self.horizon));
        if self.warmup > Span::ZERO {
            scenario.insert("warmup".into(), to_value(&self.warmup));
        }
        if let Some(expires_after) = &self.expires_after {
            scenario.insert("expires_after".into(), to_value(expires_after));
        }
        if self.starts > Span::ZERO {
            scenario.insert("starts".into(), start_to_text(self.starts).into());
        }
        if let Some(workaround) = &self.workaround {
            scenario.insert("workaround".into(), to_value(workaround));
        }
        scenario.insert("distribution_points".into(), points.into());
        scenario.insert("clients".into(), clients.into());
        scenario.into()
    }

    fn group_to_json(&self, group: &ClientGroup) -> Value {
        let names = |points: &[PointId]| -> Vec<&str> {
            let points = points.iter();
            points.map(|point| self.distribution_points[point.index()].name.as_str()).collect()
        };
        let mut json = Map::new();
        if let Some(count) = group.count {
            json.insert("count".into(), count.into());
        }
        json.extend(fleet_to_json(group));
        json.insert("misreport_probability".into(), json!(group.misreport_probability));
        if group.further_tiers.is_empty() {
            json.insert("distribution_points".into(), json!(names(&group.distribution_points)));
            json.insert("choose".into(), to_value(&group.choose));
        } else {
            let first = Tier { points: group.distribution_points.clone(), choose: group.choose };
            let tiers = std::iter::once(&first).chain(&group.further_tiers);
            let tiers = tiers.map(
                |tier| json!({ "points": names(&tier.points), "choose": to_value(&tier.choose) }),
            );
            json.insert("tiers".into(), tiers.collect());
        }
        json.insert("arrival".into(), without_unnamed_column(to_value(&group.arrival)));
        json.insert("transfer".into(), without_unnamed_column(to_value(&group.transfer)));
        if group.connections > 1 {
            json.insert("connections".into(), group.connections.into());
        }
        if let Some(link) = &group.link {
            json.insert("link".into(), to_value(link));
        }
        json.insert("poll_interval".into(), to_value(&group.poll_interval));
        if let Some(hours) = &group.hours {
            json.insert("online".into(), to_value(&hours.online));
            json.insert("zones".into(), to_value(&hours.zones));
            json.insert("stagger".into(), to_value(&hours.stagger));
        }
        if let Some(vanishes) = &group.vanishes {
            json.insert("vanishes".into(), to_value(vanishes));
        }
        json.into()
    }
}

/// The only column of a trace need not have a name, and a scenario names none then.
fn without_unnamed_column(mut law: Value) -> Value {
    if let Some(bytes) = law.get_mut("bytes") {
        *bytes = without_unnamed_column(bytes.take());
    }
    if let Value::Object(keys) = &mut law
        && keys.get("column").is_some_and(|column| column == "")
    {
        keys.shift_remove("column");
    }
    law
}

pub(super) fn to_value(part: &impl Serialize) -> Value {
    // The model's types have string keys and no maps of their own, so this cannot fail.
    serde_json::to_value(part).unwrap_or(Value::Null)
}
