use futures::FutureExt;

use super::drafts::{self, Draft, DraftPhoto, SealError};
use super::memory::Fault;
use super::store::{DeviceStore, StoreError, Table, Value, Write};
use super::testing::*;
use super::view::PictureError;
use super::{outbox, session};
use domain::ids::Hash;
use domain::operations::{Action, Kinds};
use domain::outbox::State;
use domain::text::InvalidText;

fn written(world: &World) -> Draft {
    let me = block_on(session::read(&world.store)).unwrap().person.map(|person| person.id);
    let community = "laforce".parse().unwrap();
    let opened = drafts::open(&world.store, &*world.lab, me, &community, CONSULTATION);
    let mut draft = block_on(opened).unwrap();
    draft.title = "Un banc face au lac".to_owned();
    draft.subject = Some("other".to_owned());
    draft.sector = "47.3350,-79.4325".parse().ok();
    draft.place = " Au bout du quai ".to_owned();
    block_on(drafts::save(&world.store, domain::time::Millis(2), &draft)).unwrap();
    draft
}

fn seal(world: &World, draft: &Draft) -> Result<domain::ids::OpId, SealError> {
    let me = block_on(session::read(&world.store)).unwrap().person.map(|person| person.id);
    block_on(drafts::seal(&world.store, domain::time::Millis(3), draft, me))
}

#[test]
fn a_draft_survives_the_tab_and_keeps_its_operation() {
    let world = World::of("rose");
    let draft = written(&world);
    let again = written(&world);
    assert_eq!((draft.op, draft.salt), (again.op, again.salt));
    assert_eq!(block_on(drafts::all(&world.store)).unwrap().len(), 1);
}

fn photo(what: &str) -> DraftPhoto {
    let hash = Hash::of(what.as_bytes());
    DraftPhoto { full: hash, full_size: 4, thumb: hash, thumb_size: 4, alt: String::new() }
}

fn add(world: &World, draft: &Draft, photo: &DraftPhoto) -> Result<(), PictureError> {
    let now = domain::time::Millis(4);
    block_on(drafts::add_photo(&world.store, now, &draft.key, photo, &[]))
}

#[test]
fn a_photo_leaves_the_words_that_were_saved_while_it_was_prepared() {
    let world = World::of("rose");
    let mut draft = written(&world);
    add(&world, &draft, &photo("quai")).unwrap();
    // Typed on since, on a page that knows the first photo only.
    draft.photos.push(DraftPhoto { alt: "Le quai".to_owned(), ..photo("quai") });
    draft.text = "Typed meanwhile".to_owned();
    let (store, typed) = (world.store.clone(), draft.clone());
    world.store.before_next_commit(move || {
        drafts::save(&store, domain::time::Millis(5), &typed).now_or_never().unwrap().unwrap();
    });
    add(&world, &draft, &photo("lac")).unwrap();
    // And once more: what it does not know of stays.
    block_on(drafts::save(&world.store, domain::time::Millis(6), &draft)).unwrap();
    let stored = block_on(drafts::one(&world.store, &draft.key)).unwrap().unwrap();
    assert_eq!(stored.text, "Typed meanwhile");
    let named = |photo: &DraftPhoto| (photo.thumb, photo.alt.clone());
    let photos: Vec<_> = stored.photos.iter().map(named).collect();
    assert_eq!(photos, [(photo("quai").thumb, "Le quai".to_owned()), (photo("lac").thumb, String::new())]);
}

#[test]
fn words_saved_while_a_photo_is_added_keep_it() {
    let world = World::of("rose");
    let mut draft = written(&world);
    draft.text = "Typed meanwhile".to_owned();
    let (store, key) = (world.store.clone(), draft.key.clone());
    world.store.before_next_commit(move || {
        let now = domain::time::Millis(4);
        drafts::add_photo(&store, now, &key, &photo("quai"), &[]).now_or_never().unwrap().unwrap();
    });
    block_on(drafts::save(&world.store, domain::time::Millis(5), &draft)).unwrap();
    let stored = block_on(drafts::one(&world.store, &draft.key)).unwrap().unwrap();
    assert_eq!((stored.text.as_str(), stored.photos.len()), ("Typed meanwhile", 1));
}

#[test]
fn the_same_photo_twice_is_one_and_a_fourth_is_refused() {
    let world = World::of("rose");
    let draft = written(&world);
    for what in ["quai", "quai", "lac", "banc", "lac"] {
        add(&world, &draft, &photo(what)).unwrap();
    }
    assert_eq!(add(&world, &draft, &photo("chemin")), Err(PictureError::TooMany));
    let stored = || block_on(drafts::one(&world.store, &draft.key)).unwrap().unwrap().photos.len();
    assert_eq!(stored(), 3);
    let now = domain::time::Millis(5);
    block_on(drafts::remove_photo(&world.store, now, &draft.key, photo("quai").thumb)).unwrap();
    assert_eq!(stored(), 2);
    block_on(drafts::delete(&world.store, &draft.key)).unwrap();
    assert_eq!(add(&world, &draft, &photo("quai")), Err(PictureError::Store(StoreError::Conflict)));
}

#[test]
fn sealing_takes_the_draft_and_a_second_time_aborts() {
    let world = World::of("rose");
    let draft = written(&world);
    assert_eq!(seal(&world, &draft), Ok(draft.op));
    assert!(block_on(drafts::all(&world.store)).unwrap().is_empty());
    assert_eq!(seal(&world, &draft), Err(SealError::Gone));
    assert_eq!(block_on(outbox::items(&world.store)).unwrap().len(), 1);
    let save = drafts::save(&world.store, domain::time::Millis(4), &draft);
    assert_eq!(block_on(save), Err(StoreError::Conflict), "it does not come back");
}

#[test]
fn a_draft_deleted_in_another_tab_is_not_sealed() {
    let world = World::of("rose");
    let draft = written(&world);
    block_on(drafts::delete(&world.store, &draft.key)).unwrap();
    assert_eq!(seal(&world, &draft), Err(SealError::Gone));
    assert!(block_on(outbox::items(&world.store)).unwrap().is_empty());
}

#[test]
fn a_draft_that_goes_while_it_is_sealed_aborts_the_sealing() {
    let world = World::of("rose");
    let draft = written(&world);
    let (store, key) = (world.store.clone(), draft.key.clone());
    world.store.before_next_commit(move || drafts::delete(&store, &key).now_or_never().unwrap().unwrap());
    assert_eq!(seal(&world, &draft), Err(SealError::Gone));
    assert!(block_on(outbox::items(&world.store)).unwrap().is_empty());
}

#[test]
fn a_draft_begun_before_signing_in_belongs_to_whoever_writes_on() {
    let world = World::empty();
    let draft = written(&world);
    let owner = || block_on(drafts::one(&world.store, &draft.key)).unwrap().unwrap().owner;
    assert_eq!(owner(), None);
    for id in ["rose", "paul"] {
        block_on(session::change(&world.store, Some(&person(id)))).unwrap();
        let read = owner();
        block_on(drafts::prefer(&world.store, domain::time::Millis(3), &draft.key, draft.consultation))
            .unwrap();
        assert_eq!(owner(), read, "opening it changes nothing");
        let typed = Draft { text: "Signed".to_owned(), ..draft.clone() };
        block_on(drafts::save(&world.store, domain::time::Millis(3), &typed)).unwrap();
        assert_eq!(owner(), Some(person("rose").id), "the first one");
    }
}

#[test]
fn only_what_was_read_is_sealed() {
    let world = World::of("rose");
    let read = written(&world);
    let changed = Draft { text: "Typed in another tab".to_owned(), ..read.clone() };
    block_on(drafts::save(&world.store, domain::time::Millis(3), &changed)).unwrap();
    assert_eq!(seal(&world, &read), Err(SealError::Gone));
    assert!(block_on(outbox::items(&world.store)).unwrap().is_empty());
    block_on(drafts::save(&world.store, domain::time::Millis(4), &changed)).unwrap();
    assert_eq!(seal(&world, &changed), Ok(read.op), "kept once more, it is the same");
}

#[test]
fn another_tab_that_seals_in_between_costs_a_number_and_nothing_else() {
    let world = World::of("rose");
    let draft = written(&world);
    let (store, lab) = (world.store.clone(), world.lab.clone());
    world.store.before_next_commit(move || {
        let other =
            outbox::act(&store, &*lab, Kinds::ALL, None, "laforce".parse().unwrap(), proposal("Un quai"));
        other.now_or_never().unwrap().unwrap();
    });
    seal(&world, &draft).unwrap();
    let numbers: Vec<_> =
        block_on(outbox::items(&world.store)).unwrap().iter().map(|item| item.number).collect();
    assert_eq!(numbers, [1, 2]);
}

#[test]
fn adopting_at_the_same_time_in_two_tabs_gives_one_author() {
    let world = World::empty();
    let item = world.seal(proposal("Un banc"));
    let (store, op) = (world.store.clone(), item.op);
    world.store.before_next_commit(move || {
        let paul = "paul".parse().unwrap();
        assert!(outbox::adopt(&store, op, &paul).now_or_never().unwrap().unwrap());
    });
    assert!(!block_on(outbox::adopt(&world.store, op, &person("rose").id)).unwrap());
    assert_eq!(world.item(op).author, Some(person("paul").id));
}

#[test]
fn dying_while_sealing_leaves_the_draft_or_the_item_never_both_or_none() {
    for fault in [Fault::DiesBefore, Fault::DiesAfter, Fault::Fails(StoreError::Full)] {
        let world = World::of("rose");
        let draft = written(&world);
        world.store.fail(0, fault);
        let me = Some(person("rose").id);
        let _ = drafts::seal(&world.store, domain::time::Millis(3), &draft, me).now_or_never();
        let drafts = block_on(drafts::all(&world.store)).unwrap().len();
        let items = block_on(outbox::items(&world.store)).unwrap().len();
        assert_eq!((drafts, items), if fault == Fault::DiesAfter { (0, 1) } else { (1, 0) }, "{fault:?}");
    }
}

#[test]
fn a_full_disk_keeps_the_draft_as_it_was() {
    let world = World::of("rose");
    let draft = written(&world);
    world.store.set_full(true);
    assert_eq!(seal(&world, &draft), Err(SealError::Store(StoreError::Full)));
    assert_eq!(block_on(drafts::all(&world.store)).unwrap()[0].title, draft.title);
}

#[test]
fn what_is_wrong_is_said_by_field() {
    let world = World::of("rose");
    let draft = written(&world);
    let seal = |change: fn(&mut Draft)| {
        let mut draft = draft.clone();
        change(&mut draft);
        seal(&world, &draft)
    };
    assert_eq!(seal(|d| d.title = "  ".into()), Err(SealError::Title(InvalidText::Empty)));
    assert_eq!(seal(|d| d.text = "é".repeat(5_001)), Err(SealError::Text(InvalidText::TooLong)));
    assert_eq!(seal(|d| d.subject = None), Err(SealError::Subject));
}

#[test]
fn two_tabs_that_seal_at_once_take_two_numbers() {
    let world = World::of("rose");
    let (a, b) = (world.seal(proposal("a")), world.seal(proposal("b")));
    assert_eq!((a.number, b.number), (1, 2));
}

#[test]
fn what_never_left_is_taken_back_and_what_was_tried_is_not() {
    let world = World::of("rose");
    let draft = written(&world);
    seal(&world, &draft).unwrap();
    let key = block_on(drafts::take_back(&world.store, &*world.lab, draft.op)).unwrap();
    assert_eq!(key, Some(draft.key.clone()));
    let back = block_on(drafts::all(&world.store)).unwrap().remove(0);
    assert_eq!((back.op, &back.title), (draft.op, &draft.title));
    seal(&world, &back).unwrap();
    block_on(world.sender().step()).unwrap();
    let taken = block_on(drafts::take_back(&world.store, &*world.lab, draft.op));
    assert_eq!(taken, Err(StoreError::Conflict));
}

#[test]
fn words_are_used_again_under_a_new_operation_and_salt() {
    let world = World::of("rose");
    let draft = written(&world);
    seal(&world, &draft).unwrap();
    let again = block_on(drafts::reuse(&world.store, &*world.lab, draft.op)).unwrap().unwrap();
    assert_eq!(again.title, draft.title);
    assert!(again.op != draft.op && again.salt != draft.salt);
    let item = world.item(draft.op);
    assert!(matches!(item.operation().unwrap().action, Action::Propose(_)));
}

#[test]
fn words_used_again_twice_are_one_draft_which_the_consultation_opens() {
    let world = World::of("rose");
    let draft = written(&world);
    seal(&world, &draft).unwrap();
    let reuse = || block_on(drafts::reuse(&world.store, &*world.lab, draft.op)).unwrap().unwrap();
    let mut again = reuse();
    again.title = "Un autre banc".to_owned();
    block_on(drafts::save(&world.store, domain::time::Millis(5), &again)).unwrap();
    // Another item's words, written on later.
    let other = world.seal(proposal("Un quai"));
    world.lab.pass(1_000);
    block_on(drafts::reuse(&world.store, &*world.lab, other.op)).unwrap().unwrap();
    world.lab.pass(1_000);
    let found = reuse();
    assert_eq!((found.key.as_str(), found.title.as_str()), (again.key.as_str(), "Un autre banc"));
    let all = block_on(drafts::all(&world.store)).unwrap();
    assert_eq!((all.len(), &all[0].key), (2, &again.key));
}

#[test]
fn only_what_may_go_is_discarded() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    let discard = |op| block_on(outbox::discard(&world.store, op)).unwrap();
    let set = |state: State, tried| {
        block_on(outbox::edit(&world.store, item.op, |item| {
            (item.state, item.tried) = (state.clone(), tried);
            outbox::Edit::Store
        }))
        .unwrap()
    };
    for state in [State::Accepted, State::Sending, State::Sealed] {
        set(state, true);
        assert!(!discard(item.op));
    }
    set(State::Refused, true);
    assert!(discard(item.op));
}

#[test]
fn signing_out_deletes_what_is_not_public_and_keeps_what_was_written() {
    let world = World::of("rose");
    let item = world.seal(proposal("Un banc"));
    let put = |table, key: &str| Write::Put(table, key.to_owned(), Value::Text("x".to_owned()));
    let keys = ["person/rose 1 a", "desk/laforce 1 b", "public/laforce 1 c"];
    let mut batch: Vec<_> = keys.iter().map(|key| put(Table::Records, key)).collect();
    batch.extend(
        ["scope person/rose", "read desk/laforce", "scope territory"].map(|key| put(Table::Scopes, key)),
    );
    block_on(world.store.commit(batch)).unwrap();
    block_on(session::change(&world.store, Some(&person("rose")))).unwrap();
    assert_eq!(block_on(world.store.range(Table::Records, "")).unwrap().len(), 3, "the same person");
    block_on(session::change(&world.store, None)).unwrap();
    let left = |table| block_on(world.store.range(table, "")).unwrap().into_iter().map(|(key, _)| key);
    assert_eq!(left(Table::Records).collect::<Vec<_>>(), ["public/laforce 1 c"]);
    assert_eq!(left(Table::Scopes).collect::<Vec<_>>(), ["scope territory"]);
    assert_eq!(world.item(item.op).state, State::Sealed);
}
