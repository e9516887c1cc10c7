//! A village where people write what breaks a careless file.

use std::path::Path;
use std::sync::Arc;

use domain::authority::{Actor, Person, Role};
use domain::envelope::{Author, Envelope, Proof};
use domain::ids::{CommunityId, Hash, OpId, RecordId, Salt};
use domain::operations::{
    Action, Amend, Answer, AttachDocument, BlobRef, Cast, Comment, Commit, Conclude, Delivery,
    DetachDocument, Mark, Merge, NewParagraph, OpenConsultation, OpenPoll, OpenSurvey, Operation, Progress,
    Propose, PublishText, Replaces, ReportProgress, Respond, Source, Stance, Support, seal,
};
use domain::phases::{Form, Period, Phase, Phases};
use domain::ports::{Blobs, Clock, Identity, Journal, Submission};
use domain::tallies::{Ballot, Method};
use domain::text::Localized;
use domain::time::{DAY, HOUR, Millis};
use rabaska::export::{self, Asked, File, Out, Public, Tongue};
use rabaska::import::statements::{self, Target};
use rabaska::import::territory;
use rabaska::passing::settle;
use rabaska::system::{SetClock, SystemClock, SystemRandom};
use serde_json::json;
use store::{Options, Store};
use tokio::sync::mpsc;

use super::shores::OTHER;
use super::{check, met};

const TERRITORY: &[u8] = include_bytes!("../../../server/demo/territory.json");

/// What people write.
pub const WORDS: [&str; 20] = [
    "=HYPERLINK(\"https://example.org?\"&A1)",
    "+1",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1",
    "'=1",
    "''-1",
    "a,b;c\"d\"",
    "BEGIN:VEVENT\nSUMMARY:faux\nEND:VEVENT",
    "\\n \\, \\; \\\\",
    "<script>alert(1)</script>]]>&amp;&#0;<!--",
    "</content></entry></feed>",
    "\u{202e}à l’envers\u{2066}",
    "\u{feff}marque",
    "\u{fffe}\u{ffff}",
    "🛶🛶🛶👩🏽‍🌾 ᐊᓂᔑᓈᐯᒧᐎᓐ مرحبا n\u{0303}ə",
    "ligne 1\n\n\nligne 2\n",
    "  des espaces  ",
    "a\u{2028}b\u{2029}c",
    "{\"json\": [null]}",
];

/// What is answered in a survey.
const SECRET: &str = "Réponse secrète";

const PDF: &[u8] = b"%PDF-1.4\n%%EOF\n";

const MARKER: &str = "Zébulon Marqueur (fictif)";

pub struct Village {
    pub store: Store,
    pub community: CommunityId,
    ops: u32,
}

pub fn localized<T: std::str::FromStr>(text: &str) -> Localized<T>
where
    T::Err: std::fmt::Debug,
{
    Localized::new([
        ("fr".parse().unwrap(), text.parse().unwrap()),
        ("en".parse().unwrap(), format!("{text} (en)").parse().unwrap()),
        ("oj".parse().unwrap(), text.parse().unwrap()),
    ])
    .unwrap()
}

pub fn line(text: &str) -> String {
    text.split(['\n', '\t']).collect::<Vec<_>>().join(" ")
}

impl Village {
    pub async fn person(&self, role: Role) -> Person {
        let (_, code) = self.store.add(MARKER.parse().unwrap(), self.community.clone(), role).await.unwrap();
        self.store.open(code).await.unwrap().person
    }

    pub async fn act(&mut self, who: &Person, action: Action) -> RecordId {
        self.ops += 1;
        let digest = Hash::of(&self.ops.to_be_bytes());
        let op = OpId(digest.0[..16].try_into().unwrap());
        let blobs = match &action {
            Action::AttachDocument(it) => vec![BlobRef { sha256: it.file, size: PDF.len() as u64 }],
            _ => Vec::new(),
        };
        let body = seal(Salt(digest.0), Millis(5), blobs, &action).unwrap();
        let (author, community) = (Author::Person(who.id.clone()), self.community.clone());
        let envelope = Envelope { op, author, community, stream: None, proof: Proof::Session, body };
        let operation = Operation::decode(&envelope).unwrap();
        let (record, actor) = (operation.record(), Actor::Person(who.clone()));
        let submission = Submission { envelope, operation, actor, receipt: None };
        let results = self.store.append(vec![submission]).await.unwrap();
        assert!(format!("{results:?}").contains("accepted"), "{results:?}");
        record
    }

    pub fn opening(&self, text: &str, source: Option<Source>) -> OpenConsultation {
        let now = SystemClock.now();
        let period = |phase, from, until| Period {
            phase,
            from: now.plus(from * DAY),
            until: now.plus(until * DAY + HOUR),
        };
        let phases = Phases::new(vec![
            period(Phase::Inform, -9, -8),
            period(Phase::Contribute, -7, 3),
            period(Phase::Discuss, 4, 6),
            period(Phase::Decide, 8, 9),
            period(Phase::FollowUp, 10, 400_000_000),
        ]);
        OpenConsultation {
            source,
            decided_by: Some(localized(text)),
            used_for: Some(localized(text)),
            answer_by: Some(now.plus(30 * DAY)),
            takes: Form::ALL.to_vec(),
            ..OpenConsultation::new(localized(&line(text)), localized(text), phases.unwrap())
        }
    }

    async fn open(&mut self, clerk: &Person, text: &str, source: Option<Source>) -> RecordId {
        self.act(clerk, Action::OpenConsultation(self.opening(text, source))).await
    }

    /// Two documents, of which one is taken away again.
    async fn documents(&mut self, clerk: &Person, consultation: RecordId) {
        let file = Hash::of(PDF);
        self.store.write(&clerk.id, &file, PDF.len() as u64, 0, PDF).await.unwrap();
        for text in [WORDS[0], WORDS[2]] {
            let attach = AttachDocument { consultation, title: localized(&line(text)), file };
            let document = self.act(clerk, Action::AttachDocument(attach)).await;
            if text == WORDS[2] {
                self.act(clerk, Action::DetachDocument(DetachDocument { consultation, document })).await;
            }
        }
    }

    /// A text in two versions, with amendments to the first.
    async fn texts(&mut self, clerk: &Person, people: &[Person], consultation: RecordId) {
        let paragraph = |was: Option<u32>, text: &str| NewParagraph { was, words: localized(text) };
        let title = localized(&line(WORDS[3]));
        let paragraphs: Vec<NewParagraph> = WORDS.iter().map(|text| paragraph(None, text)).collect();
        let publish = PublishText { consultation, replaces: None, title, paragraphs };
        let text = self.act(clerk, Action::PublishText(publish.clone())).await;
        let quotes: Vec<_> = publish.paragraphs.iter().filter_map(|it| it.words.iter().next()).collect();
        for (number, (lang, quote)) in (1..).zip(quotes) {
            let amend = Amend {
                consultation,
                text,
                paragraph: number,
                lang: lang.clone(),
                quote: quote.clone(),
                wording: (number % 3 > 0).then(|| format!("{quote}!").parse().unwrap()),
                reason: (number % 2 > 0).then(|| quote.clone()),
            };
            self.act(&people[number as usize % people.len()], Action::Amend(amend)).await;
        }
        let paragraphs = vec![paragraph(Some(2), WORDS[0]), paragraph(None, WORDS[1])];
        let replaces = Some(Replaces { text, version: 1 });
        let next = PublishText { replaces, paragraphs, ..publish };
        self.act(clerk, Action::PublishText(next)).await;
    }

    /// A poll of this method.
    pub async fn open_poll(
        &mut self,
        clerk: &Person,
        consultation: RecordId,
        method: Method,
        question: &str,
    ) -> RecordId {
        let grades = if method == Method::MajorityJudgment { &WORDS[10..14] } else { &[] };
        let open = OpenPoll {
            consultation,
            question: localized(&line(question)),
            text: Some(localized(WORDS[8])),
            choices: WORDS[5..10].iter().map(|text| localized(&line(text))).collect(),
            method,
            grades: grades.iter().map(|text| localized(&line(text))).collect(),
            opens_at: SystemClock.now(),
            closes_at: SystemClock.now().plus(DAY),
        };
        self.act(clerk, Action::OpenPoll(open)).await
    }

    /// Ballots in it, one of each of these.
    pub async fn cast(&mut self, consultation: RecordId, poll: RecordId, method: Method, people: &[Person]) {
        for (at, person) in (0..).zip(people) {
            let ballot = match method {
                Method::Plurality => Ballot::Choice(at % 3),
                Method::Approval => Ballot::Approved(vec![at % 5]),
                Method::MajorityJudgment => Ballot::Grades((0..5).map(|choice| (at + choice) % 4).collect()),
                Method::Schulze => Ballot::Ranking(vec![vec![at % 5], vec![(at + 1) % 5]]),
            };
            self.act(person, Action::Cast(Cast { consultation, poll, ballot })).await;
        }
    }

    /// Polls of every method and a survey, that most answer; and one poll that few do.
    async fn asked(&mut self, clerk: &Person, people: &[Person], consultation: RecordId) {
        let methods = [Method::Plurality, Method::Approval, Method::MajorityJudgment, Method::Schulze];
        for (method, voters) in methods.into_iter().zip([12, 13, 14, 15]).chain([(Method::Schulze, 9)]) {
            let poll = self.open_poll(clerk, consultation, method, WORDS[voters % 5]).await;
            self.cast(consultation, poll, method, &people[..voters]).await;
        }
        let (opens_at, closes_at) = (SystemClock.now(), SystemClock.now().plus(DAY));
        let said = |text: &str| json!({ "fr": line(text), "nl": line(text) });
        let choices =
            json!([{ "id": "yes", "label": said(WORDS[0]) }, { "id": "no", "label": said(WORDS[2]) }]);
        let scale = json!({ "from": -2, "to": 2, "low": said(WORDS[5]), "high": said(WORDS[6]) });
        let survey = json!({ "intro": { "fr": WORDS[9] }, "pages": [{ "questions": [
            { "id": "one", "label": said(WORDS[1]), "asks": { "one_choice": { "choices": choices } } },
            { "id": "far", "label": said(WORDS[3]), "asks": { "scale": scale } },
            { "id": "when", "label": said(WORDS[7]), "asks": { "date": {} } },
            { "id": "each", "label": said(WORDS[9]), "asks": { "matrix": { "rows": choices, "columns": choices } } },
            { "id": "why", "label": said(WORDS[10]), "asks": "short_text" },
        ] }] });
        let survey = serde_json::from_value(survey).unwrap();
        let title = localized(&line(WORDS[2]));
        let survey = OpenSurvey { consultation, title, survey, opens_at, closes_at };
        let survey = self.act(clerk, Action::OpenSurvey(survey)).await;
        for (at, person) in people.iter().enumerate() {
            let (one, point) = (if at < 20 { "yes" } else { "no" }, [-2, -2, 0, 2][at % 4]);
            let answers = json!({
                "one": { "choice": one }, "far": { "scale": point },
                "when": { "date": format!("2026-0{}-11", 1 + at % 2) },
                "each": { "matrix": { "yes": one, "no": "no" } }, "why": { "text": SECRET },
            });
            let answers = serde_json::from_value(answers).unwrap();
            self.act(person, Action::Respond(Respond { consultation, survey, answers })).await;
        }
    }
}

async fn village() -> (Village, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let clock = Arc::new(SetClock::default());
    let options = Options::new(clock.clone(), Arc::new(SystemRandom));
    let store = Store::open_with(folder.path(), options).await.unwrap();
    territory::load(&store, territory::read(TERRITORY).unwrap()).await.unwrap();
    let mut village = Village { store, community: "laforce".parse().unwrap(), ops: 0 };
    let (clerk, author) = (village.person(Role::Clerk).await, village.person(Role::Participant).await);
    let mut people = Vec::new();
    for _ in 0..42 {
        people.push(village.person(Role::Participant).await);
    }
    for text in [WORDS[0], WORDS[7], WORDS[8], WORDS[10]] {
        village.open(&clerk, text, None).await;
    }
    let consultation = village.open(&clerk, WORDS[9], None).await;
    let mut records = Vec::new();
    for (at, text) in WORDS.iter().enumerate() {
        let propose = Propose {
            consultation,
            title: line(text).parse().unwrap(),
            text: Some(text.parse().unwrap()),
            subject: "other".parse().unwrap(),
            photos: vec![],
            place: None,
        };
        let record = village.act(&author, Action::Propose(propose)).await;
        let comment =
            Comment { consultation, on: record, stance: Stance::Neutral, text: text.parse().unwrap() };
        village.act(&author, Action::Comment(comment)).await;
        records.push(record);
        village.act(&clerk, Action::Answer(Answer { consultation, record, text: localized(text) })).await;
        for person in people.iter().take(at % 7) {
            village.act(person, Action::Support(Support { consultation, record, given: true })).await;
        }
    }
    for (at, progress) in [
        Progress::Read,
        Progress::InDiscussion,
        Progress::OnAgenda(Millis(i64::MAX / 2)),
        Progress::Declined(localized(WORDS[0])),
        Progress::Declined(localized(WORDS[14])),
    ]
    .into_iter()
    .enumerate()
    {
        village.act(&clerk, Action::Mark(Mark { consultation, record: records[at], progress })).await;
    }
    village.act(&clerk, Action::Merge(Merge { consultation, record: records[5], into: records[6] })).await;
    let uses = records[4..9].to_vec();
    village.act(&clerk, Action::Conclude(Conclude { consultation, text: localized(WORDS[7]), uses })).await;
    let commitment = Action::Commit(Commit {
        consultation,
        text: localized(WORDS[0]),
        owner: localized("=La \"voirie\", 2"),
        due: Millis(i64::MAX / 2),
        follows: records[4..6].to_vec(),
    });
    let record = village.act(&clerk, commitment).await;
    for (text, state) in [
        (WORDS[7], Delivery::UnderWay),
        (WORDS[14], Delivery::Moved(SystemClock.now().plus(9 * DAY))),
        (WORDS[0], Delivery::GivenUp),
    ] {
        let text = localized(text);
        village
            .act(&clerk, Action::ReportProgress(ReportProgress { consultation, record, text, state }))
            .await;
    }
    let label = |text: &str| text.parse().unwrap();
    let source = Source {
        attribution: localized("=D’ailleurs, \"là-bas\""),
        licence: label("CC-BY-4.0"),
        url: label("https://example.org/a?b=1&c=2"),
    };
    let imported = village.open(&clerk, "Conversation importée", Some(source)).await;
    let file = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n\
                1543000000000,,0,0,1,0,1,More benches\n1543900000000,,1,0,1,0,-1,Hidden there\n";
    let target = Target {
        community: village.community.clone(),
        consultation: imported,
        source: "test".parse().unwrap(),
    };
    statements::load(&village.store, &SystemClock, &[7; 32], &target, file.as_bytes()).await.unwrap();
    village.documents(&clerk, consultation).await;
    village.texts(&clerk, &people, consultation).await;
    village.asked(&clerk, &people, consultation).await;
    village.places(&clerk, &author, consultation).await;
    village.together(&clerk, &people, consultation).await;
    clock.set(SystemClock.now().plus(60 * DAY));
    assert!(settle(&village.store, &*clock).await.unwrap() > 4);
    (village, folder)
}

/// Writes every file of a community, or of one of its consultations, into a folder.
async fn save(village: &Village, one: Option<RecordId>, tongue: Tongue, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    for name in File::all() {
        let public = Public::read(&village.store, &village.community, one).await.unwrap().unwrap();
        let (file, home, now) =
            (File::named(&name).unwrap(), "https://rabaska.test".to_owned(), SystemClock.now());
        let asked = Asked { file, public, tongue, home, now };
        let (to, mut taken) = mpsc::channel(2);
        let mut out = Out::new(to, false);
        let (written, bytes) = tokio::join!(export::write(&asked, &village.store, &mut out), async {
            let mut bytes = Vec::new();
            while let Some(piece) = taken.recv().await {
                match piece.unwrap() {
                    end if end.is_empty() => break,
                    piece => bytes.extend_from_slice(&piece),
                }
            }
            bytes
        });
        written.unwrap();
        std::fs::write(folder.join(name), bytes).unwrap();
    }
}

#[tokio::test]
async fn whatever_people_write_others_read_the_same() {
    let (village, _folder) = village().await;
    let root = tempfile::tempdir().unwrap();
    save(&village, None, Tongue::French, &root.path().join("laforce")).await;
    let all = Public::read(&village.store, &village.community, None).await.unwrap().unwrap();
    for it in &all.consultations {
        save(&village, Some(it.id), Tongue::English, &root.path().join(it.id.to_string())).await;
    }
    // The other shore, and a community where nothing was ever asked.
    for other in [OTHER, "belleterre"] {
        let there = Village { community: other.parse().unwrap(), store: village.store.clone(), ops: 0 };
        save(&there, None, Tongue::French, &root.path().join(other)).await;
    }
    let said = check(root.path(), &[MARKER, "Marqueur", "Hidden there", SECRET]);
    println!("{said}");
    met(&said, &["places", "located", "forwarded", "from_another_shore", "shared", "adapted", "parts"]);
    village.store.close().await;
}
