//! Which clients belong to which process.

use super::{ClientGroup, ClientId, Process, Replication, Restraints};

/// The processes of all groups.
#[derive(Debug)]
pub struct Processes(Vec<OfGroup>);

/// The processes of a group, as far as its clients have come.
#[derive(Debug)]
struct OfGroup {
    /// How many there are; `None`: each client is one.
    number: Option<u32>,
    restraints: Restraints,
    processes: Vec<Process>,
}

impl Processes {
    /// Those of a replication, of which no client has come.
    pub fn new(replication: &Replication<'_>) -> Processes {
        let of = |group: &ClientGroup| OfGroup {
            number: group.processes,
            restraints: group.restraints.clone(),
            processes: Vec::new(),
        };
        Processes(replication.groups.iter().map(|members| of(members.group)).collect())
    }

    /// The one that `client` belongs to.
    pub fn of(&mut self, client: ClientId) -> &mut Process {
        let OfGroup { number, restraints, processes } = &mut self.0[client.group.index()];
        let place = number.map_or(client.index, |number| client.index % number) as usize;
        if place >= processes.len() {
            processes.resize_with(place + 1, || Process::new(restraints));
        }
        &mut processes[place]
    }
}
