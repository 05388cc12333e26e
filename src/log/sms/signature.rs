//! What messages of the Advertised Programs Manager mean, as far as articles of the Knowledge Base show them.
//!
//! Messages are those of Q268500, Q302674 and Q302535, word by word; blanks may be repeated.

/// A message that is part of a story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign<'t> {
    /// `Return code = 0x80070047; ...; Could not enable program 'test1.bat'.`: an attempt ended with this
    /// code. The name of the program's file, if it is there.
    ReturnCode(u32, Option<&'t [u8]>),
    /// `Handling an error condition (0x35) for program P in package Q.`
    Handling(u32, Program<'t>),
    /// `*** UNRECOGNISED JOB COMPLETION RETURN CODE. ...`
    Unrecognised,
    /// `Returning action code 2.`
    ActionCode(u32),
    /// `The network is too slow.  Use the next schedule time.`
    TooSlow,
    /// No distribution point is in the list of locations of the program.
    NoLocation,
    /// `For program P in package Q compiling all offers ...`
    Compiling(Program<'t>),
    /// `Unscheduling program P in package Q for USER.` The user, too.
    Unscheduling(Program<'t>, &'t [u8]),
    /// `Running program P in package Q.`, as our own logs have it.
    Running(Program<'t>),
    /// `Program completed successfully.`
    Completed,
    /// `Program completed unsuccessfully.`, `Reporting status : ...` and other steps between these.
    Step,
}

/// A program of a package, as a message names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Program<'t> {
    /// The name of the program.
    pub name: &'t [u8],
    /// The name of its package.
    pub package: &'t [u8],
}

/// What a message means; `None` if it is none of these.
pub fn sign(message: &[u8]) -> Option<Sign<'_>> {
    let after = |words: &str| after(message, words.as_bytes());
    match message.first()? {
        b'R' => {
            if let Some(rest) = after("Return code = ") {
                return Some(Sign::ReturnCode(code(rest)?, file(rest)));
            }
            if let Some(rest) = after("Returning action code ") {
                return decimal(rest).map(Sign::ActionCode);
            }
            if let Some(rest) = after("Running program ") {
                return named(without_dot(rest)).map(Sign::Running);
            }
            after("Reporting status").map(|_| Sign::Step)
        }
        b'H' => {
            let rest = after("Handling an error condition (")?;
            let (of_code, program) = split(rest, b")")?;
            let program = self::after(program.trim_ascii_start(), b"for program ")?;
            Some(Sign::Handling(code(of_code)?, named(without_dot(program))?))
        }
        b'*' => after("*** UNRECOGNISED JOB COMPLETION RETURN CODE").map(|_| Sign::Unrecognised),
        b'T' => {
            if after("The network is too slow.").is_some() {
                return Some(Sign::TooSlow);
            }
            if after("The job failed or some unknown error").is_some()
                || after("The error requires that").is_some()
            {
                return Some(Sign::Step);
            }
            after("The Distribution Point path was not added").map(|_| Sign::NoLocation)
        }
        b'S' => {
            if after("Successfully populated the program location list with 0 ").is_some() {
                return Some(Sign::NoLocation);
            }
            after("Setting job status to ").map(|_| Sign::Step)
        }
        b'F' => {
            if let Some(rest) = after("For program ") {
                let end = memchr::memmem::rfind(rest, b" compiling ").unwrap_or(rest.len());
                return named(&rest[..end]).map(Sign::Compiling);
            }
            after("Failed to set up program.").map(|_| Sign::NoLocation)
        }
        b'U' => {
            let rest = without_dot(after("Unscheduling program ")?);
            let at = memchr::memmem::rfind(rest, b" for ");
            let (program, user) = at.map_or((rest, &b""[..]), |at| (&rest[..at], &rest[at + 5..]));
            Some(Sign::Unscheduling(named(program)?, user.trim_ascii()))
        }
        b'P' => {
            if after("Program completed successfully").is_some() {
                return Some(Sign::Completed);
            }
            after("Program completed unsuccessfully").map(|_| Sign::Step)
        }
        _ => None,
    }
}

/// The Win32 error of a code, also of one that is wrapped as an HRESULT (`0x80070047` is 71).
pub fn win32(code: u32) -> Option<u32> {
    match code >> 16 {
        0 => Some(code),
        0x8007 => Some(code & 0xffff),
        _ => None,
    }
}

/// Whether a code is a Win32 error that is wrapped as an HRESULT.
pub fn is_wrapped(code: u32) -> bool {
    code >> 16 == 0x8007
}

/// Whether a code is a refusal: `ERROR_REQ_NOT_ACCEP`, no more connections can be made to the computer.
pub fn is_refusal(code: u32) -> bool {
    win32(code) == Some(71)
}

/// Whether a code is an error of the network on the way to a distribution point: one of the codes after
/// which clients of SMS retry (65, 67, 70, 71, 85), or `ERROR_BAD_NETPATH` as in Q302674.
pub fn is_network(code: u32) -> bool {
    matches!(win32(code), Some(53 | 65 | 67 | 70 | 71 | 85))
}

/// What follows `words` at the beginning of a message, where blanks may be repeated.
fn after<'t>(message: &'t [u8], words: &[u8]) -> Option<&'t [u8]> {
    if let Some(rest) = message.strip_prefix(words) {
        return Some(rest);
    }
    let mut rest = message;
    for byte in words {
        rest = match byte {
            b' ' => {
                let shorter = rest.trim_ascii_start();
                if shorter.len() == rest.len() {
                    return None;
                }
                shorter
            }
            _ => rest.strip_prefix(std::slice::from_ref(byte))?,
        };
    }
    Some(rest)
}

fn split<'t>(text: &'t [u8], at: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    let place = memchr::memmem::find(text, at)?;
    Some((&text[..place], &text[place + at.len()..]))
}

/// A hexadecimal number after `0x`, or a decimal one.
pub fn code(text: &[u8]) -> Option<u32> {
    let text = text.trim_ascii_start();
    let (digits, radix) = match text {
        [b'0', b'x' | b'X', digits @ ..] => (digits, 16),
        digits => (digits, 10),
    };
    let is_digit = |byte: &&u8| char::from(**byte).is_digit(radix);
    let length = digits.iter().take_while(is_digit).count();
    u32::from_str_radix(std::str::from_utf8(&digits[..length]).ok()?, radix).ok()
}

fn decimal(text: &[u8]) -> Option<u32> {
    let length = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    crate::log::stamp::number(&text[..length])
}

/// The name in quotes behind `program`: `for program 'testapp.exe'`.
fn file(text: &[u8]) -> Option<&[u8]> {
    const BEFORE: &[u8] = b"program '";
    let from = memchr::memmem::rfind(text, BEFORE)? + BEFORE.len();
    let end = text[from..].iter().rposition(|byte| *byte == b'\'')?;
    Some(&text[from..from + end])
}

/// `P in package Q`.
fn named(text: &[u8]) -> Option<Program<'_>> {
    const BETWEEN: &[u8] = b" in package ";
    let at = memchr::memmem::rfind(text, BETWEEN)?;
    let (name, package) = (&text[..at], &text[at + BETWEEN.len()..]);
    Some(Program { name: name.trim_ascii(), package: package.trim_ascii() })
}

fn without_dot(text: &[u8]) -> &[u8] {
    let text = text.trim_ascii_end();
    text.strip_suffix(b".").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_the_articles_have_a_meaning() {
        let program = Program { name: b"Run test1.bat", package: b"Test batch file #1" };
        let app = Program { name: b"Run TestApp", package: b"Test Application" };
        for (message, wanted) in [
            (
                "Return code = 0x80070047; No more connections ... accept.~~; Could not enable program 'test1.bat'.",
                Sign::ReturnCode(0x8007_0047, Some(b"test1.bat")),
            ),
            (
                "Return code = 0x35; The network path was not found.~~; IsExecutePossible returned error 53 \
                 for program 'testapp.exe'",
                Sign::ReturnCode(53, Some(b"testapp.exe")),
            ),
            (
                "Handling an error condition (0x80070047) for program Run test1.bat in package Test batch file #1.",
                Sign::Handling(0x8007_0047, program),
            ),
            (
                "*** UNRECOGNISED JOB COMPLETION RETURN CODE. ASSUMING UNSUCCESSFUL EXECUTION",
                Sign::Unrecognised,
            ),
            ("Returning action code 2.", Sign::ActionCode(2)),
            ("The network is too slow.  Use the next schedule time.", Sign::TooSlow),
            ("The network is  too slow. Use the next schedule time.", Sign::TooSlow),
            (
                "For program Run test1.bat in package Test batch file #1 compiling all offers in order to get \
                 its schedule time and attributes.",
                Sign::Compiling(program),
            ),
            (
                "Unscheduling program Run TestApp in package Test Application for DOMAINTEST\\USER1.",
                Sign::Unscheduling(app, b"DOMAINTEST\\USER1"),
            ),
            (
                "Unscheduling program Run test1.bat in package Test batch file #1 for <ANY USER>.",
                Sign::Unscheduling(program, b"<ANY USER>"),
            ),
        ] {
            assert_eq!(sign(message.as_bytes()), Some(wanted), "{message}");
        }
        for message in ["", "Return code = ", "Refcount now 1", "Unscheduling program x"] {
            assert_eq!(sign(message.as_bytes()), None, "{message}");
        }
    }

    #[test]
    fn a_wrapped_code_is_the_same_error() {
        assert!(is_refusal(71) && is_refusal(0x8007_0047));
        assert!(is_network(53) && !is_network(0xe004_0013) && !is_refusal(53));
    }
}
