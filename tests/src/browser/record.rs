//! What a target did, written down as its events come in: console, exceptions, violations of the
//! content security policy, and bytes received.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    Error,
    Warning,
    Info,
}

/// A line of the console, an uncaught exception, or a message of the browser itself.
#[derive(Clone, Debug)]
pub struct Entry {
    pub level: Level,
    /// `console`, `exception`, `dialog`, or the browser's own word (`network`, `security` …).
    pub source: String,
    pub text: String,
}

/// A violation of the content security policy.
#[derive(Clone, Debug, Deserialize)]
pub struct Violation {
    pub directive: String,
    pub blocked: String,
    pub at: String,
    /// The policy was only reported on: nothing was blocked.
    pub report_only: bool,
}

/// What one request brought.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub url: String,
    pub method: String,
    /// Bytes received over the network, heads included; 0 when a cache or the worker answered.
    pub bytes: u64,
    pub status: Option<u16>,
    pub from_cache: bool,
    pub from_service_worker: bool,
    /// The request is a service worker's own.
    pub by_service_worker: bool,
    pub failed: bool,
    /// Nothing more comes: it has arrived or failed.
    pub finished: bool,
    /// The browser's word for what was asked for: `Document`, `Script`, `Fetch`, `EventSource` …
    pub kind: String,
}

#[derive(Default)]
pub(crate) struct Record {
    pub(crate) entries: Vec<Entry>,
    pub(crate) violations: Vec<Violation>,
    pub(crate) transfers: Vec<Transfer>,
    open: HashMap<String, usize>,
    pub(crate) ready: bool,
    pub(crate) crashed: bool,
    pub(crate) closed: bool,
}

impl Record {
    pub(crate) fn add(&mut self, level: Level, source: &str, text: String) {
        self.entries.push(Entry { level, source: source.to_owned(), text });
    }

    pub(crate) fn forget_transfers(&mut self) {
        self.transfers.clear();
        self.open.clear();
    }

    /// Takes an event of the target; `binding` is the name under which violations are told.
    pub(crate) fn take(&mut self, method: &str, params: &Value, worker: bool, binding: &str) {
        match method {
            "Runtime.consoleAPICalled" => self.take_console(params),
            "Runtime.exceptionThrown" => {
                self.add(Level::Error, "exception", exception(&params["exceptionDetails"]));
            }
            "Log.entryAdded" => self.take_log(&params["entry"]),
            "Runtime.bindingCalled" if params["name"] == binding => {
                let payload = params["payload"].as_str().unwrap_or_default();
                if let Ok(violation) = serde_json::from_str(payload) {
                    self.violations.push(violation);
                }
            }
            "Inspector.targetCrashed" => self.crashed = true,
            "Page.javascriptDialogOpening" => {
                let kind = text(&params["type"]);
                self.add(Level::Info, "dialog", format!("{kind}: {}", text(&params["message"])));
            }
            _ if method.starts_with("Network.") => self.take_network(method, params, worker),
            _ => {}
        }
    }

    fn take_console(&mut self, params: &Value) {
        let level = match params["type"].as_str() {
            Some("error" | "assert") => Level::Error,
            Some("warning") => Level::Warning,
            _ => Level::Info,
        };
        let words: Vec<String> = params["args"].as_array().into_iter().flatten().map(said).collect();
        self.add(level, "console", words.join(" "));
    }

    fn take_log(&mut self, entry: &Value) {
        let words = text(&entry["text"]);
        let reported = words.contains("[Report Only]") || words.contains("report-only");
        let level = match entry["level"].as_str() {
            Some("error") if !reported => Level::Error,
            Some("error" | "warning") => Level::Warning,
            _ => Level::Info,
        };
        let words = match entry["url"].as_str() {
            Some(url) => format!("{words} ({url})"),
            None => words,
        };
        self.add(level, &text(&entry["source"]), words);
    }

    fn take_network(&mut self, method: &str, params: &Value, worker: bool) {
        let id = text(&params["requestId"]);
        if method == "Network.requestWillBeSent" {
            if let Some(redirect) = params.get("redirectResponse") {
                self.received(&id, redirect);
                self.finish(&id, redirect["encodedDataLength"].as_f64());
            }
            self.open.insert(id, self.transfers.len());
            self.transfers.push(Transfer {
                url: text(&params["request"]["url"]),
                method: text(&params["request"]["method"]),
                bytes: 0,
                status: None,
                from_cache: false,
                from_service_worker: false,
                by_service_worker: worker,
                failed: false,
                finished: false,
                kind: text(&params["type"]),
            });
            return;
        }
        let Some(transfer) = self.transfer(&id) else { return };
        match method {
            "Network.requestServedFromCache" => transfer.from_cache = true,
            "Network.responseReceived" => {
                // The head's bytes count even when the body never ends.
                transfer.bytes = count(params["response"]["encodedDataLength"].as_f64());
                self.received(&id, &params["response"]);
            }
            "Network.dataReceived" => {
                transfer.bytes += count(params["encodedDataLength"].as_f64());
            }
            "Network.loadingFinished" => self.finish(&id, params["encodedDataLength"].as_f64()),
            "Network.loadingFailed" => {
                transfer.failed = true;
                transfer.finished = true;
                self.open.remove(&id);
            }
            _ => {}
        }
    }

    fn transfer(&mut self, id: &str) -> Option<&mut Transfer> {
        let index = *self.open.get(id)?;
        self.transfers.get_mut(index)
    }

    fn received(&mut self, id: &str, response: &Value) {
        if let Some(transfer) = self.transfer(id) {
            transfer.status = response["status"].as_u64().and_then(|s| u16::try_from(s).ok());
            transfer.from_cache |= response["fromDiskCache"] == true;
            transfer.from_service_worker = response["fromServiceWorker"] == true;
        }
    }

    fn finish(&mut self, id: &str, bytes: Option<f64>) {
        if let Some(transfer) = self.transfer(id) {
            let local = transfer.from_cache || transfer.from_service_worker;
            transfer.bytes = if local { 0 } else { count(bytes) };
            transfer.finished = true;
        }
        self.open.remove(id);
    }
}

fn count(bytes: Option<f64>) -> u64 {
    bytes.map_or(0, |bytes| bytes.max(0.0) as u64)
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A console argument as DevTools would show it.
fn said(argument: &Value) -> String {
    match &argument["value"] {
        Value::String(words) => words.clone(),
        Value::Null => match argument["description"].as_str() {
            Some(description) => description.to_owned(),
            None if argument["type"] == "undefined" => "undefined".to_owned(),
            None => argument["unserializableValue"].as_str().unwrap_or("null").to_owned(),
        },
        value => value.to_string(),
    }
}

/// An exception's message and stack.
pub(crate) fn exception(details: &Value) -> String {
    match details["exception"]["description"].as_str() {
        Some(description) => description.to_owned(),
        None => format!("{} {}", text(&details["text"]), said(&details["exception"])),
    }
}
