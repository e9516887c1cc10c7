//! The passing of time: polls and surveys that are over are counted and published, and what an office forwards or
//! shares is brought to the other community, each once, by operations like any other.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use domain::authority::Actor;
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Hash, OpId, RecordId, Salt};
use domain::operations::{
    Action, ConfirmDelivery, Count, Deliver, Kind, Operation, PublishResults, Share, seal,
};
use domain::phases::DEFAULT_GRACE;
use domain::ports::{Clock, Journal, PortError, Submission};
use domain::receipts::{Outcome, PushResult};
use domain::records::{DueAt, Record};
use domain::rules::asked::due_key;
use domain::scopes::Key;
use domain::text::Localized;
use domain::time::Millis;

use crate::failure::Failure;
use crate::places;

const MINUTE: Duration = Duration::from_secs(60);

/// Does what is due at the start and then every minute, until it is stopped.
pub async fn keep(journal: Arc<dyn Journal>, clock: Arc<dyn Clock>) {
    loop {
        match settle(&*journal, &*clock).await {
            Ok(0) => {}
            Ok(done) => tracing::info!(done, "did what was due"),
            Err(error) => {
                tracing::warn!(%error, "what is due could not be done; trying again in a minute")
            }
        }
        tokio::time::sleep(MINUTE).await;
    }
}

/// Does what is due by now: how much that was.
pub async fn settle(journal: &dyn Journal, clock: &dyn Clock) -> Result<usize, Failure> {
    let now = clock.now();
    // Devices offer again what a restore lost: what is counted before they did would be too little.
    if journal.restored_at().is_some_and(|at| now < at.plus(DEFAULT_GRACE)) {
        return Ok(0);
    }
    let mut done = 0;
    for place in places::communities(journal).await? {
        let Some(Record::Due(due)) = journal.record(&due_key(&place.id)).await? else { continue };
        for one in due.all.into_iter().filter(|one| one.at <= now) {
            let settled = match one.act {
                Kind::Share => shared(journal, &place.id, &one).await?,
                Kind::Deliver => forwarded(journal, &place.id, &one).await?,
                _ => over(journal, &place.id, &one).await?,
            };
            if settled {
                done += 1;
            } else {
                tracing::warn!(record = %one.record, act = one.act.name(), "what is due could not be done");
            }
        }
    }
    Ok(done)
}

/// Counts or publishes what is over.
async fn over(journal: &dyn Journal, community: &CommunityId, due: &DueAt) -> Result<bool, Failure> {
    let (consultation, record) = (due.consultation, due.record);
    let action = match due.act {
        Kind::Count => Action::Count(Count { consultation, poll: record }),
        Kind::PublishResults => Action::PublishResults(PublishResults { consultation, survey: record }),
        _ => return Ok(false),
    };
    let (_, outcome) = act(journal, community, due, &action).await?;
    Ok(outcome == Some(Outcome::Accepted))
}

/// Delivers what was forwarded, then says so where it came from. Either may be tried again.
async fn forwarded(journal: &dyn Journal, from: &CommunityId, due: &DueAt) -> Result<bool, Failure> {
    let (consultation, record) = (due.consultation, due.record);
    let to = match journal.record(&Key::inside(from, consultation, record)).await? {
        Some(Record::Contribution(it)) => it.forwarded.map(|forwarded| forwarded.to),
        _ => None,
    };
    // What was taken back or hidden meanwhile goes nowhere.
    let mut arrived = None;
    if let Some(to) = to {
        let (title, summary) = (said(TITLE)?, said(SUMMARY)?);
        let deliver = Action::Deliver(Deliver { from: from.clone(), consultation, record, title, summary });
        match act(journal, &to, due, &deliver).await? {
            (_, None) => return Ok(false),
            (id, Some(outcome)) => arrived = (outcome == Outcome::Accepted).then_some(id),
        }
    }
    let confirm = Action::ConfirmDelivery(ConfirmDelivery { consultation, record, arrived });
    let (_, outcome) = act(journal, from, due, &confirm).await?;
    Ok(outcome == Some(Outcome::Accepted))
}

/// Brings an invitation, a poll or a survey to the communities that share a consultation. A refusal is an answer
/// too: they joined before it came, or have not joined.
async fn shared(journal: &dyn Journal, from: &CommunityId, due: &DueAt) -> Result<bool, Failure> {
    let (consultation, record) = (due.consultation, due.record);
    let with = match journal.record(&Key::consultation(from, consultation)).await? {
        Some(Record::Consultation(it)) => it.shared_with,
        _ => Vec::new(),
    };
    for to in &with {
        let share = Action::Share(Share { from: from.clone(), consultation, record });
        if let (_, None) = act(journal, to, due, &share).await? {
            return Ok(false);
        }
    }
    let confirm = Action::ConfirmDelivery(ConfirmDelivery { consultation, record, arrived: None });
    let (_, outcome) = act(journal, from, due, &confirm).await?;
    Ok(outcome == Some(Outcome::Accepted))
}

/// What a community's letterbox is called, and says of itself.
const TITLE: [(&str, &str); 2] =
    [("fr", "Transmis par d’autres communautés"), ("en", "Passed on by other communities")];
const SUMMARY: [(&str, &str); 2] = [
    (
        "fr",
        "Ce que des gens ont proposé ailleurs et qui nous revient. Chaque proposition reste aussi là où elle a \
         été faite; son auteur est averti de ce qu’on y répond ici.",
    ),
    (
        "en",
        "What people proposed elsewhere and is ours to answer. Each proposal also stays where it was made; its \
         author is told what is answered here.",
    ),
];

fn said<T: FromStr>(words: [(&str, &str); 2]) -> Result<Localized<T>, PortError> {
    let said = words.map(|(lang, text)| Some((lang.parse().ok()?, text.parse().ok()?)));
    let said = said.into_iter().collect::<Option<Vec<_>>>().and_then(|said| Localized::new(said).ok());
    said.ok_or_else(|| PortError::Unavailable("words of our own".to_owned()))
}

/// Does something by an operation whose name follows from what it is about: it is stored once, however often it
/// is tried. Its record, and what was decided; none when it waits for something.
async fn act(
    journal: &dyn Journal,
    community: &CommunityId,
    due: &DueAt,
    action: &Action,
) -> Result<(RecordId, Option<Outcome>), Failure> {
    let submission = submission(community, due.record, action, due.at)?;
    let id = submission.operation.record();
    let results = journal.append(vec![submission]).await?;
    let outcome = results.first().and_then(|result| match result {
        PushResult::Receipt(signed) => Some(signed.read()?.outcome),
        _ => None,
    });
    Ok((id, outcome))
}

fn submission(
    community: &CommunityId,
    record: RecordId,
    action: &Action,
    at: Millis,
) -> Result<Submission, PortError> {
    let unavailable = |error: String| PortError::Unavailable(error);
    let job = action.kind().name().replace('_', "-").parse();
    let job = job.map_err(|_| unavailable("the name of a job".to_owned()))?;
    let name = [community.as_str().as_bytes(), &[0], &record.0].concat();
    let mut op = OpId([0; 16]);
    op.0.copy_from_slice(&Hash::tagged("rabaska/system/op", &name).0[..16]);
    // The same bytes each time: what was stored before its answer got lost is the same operation. Nothing in it is
    // secret.
    let salt = Salt(Hash::tagged("rabaska/system/salt", &name).0);
    let body = seal(salt, at, Vec::new(), action).map_err(|error| unavailable(error.to_string()))?;
    let author = Author::System { job };
    let envelope =
        Envelope { op, author, community: community.clone(), stream: None, proof: Proof::Session, body };
    let operation = Operation::decode(&envelope).map_err(|error| unavailable(error.to_string()))?;
    Ok(Submission { envelope, operation, actor: Actor::System, receipt: None })
}
