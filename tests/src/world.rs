//! A database of a given size, written through the store itself, and servers on it.

use std::path::Path;
use std::sync::Arc;

use domain::authority::{Actor, Membership, Person, Role};
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, OpId, RecordId, Salt};
use domain::operations::{Action, Comment, OpenConsultation, Operation, Propose, Stance, seal};
use domain::phases::Phases;
use domain::ports::{Clock, Journal, Submission};
use domain::receipts::{Outcome, PushResult};
use domain::records::{Community, CommunityKind, Place, Record, Subject};
use domain::rules::Change;
use domain::scopes::Key;
use domain::text::Localized;
use domain::time::DAY;
use rabaska::system::{SystemClock, SystemRandom};
use store::Store;

use crate::{Browser, Page, Proxy, Server, Viewport};

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

/// A text of a usual length.
const TEXT: &str = "On est six familles à chauffer le chalet l’hiver. Si la gratte passe un vendredi sur deux, on se \
                    relaie pour le reste. Un voisin veut bien prêter son tracteur.";

/// A proposal of a usual length, sealed.
pub fn proposal(author: &Person, number: u64, consultation: RecordId) -> Envelope {
    let title = format!("Ouvrir le chemin une fin de semaine sur deux, {number}");
    sealed(author, number, &Action::Propose(proposing(consultation, &title, Some(TEXT), "other")))
}

/// What a proposal says.
pub fn proposing(consultation: RecordId, title: &str, text: Option<&str>, subject: &str) -> Propose {
    Propose {
        consultation,
        title: title.parse().expect("a title"),
        text: text.map(|text| text.parse().expect("a text")),
        subject: subject.parse().expect("a word"),
        photos: vec![],
        place: None,
    }
}

/// What somebody does, sealed.
pub fn sealed(author: &Person, number: u64, action: &Action) -> Envelope {
    Envelope {
        op: op(number),
        author: Author::Person(author.id.clone()),
        community: community_id(),
        stream: None,
        proof: Proof::Session,
        body: seal(Salt([7; 32]), SystemClock.now(), vec![], action).expect("a body"),
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
    consult(store, "Le chemin du Lac-aux-Sables").await
}

/// Opens a consultation of a month.
pub async fn consult(store: &Store, title: &str) -> RecordId {
    let now = SystemClock.now();
    let phases = Phases::contribute(now, now.plus(30 * DAY)).expect("a month");
    let (title, summary) = (localized(title), localized("Faut-il l’ouvrir l’hiver?"));
    let open = Action::OpenConsultation(OpenConsultation::new(title, summary, phases));
    let clerk = person("clerk", Role::Clerk);
    append(store, vec![submission(sealed(&clerk, 0, &open), &clerk)]).await[0]
}

/// Has them decided, and gives the record of each.
async fn append(store: &Store, submissions: Vec<Submission>) -> Vec<RecordId> {
    let results = store.append(submissions).await.expect("they are decided");
    let record = |result: PushResult| {
        let PushResult::Receipt(signed) = &result else { panic!("no receipt: {result:?}") };
        let receipt = signed.read().expect("a receipt");
        assert_eq!(receipt.outcome, Outcome::Accepted);
        receipt.records[0]
    };
    results.into_iter().map(record).collect()
}

/// Adds proposals of so many people.
pub async fn propose(store: &Store, consultation: RecordId, numbers: std::ops::Range<u64>, people: u64) {
    for from in numbers.clone().step_by(500) {
        let group = (from..numbers.end.min(from + 500)).map(|number| {
            let author = person(&format!("p{}", number % people), Role::Participant);
            submission(proposal(&author, number, consultation), &author)
        });
        append(store, group.collect()).await;
    }
}

const DOING: [&str; 16] = [
    "Réparer",
    "Éclairer",
    "Déplacer",
    "Agrandir",
    "Entretenir",
    "Fermer",
    "Rouvrir",
    "Peindre",
    "Déneiger",
    "Clôturer",
    "Chauffer",
    "Nettoyer",
    "Prêter",
    "Louer",
    "Protéger",
    "Baliser",
];
const WHAT: [&str; 25] = [
    "le quai",
    "la patinoire",
    "le sentier",
    "la rampe",
    "le terrain de balle",
    "la bibliothèque",
    "le ponceau",
    "la salle municipale",
    "le camping",
    "le chalet des loisirs",
    "la plage",
    "le stationnement",
    "le pont",
    "la côte",
    "le parc",
    "la caserne",
    "le belvédère",
    "l’abri",
    "la glissade",
    "le jardin",
    "le puits",
    "la clôture",
    "le vestiaire",
    "le dépôt de sable",
    "le chemin",
];
const WHERE: [&str; 20] = [
    "près de l’école",
    "au bout du rang",
    "en face du lac",
    "à côté de l’église",
    "derrière l’aréna",
    "avant l’hiver",
    "pour les familles",
    "avec des bénévoles",
    "une fin de semaine sur deux",
    "sur la rue principale",
    "dans le vieux village",
    "à l’entrée du village",
    "au pied de la montagne",
    "pour les aînés",
    "le samedi matin",
    "avec les jeunes",
    "sans nouvelle taxe",
    "jusqu’au barrage",
    "du printemps à l’automne",
    "au carrefour",
];

/// A title: 8,000 different ones, a word in every sixteenth to twenty-fifth.
pub fn title(number: u64) -> String {
    let at = number.wrapping_mul(0x9E37_79B9) as usize >> 8;
    format!("{} {} {}", DOING[at % 16], WHAT[at / 16 % 25], WHERE[at / 400 % 20])
}

/// Adds contributions of so many people: three proposals with titles of their own, then a comment on
/// the last of them, and so on.
pub async fn contribute(store: &Store, consultation: RecordId, count: u64, people: u64) {
    let (mut on, mut done) = (consultation, 0);
    while done < count {
        let mut group = Vec::new();
        for number in done + 1..=count.min(done + 500) {
            let author = person(&format!("p{}", number % people), Role::Participant);
            let action = match number % 4 {
                0 => Action::Comment(Comment {
                    consultation,
                    on,
                    stance: Stance::For,
                    text: TEXT.parse().expect("a text"),
                }),
                spot => {
                    let subject = if spot == 1 { "environment" } else { "other" };
                    Action::Propose(proposing(consultation, &title(number), Some(TEXT), subject))
                }
            };
            let one = submission(sealed(&author, number, &action), &author);
            if number % 4 != 0 {
                on = one.operation.record();
            }
            group.push(one);
        }
        done += group.len() as u64;
        append(store, group).await;
    }
}

/// The demo's folder, with a consultation of Laforce to which so many contributed.
pub struct Grown {
    pub dir: tempfile::TempDir,
    pub consultation: RecordId,
    pub clerk: crate::Person,
}

impl Grown {
    /// A tablet on which its clerk has just signed in.
    pub async fn desk(&self, proxy: &Proxy) -> Page {
        let page = Browser::shared().await.device(Viewport::TABLET).await.blank().await;
        page.goto(&proxy.at("/desk/sign-in")).await;
        page.mounted().await;
        page.fill("#code", &self.clerk.code).await;
        page.click_text("button", "S’identifier").await;
        page.sees("Boîte du greffe").await;
        page
    }
}

/// Its title.
pub const GROWN: &str = "Une très grande consultation";

pub async fn grown(contributions: u64) -> Grown {
    let dir = tempfile::tempdir().expect("a folder");
    let clerk = Server::demo_in(dir.path()).person(&crate::Role::Clerk, "laforce").clone();
    let store = open(dir.path()).await;
    let consultation = consult(&store, GROWN).await;
    contribute(&store, consultation, contributions, 500).await;
    store.close().await;
    Grown { dir, consultation, clerk }
}
