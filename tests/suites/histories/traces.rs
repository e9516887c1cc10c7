//! What the acts of an office leave: in public, at the desk, and in the trail of whoever it is about.

use std::fmt::Debug;

use domain::ids::RecordId;
use domain::records::{Contribution, DeskItem, DeskState, PublishedText, Record, Trail, TrailState};
use domain::rules::entering::slip_key;
use domain::rules::flags::flags_key;
use domain::scopes::{Key, Scope};

use crate::asked::judge_asked;
use crate::ledger::{Fate, Ledger, Said, Version, french};
use crate::line::Net;
use crate::reading::Told;
use crate::said::words_in;
use crate::village::{Village, laforce};

pub fn same<T: PartialEq + Debug>(what: &str, of: impl Debug, there: T, expected: T) -> Result<(), String> {
    match there == expected {
        true => Ok(()),
        false => Err(format!("{what} of {of:?} is {there:?}, {expected:?} was said")),
    }
}

/// Each view of each thing is as it was said last.
pub async fn judge_office(net: &Net, ledger: &Ledger, public: &Told) -> Result<(), String> {
    let village = net.village.lock().await;
    let desk = village.told(&Scope::Desk(laforce()), net.setting.desk_since).await;
    let standing = ledger.said.values().filter(|said| said.stands()).count();
    same("the number", "what stands", public.contributions().count(), standing)?;
    for (id, said) in &ledger.said {
        in_public(*id, said, public)?;
        at_the_desk(*id, said, &desk)?;
        let trail = Key::record(Scope::Person(said.by.clone()), *id);
        match village.record(&trail).await {
            Some(Record::Trail(trail)) => to_its_author(said, &trail)?,
            other => return Err(format!("the trail of “{}” is {other:?}", said.words)),
        }
    }
    for (id, log) in &ledger.promises {
        for scope in [public, &desk] {
            let Some(Record::Commitment(there)) = scope.records.get(&id.to_string()) else {
                return Err(format!("{id} was promised, and is not there"));
            };
            let told: Vec<_> = there.log.iter().map(|report| (french(&report.text), report.state)).collect();
            same("the log", id, &told, log)?;
        }
    }
    in_the_text(net, ledger, public)?;
    judge_asked(net, &village, ledger, public, &desk).await?;
    behind_the_slips(&village, ledger).await
}

fn in_public(id: RecordId, said: &Said, public: &Told) -> Result<(), String> {
    let Said { words, shown, .. } = said;
    if !said.stands() || shown != words {
        same("what is still told", words, public.text.contains(words), false)?;
    }
    let Some(there) = public.contributions().find(|it| it.id == id) else {
        return same("the place", words, false, said.stands());
    };
    same("the place", words, true, said.stands())?;
    same("the text", words, words_in(there), shown)?;
    let Contribution { answer, merged, merged_into, .. } = there;
    same("the answer", words, answer.as_ref().map(|it| french(&it.text)), said.answer.clone())?;
    same("what is merged into it", words, merged, &said.merged)?;
    same("what it is merged into", words, *merged_into, said.merged_into)
}

fn at_the_desk(id: RecordId, said: &Said, desk: &Told) -> Result<(), String> {
    let words = &said.words;
    let Some(Record::DeskItem(DeskItem { state, person, contribution, hidden, .. })) =
        desk.records.get(&id.to_string())
    else {
        return Err(format!("“{words}” is not at the desk"));
    };
    let expected = match (&said.hidden, &said.answer) {
        _ if said.withdrawn => DeskState::Withdrawn,
        (Some((_, rule, _)), _) if said.is_hidden() => DeskState::Hidden(rule.clone()),
        _ if said.awaits => DeskState::Awaiting,
        (_, Some(_)) => DeskState::Answered,
        _ => DeskState::New,
    };
    same("the state", words, state, &expected)?;
    same("whose", words, person, &said.by)?;
    // The office's own copy keeps what was written.
    same("the original", words, words_in(contribution), words)?;
    let kept = hidden.as_ref().and_then(|it| it.shown.as_ref()).map(words_in);
    let expected = (said.is_hidden() || said.awaits).then_some(said.shown.as_str());
    same("what may be shown one day", words, kept, expected)?;
    let Some(Record::Flags(flags)) = desk.records.get(&flags_key(&laforce(), id).name) else {
        return same("the flags", words, said.flags.is_empty(), true);
    };
    let mut expected: Vec<(RecordId, bool)> =
        said.flags.values().map(|flag| (*flag, said.kept.contains(flag))).collect();
    expected.sort_unstable();
    same("the flags", words, flags.all.iter().map(|it| (it.flag, it.kept)).collect(), expected)
}

fn to_its_author(said: &Said, trail: &Trail) -> Result<(), String> {
    let words = &said.words;
    let state = match (&said.hidden, &said.answer) {
        _ if said.withdrawn => TrailState::Withdrawn,
        (Some((_, rule, _)), _) if said.is_hidden() => TrailState::Hidden(rule.clone()),
        _ if said.awaits => TrailState::Awaiting,
        (_, Some(_)) => TrailState::Answered,
        _ => TrailState::Received,
    };
    same("the state in the trail", words, &trail.state, &state)?;
    let answer = trail.answer.as_ref().map(|it| french(&it.text));
    same("the answer in the trail", words, answer, said.answer.clone())?;
    same("what it is merged into in the trail", words, trail.merged_into, said.merged_into)?;
    let appeal = trail.appeal.as_ref().map(|it| it.verdict.as_ref().map(|verdict| verdict.restored));
    let expected = match said.hidden.as_ref().map(|(.., fate)| *fate) {
        None | Some(Fate::Hidden) => None,
        Some(Fate::Appealed) => Some(None),
        Some(Fate::Upheld) => Some(Some(false)),
        Some(Fate::ShownAgain) => Some(Some(true)),
    };
    same("the appeal", words, appeal, expected)
}

fn in_the_text(net: &Net, ledger: &Ledger, public: &Told) -> Result<(), String> {
    let id = net.setting.text.unwrap();
    let Some(Record::PublishedText(PublishedText { version, paragraphs, numbered, .. })) =
        public.records.get(&id.to_string())
    else {
        return Err("the text is gone".to_owned());
    };
    let paragraphs = paragraphs.iter().map(|it| (it.id, french(&it.words))).collect();
    let there = Version { number: *version, paragraphs, numbered: *numbered };
    same("the version", id, &there, &ledger.text)
}

/// What was taken back by its code is known to be, and by nothing else.
async fn behind_the_slips(village: &Village, ledger: &Ledger) -> Result<(), String> {
    for (slip, of) in &ledger.slips {
        let there = match village.record(&slip_key(&laforce(), *slip)).await {
            Some(Record::Entered(there)) => Some(there.entry.is_none()),
            _ => None,
        };
        same("what was taken back", slip, there, Some(of.taken))?;
    }
    Ok(())
}
