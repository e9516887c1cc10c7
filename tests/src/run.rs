//! The runtime that all tests of one process share. It lives in a static because the shared
//! browser's connection must outlive the test that happened to open it.

use std::future::Future;
use std::sync::LazyLock;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

/// Longer than any honest test, shorter than anybody's patience.
const TEST_DEADLINE: Duration = Duration::from_secs(180);

static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
    Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("harness")
        .enable_all()
        .build()
        .expect("the test runtime starts")
});

/// Runs one test on the shared runtime; a test still running after three minutes fails.
#[track_caller]
pub fn run<T>(test: impl Future<Output = T>) -> T {
    run_within(TEST_DEADLINE, test)
}

/// Like [`run`], for the rare test that needs another deadline (load, many restarts).
#[track_caller]
pub fn run_within<T>(deadline: Duration, test: impl Future<Output = T>) -> T {
    let outcome = RUNTIME.block_on(async { tokio::time::timeout(deadline, test).await });
    match outcome {
        Ok(value) => value,
        Err(_) => panic!("the test did not end within {} s", deadline.as_secs()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[should_panic(expected = "did not end within")]
    fn a_test_that_hangs_is_ended() {
        run_within(Duration::from_millis(50), std::future::pending::<()>());
    }

    #[test]
    fn what_one_test_spawned_goes_on_while_another_runs() {
        let (tell, told) = tokio::sync::oneshot::channel();
        run(async { drop(tokio::spawn(async { tell.send(7) })) });
        assert_eq!(run(told), Ok(7));
    }
}
