//! The tabs and workers of all devices: attached before their first line runs, set up, and written
//! down from then on.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::cdp::{Event, Session};
use super::emulate::Network;
use super::record::{Record, text};

/// The isolated world of our own script, and the name by which it speaks to us.
const WORLD: &str = "harness";
const BINDING: &str = "harnessTell";

/// Page scripts see neither this listener nor the binding: they live in an isolated world.
const WATCH_CSP: &str = r#"
document.addEventListener("securitypolicyviolation", event => harnessTell(JSON.stringify({
  directive: event.effectiveDirective,
  blocked: event.blockedURI,
  at: `${event.sourceFile}:${event.lineNumber}`,
  report_only: event.disposition === "report",
})))"#;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Page,
    ServiceWorker,
    Worker,
}

pub(crate) struct Target {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) session: Session,
    pub(crate) record: Mutex<Record>,
}

/// One device's part of the browser.
#[derive(Default)]
pub(crate) struct Context {
    pub(crate) targets: Vec<Arc<Target>>,
    pub(crate) network: Option<Network>,
}

#[derive(Default)]
pub(crate) struct Registry {
    by_session: Mutex<HashMap<String, Arc<Target>>>,
    contexts: Mutex<HashMap<String, Context>>,
    changed: watch::Sender<()>,
}

impl Registry {
    pub(crate) fn add_context(&self, id: &str) {
        self.contexts.lock().unwrap().insert(id.to_owned(), Context::default());
    }

    pub(crate) fn remove_context(&self, id: &str) {
        self.contexts.lock().unwrap().remove(id);
    }

    pub(crate) fn with_context<T>(&self, id: &str, act: impl FnOnce(&mut Context) -> T) -> Option<T> {
        self.contexts.lock().unwrap().get_mut(id).map(act)
    }

    pub(crate) fn targets(&self, context: &str) -> Vec<Arc<Target>> {
        self.with_context(context, |context| context.targets.clone()).unwrap_or_default()
    }

    /// Waits until `find` finds something; looks again after every event of any target.
    pub(crate) async fn until<T>(&self, deadline: Duration, find: impl Fn() -> Option<T>) -> Option<T> {
        let mut changed = self.changed.subscribe();
        let search = async {
            loop {
                if let Some(found) = find() {
                    return Some(found);
                }
                if changed.changed().await.is_err() {
                    return None;
                }
            }
        };
        tokio::time::timeout(deadline, search).await.ok().flatten()
    }

    /// Takes events until Chromium is gone.
    pub(crate) async fn follow(self: Arc<Self>, root: Session, mut events: mpsc::UnboundedReceiver<Event>) {
        while let Some(event) = events.recv().await {
            match event.method.as_str() {
                "Target.attachedToTarget" => self.attach(&root, &event),
                "Target.detachedFromTarget" => {
                    let session = text(&event.params["sessionId"]);
                    if let Some(target) = self.by_session.lock().unwrap().remove(&session) {
                        target.record.lock().unwrap().closed = true;
                    }
                }
                "ServiceWorker.workerVersionUpdated" => self.let_go(&event.params["versions"]),
                method => self.record(method, &event),
            }
            self.changed.send_replace(());
        }
    }

    /// A worker that is started again, for a request that came while it was stopping, waits for
    /// a debugger like a new one, but is not told of as attached.
    fn let_go(&self, versions: &Value) {
        let starting = |each: &&Value| each["runningStatus"] == "starting";
        for version in versions.as_array().into_iter().flatten().filter(starting) {
            for target in self.by_session.lock().unwrap().values() {
                if version["targetId"] == *target.id && target.record.lock().unwrap().ready {
                    target.session.send("Runtime.runIfWaitingForDebugger", json!({}));
                }
            }
        }
    }

    fn record(&self, method: &str, event: &Event) {
        let Some(session) = &event.session else { return };
        let target = self.by_session.lock().unwrap().get(session).cloned();
        let Some(target) = target else { return };
        if method == "Page.javascriptDialogOpening" {
            // An open dialog would stop the page for ever.
            target.session.send("Page.handleJavaScriptDialog", json!({ "accept": true }));
        }
        let worker = target.kind == Kind::ServiceWorker;
        target.record.lock().unwrap().take(method, &event.params, worker, BINDING);
    }

    fn attach(self: &Arc<Self>, root: &Session, event: &Event) {
        let info = &event.params["targetInfo"];
        let id = text(&event.params["sessionId"]);
        let session = root.of(&id);
        let kind = match info["type"].as_str() {
            Some("page") => Kind::Page,
            Some("service_worker") => Kind::ServiceWorker,
            Some("worker" | "shared_worker") => Kind::Worker,
            _ => {
                session.send("Runtime.runIfWaitingForDebugger", json!({}));
                return;
            }
        };
        let context = text(&info["browserContextId"]);
        let target =
            Arc::new(Target { id: text(&info["targetId"]), kind, session, record: Mutex::default() });
        self.by_session.lock().unwrap().insert(id, Arc::clone(&target));
        let network = self.with_context(&context, |context| {
            context.targets.push(Arc::clone(&target));
            context.network
        });
        let registry = Arc::clone(self);
        let ready = set_up(&target, network.flatten());
        tokio::spawn(async move {
            ready.await;
            target.record.lock().unwrap().ready = true;
            registry.changed.send_replace(());
        });
    }
}

/// Sends everything at once and lets the target run last: a stopped target answers some commands
/// only after it was let go, so waiting in between could wait for ever.
fn set_up(target: &Target, network: Option<Network>) -> impl Future<Output = ()> + Send + use<> {
    let mut commands: Vec<(&str, Value)> =
        vec![("Runtime.enable", json!({})), ("Log.enable", json!({})), ("Network.enable", json!({}))];
    if target.kind == Kind::Page {
        let workers = json!([{ "type": "worker" }, { "type": "iframe" }]);
        commands.extend([
            ("Page.enable", json!({})),
            ("Inspector.enable", json!({})),
            ("ServiceWorker.enable", json!({})),
            // Every device is in somebody's hand: focus, caret and animation frames for each.
            ("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })),
            ("Runtime.addBinding", json!({ "name": BINDING, "executionContextName": WORLD })),
            ("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH_CSP, "worldName": WORLD })),
            (
                "Target.setAutoAttach",
                json!({
                    "autoAttach": true,
                    "waitForDebuggerOnStart": true,
                    "flatten": true,
                    "filter": workers,
                }),
            ),
        ]);
    }
    if let Some(network) = network {
        commands.push(network.command());
    }
    commands.push(("Runtime.runIfWaitingForDebugger", json!({})));
    let calls: Vec<_> =
        commands.into_iter().map(|(method, params)| target.session.call(method, params)).collect();
    async move {
        // Workers lack some domains; what a page lacks shows in the tests that need it.
        join_all(calls).await;
    }
}
