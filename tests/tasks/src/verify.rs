//! `cargo verify`: runs the stages in order, each with its budget of minutes and all with theirs together, and
//! stops at the first that fails.

use crate::edition::Edition;
use crate::problem::{Outcome, Problem, While};
use crate::project::Project;
use crate::results::Results;
use crate::stages::{self, Needs, STAGES, Stage, TOGETHER, Work};
use crate::steps::{self, Step, spoken};
use crate::{bundle, demo, inputs, installs, shape};
use std::cell::RefCell;
use std::fs;
use std::io::{BufRead, BufReader, IsTerminal, Write};
use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

/// How many times more a full run repeats in its suites.
const FULL: u32 = 10;

struct Row {
    name: &'static str,
    time: Duration,
    budget: f64,
    verdict: &'static str,
}

pub fn verify(project: &Project, words: &[String]) -> Outcome<ExitCode> {
    let (options, names): (Vec<&str>, Vec<&str>) =
        words.iter().map(String::as_str).partition(|word| word.starts_with("--"));
    if let Some(odd) = options.iter().find(|option| !["--full", "--list"].contains(option)) {
        return Err(Problem::new(format!("There is no option {odd}.")).next("There are --full and --list."));
    }
    let chosen = stages::select(STAGES, &names)?;
    if options.contains(&"--list") {
        for stage in chosen {
            println!("{:<12} {:>4} min   {}", stage.name, stage.budget, stage.about);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let scale = if options.contains(&"--full") { FULL } else { 1 };
    // The server embeds dist/: it must exist for it to compile, even empty.
    fs::create_dir_all(project.root.join("dist")).or_say("create dist/")?;

    let mut results = Results::default();
    let mut rows = Vec::new();
    for (at, stage) in chosen.iter().enumerate() {
        println!("\n=== [{}/{}] {}: {}", at + 1, chosen.len(), stage.name, stage.about);
        let row = run(project, stage, scale, !names.is_empty(), &mut results)?;
        let failed = !matches!(row.verdict, PASSED | LATE);
        rows.push(row);
        if failed {
            break;
        }
    }
    let unrun = &chosen[rows.len()..];
    print_table(&rows, unrun);
    if scale == 1 && unrun.is_empty() && together(&rows) > TOGETHER {
        println!("\nTogether the stages took more than {TOGETHER} minutes.");
        if together(&rows) > TOGETHER * SLOW_MACHINE {
            results.failed += 1;
        }
    }
    // Said once more where a reader of the end of a long log sees it.
    results.reasons.iter().for_each(|line| println!("{line}"));
    println!("\n{} passed, {} failed", results.passed, results.failed);
    Ok(if results.failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

const PASSED: &str = "passed";
/// It passed, and took longer than it should: said, so that somebody looks.
const LATE: &str = "passed late";
/// What compiles takes up to twice as long on one machine of two cores as on another, for a whole run.
const SLOW_MACHINE: f64 = 1.75;
/// A stage fails that takes so many times its budget: no machine explains that, a loop or a build that grew does.
const RUNAWAY: f64 = 3.0;

fn run(project: &Project, stage: &Stage, scale: u32, alone: bool, results: &mut Results) -> Outcome<Row> {
    let stamp = Stamp::of(project, stage)?;
    let started = Instant::now();
    let budget = stage.minutes(scale, alone && !stamp.is_warm());
    let mut found = Results::default();
    let done = prepare(project, stage).and_then(|env| work(project, stage, scale, &env, &mut found));
    let time = started.elapsed();
    let verdict = match &done {
        Ok(()) if time.as_secs_f64() > budget * 60.0 * RUNAWAY => "over budget",
        Ok(()) if time.as_secs_f64() > budget * 60.0 => LATE,
        Ok(()) => PASSED,
        Err(problem) => {
            println!("\n{problem}");
            "failed"
        }
    };
    // A stage can fail without a failed test: it counts as one, so that the last line never says all is well.
    if !matches!(verdict, PASSED | LATE) && found.failed == 0 {
        found.failed = 1;
    }
    if done.is_ok() {
        stamp.leave()?;
    }
    *results += found;
    println!("--- {} {verdict} in {} (budget {budget} min)", stage.name, spoken(time));
    Ok(Row { name: stage.name, time, budget, verdict })
}

type Env = Vec<(&'static str, PathBuf)>;

/// Brings about what the stage needs; returns what its tests must be told.
fn prepare(project: &Project, stage: &Stage) -> Outcome<Env> {
    let env = RefCell::new(Env::new());
    if stage.needs == Needs::Nothing {
        return Ok(Env::new());
    }
    let mut steps = bundle::steps(project, Edition::Real)?;
    if stage.needs == Needs::Pseudo {
        // One after the other: on a new machine both lack the same tools.
        steps::run(steps)?;
        steps = bundle::steps(project, Edition::Pseudo)?;
        env.borrow_mut().push(("RABASKA_PSEUDO_PAGES", Edition::Pseudo.dist(project)));
    }
    if matches!(stage.needs, Needs::Browser | Needs::Pseudo) {
        steps.push(Step::new("Looking for Chromium and axe-core", |live| {
            env.borrow_mut().push(("RABASKA_CHROMIUM", installs::chromium(project, live)?));
            env.borrow_mut().push(("RABASKA_AXE", installs::axe(project, live)?));
            Ok(())
        }));
    }
    if stage.needs == Needs::Python {
        steps.push(Step::new("Looking for Python and the libraries of the checks", |live| {
            env.borrow_mut().push(("RABASKA_PYTHON", installs::python(project, live)?));
            Ok(())
        }));
    }
    if stage.needs == Needs::Strace {
        steps.push(Step::new("Looking for strace", |live| installs::strace(project, live)));
    }
    steps
        .push(Step::new("Building the server", |live| live.run(demo::build(project, "debug", &["rabaska"]))));
    steps::run(steps)?;
    let mut env = env.into_inner();
    env.push(("RABASKA_BIN", project.built("debug", "rabaska")));
    Ok(env)
}

fn work(project: &Project, stage: &Stage, scale: u32, env: &Env, results: &mut Results) -> Outcome<()> {
    let mut cargo = match stage.work {
        Work::Shape => return shape::check(project),
        Work::Bundle(edition) => {
            let steps = bundle::steps(project, edition)?;
            if steps.is_empty() {
                println!("The pages are up to date.");
            }
            return steps::run(steps);
        }
        Work::Cargo(words) => project.cargo(words.iter().copied()),
        Work::CargoForWasm(words) => {
            let mut cargo = project.cargo(words.iter().copied());
            cargo.env("CARGO_TARGET_DIR", project.wasm_target());
            cargo
        }
        Work::Suites(suites) => {
            // `--workspace` rather than `--package tests`: the same features, hence nothing compiled twice.
            let mut cargo = project.cargo(["test", "--workspace", "--no-fail-fast"]);
            for suite in suites {
                cargo.args(["--test", suite]);
            }
            cargo
        }
    };
    cargo.envs(env.iter().map(|(name, path)| (name, path)));
    cargo.env("RABASKA_TEST_SCALE", scale.to_string());
    // Our reading its output must not cost the colours.
    if std::io::stdout().is_terminal() {
        cargo.env("CARGO_TERM_COLOR", "always");
    }
    stream(cargo, results)
}

/// Lets the program's output through while reading how its tests went.
fn stream(mut command: Command, results: &mut Results) -> Outcome<()> {
    let mut child = command.stdout(Stdio::piped()).spawn().or_say("start cargo")?;
    if let Some(out) = child.stdout.take() {
        for line in BufReader::new(out).split(b'\n') {
            let mut line = line.or_say("read what cargo says")?;
            results.heed(&String::from_utf8_lossy(&line));
            line.push(b'\n');
            std::io::stdout().write_all(&line).or_say("print what cargo says")?;
        }
    }
    let status = child.wait().or_say("wait for cargo")?;
    match status.success() {
        true => Ok(()),
        false => Err(Problem::new("This stage failed: the reason is above.")),
    }
}

/// A mark that this stage has been through with these libraries: without it, everything has to be compiled first.
struct Stamp {
    path: PathBuf,
    libraries: String,
}

impl Stamp {
    fn of(project: &Project, stage: &Stage) -> Outcome<Self> {
        let lock = fs::read(project.root.join("Cargo.lock")).or_say("read Cargo.lock")?;
        let path = project.target.join("verify").join(stage.name);
        Ok(Self { path, libraries: inputs::digest(&lock) })
    }

    fn is_warm(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text == self.libraries)
    }

    fn leave(&self) -> Outcome<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).or_say("create the folder of the marks")?;
        }
        fs::write(&self.path, &self.libraries).or_say("leave the mark of a stage")
    }
}

fn print_table(rows: &[Row], unrun: &[&Stage]) {
    println!("\n{:<14}{:>8}{:>8}", "stage", "minutes", "budget");
    for row in rows {
        let minutes = row.time.as_secs_f64() / 60.0;
        println!("{:<14}{minutes:>8.1}{:>8.1}  {}", row.name, row.budget, row.verdict);
    }
    for stage in unrun {
        println!("{:<14}{:>8}{:>8}  not run", stage.name, "", "");
    }
    println!("{:<14}{:>8.1}{TOGETHER:>8.1}", "together", together(rows));
}

/// The minutes of all of them.
fn together(rows: &[Row]) -> f64 {
    rows.iter().map(|row| row.time.as_secs_f64() / 60.0).sum()
}
