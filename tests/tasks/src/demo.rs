//! `cargo demo`, `cargo figures` and `cargo sheets`: bring everything up to date, then become the program asked for.

use crate::bundle;
use crate::edition::Edition;
use crate::installs;
use crate::problem::{Outcome, While};
use crate::project::Project;
use crate::steps::{self, Step};
use std::process::{Command, ExitCode};

/// Builds the pages and the server, and starts Rabaska on its demo data.
pub fn demo(project: &Project, rest: &[String]) -> Outcome<ExitCode> {
    let profile = match rest.iter().any(|word| word == "--release") {
        true => "release",
        false => "debug",
    };
    prepare(project, profile, &["rabaska"])?;
    let mut command = project.command(project.built(profile, "rabaska"));
    command.arg("demo").args(rest.iter().filter(|word| *word != "--release"));
    become_it(command)
}

/// Measures an optimised build.
pub fn figures(project: &Project, rest: &[String]) -> Outcome<ExitCode> {
    steps::run(vec![
        Step::new("Looking for strace", |live| installs::strace(project, live)),
        Step::new("Looking for Chromium", |live| installs::chromium(project, live).map(drop)),
    ])?;
    helper(project, "release", "figures", rest)
}

/// Draws the screens of a running server side by side.
pub fn sheets(project: &Project, rest: &[String]) -> Outcome<ExitCode> {
    helper(project, "debug", "sheets", rest)
}

/// Only brings `dist/` up to date.
pub fn pages(project: &Project) -> Outcome<ExitCode> {
    let steps = bundle::steps(project, Edition::Real)?;
    if steps.is_empty() {
        eprintln!("dist/ is up to date.");
    }
    steps::run(steps)?;
    Ok(ExitCode::SUCCESS)
}

fn helper(project: &Project, profile: &str, name: &str, rest: &[String]) -> Outcome<ExitCode> {
    prepare(project, profile, &["rabaska", name])?;
    let mut command = project.command(project.built(profile, name));
    command.args(rest).env("RABASKA_BIN", project.built(profile, "rabaska"));
    become_it(command)
}

fn prepare(project: &Project, profile: &str, bins: &[&str]) -> Outcome<()> {
    let mut steps = bundle::steps(project, Edition::Real)?;
    steps.push(Step::new("Building the server", |live| live.run(build(project, profile, bins))));
    steps::run(steps)
}

/// The build of some binaries. `--workspace` makes Cargo choose the same features of each library as for the tests, so
/// that a person who runs both compiles once.
pub fn build(project: &Project, profile: &str, bins: &[&str]) -> Command {
    let mut cargo = project.cargo(["build", "--workspace"]);
    for bin in bins {
        cargo.args(["--bin", bin]);
    }
    if profile == "release" {
        cargo.arg("--release");
    }
    cargo
}

/// Hands the terminal, the signals and the exit code over to the program.
#[cfg(unix)]
fn become_it(mut command: Command) -> Outcome<ExitCode> {
    use std::os::unix::process::CommandExt;
    let name = command.get_program().to_string_lossy().into_owned();
    Err(command.exec()).or_say(format!("start {name}"))
}

#[cfg(not(unix))]
fn become_it(mut command: Command) -> Outcome<ExitCode> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().or_say(format!("start {name}"))?;
    Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
