//! Communities: choosing one, and what is being decided there.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod choose;
#[cfg(target_arch = "wasm32")]
mod home;

#[cfg(target_arch = "wasm32")]
pub use {
    choose::{choose, search_box},
    home::{at, here, home, name},
};
