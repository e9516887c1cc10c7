//! Faults that tests ask for, in debug builds only: a rule that panics, a process that dies
//! inside a transaction, a rule that takes so long that others wait and become one group.
//! `RABASKA_FAULT_PANIC_AT`, `RABASKA_FAULT_ABORT_AT` and `RABASKA_FAULT_PAUSE_AT` name the
//! title of the proposal at which it happens.

use std::sync::LazyLock;
use std::time::Duration;

use domain::operations::Operation;
use domain::rules::{self, Context, Decision, Loaded};

static PANIC_AT: LazyLock<Option<String>> = LazyLock::new(|| asked("RABASKA_FAULT_PANIC_AT"));
static ABORT_AT: LazyLock<Option<String>> = LazyLock::new(|| asked("RABASKA_FAULT_ABORT_AT"));
static PAUSE_AT: LazyLock<Option<String>> = LazyLock::new(|| asked("RABASKA_FAULT_PAUSE_AT"));
const PAUSE: Duration = Duration::from_millis(200);

fn asked(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|title| !title.is_empty())
}

/// The domain's rules, and the faults before them.
pub fn decide(operation: &Operation, loaded: &Loaded, context: Context<'_>) -> Decision {
    let at = |title: &LazyLock<Option<String>>| {
        title.as_deref().is_some_and(|at| operation.action.title().is_some_and(|title| title.as_str() == at))
    };
    if at(&ABORT_AT) {
        std::process::abort();
    }
    if at(&PAUSE_AT) {
        // The other tasks of this thread move to another one.
        tokio::task::block_in_place(|| std::thread::sleep(PAUSE));
    }
    assert!(!at(&PANIC_AT), "a fault that a test asked for");
    rules::decide(operation, loaded, context)
}
