//! What keeps the app working without a network: the device's store, the outbox and its
//! sender, pulled scopes, drafts, and the facade that screens read.
//!
//! Everything that can lose words is plain Rust over the ports [`store::DeviceStore`],
//! [`transport::Transport`] and [`surroundings::Surroundings`], and is tested on the host.
//! The adapters for browsers are built for the web only.

mod derived;
pub mod documents;
pub mod drafts;
pub mod evict;
#[cfg(not(target_arch = "wasm32"))]
pub mod memory;
pub mod mirror;
pub mod outbox;
pub mod overlay;
mod part;
pub mod pull;
pub mod reconcile;
pub mod sender;
pub mod session;
pub mod store;
pub mod surroundings;
pub mod transport;
mod upload;
pub mod view;

/// What only a browser has.
#[cfg(all(target_arch = "wasm32", feature = "csr"))]
mod browser;
#[cfg(all(target_arch = "wasm32", feature = "csr"))]
mod device;
#[cfg(target_arch = "wasm32")]
mod time;

#[cfg(all(target_arch = "wasm32", feature = "csr"))]
pub use browser::pictures::covered;
#[cfg(all(target_arch = "wasm32", feature = "csr"))]
pub use browser::worker::{container, keep_part};
pub use derived::derived;
#[cfg(target_arch = "wasm32")]
pub use device::{Audience, Device, DraftHold, Rest};
pub use drafts::{Draft, DraftPhoto, SealError};
pub use part::Part;
pub use store::StoreError;
pub use view::{Copies, DocumentCopy, Held, HeldScope, Network, PictureError, ScopeUse, Shown, UNPLACED};

#[cfg(target_arch = "wasm32")]
pub use time::now;
#[cfg(target_arch = "wasm32")]
pub(crate) use time::sleep;

#[cfg(test)]
mod drafts_tests;
#[cfg(test)]
mod overlay_tests;
#[cfg(test)]
mod pull_tests;
#[cfg(test)]
mod reading_tests;
#[cfg(test)]
mod reconcile_tests;
#[cfg(test)]
mod sender_tests;
#[cfg(test)]
mod session_tests;
#[cfg(test)]
mod testing;
