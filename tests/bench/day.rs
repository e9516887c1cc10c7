//! One day of a village of 400 people, by real operations over the real server: what it costs a phone to
//! bring it in that follows the community and two consultations, and what one proposal costs with its
//! receipt. The words are the demo's.

use std::time::Duration;

use domain::authority::Person;
use domain::ids::RecordId;
use domain::operations::{Action, Answer, Cast, Comment, Mark, OpenPoll, Progress, Stance, Support};
use domain::ports::{Clock, Identity};
use domain::receipts::{Outcome, PushResult};
use domain::tallies::{Ballot, Method};
use domain::text::Localized;
use domain::time::DAY;
use harness::proxy::Seen;
use harness::{Browser, Page, Proxy, Server, Viewport, world};
use rabaska::system::SystemClock;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::client::Client;
use crate::push::{gunzip, open_consultations, whoami};
use crate::screen::settled;
use crate::table::Table;

const PEOPLE: usize = 400;
/// Earlier contributions, which the phone holds in the morning.
const BEFORE: u64 = 100;
/// The day, a push each.
const PROPOSALS: usize = 12;
const COMMENTS: usize = 30;
const SUPPORTS: usize = 60;
const ANSWERS: usize = 5;
const BALLOTS: usize = 40;
const MIX: &str =
    "12 proposals, 30 comments, 60 supports, 12 read and 5 answered by the office, a poll and 40 ballots";

/// A proposal of the demo, as far as its words go.
#[derive(Deserialize)]
struct Said {
    title: String,
    #[serde(default)]
    text: String,
    #[serde(default)]
    comments: Vec<Remark>,
}

#[derive(Deserialize)]
struct Remark {
    text: String,
}

/// Somebody at a device, signed in.
struct Somebody {
    me: Person,
    cookie: Option<String>,
}

impl Somebody {
    async fn of(server: &Server, code: &str) -> Self {
        let cookie = Client::signed_in(server.port(), code).await.cookie;
        Self { me: whoami(server, code).await, cookie }
    }
}

struct Village {
    port: u16,
    people: Vec<Somebody>,
    office: Somebody,
    /// Of the operations.
    number: u64,
    /// What was sent and answered last.
    last: (String, Vec<u8>),
}

impl Village {
    /// Seals an act, pushes it, and gives its record.
    async fn act(&mut self, who: Option<usize>, action: Action) -> RecordId {
        self.number += 1;
        let somebody = who.map_or(&self.office, |at| &self.people[at]);
        let envelope = world::sealed(&somebody.me, 1_000_000 + self.number, &action);
        let body = serde_json::json!({ "envelopes": [envelope] }).to_string();
        // Devices come and go: each act is on a line of its own.
        let mut client = Client::connect(self.port).await;
        client.cookie.clone_from(&somebody.cookie);
        let answer = client.body("POST", "/api/v1/push", body.clone().into()).await.to_vec();
        let pushed: app::api::Pushed = serde_json::from_slice(&answer).expect("results");
        let PushResult::Receipt(signed) = &pushed.results[0] else { panic!("{:?}", pushed.results) };
        let receipt = signed.read().expect("a receipt");
        assert_eq!(receipt.outcome, Outcome::Accepted, "{action:?}");
        self.last = (body, answer);
        receipt.entry.record()
    }
}

pub async fn measure(table: &mut Table) {
    eprintln!("A day of a village");
    let world = world::grown(BEFORE).await;
    let store = world::open(world.dir.path()).await;
    let mut codes = Vec::new();
    for number in 0..PEOPLE {
        let name = format!("Une personne {number} (fictive)").parse().expect("a name");
        let added = store.add(name, world::community_id(), domain::authority::Role::Participant).await;
        codes.push(added.expect("somebody is added").1.to_string());
    }
    store.close().await;
    let server = world::serve(world.dir.path());
    let proxy = Proxy::before(server.port()).await;
    let mut others = open_consultations(&server).await.into_iter().filter(|id| *id != world.consultation);
    let consultations = [others.next_back().expect("one of the demo's"), world.consultation];
    let mut people = Vec::new();
    for code in &codes[..SUPPORTS] {
        people.push(Somebody::of(&server, code).await);
    }
    let office = Somebody::of(&server, &world.clerk.code).await;
    let (port, last) = (server.port(), Default::default());
    let mut village = Village { port, people, office, number: 0, last };

    let page = morning(&proxy, &codes[PEOPLE - 1], consultations).await;
    let mut scopes = vec!["territory".to_owned(), "public/laforce".to_owned()];
    scopes.extend(consultations.map(|id| format!("public/laforce/{id}")));
    let mut heads = Vec::new();
    for scope in &scopes {
        heads.push(head(port, scope).await);
    }
    let first = day(&mut village, consultations).await;
    eprintln!("    {} operations", village.number);

    // What changed, and nothing else, packed once.
    let mut changed = String::new();
    let mut count = 0;
    for (scope, head) in scopes.iter().zip(heads) {
        for record in since(port, scope, head).await {
            changed.push_str(&record);
            changed.push('\n');
            count += 1;
        }
    }
    let floor = packed(changed.as_bytes());
    table.row(
        format!("a day of a village of {PEOPLE} ({MIX})"),
        format!("{count} public records, {} bytes, {floor} packed once", changed.len()),
        "",
    );
    evening(table, &page, &proxy, &scopes, floor).await;
    one(table, &page, &proxy, first).await;
}

/// Somebody who signs in, opens both consultations and follows them, and puts the phone away.
async fn morning(proxy: &Proxy, code: &str, consultations: [RecordId; 2]) -> Page {
    let page = Browser::shared().await.device(Viewport::PHONE).await.blank().await;
    page.goto(&proxy.at("/sign-in")).await;
    page.mounted().await;
    page.fill("#code", code).await;
    page.click_text("button", "S’identifier").await;
    page.sees("Mon sentier").await;
    for id in consultations {
        page.goto(&proxy.at(&format!("/c/laforce/{id}"))).await;
        page.click_text("button", "Suivre cette consultation").await;
        page.sees("Vous suivez cette consultation").await;
        settled(&page, "rabaska-citizen", &format!("public/laforce/{id}")).await;
    }
    page.goto(&proxy.at("/c/laforce")).await;
    page.sees("On décide en ce moment").await;
    page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
    // Until this visit counts, and the pages are kept.
    tokio::time::sleep(Duration::from_secs(8)).await;
    page.goto("about:blank").await;
    page
}

/// The day's operations. Answers what the first proposal was and how it was pushed and answered.
async fn day(village: &mut Village, consultations: [RecordId; 2]) -> (Said, usize) {
    let demo: Vec<Said> =
        serde_json::from_str(include_str!("../../server/demo/proposals.json")).expect("JSON");
    let remarks: Vec<&str> =
        demo.iter().flat_map(|it| it.comments.iter().map(|it| it.text.as_str())).collect();
    let texts: Vec<&str> =
        demo.iter().map(|it| it.text.as_str()).filter(|it| (60..250).contains(&it.len())).collect();
    let mut said: Vec<&Said> = demo.iter().filter(|it| it.text.len() < 400).collect();
    said.truncate(PROPOSALS);
    let mut proposals = Vec::new();
    let mut first = 0;
    for (at, it) in said.iter().enumerate() {
        let consultation = consultations[usize::from(at % 3 == 2)];
        let text = Some(it.text.as_str()).filter(|text| !text.is_empty());
        let act = Action::Propose(world::proposing(consultation, &it.title, text, "other"));
        proposals.push((consultation, village.act(Some(at), act).await));
        if at == 0 {
            first = packed(&[village.last.0.as_bytes(), &village.last.1].concat());
        }
    }
    for at in 0..COMMENTS {
        let (consultation, on) = proposals[at * 7 % PROPOSALS];
        let text = remarks.get(at).or_else(|| texts.get(at)).expect("words").parse().expect("a text");
        let stance = [Stance::For, Stance::Neutral, Stance::Against][at % 3];
        village.act(Some(at), Action::Comment(Comment { consultation, on, stance, text })).await;
    }
    // Some proposals are liked by many, most by few.
    for at in 0..SUPPORTS {
        let (consultation, record) = proposals[at * at % PROPOSALS];
        village.act(Some(at), Action::Support(Support { consultation, record, given: true })).await;
    }
    for (consultation, record) in &proposals {
        let (consultation, record) = (*consultation, *record);
        village.act(None, Action::Mark(Mark { consultation, record, progress: Progress::Read })).await;
    }
    for (consultation, record) in proposals.iter().take(ANSWERS) {
        let text = both(
            "Merci. Le conseil en a parlé lundi : les travaux publics feront un essai de quatre semaines à partir du 15 \
             janvier, puis le conseil décidera avec les chiffres en main.",
            "Thank you. Council discussed it on Monday: public works will run a four-week trial from January 15, and \
             council will then decide with the figures in hand.",
        );
        let answer = Answer { consultation: *consultation, record: *record, text };
        village.act(None, Action::Answer(answer)).await;
    }
    let now = SystemClock.now();
    let poll = OpenPoll {
        consultation: consultations[0],
        question: both("Quel jour passer la gratte?", "Which day should the plow pass?"),
        text: None,
        choices: vec![both("Vendredi", "Friday"), both("Samedi", "Saturday"), both("Dimanche", "Sunday")],
        method: Method::Plurality,
        grades: vec![],
        opens_at: now.plus(-1_000),
        closes_at: now.plus(7 * DAY),
    };
    let consultation = poll.consultation;
    let poll = village.act(None, Action::OpenPoll(poll)).await;
    for at in 0..BALLOTS {
        let ballot = Ballot::Choice((at % 3) as u8);
        village.act(Some(at), Action::Cast(Cast { consultation, poll, ballot })).await;
    }
    let it = said[0];
    (Said { title: it.title.clone(), text: it.text.clone(), comments: vec![] }, first)
}

fn both<T: std::str::FromStr<Err: std::fmt::Debug>>(fr: &str, en: &str) -> Localized<T> {
    let one = |lang: &str, text: &str| (lang.parse().expect("a language"), text.parse().expect("a text"));
    Localized::new([one("fr", fr), one("en", en)]).expect("two languages")
}

/// Opened once, at the end of the day.
async fn evening(table: &mut Table, page: &Page, proxy: &Proxy, scopes: &[String], floor: usize) {
    proxy.forget();
    page.goto(&proxy.at("/c/laforce")).await;
    page.sees("Depuis votre dernière visite").await;
    let pulled = |scope: &str| {
        let query = format!("scope={}", scope.replace('/', "%2F"));
        let of = |seen: &Seen| seen.query.as_deref().is_some_and(|it| it.split('&').any(|it| it == query));
        proxy.requests().iter().any(|seen| seen.path == "/api/v1/pull" && of(seen) && seen.down > 0)
    };
    for _ in 0..100 {
        if scopes.iter().all(|scope| pulled(scope)) {
            break;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    let seen = proxy.requests();
    assert!(scopes.iter().all(|scope| pulled(scope)), "everything is followed: {seen:#?}");
    let (pulls, others): (Vec<_>, Vec<_>) = seen.into_iter().partition(|seen| seen.path == "/api/v1/pull");
    for seen in pulls.iter().chain(&others) {
        let query = seen.query.as_deref().unwrap_or_default();
        eprintln!("    {} {}?{query}: {} up, {} down", seen.method, seen.path, seen.up, seen.down);
    }
    let ([up, down], [other_up, other_down]) = (sums(&pulls), sums(&others));
    table.row(
        "that day on a phone that follows it, in the evening",
        format!(
            "{} pulls, {down} bytes down, {up} up, {:.2} × the floor",
            pulls.len(),
            (up + down) as f64 / floor as f64
        ),
        "",
    );
    table.row(
        "beside them (who is signed in, the stream, a look for a new version)",
        format!("{} requests, {other_down} bytes down, {other_up} up", others.len()),
        "",
    );
}

fn sums(seen: &[Seen]) -> [u64; 2] {
    [seen.iter().map(|seen| seen.up).sum(), seen.iter().map(|seen| seen.down).sum()]
}

/// One proposal, written and sent on the phone.
async fn one(table: &mut Table, page: &Page, proxy: &Proxy, (said, floor): (Said, usize)) {
    page.click_text("a", world::GROWN).await;
    page.click_text("a", "Faire une proposition").await;
    page.fill("#title", &said.title).await;
    page.fill("#text", &said.text).await;
    page.click_text("label", "Environnement").await;
    page.click_text("button", "Relire avant d’envoyer").await;
    page.sees("Relisez votre proposition").await;
    proxy.forget();
    page.click("main .btn").await;
    page.sees("REÇU ").await;
    let seen: Vec<_> = proxy.requests().into_iter().filter(|seen| seen.path == "/api/v1/push").collect();
    let [up, down] = sums(&seen);
    assert_eq!(seen.len(), 1, "one push");
    table.row(
        "one proposal pushed, with its receipt",
        format!(
            "{up} bytes up, {down} down, {:.2} × the floor of {floor}",
            (up + down) as f64 / floor as f64
        ),
        "",
    );
}

async fn head(port: u16, scope: &str) -> u64 {
    let mut client = Client::connect(port).await;
    let path = format!("/api/v1/pull?scope={scope}&limit=1");
    let page = client.body("GET", &path, "".into()).await;
    let page: serde_json::Value = serde_json::from_slice(&gunzip(&page)).expect("a page");
    page["head"].as_u64().expect("a head")
}

/// The records that changed since, as they are written.
async fn since(port: u16, scope: &str, cursor: u64) -> Vec<String> {
    let mut client = Client::connect(port).await;
    #[derive(Deserialize)]
    struct Rows {
        rows: Vec<Row>,
        more: bool,
    }
    #[derive(Deserialize)]
    struct Row {
        record: Box<RawValue>,
    }
    let page = client.body("GET", &format!("/api/v1/pull?scope={scope}&cursor={cursor}"), "".into()).await;
    let page: Rows = serde_json::from_slice(&gunzip(&page)).expect("a page");
    assert!(!page.more, "a day fits a page");
    page.rows.into_iter().map(|row| row.record.get().to_owned()).collect()
}

/// The bytes of a text under brotli at its best.
fn packed(bytes: &[u8]) -> usize {
    let best = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut packed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut packed, &best).expect("it is packed");
    packed.len()
}
