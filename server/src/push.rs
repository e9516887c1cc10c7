//! Pushed envelopes: decoded one by one, their authors established, and those that remain
//! handed to the journal together.

use std::sync::Arc;

use app::api::ports::Pushing;
use app::api::{ApiError, ErrorCode};
use async_trait::async_trait;
use domain::authority::{Actor, Person};
use domain::envelope::{Envelope, PUSH_MAX, Proof};
use domain::operations::{DecodeError, Operation};
use domain::ports::{Identity, Journal, PortError, Submission};
use domain::receipts::{PushResult, SignedReceipt};
use serde_json::value::RawValue;

use crate::http::LATER;

/// Takes envelopes for the journal.
#[derive(Clone)]
pub struct Push {
    journal: Arc<dyn Journal>,
    identity: Arc<dyn Identity>,
}

/// What becomes of one envelope before any rule is asked.
enum Examined {
    Kept(Box<Submission>),
    Settled(PushResult),
    /// Nobody is signed in, and nothing else proves the author.
    Unproved,
}

impl Push {
    /// With the ports it needs.
    pub fn new(journal: Arc<dyn Journal>, identity: Arc<dyn Identity>) -> Self {
        Self { journal, identity }
    }

    async fn examine(&self, person: Option<&Person>, text: Box<RawValue>) -> Result<Examined, PortError> {
        let Ok(envelope) = serde_json::from_str::<Envelope>(text.get()) else {
            let settled = PushResult::Invalid { reason: "unexpected shape".to_owned() };
            return Ok(person.map_or(Examined::Unproved, |_| Examined::Settled(settled)));
        };
        let receipt = self.verified(&envelope);
        let own = person.filter(|person| envelope.author.person() == Some(&person.id));
        let actor = match (own, &receipt, envelope.author.person()) {
            (Some(person), ..) => Some(person.clone()),
            (None, Some(_), Some(author)) => self.identity.person(author).await?,
            _ => None,
        };
        let Some(actor) = actor else {
            let answered = person.is_some() || receipt.is_some();
            return Ok(if answered { Examined::Settled(PushResult::NotYours) } else { Examined::Unproved });
        };
        if matches!(envelope.proof, Proof::Device { .. }) {
            return Ok(Examined::Settled(PushResult::Unsupported));
        }
        Ok(match Operation::decode(&envelope) {
            Ok(operation) => {
                let actor = Actor::Person(actor);
                Examined::Kept(Box::new(Submission { envelope, operation, actor, receipt }))
            }
            Err(DecodeError::Unsupported) => Examined::Settled(PushResult::Unsupported),
            Err(DecodeError::Invalid(reason)) => Examined::Settled(PushResult::Invalid { reason }),
        })
    }

    /// The receipt that comes along, when the server itself signed it for exactly this.
    fn verified(&self, envelope: &Envelope) -> Option<SignedReceipt> {
        let Proof::Receipt(signed) = &envelope.proof else { return None };
        let receipt = signed.read()?;
        let fits = receipt.entry == envelope.entry()
            && receipt.op == envelope.op
            && receipt.hash == envelope.hash()
            && receipt.community == envelope.community;
        (fits && self.journal.verifies(signed)).then(|| signed.clone())
    }
}

#[async_trait]
impl Pushing for Push {
    async fn push(
        &self,
        token: Option<&str>,
        envelopes: Vec<Box<RawValue>>,
    ) -> Result<Vec<PushResult>, ApiError> {
        if envelopes.len() > PUSH_MAX {
            return Err(ErrorCode::Invalid.into());
        }
        let person = match token {
            Some(token) => self.identity.session(token).await.map_err(logged)?,
            None => None,
        };
        let mut results = Vec::with_capacity(envelopes.len());
        let mut kept = Vec::new();
        for text in envelopes {
            match self.examine(person.as_ref(), text).await.map_err(logged)? {
                Examined::Unproved => return Err(ErrorCode::SignInNeeded.into()),
                Examined::Settled(result) => results.push(Some(result)),
                Examined::Kept(submission) => {
                    results.push(None);
                    kept.push(*submission);
                }
            }
        }
        let decided = match kept.is_empty() {
            true => Vec::new(),
            false => self.journal.append(kept).await.map_err(logged)?,
        };
        // None of it fits into the day: the device keeps it all and is told when to come back.
        let full = |result: &PushResult| *result == PushResult::Unavailable;
        if results.iter().all(Option::is_none) && !decided.is_empty() && decided.iter().all(full) {
            return Err(ApiError { code: ErrorCode::Slowed, retry_after: Some(LATER) });
        }
        let mut decided = decided.into_iter();
        let answered =
            |result: Option<_>| result.or_else(|| decided.next()).unwrap_or(PushResult::Unavailable);
        Ok(results.into_iter().map(answered).collect())
    }
}

fn logged(error: PortError) -> ApiError {
    tracing::error!(%error, "a push failed");
    error.into()
}
