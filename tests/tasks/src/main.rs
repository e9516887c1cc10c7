//! The program behind `cargo demo`, `cargo verify`, `cargo figures` and `cargo sheets`.
//!
//! It builds the pages, the server and the tests in the right order and says at each moment what it is doing.
//! It leans on the standard library so that a fresh copy of the repository starts working within seconds.

mod bundle;
mod compress;
mod demo;
mod edition;
mod glue;
mod inputs;
mod installs;
mod module;
mod names;
mod precache;
mod problem;
mod project;
mod results;
mod shape;
mod split;
mod stages;
mod steps;
mod styles;
mod tools;
mod verify;

use problem::{Outcome, Problem};
use project::Project;
use std::process::ExitCode;

const USAGE: &str = "\
cargo demo [--release] [-- OPTIONS OF `rabaska demo`]   build everything and start Rabaska on demo data
cargo verify [--full] [--list] [STAGE...]               run every test, or the named stages, cheapest first
cargo figures [ARGUMENTS]                               measure an optimised build
cargo sheets [ARGUMENTS]                                draw contact sheets of the screens
";

fn main() -> ExitCode {
    if let Some(code) = split::stand_in() {
        return code;
    }
    let mut words = std::env::args().skip(1);
    let task = words.next().unwrap_or_default();
    // `cargo demo -- --json` hands the separator on: it means nothing here.
    let mut rest: Vec<String> = words.collect();
    if rest.first().is_some_and(|word| word == "--") {
        rest.remove(0);
    }
    match run(&task, &rest) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("\n{problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(task: &str, rest: &[String]) -> Outcome<ExitCode> {
    match task {
        "demo" => demo::demo(&Project::find()?, rest),
        "verify" => verify::verify(&Project::find()?, rest),
        "figures" => demo::figures(&Project::find()?, rest),
        "sheets" => demo::sheets(&Project::find()?, rest),
        "bundle" => demo::pages(&Project::find()?),
        "help" | "--help" | "-h" => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => Err(Problem::new(format!("There is no task called `{other}`.")).next(USAGE)),
    }
}
