//! Writes the inputs of a storm to a file, as distpoint draws them: `inputs FILE CLIENTS LIMIT`.

use std::fs::File;
use std::io::{BufWriter, Write};

use peers::Inputs;

fn main() -> std::io::Result<()> {
    let args: Vec<String> = std::env::args().collect();
    let [_, path, clients, limit] = &args[..] else { panic!("it takes a file, clients, a limit") };
    let number = |text: &str| text.parse::<usize>().expect("a number");
    let (clients, limit) = (number(clients), number(limit));
    let scenario = peers::scenario(clients, limit);
    let replication = scenario.replication(0);
    let members = &replication.groups[0];
    let newcomers = replication.newcomers();
    let transfer = |index| members.group.transfer.duration(index, &members.streams).as_millis();
    let inputs = Inputs {
        limit,
        arrivals: newcomers.iter().map(|client| client.at.as_millis()).collect(),
        transfers: newcomers.iter().map(|client| transfer(client.index)).collect(),
    };
    let mut file = BufWriter::new(File::create(path)?);
    inputs.write(&mut file)?;
    file.flush()
}
