//! A database of a given size, written through the store itself, and servers on it.

use std::path::Path;
use std::sync::Arc;

use domain::authority::{Actor, Membership, Person, Role};
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, OpId, RecordId, Salt};
use domain::operations::{Action, OpenConsultation, Operation, Propose, seal};
use domain::phases::Phases;
use domain::ports::{Clock, Journal, Submission};
use domain::receipts::PushResult;
use domain::records::{Community, CommunityKind, Place, Record, Subject};
use domain::rules::Change;
use domain::scopes::Key;
use domain::text::Localized;
use domain::time::DAY;
use harness::Server;
use rabaska::system::{SystemClock, SystemRandom};
use store::Store;

pub fn community_id() -> CommunityId {
    "laforce".parse().expect("a word")
}

fn localized<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> Localized<T> {
    let lang = "fr".parse().expect("a language");
    Localized::new([(lang, text.parse().expect("a text"))]).expect("one language")
}

pub fn op(number: u64) -> OpId {
    let mut bytes = [0; 16];
    bytes[..8].copy_from_slice(&number.wrapping_mul(0x9E37_79B9_7F4A_7C15).to_le_bytes());
    bytes[8..].copy_from_slice(&number.to_le_bytes());
    OpId(bytes)
}

/// A proposal of a usual length, sealed.
pub fn proposal(author: &Person, number: u64, consultation: RecordId) -> Envelope {
    let text = "On est six familles à chauffer le chalet l’hiver. Si la gratte passe un vendredi sur deux, on se \
                relaie pour le reste. Un voisin veut bien prêter son tracteur.";
    let action = Action::Propose(Propose {
        consultation,
        title: format!("Ouvrir le chemin une fin de semaine sur deux, {number}").parse().expect("a title"),
        text: Some(text.parse().expect("a text")),
        subject: "other".parse().expect("a word"),
        photos: vec![],
        place: None,
    });
    Envelope {
        op: op(number),
        author: Author::Person(author.id.clone()),
        community: community_id(),
        stream: None,
        proof: Proof::Session,
        body: seal(Salt([7; 32]), SystemClock.now(), vec![], &action).expect("a body"),
    }
}

fn submission(envelope: Envelope, person: &Person) -> Submission {
    let operation = Operation::decode(&envelope).expect("our own operation");
    Submission { envelope, operation, actor: Actor::Person(person.clone()), receipt: None }
}

pub fn person(id: &str, role: Role) -> Person {
    let memberships = vec![Membership { community: community_id(), role }];
    let name = format!("Une personne {id} (fictive)").parse().expect("a name");
    Person { id: id.parse().expect("a word"), name, memberships }
}

pub async fn open(dir: &Path) -> Store {
    Store::open(dir, Arc::new(SystemClock), Arc::new(SystemRandom)).await.expect("the store opens")
}

/// The server on a folder, as an office starts it.
pub fn serve(dir: &Path) -> Server {
    let dir = dir.to_owned();
    Server::serve(move |listen, _| {
        format!(
            "data = {dir:?}\nlisten = \"{listen}\"\noperations_per_day = 0\npublic_url = \"http://{}\"\n",
            listen.replace("127.0.0.1", "localhost")
        )
    })
}

/// A community with an open consultation.
pub async fn settle(store: &Store) -> RecordId {
    let place = Place {
        id: community_id(),
        slug: "laforce".into(),
        name: "Laforce".parse().expect("a name"),
        sort: CommunityKind::Municipality,
        designation: None,
        languages: vec!["fr".parse().expect("a language")],
        moved_to: None,
    };
    let subject =
        Subject { id: "other".parse().expect("a word"), short: localized("Autre"), full: localized("Autre") };
    let community = Community {
        place,
        subjects: vec![subject],
        rules: vec![],
        settled_at: None,
        bounds: None,
        premoderated_since: None,
        premoderation_settled_at: None,
    };
    let change = Change { key: Key::community(&community_id()), record: Some(Record::Community(community)) };
    store.put(vec![change]).await.expect("the community is kept");
    let now = SystemClock.now();
    let phases = Phases::contribute(now, now.plus(30 * DAY)).expect("a month");
    let (title, summary) = (localized("Le chemin du Lac-aux-Sables"), localized("Faut-il l’ouvrir l’hiver?"));
    let open = Action::OpenConsultation(OpenConsultation::new(title, summary, phases));
    let clerk = person("clerk", Role::Clerk);
    let envelope = Envelope {
        op: op(0),
        author: Author::Person(clerk.id.clone()),
        community: community_id(),
        stream: None,
        proof: Proof::Session,
        body: seal(Salt([7; 32]), now, vec![], &open).expect("a body"),
    };
    let results = store.append(vec![submission(envelope, &clerk)]).await.expect("it is decided");
    let PushResult::Receipt(signed) = &results[0] else { panic!("no receipt: {results:?}") };
    signed.read().expect("a receipt").records[0]
}

/// Adds proposals of so many people.
pub async fn propose(store: &Store, consultation: RecordId, numbers: std::ops::Range<u64>, people: u64) {
    for from in numbers.clone().step_by(500) {
        let group = (from..numbers.end.min(from + 500)).map(|number| {
            let author = person(&format!("p{}", number % people), Role::Participant);
            submission(proposal(&author, number, consultation), &author)
        });
        let results = store.append(group.collect()).await.expect("they are decided");
        assert!(results.iter().all(|result| matches!(result, PushResult::Receipt(_))));
    }
}
