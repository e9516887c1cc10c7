//! Rabaska's screens, and what keeps them working without a network.
//!
//! [`api`] is how a device and its server speak; [`offline`] keeps, sends and pulls; the
//! other modules are one part of the product each, their screens built for browsers only.
// The modules that phones download are built without debug texts (`tests/tasks/src/tools.rs`): there, `{:?}` is empty.
#![cfg_attr(target_arch = "wasm32", deny(clippy::use_debug))]

pub mod api;
pub mod offline;

pub mod commitments;
pub mod communities;
pub mod consultations;
pub mod contributions;
pub mod desk;
pub mod maps;
pub mod moderation;
pub mod news;
pub mod people;
pub mod polls;
pub mod proposals;
pub mod surveys;
pub mod texts;
pub mod trail;
pub mod ui;
