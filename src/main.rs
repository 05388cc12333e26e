//! The `distpoint` program. All it does is in [`distpoint::cli`].

fn main() -> std::process::ExitCode {
    distpoint::cli::main()
}
