//! The demonstration's texts, and what people propose to change in them.

use domain::operations::{Action, Amend, NewParagraph, PublishText};
use domain::time::{DAY, Millis};

use super::files::{self, damaged};
use super::seed::{Act, Opened, clerk, known, record, somebody};
use crate::failure::Failure;
use crate::import::people::Added;

/// Adds what publishes them, and the amendments.
pub fn texts(added: &[Added], opened: &Opened, now: Millis, acts: &mut Vec<Act>) -> Result<(), Failure> {
    for (number, it) in files::texts()?.into_iter().enumerate() {
        let (community, consultation) = known(opened, &it.consultation)?;
        let at = now.plus(-it.written_days_ago * DAY);
        let act =
            |at, key, who, action| Act { at, key, who, community: community.clone(), blobs: vec![], action };
        let paragraphs =
            it.paragraphs.iter().cloned().map(|words| NewParagraph { was: None, words }).collect();
        let publish = PublishText { consultation, replaces: None, title: it.title, paragraphs };
        let who = clerk(added, &community)?;
        let first = act(at, format!("text/{number}"), who, Action::PublishText(publish));
        let text = record(&first);
        for (place, amendment) in it.amendments.into_iter().enumerate() {
            let files::Amendment { person, paragraph, language: lang, wording, reason, days_after } =
                amendment;
            let words = (1..).zip(&it.paragraphs).find(|(known, _)| *known == paragraph);
            let quote = words.and_then(|(_, words)| words.iter().find(|(known, _)| **known == lang));
            let quote = quote.ok_or_else(|| damaged("an unknown paragraph"))?.1.clone();
            let amend = Amend { consultation, text, paragraph, lang, quote, wording: Some(wording), reason };
            let (at, who) = (at.plus(days_after * DAY), somebody(added, person)?);
            acts.push(act(at, format!("amendment {place}/{number}"), who, Action::Amend(amend)));
        }
        acts.push(first);
    }
    Ok(())
}
