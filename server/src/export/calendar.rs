//! Phases, deadlines, promised answers, commitments, polls and surveys as a calendar (RFC 5545, with RFC 7986).
//!
//! Written by hand: it is a name, a colon and a text, escaped and folded. Nothing in it depends on
//! when it is asked for, so that the same records are always the same bytes.

use app::ui::routes::Route;
use domain::ids::RecordId;
use domain::operations::Delivery;
use domain::phases::{Period, Phase};
use domain::records::{Commitment, Consultation, Open};
use domain::text::{Localized, shorten};
use domain::time::Millis;

use super::asking::Asking;
use super::words::{self, Both};
use super::{Asked, times};

/// How many octets a line has at most, without its end.
const LINE: usize = 75;
/// How much of a summary stands in a calendar.
const SUMMARY: usize = 500;

/// A calendar under way.
struct Lines(String);

impl Lines {
    /// One property whose value needs no escaping.
    fn put(&mut self, name: &str, value: &str) {
        let line = format!("{name}:{value}");
        let (mut rest, mut room) = (line.as_str(), LINE);
        while rest.len() > room {
            let cut = (1..=room).rev().find(|at| rest.is_char_boundary(*at)).unwrap_or(rest.len());
            let (head, tail) = rest.split_at(cut);
            self.0.push_str(head);
            self.0.push_str("\r\n ");
            // The space that begins the next line counts.
            (rest, room) = (tail, LINE - 1);
        }
        self.0.push_str(rest);
        self.0.push_str("\r\n");
    }

    /// One property whose value is a text.
    fn text(&mut self, name: &str, value: &str) {
        self.put(name, &escaped(value));
    }
}

/// A text as it stands in a property (§3.3.11).
fn escaped(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ',' | ';' => written.extend(['\\', letter]),
            '\n' => written.push_str("\\n"),
            '\r' => {}
            other => written.push(other),
        }
    }
    written
}

/// The calendar.
pub fn text(asked: &Asked, asking: &Asking) -> String {
    let mut lines = Lines(String::new());
    let place = &asked.public.own.place;
    let one = asked.public.consultations.first().filter(|_| asked.public.one);
    let name = format!(
        "{}{}{}",
        place.name,
        asked.tongue.choose(words::COLON),
        match one {
            Some(it) => title(it, asked),
            None => asked.tongue.choose(words::CONSULTATIONS).to_owned(),
        }
    );
    lines.put("BEGIN", "VCALENDAR");
    lines.put("VERSION", "2.0");
    lines.put("PRODID", "-//Rabaska//Rabaska//EN");
    lines.put("CALSCALE", "GREGORIAN");
    lines.text("NAME", &name);
    lines.text("X-WR-CALNAME", &name);
    lines.put("REFRESH-INTERVAL;VALUE=DURATION", "PT12H");
    for it in &asked.public.consultations {
        consultation(it, asked, &mut lines);
        for one in asking.polls_of(it.id) {
            let poll = &one.poll;
            let page = Route::Poll(place.slug.clone(), it.id, poll.id);
            let event = asked_for(poll.id, "poll", words::POLL, poll.open, best(&poll.question, asked), page);
            let about = poll.text.as_ref().map(|text| best(text, asked)).unwrap_or_default();
            put(it, &Event { about, ..event }, asked, &mut lines);
        }
        for one in asking.surveys_of(it.id) {
            let (of, intro) = (&one.it, one.survey.intro.as_ref());
            let page = Route::Survey(place.slug.clone(), it.id, of.id);
            let event = asked_for(of.id, "survey", words::SURVEY, of.open, best(&of.title, asked), page);
            let about = intro.map(|text| best(text, asked)).unwrap_or_default();
            put(it, &Event { about, ..event }, asked, &mut lines);
        }
        for one in asking.commitments_of(it.id) {
            put(it, &due(one, asked), asked, &mut lines);
        }
    }
    if !lines.0.contains("BEGIN:VEVENT\r\n") {
        // A calendar holds at least one thing (§3.6), also where nothing has a date: nothing is as little as a time zone.
        for (name, value) in [
            ("BEGIN", "VTIMEZONE"),
            ("TZID", "Etc/UTC"),
            ("BEGIN", "STANDARD"),
            ("DTSTART", "19700101T000000"),
            ("TZOFFSETFROM", "+0000"),
            ("TZOFFSETTO", "+0000"),
            ("END", "STANDARD"),
            ("END", "VTIMEZONE"),
        ] {
            lines.put(name, value);
        }
    }
    lines.put("END", "VCALENDAR");
    lines.0
}

fn best<T: ToString>(text: &Localized<T>, asked: &Asked) -> String {
    text.best(&asked.order()).map(|(_, text)| text.to_string()).unwrap_or_default()
}

fn title(it: &Consultation, asked: &Asked) -> String {
    best(&it.title, asked)
}

/// Something in a calendar.
struct Event {
    uid: String,
    what: Both,
    title: String,
    about: String,
    from: Millis,
    until: Option<Millis>,
    /// Will not take place after all.
    off: bool,
    /// When it was said last, if not with the opening of its consultation.
    said: Option<Millis>,
    /// How often it was changed.
    sequence: usize,
    page: Route,
}

/// A poll or a survey: closing the consultation by hand changes nothing in it.
fn asked_for(id: RecordId, name: &str, what: Both, open: Open, title: String, page: Route) -> Event {
    let until = Some(open.until).filter(|until| *until > open.from);
    let (uid, about) = (format!("{id}-{name}@rabaska"), String::new());
    Event { uid, what, title, about, from: open.from, until, off: false, said: None, sequence: 0, page }
}

/// When a commitment is due: each report on it is another word on the same event.
fn due(it: &Commitment, asked: &Asked) -> Event {
    let owner = format!("{}{}", asked.tongue.choose(words::OWNER), asked.tongue.choose(words::COLON));
    Event {
        uid: format!("{}-commitment@rabaska", it.id),
        what: words::COMMITMENT_DUE,
        title: best(&it.text.in_one_line(), asked),
        about: format!("{owner}{} — {}", best(&it.owner, asked), best(&it.text, asked)),
        from: it.due(),
        until: None,
        off: it.state() == Some(Delivery::GivenUp),
        said: Some(it.changed_at()),
        sequence: it.log.len(),
        page: Route::Consultation(asked.public.own.place.slug.clone(), it.consultation),
    }
}

fn consultation(it: &Consultation, asked: &Asked, lines: &mut Lines) {
    let event = |name: &str, what, from, until, off| Event {
        uid: format!("{}-{name}@rabaska", it.id),
        what,
        title: title(it, asked),
        about: best(&it.summary, asked),
        from,
        until,
        off,
        said: it.closed_at,
        sequence: usize::from(it.closed_at.is_some()),
        page: Route::Consultation(asked.public.own.place.slug.clone(), it.id),
    };
    // It has no dates.
    if it.is_letterbox() {
        return;
    }
    for period in it.phases.iter() {
        let phase = super::tables::spelled(&period.phase);
        let (from, until, off) = course(it, period);
        let name = format!("phase-{phase}");
        put(it, &event(&name, words::phase(period.phase), from, Some(until), off), asked, lines);
    }
    let (proposals, all) = (it.closes_at(), it.ends_at());
    let mut moment = |name, what, from| put(it, &event(name, what, from, None, false), asked, lines);
    if it.takes.contains(&domain::phases::Form::Proposals) {
        moment("closes-proposals", words::LAST_TO_PROPOSE, proposals);
    }
    if !it.takes.is_empty() && (all != proposals || !it.takes.contains(&domain::phases::Form::Proposals)) {
        moment("closes", words::LAST_TO_CONTRIBUTE, all);
    }
    if let Some(by) = it.answer_by {
        moment("answer", words::ANSWER_PROMISED, by);
    }
}

/// When a phase is, after what was closed by hand: a time to contribute or discuss ends there, or
/// never comes.
fn course(it: &Consultation, period: &Period) -> (Millis, Millis, bool) {
    let closed = it.closed_at.filter(|_| matches!(period.phase, Phase::Contribute | Phase::Discuss));
    match closed {
        Some(closed) if closed <= period.from => (period.from, period.until, true),
        Some(closed) => (period.from, period.until.min(closed), false),
        None => (period.from, period.until, false),
    }
}

fn put(it: &Consultation, event: &Event, asked: &Asked, lines: &mut Lines) {
    let tongue = asked.tongue;
    let what = tongue.choose(event.what);
    lines.put("BEGIN", "VEVENT");
    lines.put("UID", &event.uid);
    // When it was said last, not when it is asked for.
    let said = event.said.unwrap_or(it.opened_at);
    lines.put("DTSTAMP", &times::compact(said));
    lines.put("LAST-MODIFIED", &times::compact(said));
    lines.put("SEQUENCE", &event.sequence.to_string());
    lines.put("DTSTART", &times::compact(event.from));
    if let Some(until) = event.until {
        lines.put("DTEND", &times::compact(until));
    }
    lines.put("STATUS", if event.off { "CANCELLED" } else { "CONFIRMED" });
    // Nobody is busy because of it.
    lines.put("TRANSP", "TRANSPARENT");
    lines.text("SUMMARY", &format!("{what}{}{}", tongue.choose(words::COLON), event.title));
    let invented = if it.fictitious { tongue.choose(words::FICTITIOUS) } else { "" };
    let mut about = shorten(&event.about, SUMMARY);
    if it.fictitious {
        about = format!("{invented}\n{about}");
    }
    if let Some(source) = &it.source {
        let attribution = source.attribution.best(&asked.order()).map(|(_, text)| text.as_str());
        about = format!("{about}\n{} ({}) {}", attribution.unwrap_or_default(), source.licence, source.url);
    }
    lines.text("DESCRIPTION", &about);
    lines.text("CATEGORIES", what);
    lines.put("URL", &asked.page(&event.page));
    lines.put("END", "VEVENT");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped_and_lines_folded_between_letters() {
        assert_eq!(escaped("a,b;c\\d\ne:f"), "a\\,b\\;c\\\\d\\ne:f");
        let mut lines = Lines(String::new());
        let long = "é🛶x".repeat(60);
        lines.put("SUMMARY", &long);
        assert!(lines.0.split("\r\n").all(|line| line.len() <= 75), "{}", lines.0);
        assert_eq!(lines.0.replace("\r\n ", ""), format!("SUMMARY:{long}\r\n"));
        let mut lines = Lines(String::new());
        lines.put("A", &"b".repeat(73));
        assert_eq!(lines.0.matches("\r\n").count(), 1);
    }
}
