//! The drawn map: choosing the sector of a proposal, and seeing where proposals are. Whoever never opens one
//! downloads neither its drawing, which lies in a part of its own (`ui/asked.rs`), nor the sketch itself.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod draw;
#[cfg(target_arch = "wasm32")]
mod place;
#[cfg(target_arch = "wasm32")]
mod position;
#[cfg(target_arch = "wasm32")]
mod shown;
#[cfg(target_arch = "wasm32")]
mod strokes;

#[cfg(target_arch = "wasm32")]
pub use {
    draw::draw,
    place::place,
    position::{Unknown, position},
    shown::{Chart, For, degrees, shown},
};
