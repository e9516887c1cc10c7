//! What the desk's list shows, and whether what the office writes can leave.

use domain::ids::{RecordId, SubjectId};
use domain::operations::{GRACE_MAX, OpenConsultation};
use domain::order;
use domain::phases::Phases;
use domain::records::{DeskItem, DeskState, Record};
use domain::search::{Index, Normalize};
use domain::text::{Lang, Localized, Text, Title};
use domain::time::{HOUR, Millis};

/// Which items are shown by their state.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Shown {
    /// All of them.
    #[default]
    All,
    /// Without an answer.
    New,
    /// With one.
    Answered,
    /// Hidden by a rule.
    Hidden,
    /// Taken back.
    Withdrawn,
}

impl Shown {
    /// In the order of the list.
    pub const ALL: [Shown; 5] = [Self::All, Self::New, Self::Answered, Self::Hidden, Self::Withdrawn];

    /// For the value of an option.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::New => "new",
            Self::Answered => "answered",
            Self::Hidden => "hidden",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Self {
        Self::ALL.into_iter().find(|shown| shown.name() == name).unwrap_or_default()
    }

    fn admits(self, state: &DeskState) -> bool {
        match self {
            Self::All => true,
            Self::New => *state == DeskState::New,
            Self::Answered => *state == DeskState::Answered,
            Self::Hidden => matches!(state, DeskState::Hidden(_)),
            Self::Withdrawn => *state == DeskState::Withdrawn,
        }
    }
}

/// What is asked of the inbox.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Wanted {
    /// By state.
    pub shown: Shown,
    /// About this only.
    pub subject: Option<SubjectId>,
    /// Of this consultation only.
    pub consultation: Option<RecordId>,
    /// Words, in the proposal or the name.
    pub query: String,
}

/// The items with the index that finds them.
#[derive(Default)]
pub struct Inbox {
    /// Newest first.
    pub items: Vec<DeskItem>,
    index: Index,
}

impl Inbox {
    /// From the records of a desk's scope.
    pub fn read<'a>(records: impl IntoIterator<Item = &'a Record>, normalize: Normalize) -> Self {
        let items = records.into_iter().filter_map(|record| match record {
            Record::DeskItem(item) => Some(item.clone()),
            _ => None,
        });
        let mut items: Vec<_> = items.collect();
        order::by(&mut items, |item| (order::latest(item.received_at), String::new()));
        let texts: Vec<String> = items
            .iter()
            .map(|item| {
                let text = item.contribution.text().map_or("", |text| text.as_str());
                format!("{} {text} {} {}", item.contribution.title(), item.name, item.receipt)
            })
            .collect();
        let index = Index::build(texts.iter().map(String::as_str), normalize);
        Self { items, index }
    }

    /// How many of these records wait for an answer.
    pub fn count<'a>(records: impl IntoIterator<Item = &'a Record>) -> usize {
        let new = |record: &&Record| matches!(record, Record::DeskItem(item) if item.state == DeskState::New);
        records.into_iter().filter(new).count()
    }

    /// How many wait for an answer.
    pub fn to_answer(&self) -> usize {
        self.items.iter().filter(|item| item.state == DeskState::New).count()
    }

    /// Those that are wanted, in order.
    pub fn find(&self, wanted: &Wanted, normalize: Normalize) -> Vec<DeskItem> {
        let places = if wanted.query.trim().is_empty() {
            (0..self.items.len()).collect()
        } else {
            self.index.find(&wanted.query, normalize)
        };
        let items = places.into_iter().filter_map(|at| self.items.get(at));
        let admitted = items.filter(|item| {
            wanted.shown.admits(&item.state)
                && wanted.subject.as_ref().is_none_or(|subject| Some(subject) == item.contribution.subject())
                && wanted.consultation.is_none_or(|id| id == item.contribution.consultation)
        });
        admitted.cloned().collect()
    }
}

/// What keeps an answer from leaving.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AnswerProblem {
    /// The community's own language is missing.
    Missing(Lang),
    /// Too long in this language.
    Long(Lang),
}

/// An answer from its two boxes. The community's first language must be there.
pub fn answer(first: &Lang, written: &[(Lang, String)]) -> Result<Localized<Text>, Vec<AnswerProblem>> {
    let mut problems = Vec::new();
    let mut texts = Vec::new();
    for (lang, text) in written {
        if text.trim().is_empty() {
            if lang == first {
                problems.push(AnswerProblem::Missing(lang.clone()));
            }
            continue;
        }
        match text.trim().parse::<Text>() {
            Ok(text) => texts.push((lang.clone(), text)),
            Err(_) => problems.push(AnswerProblem::Long(lang.clone())),
        }
    }
    if problems.is_empty() { Localized::new(texts).map_err(|_| problems) } else { Err(problems) }
}

/// The form that opens a consultation, as typed.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct OpenForm {
    /// In each language.
    pub titles: Vec<(Lang, String)>,
    /// In each language.
    pub summaries: Vec<(Lang, String)>,
    /// From the native inputs.
    pub closes_at: Option<Millis>,
    /// For those who were offline.
    pub grace_hours: i64,
    /// None: not promised, or not typed.
    pub answer_by: Option<Millis>,
}

/// What keeps a consultation from opening.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpenProblem {
    /// A title is missing or too long.
    Title,
    /// A summary is missing or too long.
    Summary,
    /// No closing date, or one that has passed.
    Closes,
    /// The answer is promised before the end.
    Promise,
}

fn localized<T: std::str::FromStr>(texts: &[(Lang, String)]) -> Option<Localized<T>> {
    let read = texts.iter().map(|(lang, text)| Some((lang.clone(), text.trim().parse().ok()?)));
    Localized::new(read.collect::<Option<Vec<_>>>()?).ok()
}

/// The operation, or every problem in the order of the form.
pub fn open(form: &OpenForm, now: Millis) -> Result<OpenConsultation, Vec<OpenProblem>> {
    let title = localized::<Title>(&form.titles);
    let summary = localized::<Text>(&form.summaries);
    let closes_at = form.closes_at.filter(|at| *at > now);
    let early = matches!((form.answer_by, closes_at), (Some(by), Some(closes)) if by < closes);
    let problems: Vec<_> = [
        title.is_none().then_some(OpenProblem::Title),
        summary.is_none().then_some(OpenProblem::Summary),
        closes_at.is_none().then_some(OpenProblem::Closes),
        early.then_some(OpenProblem::Promise),
    ]
    .into_iter()
    .flatten()
    .collect();
    match (title, summary, closes_at) {
        (Some(title), Some(summary), Some(closes_at)) if problems.is_empty() => {
            let phases = Phases::contribute(now, closes_at).map_err(|_| vec![OpenProblem::Closes])?;
            Ok(OpenConsultation {
                grace: (form.grace_hours * HOUR).clamp(0, GRACE_MAX),
                answer_by: form.answer_by,
                ..OpenConsultation::new(title, summary, phases)
            })
        }
        _ => Err(problems),
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
