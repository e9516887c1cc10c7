//! What Rabaska is about, without web, database or screen.
//!
//! A person's act is an [`envelope::Envelope`], sealed on the device. Once decoded it is an
//! [`operations::Operation`]; [`rules::decide`] turns it into changes of
//! [`records::Record`]s or a refusal. Server and device run the same rules.
#![deny(missing_docs)]
// The modules that phones download are built without debug texts (`tests/tasks/src/tools.rs`): there, `{:?}` is empty.
#![cfg_attr(target_arch = "wasm32", deny(clippy::use_debug))]

pub mod authority;
pub mod blots;
pub mod channels;
pub mod codes;
pub mod contacts;
pub mod difference;
pub mod documents;
pub mod envelope;
pub mod ids;
pub mod operations;
pub mod order;
pub mod outbox;
pub mod phases;
pub mod pictures;
pub mod ports;
pub mod receipts;
pub mod records;
pub mod rules;
pub mod scopes;
pub mod search;
pub mod sectors;
pub mod surveys;
pub mod tallies;
pub mod text;
pub mod time;
pub mod wire;
