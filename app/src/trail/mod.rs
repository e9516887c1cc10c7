//! "Mon sentier": where each thing that a person said now stands.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod acts;
#[cfg(target_arch = "wasm32")]
mod appeals;
#[cfg(target_arch = "wasm32")]
mod item;
#[cfg(target_arch = "wasm32")]
mod outcome;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod questions;
#[cfg(target_arch = "wasm32")]
mod reasons;
#[cfg(target_arch = "wasm32")]
mod saying;

#[cfg(target_arch = "wasm32")]
pub use {
    acts::{acts, delete},
    appeals::decided,
    item::{leaving, progress_tag, steps},
    outcome::{exchange, outcome},
    page::{one, page, unsettled},
    reasons::{refusal, unsendable},
};
