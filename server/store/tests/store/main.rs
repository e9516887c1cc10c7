//! The ports on a real SQLite file. Written against the ports: another database runs the
//! same suite.

#![expect(clippy::unwrap_used, reason = "a test stops where it cannot go on")]

mod again;
mod backups;
mod changes_log;
mod erasures;
mod fixture;
mod horizon;
mod identity;
mod journal;
mod moderation;
mod pages;
mod quota;
mod restore;
mod safekeeping;
mod uploads;
mod vectors;
mod versions;
