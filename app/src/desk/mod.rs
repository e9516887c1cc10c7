//! The desk: the municipal office's inbox, answers, consultations, and its own outbox.

pub mod state;

#[cfg(target_arch = "wasm32")]
mod acts;
#[cfg(target_arch = "wasm32")]
mod amending;
#[cfg(target_arch = "wasm32")]
mod answer;
#[cfg(target_arch = "wasm32")]
mod asked;
#[cfg(target_arch = "wasm32")]
mod asking;
#[cfg(target_arch = "wasm32")]
mod blot;
#[cfg(target_arch = "wasm32")]
mod bulletin;
#[cfg(target_arch = "wasm32")]
mod choosing;
#[cfg(target_arch = "wasm32")]
mod commitment;
#[cfg(target_arch = "wasm32")]
mod committing;
#[cfg(target_arch = "wasm32")]
mod composing;
#[cfg(target_arch = "wasm32")]
mod conclude;
#[cfg(target_arch = "wasm32")]
mod consultations;
#[cfg(target_arch = "wasm32")]
mod cover;
#[cfg(target_arch = "wasm32")]
mod documents;
#[cfg(target_arch = "wasm32")]
mod due;
#[cfg(target_arch = "wasm32")]
mod entering;
#[cfg(target_arch = "wasm32")]
mod entries;
#[cfg(target_arch = "wasm32")]
mod forms;
#[cfg(target_arch = "wasm32")]
mod forwarding;
#[cfg(target_arch = "wasm32")]
mod inbox;
#[cfg(target_arch = "wasm32")]
mod inputs;
#[cfg(target_arch = "wasm32")]
mod item;
#[cfg(target_arch = "wasm32")]
mod list;
#[cfg(target_arch = "wasm32")]
mod merging;
#[cfg(target_arch = "wasm32")]
mod moderating;
#[cfg(target_arch = "wasm32")]
mod naming;
#[cfg(target_arch = "wasm32")]
mod notice;
#[cfg(target_arch = "wasm32")]
mod open;
#[cfg(target_arch = "wasm32")]
mod outbox;
#[cfg(target_arch = "wasm32")]
mod phases;
#[cfg(target_arch = "wasm32")]
mod photos;
#[cfg(target_arch = "wasm32")]
mod picking;
#[cfg(target_arch = "wasm32")]
mod poll;
#[cfg(target_arch = "wasm32")]
mod preview;
#[cfg(target_arch = "wasm32")]
mod print;
#[cfg(target_arch = "wasm32")]
mod question;
#[cfg(target_arch = "wasm32")]
mod questions;
#[cfg(target_arch = "wasm32")]
mod reading;
#[cfg(target_arch = "wasm32")]
mod responses;
#[cfg(target_arch = "wasm32")]
mod results;
#[cfg(target_arch = "wasm32")]
mod rules;
#[cfg(target_arch = "wasm32")]
mod safekeeping;
#[cfg(target_arch = "wasm32")]
mod screens;
#[cfg(target_arch = "wasm32")]
mod sharing;
#[cfg(target_arch = "wasm32")]
mod slip;
#[cfg(target_arch = "wasm32")]
mod standing;
#[cfg(target_arch = "wasm32")]
mod starting;
#[cfg(target_arch = "wasm32")]
mod steps;
#[cfg(target_arch = "wasm32")]
mod survey;
#[cfg(target_arch = "wasm32")]
mod taking_back;
#[cfg(target_arch = "wasm32")]
mod templates;
#[cfg(target_arch = "wasm32")]
mod text_paper;
#[cfg(target_arch = "wasm32")]
mod texts;
#[cfg(target_arch = "wasm32")]
mod two;
#[cfg(target_arch = "wasm32")]
mod within;

#[cfg(target_arch = "wasm32")]
pub use screens::PARTS;
