//! Surveys: questions page by page, kept while they are answered, and the results once it is over.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod form;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod paper;
#[cfg(target_arch = "wasm32")]
mod photos;
#[cfg(target_arch = "wasm32")]
mod question;
#[cfg(target_arch = "wasm32")]
mod results;

#[cfg(target_arch = "wasm32")]
pub use {
    form::{Kept, fields, tried},
    page::{page, paper_page},
    paper::{only_if, sheet},
    question::Photos,
    results::results,
};
