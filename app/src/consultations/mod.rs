//! Consultations: their cards, their page, and the contributions to them.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod asked;
#[cfg(target_arch = "wasm32")]
mod card;
#[cfg(target_arch = "wasm32")]
mod documents;
#[cfg(target_arch = "wasm32")]
mod list;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod shared;

#[cfg(target_arch = "wasm32")]
pub use {
    card::{card, propose_where, when, when_answered},
    documents::{documents, kind as document_kind},
    page::{page, phase, subject_name},
};
