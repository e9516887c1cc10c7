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
pub use page::{JsError, Page};
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
        SHARED.get_or_init(Self::launch).await
    }

    async fn launch() -> Self {
        let (process, url) = launch::launch().await;
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

    /// Where Chromium itself writes what it has to complain about.
    pub fn log(&self) -> &Path {
        &self.process.log
    }
}

#[cfg(test)]
mod tests;
