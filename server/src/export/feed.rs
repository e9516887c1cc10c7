//! What happened, as a feed (RFC 4287): consultations opened, closed and concluded, polls and
//! surveys with their results, official answers, commitments, and contributions by their week.
//!
//! A contribution's `updated` is its week's Monday at midnight, and entries of one instant stand in
//! the order of their ids, which are hashes: neither tells who came before whom.

mod commitments;
mod texts;

use std::collections::BTreeMap;

use app::ui::routes::Route;
use domain::ids::{Hash, hex};
use domain::operations::Source;
use domain::ports::{Journal, PortError};
use domain::records::{Consultation, Contribution, Record, SignedAs, What};
use domain::sectors::Sector;
use domain::surveys::{Count, FEW_BELOW};
use domain::tallies::BALLOTS_MIN;
use domain::text::Localized;
use domain::time::Millis;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::asking::{Polled, Surveyed};
use super::tables::told;
use super::words::{self, Both};
use super::{Asked, read, times};

/// From so many entries on, no older week begins.
const ENOUGH: usize = 100;
/// The most entries, also of one week.
const MOST: usize = 2_000;

/// One entry.
struct Entry {
    id: String,
    updated: Millis,
    what: Both,
    title: String,
    text: String,
    by: String,
    page: Route,
    place: Option<Sector>,
    source: Option<Source>,
    fictitious: bool,
}

/// The newest first; among those of one instant by id.
type Newest = BTreeMap<(std::cmp::Reverse<Millis>, String), Entry>;

/// The same thing has the same id on every server that holds it, and nothing can be read in it: a
/// UUID of version 8 (RFC 9562 §5.8) from a hash.
fn id(kind: &str, of: &str) -> String {
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&Hash::tagged("rabaska/feed/v1", format!("{kind}\0{of}").as_bytes()).0[..16]);
    bytes[6] = 0x80 | bytes[6] & 0x0F;
    bytes[8] = 0x80 | bytes[8] & 0x3F;
    let digits = hex(&bytes);
    let parts = [&digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]];
    format!("urn:uuid:{}", parts.join("-"))
}

/// The feed.
pub async fn text(asked: &Asked, journal: &dyn Journal) -> Result<Vec<u8>, PortError> {
    let mut newest = Newest::new();
    for it in &asked.public.consultations {
        office(it, asked, &mut newest);
        let scope = asked.public.scope(it);
        // One that changed while it was read counts as it was met last, one that went as gone.
        let mut met: BTreeMap<String, Vec<(std::cmp::Reverse<Millis>, String)>> = BTreeMap::new();
        read::each(journal, &scope, |name, record| {
            for key in met.remove(name).unwrap_or_default() {
                newest.remove(&key);
            }
            let entries = record.map(|record| of_record(&record, it, asked)).unwrap_or_default();
            let entries: Vec<_> = entries.into_iter().map(|entry| (key(&entry), entry)).collect();
            met.insert(name.to_owned(), entries.iter().map(|(key, _)| key.clone()).collect());
            newest.extend(entries);
            while newest.len() > MOST {
                newest.pop_last();
            }
        })
        .await?;
    }
    Ok(written(asked, &recent(newest)).unwrap_or_default())
}

/// What is told of one record.
fn of_record(record: &Record, it: &Consultation, asked: &Asked) -> Vec<Entry> {
    let entries = match record {
        Record::Contribution(one) => [Some(said(one, it, asked)), answered(one, it, asked)],
        Record::Poll(one) => polled(&Polled::of(one), it, asked),
        Record::Questionnaire(one) => {
            Surveyed::of(one).map(|one| surveyed(&one, it, asked)).unwrap_or_default()
        }
        Record::PublishedText(one) => return vec![texts::entry(one, it, asked)],
        Record::Commitment(one) => return commitments::entries(one, it, asked),
        _ => return Vec::new(),
    };
    entries.into_iter().flatten().collect()
}

fn key(entry: &Entry) -> (std::cmp::Reverse<Millis>, String) {
    (std::cmp::Reverse(entry.updated), entry.id.clone())
}

/// Whole weeks, the newest first, until there are enough: a week that was cut would never show the
/// rest of it to whoever follows.
fn recent(newest: Newest) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for entry in newest.into_values() {
        let older = entries.last().is_some_and(|last| last.updated.week() != entry.updated.week());
        if older && entries.len() >= ENOUGH {
            break;
        }
        entries.push(entry);
    }
    entries
}

/// What the office did with a consultation.
fn office(it: &Consultation, asked: &Asked, newest: &mut Newest) {
    let order = asked.order();
    let text = |found: Option<String>| found.unwrap_or_default();
    let title = text(it.title.best(&order).map(|(_, title)| title.to_string()));
    let page = Route::Consultation(asked.public.own.place.slug.clone(), it.id);
    let entry = |kind: &str, what, updated, body: String| Entry {
        id: id(kind, &it.id.to_string()),
        updated,
        what,
        text: body,
        source: it.source.clone(),
        ..asks(it, asked, page.clone(), title.clone())
    };
    let summary = text(it.summary.best(&order).map(|(_, summary)| summary.to_string()));
    let mut put = |entry: Entry| drop(newest.insert(key(&entry), entry));
    put(entry("opened", words::OPENED, it.opened_at, summary));
    if it.ends_at() <= asked.now {
        let used = it.used_for.as_ref().and_then(|it| it.best(&order)).map(|(_, used)| used.to_string());
        put(entry("closed", words::CLOSED, it.ends_at(), text(used)));
    }
    if let Some(conclusion) = &it.conclusion {
        let said = conclusion.text.best(&order).map(|(_, said)| said.to_string());
        put(Entry { source: None, ..entry("concluded", words::CONCLUDED, conclusion.at, text(said)) });
    }
}

/// Something that the office asks.
fn asks(it: &Consultation, asked: &Asked, page: Route, title: String) -> Entry {
    Entry {
        id: String::new(),
        updated: Millis::default(),
        what: words::POLL,
        title,
        text: String::new(),
        by: asked.public.own.place.name.to_string(),
        page,
        place: None,
        source: None,
        fictitious: it.fictitious,
    }
}

fn best<T: ToString>(text: Option<&Localized<T>>, asked: &Asked) -> String {
    text.and_then(|text| text.best(&asked.order())).map(|(_, text)| text.to_string()).unwrap_or_default()
}

/// A poll, from when it is open, and its result, from when it could be counted: that it is there is
/// told as soon as it is known, and nothing here changes because time passes.
fn polled(one: &Polled, it: &Consultation, asked: &Asked) -> [Option<Entry>; 2] {
    let (poll, name) = (&one.poll, one.poll.id.to_string());
    let entry = || {
        let page = Route::Poll(asked.public.own.place.slug.clone(), it.id, poll.id);
        asks(it, asked, page, best(Some(&poll.question), asked))
    };
    let text = best(poll.text.as_ref(), asked);
    let opened = Entry { id: id("poll", &name), updated: poll.open.from, text, ..entry() };
    let updated = poll.open.until.plus(poll.open.grace);
    let result = one.result.as_ref().map(|_| Entry {
        id: id("poll-result", &name),
        updated,
        what: words::POLL_RESULT,
        text: outcome(one, asked),
        ..entry()
    });
    [Some(opened), result]
}

/// How many ballots there were, and the choices by their places.
fn outcome(one: &Polled, asked: &Asked) -> String {
    let choose = |both| asked.tongue.choose(both);
    let head = format!("{}{}", choose(words::BALLOTS), choose(words::COLON));
    let Some(tally) = one.tally() else {
        return format!("{head}{} {BALLOTS_MIN}", choose(words::FEWER_THAN));
    };
    let mut said = format!("{head}{}", tally.ballots);
    for (group, place) in tally.order.iter().zip(1..) {
        let labels = group.iter().filter_map(|choice| one.poll.choices.get(usize::from(*choice)));
        let labels: Vec<String> = labels.map(|label| best(Some(label), asked)).collect();
        said += &format!("\n{place}. {}", labels.join(" = "));
    }
    said
}

/// A survey, and what was answered, likewise.
fn surveyed(one: &Surveyed, it: &Consultation, asked: &Asked) -> [Option<Entry>; 2] {
    let (of, name) = (&one.it, one.it.id.to_string());
    let entry = || {
        let page = Route::Survey(asked.public.own.place.slug.clone(), it.id, of.id);
        asks(it, asked, page, best(Some(&of.title), asked))
    };
    let text = best(one.survey.intro.as_ref(), asked);
    let opened =
        Entry { id: id("survey", &name), updated: of.open.from, what: words::SURVEY, text, ..entry() };
    let results = one.results.as_ref().map(|results| {
        let choose = |both| asked.tongue.choose(both);
        let count = match results.respondents {
            Count::Few => format!("{} {FEW_BELOW}", choose(words::FEWER_THAN)),
            other => told(other),
        };
        Entry {
            id: id("survey-results", &name),
            updated: of.open.until.plus(of.open.grace),
            what: words::SURVEY_RESULTS,
            text: format!("{}{}{count}", choose(words::RESPONDENTS), choose(words::COLON)),
            ..entry()
        }
    });
    [Some(opened), results]
}

fn page(one: &Contribution, asked: &Asked) -> Route {
    let shown = one.comment().map_or(one.id, |comment| comment.on);
    Route::Contribution(asked.public.own.place.slug.clone(), one.consultation, shown)
}

/// A contribution.
fn said(one: &Contribution, it: &Consultation, asked: &Asked) -> Entry {
    let from = |more: &str| {
        format!("{} {}{more}", asked.tongue.choose(words::RESIDENT), asked.public.own.place.name)
    };
    let by = match one.signed {
        SignedAs::Imported => asked.tongue.choose(words::IMPORTED).to_owned(),
        SignedAs::Resident => from(""),
        SignedAs::OnBehalf => from(asked.tongue.choose(words::ON_BEHALF)),
        SignedAs::Paper => from(asked.tongue.choose(words::ON_PAPER)),
    };
    let wording = one.amendment().map(|it| texts::wording(it, asked));
    Entry {
        id: id("said", &one.id.to_string()),
        updated: one.week.monday(),
        what: match &one.what {
            What::Proposal(_) => words::PROPOSED,
            What::Comment(_) => words::COMMENTED,
            What::Amendment(_) => words::AMENDED,
        },
        title: one.title().to_string(),
        text: wording.into_iter().chain(one.text().map(ToString::to_string)).collect::<Vec<_>>().join("\n\n"),
        by,
        page: page(one, asked),
        place: one.place().and_then(|place| place.sector),
        source: read::source(it, one).cloned(),
        fictitious: it.fictitious,
    }
}

/// The official answer to it.
fn answered(one: &Contribution, it: &Consultation, asked: &Asked) -> Option<Entry> {
    let answer = one.answer.as_ref()?;
    let text = answer.text.best(&asked.order()).map(|(_, text)| text.to_string())?;
    Some(Entry {
        id: id("answered", &one.id.to_string()),
        updated: answer.at,
        what: words::ANSWERED,
        title: one.title().to_string(),
        text,
        by: asked.public.own.place.name.to_string(),
        page: page(one, asked),
        place: one.place().and_then(|place| place.sector),
        source: None,
        fictitious: it.fictitious,
    })
}

/// The XML under way.
struct Xml(Writer<Vec<u8>>);

type Written = std::io::Result<()>;

impl Xml {
    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> Written {
        self.0.write_event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    fn close(&mut self, name: &str) -> Written {
        self.0.write_event(Event::End(BytesEnd::new(name)))
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> Written {
        self.0.write_event(Event::Empty(BytesStart::new(name).with_attributes(attributes.iter().copied())))
    }

    fn leaf(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) -> Written {
        self.open(name, attributes)?;
        self.0.write_event(Event::Text(BytesText::new(&allowed(text))))?;
        self.close(name)
    }
}

/// Without the two characters that a text may hold and XML may not (XML 1.0 §2.2).
fn allowed(text: &str) -> String {
    text.replace(['\u{FFFE}', '\u{FFFF}'], "\u{FFFD}")
}

/// Words of whoever are plain text, never markup.
const PLAIN: (&str, &str) = ("type", "text");
/// People write in the language that they like.
const ANY: (&str, &str) = ("xml:lang", "");

fn written(asked: &Asked, entries: &[Entry]) -> std::io::Result<Vec<u8>> {
    let (public, tongue) = (&asked.public, asked.tongue);
    let place = &public.own.place;
    let one = public.consultations.first().filter(|_| public.one);
    let (path, route, of) = match one {
        Some(it) => (
            format!("{}/{}", public.id(), it.id),
            Route::Consultation(place.slug.clone(), it.id),
            it.id.to_string(),
        ),
        None => (public.id().to_string(), Route::Community(place.slug.clone()), public.id().to_string()),
    };
    let title = one.and_then(|it| it.title.best(&asked.order())).map(|(_, title)| title.to_string());
    let title = title.unwrap_or_else(|| tongue.choose(words::CONSULTATIONS).to_owned());
    let mut xml = Xml(Writer::new(Vec::new()));
    xml.0.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let names = [("xmlns", "http://www.w3.org/2005/Atom"), ("xmlns:georss", "http://www.georss.org/georss")];
    xml.open("feed", &[names[0], names[1], ("xml:lang", tongue.tag())])?;
    xml.leaf("id", &[], &id("feed", &of))?;
    xml.leaf("title", &[PLAIN], &format!("{}{}{title}", place.name, tongue.choose(words::COLON)))?;
    let updated = entries.iter().map(|entry| entry.updated).max().unwrap_or_default();
    xml.leaf("updated", &[], &times::instant(updated))?;
    let own = format!("{}/api/v1/export/{path}/feed.atom?lang={}", asked.home, tongue.tag());
    xml.empty("link", &[("rel", "self"), ("type", "application/atom+xml"), ("href", &own)])?;
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &asked.page(&route))])?;
    xml.leaf("generator", &[("version", env!("CARGO_PKG_VERSION"))], "Rabaska")?;
    by(&mut xml, place.name.as_str())?;
    for it in entries {
        entry(&mut xml, it, asked)?;
    }
    xml.close("feed")?;
    Ok(xml.0.into_inner())
}

fn by(xml: &mut Xml, name: &str) -> Written {
    xml.open("author", &[])?;
    xml.leaf("name", &[], name)?;
    xml.close("author")
}

fn entry(xml: &mut Xml, it: &Entry, asked: &Asked) -> Written {
    let tongue = asked.tongue;
    let what = tongue.choose(it.what);
    xml.open("entry", &[])?;
    xml.leaf("id", &[], &it.id)?;
    xml.leaf("title", &[PLAIN, ANY], &format!("{what}{}{}", tongue.choose(words::COLON), it.title))?;
    xml.leaf("updated", &[], &times::instant(it.updated))?;
    by(xml, &it.by)?;
    xml.empty("link", &[("rel", "alternate"), ("type", "text/html"), ("href", &asked.page(&it.page))])?;
    // By the English word in either language: programs filter by it.
    xml.empty("category", &[("term", &it.what.1.to_lowercase().replace(' ', "-")), ("label", what)])?;
    if it.fictitious {
        xml.empty("category", &[("term", "fictitious"), ("label", tongue.choose(words::FICTITIOUS))])?;
    }
    if let Some((lat, lon)) = it.place.map(Sector::degrees) {
        // GeoRSS-Simple: latitude first.
        xml.leaf("georss:point", &[], &format!("{lat} {lon}"))?;
    }
    if let Some(source) = &it.source {
        let attribution = source.attribution.best(&asked.order()).map(|(_, text)| text.as_str());
        let rights = format!("{} ({}) {}", attribution.unwrap_or_default(), source.licence, source.url);
        xml.leaf("rights", &[PLAIN], &rights)?;
    }
    xml.leaf("content", &[PLAIN, ANY], &it.text)?;
    xml.close("entry")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_uuid_of_its_own_and_always_the_same() {
        let one = id("said", "x");
        assert_eq!((one.len(), &one[23..24], one == id("said", "x")), (45, "8", true));
        assert_ne!(one, id("answered", "x"));
    }
}
