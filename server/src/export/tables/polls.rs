//! The tables of polls. Before a result is published, and where there were too few ballots, they
//! hold what was asked and no number. Of a poll that several communities held there are tables of each one's
//! part beside those of all together, where the public record tells them.

use domain::ids::CommunityId;
use domain::records::{Poll, PollResult, SharedPart};
use domain::tallies::{Method, Tally, Totals};
use domain::text::Lang;

use super::channels;
use super::columns::{Column, ON_CONSULTATION, Sort, column, localized};
use super::{Cell, Kind, in_lang, plain, spelled, word};
use crate::export::asking::Polled;
use crate::export::times;
use crate::export::words::Both;

/// What a row is.
pub fn about(kind: Kind) -> Both {
    match kind {
        Kind::PollChoices => (
            "Les options de chaque choix à faire, avec leurs totaux exacts une fois le résultat publié.",
            "The choices of each poll, with their exact totals once the result is published.",
        ),
        Kind::PollGrades => (
            "Jugement majoritaire : combien de bulletins donnent chaque mention à chaque option.",
            "Majority judgment: how many ballots give each grade to each choice.",
        ),
        Kind::PollPairs => (
            "Schulze : combien de bulletins placent une option devant une autre.",
            "Schulze: how many ballots rank one choice before another.",
        ),
        Kind::PollParts => (
            "Choix tenus par plusieurs communautés : la part de chacune. Aucune ligne quand une part compte moins de \
             10 bulletins : seul le total est alors publié.",
            "Polls that several communities held: each one’s part. No row when a part has fewer than 10 ballots: only \
             the total is published then.",
        ),
        Kind::PollPartChoices => (
            "Les mêmes totaux que poll_choices, pour la part de chaque communauté.",
            "The same totals as poll_choices, for each community’s part.",
        ),
        Kind::PollPartGrades => (
            "Les mêmes nombres que poll_grades, pour la part de chaque communauté.",
            "The same numbers as poll_grades, for each community’s part.",
        ),
        Kind::PollPartPairs => (
            "Les mêmes nombres que poll_pairs, pour la part de chaque communauté.",
            "The same numbers as poll_pairs, for each community’s part.",
        ),
        _ => ("Les choix à faire, et ce qu’ils ont donné.", "The polls, and what they came to."),
    }
}

/// The table of everybody that one of the parts is like.
fn whole(kind: Kind) -> Option<Kind> {
    match kind {
        Kind::PollPartChoices => Some(Kind::PollChoices),
        Kind::PollPartGrades => Some(Kind::PollGrades),
        Kind::PollPartPairs => Some(Kind::PollPairs),
        _ => None,
    }
}

const POLL: Both = ("Le choix à faire.", "The poll.");
const COMMUNITY: Both = ("De quelle communauté sont ces bulletins.", "Of which community these ballots are.");
const BALLOTS: Both = ("Combien de bulletins ont été comptés.", "How many ballots were counted.");
const CHOICE: Both = ("L’option, comptée à partir de 0.", "The choice, counted from 0.");

/// Its columns.
pub fn columns(kind: Kind, languages: &[Lang]) -> Vec<Column> {
    use Sort::{Instant, Integer, Text};
    let poll = || column("poll", Text, POLL).key().to(Kind::Polls);
    let community = || column("community", Text, COMMUNITY).key();
    if let Some(whole) = whole(kind) {
        // What a choice is called stands in the table of everybody.
        let mut all = columns(whole, &[]);
        all.insert(1, community());
        return all;
    }
    match kind {
        Kind::PollParts => {
            let mut all = vec![poll(), community(), column("ballots", Integer, BALLOTS)];
            all.extend(channels::columns());
            all
        }
        Kind::PollChoices => {
            let mut all = vec![poll(), column("number", Integer, CHOICE).key()];
            all.extend(localized("label", languages, ("L’option", "The choice")));
            all.extend([
                column(
                    "count",
                    Integer,
                    (
                        "Combien de bulletins la choisissent (plurality) ou l’approuvent (approval).",
                        "How many ballots name it (plurality) or approve of it (approval).",
                    ),
                )
                .optional(),
                column(
                    "majority_grade",
                    Integer,
                    (
                        "Jugement majoritaire : sa mention majoritaire, comptée à partir de 0, la pire.",
                        "Majority judgment: its majority grade, counted from 0, the worst.",
                    ),
                )
                .optional(),
                column(
                    "place",
                    Integer,
                    (
                        "Son rang : 1 est en tête; les options à égalité ont le même.",
                        "Its place: 1 is first; choices that are tied have the same.",
                    ),
                )
                .optional(),
            ]);
            all
        }
        Kind::PollGrades => {
            let mut all = vec![
                poll(),
                column("choice", Integer, CHOICE).key(),
                column(
                    "grade",
                    Integer,
                    ("La mention, comptée à partir de 0, la pire.", "The grade, counted from 0, the worst."),
                )
                .key(),
            ];
            all.extend(localized("label", languages, ("La mention", "The grade")));
            all.push(
                column("count", Integer, ("Combien de bulletins la donnent.", "How many ballots give it."))
                    .optional(),
            );
            all
        }
        Kind::PollPairs => vec![
            poll(),
            column("choice", Integer, CHOICE).key(),
            column(
                "before",
                Integer,
                ("L’autre option, comptée à partir de 0.", "The other choice, counted from 0."),
            )
            .key(),
            column(
                "count",
                Integer,
                (
                    "Combien de bulletins placent la première strictement devant l’autre.",
                    "How many ballots rank the first strictly before the other.",
                ),
            ),
        ],
        _ => {
            let mut all = vec![
                column("id", Text, ("Nom du choix à faire.", "The poll’s name.")).key(),
                column("consultation", Text, ON_CONSULTATION).to(Kind::Consultations),
            ];
            all.extend(localized("question", languages, ("Ce qui est demandé", "What is asked")));
            all.extend(localized(
                "text",
                languages,
                ("Ce qu’il faut savoir avant de choisir", "What one should know before choosing"),
            ));
            all.extend([
                Column {
                    words: [Method::Plurality, Method::Approval, Method::MajorityJudgment, Method::Schulze]
                        .iter()
                        .map(spelled)
                        .collect(),
                    ..column("method", Text, ("Comment c’est compté.", "How it is counted."))
                },
                column("opens_at", Instant, ("Ouvert à partir de ce moment.", "Open from this moment.")),
                column("closes_at", Instant, ("Fermé à ce moment.", "Closed at this moment.")),
                column(
                    "result",
                    Text,
                    (
                        "counted : compté; shared : compté avec d’autres communautés, toutes ensemble; too_few : moins de 10 bulletins, rien n’est dit; vide : pas encore publié.",
                        "counted; shared: counted with other communities, all together; too_few: fewer than 10 ballots, nothing is told; empty: not published yet.",
                    ),
                )
                .optional(),
                column("ballots", Integer, BALLOTS).optional(),
            ]);
            all.extend(channels::columns());
            all
        }
    }
}

/// What was counted of a poll, and of which community, where it is one's part.
struct Counted<'a> {
    poll: &'a Poll,
    community: Option<&'a CommunityId>,
    tally: Option<&'a Tally>,
}

impl<'a> Counted<'a> {
    fn parts(it: &'a Polled) -> impl Iterator<Item = Self> {
        let parts = match &it.result {
            Some(PollResult::Shared(told)) => told.parts.as_slice(),
            _ => &[],
        };
        let of = |part: &'a SharedPart| (Some(&part.community), Some(&part.tally));
        parts.iter().map(of).map(|(community, tally)| Self { poll: &it.poll, community, tally })
    }

    /// Its rows in a table of everybody.
    fn rows(&self, kind: Kind, languages: &[Lang]) -> Vec<Vec<Cell>> {
        match kind {
            Kind::PollChoices => choices(self, languages),
            Kind::PollGrades => grades(self, languages),
            Kind::PollPairs => pairs(self),
            _ => Vec::new(),
        }
    }

    /// What each of its rows begins with.
    fn names(&self) -> Vec<Cell> {
        [Some(plain(self.poll.id)), self.community.map(plain)].into_iter().flatten().collect()
    }
}

/// Its rows of one poll.
pub fn rows(kind: Kind, it: &Polled, languages: &[Lang]) -> Vec<Vec<Cell>> {
    if let Some(whole) = whole(kind) {
        return Counted::parts(it).flat_map(|part| part.rows(whole, &[])).collect();
    }
    match kind {
        Kind::Polls => vec![poll(it, languages)],
        Kind::PollParts => Counted::parts(it).map(|part| part_of(&part)).collect(),
        _ => Counted { poll: &it.poll, community: None, tally: it.tally() }.rows(kind, languages),
    }
}

fn part_of(it: &Counted<'_>) -> Vec<Cell> {
    let mut cells = it.names();
    cells.push(Cell::plain(it.tally.map(|tally| tally.ballots)));
    cells.extend(channels::cells(it.tally.and_then(|tally| tally.channels)));
    cells
}

fn poll(it: &Polled, languages: &[Lang]) -> Vec<Cell> {
    let Polled { poll, result } = it;
    let mut cells = vec![plain(poll.id), plain(poll.consultation)];
    cells.extend(languages.iter().map(|lang| in_lang(Some(&poll.question), lang)));
    cells.extend(languages.iter().map(|lang| in_lang(poll.text.as_ref(), lang)));
    cells.push(word(&poll.method));
    cells.push(Cell::Plain(times::instant(poll.open.from)));
    cells.push(Cell::Plain(times::instant(poll.open.until)));
    cells.push(Cell::plain(result.as_ref().map(|result| match result {
        PollResult::TooFew => "too_few",
        PollResult::Counted(_) => "counted",
        PollResult::Shared(_) => "shared",
    })));
    cells.push(Cell::plain(it.tally().map(|tally| tally.ballots)));
    cells.extend(channels::cells(it.tally().and_then(|tally| tally.channels)));
    cells
}

fn choices(it: &Counted<'_>, languages: &[Lang]) -> Vec<Vec<Cell>> {
    let rows = it.poll.choices.iter().enumerate().map(|(at, label)| {
        let mut cells = it.names();
        cells.push(plain(at));
        cells.extend(languages.iter().map(|lang| in_lang(Some(label), lang)));
        let totals = it.tally.map(|tally| &tally.totals);
        let (count, grade) = match totals {
            Some(Totals::Votes(all) | Totals::Approvals(all)) => (all.get(at), None),
            Some(Totals::Merits(merits)) => (None, merits.get(at).and_then(|merit| merit.majority_grade)),
            Some(Totals::Pairwise(_)) | None => (None, None),
        };
        let place = it.tally.and_then(|tally| {
            let mut groups = tally.order.iter().zip(1..);
            groups.find(|(group, _)| group.iter().any(|choice| usize::from(*choice) == at))
        });
        cells.extend([Cell::plain(count), Cell::plain(grade)]);
        cells.push(Cell::plain(place.map(|(_, place): (_, u32)| place)));
        cells
    });
    rows.collect()
}

fn grades(it: &Counted<'_>, languages: &[Lang]) -> Vec<Vec<Cell>> {
    let merits = it.tally.and_then(|tally| match &tally.totals {
        Totals::Merits(merits) => Some(merits),
        _ => None,
    });
    let each = (0..it.poll.choices.len()).flat_map(|choice| {
        it.poll.grades.iter().enumerate().map(move |(grade, label)| {
            let count = merits.and_then(|merits| merits.get(choice)?.grades.get(grade));
            let mut cells = it.names();
            cells.extend([plain(choice), plain(grade)]);
            cells.extend(languages.iter().map(|lang| in_lang(Some(label), lang)));
            cells.push(Cell::plain(count));
            cells
        })
    });
    each.collect()
}

fn pairs(it: &Counted<'_>) -> Vec<Vec<Cell>> {
    let Some(Totals::Pairwise(matrix)) = it.tally.map(|tally| &tally.totals) else { return Vec::new() };
    let each = matrix.iter().enumerate().flat_map(|(one, row)| {
        let others = row.iter().enumerate().filter(move |(other, _)| *other != one);
        others.map(move |(other, count)| {
            let mut cells = it.names();
            cells.extend([plain(one), plain(other), plain(count)]);
            cells
        })
    });
    each.collect()
}
