//! How a community moderates, for everybody to read: its rules, and the log of what was hidden by them.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod page;

#[cfg(target_arch = "wasm32")]
pub use page::{first, page};
