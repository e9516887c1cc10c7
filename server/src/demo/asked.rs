//! The demonstration's polls and surveys, and the ballots of those that are over.

use domain::operations::{Action, Cast, OpenPoll, OpenSurvey};
use domain::time::{DAY, HOUR, Millis};

use super::files::{self, damaged};
use super::seed::{Act, Opened, clerk, known, record, somebody};
use crate::failure::Failure;
use crate::import::people::Added;

/// Adds what opens them, and what people say.
pub fn asked(added: &[Added], opened: &Opened, now: Millis, acts: &mut Vec<Act>) -> Result<(), Failure> {
    for (number, it) in files::asked()?.into_iter().enumerate() {
        let (community, consultation) = known(opened, &it.consultation)?;
        let at = now.plus(-it.written_days_ago * DAY);
        let (opens_at, closes_at) = (at, now.plus(it.closes_in_days * DAY));
        let action = match (it.poll, it.survey) {
            (Some(poll), None) => Action::OpenPoll(OpenPoll {
                consultation,
                question: poll.question,
                text: poll.text,
                choices: poll.choices,
                method: poll.method,
                grades: poll.grades,
                opens_at,
                closes_at,
            }),
            (None, Some(it)) => {
                let (title, survey) = (it.title, it.survey);
                Action::OpenSurvey(OpenSurvey { consultation, title, survey, opens_at, closes_at })
            }
            _ => return Err(damaged("neither a poll nor a survey, or both")),
        };
        let who = clerk(added, &community)?;
        let first = Act {
            at,
            key: format!("asked/{number}"),
            who,
            community: community.clone(),
            blobs: vec![],
            action,
        };
        let poll = record(&first);
        for (place, (person, ballot)) in it.ballots.into_iter().enumerate() {
            let who = somebody(added, person)?;
            let action = Action::Cast(Cast { consultation, poll, ballot });
            acts.push(Act {
                at: at.plus(DAY + place as i64 * HOUR),
                key: format!("asked/{number}/{place}"),
                who,
                community: community.clone(),
                blobs: vec![],
                action,
            });
        }
        acts.push(first);
    }
    Ok(())
}
