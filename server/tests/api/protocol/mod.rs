//! `docs/protocol.md` against the real router: what it says is sent is sent, nothing more and
//! nothing less, and every line of it is brought about.

pub mod acts;
mod asked;
mod commitments;
mod data;
mod document;
mod entering;
mod errors;
mod fields;
pub mod kinds;
mod questions;
mod routes;
mod sharing;
mod texts;
mod walk;
