//! Runs the program in its own directory, and inspects its output and files.

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::refusal::Refusal;

/// Variables that change what the program prints.
const VARIABLES: &[&str] = &["RUST_LOG", "NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "COLUMNS"];

/// An empty directory that the program runs in.
pub struct Desk {
    directory: TempDir,
}

impl Desk {
    /// An empty directory.
    pub fn new() -> Desk {
        Desk { directory: tempfile::tempdir().expect("a temporary directory") }
    }

    /// A directory with the scenario `s.toml`.
    pub fn with(scenario: &str) -> Desk {
        Desk::new().file("s.toml", scenario)
    }

    /// Adds a file.
    pub fn file(self, name: &str, content: impl AsRef<[u8]>) -> Desk {
        fs::write(self.path(name), content).expect("a writable directory");
        self
    }

    /// Adds a directory.
    pub fn subdirectory(self, name: &str) -> Desk {
        fs::create_dir(self.path(name)).expect("a writable directory");
        self
    }

    /// The path of a file or directory in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The text of a file in it.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of its files and directories, sorted.
    pub fn listing(&self) -> Vec<String> {
        let entries = fs::read_dir(self.directory.path()).expect("a directory");
        let names = entries.map(|entry| entry.expect("an entry").file_name());
        let mut names: Vec<String> = names.map(|name| name.to_string_lossy().into()).collect();
        names.sort();
        names
    }

    /// The program in this directory, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_distpoint"));
        command.current_dir(self.directory.path()).args(arguments).stdin(Stdio::null());
        for variable in VARIABLES {
            command.env_remove(variable);
        }
        command
    }

    /// Runs the program to its end.
    pub fn run(&self, arguments: &[&str]) -> Ended {
        self.run_command(&mut self.command(arguments))
    }

    /// Runs a [`command`](Self::command) to its end.
    pub fn run_command(&self, command: &mut Command) -> Ended {
        let output = command.output().expect("the program starts");
        let ended = Ended::from(output);
        let ended = Ended { stderr: self.normalised(&ended.stderr), ..ended };
        assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
        ended
    }

    /// Starts the program and lets it run.
    pub fn start(&self, arguments: &[&str]) -> Running {
        let mut command = self.command(arguments);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        Running { child: Some(child.expect("the program starts")) }
    }

    /// A text in which neither the path of this directory nor the platform shows.
    fn normalised(&self, text: &str) -> String {
        let mut text = text.replace("distpoint.exe", "distpoint");
        let here = self.directory.path();
        for path in [here.canonicalize().unwrap_or_default(), here.to_owned()] {
            text = text.replace(&*path.to_string_lossy(), "DIR");
        }
        text.replace("DIR\\", "DIR/")
    }
}

/// The outcome of a run of the program.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        let text = |bytes| String::from_utf8(bytes).expect("the program writes UTF-8");
        Ended {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl Ended {
    /// Asserts that the program succeeded, and wrote nothing to standard error but which files it wrote.
    /// Returns standard output.
    #[track_caller]
    pub fn succeeds(self) -> String {
        let mut others = self.stderr.lines().filter(|line| !line.starts_with("wrote `"));
        assert_eq!((self.code, others.next()), (Some(0), None), "{self:#?}");
        self.stdout
    }

    /// Asserts that the program succeeded, and returns its standard output, which is JSON.
    #[track_caller]
    pub fn json(self) -> Value {
        serde_json::from_str(&self.succeeds()).expect("the results are JSON")
    }

    /// Asserts that the program exited with `code` and printed no results. Returns standard error.
    #[track_caller]
    pub fn fails(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (Some(code), ""), "{self:#?}");
        self.stderr
    }

    /// Asserts that the program refused its input: exit code 2, no results, and errors with their places.
    #[track_caller]
    pub fn refuses(self) -> Refusal {
        Refusal::parse("error", &self.fails(2))
    }
}

/// A run of the program that has not ended. It is killed if the test ends first.
pub struct Running {
    child: Option<Child>,
}

impl Running {
    /// The process.
    pub fn child(&mut self) -> &mut Child {
        self.child.as_mut().expect("it has not ended")
    }

    /// Waits until the program ends; fails if that takes longer than `most`.
    #[track_caller]
    pub fn ends_within(mut self, most: Duration) -> Ended {
        let begin = Instant::now();
        while self.child().try_wait().expect("a child").is_none() {
            assert!(begin.elapsed() < most, "it still runs after {most:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.child.take().expect("it ran").wait_with_output().expect("its output").into()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
