//! Prints the inputs of a storm, as distpoint draws them: `inputs CLIENTS LIMIT`.

use peers::RETRY;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|word| word.parse::<u32>().expect("a number"));
    let (clients, limit) = (numbers.next().expect("clients"), numbers.next().expect("a limit"));
    let scenario = storm(clients, limit);
    let replication = scenario.replication(0);
    let members = &replication.groups[0];
    let mut text = format!("{limit}\n");
    for client in replication.newcomers() {
        let transfer = members.group.transfer.duration(client.index, &members.streams);
        text += &format!("{} {}\n", client.at.as_millis(), transfer.as_millis());
    }
    print!("{text}");
}

fn storm(clients: u32, limit: u32) -> distpoint::scenario::Scenario {
    let text = format!(
        "name = \"storm\"\nhorizon = \"3650d\"\n\
         distribution_points.A.connection_limit = {limit}\n\
         [clients.g]\ncount = {clients}\n\
         arrival = {{ kind = \"uniform\", over = \"10m\" }}\n\
         transfer = {{ kind = \"lognormal\", median = \"2m\", sigma = 0.5 }}\n\
         retry = {{ policy = \"fixed\", interval = \"{RETRY}ms\" }}\n"
    );
    let origin = distpoint::scenario::Origin::Text { name: "storm", text: &text };
    distpoint::scenario::load(origin, &[]).unwrap_or_else(|error| panic!("{error}")).base
}
