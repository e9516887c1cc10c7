//! The server: configuration, routes, and the only place that holds everything.
//!
//! What is decided lies in `domain`, what is kept in `store`; this crate carries requests
//! between them, serves the pages, and loads files.

pub mod cli;
pub mod commands;
pub mod config;
pub mod connections;
pub mod data;
pub mod dates;
pub mod demo;
pub mod erase;
pub mod export;
pub mod failure;
#[cfg(debug_assertions)]
pub mod faults;
pub mod http;
pub mod import;
pub mod listen;
pub mod logging;
pub mod passing;
pub mod places;
pub mod push;
pub mod revoke;
pub mod room;
pub mod safekeeping;
pub mod serve;
pub mod system;
pub mod tls;
pub mod upkeep;
