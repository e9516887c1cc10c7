//! By which ways ballots and answers came, where that is told.

use domain::channels::Channels;

use super::Cell;
use super::columns::{Column, Sort, column};

/// The columns.
pub fn columns() -> [Column; 3] {
    [
        ("own_device", ("Combien par leur propre appareil.", "How many by their own device.")),
        ("on_behalf", ("Combien notés par le bureau.", "How many noted by the office.")),
        ("paper", ("Combien sur papier.", "How many on paper.")),
    ]
    .map(|(name, about)| column(name, Sort::Integer, about).optional())
}

/// Their cells, empty where it is not told.
pub fn cells(channels: Option<Channels>) -> [Cell; 3] {
    let parts = channels.map(|channels| channels.parts());
    [0, 1, 2].map(|at| Cell::plain(parts.map(|parts| parts[at])))
}
