//! A terminal for the program to run in.

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// What `command` prints on a terminal of `width` columns. Its standard error is not shown there.
pub fn on_terminal(command: &mut Command, width: u16) -> String {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&ours).expect("a terminal");
    unlockpt(&ours).expect("a terminal");
    let size = Winsize { ws_row: 40, ws_col: width, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&ours, size).expect("a terminal");
    let name = ptsname(&ours, Vec::new()).expect("a terminal");
    let theirs = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).expect("a terminal");
    command.env("TERM", "xterm").stdout(Stdio::from(theirs)).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    // The last end on their side that this process holds.
    command.stdout(Stdio::null());
    let mut printed = Vec::new();
    // At the end of the output the system reports an error.
    let _ = File::from(ours).read_to_end(&mut printed);
    child.wait().expect("the program ends");
    String::from_utf8(printed).expect("the program writes UTF-8").replace("\r\n", "\n")
}
