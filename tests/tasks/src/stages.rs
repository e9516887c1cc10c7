//! The stages of `cargo verify`, cheapest first. To add one, add a row; a new test suite must be named in a row here,
//! or the `shape` stage refuses it.

use crate::edition::Edition;
use crate::problem::{Outcome, Problem};

/// What a stage runs.
#[derive(Clone, Copy)]
pub enum Work {
    /// The small checks of `shape.rs`.
    Shape,
    /// The pages of an edition, the real one as `cargo demo` builds it.
    Bundle(Edition),
    /// Cargo with these words.
    Cargo(&'static [&'static str]),
    /// Cargo with these words, in the folder of the browser's builds.
    CargoForWasm(&'static [&'static str]),
    /// These suites of the package `tests`.
    Suites(&'static [&'static str]),
}

/// What must be there before a stage starts.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    Nothing,
    /// The pages and the server's binary.
    Server,
    /// The same, and a Python with the libraries of the checks.
    Python,
    /// The pages, the server's binary and strace.
    Strace,
    /// The pages and the server's binary, Chromium and axe-core.
    Browser,
    /// The same, and the pages of the pseudo-locale.
    Pseudo,
}

/// The most minutes that all stages take together, from nothing on two cores.
pub const TOGETHER: f64 = 45.0;

pub struct Stage {
    pub name: &'static str,
    pub about: &'static str,
    /// Minutes on two cores from nothing, after the stages before it.
    pub budget: f64,
    pub needs: Needs,
    pub work: Work,
}

pub const STAGES: &[Stage] = &[
    Stage {
        name: "fmt",
        about: "the code is formatted",
        budget: 0.25,
        needs: Needs::Nothing,
        work: Work::Cargo(&["fmt", "--all", "--check"]),
    },
    Stage {
        name: "shape",
        about: "no machine's paths, no forgotten suite, equal versions of wasm-bindgen",
        budget: 0.25,
        needs: Needs::Nothing,
        work: Work::Shape,
    },
    Stage {
        name: "clippy",
        about: "no warning in server, rules, store and tests",
        budget: 3.5,
        needs: Needs::Nothing,
        work: Work::Cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    },
    Stage {
        name: "clippy-wasm",
        about: "no warning in the web app",
        budget: 2.5,
        needs: Needs::Nothing,
        work: Work::CargoForWasm(&[
            "clippy",
            "--package=app",
            "--lib",
            "--bins",
            "--features=csr",
            "--target=wasm32-unknown-unknown",
            "--",
            "-D",
            "warnings",
        ]),
    },
    Stage {
        name: "unit",
        about: "rules, screens' state, device, server",
        budget: 2.25,
        needs: Needs::Nothing,
        work: Work::Cargo(&["test", "--workspace", "--exclude=tests", "--no-fail-fast", "--lib", "--bins"]),
    },
    Stage {
        name: "server",
        about: "the store on a real file, the router on the real store",
        budget: 1.5,
        needs: Needs::Nothing,
        work: Work::Cargo(&["test", "--workspace", "--no-fail-fast", "--test", "store", "--test", "api"]),
    },
    Stage {
        name: "histories",
        about: "10,000 histories of a faulty line, and ten mutants that they catch",
        budget: 2.25,
        needs: Needs::Nothing,
        work: Work::Suites(&["histories"]),
    },
    Stage {
        name: "bundle",
        about: "the pages build, are listed for offline use and compressed",
        // Five of them are for compiling the tools.
        budget: 9.5,
        needs: Needs::Nothing,
        work: Work::Bundle(Edition::Real),
    },
    Stage {
        name: "harness",
        about: "the fault proxy, the browser's client and axe do what the suites rely on",
        budget: 1.75,
        needs: Needs::Browser,
        work: Work::Cargo(&["test", "--package=tests", "--no-fail-fast", "--lib"]),
    },
    Stage {
        name: "sync",
        about: "devices, a server and a network with faults",
        budget: 1.25,
        needs: Needs::Server,
        work: Work::Suites(&["sync"]),
    },
    Stage {
        name: "exports",
        about: "tables, calendars and feeds are what libraries of others read",
        budget: 0.75,
        needs: Needs::Python,
        work: Work::Suites(&["exports"]),
    },
    Stage {
        name: "power",
        about: "a power cut at every moment of a run, replayed from the server's system calls",
        budget: 2.5,
        needs: Needs::Strace,
        work: Work::Suites(&["power"]),
    },
    Stage {
        name: "pseudo",
        about: "the pages build with words that only look like ours",
        budget: 3.25,
        needs: Needs::Nothing,
        work: Work::Bundle(Edition::Pseudo),
    },
    Stage {
        name: "browser",
        about: "the real server in a real browser",
        budget: 13.5,
        needs: Needs::Pseudo,
        work: Work::Suites(&["e2e"]),
    },
];

impl Stage {
    /// The minutes of one run. A stage that is run alone and was never through has to compile first
    /// what the ones before it would have compiled: it may take the time of all. What repeats may
    /// take so many times longer.
    pub fn minutes(&self, scale: u32, alone_and_cold: bool) -> f64 {
        let once = if alone_and_cold { TOGETHER } else { self.budget };
        let repeats = match self.work {
            Work::Suites(_) => true,
            Work::Cargo(words) => words.first() == Some(&"test"),
            Work::Shape | Work::Bundle(_) | Work::CargoForWasm(_) => false,
        };
        if repeats { once * f64::from(scale) } else { once }
    }
}

/// The stages of these names in the order of the table; all when none is named.
pub fn select<'a>(table: &'a [Stage], names: &[&str]) -> Outcome<Vec<&'a Stage>> {
    let known = |name: &&str| table.iter().any(|stage| stage.name == *name);
    if let Some(name) = names.iter().find(|name| !known(name)) {
        let all: Vec<_> = table.iter().map(|stage| stage.name).collect();
        return Err(Problem::new(format!("There is no stage called `{name}`."))
            .next(format!("The stages are: {}.", all.join(", "))));
    }
    Ok(table.iter().filter(|stage| names.is_empty() || names.contains(&stage.name)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(names: &[&str]) -> Vec<&'static str> {
        select(STAGES, names).unwrap().iter().map(|stage| stage.name).collect()
    }

    #[test]
    fn no_name_means_every_stage() {
        assert_eq!(chosen(&[]).len(), STAGES.len());
    }

    #[test]
    fn named_stages_keep_the_order_of_the_table() {
        assert_eq!(chosen(&["sync", "fmt"]), ["fmt", "sync"]);
    }

    #[test]
    fn an_unknown_stage_is_answered_with_the_list() {
        let problem = select(STAGES, &["speed"]).err().unwrap().to_string();
        assert!(problem.contains("`speed`") && problem.contains("fmt, shape"), "{problem}");
    }

    #[test]
    fn every_stage_has_a_name_of_its_own() {
        for stage in STAGES {
            assert_eq!(STAGES.iter().filter(|other| other.name == stage.name).count(), 1);
        }
    }

    #[test]
    fn from_nothing_all_stages_take_45_minutes_at_most() {
        let sum: f64 = STAGES.iter().map(|stage| stage.minutes(1, false)).sum();
        assert!(sum <= TOGETHER && TOGETHER <= 45.0, "{sum}");
        assert!(STAGES.iter().all(|stage| stage.budget > 0.0));
    }

    #[test]
    fn what_repeats_ten_times_may_take_ten_times_longer_and_nothing_else() {
        for stage in STAGES {
            let repeats = ["unit", "server", "histories", "harness", "sync", "exports", "power", "browser"];
            let wanted = if repeats.contains(&stage.name) { 10.0 } else { 1.0 };
            assert_eq!(stage.minutes(10, false), stage.budget * wanted, "{}", stage.name);
        }
    }
}
