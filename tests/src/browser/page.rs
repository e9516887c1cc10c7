//! A tab: going somewhere, asking and waiting, what it said and received, and how it ends.
//! Questions answer with `Result`; acts and waits fail the test, naming the line that asked.

use std::fmt;
use std::panic::Location;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::cdp::CdpError;
use super::device::Device;
use super::emulate::{Emulation, Viewport};
use super::record::exception;
use super::target::Target;
use crate::tools::failure_file;

pub(crate) const WAIT_DEADLINE: Duration = Duration::from_secs(15);
const LOAD_DEADLINE: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(30);

/// A script that threw, could not be run, or gave something else than was asked for.
#[derive(Clone, Debug)]
pub struct JsError {
    /// Message and stack.
    pub text: String,
}

impl fmt::Display for JsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl std::error::Error for JsError {}

impl From<CdpError> for JsError {
    fn from(error: CdpError) -> Self {
        Self { text: error.to_string() }
    }
}

/// What an office has in its printer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Paper {
    A4,
    Letter,
}

impl Paper {
    pub const ALL: [Self; 2] = [Self::A4, Self::Letter];

    fn inches(self) -> [f64; 2] {
        match self {
            Self::A4 => [8.27, 11.69],
            Self::Letter => [8.5, 11.0],
        }
    }
}

/// One tab of a device.
pub struct Page {
    device: Device,
    pub(crate) target: Arc<Target>,
}

impl Page {
    pub(crate) fn new(device: Device, target: Arc<Target>) -> Self {
        Self { device, target }
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    /// A DevTools command of this tab, for what the harness has no words for.
    pub async fn call(&self, method: &str, params: Value) -> Result<Value, CdpError> {
        self.target.session.call(method, params).await
    }

    pub(crate) async fn must(&self, from: &Location<'_>, method: &str, params: Value) -> Value {
        match self.call(method, params).await {
            Ok(answer) => answer,
            Err(error) => panic!("{from}: {error}"),
        }
    }

    /// Goes to an address and waits until it has loaded.
    #[track_caller]
    pub fn goto(&self, url: &str) -> impl Future<Output = ()> {
        let from = Location::caller();
        async move {
            if let Err(reason) = self.try_goto(url).await {
                self.fail(from, &format!("goto {url}"), &reason.text).await;
            }
        }
    }

    /// Like [`goto`](Self::goto) where not arriving is a possible outcome.
    pub async fn try_goto(&self, url: &str) -> Result<(), JsError> {
        let navigate = json!({ "url": url });
        let session = &self.target.session;
        let answer = session.call_within(LOAD_DEADLINE, "Page.navigate", navigate).await?;
        if let Some(reason) = answer["errorText"].as_str() {
            return Err(JsError { text: reason.to_owned() });
        }
        self.loaded().await
    }

    /// Loads the page again and waits until it has loaded.
    #[track_caller]
    pub fn reload(&self) -> impl Future<Output = ()> {
        let from = Location::caller();
        async move {
            // The old document answers until the new one is there: mark it.
            let marked = self.exec("window.harnessOldDocument = true").await;
            let reloaded = self.call("Page.reload", json!({})).await;
            let fresh = "document.readyState === 'complete' && !window.harnessOldDocument";
            let outcome = match (marked, reloaded) {
                (Ok(_), Ok(_)) => self.until(fresh, LOAD_DEADLINE).await,
                (Err(error), _) => Err(error),
                (_, Err(error)) => Err(error.into()),
            };
            if let Err(reason) = outcome {
                self.fail(from, "reload", &reason.text).await;
            }
        }
    }

    async fn loaded(&self) -> Result<(), JsError> {
        self.until("document.readyState === 'complete'", LOAD_DEADLINE).await
    }

    /// Runs a script and gives the value of its last expression; a promise is waited for, and
    /// `await` may be used throughout.
    pub async fn eval<T: DeserializeOwned>(&self, js: &str) -> Result<T, JsError> {
        if self.target.record.lock().unwrap().crashed {
            return Err(JsError { text: "the tab has crashed".to_owned() });
        }
        // Only this mode knows `await` at the top, and it alone does not wait for a promise that
        // comes out: hence the second step for whatever is not a plain value.
        let params = json!({ "expression": js, "replMode": true, "userGesture": true });
        let mut result = checked(self.call("Runtime.evaluate", params).await?)?;
        if let Some(object) = result.get("objectId") {
            let params = json!({
                "objectId": object,
                "functionDeclaration": "function () { return this }",
                "awaitPromise": true,
                "returnByValue": true,
            });
            result = checked(self.call("Runtime.callFunctionOn", params).await?)?;
        }
        let value = result.get("value").cloned().unwrap_or_default();
        serde_json::from_value(value)
            .map_err(|error| JsError { text: format!("{error}: the script gave {result}") })
    }

    /// Runs a script for what it does, whatever its value is.
    pub async fn exec(&self, js: &str) -> Result<(), JsError> {
        self.eval::<serde::de::IgnoredAny>(js).await.map(|_| ())
    }

    /// Waits until a script's value is true; fails after 15 s with what the page looks like.
    #[track_caller]
    pub fn wait_for(&self, js: &str, what: &str) -> impl Future<Output = ()> {
        self.wait_within(WAIT_DEADLINE, js, what)
    }

    /// Like [`wait_for`](Self::wait_for), where the product promises another time.
    #[track_caller]
    pub fn wait_within(&self, deadline: Duration, js: &str, what: &str) -> impl Future<Output = ()> {
        let from = Location::caller();
        async move {
            if let Err(reason) = self.until(js, deadline).await {
                self.fail(from, what, &reason.text).await;
            }
        }
    }

    /// Waits until these words are visible.
    #[track_caller]
    pub fn sees(&self, words: &str) -> impl Future<Output = ()> {
        self.sees_within(WAIT_DEADLINE, words)
    }

    /// Like [`sees`](Self::sees), where the product promises another time.
    #[track_caller]
    pub fn sees_within(&self, deadline: Duration, words: &str) -> impl Future<Output = ()> {
        // A space that does not break a line is a space.
        let words = json!(words.replace('\u{a0}', " "));
        let js = format!("document.body.innerText.replaceAll('\\u00a0', ' ').includes({words})");
        let from = Location::caller();
        async move {
            if let Err(reason) = self.until(&js, deadline).await {
                self.fail(from, &format!("see {words}"), &reason.text).await;
            }
        }
    }

    /// Waits until the app has taken over the page.
    #[track_caller]
    pub fn mounted(&self) -> impl Future<Output = ()> {
        self.wait_for("document.documentElement.dataset.mounted === 'true'", "the app is mounted")
    }

    async fn until(&self, js: &str, deadline: Duration) -> Result<(), JsError> {
        let end = Instant::now() + deadline;
        let asked = format!("Boolean(await ({js}))");
        loop {
            let reason = match self.eval::<bool>(&asked).await {
                Ok(true) => return Ok(()),
                Ok(false) => format!("not within {} s: {js}", deadline.as_secs()),
                // A navigation in between takes the context away; the next look has another.
                Err(error) => format!("not within {} s: {js}: {error}", deadline.as_secs()),
            };
            let hopeless = reason.contains("SyntaxError") || reason.contains("has crashed");
            if hopeless || Instant::now() > end {
                return Err(JsError { text: reason });
            }
            tokio::time::sleep(POLL).await;
        }
    }

    /// Fails the test with all that helps to see why.
    pub(crate) async fn fail(&self, from: &Location<'_>, what: &str, reason: &str) -> ! {
        let js = "[location.href, document.title, document.body?.innerText.slice(0, 2000) ?? '']";
        let page = match self.eval::<[String; 3]>(js).await {
            Ok([url, title, text]) => format!("url: {url}\ntitle: {title}\ntext: {text}"),
            Err(error) => format!("the page does not answer: {error}"),
        };
        let file = failure_file(what);
        let picture = match self.capture(&file, false).await {
            Ok(()) => file.display().to_string(),
            Err(error) => error.to_string(),
        };
        panic!("{from}: {what}: {reason}\n{page}\nscreenshot: {picture}");
    }

    /// The visible text.
    #[track_caller]
    pub fn text(&self) -> impl Future<Output = String> {
        let from = Location::caller();
        async move {
            match self.eval("document.body.innerText").await {
                Ok(text) => text,
                Err(error) => panic!("{from}: {error}"),
            }
        }
    }

    /// Saves a picture; `full` means the whole page instead of what fits the screen.
    #[track_caller]
    pub fn screenshot(&self, path: &Path, full: bool) -> impl Future<Output = ()> {
        let from = Location::caller();
        async move {
            if let Err(error) = self.capture(path, full).await {
                panic!("{from}: no screenshot: {error}");
            }
        }
    }

    async fn capture(&self, path: &Path, full: bool) -> Result<(), CdpError> {
        let mut params = json!({ "format": "png", "captureBeyondViewport": full });
        if full {
            let size = self.call("Page.getLayoutMetrics", json!({})).await?["cssContentSize"].take();
            params["clip"] = json!({
                "x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1,
            });
        }
        let answer = self.call("Page.captureScreenshot", params).await?;
        save(path, &answer["data"])
    }

    /// Prints the page into a PDF file on such paper, as its print style sheet has it, and answers
    /// how many pages that takes.
    #[track_caller]
    pub fn pdf(&self, path: &Path, paper: Paper) -> impl Future<Output = usize> {
        let from = Location::caller();
        async move {
            let [width, height] = paper.inches();
            let params = json!({
                "printBackground": true, "preferCSSPageSize": true,
                "paperWidth": width, "paperHeight": height,
            });
            let answer = self.must(from, "Page.printToPDF", params).await;
            if let Err(error) = save(path, &answer["data"]) {
                panic!("{from}: {error}");
            }
            let pdf = std::fs::read(path).unwrap_or_else(|error| panic!("{from}: {error}"));
            let page = b"/Type /Page";
            pdf.windows(page.len() + 1).filter(|at| at.starts_with(page) && at.last() != Some(&b's')).count()
        }
    }

    pub async fn set_viewport(&self, viewport: Viewport) {
        let from = Location::caller();
        self.must(from, "Emulation.setDeviceMetricsOverride", viewport.metrics()).await;
        let touch = json!({ "enabled": viewport.mobile });
        self.must(from, "Emulation.setTouchEmulationEnabled", touch).await;
    }

    /// Sets the person's preferences; those not named are the usual ones.
    pub async fn emulate(&self, emulation: Emulation) {
        let from = Location::caller();
        self.must(from, "Emulation.setEmulatedMedia", emulation.features()).await;
        let Some(locale) = emulation.locale else { return };
        self.must(from, "Emulation.setLocaleOverride", json!({ "locale": locale })).await;
        let agent = self.eval::<String>("navigator.userAgent").await.unwrap_or_default();
        let params = json!({ "userAgent": agent, "acceptLanguage": locale });
        self.must(from, "Emulation.setUserAgentOverride", params).await;
    }

    /// Slows the processor: 4 is a cheap phone.
    pub async fn cpu_throttle(&self, rate: f64) {
        let from = Location::caller();
        self.must(from, "Emulation.setCPUThrottlingRate", json!({ "rate": rate })).await;
    }

    /// Slows the network of the whole device, its service workers included; 0 lifts the limit.
    pub async fn network(&self, kbit_per_second: f64, latency_ms: f64) {
        self.device.network(kbit_per_second, latency_ms).await;
    }

    /// Closes the tab; the page is not asked (`beforeunload`), but may still tidy up.
    pub async fn close(self) {
        let close = json!({ "targetId": self.target.id });
        if let Err(error) = self.device.root().call("Target.closeTarget", close).await {
            panic!("the tab does not close: {error}");
        }
        let find = || self.target.record.lock().unwrap().closed.then_some(());
        let closed = self.device.registry().until(WAIT_DEADLINE, find).await;
        assert!(closed.is_some(), "the tab is still there");
    }

    /// Kills the tab's process: not a line of it runs any more, as when the system needs memory.
    pub async fn crash(self) {
        // The dying tab never answers.
        self.target.session.send("Page.crash", json!({}));
        let find = || {
            let record = self.target.record.lock().unwrap();
            (record.crashed || record.closed).then_some(())
        };
        let crashed = self.device.registry().until(WAIT_DEADLINE, find).await;
        assert!(crashed.is_some(), "the tab did not crash");
        self.close().await;
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("--- console of the page ---");
            for entry in self.console() {
                eprintln!("{:?} {}: {}", entry.level, entry.source, entry.text);
            }
            for violation in &self.target.record.lock().unwrap().violations {
                eprintln!("{violation:?}");
            }
            eprintln!("--- end ---");
            return;
        }
        // Whatever a test is about: nothing of ours may run into our own policy.
        let (own, theirs) = (self.violations(), self.worker_violations());
        assert!(
            own.is_empty() && theirs.is_empty(),
            "the content security policy stopped something: {own:#?} {theirs:#?}"
        );
    }
}

fn checked(mut answer: Value) -> Result<Value, JsError> {
    match answer.get("exceptionDetails") {
        Some(details) => Err(JsError { text: exception(details) }),
        None => Ok(answer["result"].take()),
    }
}

fn save(path: &Path, data: &Value) -> Result<(), CdpError> {
    let wrong = |message: String| CdpError { method: "save".to_owned(), message };
    let bytes = BASE64_STANDARD.decode(data.as_str().unwrap_or_default());
    let bytes = bytes.map_err(|error| wrong(error.to_string()))?;
    std::fs::write(path, bytes).map_err(|error| wrong(format!("{}: {error}", path.display())))
}
