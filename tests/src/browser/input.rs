//! Hands on a page: real mouse, key and text events, and only where a person could have given
//! them. Every act waits a few seconds for its element and then says why it cannot.

use std::panic::Location;
use std::path::Path;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;

use super::keys::{self, Modifiers};
use super::page::{JsError, Page};

const ACT_DEADLINE: Duration = Duration::from_secs(5);

/// Finds elements as a person would name them; see the file's own comment.
const LOCATE: &str = include_str!("locate.js");

#[derive(Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

impl Page {
    /// Clicks the one element that fits a selector.
    #[track_caller]
    pub fn click(&self, selector: &str) -> impl Future<Output = ()> {
        let find = format!("one({})", json!(selector));
        self.click_found(Location::caller(), format!("click {selector}"), find)
    }

    /// Clicks the one element of a kind (a tag such as `button`, or a role such as `link`) that
    /// bears this text.
    #[track_caller]
    pub fn click_text(&self, kind: &str, text: &str) -> impl Future<Output = ()> {
        let find = format!("named({}, {})", json!(kind), json!(text));
        self.click_found(Location::caller(), format!("click {kind} {text}"), find)
    }

    async fn click_found(&self, from: &Location<'_>, what: String, find: String) {
        let end = Instant::now() + ACT_DEADLINE;
        while !self.pressed(from, &what, &find).await {
            if Instant::now() > end {
                self.fail(from, &what, "it moved away before each press").await;
            }
        }
    }

    /// Whether the press met what was aimed at; one that did not had no effect.
    async fn pressed(&self, from: &Location<'_>, what: &str, find: &str) -> bool {
        let point: Point = self.act(from, what, &format!("point({find})")).await;
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 0)] {
            let left = if kind == "mouseMoved" { "none" } else { "left" };
            let event = json!({
                "type": kind, "x": point.x, "y": point.y,
                "button": left, "buttons": buttons, "clickCount": 1,
            });
            self.must(from, "Input.dispatchMouseEvent", event).await;
        }
        // The page may be another one by now, or none.
        !self.eval::<bool>("window.missedPress === true").await.unwrap_or(false)
    }

    /// Puts `value` into the one field that fits a selector, or else bears this label: typed as
    /// text where text can be typed, chosen by its visible text in a `select`.
    #[track_caller]
    pub fn fill(&self, field: &str, value: &str) -> impl Future<Output = ()> {
        let from = Location::caller();
        async move {
            let script = format!("prepare(field({}), {})", json!(field), json!(value));
            let typing: bool = self.act(from, &format!("fill {field}"), &script).await;
            if !typing {
                return;
            }
            if value.is_empty() {
                self.press_at(from, "Delete", Modifiers::NONE).await;
            } else {
                self.must(from, "Input.insertText", json!({ "text": value })).await;
            }
        }
    }

    /// Presses a key: `Tab`, `Enter`, `Space`, `Escape`, `ArrowDown` … or one character.
    #[track_caller]
    pub fn press(&self, key: &str, modifiers: Modifiers) -> impl Future<Output = ()> {
        self.press_at(Location::caller(), key, modifiers)
    }

    async fn press_at(&self, from: &Location<'_>, key: &str, modifiers: Modifiers) {
        let Some(events) = keys::press(key, modifiers) else {
            panic!("{from}: no such key: {key}");
        };
        for event in events {
            self.must(from, "Input.dispatchKeyEvent", event).await;
        }
    }

    /// Types text into whatever has the focus.
    #[track_caller]
    pub fn types(&self, text: &str) -> impl Future<Output = ()> {
        let from = Location::caller();
        let insert = json!({ "text": text });
        async move {
            self.must(from, "Input.insertText", insert).await;
        }
    }

    /// Gives files to a file input, as the system's dialog would.
    #[track_caller]
    pub fn set_files(&self, selector: &str, paths: &[&Path]) -> impl Future<Output = ()> {
        let from = Location::caller();
        let files: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        async move {
            let one = format!("one({}) !== null", json!(selector));
            let _: bool = self.act(from, &format!("give files to {selector}"), &one).await;
            let expression = format!("document.querySelector({})", json!(selector));
            let found = json!({ "expression": expression });
            let found = self.must(from, "Runtime.evaluate", found).await;
            let object = &found["result"]["objectId"];
            let params = json!({ "files": files, "objectId": object });
            self.must(from, "DOM.setFileInputFiles", params).await;
        }
    }

    /// Retries a script of the locator's words until it succeeds or the deadline has passed.
    async fn act<T: serde::de::DeserializeOwned>(&self, from: &Location<'_>, what: &str, script: &str) -> T {
        let script = format!("(async () => {{ {LOCATE}\nreturn await {script}; }})()");
        let end = Instant::now() + ACT_DEADLINE;
        loop {
            let reason = match self.eval(&script).await {
                Ok(value) => return value,
                Err(JsError { text }) => text,
            };
            if Instant::now() > end {
                // The stack is the locator's own: of no use to a reader.
                let reason = reason.lines().next().unwrap_or_default().to_owned();
                self.fail(from, what, &reason).await;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}
