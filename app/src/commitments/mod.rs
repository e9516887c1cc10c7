//! Commitments of an office: what will be done, by whom and until when, and how far it has come. Their
//! forms are the desk's.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod list;

#[cfg(target_arch = "wasm32")]
pub use list::{card, follows, piece, say, section, tag};
