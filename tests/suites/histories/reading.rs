//! What the server holds in the end, as it is pulled or, where nobody may, read.

use std::collections::BTreeMap;

use domain::ids::{CommunityId, RecordId};
use domain::operations::Kind;
use domain::ports::{From, Journal};
use domain::records::{CastBallot, Contribution, DueAt, Record, Respondent};
use domain::rules::asked::due_key;
use domain::rules::forwarding::letterbox;
use domain::scopes::{Key, Page, Scope};

use crate::village::{Village, laforce, moffet};

/// What a scope tells.
#[derive(Default)]
pub struct Told {
    /// Its records by their names.
    pub records: BTreeMap<String, Record>,
    /// All of it, as it is sent.
    pub text: String,
}

impl Told {
    pub fn contributions(&self) -> impl Iterator<Item = &Contribution> {
        self.records.values().filter_map(|record| match record {
            Record::Contribution(it) => Some(it),
            _ => None,
        })
    }
}

impl Village {
    /// What a scope tells of what changed since.
    pub async fn told(&self, scope: &Scope, since: u64) -> Told {
        let (mut told, mut cursor) = (Told::default(), since);
        loop {
            let page = self.store().pull(scope, None, From::After(cursor), 500).await.unwrap();
            told.text.push_str(std::str::from_utf8(&page.json).unwrap());
            let page: Page<Record> = serde_json::from_slice(&page.json).unwrap();
            let held = page.rows.into_iter().filter_map(|row| Some((row.name, row.record?)));
            told.records.extend(held);
            cursor = page.cursor;
            if !page.more {
                return told;
            }
        }
    }

    /// One record, whoever may see it.
    pub async fn record(&self, key: &Key) -> Option<Record> {
        self.store().record(key).await.unwrap()
    }

    async fn contribution(&self, record: RecordId) -> Option<Contribution> {
        match self.record(&Key::inside(&laforce(), self.consultation, record)).await {
            Some(Record::Contribution(it)) => Some(it),
            _ => None,
        }
    }

    /// What arrived in Moffet: what it was, and what it is there.
    pub async fn arrived(&self) -> Vec<(RecordId, RecordId)> {
        let there = self.told(&Scope::Consultation(moffet(), letterbox(&moffet())), 0).await;
        there.contributions().filter_map(|it| Some((it.forwarded_from.as_ref()?.record, it.id))).collect()
    }

    /// What a proposal is said to be there.
    pub async fn forwarded_to(&self, record: RecordId) -> Option<RecordId> {
        self.contribution(record).await?.forwarded?.arrived
    }

    /// Where somebody who took part here is from, when it is elsewhere.
    pub async fn home_of(&self, record: RecordId) -> Option<CommunityId> {
        self.contribution(record).await?.home
    }

    /// What is to be brought across and was not yet.
    pub async fn due(&self) -> Vec<DueAt> {
        let mut all = Vec::new();
        for community in [laforce(), moffet()] {
            if let Some(Record::Due(due)) = self.record(&due_key(&community)).await {
                let across = |due: &DueAt| !matches!(due.act, Kind::Count | Kind::PublishResults);
                all.extend(due.all.into_iter().filter(across));
            }
        }
        all
    }

    /// Whether something lies in Moffet.
    pub async fn lies(&self, what: Lies) -> bool {
        let key = match what {
            Lies::Consultation(id) => Key::consultation(&moffet(), id),
            Lies::Invitation(id) => Key { scope: Scope::Desk(moffet()), name: format!("invitation-{id}") },
        };
        self.record(&key).await.is_some()
    }

    /// The ballots that are in a community's box.
    pub async fn ballots(&self, community: &CommunityId, poll: RecordId) -> Vec<CastBallot> {
        match self.record(&sealed(community, format!("ballots-{poll}"))).await {
            Some(Record::BallotBox(held)) => held.ballots,
            _ => Vec::new(),
        }
    }

    /// Who answered a survey.
    pub async fn respondents(&self, survey: RecordId) -> Vec<Respondent> {
        match self.record(&respondents_key(&laforce(), survey)).await {
            Some(Record::Respondents(held)) => held.people,
            _ => Vec::new(),
        }
    }
}

fn sealed(community: &CommunityId, name: String) -> Key {
    Key { scope: Scope::Sealed(community.clone()), name }
}

/// Where it lies whose answers are whose.
pub fn respondents_key(community: &CommunityId, survey: RecordId) -> Key {
    sealed(community, format!("respondents-{survey}"))
}

/// What may lie in the other community.
pub enum Lies {
    Consultation(RecordId),
    Invitation(RecordId),
}
