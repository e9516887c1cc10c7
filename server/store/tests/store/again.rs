//! What was counted, decided and settled after a backup stands again when it is restored, from the log beside it.

use std::path::Path;

use domain::authority::{Actor, Role};
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{OpId, RecordId, Salt};
use domain::operations::{
    Action, Appeal, Cast, Count, DecideAppeal, Hide, OpenPoll, Operation, SettleRules, seal,
};
use domain::ports::{Journal, Submission};
use domain::receipts::{PushResult, SignedReceipt};
use domain::records::{Contribution, Poll, Record};
use domain::scopes::Key;
use domain::tallies::{Ballot, Method};
use domain::time::DAY;
use store::{Options, Place, Restored, Store, check};

use crate::fixture::*;

/// A village whose log of changes lies in a folder.
async fn logged(folder: &Path) -> Village {
    Village::with(|options| Options { backups: Some(folder.to_owned()), ..options }).await
}

/// Two of one moment are refused.
async fn backed_up(village: &Village, folder: &Path) -> store::Backup {
    village.clock.pass(1);
    village.store.backup(folder).await.unwrap()
}

/// A backup restored elsewhere, thirty days later.
async fn restored(village: &Village, from: &Path, to: &Path) -> (Restored, Store) {
    let options = options(&village.clock, 500);
    let restored = store::restore(from, to, false, &*options.clock, &*options.random).await.unwrap();
    assert_eq!(check(&Place::data(to)).await.unwrap().findings, Vec::<String>::new());
    (restored, Store::open_with(to, options).await.unwrap())
}

/// Offered again by a device: taken, with the same receipt.
async fn offered(store: &Store, (lost, receipt): &(Submission, SignedReceipt)) {
    let again = Submission { receipt: Some(receipt.clone()), ..lost.clone() };
    assert_eq!(store.append(vec![again]).await.unwrap(), [PushResult::Receipt(receipt.clone())]);
}

fn poll(consultation: RecordId) -> Action {
    Action::OpenPoll(OpenPoll {
        consultation,
        question: localized("Quand ouvrir la salle?"),
        text: None,
        choices: vec![localized("Le matin"), localized("Le soir")],
        method: Method::Plurality,
        grades: vec![],
        opens_at: NOW,
        closes_at: NOW.plus(DAY),
    })
}

/// The passing of time counts a poll.
fn counting(consultation: RecordId, poll: RecordId) -> Submission {
    let envelope = Envelope {
        op: OpId([9; 16]),
        author: Author::System { job: "count".parse().unwrap() },
        community: laforce(),
        stream: None,
        proof: Proof::Session,
        body: seal(Salt([9; 32]), NOW, vec![], &Action::Count(Count { consultation, poll })).unwrap(),
    };
    let operation = Operation::decode(&envelope).unwrap();
    Submission { envelope, operation, actor: Actor::System, receipt: None }
}

async fn told(store: &Store, consultation: RecordId, poll: RecordId) -> Option<Poll> {
    match store.record(&Key::inside(&laforce(), consultation, poll)).await.unwrap() {
        Some(Record::Poll(poll)) => Some(poll),
        _ => None,
    }
}

async fn shown(store: &Store, consultation: RecordId, record: RecordId) -> Option<Contribution> {
    match store.record(&Key::inside(&laforce(), consultation, record)).await.unwrap() {
        Some(Record::Contribution(it)) => Some(it),
        _ => None,
    }
}

#[tokio::test]
async fn a_poll_that_was_counted_keeps_its_result_whatever_the_backup_held_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let village = logged(folder.path()).await;
    let consultation = village.open_consultation().await;
    let before = backed_up(&village, folder.path()).await;
    let opening = act(&clerk(), 2, poll(consultation));
    let (made, signed) = village.push(opening.clone()).await;
    let (poll, opening) = (made.records[0], (opening, signed));
    let mut ballots = Vec::new();
    let mut during = None;
    for voter in 0..12 {
        let ballot = Ballot::Choice(voter % 2);
        let cast = Action::Cast(Cast { consultation, poll, ballot });
        let cast = act(&person(&format!("voter-{voter}"), Role::Participant), 3, cast);
        let (_, signed) = village.push(cast.clone()).await;
        ballots.push((cast, signed));
        if voter == 6 {
            during = Some(backed_up(&village, folder.path()).await);
        }
    }
    village.clock.pass(30 * DAY);
    village.push(counting(consultation, poll)).await;
    let counted = told(&village.store, consultation, poll).await.unwrap();
    assert!(counted.result.is_some());
    let log = std::fs::read_to_string(folder.path().join("changes.jsonl")).unwrap();
    assert!(!log.contains("salle") && !log.contains("voter"), "numbers, and nobody's words: {log}");
    for (backup, held) in [(before, false), (during.unwrap(), true)] {
        let fresh = tempfile::tempdir().unwrap();
        let (said, store) = restored(&village, &backup.folder, fresh.path()).await;
        assert_eq!((said.reapplied, told(&store, consultation, poll).await.is_some()), (1, held));
        if !held {
            offered(&store, &opening).await;
        }
        // Of the ballots, those of one side alone.
        for ballot in ballots.iter().step_by(2).filter(|_| !held) {
            offered(&store, ballot).await;
        }
        assert_eq!(told(&store, consultation, poll).await.as_ref(), Some(&counted));
        let due = store.record(&domain::rules::asked::due_key(&laforce())).await.unwrap();
        assert!(!serde_json::to_string(&due).unwrap().contains(&poll.to_string()), "nobody counts it again");
    }
}

#[tokio::test]
async fn an_appeal_is_decided_the_same_before_anybody_offers_anything() {
    for showing in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let village = logged(folder.path()).await;
        let consultation = village.open_consultation().await;
        let before = backed_up(&village, folder.path()).await;
        let proposal = act(&citizen(), 5, propose(consultation, "Un banc"));
        let (made, signed) = village.push(proposal.clone()).await;
        let (record, proposal) = (made.records[0], (proposal, signed));
        let after = backed_up(&village, folder.path()).await;
        let rule = "off-topic".parse().unwrap();
        village.push(act(&clerk(), 6, Action::Hide(Hide { consultation, record, rule }))).await;
        village.clock.pass(DAY);
        let text = "C’est le sujet.".parse().unwrap();
        let appeal = act(&citizen(), 7, Action::Appeal(Appeal { consultation, record, text }));
        let (_, signed) = village.push(appeal.clone()).await;
        let appeal = (appeal, signed);
        let text = localized("C’est bien vu.");
        let decide = Action::DecideAppeal(DecideAppeal { consultation, record, restored: showing, text });
        let decide = act(&person("second", Role::Clerk), 8, decide);
        let (_, signed) = village.push(decide.clone()).await;
        let decide = (decide, signed);
        let log = std::fs::read_to_string(folder.path().join("changes.jsonl")).unwrap();
        assert!(!log.contains("sujet") && !log.contains("bien vu"), "nobody's words: {log}");
        for (backup, held) in [(before, false), (after, true)] {
            let fresh = tempfile::tempdir().unwrap();
            let (said, store) = restored(&village, &backup.folder, fresh.path()).await;
            assert_eq!(said.reapplied, 2);
            if !held {
                offered(&store, &proposal).await;
            }
            assert_eq!(shown(&store, consultation, record).await.is_some(), showing);
            offered(&store, &appeal).await;
            assert_eq!(shown(&store, consultation, record).await.is_some(), showing);
            offered(&store, &decide).await;
            let item = Key::record(domain::scopes::Scope::Desk(laforce()), record);
            let item = serde_json::to_string(&store.record(&item).await.unwrap()).unwrap();
            assert!(item.contains("bien vu") && item.contains("le sujet"), "its words are back: {item}");
            assert_eq!(shown(&store, consultation, record).await.is_some(), showing);
        }
    }
}

#[tokio::test]
async fn what_waits_for_the_office_does_not_appear_when_it_comes_back_before_the_office() {
    let folder = tempfile::tempdir().unwrap();
    let village = logged(folder.path()).await;
    let consultation = village.open_consultation().await;
    let backup = backed_up(&village, folder.path()).await;
    let settle = |first| Action::SettleRules(SettleRules { rules: vec![], premoderated: Some(first) });
    // On, off and on again, an hour apart: the last word stands, since then.
    for (number, first) in [(2, true), (3, false), (4, true)] {
        village.push(act(&clerk(), number, settle(first))).await;
        village.clock.pass(DAY / 24);
    }
    let proposal = act(&citizen(), 5, propose(consultation, "Un banc"));
    let (made, signed) = village.push(proposal.clone()).await;
    let fresh = tempfile::tempdir().unwrap();
    let (said, store) = restored(&village, &backup.folder, fresh.path()).await;
    assert_eq!(said.reapplied, 3);
    let lists = Key::community(&laforce());
    assert_eq!(store.record(&lists).await.unwrap(), village.store.record(&lists).await.unwrap());
    offered(&store, &(proposal, signed)).await;
    assert_eq!(shown(&store, consultation, made.records[0]).await, None);
}
