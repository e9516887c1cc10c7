//! The form that opens a consultation: what was typed, and whether it can open.

use domain::ids::CommunityId;
use domain::operations::{GRACE_MAX, Model, OpenConsultation};
use domain::phases::{Form, Period, Phase, PhaseProblem, Phases};
use domain::text::{Text, Title};
use domain::time::{HOUR, Millis};

use super::texts::{Texts, is_open, localized, optional};

/// Words that most people read in a minute.
const PACE: usize = 200;
/// Beyond this many words, few read to the end.
pub const LONG: usize = 450;

/// One phase as typed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dates {
    /// Which.
    pub phase: Phase,
    /// Its first day.
    pub from: Option<Millis>,
    /// The end of its last day.
    pub until: Option<Millis>,
}

/// The form, as typed.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct OpenForm {
    /// What is asked.
    pub titles: Texts,
    /// What it is about.
    pub summaries: Texts,
    /// Who decides; may be left out.
    pub decided_by: Texts,
    /// What is done with the contributions; may be left out.
    pub used_for: Texts,
    /// What people may do.
    pub takes: Vec<Form>,
    /// From the native inputs, where there is one phase only.
    pub closes_at: Option<Millis>,
    /// Where there are several.
    pub phases: Option<Vec<Dates>>,
    /// For those who were offline.
    pub grace_hours: i64,
    /// None: not promised, or not typed.
    pub answer_by: Option<Millis>,
    /// The consultation of another community whose words it began from.
    pub adapted_from: Option<Model>,
    /// The communities that are invited to hold it too.
    pub shared_with: Vec<CommunityId>,
}

/// What keeps a consultation from opening.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OpenProblem {
    /// A title is missing or too long.
    Title,
    /// A summary is missing or too long.
    Summary,
    /// This place of a template is still open: in a title, a summary, or the text of that field.
    Place(Field),
    /// Who decides is too long.
    DecidedBy,
    /// What is done with the contributions is too long.
    UsedFor,
    /// People may do nothing, or comment on and support what nobody may propose.
    Takes,
    /// No closing date, or one that has passed.
    Closes,
    /// A phase has one date only.
    Half(Phase),
    /// The course of phases is none.
    Course(PhaseProblem),
    /// The answer is promised before the end.
    Promise,
}

/// A field with words.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Field {
    /// What is asked.
    Title,
    /// What it is about.
    Summary,
    /// Who decides.
    DecidedBy,
    /// What is done with the contributions.
    UsedFor,
}

impl OpenProblem {
    /// In which step of the form it is mended: what is asked, who decides, when.
    pub fn step(self) -> usize {
        match self {
            Self::Title | Self::Summary | Self::Place(Field::Title | Field::Summary) => 0,
            Self::DecidedBy
            | Self::UsedFor
            | Self::Takes
            | Self::Place(Field::DecidedBy | Field::UsedFor) => 1,
            Self::Closes | Self::Half(_) | Self::Course(_) | Self::Promise => 2,
        }
    }
}

/// The course, from one date or from several.
fn course(form: &OpenForm, now: Millis) -> Result<Phases, OpenProblem> {
    let Some(dates) = &form.phases else {
        let closes = form.closes_at.filter(|at| *at > now).ok_or(OpenProblem::Closes)?;
        return Phases::contribute(now, closes).map_err(OpenProblem::Course);
    };
    let mut periods = Vec::new();
    for dates in dates {
        match (dates.from, dates.until) {
            (Some(from), Some(until)) => periods.push(Period { phase: dates.phase, from, until }),
            // What begins now has no date to begin.
            (None, Some(until)) if dates.phase == Phase::Contribute && periods.is_empty() => {
                periods.push(Period { phase: dates.phase, from: now, until });
            }
            (None, None) => {}
            _ => return Err(OpenProblem::Half(dates.phase)),
        }
    }
    let phases = Phases::new(periods).map_err(OpenProblem::Course)?;
    if phases.open_for(Form::Proposals).1 <= now { Err(OpenProblem::Closes) } else { Ok(phases) }
}

/// The operation, or every problem in the order of the form.
pub fn open(form: &OpenForm, now: Millis) -> Result<OpenConsultation, Vec<OpenProblem>> {
    let title = localized::<Title>(&form.titles);
    let summary = localized::<Text>(&form.summaries);
    let (decided_by, used_for) = (optional::<Text>(&form.decided_by), optional::<Text>(&form.used_for));
    let phases = course(form, now);
    let closes_at = phases.as_ref().ok().map(|phases| phases.open_for(Form::Proposals).1);
    let early = matches!((form.answer_by, closes_at), (Some(by), Some(closes)) if by < closes);
    let place = |field, texts| is_open(texts).then_some(OpenProblem::Place(field));
    let problems: Vec<_> = [
        title.is_none().then_some(OpenProblem::Title).or(place(Field::Title, &form.titles)),
        summary.is_none().then_some(OpenProblem::Summary).or(place(Field::Summary, &form.summaries)),
        decided_by.is_err().then_some(OpenProblem::DecidedBy).or(place(Field::DecidedBy, &form.decided_by)),
        used_for.is_err().then_some(OpenProblem::UsedFor).or(place(Field::UsedFor, &form.used_for)),
        (![Form::Proposals, Form::Amendments].iter().any(|new| form.takes.contains(new)))
            .then_some(OpenProblem::Takes),
        phases.as_ref().err().copied(),
        early.then_some(OpenProblem::Promise),
    ]
    .into_iter()
    .flatten()
    .collect();
    match (title, summary, phases) {
        (Some(title), Some(summary), Ok(phases)) if problems.is_empty() => Ok(OpenConsultation {
            grace: (form.grace_hours * HOUR).clamp(0, GRACE_MAX),
            takes: form.takes.clone(),
            decided_by: decided_by.unwrap_or_default(),
            used_for: used_for.unwrap_or_default(),
            answer_by: form.answer_by,
            adapted_from: form.adapted_from.clone(),
            shared_with: form.shared_with.clone(),
            ..OpenConsultation::new(title, summary, phases)
        }),
        _ => Err(problems),
    }
}

/// How long a text takes: whole minutes, at least one; and whether it is long.
pub fn reading(text: &str) -> Option<(usize, bool)> {
    let words = text.split_whitespace().count();
    (words > 0).then(|| (words.div_ceil(PACE).max(1), words > LONG))
}

#[cfg(test)]
mod tests {
    use super::super::testing::lang;
    use super::*;

    fn both(text: &str) -> Texts {
        vec![(lang("fr"), text.to_owned()), (lang("en"), text.to_owned())]
    }

    fn form() -> OpenForm {
        OpenForm {
            titles: both("Q"),
            summaries: both("S"),
            takes: Form::ALL.to_vec(),
            closes_at: Some(Millis(10)),
            grace_hours: 48,
            ..OpenForm::default()
        }
    }

    fn dates(phase: Phase, from: i64, until: i64) -> Dates {
        Dates { phase, from: Some(Millis(from)), until: Some(Millis(until)) }
    }

    #[test]
    fn a_consultation_opens_whole_or_says_everything_that_is_missing() {
        let opened = open(&form(), Millis(5)).unwrap();
        assert_eq!(opened.phases.open_for(Form::Proposals).1.plus(opened.grace), Millis(10 + 48 * HOUR));
        assert_eq!((opened.decided_by, opened.used_for), (None, None));
        let early = OpenForm { answer_by: Some(Millis(9)), ..form() };
        assert_eq!(open(&early, Millis(5)), Err(vec![OpenProblem::Promise]));
        let empty = open(&OpenForm { titles: both(""), ..OpenForm::default() }, Millis(5));
        use OpenProblem::{Closes, Summary, Takes, Title};
        assert_eq!(empty, Err(vec![Title, Summary, Takes, Closes]));
    }

    #[test]
    fn who_decides_may_be_said_in_one_language() {
        let mut form = form();
        form.decided_by = both("Le conseil");
        form.decided_by[1].1.clear();
        assert_eq!(open(&form, Millis(5)).unwrap().decided_by.unwrap().iter().count(), 1);
        form.used_for = both(&"a".repeat(5_001));
        assert_eq!(open(&form, Millis(5)), Err(vec![OpenProblem::UsedFor]));
    }

    #[test]
    fn comments_need_something_to_comment_on() {
        let takes = vec![Form::Comments, Form::Support];
        assert_eq!(open(&OpenForm { takes, ..form() }, Millis(5)), Err(vec![OpenProblem::Takes]));
    }

    #[test]
    fn a_template_is_not_published_with_its_open_places() {
        let form = OpenForm { summaries: both("Le [nom de la rue] penche."), ..form() };
        assert_eq!(open(&form, Millis(5)), Err(vec![OpenProblem::Place(Field::Summary)]));
    }

    #[test]
    fn several_phases_are_a_course_or_the_phase_that_is_wrong_is_named() {
        use Phase::{Contribute, Decide, Discuss, Inform};
        let with = |phases: &[Dates]| {
            let form = OpenForm { phases: Some(phases.to_vec()), closes_at: None, ..form() };
            open(&form, Millis(5)).map(|open| open.phases.iter().count())
        };
        let course = |problem| Err(vec![OpenProblem::Course(problem)]);
        assert_eq!(with(&[dates(Inform, 5, 8), dates(Contribute, 8, 20), dates(Decide, 25, 30)]), Ok(3));
        let now = Dates { phase: Contribute, from: None, until: Some(Millis(9)) };
        assert_eq!(with(&[now, Dates { phase: Discuss, from: None, until: None }]), Ok(1));
        assert_eq!(with(&[]), course(PhaseProblem::NoContribute));
        assert_eq!(with(&[dates(Contribute, 9, 8)]), course(PhaseProblem::Ends(Contribute)));
        assert_eq!(
            with(&[dates(Contribute, 8, 20), dates(Discuss, 19, 30)]),
            course(PhaseProblem::Overlap(Discuss))
        );
        let half = Dates { until: None, ..dates(Discuss, 20, 30) };
        assert_eq!(with(&[dates(Contribute, 8, 20), half]), Err(vec![OpenProblem::Half(Discuss)]));
        assert_eq!(with(&[dates(Contribute, 1, 4)]), Err(vec![OpenProblem::Closes]));
    }

    #[test]
    fn reading_is_said_in_whole_minutes() {
        assert_eq!(reading(" "), None);
        assert_eq!(reading("un deux trois"), Some((1, false)));
        assert_eq!(reading(&"mot ".repeat(401)), Some((3, false)));
        assert_eq!(reading(&"mot ".repeat(451)), Some((3, true)));
    }
}
