//! The passing of time: polls and surveys that are over are counted and published, each once, by an
//! operation like any other.

use std::sync::Arc;
use std::time::Duration;

use domain::authority::Actor;
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Hash, OpId, Salt};
use domain::operations::{Action, Count, Kind, Operation, PublishResults, seal};
use domain::phases::DEFAULT_GRACE;
use domain::ports::{Clock, Journal, PortError, Random, Submission};
use domain::receipts::{Outcome, PushResult};
use domain::records::{DueAt, Record};
use domain::rules::asked::due_key;

use crate::failure::Failure;
use crate::places;
use crate::system::SystemRandom;

const MINUTE: Duration = Duration::from_secs(60);

/// Does what is due at the start and then every minute, until it is stopped.
pub async fn keep(journal: Arc<dyn Journal>, clock: Arc<dyn Clock>) {
    loop {
        match settle(&*journal, &*clock).await {
            Ok(0) => {}
            Ok(done) => tracing::info!(done, "counted or published what was over"),
            Err(error) => {
                tracing::warn!(%error, "what is over could not be counted; trying again in a minute")
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
            let Some(submission) = submission(&place.id, &one, clock)? else { continue };
            let results = journal.append(vec![submission]).await?;
            let accepted = results.iter().all(|result| match result {
                PushResult::Receipt(signed) => {
                    signed.read().is_some_and(|receipt| receipt.outcome == Outcome::Accepted)
                }
                _ => false,
            });
            if accepted {
                done += 1;
            } else {
                tracing::warn!(record = %one.record, "what is over was not counted");
            }
        }
    }
    Ok(done)
}

/// The operation that does it. Its name follows from what it is about: it is stored once, however
/// often it is tried.
fn submission(
    community: &CommunityId,
    due: &DueAt,
    clock: &dyn Clock,
) -> Result<Option<Submission>, PortError> {
    let (consultation, record) = (due.consultation, due.record);
    let action = match due.act {
        Kind::Count => Action::Count(Count { consultation, poll: record }),
        Kind::PublishResults => Action::PublishResults(PublishResults { consultation, survey: record }),
        _ => return Ok(None),
    };
    let Ok(job) = due.act.name().replace('_', "-").parse() else { return Ok(None) };
    let mut op = OpId([0; 16]);
    op.0.copy_from_slice(&Hash::tagged("rabaska/system/op", &record.0).0[..16]);
    let mut salt = Salt([0; 32]);
    SystemRandom.fill(&mut salt.0)?;
    let body = seal(salt, clock.now(), Vec::new(), &action)
        .map_err(|error| PortError::Unavailable(error.to_string()))?;
    let author = Author::System { job };
    let envelope =
        Envelope { op, author, community: community.clone(), stream: None, proof: Proof::Session, body };
    let operation =
        Operation::decode(&envelope).map_err(|error| PortError::Unavailable(error.to_string()))?;
    Ok(Some(Submission { envelope, operation, actor: Actor::System, receipt: None }))
}
