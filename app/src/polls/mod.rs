//! Polls: a secret ballot, and the totals once it is over.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod ballot;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod paper;
#[cfg(target_arch = "wasm32")]
mod result;

#[cfg(target_arch = "wasm32")]
pub use {
    ballot::{fields, say},
    page::{method, page},
    paper::sheet,
    result::{channels, result},
};
