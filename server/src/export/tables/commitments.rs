//! The tables of commitments. Whether one is late depends on the day: it is due at `due`, and not over.

use domain::operations::Delivery;
use domain::records::Commitment;
use domain::text::Lang;

use super::columns::{Column, ON_CONSULTATION, Sort, column, localized};
use super::{Cell, Kind, in_lang, plain, tagged};
use crate::export::times;
use crate::export::words::Both;

/// What a row is.
pub fn about(kind: Kind) -> Both {
    match kind {
        Kind::CommitmentLog => (
            "Ce que le bureau a dit de ses engagements depuis, dans l’ordre.",
            "What the office has reported of its commitments since, in order.",
        ),
        Kind::CommitmentFollows => (
            "Les contributions auxquelles les engagements donnent suite.",
            "The contributions that commitments follow from.",
        ),
        _ => (
            "Ce que le bureau s’est engagé à faire, qui s’en occupe et pour quand.",
            "What the office has committed to, who sees to it and by when.",
        ),
    }
}

const STATES: [Delivery; 3] = [Delivery::UnderWay, Delivery::Done, Delivery::GivenUp];

/// Its columns.
pub fn columns(kind: Kind, languages: &[Lang]) -> Vec<Column> {
    use Sort::{Instant, Integer, Text};
    let of = ("L’engagement.", "The commitment.");
    let commitment = || column("commitment", Text, of).key().to(Kind::Commitments);
    let words = || STATES.iter().map(tagged);
    match kind {
        Kind::CommitmentLog => {
            let number = ("Sa place, à partir de 1.", "Its place, from 1.");
            let mut all = vec![commitment(), column("number", Integer, number).key()];
            all.extend(localized("text", languages, ("Ce qui est dit", "What is said")));
            all.extend([
                Column {
                    words: words().chain(["moved".to_owned()]).collect(),
                    ..column(
                        "state",
                        Text,
                        (
                            "under_way : en cours; done : tenu; given_up : abandonné; moved : reporté.",
                            "under_way, done, given_up, or moved to another date.",
                        ),
                    )
                },
                column("moved_to", Instant, ("Reporté à ce moment.", "Moved to this moment.")).optional(),
                column("reported_at", Instant, ("Dit à ce moment.", "Said at this moment.")),
            ]);
            all
        }
        Kind::CommitmentFollows => vec![
            commitment(),
            column(
                "contribution",
                Text,
                (
                    "La contribution, qui peut avoir été retirée ou masquée depuis.",
                    "The contribution, which may have been withdrawn or hidden since.",
                ),
            )
            .key(),
        ],
        _ => {
            let mut all = vec![
                column("id", Text, ("Nom de l’engagement.", "The commitment’s name.")).key(),
                column("consultation", Text, ON_CONSULTATION).to(Kind::Consultations),
            ];
            all.extend(localized("text", languages, ("Ce qui sera fait", "What will be done")));
            all.extend(localized("owner", languages, ("Qui s’en occupe", "Who sees to it")));
            all.extend([
                column("made_at", Instant, ("Pris à ce moment.", "Made at this moment.")),
                column("promised", Instant, ("L’échéance annoncée d’abord.", "The date promised at first.")),
                column("due", Instant, ("L’échéance actuelle.", "The date by now.")),
                Column {
                    words: words().collect(),
                    ..column(
                        "state",
                        Text,
                        (
                            "under_way : en cours; done : tenu; given_up : abandonné; vide : rien n’en a été dit.",
                            "under_way, done or given_up; empty: nothing was reported.",
                        ),
                    )
                    .optional()
                },
            ]);
            all
        }
    }
}

/// Its rows of one commitment.
pub fn rows(kind: Kind, it: &Commitment, languages: &[Lang]) -> Vec<Vec<Cell>> {
    match kind {
        Kind::Commitments => vec![commitment(it, languages)],
        Kind::CommitmentLog => log(it, languages),
        Kind::CommitmentFollows => {
            it.follows.iter().map(|record| vec![plain(it.id), plain(record)]).collect()
        }
        _ => Vec::new(),
    }
}

/// Where it stands: one that was moved is under way.
pub fn state(it: &Commitment) -> Option<String> {
    let state = it.state()?;
    Some(tagged(&if matches!(state, Delivery::Moved(_)) { Delivery::UnderWay } else { state }))
}

fn commitment(it: &Commitment, languages: &[Lang]) -> Vec<Cell> {
    let mut cells = vec![plain(it.id), plain(it.consultation)];
    cells.extend(languages.iter().map(|lang| in_lang(Some(&it.text), lang)));
    cells.extend(languages.iter().map(|lang| in_lang(Some(&it.owner), lang)));
    cells.extend([it.made_at, it.promised, it.due()].map(|at| Cell::Plain(times::instant(at))));
    cells.push(Cell::plain(state(it)));
    cells
}

/// The date that an entry moves to.
pub fn moved_to(state: Delivery) -> Option<String> {
    match state {
        Delivery::Moved(to) => Some(times::instant(to)),
        _ => None,
    }
}

fn log(it: &Commitment, languages: &[Lang]) -> Vec<Vec<Cell>> {
    let entry = |(number, report): (usize, &domain::records::Report)| {
        let mut cells = vec![plain(it.id), plain(number)];
        cells.extend(languages.iter().map(|lang| in_lang(Some(&report.text), lang)));
        cells.push(Cell::Plain(tagged(&report.state)));
        cells.push(Cell::plain(moved_to(report.state)));
        cells.push(Cell::Plain(times::instant(report.at)));
        cells
    };
    (1..).zip(&it.log).map(entry).collect()
}
