//! What a client writes about each event: the messages of Q268500 and Q302674, word by word, with the names of
//! its own program and package. Where no article has any, a plain message.

/// The thread that runs programs, that of the connection to the user's session, and that of a poll.
const SCHEDULER: u32 = 1512;
const PIPE: u32 = 532;
const POLL: u32 = 700;

/// A message, how long after its event it is written, in ms, by which component and on which thread.
pub type Message = (i64, &'static str, u32, String);

/// A program and what it belongs to.
pub struct Names<'n> {
    /// The program.
    pub program: &'n str,
    /// Its package.
    pub package: &'n str,
    /// The file that is executed.
    pub file: &'n str,
}

const DATA: &str = "SCHED DATA";
const SCHED: &str = "SCHEDULER";
const IPC: &str = "IPC PIPE";

const NO_MORE: &str = "No more connections can be made to this remote computer at this time because there are \
                       already as many connections as the computer can accept.";

impl Names<'_> {
    fn own(&self) -> String {
        format!("program {} in package {}", self.program, self.package)
    }

    /// An attempt was admitted.
    pub fn running(&self) -> Vec<Message> {
        vec![(0, DATA, SCHEDULER, format!("Running {}.", self.own()))]
    }

    /// The program ran.
    pub fn completed(&self) -> Vec<Message> {
        vec![(0, DATA, SCHEDULER, "Program completed successfully.".to_owned())]
    }

    /// An attempt failed with an error that is handled by a retry.
    pub fn failed(&self, code: &str, words: &str) -> Vec<Message> {
        let (own, file) = (self.own(), self.file);
        vec![
            (
                0,
                DATA,
                SCHEDULER,
                format!("Return code = {code}; {words}~~; Could not enable program '{file}'."),
            ),
            (0, DATA, SCHEDULER, format!("Handling an error condition ({code}) for {own}.")),
        ]
    }

    /// An attempt was refused.
    pub fn refused(&self) -> Vec<Message> {
        self.failed("0x47", NO_MORE)
    }

    /// An attempt was refused, which was misreported, and the release knows how to handle that.
    pub fn misreported(&self) -> Vec<Message> {
        self.failed("0x80070047", NO_MORE)
    }

    /// A distribution point could not be reached: the first part of what Q302674 shows.
    pub fn unreachable(&self) -> Vec<Message> {
        let (own, file) = (self.own(), self.file);
        let messages = [
            format!(
                "Return code = 0x35; The network path was not found.~~; IsExecutePossible returned error 53 for \
                 program '{file}'"
            ),
            "Reporting status : APA_JOB_STATUS_NETWORK_DOWN".to_owned(),
            "Setting job status to 0xc.".to_owned(),
            format!("Handling an error condition (0x35) for {own}."),
            "Beginning with a job run status set to APA_RUNSTATUS_NOT_RUNNING.".to_owned(),
            "*** UNRECOGNISED JOB COMPLETION RETURN CODE. ASSUMING UNSUCCESSFUL EXECUTION"
                .to_owned(),
            "The error requires that some type of reschedule action be taken.".to_owned(),
        ];
        messages.map(|message| (0, DATA, SCHEDULER, message)).to_vec()
    }

    /// A refusal was misreported, and the program is unscheduled: all that Q268500 shows.
    pub fn stranded(&self) -> Vec<Message> {
        let mut messages = self.misreported();
        let handling = messages.pop().map(|(.., message)| message).unwrap_or_default();
        let pipe = [
            (30, PIPE, "HANDLE 0x234 IPC Close Event signaled SMS_CLIENT_EVENT_PEA32_CLOSE"),
            (
                30,
                PIPE,
                "CAPPipe::SmartReadFile - Shutdown Signaled _SMS_SMARTFILE_CLIENT_SEMAP_630.1",
            ),
            (30, PIPE, "---> Client has disconnected. Shutting down this IPC thread. <--"),
            (30, PIPE, "CAPPipe :: BlockingListen - Setting NOT_CONNECTED"),
            (40, SCHEDULER, "Shutdown In Progress on call to CAPPipe::WaitOnEvent"),
            (
                40,
                SCHEDULER,
                "ERROR: BlockingSendMessage DID NOT RECEIVE REPLY TO MESSAGE. Message Type = 0x4000008",
            ),
        ];
        messages.extend(pipe.map(|(after, thread, text)| (after, IPC, thread, text.to_owned())));
        messages.push((
            40,
            "IPC SERVER",
            SCHEDULER,
            "CAPPipeServer :: Release - Refcount now 1".to_owned(),
        ));
        let mut data =
            |after: i64, text: &str| messages.push((after, DATA, SCHEDULER, text.to_owned()));
        data(40, "Reporting status : APA_JOB_STATUS_UNKNOWN");
        data(50, "Setting job status to 0xd.");
        data(50, "Program completed unsuccessfully.");
        data(50, &handling);
        data(50, "Beginning with a job run status set to APA_RUNSTATUS_NOT_RUNNING.");
        data(50, "*** UNRECOGNISED JOB COMPLETION RETURN CODE. ASSUMING UNSUCCESSFUL EXECUTION");
        data(50, "The error requires that some type of reschedule action be taken.");
        data(50, "Attempting to get action for failure condition 0x80070047.");
        let monitor = "The monitor has indicated that a countdown dialog is not required before executing a \
                       scheduled program.";
        messages.push((50, SCHED, SCHEDULER, monitor.to_owned()));
        let mut data =
            |after: i64, text: &str| messages.push((after, DATA, SCHEDULER, text.to_owned()));
        data(
            60,
            "The job failed or some unknown error has occurred.  Get the Job Failed Action from the registry.",
        );
        data(60, "Returning action code 2.");
        data(
            80,
            "Determining whether to unschedule or schedule this job based on its current settings.",
        );
        messages.extend(self.unscheduling(90, SCHEDULER));
        messages
    }

    /// A poll unscheduled the pending retry: the second part of what Q302674 shows.
    pub fn unscheduled_by_poll(&self) -> Vec<Message> {
        self.unscheduling(0, POLL)
    }

    fn unscheduling(&self, after: i64, thread: u32) -> Vec<Message> {
        let (program, package) = (self.program, self.package);
        let compiling = format!(
            "For program {program} in package {package} compiling all offers in order to get its schedule time and \
             attributes."
        );
        let determining =
            "Determining whether to unschedule or schedule the next time the program will run ...";
        let own = self.own();
        vec![
            (after, DATA, thread, compiling),
            (after, SCHED, thread, determining.to_owned()),
            (after, SCHED, thread, format!("Unscheduling {own} for <ANY USER>.")),
        ]
    }

    /// Something without any known message.
    pub fn plain(&self, message: &str) -> Vec<Message> {
        vec![(0, SCHED, SCHEDULER, message.replace("{}", &self.own()))]
    }
}
