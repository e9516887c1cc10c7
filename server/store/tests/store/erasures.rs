//! Erasing: what must go, goes, everywhere and for good; the receipt stays.

use std::path::Path;

use domain::ids::{Hash, RecordId};
use domain::operations::{
    Act, Action, Answer, BlobRef, Blot, Comment, Consent, Cover, Enter, Hide, Stance, Support, Way,
};
use domain::ports::{Blobs, Journal, Submission};
use domain::receipts::PushResult;
use domain::records::Record;
use domain::scopes::Scope;
use domain::time::DAY;
use store::{Options, Place, Store, check};

use crate::fixture::*;
use crate::safekeeping::{picture, upload, with_photo};

/// Stands in what is erased, and nowhere else.
const MARKER: &str = "Zibeline";

/// The files below a folder in which some bytes stand.
fn holding(folder: &Path, bytes: &[u8], found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holding(&path, bytes, found);
        } else if std::fs::read(&path).unwrap().windows(bytes.len()).any(|part| part == bytes) {
            found.push(path.display().to_string());
        }
    }
}

fn held(folder: &Path, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    holding(folder, bytes, &mut found);
    found
}

fn answer(number: u64, consultation: RecordId, record: RecordId) -> Submission {
    act(&clerk(), number, Action::Answer(Answer { consultation, record, text: localized("Oui.") }))
}

async fn erase(store: &Store, submission: &Submission) {
    assert!(store.erase(&submission.operation.entry).await.unwrap().is_some());
}

/// Two pictures that the citizen uploaded.
async fn pictures(store: &Store) -> (Hash, Hash) {
    let me = citizen().id;
    (upload(store, &me, &picture(1)).await, upload(store, &me, &picture(2)).await)
}

async fn backed_up(backups: &Path) -> Village {
    let backups = Some(backups.to_owned());
    Village::with(|options| Options { backups, ..options }).await
}

#[tokio::test]
async fn what_is_erased_is_found_nowhere_and_its_receipt_stays() {
    let backups = tempfile::tempdir().unwrap();
    let village = backed_up(backups.path()).await;
    let consultation = village.open_consultation().await;
    let me = citizen();
    let (full, thumb) = pictures(&village.store).await;
    let words = act(&me, 2, propose(consultation, &format!("Un banc pour {MARKER}")));
    let (receipt, signed) = village.push(words.clone()).await;
    let photo = with_photo(consultation, 3, full, thumb);
    let pictured = village.push(photo.clone()).await.0.records[0];
    // What an office covered is the office's file, and goes with the proposal all the same.
    let clerk_id = clerk().id;
    let covered = upload(&village.store, &clerk_id, &picture(3)).await;
    let small = upload(&village.store, &clerk_id, &picture(4)).await;
    let covers = vec![Cover { photo: full, full: covered, thumb: small }];
    let blot = Blot { consultation, record: pictured, words: vec![], photos: vec![], covers };
    let blobs =
        [(covered, 3), (small, 4)].map(|(sha256, n)| BlobRef { sha256, size: picture(n).len() as u64 });
    village.push(act_with(&clerk(), 6, Action::Blot(blot), blobs.to_vec())).await;
    assert_eq!(village.store.read(None, &covered).await.unwrap().map(|it| it.bytes), Some(picture(3)));
    village.push(answer(4, consultation, receipt.records[0])).await;
    let other = village.push(act(&me, 5, propose(consultation, "Autre chose"))).await.0.records[0];
    assert!(!held(village.path(), MARKER.as_bytes()).is_empty());

    erase(&village.store, &words).await;
    erase(&village.store, &photo).await;
    for bytes in [MARKER.as_bytes(), &picture(1), &picture(2), &picture(3), &picture(4)] {
        assert_eq!(held(village.path(), bytes), Vec::<String>::new());
    }
    let backup = village.store.backup(backups.path()).await.unwrap();
    assert_eq!(held(backups.path(), MARKER.as_bytes()), Vec::<String>::new());
    assert_eq!(backup.report.blobs, 0);
    assert!(village.store.read(Some(&me), &full).await.unwrap().is_none());
    assert!(village.store.read(Some(&clerk()), &covered).await.unwrap().is_none());
    assert!(village.store.offset(&me.id, &Hash::of(&picture(1))).await.is_err(), "it does not come back");

    // A bare tombstone in all three scopes; what was said about it no longer quotes it.
    let name = receipt.records[0].to_string();
    for scope in [contributions(consultation), Scope::Desk(laforce()), Scope::Person(me.id.clone())] {
        let page = village.pull(&scope).await;
        let row = page.rows.iter().find(|row| row.name == name).unwrap();
        assert_eq!(row.record, None, "{scope}");
    }
    let office = village.pull(&Scope::Person(clerk().id)).await;
    let titles = office.rows.iter().filter_map(|row| match &row.record {
        Some(Record::Trail(trail)) => Some(trail.title.clone()),
        _ => None,
    });
    assert!(titles.eq([None, None, None]), "the opening, what was covered, and the answer");
    let page = village.pull(&contributions(consultation)).await;
    let shown: Vec<_> =
        page.rows.iter().filter(|row| row.record.is_some()).map(|row| row.name.clone()).collect();
    assert_eq!(shown, [other.to_string()], "its neighbour stays");

    // Pushed again, whatever comes with it: its receipt, and that it was erased.
    let again = Submission { receipt: Some(signed.clone()), ..words.clone() };
    let changed = act(&me, 2, propose(consultation, "Autres mots"));
    let results = village.store.append(vec![words.clone(), again, changed]).await.unwrap();
    let erased = PushResult::Erased(signed.clone());
    assert_eq!(results, [erased.clone(), erased, PushResult::Conflict]);
    assert_eq!(village.store.erase(&words.operation.entry).await.unwrap(), Some(signed), "once is enough");
    let opening = act(&clerk(), 1, open(NOW.plus(7 * DAY)));
    assert_eq!(village.store.erase(&opening.operation.entry).await.unwrap(), None, "only what is proposed");
    village.store.clone().close().await;
    assert_eq!(check(&Place::data(village.path())).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_erased_stays_so_in_an_older_backup_whether_it_held_it_or_not() {
    let (backups, fresh) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village = backed_up(backups.path()).await;
    let consultation = village.open_consultation().await;
    let me = citizen();
    let (full, thumb) = pictures(&village.store).await;
    let before = act(&me, 2, propose(consultation, &format!("{MARKER}, avant")));
    let (_, before_signed) = village.push(before.clone()).await;
    let older = village.store.backup(backups.path()).await.unwrap();
    // The backup has its pictures, and not yet what names them.
    let after = with_photo(consultation, 3, full, thumb);
    let (after_receipt, after_signed) = village.push(after.clone()).await;
    let reply = answer(4, consultation, after_receipt.records[0]);
    let (_, reply_signed) = village.push(reply.clone()).await;
    let hide = Hide { consultation, record: after_receipt.records[0], rule: "off-topic".parse().unwrap() };
    village.push(act(&clerk(), 5, Action::Hide(hide))).await;
    erase(&village.store, &before).await;
    erase(&village.store, &after).await;
    village.store.clone().close().await;

    let options = options(&village.clock, 500);
    let restored =
        store::restore(&older.folder, fresh.path(), false, &*options.clock, &*options.random).await.unwrap();
    assert_eq!((restored.position, restored.reapplied), (2, 3));
    for bytes in [MARKER.as_bytes(), &picture(1), &picture(2)] {
        assert_eq!(held(fresh.path(), bytes), Vec::<String>::new());
    }
    assert_eq!(check(&Place::data(fresh.path())).await.unwrap().findings, Vec::<String>::new());
    let store = Store::open_with(fresh.path(), options).await.unwrap();
    assert!(store.offset(&me.id, &full).await.is_err(), "its pictures do not come back either");
    let offer = |submission: Submission, receipt: &domain::receipts::SignedReceipt| Submission {
        receipt: Some(receipt.clone()),
        ..submission
    };
    let offered =
        vec![offer(reply, &reply_signed), offer(before, &before_signed), offer(after, &after_signed)];
    let results = store.append(offered).await.unwrap();
    let wanted = [
        // It does not wait for something that never comes back.
        PushResult::Receipt(reply_signed),
        PushResult::Erased(before_signed),
        PushResult::Erased(after_signed),
    ];
    assert_eq!(results, wanted);
    let page = pull(&store, &contributions(consultation), 0).await;
    assert!(page.rows.iter().all(|row| !matches!(row.record, Some(Record::Contribution(_)))), "{page:?}");
    store.close().await;
    for bytes in [MARKER.as_bytes(), &picture(1)] {
        assert_eq!(held(fresh.path(), bytes), Vec::<String>::new(), "no text was stored");
    }
    assert_eq!(check(&Place::data(fresh.path())).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn an_erasure_is_not_confirmed_while_the_log_cannot_be_written_and_a_crash_leaves_no_picture() {
    let backups = tempfile::tempdir().unwrap();
    let village = backed_up(backups.path()).await;
    let consultation = village.open_consultation().await;
    let (full, thumb) = pictures(&village.store).await;
    let photo = with_photo(consultation, 3, full, thumb);
    village.push(photo.clone()).await;
    let log = backups.path().join("changes.jsonl");
    std::fs::rename(&log, backups.path().join("away")).unwrap();
    std::fs::create_dir(&log).unwrap();
    assert!(village.store.erase(&photo.operation.entry).await.is_err());
    std::fs::remove_dir(&log).unwrap();
    std::fs::rename(backups.path().join("away"), &log).unwrap();
    erase(&village.store, &photo).await;
    assert!(std::fs::read_to_string(&log).unwrap().contains("\"erase\""));
    // As if the machine had stopped between the commit and the files.
    let shelf = village.path().join("blobs").join(&full.to_string()[..2]);
    std::fs::write(shelf.join(full.to_string()), picture(1)).unwrap();
    let Village { dir, store, clock } = village;
    store.close().await;
    Store::open_with(dir.path(), options(&clock, 900)).await.unwrap().close().await;
    assert_eq!(held(dir.path(), &picture(1)), Vec::<String>::new());
}

#[tokio::test]
async fn what_another_server_erased_is_no_business_of_this_one() {
    let (own, other, fresh) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let village = backed_up(own.path()).await;
    let backup = village.store.backup(own.path()).await.unwrap();
    let theirs = Some(other.path().to_owned());
    let elsewhere = Village::with(|options| Options { backups: theirs, random: chance(70), ..options }).await;
    let consultation = elsewhere.open_consultation().await;
    let words = act(&citizen(), 2, propose(consultation, "Un banc"));
    elsewhere.push(words.clone()).await;
    erase(&elsewhere.store, &words).await;
    std::fs::copy(other.path().join("changes.jsonl"), own.path().join("changes.jsonl")).unwrap();
    let options = options(&village.clock, 500);
    let restored =
        store::restore(&backup.folder, fresh.path(), false, &*options.clock, &*options.random).await.unwrap();
    assert_eq!((restored.position, restored.reapplied), (0, 0));
    assert_eq!(check(&Place::data(fresh.path())).await.unwrap().findings, Vec::<String>::new());
}

#[tokio::test]
async fn what_was_entered_for_somebody_goes_as_what_they_wrote_themselves_and_support_has_no_words() {
    let backups = tempfile::tempdir().unwrap();
    let village = backed_up(backups.path()).await;
    let here = village.open_consultation().await;
    let Action::Propose(propose) = propose(here, MARKER) else { unreachable!() };
    let entered = |number: u64, act_: Act| {
        let slip = Hash([u8::try_from(number).unwrap(); 32]);
        act(
            &clerk(),
            number,
            Action::Enter(Enter { act: act_, way: Way::Visit, consent: Consent::Spoken, slip }),
        )
    };
    let proposal = entered(2, Act::Propose(propose));
    let on = village.push(proposal.clone()).await.0.records[0];
    let text = format!("Oui, {MARKER}.").parse().unwrap();
    let word = entered(3, Act::Comment(Comment { consultation: here, on, stance: Stance::For, text }));
    let support = entered(4, Act::Support(Support { consultation: here, record: on, given: true }));
    for submission in [&word, &support] {
        village.push(submission.clone()).await;
    }
    assert!(village.store.erase(&support.operation.entry).await.unwrap().is_none());
    for submission in [&word, &proposal, &proposal] {
        erase(&village.store, submission).await;
    }
    assert!(village.pull(&contributions(here)).await.rows.iter().all(|row| row.record.is_none()));
    assert_eq!(held(village.path(), MARKER.as_bytes()), Vec::<String>::new());
    let again = village.store.append(vec![proposal.clone()]).await.unwrap();
    assert!(matches!(again[..], [PushResult::Erased(_)]), "{again:?}");
}
