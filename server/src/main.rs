//! The binary: reads the command line, does it, and ends with a code that scripts can use.

use std::process::ExitCode;

use clap::Parser;
use rabaska::cli::Cli;

fn main() -> ExitCode {
    // Clap itself ends with 2 when the command line makes no sense, and with 0 after help.
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("Rabaska could not start its threads: {error}.");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(rabaska::commands::run(cli)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
