use futures::FutureExt;

use super::memory::Fault;
use super::outbox::{self, Sealing};
use super::sender::Step;
use super::session;
use super::store::{DeviceStore, StoreError, Table, Value, Write};
use super::testing::*;
use crate::api::{ApiError, ErrorCode};
use domain::ids::{Hash, OpId, RecordId};
use domain::operations::{Action, BlobRef, Kinds, Photo, Propose};
use domain::outbox::{State, Unsendable};
use domain::receipts::{Missing, PushResult};

fn error(code: ErrorCode, retry_after: Option<u32>) -> Meets {
    Meets::Fails(ApiError { code, retry_after })
}

#[test]
fn an_answer_that_was_lost_is_given_again_and_there_is_one_receipt() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    world.server.script.borrow_mut().push_back(Meets::AnswerLost);
    world.settle(&world.sender(), 10);
    assert_eq!(world.item(item.op).state, State::Accepted);
    assert_eq!((world.server.pushes.borrow().len(), world.server.journal.borrow().len()), (2, 1));
}

#[test]
fn a_captive_portal_changes_nothing() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    let portal = [error(ErrorCode::NotRabaska, None), Meets::Says(vec![])];
    world.server.script.borrow_mut().extend(portal);
    let sender = world.sender();
    assert!(matches!(block_on(sender.step()).unwrap(), Step::Failed(_)));
    assert_eq!(world.item(item.op).state, State::Sealed);
    world.settle(&sender, 10);
    assert_eq!(world.item(item.op).state, State::Accepted);
}

#[test]
fn a_lost_session_pauses_the_queue_until_signing_in() {
    let world = World::of("rose");
    let first = world.seal(proposal("Un banc"));
    let sender = world.sender();
    world.settle(&sender, 5);
    let second = world.seal(proposal("Un quai"));
    world.server.script.borrow_mut().push_back(error(ErrorCode::SignInNeeded, None));
    world.settle(&sender, 10);
    assert_eq!(world.item(first.op).state, State::Accepted);
    assert_eq!(world.item(second.op).state, State::Sealed);
    assert_eq!(world.server.pushes.borrow().len(), 2, "it stops asking");
    block_on(session::change(&world.store, Some(&person("rose")))).unwrap();
    world.settle(&sender, 10);
    assert_eq!(world.item(second.op).state, State::Accepted);
}

#[test]
fn the_server_is_not_asked_before_it_said_not_even_when_encouraged() {
    let world = World::of("rose");
    world.seal(proposal("Un banc"));
    world.server.script.borrow_mut().push_back(error(ErrorCode::Unavailable, Some(600)));
    let (sender, start) = (world.sender(), world.lab.now.get());
    block_on(sender.step()).unwrap();
    sender.encourage();
    let Step::Later(at) = block_on(sender.step()).unwrap() else { panic!("it asked") };
    assert!(at.0 >= start + 600_000);

    // Nor after a restart; but a clock that was far ahead keeps nothing back for ever.
    let again = world.sender();
    block_on(again.recover()).unwrap();
    let Step::Later(at) = block_on(again.step()).unwrap() else { panic!("it asked") };
    assert!(at.0 >= start + 600_000);
    world.lab.now.set(start - 400 * 24 * 3_600_000);
    let back = world.sender();
    block_on(back.recover()).unwrap();
    assert!(back.not_before().0 <= world.lab.now.get() + 3_600_000);
}

#[test]
fn a_conflict_does_its_neighbours_no_harm() {
    let world = World::of("rose");
    let items: Vec<_> = ["a", "b", "c"].map(|title| world.seal(proposal(title))).into();
    let other = (Hash([0; 32]), world.server.receipt(&items[1].envelope().unwrap()));
    world.server.journal.borrow_mut().insert(items[1].entry().unwrap(), other);
    world.settle(&world.sender(), 10);
    let states: Vec<_> = items.iter().map(|item| world.item(item.op).state).collect();
    let conflict = State::Unsendable(Unsendable::Conflict);
    assert_eq!(states, [State::Accepted, conflict, State::Accepted]);
    assert_eq!(world.server.pushes.borrow().len(), 1);
}

#[test]
fn what_waits_is_accepted_when_the_other_is_there() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    let missing = Missing::Record(RecordId([4; 16]));
    world.server.waiting.borrow_mut().insert(item.entry().unwrap(), missing.clone());
    let sender = world.sender();
    world.settle(&sender, 6);
    assert_eq!(world.item(item.op).state, State::Waiting(missing));
    let late = world.seal(proposal("Un quai"));
    sender.encourage();
    world.settle(&sender, 3);
    assert_eq!(world.item(late.op).state, State::Accepted, "nothing new waits behind it");
    world.server.waiting.borrow_mut().clear();
    world.settle(&sender, 6);
    assert_eq!(world.item(item.op).state, State::Accepted);
}

#[test]
fn a_receipt_for_other_bytes_is_not_believed() {
    let world = World::of("rose");
    let (item, other) = (world.seal(proposal("Un banc")), world.seal(proposal("Un quai")));
    let wrong = world.server.receipt(&other.envelope().unwrap());
    let lies = vec![
        PushResult::Receipt(wrong.clone()),
        PushResult::Erased(world.server.receipt(&item.envelope().unwrap())),
    ];
    world.server.script.borrow_mut().push_back(Meets::Says(lies));
    let sender = world.sender();
    block_on(sender.step()).unwrap();
    assert_eq!((world.item(item.op).state, world.item(other.op).state), (State::Sealed, State::Sealed));
    world.settle(&sender, 10);
    assert_eq!(world.item(item.op).state, State::Accepted);
}

#[test]
fn what_was_erased_everywhere_is_deleted_here_too() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    let erased = PushResult::Erased(world.server.receipt(&item.envelope().unwrap()));
    world.server.script.borrow_mut().push_back(Meets::Says(vec![erased]));
    world.settle(&world.sender(), 5);
    assert!(block_on(outbox::item(&world.store, item.op)).unwrap().is_none());
}

#[test]
fn dying_at_any_commit_loses_nothing_and_sends_nothing_twice() {
    for fault in [Fault::DiesBefore, Fault::DiesAfter, Fault::Fails(StoreError::Full)] {
        for at in 0..8 {
            let world = World::of("rose");
            let items: Vec<_> = ["a", "b", "c"].map(|title| world.seal(proposal(title))).into();
            world.server.script.borrow_mut().push_back(error(ErrorCode::Offline, None));
            world.store.fail(at, fault);
            let sender = world.sender();
            for _ in 0..10 {
                world.lab.pass(400_000);
                match sender.step().now_or_never() {
                    Some(_) => {}
                    None => break,
                }
            }
            drop(sender);
            world.store.heal();
            let next = world.sender();
            block_on(next.recover()).unwrap();
            world.settle(&next, 20);
            for item in &items {
                assert_eq!(world.item(item.op).state, State::Accepted, "{fault:?} at {at}");
                assert_eq!(world.item(item.op).body, item.body);
            }
            assert_eq!(world.server.journal.borrow().len(), 3, "{fault:?} at {at}");
        }
    }
}

#[test]
fn nobody_sends_what_belongs_to_somebody_else_or_to_nobody() {
    let world = World::empty();
    let nobodys = world.seal(proposal("Un banc"));
    block_on(session::change(&world.store, Some(&person("rose")))).unwrap();
    let roses = world.seal(proposal("Un quai"));
    block_on(session::change(&world.store, Some(&person("paul")))).unwrap();
    let sender = world.sender();
    world.settle(&sender, 5);
    assert!(world.server.pushes.borrow().is_empty());

    let (rose, paul) = (person("rose").id, person("paul").id);
    assert!(block_on(outbox::adopt(&world.store, nobodys.op, &paul)).unwrap());
    assert!(!block_on(outbox::adopt(&world.store, nobodys.op, &rose)).unwrap(), "once");
    world.settle(&sender, 5);
    assert_eq!(world.item(nobodys.op).author, Some(paul));
    assert_eq!(world.item(nobodys.op).state, State::Accepted);
    assert_eq!(world.item(roses.op).state, State::Sealed);
}

#[test]
fn what_is_not_yours_is_parked_until_its_author_signs_in() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    world.server.script.borrow_mut().push_back(Meets::Says(vec![PushResult::NotYours]));
    let sender = world.sender();
    assert_eq!(block_on(sender.step()).unwrap(), Step::Moved { stranger: true });
    world.settle(&sender, 5);
    assert_eq!(world.server.pushes.borrow().len(), 1);
    block_on(outbox::unpark(&world.store, &person("rose").id)).unwrap();
    world.settle(&sender, 5);
    assert_eq!(world.item(item.op).state, State::Accepted);
}

#[test]
fn a_lane_keeps_its_order() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    let record = item.entry().unwrap().record();
    let withdrawal = world.seal(withdrawal(record));
    let sender = world.sender();
    block_on(sender.step()).unwrap();
    assert_eq!(world.item(withdrawal.op).state, State::Sealed);
    assert!(!world.item(withdrawal.op).tried);
    world.settle(&sender, 5);
    assert_eq!(world.item(withdrawal.op).state, State::Accepted);
}

#[test]
fn one_that_cannot_pass_holds_nobody_else_up() {
    let world = World::of("rose");
    let items: Vec<_> = ["a", "b", "c", "d"].map(|title| world.seal(proposal(title))).into();
    world.server.chokes.set(Some(items[1].op));
    world.settle(&world.sender(), 60);
    let accepted = |item: &&domain::outbox::Item| world.item(item.op).state == State::Accepted;
    assert_eq!(items.iter().filter(accepted).count(), 3);
    assert_eq!(world.item(items[1].op).state, State::Sealed);
}

#[test]
fn photos_arrive_before_the_words_that_name_them_and_go_on_where_they_were_cut() {
    let world = World::of("rose");
    let (full, thumb) = (vec![7; 150_000], vec![8; 9_000]);
    let (full_hash, thumb_hash) = (Hash::of(&full), Hash::of(&thumb));
    let op = OpId([5; 16]);
    let photo = Photo { full: full_hash, thumb: thumb_hash, alt: None };
    let action = Action::Propose(Propose {
        consultation: CONSULTATION,
        title: "Un quai".parse().unwrap(),
        text: None,
        subject: "other".parse().unwrap(),
        photos: vec![photo],
        place: None,
    });
    let blobs = vec![
        BlobRef { sha256: full_hash, size: full.len() as u64 },
        BlobRef { sha256: thumb_hash, size: thumb.len() as u64 },
    ];
    let file = |hash, bytes: &Vec<u8>| {
        Write::Put(Table::Files, outbox::file_key(op, hash), Value::Bytes(bytes.clone()))
    };
    let with = vec![file(full_hash, &full), file(thumb_hash, &thumb)];
    let community = "laforce".parse().unwrap();
    let author = Some(person("rose").id);
    let sealing = Sealing { op, salt: salt(), author, community, action, blobs, kinds: Kinds::ALL };
    block_on(outbox::put(&world.store, sealing.seal(domain::time::Millis(1)).unwrap(), with)).unwrap();
    let words = world.seal(proposal("Un banc"));
    world.server.cut.set(2);
    let sender = world.sender();
    world.settle(&sender, 20);
    assert_eq!(world.item(op).state, State::Accepted);
    assert_eq!(world.server.blobs.borrow()[&full_hash].0, full);
    assert_eq!(world.server.pushes.borrow()[0][0].op, words.op, "words go first");
}

#[test]
fn a_photo_that_the_device_lost_is_said_and_the_words_stay() {
    let world = World::of("rose");
    let op = OpId([5; 16]);
    let mut item = world.seal(proposal("Un quai"));
    item.op = op;
    item.blobs = vec![Hash([1; 32])];
    let text = serde_json::to_string(&item).unwrap();
    block_on(world.store.commit(vec![Write::Add(Table::Outbox, op.to_string(), Value::Text(text))])).unwrap();
    world.settle(&world.sender(), 10);
    assert!(matches!(world.item(op).state, State::Unsendable(Unsendable::Invalid(_))));
    assert_eq!(world.item(op).body, item.body);
}
