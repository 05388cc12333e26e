//! The scenario as it is after every default and overlay: written as a scenario file would be,
//! so that results say what they are of, and can be run again.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::Scenario;
use crate::model::{ClientGroup, Span};

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
        scenario.insert("distribution_points".into(), points.into());
        scenario.insert("clients".into(), clients.into());
        scenario.into()
    }

    fn group_to_json(&self, group: &ClientGroup) -> Value {
        let points: Vec<&str> = group
            .distribution_points
            .iter()
            .map(|point| self.distribution_points[point.index()].name.as_str())
            .collect();
        let mut json = Map::new();
        if let Some(count) = group.count {
            json.insert("count".into(), count.into());
        }
        if let Value::Object(release) = to_value(&group.release) {
            json.extend(release);
        }
        json.insert("misreport_probability".into(), json!(group.misreport_probability));
        json.insert("distribution_points".into(), json!(points));
        json.insert("choose".into(), to_value(&group.choose));
        json.insert("arrival".into(), without_unnamed_column(to_value(&group.arrival)));
        json.insert("transfer".into(), without_unnamed_column(to_value(&group.transfer)));
        if let Some(link) = &group.link {
            json.insert("link".into(), to_value(link));
        }
        json.insert("poll_interval".into(), to_value(&group.poll_interval));
        json.into()
    }
}

/// The only column of a trace need not have a name, and a scenario names none then.
fn without_unnamed_column(mut law: Value) -> Value {
    if let Value::Object(keys) = &mut law
        && keys.get("column").is_some_and(|column| column == "")
    {
        keys.shift_remove("column");
    }
    law
}

fn to_value(part: &impl Serialize) -> Value {
    // The model's types have string keys and no maps of their own, so this cannot fail.
    serde_json::to_value(part).unwrap_or(Value::Null)
}
