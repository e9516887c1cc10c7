//! "Mon sentier": where each thing that a person said now stands.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod acts;
#[cfg(target_arch = "wasm32")]
mod appeals;
#[cfg(target_arch = "wasm32")]
mod item;
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
    acts::delete, appeals::decided, item::leaving, item::progress_tag, item::steps, page::one, page::page,
    page::unsettled, reasons::refusal, reasons::unsendable,
};
