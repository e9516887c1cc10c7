//! Proposals: writing one, reading it again, sealing it.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod check;
#[cfg(target_arch = "wasm32")]
mod form;
#[cfg(target_arch = "wasm32")]
mod photos;
#[cfg(target_arch = "wasm32")]
mod place;
#[cfg(target_arch = "wasm32")]
mod similar;
#[cfg(target_arch = "wasm32")]
mod writing;

#[cfg(target_arch = "wasm32")]
pub use {
    check::check,
    check::say,
    form::form,
    photos::{photos, say as photo_problem},
    place::{Where, section as place},
    similar::{Alike, similar},
    writing::{Writing, problem},
};
