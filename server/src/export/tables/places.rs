//! Where a proposal is: the middle of a sector, and words.

use domain::records::Contribution;
use domain::sectors::Sector;

use super::columns::{Column, Sort, column};
use crate::export::cells::Cell;

/// The columns, in order.
pub fn columns() -> Vec<Column> {
    let degrees = |name, of, english| {
        let french = format!(
            "{of} du milieu du secteur de 0,005° sur 0,0075° où est ce dont parle la proposition, en degrés \
             (WGS 84). Ce n’est pas où se trouve la personne."
        );
        let english = format!(
            "{english} of the middle of the sector of 0.005° by 0.0075° where the thing proposed is, in degrees \
             (WGS 84). It is not where the person is."
        );
        Column { about: (french, english), ..column(name, Sort::Number, ("", "")).optional() }
    };
    vec![
        degrees("latitude", "Latitude", "Latitude"),
        degrees("longitude", "Longitude", "Longitude"),
        column("place", Sort::Text, ("Où, en mots.", "Where, in words.")).optional(),
    ]
}

/// Their cells.
pub fn cells(it: &Contribution) -> [Cell; 3] {
    let place = it.place();
    let (lat, lon) = place.and_then(|it| it.sector).map(Sector::degrees).unzip();
    [Cell::plain(lat), Cell::plain(lon), Cell::text(place.and_then(|it| it.words.as_ref()))]
}
