//! The harness that end-to-end and sync tests are written with: the real server as a process that
//! can be killed and restarted, a proxy that breaks the network on purpose, and real Chromium
//! devices whose pages are clicked, typed into and audited.
//!
//! A test is a plain `#[test]` function around [`run`]; whatever it starts is stopped when it ends,
//! and nothing in it waits without a deadline.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it cannot go on")]

pub mod axe;
pub mod browser;
pub mod disk;
pub mod phone;
pub mod process;
pub mod proxy;
#[path = "../../app/pseudo.rs"]
pub mod pseudo;
mod run;
mod tools;
pub mod walk;
pub mod words;
pub mod world;

#[cfg(test)]
mod upstream;

pub use axe::assert_accessible;
pub use browser::{Browser, Device, Emulation, Modifiers, Page, Paper, Scheme, Viewport};
pub use phone::{Phone, post_push};
pub use process::{Person, Role, Server};
pub use proxy::{Fault, Mode, Proxy};
pub use run::{run, run_within};
pub use tools::{pseudo_pages, server_binary};
