//! The demonstration's polls and surveys, and the ballots of those that are over.

use domain::ids::Hash;
use domain::operations::{Act as Said, Action, Cast, Consent, Enter, OpenPoll, OpenSurvey, Respond, Way};
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
        let office = clerk(added, &community)?;
        // Of a shared consultation, each office types in what it received.
        let mut forms = Vec::new();
        for papers in it.papers {
            let office = papers.community.map_or_else(|| Ok(office.clone()), |other| clerk(added, &other))?;
            forms.extend(std::iter::repeat_n((office, papers.answers), papers.times));
        }
        let first = Act {
            at,
            key: format!("asked/{number}"),
            who: office.clone(),
            community: community.clone(),
            blobs: vec![],
            action,
        };
        let asked = record(&first);
        let by = |person, action| Ok::<_, Failure>((somebody(added, person)?, action));
        let cast = |(person, ballot)| by(person, Action::Cast(Cast { consultation, poll: asked, ballot }));
        let respond = |answers| Respond { consultation, survey: asked, answers };
        let own = |(person, answers)| by(person, Action::Respond(respond(answers)));
        let entered = |(place, (office, answers)): (usize, _)| {
            let slip = Hash::tagged("rabaska/demo/slip", format!("{number}/{place}").as_bytes());
            let act = Said::Respond(respond(answers));
            let enter = Enter { act, way: Way::Paper, consent: Consent::Signed, slip };
            Ok((office, Action::Enter(enter)))
        };
        let said = it.ballots.into_iter().map(cast).chain(it.responses.into_iter().map(own));
        let said = said.chain(forms.into_iter().enumerate().map(entered));
        for (place, said) in said.enumerate() {
            let (who, action) = said?;
            // Of a shared consultation, each takes part where they live.
            let home = who.memberships.first().map(|it| it.community.clone());
            acts.push(Act {
                at: at.plus(DAY + place as i64 * HOUR),
                key: format!("asked/{number}/{place}"),
                who,
                community: home.unwrap_or_else(|| community.clone()),
                blobs: vec![],
                action,
            });
        }
        acts.push(first);
    }
    Ok(())
}
