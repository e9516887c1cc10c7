//! Everything in one JSON document, written consultation by consultation.

use std::collections::HashMap;

use domain::ids::RecordId;
use domain::operations::Progress;
use domain::phases::Form;
use domain::ports::Journal;
use domain::records::{Commitment, Consultation, Contribution, Document, Record, Step};
use domain::sectors::{Sector, Spot};
use serde_json::{Value, json};

use super::asking::{self, Polled, Surveyed};
use super::out::Out;
use super::tables::{document_address, form, moderation, moved_to, spelled, state, tagged, texts};
use super::{Asked, Broken, read, times};

/// Writes it.
pub async fn write(asked: &Asked, journal: &dyn Journal, out: &mut Out) -> Result<(), Broken> {
    let own = &asked.public.own;
    let head = json!({ "place": own.place, "subjects": own.subjects, "rules": own.rules });
    out.put(format!("{{\"format\":\"rabaska-export/1\",\"community\":{head},\"consultations\":[").as_bytes())
        .await?;
    let asking = asking::read(journal, &asked.public).await?;
    for (at, it) in asked.public.consultations.iter().enumerate() {
        let scope = asked.public.scope(it);
        let open = consultation(it).to_string();
        // The object stays open for its lists.
        let open = open.strip_suffix('}').unwrap_or(&open);
        let comma = if at > 0 { "," } else { "" };
        out.put(format!("{comma}{open},\"contributions\":").as_bytes()).await?;
        let supports = match it.takes.contains(&Form::Support) {
            true => Some(read::supports(journal, &scope).await?),
            false => None,
        };
        let said = read::gather(journal, &scope, |_, record| match record {
            Record::Contribution(one) => {
                Some((one.week.monday().0, contribution(one, it, supports.as_ref()).to_string()))
            }
            _ => None,
        });
        list(said.await?, out).await?;
        out.put(b",\"hidings\":").await?;
        let hidden = read::gather(journal, &scope, |name, record| match record {
            Record::Hiding(one) => {
                let (record, week) = (name.strip_prefix("hiding-")?, one.week.monday());
                let said = json!({
                    "record": record, "rule": one.rule, "week": times::day(week), "form": moderation::form(one), "state": one.state
                });
                Some((week.0, said.to_string()))
            }
            _ => None,
        });
        list(hidden.await?, out).await?;
        out.put(b",\"documents\":").await?;
        let attached = read::gather(journal, &scope, |_, record| match record {
            Record::Document(one) => Some((one.added_at.0, document(one, &asked.home).to_string())),
            _ => None,
        });
        list(attached.await?, out).await?;
        out.put(b",\"texts\":").await?;
        let texts = read::gather(journal, &scope, |_, record| match record {
            Record::PublishedText(one) => Some((one.published_at.0, texts::told(one).to_string())),
            _ => None,
        });
        list(texts.await?, out).await?;
        out.put(b",\"polls\":").await?;
        list(asking.polls_of(it.id).map(|one| poll(one).to_string()).collect(), out).await?;
        out.put(b",\"surveys\":").await?;
        list(asking.surveys_of(it.id).map(|one| survey(one).to_string()).collect(), out).await?;
        out.put(b",\"commitments\":").await?;
        list(asking.commitments_of(it.id).map(|one| commitment(one).to_string()).collect(), out).await?;
        out.put(b"}").await?;
    }
    out.put(b"]}").await
}

async fn list(items: Vec<String>, out: &mut Out) -> Result<(), Broken> {
    out.put(b"[").await?;
    for (at, item) in items.into_iter().enumerate() {
        if at > 0 {
            out.put(b",").await?;
        }
        out.put(item.as_bytes()).await?;
    }
    out.put(b"]").await
}

fn consultation(it: &Consultation) -> Value {
    let phases: Vec<_> = it
        .phases
        .iter()
        .filter(|_| !it.is_letterbox())
        .map(|period| {
            json!({
                "phase": period.phase, "from": times::instant(period.from), "until": times::instant(period.until)
            })
        })
        .collect();
    json!({
        "id": it.id, "title": it.title, "summary": it.summary, "opened_at": times::instant(it.opened_at),
        "phases": phases, "takes": it.takes, "shared_with": it.shared_with, "ends_at": read::ends_at(it).map(times::instant),
        "closed_at": it.closed_at.map(times::instant), "answer_by": it.answer_by.map(times::instant),
        "conclusion": it.conclusion.as_ref().map(|it| {
            json!({ "text": it.text, "concluded_at": times::instant(it.at), "uses": it.uses })
        }),
        "decided_by": it.decided_by, "used_for": it.used_for, "source": it.source,
        "adapted_from": it.adapted_from, "fictitious": it.fictitious,
    })
}

fn step(it: &Step) -> Value {
    let mut said = json!({ "progress": tagged(&it.progress), "on": times::day(it.at) });
    match &it.progress {
        Progress::OnAgenda(day) => said["agenda_on"] = json!(times::day(*day)),
        Progress::Declined(why) => said["declined"] = json!(why),
        _ => {}
    }
    said
}

fn document(it: &Document, home: &str) -> Value {
    json!({
        "id": it.id, "title": it.title, "file": it.file, "bytes": it.size,
        "address": document_address(it, home), "added_at": times::instant(it.added_at),
        "removed_at": it.removed_at.map(times::instant),
    })
}

/// Results stand as in the protocol: places of choices and grades count from 0.
fn poll(Polled { poll, result }: &Polled) -> Value {
    json!({
        "id": poll.id, "question": poll.question, "text": poll.text, "method": poll.method,
        "opens_at": times::instant(poll.open.from), "closes_at": times::instant(poll.open.until),
        "choices": poll.choices, "grades": poll.grades, "result": result,
    })
}

fn survey(Surveyed { it, survey, results }: &Surveyed) -> Value {
    json!({
        "id": it.id, "title": it.title, "survey": survey, "opens_at": times::instant(it.open.from),
        "closes_at": times::instant(it.open.until), "results": results,
    })
}

fn commitment(it: &Commitment) -> Value {
    let log = it.log.iter().map(|report| {
        json!({
            "text": report.text, "state": tagged(&report.state), "moved_to": moved_to(report.state),
            "reported_at": times::instant(report.at),
        })
    });
    json!({
        "id": it.id, "text": it.text, "owner": it.owner, "made_at": times::instant(it.made_at),
        "promised": times::instant(it.promised), "due": times::instant(it.due()), "state": state(it),
        "follows": it.follows, "log": log.collect::<Vec<_>>(),
    })
}

/// The middle of the sector as numbers, as in the table.
fn place(it: &Spot) -> Value {
    let (lat, lon) = it.sector.map(Sector::degrees).unzip();
    let number = |degrees: Option<String>| degrees.and_then(|text| text.parse::<f64>().ok());
    json!({ "latitude": number(lat), "longitude": number(lon), "words": it.words })
}

fn contribution(
    it: &Contribution,
    consultation: &Consultation,
    supports: Option<&HashMap<RecordId, u64>>,
) -> Value {
    let (proposal, comment) = (it.proposal(), it.comment());
    let mut said = json!({
        "id": it.id, "form": form(it), "text": it.text(), "week": times::day(it.week.monday()),
        "signed": it.signed, "home": it.home,
        "answer": it.answer.as_ref().map(|it| json!({ "text": it.text, "answered_at": times::instant(it.at) })),
        "step": asking::step(it).map(step), "merged_into": it.merged_into,
        "forwarded": it.forwarded.as_ref().map(|it| {
            json!({ "to": it.to, "forwarded_on": times::day(it.at), "arrived": it.arrived })
        }),
        "forwarded_from": it.forwarded_from,
        "source": read::source(consultation, it),
    });
    if let Some(proposal) = proposal {
        said["title"] = json!(proposal.title);
        said["subject"] = json!(proposal.subject);
        said["photos"] = json!(proposal.photos);
        said["place"] = json!(proposal.place.as_ref().map(place));
    }
    if let Some(amendment) = it.amendment() {
        said["amends"] = json!(amendment.text);
        said["paragraph"] = json!(amendment.paragraph);
        said["amended_language"] = json!(amendment.lang);
        said["quote"] = json!(amendment.quote);
        said["wording"] = json!(amendment.wording);
    }
    if it.is_discussed() {
        // Null is “fewer than 5”; nothing at all where support is not asked for.
        if let Some(counts) = supports {
            said["supports"] = json!(counts.get(&it.id));
        }
    }
    if let Some(comment) = comment {
        said["on"] = json!(comment.on);
        said["stance"] = json!(spelled(&comment.stance));
    }
    said
}
