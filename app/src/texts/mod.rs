//! Texts that people are asked about: read paragraph by paragraph, amended, and what an amendment changes
//! shown as a difference.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod fields;
#[cfg(target_arch = "wasm32")]
mod form;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod section;
#[cfg(target_arch = "wasm32")]
mod shown;

#[cfg(target_arch = "wasm32")]
pub use {
    fields::{Fields, fields, problem},
    form::page as amend_page,
    page::page,
    section::{section, version},
    shown::{amendment, changes, difference},
};
