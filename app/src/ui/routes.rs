//! Which screen an address names. Both audiences' addresses in one place, so that a link
//! is written by the same type that reads it.

use std::fmt;

use domain::ids::{OpId, RecordId};

/// A screen.
#[derive(Clone, PartialEq, Debug)]
pub enum Route {
    /// The chosen community, or the choice of one.
    Here,
    /// The choice of a community.
    Choose,
    /// A community, by its slug.
    Community(String),
    /// How a community moderates.
    Moderation(String),
    /// What is proposed about a subject in a community, by its id.
    Subject(String, String),
    /// A consultation.
    Consultation(String, RecordId),
    /// A proposal, with what is said of it.
    Contribution(String, RecordId, RecordId),
    /// A poll in a consultation.
    Poll(String, RecordId, RecordId),
    /// A survey in a consultation.
    Survey(String, RecordId, RecordId),
    /// The same survey on paper.
    SurveyPaper(String, RecordId, RecordId),
    /// A text in a consultation.
    Text(String, RecordId, RecordId),
    /// Another wording for one of its paragraphs, by its number for ever.
    Amend(String, RecordId, RecordId, u32),
    /// Writing a proposal.
    Propose(String, RecordId),
    /// Reading it again before it leaves.
    Check(String, RecordId),
    /// To which consultation?
    ProposeWhere,
    /// Where everything stands.
    Trail,
    /// One thing in the trail.
    TrailItem(OpId),
    /// The code.
    SignIn,
    /// The person and the device.
    Me,
    /// Every component in every state.
    Styleguide,
    /// The desk's inbox, perhaps with an item.
    Inbox(Option<RecordId>),
    /// The desk's consultations.
    DeskConsultations,
    /// Opening one.
    DeskOpen,
    /// The answer to one as a whole.
    DeskConclude(RecordId),
    /// What one asks people: its polls and surveys.
    DeskAsked(RecordId),
    /// Opening a poll in one.
    DeskPoll(RecordId),
    /// Opening a survey in one.
    DeskSurvey(RecordId),
    /// What people answered to a survey.
    DeskResponses(RecordId, RecordId),
    /// What is printed of one.
    DeskPrint(RecordId),
    /// The bulletin of the month.
    DeskBulletin,
    /// What was committed to in one.
    DeskCommitments(RecordId),
    /// A commitment in it.
    DeskCommitment(RecordId, RecordId),
    /// The rules by which the desk hides.
    DeskRules,
    /// The templates with which the desk begins answers.
    DeskTemplates,
    /// The documents of one.
    DeskDocuments(RecordId),
    /// The texts of one.
    DeskTexts(RecordId),
    /// A new version of a text in it.
    DeskText(RecordId, RecordId),
    /// A text in it on paper.
    DeskTextPaper(RecordId, RecordId),
    /// Entering something for somebody in one.
    DeskEnter(RecordId),
    /// The slip of what was entered last in it.
    DeskSlip(RecordId),
    /// Taking back what was entered, by its code.
    DeskTakeBack,
    /// What has not left the desk's device.
    DeskOutbox,
    /// The desk's own sign-in, me and styleguide.
    Desk(Box<Route>),
    /// No such screen.
    Unknown,
}

fn parts(path: &str) -> Vec<&str> {
    path.split('/').filter(|part| !part.is_empty()).collect()
}

impl Route {
    /// Reads the path of an address.
    pub fn parse(path: &str) -> Self {
        match *parts(path) {
            ["desk", ref rest @ ..] => Self::parse_desk(rest),
            _ => Self::of_citizens(path),
        }
    }

    /// Reads the path of an address of the citizens' app, which need not know the others.
    pub fn of_citizens(path: &str) -> Self {
        let parts = parts(path);
        match parts[..] {
            [] => Self::Here,
            ["choose"] => Self::Choose,
            ["c", slug] => Self::Community(slug.to_owned()),
            ["c", slug, "moderation"] => Self::Moderation(slug.to_owned()),
            ["c", slug, "subject", id] => Self::Subject(slug.to_owned(), id.to_owned()),
            ["c", slug, id, ref rest @ ..] => match (id.parse(), rest) {
                (Ok(id), []) => Self::Consultation(slug.to_owned(), id),
                (Ok(id), ["propose"]) => Self::Propose(slug.to_owned(), id),
                (Ok(id), ["check"]) => Self::Check(slug.to_owned(), id),
                (Ok(id), rest) => Self::parse_record(slug, id, rest),
                _ => Self::Unknown,
            },
            ["propose"] => Self::ProposeWhere,
            ["trail"] => Self::Trail,
            ["trail", op] => op.parse().map_or(Self::Unknown, Self::TrailItem),
            _ => Self::shared(&parts),
        }
    }

    /// Something in a consultation.
    fn parse_record(slug: &str, consultation: RecordId, parts: &[&str]) -> Self {
        let (id, of): (_, fn(String, RecordId, RecordId) -> Self) = match *parts {
            [id] => (id, Self::Contribution),
            ["poll", id] => (id, Self::Poll),
            ["survey", id] => (id, Self::Survey),
            ["survey", id, "paper"] => (id, Self::SurveyPaper),
            ["text", id] => (id, Self::Text),
            ["text", id, paragraph] => {
                return match (id.parse(), paragraph.parse()) {
                    (Ok(id), Ok(paragraph)) => Self::Amend(slug.to_owned(), consultation, id, paragraph),
                    _ => Self::Unknown,
                };
            }
            _ => return Self::Unknown,
        };
        id.parse().map_or(Self::Unknown, |id| of(slug.to_owned(), consultation, id))
    }

    fn shared(parts: &[&str]) -> Self {
        match parts {
            ["sign-in"] => Self::SignIn,
            ["me"] => Self::Me,
            ["styleguide"] => Self::Styleguide,
            _ => Self::Unknown,
        }
    }

    fn parse_desk(parts: &[&str]) -> Self {
        match parts {
            [] => Self::Inbox(None),
            ["item", id] => id.parse().map_or(Self::Unknown, |id| Self::Inbox(Some(id))),
            ["consultations"] => Self::DeskConsultations,
            ["consultations", "new"] => Self::DeskOpen,
            ["consultations", id, act] => {
                let of: fn(RecordId) -> Self = match *act {
                    "answer" => Self::DeskConclude,
                    "asked" => Self::DeskAsked,
                    "poll" => Self::DeskPoll,
                    "survey" => Self::DeskSurvey,
                    "print" => Self::DeskPrint,
                    "documents" => Self::DeskDocuments,
                    "texts" => Self::DeskTexts,
                    "commitments" => Self::DeskCommitments,
                    "enter" => Self::DeskEnter,
                    "slip" => Self::DeskSlip,
                    _ => return Self::Unknown,
                };
                id.parse().map_or(Self::Unknown, of)
            }
            ["bulletin"] => Self::DeskBulletin,
            ["consultations", id, "commitments", record] => match (id.parse(), record.parse()) {
                (Ok(id), Ok(record)) => Self::DeskCommitment(id, record),
                _ => Self::Unknown,
            },
            ["consultations", id, "texts", record] => match (id.parse(), record.parse()) {
                (Ok(id), Ok(record)) => Self::DeskText(id, record),
                _ => Self::Unknown,
            },
            ["consultations", id, "texts", record, "paper"] => match (id.parse(), record.parse()) {
                (Ok(id), Ok(record)) => Self::DeskTextPaper(id, record),
                _ => Self::Unknown,
            },
            ["consultations", id, "survey", record] => match (id.parse(), record.parse()) {
                (Ok(id), Ok(record)) => Self::DeskResponses(id, record),
                _ => Self::Unknown,
            },
            ["rules"] => Self::DeskRules,
            ["templates"] => Self::DeskTemplates,
            ["take-back"] => Self::DeskTakeBack,
            ["outbox"] => Self::DeskOutbox,
            rest => match Self::shared(rest) {
                Self::Unknown => Self::Unknown,
                known => Self::Desk(Box::new(known)),
            },
        }
    }
}

impl Route {
    /// The address of a screen of the citizens' app, which need not know the others; none: it is another audience's.
    pub fn citizens_address(&self) -> Option<String> {
        Some(match self {
            Self::Here | Self::Unknown => String::from("/"),
            Self::Choose => String::from("/choose"),
            Self::Community(slug) => format!("/c/{slug}"),
            Self::Moderation(slug) => format!("/c/{slug}/moderation"),
            Self::Subject(slug, id) => format!("/c/{slug}/subject/{id}"),
            Self::Consultation(slug, id) => format!("/c/{slug}/{id}"),
            Self::Contribution(slug, id, record) => format!("/c/{slug}/{id}/{record}"),
            Self::Poll(slug, id, record) => format!("/c/{slug}/{id}/poll/{record}"),
            Self::Survey(slug, id, record) => format!("/c/{slug}/{id}/survey/{record}"),
            Self::SurveyPaper(slug, id, record) => format!("/c/{slug}/{id}/survey/{record}/paper"),
            Self::Text(slug, id, record) => format!("/c/{slug}/{id}/text/{record}"),
            Self::Amend(slug, id, record, paragraph) => {
                format!("/c/{slug}/{id}/text/{record}/{paragraph}")
            }
            Self::Propose(slug, id) => format!("/c/{slug}/{id}/propose"),
            Self::Check(slug, id) => format!("/c/{slug}/{id}/check"),
            Self::ProposeWhere => String::from("/propose"),
            Self::Trail => String::from("/trail"),
            Self::TrailItem(op) => format!("/trail/{op}"),
            Self::SignIn => String::from("/sign-in"),
            Self::Me => String::from("/me"),
            Self::Styleguide => String::from("/styleguide"),
            _ => return None,
        })
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(address) = self.citizens_address() {
            return f.write_str(&address);
        }
        match self {
            Self::Inbox(None) => f.write_str("/desk/"),
            Self::Inbox(Some(id)) => write!(f, "/desk/item/{id}"),
            Self::DeskConsultations => f.write_str("/desk/consultations"),
            Self::DeskOpen => f.write_str("/desk/consultations/new"),
            Self::DeskConclude(id) => write!(f, "/desk/consultations/{id}/answer"),
            Self::DeskAsked(id) => write!(f, "/desk/consultations/{id}/asked"),
            Self::DeskPoll(id) => write!(f, "/desk/consultations/{id}/poll"),
            Self::DeskSurvey(id) => write!(f, "/desk/consultations/{id}/survey"),
            Self::DeskResponses(id, record) => write!(f, "/desk/consultations/{id}/survey/{record}"),
            Self::DeskPrint(id) => write!(f, "/desk/consultations/{id}/print"),
            Self::DeskBulletin => f.write_str("/desk/bulletin"),
            Self::DeskCommitments(id) => write!(f, "/desk/consultations/{id}/commitments"),
            Self::DeskCommitment(id, record) => write!(f, "/desk/consultations/{id}/commitments/{record}"),
            Self::DeskRules => f.write_str("/desk/rules"),
            Self::DeskTemplates => f.write_str("/desk/templates"),
            Self::DeskDocuments(id) => write!(f, "/desk/consultations/{id}/documents"),
            Self::DeskTexts(id) => write!(f, "/desk/consultations/{id}/texts"),
            Self::DeskText(id, record) => write!(f, "/desk/consultations/{id}/texts/{record}"),
            Self::DeskTextPaper(id, record) => write!(f, "/desk/consultations/{id}/texts/{record}/paper"),
            Self::DeskEnter(id) => write!(f, "/desk/consultations/{id}/enter"),
            Self::DeskSlip(id) => write!(f, "/desk/consultations/{id}/slip"),
            Self::DeskTakeBack => f.write_str("/desk/take-back"),
            Self::DeskOutbox => f.write_str("/desk/outbox"),
            Self::Desk(shared) => write!(f, "/desk{shared}"),
            // The citizens': they have an address above.
            Self::Here
            | Self::Choose
            | Self::Community(_)
            | Self::Moderation(_)
            | Self::Subject(..)
            | Self::Consultation(..)
            | Self::Contribution(..)
            | Self::Poll(..)
            | Self::Survey(..)
            | Self::SurveyPaper(..)
            | Self::Text(..)
            | Self::Amend(..)
            | Self::Propose(..)
            | Self::Check(..)
            | Self::ProposeWhere
            | Self::Trail
            | Self::TrailItem(_)
            | Self::SignIn
            | Self::Me
            | Self::Styleguide
            | Self::Unknown => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_back_as_written() {
        let (slug, id) = ("laforce".to_owned(), RecordId([7; 16]));
        for route in [
            Route::Here,
            Route::Choose,
            Route::Community(slug.clone()),
            Route::Moderation(slug.clone()),
            Route::Subject(slug.clone(), "roads".to_owned()),
            Route::Consultation(slug.clone(), id),
            Route::Contribution(slug.clone(), id, RecordId([8; 16])),
            Route::Poll(slug.clone(), id, RecordId([8; 16])),
            Route::Survey(slug.clone(), id, RecordId([8; 16])),
            Route::SurveyPaper(slug.clone(), id, RecordId([8; 16])),
            Route::Text(slug.clone(), id, RecordId([8; 16])),
            Route::Amend(slug.clone(), id, RecordId([8; 16]), 12),
            Route::Propose(slug.clone(), id),
            Route::Check(slug, id),
            Route::ProposeWhere,
            Route::Trail,
            Route::TrailItem(OpId([1; 16])),
            Route::SignIn,
            Route::Me,
            Route::Styleguide,
            Route::Inbox(None),
            Route::Inbox(Some(id)),
            Route::DeskConsultations,
            Route::DeskOpen,
            Route::DeskConclude(id),
            Route::DeskAsked(id),
            Route::DeskPoll(id),
            Route::DeskSurvey(id),
            Route::DeskResponses(id, RecordId([8; 16])),
            Route::DeskPrint(id),
            Route::DeskBulletin,
            Route::DeskCommitments(id),
            Route::DeskCommitment(id, RecordId([8; 16])),
            Route::DeskRules,
            Route::DeskTemplates,
            Route::DeskDocuments(id),
            Route::DeskTexts(id),
            Route::DeskText(id, RecordId([8; 16])),
            Route::DeskTextPaper(id, RecordId([8; 16])),
            Route::DeskEnter(id),
            Route::DeskSlip(id),
            Route::DeskTakeBack,
            Route::DeskOutbox,
            Route::Desk(Box::new(Route::Me)),
        ] {
            assert_eq!(Route::parse(&route.to_string()), route);
        }
    }

    #[test]
    fn what_names_nothing_is_unknown() {
        for path in ["/c/laforce/nothing", "/trail/x", "/desk/item/x", "/elsewhere", "/desk/trail"] {
            assert_eq!(Route::parse(path), Route::Unknown, "{path}");
        }
    }
}
