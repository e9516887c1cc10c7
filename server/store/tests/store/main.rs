//! The ports on a real SQLite file. Written against the ports: another database runs the
//! same suite.

mod fixture;
mod identity;
mod journal;
mod safekeeping;
mod vectors;
