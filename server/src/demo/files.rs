//! The demonstration's files, as they lie in `server/demo` with their licences.

use std::collections::BTreeMap;

use domain::ids::{CommunityId, RuleId, SubjectId};
use domain::operations::Stance;
use domain::sectors::Spot;
use domain::surveys::{Answers, Survey};
use domain::tallies::{Ballot, Method};
use domain::text::{Label, Lang, Localized, Text, Title};
use domain::wire::Later;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

pub const TERRITORY: &[u8] = include_bytes!("../../demo/territory.json");
pub const PEOPLE: &[u8] = include_bytes!("../../demo/people.json");
pub const STATEMENTS: &[u8] = include_bytes!("../../demo/polis/american-assembly.bowling-green/comments.csv");
const CONSULTATIONS: &[u8] = include_bytes!("../../demo/consultations.json");
const ASKED: &[u8] = include_bytes!("../../demo/asked.json");
const TEXTS: &[u8] = include_bytes!("../../demo/texts.json");
const PROPOSALS: &[u8] = include_bytes!("../../demo/proposals.json");

/// A picture and its small copy.
pub struct Picture {
    pub name: &'static str,
    pub full: &'static [u8],
    pub thumb: &'static [u8],
}

pub const PICTURES: &[Picture] = &[
    Picture {
        name: "snowy-road",
        full: include_bytes!("../../demo/photos/snowy-road.jpg"),
        thumb: include_bytes!("../../demo/photos/snowy-road.thumb.jpg"),
    },
    Picture {
        name: "quay",
        full: include_bytes!("../../demo/photos/quay.jpg"),
        thumb: include_bytes!("../../demo/photos/quay.thumb.jpg"),
    },
];

#[derive(Deserialize)]
pub struct Consultation {
    pub key: String,
    pub community: String,
    pub title: Localized<Title>,
    pub summary: Localized<Text>,
    pub decided_by: Option<Localized<Text>>,
    pub used_for: Option<Localized<Text>>,
    pub closes_in_days: i64,
    /// After it closed to new proposals.
    pub discussed_for_days: Option<i64>,
    /// After that.
    pub decided_for_days: Option<i64>,
    pub answer_promised_in_days: Option<i64>,
    pub answered: Option<Answered>,
    pub fictitious: bool,
    /// The communities that hold it too.
    #[serde(default)]
    pub joined_by: Vec<Joined>,
    /// It holds the imported statements.
    #[serde(default)]
    pub demonstration: bool,
    pub source: Option<Source>,
}

/// The answer to all of it; it uses the proposals that were answered one by one.
#[derive(Deserialize)]
pub struct Answered {
    pub days_ago: i64,
    pub text: Localized<Text>,
}

/// A community that holds a consultation of another too, with what it says of it.
#[derive(Deserialize)]
pub struct Joined {
    pub community: CommunityId,
    pub decided_by: Option<Localized<Text>>,
    pub used_for: Option<Localized<Text>>,
    pub answer_promised_in_days: Option<i64>,
}

#[derive(Deserialize)]
pub struct Source {
    pub text: Localized<Label>,
    pub url: Label,
    pub licence: Label,
}

#[derive(Deserialize)]
pub struct Proposal {
    pub consultation: String,
    /// Where it is made, when that is not whose consultation it was first.
    pub community: Option<CommunityId>,
    /// A position in the list of people.
    pub person: usize,
    pub title: Title,
    pub text: Option<Text>,
    pub subject: SubjectId,
    pub place: Option<Spot>,
    pub written_days_ago: i64,
    pub answer: Option<BTreeMap<Lang, Text>>,
    #[serde(default)]
    pub photos: Vec<String>,
    #[serde(default)]
    pub photo_alts: Vec<Label>,
    pub hidden_by_rule: Option<RuleId>,
    /// Positions in the list of people.
    #[serde(default)]
    pub supported_by: Vec<usize>,
    #[serde(default)]
    pub comments: Vec<Comment>,
    #[serde(default)]
    pub withdrawn: bool,
    pub forwarded_to: Option<Forwarded>,
}

/// To whom a proposal was passed on, and what only their office reads.
#[derive(Deserialize)]
pub struct Forwarded {
    pub community: CommunityId,
    pub note: Text,
}

#[derive(Deserialize)]
pub struct Comment {
    /// A position in the list of people.
    pub person: usize,
    pub stance: Stance,
    pub text: Text,
    pub days_after: i64,
}

/// A text, in its only version.
#[derive(Deserialize)]
pub struct DraftText {
    pub consultation: String,
    pub written_days_ago: i64,
    pub title: Localized<Title>,
    pub paragraphs: Vec<Localized<Text>>,
    #[serde(default)]
    pub amendments: Vec<Amendment>,
}

#[derive(Deserialize)]
pub struct Amendment {
    /// A position in the list of people.
    pub person: usize,
    /// From 1.
    pub paragraph: u32,
    pub language: Lang,
    pub wording: Text,
    pub reason: Option<Text>,
    pub days_after: i64,
}

/// A poll or a survey.
#[derive(Deserialize)]
pub struct Asked {
    pub consultation: String,
    pub written_days_ago: i64,
    pub closes_in_days: i64,
    pub poll: Option<Poll>,
    pub survey: Option<Questionnaire>,
    /// Each by a position in the list of people.
    #[serde(default)]
    pub ballots: Vec<(usize, Ballot)>,
    /// What is answered to the survey, by the same positions.
    #[serde(default)]
    pub responses: Vec<(usize, Later<Answers>)>,
    /// What an office typed in from its form.
    #[serde(default)]
    pub papers: Vec<Papers>,
}

/// Forms on paper with the same answers.
#[derive(Deserialize)]
pub struct Papers {
    /// Whose office typed them in, of a consultation that several hold; none: where it was opened.
    pub community: Option<CommunityId>,
    /// How many.
    pub times: usize,
    pub answers: Later<Answers>,
}

#[derive(Deserialize)]
pub struct Poll {
    pub question: Localized<Title>,
    pub text: Option<Localized<Text>>,
    pub choices: Vec<Localized<Label>>,
    pub method: Method,
    #[serde(default)]
    pub grades: Vec<Localized<Label>>,
}

#[derive(Deserialize)]
pub struct Questionnaire {
    pub title: Localized<Title>,
    pub survey: Later<Survey>,
}

pub fn texts() -> Result<Vec<DraftText>, Failure> {
    read(TEXTS)
}

pub fn asked() -> Result<Vec<Asked>, Failure> {
    read(ASKED)
}

pub fn damaged(what: impl std::fmt::Display) -> Failure {
    Failure::new(
        format!("The demonstration's files cannot be used: {what}."),
        "Nothing else was touched.",
        "This is a fault of this build; please report it.",
    )
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, Failure> {
    serde_json::from_slice(bytes).map_err(damaged)
}

pub fn consultations() -> Result<Vec<Consultation>, Failure> {
    read(CONSULTATIONS)
}

pub fn proposals() -> Result<Vec<Proposal>, Failure> {
    read(PROPOSALS)
}
