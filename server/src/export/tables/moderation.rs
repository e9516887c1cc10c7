//! The table of what was hidden.

use domain::ids::RecordId;
use domain::operations::Kind as Act;
use domain::records::Hiding;

use super::columns::{self, Column, Sort, column};
use super::{Cell, Kind, plain, times, word};

/// In which form something hidden was contributed, as far as that is known.
pub fn form(it: &Hiding) -> Option<&'static str> {
    it.act.map(|act| match act {
        Act::Comment => "comment",
        Act::Amend => "amendment",
        _ => "proposal",
    })
}

/// One row; none when its name is no hiding's.
pub(super) fn row(name: &str, consultation: RecordId, it: &Hiding) -> Option<[Cell; 6]> {
    let week = Cell::Plain(times::day(it.week.monday()));
    let id = plain(name.strip_prefix("hiding-")?);
    Some([id, plain(consultation), plain(&it.rule), week, Cell::plain(form(it)), word(&it.state)])
}

/// Its columns.
pub(super) fn columns() -> Vec<Column> {
    use Sort::{Date, Text};
    vec![
            column(
                "record",
                Text,
                (
                    "Nom de ce qui a été masqué; il n’est plus parmi les contributions, sauf s’il a été remis en ligne.",
                    "The name of what was hidden; it is no longer among the contributions, unless it was restored.",
                ),
            )
            .key(),
            column("consultation", Text, columns::ON_CONSULTATION).to(Kind::Consultations),
            column("rule", Text, ("La règle.", "The rule.")),
            column("week", Date, ("Le lundi de la semaine.", "The Monday of the week.")),
            column(
                "form",
                Text,
                (
                    "proposal (proposition), amendment (amendement) ou comment (commentaire), quand on le sait.",
                    "proposal, amendment or comment, where that is known.",
                ),
            )
            .optional(),
            column(
                "state",
                Text,
                (
                    "hidden (caché), appealed (révision demandée), upheld (resté caché après révision) ou restored \
                     (remis en ligne).",
                    "hidden, appealed (a review is asked for), upheld (still hidden after a review) or restored.",
                ),
            ),
            ]
}
