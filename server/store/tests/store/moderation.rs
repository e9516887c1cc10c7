//! What moderation leaves in the store: photos of what is shown again, and who hid what after a restore.

use domain::authority::Role;
use domain::ids::RecordId;
use domain::operations::{Action, Appeal, DecideAppeal, Hide};
use domain::ports::Blobs;
use domain::receipts::{Outcome, Refusal};
use domain::records::{HidingState, Record};
use domain::scopes::Scope;
use store::{Options, Store};

use crate::fixture::*;
use crate::safekeeping::{picture, upload, with_photo};

fn hide(consultation: RecordId, record: RecordId) -> Action {
    Action::Hide(Hide { consultation, record, rule: "off-topic".parse().unwrap() })
}

fn appeal(consultation: RecordId, record: RecordId) -> Action {
    Action::Appeal(Appeal { consultation, record, text: "C’est le sujet.".parse().unwrap() })
}

fn restore(consultation: RecordId, record: RecordId) -> Action {
    let text = localized("C’est bien le sujet.");
    Action::DecideAppeal(DecideAppeal { consultation, record, restored: true, text })
}

#[tokio::test]
async fn the_photos_of_what_is_shown_again_are_taken_again() {
    let village = Village::new().await;
    let consultation = village.open_consultation().await;
    let me = citizen().id;
    let (full, thumb) =
        (upload(&village.store, &me, &picture(1)).await, upload(&village.store, &me, &picture(2)).await);
    let (made, _) = village.push(with_photo(consultation, 5, full, thumb)).await;
    let record = made.records[0];
    village.push(act(&clerk(), 6, hide(consultation, record))).await;
    assert!(village.store.offset(&me, &full).await.is_err(), "hidden: it does not come back under another");
    village.push(act(&citizen(), 7, appeal(consultation, record))).await;
    assert!(village.store.offset(&me, &full).await.is_err());
    village.push(act(&person("second", Role::Clerk), 8, restore(consultation, record))).await;
    assert!(village.store.offset(&me, &full).await.is_ok());
    assert!(village.store.read(None, &full).await.unwrap().is_some(), "everybody sees it");
    let page = village.pull(&contributions(consultation)).await;
    let states = page.rows.iter().filter_map(|row| match &row.record {
        Some(Record::Hiding(it)) => Some(it.state),
        _ => None,
    });
    assert_eq!(states.collect::<Vec<_>>(), [HidingState::Restored]);
}

#[tokio::test]
async fn after_a_restore_it_is_still_known_who_hid_and_the_log_of_the_community_says_so() {
    let (folder, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village =
        Village::with(|options| Options { backups: Some(folder.path().to_owned()), ..options }).await;
    let consultation = village.open_consultation().await;
    let (made, _) = village.push(act(&citizen(), 5, propose(consultation, "Un banc"))).await;
    let record = made.records[0];
    let backup = village.store.backup(folder.path()).await.unwrap();
    village.push(act(&clerk(), 6, hide(consultation, record))).await;
    let options = options(&village.clock, 500);
    store::restore(&backup.folder, fresh.path(), false, &*options.clock, &*options.random).await.unwrap();
    let store = Store::open_with(fresh.path(), options).await.unwrap();
    let village = Village { store, ..village };
    let log = village.pull(&Scope::Community(laforce())).await;
    assert!(log.rows.iter().any(|row| matches!(&row.record, Some(Record::Hiding(_)))));
    village.push(act(&citizen(), 7, appeal(consultation, record))).await;
    let (own, _) = village.push(act(&clerk(), 8, restore(consultation, record))).await;
    assert_eq!(own.outcome, Outcome::Refused(Refusal::SecondPerson));
    let (second, _) =
        village.push(act(&person("second", Role::Clerk), 9, restore(consultation, record))).await;
    assert_eq!(second.outcome, Outcome::Accepted);
}
