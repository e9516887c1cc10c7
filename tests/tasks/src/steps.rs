//! A list of steps, run one after the other while the reader is told which one, how many remain and how long it took.
//! Everything goes to standard error: standard output belongs to the program that is started at the end.

use crate::problem::{Outcome, Problem, While};
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How many lines of a failed program are shown.
const SHOWN: usize = 200;

/// The narrowest terminal in use, less one.
const WIDTH: usize = 79;

pub struct Step<'a> {
    title: String,
    #[expect(clippy::type_complexity, reason = "a boxed closure, named nowhere else")]
    work: Box<dyn FnOnce(&Live) -> Outcome<()> + 'a>,
}

impl<'a> Step<'a> {
    pub fn new(title: impl Into<String>, work: impl FnOnce(&Live) -> Outcome<()> + 'a) -> Self {
        Self { title: title.into(), work: Box::new(work) }
    }
}

/// What the running step is at, as its programs report it.
#[derive(Default)]
pub struct Live {
    line: Mutex<String>,
    remarks: Mutex<Vec<String>>,
    over: AtomicBool,
}

impl Live {
    pub fn say(&self, line: &str) {
        line.trim().clone_into(&mut self.line.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Keeps a sentence to be printed under the step when it is over.
    pub fn remark(&self, sentence: impl Into<String>) {
        let mut remarks = self.remarks.lock().unwrap_or_else(PoisonError::into_inner);
        remarks.push(sentence.into());
    }

    /// Runs a program silently; its last lines are the problem when it fails.
    pub fn run(&self, mut command: Command) -> Outcome<()> {
        let name = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .or_say(format!("start {name}"))?;
        let said = Mutex::new(Vec::new());
        let (out, err) = (child.stdout.take(), child.stderr.take());
        thread::scope(|scope| {
            scope.spawn(|| self.follow(out, &said));
            scope.spawn(|| self.follow(err, &said));
        });
        let status = child.wait().or_say(format!("wait for {name}"))?;
        if status.success() {
            return Ok(());
        }
        let said = said.into_inner().unwrap_or_else(PoisonError::into_inner);
        let tail = &said[said.len().saturating_sub(SHOWN)..];
        Err(Problem::new(format!("{}\n{name} failed ({status}).", tail.join("\n"))))
    }

    fn follow(&self, from: Option<impl Read>, said: &Mutex<Vec<String>>) {
        let Some(from) = from else { return };
        for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
            let line = String::from_utf8_lossy(&line).into_owned();
            self.say(&line);
            said.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
    }
}

/// Runs the steps in order and stops at the first problem.
pub fn run(steps: Vec<Step>) -> Outcome<()> {
    let total = steps.len();
    for (at, step) in steps.into_iter().enumerate() {
        let head = format!("[{}/{total}] {} …", at + 1, step.title);
        let live = Live::default();
        let started = Instant::now();
        let terminal = std::io::stderr().is_terminal();
        if !terminal {
            eprint!("{head}");
        }
        let done = thread::scope(|scope| {
            let clock = terminal.then(|| scope.spawn(|| tick(&head, started, &live)));
            let done = (step.work)(&live);
            live.over.store(true, Ordering::Release);
            if let Some(clock) = clock {
                clock.thread().unpark();
            }
            done
        });
        let lead = if terminal { format!("\r\x1b[2K{head}") } else { String::new() };
        eprintln!("{lead}  ({})", spoken(started.elapsed()));
        for remark in live.remarks.into_inner().unwrap_or_else(PoisonError::into_inner) {
            eprintln!("      {remark}");
        }
        done?;
    }
    Ok(())
}

/// Rewrites the line of the running step once a second.
fn tick(head: &str, started: Instant, live: &Live) {
    while !live.over.load(Ordering::Acquire) {
        let line = live.line.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // A longer line would wrap, and the wrapped part would never be cleared.
        let text = format!("{head}  {}  {line}", spoken(started.elapsed()));
        let text: String = text.chars().filter(|c| !c.is_control()).take(WIDTH).collect();
        eprint!("\r\x1b[2K{text}");
        let _ = std::io::stderr().flush();
        thread::park_timeout(Duration::from_secs(1));
    }
}

/// `1 min 12 s`, `8 s`.
pub fn spoken(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 60, seconds % 60) {
        (0, _) => format!("{:.1} s", time.as_secs_f64()),
        (minutes, rest) => format!("{minutes} min {rest} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_spoken() {
        assert_eq!(spoken(Duration::from_millis(340)), "0.3 s");
        assert_eq!(spoken(Duration::from_secs(72)), "1 min 12 s");
    }

    #[test]
    fn a_failed_program_shows_what_it_said() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo from the program; exit 3"]);
        let problem = Live::default().run(command).unwrap_err().to_string();
        assert!(problem.contains("from the program"), "{problem}");
        assert!(problem.contains('3'), "{problem}");
    }
}
