//! The real router over the real store, on a folder of its own: what it answers to good and
//! to bad requests, and what the commands do with files.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on ends")]

mod authority;
mod bad_input;
mod binary;
mod blobs;
mod connections;
mod cross_site;
mod documents;
mod events;
mod exports;
mod forwarding;
mod imports;
mod ledger;
mod log;
mod operator;
mod pages;
mod passing;
mod protocol;
mod pull;
mod push;
mod quota;
mod refused;
mod safekeeping;
mod sharing;
mod site;
mod tls;
mod upkeep;
