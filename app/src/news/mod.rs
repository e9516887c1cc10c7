//! What changed since somebody was last here, from what the device holds; and which consultations, subjects
//! and places they follow. Both are the device's own: nobody else learns what somebody follows.

pub mod followed;
pub mod state;

#[cfg(target_arch = "wasm32")]
mod follow;
#[cfg(target_arch = "wasm32")]
mod listed;
#[cfg(target_arch = "wasm32")]
mod section;
#[cfg(target_arch = "wasm32")]
mod subject;

#[cfg(target_arch = "wasm32")]
pub use {
    follow::{about, toggle},
    listed::listed,
    section::{Since, list, since},
    subject::page as about_subject,
};
