//! What the desk decides without a browser: the list, what an act says, and whether a form can leave.

pub mod acts;
pub mod alike;
pub mod amending;
pub mod answers;
pub mod asking_again;
pub mod blots;
pub mod bulletin;
pub mod commitments;
pub mod covers;
pub mod drafting;
pub mod due;
pub mod entering;
pub mod hints;
pub mod list;
pub mod listed;
pub mod opening;
pub mod polling;
pub mod qr;
pub mod questions;
pub mod responses;
pub mod rules;
pub mod surveying;
pub mod templates;
pub mod texts;
pub mod wanted;

#[cfg(test)]
mod testing;
