//! What logs show, as JUnit: a case for each program of each client, which fails where it is stranded or spins.

use super::suite::{Status, case, report, suite};
use crate::log::{Answer, Outcome};
use crate::report::content::logs::{Case, TITLE};

/// Renders an answer.
pub fn log(answer: &Answer, _: Option<u16>) -> String {
    let rows = answer.clients.iter().flat_map(|clients| &clients.rows);
    let cases = rows.map(|program| {
        let name = format!("{}: {}", program.package, program.program);
        let message = match &program.diagnosis {
            Some(diagnosis) => {
                let place = Case { program, diagnosis }.place();
                let bug = diagnosis.bug.map(|bug| format!(" by {bug}")).unwrap_or_default();
                format!("{}{bug}: {} ({place})", program.outcome.word(), diagnosis.reason)
            }
            None => program.outcome.word().to_owned(),
        };
        let status = match program.outcome {
            Outcome::Stranded => Status::Failed("stranded"),
            Outcome::Spinning => Status::Failed("spinning"),
            _ => Status::Passed,
        };
        case(&name, &program.client, &message, status)
    });
    report([suite(TITLE, cases.collect(), "the logs name no program")])
}
