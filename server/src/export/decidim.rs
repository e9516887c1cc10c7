//! The proposals in the columns of Decidim's own open-data files (its version 0.29), to be read by
//! `rabaska import decidim` and by whatever reads those.

use app::ui::routes::Route;
use domain::ids::RecordId;
use domain::ports::Journal;
use domain::records::{Consultation, Contribution, Record};
use domain::sectors::Sector;
use domain::text::Lang;
use std::collections::HashMap;

use super::cells::{Cell, line};
use super::out::Out;
use super::{Asked, Broken, read, times};

/// Begins what stands under `reference` in our own files: their texts are plain, and come back as
/// they were.
pub const REFERENCE: &str = "rabaska:";

/// The columns that we fill, and those that are always empty because nothing public says it.
fn columns(languages: &[Lang]) -> Vec<String> {
    let localized = |name: &str| languages.iter().map(|lang| format!("{name}/{lang}")).collect::<Vec<_>>();
    let plain = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    [
        plain(&["id", "author/id", "author/name", "author/url", "category/id"]),
        localized("category/name"),
        plain(&["scope/id"]),
        localized("scope/name"),
        plain(&["participatory_space/id", "participatory_space/url", "component/id"]),
        localized("title"),
        localized("body"),
        plain(&["address", "latitude", "longitude", "state", "reference"]),
        localized("answer"),
        plain(&[
            "answered_at",
            "votes",
            "endorsements/total_count",
            "endorsements/user_endorsements",
            "comments",
            "attachments",
            "followers",
            "published_at",
            "url",
            "meeting_urls",
            "related_proposals",
            "is_amend",
            "original_proposal/title",
            "original_proposal/url",
            "withdrawn",
            "withdrawn_at",
        ]),
    ]
    .concat()
}

/// Writes it.
pub async fn write(asked: &Asked, journal: &dyn Journal, out: &mut Out) -> Result<(), Broken> {
    let own = &asked.public.own;
    let languages = &own.place.languages;
    let columns = columns(languages);
    let names: Vec<Cell> = columns.iter().map(|name| Cell::Plain(name.clone())).collect();
    out.put(&line(&names)).await?;
    for it in &asked.public.consultations {
        let scope = asked.public.scope(it);
        let counts = Counts {
            supports: read::supports(journal, &scope).await?,
            comments: read::comments(journal, &scope).await?,
        };
        let rows = read::gather(journal, &scope, |_, record| match record {
            Record::Contribution(one) => {
                let cells = cells(one, it, asked, &counts)?;
                let row = columns.iter().map(|name| cells.get(name).cloned().unwrap_or(Cell::Empty));
                Some((one.week.monday().0, line(&row.collect::<Vec<_>>())))
            }
            _ => None,
        });
        for row in rows.await? {
            out.put(&row).await?;
        }
    }
    Ok(())
}

struct Counts {
    supports: HashMap<RecordId, u64>,
    comments: HashMap<RecordId, u64>,
}

/// The cells of a proposal, by column; none of a comment.
fn cells(
    it: &Contribution,
    consultation: &Consultation,
    asked: &Asked,
    counts: &Counts,
) -> Option<HashMap<String, Cell>> {
    let proposal = it.proposal()?;
    let own = &asked.public.own;
    let slug = || own.place.slug.clone();
    let mut cells = HashMap::new();
    let mut put = |name: &str, cell: Cell| drop(cells.insert(name.to_owned(), cell));
    put("id", Cell::plain(Some(it.id)));
    put("category/id", Cell::plain(Some(&proposal.subject)));
    if let Some(subject) = own.subjects.iter().find(|subject| subject.id == proposal.subject) {
        for (lang, name) in subject.full.iter() {
            put(&format!("category/name/{lang}"), Cell::text(Some(name)));
        }
    }
    put("participatory_space/id", Cell::plain(Some(consultation.id)));
    put(
        "participatory_space/url",
        Cell::plain(Some(asked.page(&Route::Consultation(slug(), consultation.id)))),
    );
    put("component/id", Cell::plain(Some(consultation.id)));
    // In which language people wrote is not known: it stands under the community's first.
    let first = own.place.languages.first().map_or("fr", Lang::as_str);
    put(&format!("title/{first}"), Cell::text(Some(&proposal.title)));
    put(&format!("body/{first}"), Cell::text(proposal.text.as_ref()));
    let place = proposal.place.as_ref();
    put("address", Cell::text(place.and_then(|it| it.words.as_ref())));
    if let Some((lat, lon)) = place.and_then(|it| it.sector).map(Sector::degrees) {
        put("latitude", Cell::plain(Some(lat)));
        put("longitude", Cell::plain(Some(lon)));
    }
    put("reference", Cell::plain(Some(format!("{REFERENCE}{}", it.id))));
    if let Some(answer) = &it.answer {
        for (lang, text) in answer.text.iter() {
            put(&format!("answer/{lang}"), Cell::text(Some(text)));
        }
        put("answered_at", Cell::plain(Some(decidims(&times::instant(answer.at)))));
    }
    put("votes", Cell::plain(counts.supports.get(&it.id)));
    put("comments", Cell::plain(Some(counts.comments.get(&it.id).copied().unwrap_or_default())));
    put("attachments", Cell::plain(Some(proposal.photos.len())));
    put("published_at", Cell::plain(Some(decidims(&times::instant(it.week.monday())))));
    put("url", Cell::plain(Some(asked.page(&Route::Contribution(slug(), consultation.id, it.id)))));
    put("is_amend", Cell::plain(Some(false)));
    put("withdrawn", Cell::plain(Some(false)));
    Some(cells)
}

/// A moment as Decidim writes it.
fn decidims(instant: &str) -> String {
    instant.replace('T', " ").replace('Z', " UTC")
}
