//! Logs of any content: pieces of every grammar in any order, and what would break a report.

use proptest::prelude::*;

use crate::checks::TARGETS;
use crate::harness::cases;

/// Pieces of lines, and what ends or begins something in some report.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\r\n",
    " ",
    "  SCHED DATA  : ",
    "SCHEDULER   : ",
    "Return code = 0x80070047; x~~; Could not enable program 'a.exe'.~",
    "Return code = 0x47; x",
    "Handling an error condition (0x80070047) for program P in package Q.~",
    "Handling an error condition (0x35) for program <script>alert(1)</script> in package =1+1.~",
    "Handling an error condition (0xe0040013) for program \u{1b}[2J\u{202e} in package | `x` $y$.",
    "*** UNRECOGNISED JOB COMPLETION RETURN CODE.",
    "Returning action code 2.~",
    "Returning action code 4.~",
    "The network is too slow.  Use the next schedule time.",
    "Failed to set up program.",
    "For program P in package Q compiling",
    "Program completed successfully.",
    "Unscheduling program P in package Q for <ANY USER>.~",
    "Unscheduling program <script>alert(1)</script> in package =1+1 for D\\U.~",
    "  $$<APM><Tue May 16 13:17:10.804 2000><thread=1512 (0x5E8)>",
    "$$<APM><Tue May 16",
    "13:27:10.804 2000>>thread=7 (0x7)>",
    "$$<X><Tue Nov 10 17:56:25 1998~><thread=E0>",
    "$$<X><11-30-2022 01:03:34.179-60><thread=5 (0x5)>",
    "$$<",
    "~",
    "--Later--",
    "<![LOG[",
    "]LOG]!>",
    "<time=\"08:25:31.391+240\" date=\"08-16-2020\" thread=\"7\">",
    "10.0.0.1 - - [16/Nov/2023:18:17:03 +0000] \"GET /a HTTP/1.1\" 503 5 \"-\" \"x\" 1.500",
    "[31/Dec/9999:23:59:59 -1800] \"",
    " 200 ",
    "\\\"",
    "haproxy[1]: 10.0.1.2:3 [06/Feb/2009:12:14:14.655] a b/c 0/0/0/0/5 200 1 - - ---- 1/1/1/1/0 0/0 \"x\"",
    "0/-1/-1/-1/99999999",
    "2024-05-01 10:00:00 UTC [78] LOG:  disconnection: session time: 0:00:01.234 host=a",
    "1601-01-01 00:00:00 UTC [78] FATAL:  sorry, too many clients already",
    "{\"ts\":1700158623.1,\"status\":503,\"duration\":1e300}",
    "{\"time\":\"2023-11-16T18:17:03Z\",\"request\":{\"request\":{\"ip\":\"\\ud800\"}},\"status\":200}",
    "start,duration_s,status",
    "0.5,1,503",
    "9999999999999,1e30,",
    "\u{feff}",
    "\0",
    "größe",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: cases(300),
        rng_seed: proptest::test_runner::RngSeed::Fixed(302_674),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_log_is_read_and_its_reports_are_well_formed(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60),
        cut in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut bytes = pieces.concat().into_bytes();
        // A byte somewhere is another one.
        if !bytes.is_empty() {
            let place = cut.index(bytes.len());
            bytes[place] = byte;
        }
        let (_, check) = TARGETS.iter().find(|(name, _)| *name == "logs").expect("a target");
        check(&bytes);
    }
}
