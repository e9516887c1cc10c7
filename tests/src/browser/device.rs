//! A device: a browser context of its own, like a phone out of its box. It goes with its last page.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::cdp::Session;
use super::emulate::{Network, Viewport};
use super::page::Page;
use super::record::{Transfer, text};
use super::target::{Kind, Registry, Target};

const OPEN_DEADLINE: Duration = Duration::from_secs(20);

/// A phone, tablet or computer of one person.
#[derive(Clone)]
pub struct Device {
    inner: Arc<Inner>,
}

struct Inner {
    root: Session,
    registry: Arc<Registry>,
    id: String,
    viewport: Viewport,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.registry.remove_context(&self.id);
        self.root.send("Target.disposeBrowserContext", json!({ "browserContextId": self.id }));
    }
}

impl Device {
    pub(crate) async fn new(root: Session, registry: Arc<Registry>, viewport: Viewport) -> Self {
        let created = root.call("Target.createBrowserContext", json!({})).await;
        let id = match created {
            Ok(created) => text(&created["browserContextId"]),
            Err(error) => panic!("no new device: {error}"),
        };
        Self::in_context(root, registry, id, viewport)
    }

    /// The context that keeps what it stores on the browser's disk.
    pub(crate) async fn of_browser(root: Session, registry: Arc<Registry>, viewport: Viewport) -> Self {
        let id = match root.call("Target.getBrowserContexts", json!({})).await {
            Ok(contexts) => text(&contexts["defaultBrowserContextId"]),
            Err(error) => panic!("the browser does not name its own context: {error}"),
        };
        Self::in_context(root, registry, id, viewport)
    }

    fn in_context(root: Session, registry: Arc<Registry>, id: String, viewport: Viewport) -> Self {
        registry.add_context(&id);
        Self { inner: Arc::new(Inner { root, registry, id, viewport }) }
    }

    /// A new tab on this address, loaded.
    #[track_caller]
    pub fn open(&self, url: &str) -> impl Future<Output = Page> {
        let blank = self.blank();
        let caller = std::panic::Location::caller();
        async move {
            let page = blank.await;
            if let Err(reason) = page.try_goto(url).await {
                panic!("{caller}: {url} does not open: {reason}");
            }
            page
        }
    }

    /// A new empty tab, to be set up before it goes anywhere.
    #[track_caller]
    pub fn blank(&self) -> impl Future<Output = Page> {
        let caller = std::panic::Location::caller();
        async move {
            // A window of its own: a tab behind another is hidden and takes no input.
            let wanted = json!({
                "url": "about:blank",
                "browserContextId": self.inner.id,
                "newWindow": true,
            });
            let created = match self.inner.root.call("Target.createTarget", wanted).await {
                Ok(created) => text(&created["targetId"]),
                Err(error) => panic!("{caller}: no new tab: {error}"),
            };
            let find = || self.ready_target(&created);
            match self.inner.registry.until(OPEN_DEADLINE, find).await {
                Some(target) => {
                    let page = Page::new(self.clone(), target);
                    page.set_viewport(self.inner.viewport).await;
                    page
                }
                None => panic!("{caller}: the new tab never became ready"),
            }
        }
    }

    fn ready_target(&self, id: &str) -> Option<Arc<Target>> {
        let fits = |target: &Arc<Target>| target.id == id && target.record.lock().unwrap().ready;
        self.targets().into_iter().find(fits)
    }

    pub(crate) fn targets(&self) -> Vec<Arc<Target>> {
        self.inner.registry.targets(&self.inner.id)
    }

    pub(crate) fn registry(&self) -> &Registry {
        &self.inner.registry
    }

    pub(crate) fn root(&self) -> &Session {
        &self.inner.root
    }

    /// Slows the network of all tabs and workers of this device, present and to come. 0 kbit/s
    /// means no limit.
    pub async fn network(&self, kbit_per_second: f64, latency_ms: f64) {
        let kbit_per_second = if kbit_per_second > 0.0 { kbit_per_second } else { -0.008 };
        let network = Network { kbit_per_second, latency_ms };
        let registry = &self.inner.registry;
        registry.with_context(&self.inner.id, |context| context.network = Some(network));
        for target in self.targets() {
            if target.record.lock().unwrap().closed {
                continue;
            }
            let (method, params) = network.command();
            let slowed = target.session.call(method, params).await;
            // A worker may end between the look and the call.
            if let Err(error) = slowed
                && !target.record.lock().unwrap().closed
            {
                panic!("the network of a {:?} cannot be slowed: {error}", target.kind);
            }
        }
    }

    /// What the person answered a site that asked for one of the browser's permissions: "granted" or "denied".
    pub async fn permit(&self, origin: &str, name: &str, setting: &str) {
        let answer = json!({
            "permission": { "name": name },
            "setting": setting,
            "origin": origin,
            "browserContextId": self.inner.id,
        });
        if let Err(error) = self.inner.root.call("Browser.setPermission", answer).await {
            panic!("{name} cannot be {setting}: {error}");
        }
    }

    /// What the service workers of this device received by themselves.
    pub(crate) fn worker_transfers(&self) -> Vec<Transfer> {
        let workers = self.targets().into_iter().filter(|target| target.kind != Kind::Page);
        workers.flat_map(|worker| worker.record.lock().unwrap().transfers.clone()).collect()
    }

    /// Drops the device with its tabs and all that it stored, and waits until it is gone.
    pub async fn close(self) {
        let gone = json!({ "browserContextId": self.inner.id });
        if let Err(error) = self.inner.root.call("Target.disposeBrowserContext", gone).await {
            panic!("the device does not close: {error}");
        }
    }
}
