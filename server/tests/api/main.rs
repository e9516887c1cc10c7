//! The real router over the real store, on a folder of its own: what it answers to good and
//! to bad requests, and what the commands do with files.

mod bad_input;
mod binary;
mod blobs;
mod cross_site;
mod events;
mod imports;
mod pages;
mod pull;
mod push;
mod site;
