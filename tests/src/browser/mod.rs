//! Real Chromium for tests, spoken to over its DevTools protocol: one browser a test process, one
//! device (with storage of its own) a test, pages that are used as people use them. A small client
//! of our own, because the generated ones cost minutes to compile.

mod cdp;
mod device;
mod emulate;
mod input;
mod keys;
mod launch;
mod observe;
mod page;
mod record;
mod target;

use std::path::Path;
use std::sync::Arc;

use serde_json::json;
use tokio::sync::OnceCell;

pub use cdp::CdpError;
pub use device::Device;
pub use emulate::{Emulation, Scheme, Viewport};
pub use keys::Modifiers;
pub use page::{JsError, Page, Paper};
pub use record::{Entry, Level, Transfer, Violation};

use cdp::Session;
use target::Registry;

static SHARED: OnceCell<Browser> = OnceCell::const_new();

/// The test process's Chromium.
pub struct Browser {
    root: Session,
    registry: Arc<Registry>,
    process: launch::Process,
}

impl Browser {
    /// The browser that all tests of this process share, started by the first. Call it inside
    /// [`run`](crate::run): its connection lives on that runtime.
    pub async fn shared() -> &'static Self {
        SHARED.get_or_init(|| Self::launch(None)).await
    }

    /// A browser of one's own on a disk of so many bytes, its application and profile included.
    pub async fn on_small_disk(bytes: u64) -> Self {
        Self::launch(Some(bytes)).await
    }

    /// A browser of one's own.
    pub async fn own() -> Self {
        Self::launch(None).await
    }

    /// Kills it, not a line of it runs any more, and starts it again on what it left behind.
    pub async fn killed(self) -> Self {
        Self::started(launch::killed(self.process).await).await
    }

    async fn launch(room: Option<u64>) -> Self {
        Self::started(launch::launch(room).await).await
    }

    async fn started((process, url): (launch::Process, String)) -> Self {
        let (root, events) = match cdp::connect(&url).await {
            Ok(connected) => connected,
            Err(error) => panic!("DevTools cannot be reached: {error}"),
        };
        let registry = Arc::new(Registry::default());
        tokio::spawn(Arc::clone(&registry).follow(root.clone(), events));
        // Targets stop before their first line until they are set up: nothing is missed.
        let attach = json!({
            "autoAttach": true,
            "waitForDebuggerOnStart": true,
            "flatten": true,
            "filter": [{ "type": "page" }, { "type": "service_worker" }, { "type": "shared_worker" }],
        });
        if let Err(error) = root.call("Target.setAutoAttach", attach).await {
            panic!("{error}");
        }
        Self { root, registry, process }
    }

    /// A new device: storage, cookies, cache and service workers of its own.
    pub async fn device(&self, viewport: Viewport) -> Device {
        Device::new(self.root.clone(), Arc::clone(&self.registry), viewport).await
    }

    /// The device whose disk is the browser's own, and not its memory.
    pub async fn itself(&self, viewport: Viewport) -> Device {
        Device::of_browser(self.root.clone(), Arc::clone(&self.registry), viewport).await
    }

    /// Fills the small disk until only so many bytes are free.
    pub fn fill_disk(&self, free: u64) {
        crate::disk::fill(&self.process.disk, free);
    }

    /// Makes room on it again.
    pub fn free_disk(&self) {
        crate::disk::free(&self.process.disk);
    }

    /// Where Chromium itself writes what it has to complain about.
    pub fn log(&self) -> &Path {
        &self.process.log
    }
}

#[cfg(test)]
mod tests;
