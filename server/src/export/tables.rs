//! The tables and their rows.

mod channels;
mod columns;
mod commitments;
mod contributions;
mod documents;
mod kinds;
pub mod moderation;
mod places;
mod polls;
mod surveys;
pub mod texts;

use domain::ports::Journal;
use domain::records::{Consultation, Contribution, Record};
use domain::text::{Lang, Localized};
use serde::Serialize;

pub use columns::{Column, Sort};
pub use commitments::{moved_to, state};
pub use documents::address as document_address;
pub use kinds::Kind;
pub use surveys::told;

use super::asking::{self, Asking};
use super::cells::{Cell, line};
use super::out::Out;
use super::read::{self, Public};
use super::{Asked, Broken, times};

/// Writes a table.
pub async fn write(kind: Kind, asked: &Asked, journal: &dyn Journal, out: &mut Out) -> Result<(), Broken> {
    let asking = match kind == Kind::Contributions || kind.is_of_asking() {
        true => asking::read(journal, &asked.public).await?,
        false => Asking::default(),
    };
    let languages = kind.languages(&asked.public, &asking);
    let columns = kind.columns(&languages);
    let names: Vec<Cell> = columns.iter().map(|column| Cell::Plain(column.name.clone())).collect();
    out.put(&line(&names)).await?;
    if kind.is_of_asking() {
        let polls = asking.polls.iter().flat_map(|it| polls::rows(kind, it, &languages));
        let surveys = asking.surveys.iter().flat_map(|it| surveys::rows(kind, it, &languages));
        let commitments = asking.commitments.iter().flat_map(|it| commitments::rows(kind, it, &languages));
        for row in polls.chain(surveys).chain(commitments) {
            out.put(&line(&row)).await?;
        }
        return Ok(());
    }
    if !kind.is_of_contributions() {
        return out.put(&of_community(kind, &asked.public).concat()).await;
    }
    for consultation in &asked.public.consultations {
        for rows in of_consultation(kind, asked, consultation, &languages, journal).await? {
            out.put(&rows).await?;
        }
    }
    Ok(())
}

fn of_community(kind: Kind, public: &Public) -> Vec<Vec<u8>> {
    let own = &public.own;
    let all = public.consultations.iter();
    match kind {
        Kind::Consultations => all.map(|it| line(&consultation(it, &public.languages()))).collect(),
        Kind::Phases => {
            let periods = all
                .filter(|it| !it.is_letterbox())
                .flat_map(|it| it.phases.iter().map(|period| (it.id, *period)));
            periods
                .map(|(id, period)| {
                    let (from, until) = (times::instant(period.from), times::instant(period.until));
                    line(&[plain(id), word(&period.phase), Cell::Plain(from), Cell::Plain(until)])
                })
                .collect()
        }
        Kind::Conclusions => {
            let given = all.filter_map(|it| Some((it.id, it.conclusion.as_ref()?)));
            let said = given.flat_map(|(id, it)| it.text.iter().map(move |said| (id, it.at, said)));
            said.map(|(id, at, (lang, text))| {
                line(&[plain(id), plain(lang), Cell::text(Some(text)), Cell::Plain(times::instant(at))])
            })
            .collect()
        }
        Kind::ConclusionUses => {
            let given = all.filter_map(|it| Some((it.id, it.conclusion.as_ref()?)));
            given
                .flat_map(|(id, it)| it.uses.iter().map(move |used| line(&[plain(id), plain(used)])))
                .collect()
        }
        Kind::Subjects => {
            let texts = own.subjects.iter().map(|it| (it.id.to_string(), by_lang(&it.short, &it.full)));
            lists(texts)
        }
        Kind::Rules => {
            let rows = own.rules.iter().flat_map(|it| {
                let texts = by_lang(&it.label, &it.explanation).into_iter();
                texts.map(|[lang, name, text]| line(&[plain(&it.id), lang, name, text, plain(it.retired)]))
            });
            rows.collect()
        }
        _ => Vec::new(),
    }
}

/// A long and a short text, in each language that one of them is said in.
fn by_lang<S: ToString, L: ToString>(short: &Localized<S>, long: &Localized<L>) -> Vec<[Cell; 3]> {
    let mut langs: Vec<&Lang> = short.iter().map(|(lang, _)| lang).collect();
    langs.extend(long.iter().map(|(lang, _)| lang));
    langs.sort();
    langs.dedup();
    langs
        .into_iter()
        .map(|lang| [plain(lang), in_lang(Some(short), lang), in_lang(Some(long), lang)])
        .collect()
}

fn lists(items: impl Iterator<Item = (String, Vec<[Cell; 3]>)>) -> Vec<Vec<u8>> {
    items
        .flat_map(|(id, texts)| {
            texts
                .into_iter()
                .map(move |[lang, short, long]| line(&[Cell::Plain(id.clone()), lang, short, long]))
        })
        .collect()
}

fn plain(what: impl ToString) -> Cell {
    Cell::Plain(what.to_string())
}

/// A word of the protocol, as it is written there.
pub fn word(of: &impl Serialize) -> Cell {
    Cell::Plain(spelled(of))
}

/// The same, as a text.
pub fn spelled(of: &impl Serialize) -> String {
    let value = serde_json::to_value(of).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}

fn in_lang<T: ToString>(text: Option<&Localized<T>>, lang: &Lang) -> Cell {
    let said = text.and_then(|text| text.iter().find(|(known, _)| *known == lang));
    Cell::text(said.map(|(_, text)| text.to_string()))
}

fn consultation(it: &Consultation, languages: &[Lang]) -> Vec<Cell> {
    let mut cells = vec![plain(it.id)];
    cells.extend(languages.iter().map(|lang| in_lang(Some(&it.title), lang)));
    cells.extend(languages.iter().map(|lang| in_lang(Some(&it.summary), lang)));
    cells.push(Cell::Plain(times::instant(it.opened_at)));
    cells.push(Cell::plain(read::ends_at(it).map(times::instant)));
    cells.push(Cell::plain(it.closed_at.map(times::instant)));
    cells.push(Cell::plain(it.answer_by.map(times::instant)));
    let takes: Vec<_> = it.takes.iter().map(spelled).collect();
    cells.push(Cell::Plain(takes.join(" ")));
    let shared: Vec<_> = it.shared_with.iter().map(ToString::to_string).collect();
    cells.push(Cell::Plain(shared.join(" ")));
    cells.push(Cell::plain(it.adapted_from.as_ref().map(|from| &from.community)));
    cells.push(Cell::plain(it.adapted_from.as_ref().map(|from| from.consultation)));
    cells.extend(languages.iter().map(|lang| in_lang(it.decided_by.as_ref(), lang)));
    cells.extend(languages.iter().map(|lang| in_lang(it.used_for.as_ref(), lang)));
    let attribution = it.source.as_ref().map(|source| &source.attribution);
    cells.extend(languages.iter().map(|lang| in_lang(attribution, lang)));
    cells.push(Cell::text(it.source.as_ref().map(|source| &source.licence)));
    cells.push(Cell::text(it.source.as_ref().map(|source| &source.url)));
    cells.push(plain(it.fictitious));
    cells
}

/// The rows of one consultation: those of one record are one piece.
async fn of_consultation(
    kind: Kind,
    asked: &Asked,
    consultation: &Consultation,
    all: &[Lang],
    journal: &dyn Journal,
) -> Result<Vec<Vec<u8>>, Broken> {
    let scope = asked.public.scope(consultation);
    let counts = match kind {
        Kind::Supports if consultation.takes.contains(&domain::phases::Form::Support) => {
            read::supports(journal, &scope).await?
        }
        Kind::Supports => return Ok(Vec::new()),
        _ => Default::default(),
    };
    let languages = &asked.public.own.place.languages;
    let rows = read::gather(journal, &scope, |name, record| match (kind, record) {
        (Kind::Hidings, Record::Hiding(it)) => {
            Some((it.week.monday().0, line(&moderation::row(name, consultation.id, it)?)))
        }
        (Kind::Documents, Record::Document(it)) => Some((it.added_at.0, documents::rows(it, &asked.home))),
        (Kind::Texts, Record::PublishedText(it)) => Some((it.published_at.0, texts::rows(it))),
        (Kind::Contributions, Record::Contribution(it)) => {
            Some((it.week.monday().0, line(&contributions::row(it, consultation, languages, all))))
        }
        (Kind::Photos, Record::Contribution(it)) => {
            let photos = it.photos().iter().zip(1..).flat_map(|(photo, number)| {
                let files = [plain(photo.full), plain(photo.thumb), Cell::text(photo.alt.as_ref())];
                let mut cells = vec![plain(it.id), plain(number)];
                cells.extend(files);
                line(&cells)
            });
            Some((it.week.monday().0, photos.collect()))
        }
        (Kind::Supports, Record::Contribution(it)) if it.is_discussed() => {
            let cells = [plain(it.id), Cell::plain(counts.get(&it.id))];
            Some((it.week.monday().0, line(&cells)))
        }
        (Kind::Answers, Record::Contribution(it)) => {
            let answer = it.answer.as_ref()?;
            let at = times::instant(answer.at);
            let said = answer.text.iter().flat_map(|(lang, text)| {
                line(&[plain(it.id), plain(lang), Cell::text(Some(text)), Cell::Plain(at.clone())])
            });
            Some((it.week.monday().0, said.collect()))
        }
        _ => None,
    });
    Ok(rows.await?)
}

/// What the protocol calls one of several things, with or without something in it.
pub fn tagged(of: &impl Serialize) -> String {
    let value = serde_json::to_value(of).unwrap_or_default();
    let name = value.as_str().or_else(|| value.as_object()?.keys().next().map(String::as_str));
    name.unwrap_or_default().to_owned()
}

/// In which form something was contributed.
pub fn form(it: &Contribution) -> String {
    tagged(&it.what)
}
