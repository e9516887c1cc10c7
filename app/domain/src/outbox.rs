//! The outbox: what a device sealed, until the server's receipt is held. Pure: states and
//! transitions only; storage and network belong to the app.
//!
//! `sealed → sending → accepted | refused | waiting | cannot be sent`; `sending` found at
//! start-up means `sealed`. Nothing a person wrote is deleted without their say.

mod backoff;
mod item;
mod lanes;

pub use backoff::Backoff;
pub use item::{Item, Settled, State, Unsendable};
pub use lanes::ready;
