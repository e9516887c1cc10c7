//! What a tab said, broke and received, its device's workers included.

use std::panic::Location;
use std::time::{Duration, Instant};

use super::page::{Page, WAIT_DEADLINE};
use super::record::{Entry, Level, Transfer, Violation};
use super::target::Kind;

/// How long nothing new may start before the network counts as quiet.
const QUIET: Duration = Duration::from_millis(250);

impl Page {
    /// Everything the tab and the device's workers wrote to the console, exceptions included.
    pub fn console(&self) -> Vec<Entry> {
        let mine = self.target.record.lock().unwrap().entries.clone();
        let workers = self.device().targets().into_iter().filter(|t| t.kind != Kind::Page);
        let theirs = workers.flat_map(|worker| worker.record.lock().unwrap().entries.clone());
        mine.into_iter().chain(theirs).collect()
    }

    /// Violations of the content security policy that were enforced. A test that leaves one
    /// unlooked at fails when the page goes: see [`take_violations`](Self::take_violations).
    pub fn violations(&self) -> Vec<Violation> {
        self.violations_where(false)
    }

    /// The same, and forgets them: for a test that provokes them.
    pub fn take_violations(&self) -> Vec<Violation> {
        let found = self.violations();
        self.target.record.lock().unwrap().violations.retain(|violation| violation.report_only);
        found
    }

    /// What the device's workers were refused: they have no document in which to listen.
    pub(crate) fn worker_violations(&self) -> Vec<Entry> {
        let refused =
            |entry: &Entry| entry.level == Level::Error && entry.text.contains("Content Security Policy");
        let workers = self.device().targets().into_iter().filter(|target| target.kind != Kind::Page);
        let entries = workers.flat_map(|worker| worker.record.lock().unwrap().entries.clone());
        entries.filter(refused).collect()
    }

    /// Violations that a policy under trial would have stopped.
    pub fn report_only_violations(&self) -> Vec<Violation> {
        self.violations_where(true)
    }

    fn violations_where(&self, report_only: bool) -> Vec<Violation> {
        let record = self.target.record.lock().unwrap();
        let fits = |violation: &&Violation| violation.report_only == report_only;
        record.violations.iter().filter(fits).cloned().collect()
    }

    /// Fails on any console error, uncaught exception or enforced CSP violation.
    #[track_caller]
    pub fn assert_clean(&self) {
        self.assert_clean_but_for(&[]);
    }

    /// Like [`assert_clean`](Self::assert_clean), but errors that contain one of these texts are
    /// expected (`net::ERR_CONNECTION_REFUSED` while the server is dead).
    #[track_caller]
    pub fn assert_clean_but_for(&self, expected: &[&str]) {
        // What the harness itself throws (an element that is not there yet) has no address.
        let ours = |entry: &Entry| entry.text.contains("<anonymous>:") && !entry.text.contains("://");
        let wrong = |entry: &Entry| {
            entry.level == Level::Error
                && !ours(entry)
                && !expected.iter().any(|text| entry.text.contains(text))
        };
        let errors: Vec<Entry> = self.console().into_iter().filter(wrong).collect();
        let violations = self.violations();
        assert!(
            errors.is_empty() && violations.is_empty(),
            "the page is not clean: {errors:#?} {violations:#?}"
        );
    }

    /// What this tab and the device's workers received, request by request. Chromium does not tell
    /// of the fetch of a service worker's own script: a budget that includes it counts at the proxy
    /// ([`Proxy::bytes_down`](crate::Proxy::bytes_down)).
    pub fn transfers(&self) -> Vec<Transfer> {
        let mut transfers = self.target.record.lock().unwrap().transfers.clone();
        transfers.extend(self.device().worker_transfers());
        transfers
    }

    /// Waits until tab and workers await nothing more from the network (event streams apart) and
    /// have started nothing new for a moment: a worker's requests are told of a little later than
    /// the page's. Then [`transfers`](Self::transfers) is complete.
    #[track_caller]
    pub fn quiet(&self) -> impl Future<Output = ()> {
        let from = Location::caller();
        let settled = || {
            let transfers = self.transfers();
            let done = |transfer: &Transfer| transfer.finished || transfer.kind == "EventSource";
            transfers.iter().all(done).then_some(transfers.len())
        };
        async move {
            let end = Instant::now() + WAIT_DEADLINE;
            while Instant::now() < end {
                let Some(count) = self.device().registry().until(WAIT_DEADLINE, settled).await else { break };
                tokio::time::sleep(QUIET).await;
                if settled() == Some(count) {
                    return;
                }
            }
            let open = self.transfers().into_iter().filter(|transfer| !transfer.finished);
            self.fail(from, "the network is quiet", &format!("{:#?}", open.collect::<Vec<_>>())).await;
        }
    }

    /// The bytes of all [`transfers`](Self::transfers).
    pub fn bytes(&self) -> u64 {
        self.transfers().iter().map(|transfer| transfer.bytes).sum()
    }

    /// Counts transfers from now on.
    pub fn forget_transfers(&self) {
        for target in self.device().targets() {
            target.record.lock().unwrap().forget_transfers();
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::browser::{Browser, Viewport};
    use crate::run;
    use crate::upstream::{Upstream, reply};

    const PAGE: &str =
        "<!doctype html><title>W</title><script>navigator.serviceWorker.register('/sw.js')</script>";
    const WORKER: &str = "addEventListener('install', e => e.waitUntil(
        fetch('/beyond').catch(() => {}).then(() => skipWaiting())));
        addEventListener('activate', e => e.waitUntil(clients.claim()));";

    #[test]
    #[should_panic(expected = "the content security policy stopped something")]
    fn a_workers_violation_fails_the_test_too() {
        run(async {
            let upstream = Upstream::start(|_, target, _| {
                if target != "/sw.js" {
                    return reply("text/html", PAGE);
                }
                let mut worker = reply("text/javascript", WORKER);
                let policy = "connect-src 'none'".parse().unwrap();
                worker.headers_mut().insert("content-security-policy", policy);
                worker
            })
            .await;
            let device = Browser::shared().await.device(Viewport::PHONE).await;
            let page = device.open(&format!("http://localhost:{}/", upstream.port)).await;
            page.wait_for("navigator.serviceWorker.controller !== null", "the worker is in charge").await;
        });
    }
}
