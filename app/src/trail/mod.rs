//! "Mon sentier": where each thing that a person said now stands.

pub mod state;
pub mod taken;

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
mod part;
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
    part::section as took_part,
    reasons::{refusal, unsendable},
};
