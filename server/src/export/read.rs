//! Reading what is public, page by page.

use std::collections::{BTreeSet, HashMap};

use domain::ids::{CommunityId, RecordId};
use domain::operations::Source;
use domain::ports::{From, Journal, PortError};
use domain::records::{Community, Consultation, Contribution, Record, SignedAs};
use domain::scopes::{PAGE_MAX, Page, Scope};
use domain::text::Lang;
use domain::time::Millis;

/// When the last thing that a consultation asks for closes; a letterbox never does.
pub fn ends_at(it: &Consultation) -> Option<Millis> {
    (!it.is_letterbox()).then(|| it.ends_at())
}

/// A community's own record and its consultations, or one of them.
pub struct Public {
    /// The community with its lists.
    pub own: Community,
    /// In the order in which they were opened.
    pub consultations: Vec<Consultation>,
    /// Whether only one was asked for.
    pub one: bool,
}

impl Public {
    /// None when there is no such community, or no such consultation in it.
    pub async fn read(
        journal: &dyn Journal,
        community: &CommunityId,
        one: Option<RecordId>,
    ) -> Result<Option<Self>, PortError> {
        let (mut own, mut consultations) = (None, HashMap::new());
        each(journal, &Scope::Community(community.clone()), |name, record| match record {
            Some(Record::Community(found)) => own = Some(found),
            Some(Record::Consultation(found)) => drop(consultations.insert(name.to_owned(), found)),
            _ => drop(consultations.remove(name)),
        })
        .await?;
        let mut consultations: Vec<_> = consultations.into_values().collect();
        consultations.retain(|it| one.is_none_or(|one| it.id == one));
        consultations.sort_by_key(|it| (it.opened_at, it.id));
        let missing = one.is_some() && consultations.is_empty();
        Ok(own.filter(|_| !missing).map(|own| Self { own, consultations, one: one.is_some() }))
    }

    /// Its community.
    pub fn id(&self) -> &CommunityId {
        &self.own.place.id
    }

    /// Where the contributions to a consultation lie.
    pub fn scope(&self, consultation: &Consultation) -> Scope {
        Scope::Consultation(self.id().clone(), consultation.id)
    }

    /// The languages in which something is said: the community's own, its first first, then the
    /// others of its consultations.
    pub fn languages(&self) -> Vec<Lang> {
        let mut said = BTreeSet::new();
        for it in &self.consultations {
            said.extend(it.title.iter().map(|(lang, _)| lang.clone()));
            said.extend(it.summary.iter().map(|(lang, _)| lang.clone()));
            for text in [&it.decided_by, &it.used_for].into_iter().flatten() {
                said.extend(text.iter().map(|(lang, _)| lang.clone()));
            }
            said.extend(it.source.iter().flat_map(|it| it.attribution.iter()).map(|(lang, _)| lang.clone()));
        }
        let mut all: Vec<Lang> = Vec::new();
        for lang in self.own.place.languages.iter().cloned().chain(said) {
            if !all.contains(&lang) {
                all.push(lang);
            }
        }
        all
    }
}

/// Where a contribution was taken from, when it was imported.
pub fn source<'c>(consultation: &'c Consultation, contribution: &Contribution) -> Option<&'c Source> {
    consultation.source.as_ref().filter(|_| contribution.signed == SignedAs::Imported)
}

/// Shows every row of a public scope, oldest change first: one that changes meanwhile comes again,
/// and one that goes comes as none.
pub async fn each(
    journal: &dyn Journal,
    scope: &Scope,
    mut show: impl FnMut(&str, Option<Record>),
) -> Result<(), PortError> {
    debug_assert!(scope.is_public());
    let mut cursor = 0;
    loop {
        let page = journal.pull(scope, None, From::After(cursor), PAGE_MAX).await?;
        let page: Page<Record> =
            serde_json::from_slice(&page.json).map_err(|error| PortError::Damaged(error.to_string()))?;
        if page.resync {
            return Err(PortError::Unavailable("the scope began anew while it was read".to_owned()));
        }
        cursor = page.cursor;
        for row in page.rows {
            show(&row.name, row.record);
        }
        if !page.more {
            return Ok(());
        }
    }
}

/// What is made of the rows of a scope, in the order of rank and name: each is held once, as it
/// will be written. `make` says nothing of rows that are none of its own.
pub async fn gather<T>(
    journal: &dyn Journal,
    scope: &Scope,
    mut make: impl FnMut(&str, &Record) -> Option<(i64, T)>,
) -> Result<Vec<T>, PortError> {
    let mut made: HashMap<String, (i64, T)> = HashMap::new();
    each(journal, scope, |name, record| match record.and_then(|record| make(name, &record)) {
        Some(one) => drop(made.insert(name.to_owned(), one)),
        None => drop(made.remove(name)),
    })
    .await?;
    let mut rows: Vec<_> = made.into_iter().map(|(name, (rank, one))| (rank, name, one)).collect();
    rows.sort_unstable_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    Ok(rows.into_iter().map(|(_, _, one)| one).collect())
}

/// How many support each proposal, where that is public.
pub async fn supports(journal: &dyn Journal, scope: &Scope) -> Result<HashMap<RecordId, u64>, PortError> {
    let counts = gather(journal, scope, |_, record| match record {
        Record::Supports(it) => Some((0, (it.record, it.count))),
        _ => None,
    });
    Ok(counts.await?.into_iter().collect())
}

/// How many comments each proposal has.
pub async fn comments(journal: &dyn Journal, scope: &Scope) -> Result<HashMap<RecordId, u64>, PortError> {
    let on = gather(journal, scope, |_, record| match record {
        Record::Contribution(it) => it.comment().map(|comment| (0, comment.on)),
        _ => None,
    });
    let mut counts = HashMap::new();
    for on in on.await? {
        *counts.entry(on).or_default() += 1;
    }
    Ok(counts)
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use domain::ids::{Entry, Epoch};
    use domain::ports::{PulledPage, Submission};
    use domain::receipts::{PushResult, ReceiptKey, SignedReceipt};
    use domain::rules::Change;
    use domain::scopes::Key;
    use domain::time::Millis;
    use serde_json::{Value, json};

    use super::*;

    /// Pages as they were read one after the other, while somebody wrote.
    struct Script(Mutex<Vec<Value>>);

    #[async_trait]
    impl Journal for Script {
        async fn append(&self, _: Vec<Submission>) -> Result<Vec<PushResult>, PortError> {
            Ok(Vec::new())
        }
        async fn put(&self, _: Vec<Change>) -> Result<(), PortError> {
            Ok(())
        }
        async fn erase(&self, _: &Entry) -> Result<Option<SignedReceipt>, PortError> {
            Ok(None)
        }
        async fn record(&self, _: &Key) -> Result<Option<Record>, PortError> {
            Ok(None)
        }
        fn restored_at(&self) -> Option<Millis> {
            None
        }
        async fn pull(&self, _: &Scope, _: Option<Epoch>, _: From, _: u32) -> Result<PulledPage, PortError> {
            let page = self.0.lock().unwrap().remove(0);
            Ok(PulledPage {
                head: 9,
                epoch: self.epoch(),
                json: page.to_string().into_bytes().into(),
                gzip: None,
            })
        }
        async fn head(&self, _: &Scope) -> Result<u64, PortError> {
            Ok(9)
        }
        fn epoch(&self) -> Epoch {
            Epoch([1; 16])
        }
        fn keys(&self) -> Vec<ReceiptKey> {
            Vec::new()
        }
        fn verifies(&self, _: &SignedReceipt) -> bool {
            false
        }
    }

    fn page(rows: &[(&str, Option<u64>)], more: bool, resync: bool) -> Value {
        let rows: Vec<Value> = rows
            .iter()
            .map(|(name, week)| {
                let record = week.map(|week| json!({ "kind": "hiding", "rule": "off-topic", "week": week }));
                json!({ "name": name, "seq": 1, "record": record })
            })
            .collect();
        json!({ "epoch": Epoch([1; 16]), "head": 9, "cursor": 5, "more": more, "rows": rows, "resync": resync })
    }

    async fn read(pages: Vec<Value>) -> Result<Vec<String>, PortError> {
        let scope = Scope::Consultation("laforce".parse().unwrap(), RecordId([1; 16]));
        gather(&Script(Mutex::new(pages)), &scope, |name, record| match record {
            Record::Hiding(it) => Some((it.week.monday().0, format!("{name}{}", it.week.monday().0))),
            _ => None,
        })
        .await
    }

    #[tokio::test]
    async fn what_changes_while_it_is_read_stands_once_and_what_goes_not_at_all() {
        let first = page(&[("c", Some(7)), ("a", Some(7)), ("b", Some(3))], true, false);
        let second = page(&[("c", None), ("a", Some(8))], false, false);
        assert_eq!(read(vec![first, second]).await.unwrap(), ["b3", "a8"]);
    }

    #[tokio::test]
    async fn a_scope_that_begins_anew_is_not_taken_for_its_end() {
        let pages = vec![page(&[("a", Some(7))], true, false), page(&[], false, true)];
        assert!(read(pages).await.is_err());
    }
}
