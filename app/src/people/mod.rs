//! People: signing in with a printed code, and what this device knows and keeps.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod me;
#[cfg(target_arch = "wasm32")]
mod sign_in;
#[cfg(target_arch = "wasm32")]
mod storage;

#[cfg(target_arch = "wasm32")]
pub use {me::me, sign_in::sign_in, storage::bytes};
