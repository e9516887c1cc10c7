//! What every screen is made of: words, routes, the shell, and the shared components.
//! Logic that can be decided without a browser lives in `state` and `routes`.

pub mod routes;
pub mod shore;
pub mod state;

#[cfg(target_arch = "wasm32")]
pub mod app;
#[cfg(target_arch = "wasm32")]
pub mod asked;
#[cfg(target_arch = "wasm32")]
pub mod citizen;
#[cfg(target_arch = "wasm32")]
pub mod dates;
#[cfg(target_arch = "wasm32")]
pub mod dialog;
#[cfg(target_arch = "wasm32")]
pub mod field;
#[cfg(target_arch = "wasm32")]
pub mod header;
#[cfg(target_arch = "wasm32")]
pub mod icons;
#[cfg(target_arch = "wasm32")]
pub mod install;
#[cfg(target_arch = "wasm32")]
pub mod live;
#[cfg(target_arch = "wasm32")]
pub mod own;
#[cfg(target_arch = "wasm32")]
pub mod page;
#[cfg(target_arch = "wasm32")]
pub mod parts;
#[cfg(target_arch = "wasm32")]
pub mod photo;
#[cfg(target_arch = "wasm32")]
pub mod pieces;
#[cfg(target_arch = "wasm32")]
pub mod rest;
#[cfg(target_arch = "wasm32")]
pub mod shell;
#[cfg(target_arch = "wasm32")]
pub mod styleguide;
#[cfg(target_arch = "wasm32")]
pub mod tabs;
#[cfg(target_arch = "wasm32")]
pub mod tide;
#[cfg(target_arch = "wasm32")]
pub mod told;
#[cfg(target_arch = "wasm32")]
pub mod typed;
#[cfg(target_arch = "wasm32")]
pub mod update;
#[cfg(target_arch = "wasm32")]
pub mod window;
#[cfg(target_arch = "wasm32")]
pub mod words;

#[cfg(target_arch = "wasm32")]
pub use app::{App, Parts, start};
