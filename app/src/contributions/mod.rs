//! Contributions: one in a list, one on a page of its own with what is said of it, and support.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod comments;
#[cfg(target_arch = "wasm32")]
mod entry;
#[cfg(target_arch = "wasm32")]
mod flag;
#[cfg(target_arch = "wasm32")]
pub mod forwarded;
#[cfg(target_arch = "wasm32")]
mod page;
#[cfg(target_arch = "wasm32")]
mod reachable;
#[cfg(target_arch = "wasm32")]
mod support;

#[cfg(target_arch = "wasm32")]
pub use {
    comments::{problem, stance, wrong_text, wrong_words},
    entry::{Around, answer_of, entry},
    flag::{Flagging, asked as flag},
    page::{page, taken},
    reachable::{reachable, typed as reachable_typed, while_typed as reachable_while_typed},
    support::{give, support},
};
