//! The form that opens a poll: what was typed, and whether it can open.

use domain::ids::RecordId;
use domain::operations::OpenPoll;
use domain::tallies::{CHOICES_MAX, CHOICES_MIN, GRADES_MAX, GRADES_MIN, Method};
use domain::text::{Label, Localized, Text, Title};
use domain::time::Millis;

use super::texts::{ListProblem, Texts, is_open, list, localized, optional};

/// The methods, as they are named on the wire.
pub const METHODS: [(Method, &str); 4] = [
    (Method::Plurality, "plurality"),
    (Method::Approval, "approval"),
    (Method::MajorityJudgment, "majority_judgment"),
    (Method::Schulze, "schulze"),
];

/// The grades that stand there at first, in French and in English, the worst first.
pub const GRADES: [&str; 2] = [
    "À rejeter\nInsuffisante\nPassable\nAssez bonne\nBonne\nTrès bonne",
    "To be rejected\nPoor\nAcceptable\nFairly good\nGood\nVery good",
];

/// The form, as typed.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct PollForm {
    /// What is asked.
    pub questions: Texts,
    /// What one should know; may be left out.
    pub texts: Texts,
    /// One choice a line.
    pub choices: Texts,
    /// How it is counted, by its name.
    pub method: String,
    /// For majority judgment: one grade a line, the worst first.
    pub grades: Texts,
    /// From the native input.
    pub closes_at: Option<Millis>,
}

/// What keeps a poll from opening.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PollProblem {
    /// The question is missing, too long, or still has a place of a template.
    Question,
    /// What one should know is too long.
    Text,
    /// The choices are no list.
    Choices(ListProblem),
    /// Fewer than [`CHOICES_MIN`] choices, or more than [`CHOICES_MAX`].
    ChoicesCount,
    /// No method is chosen.
    Method,
    /// The grades are no list.
    Grades(ListProblem),
    /// Fewer than [`GRADES_MIN`] grades, or more than [`GRADES_MAX`].
    GradesCount,
    /// No closing date, or one that has passed.
    Closes,
}

fn few(
    texts: &Texts,
    (least, most): (u8, u8),
    unread: fn(ListProblem) -> PollProblem,
    count: PollProblem,
) -> Result<Vec<Localized<Label>>, PollProblem> {
    let all = list(texts).map_err(unread)?;
    if (usize::from(least)..=usize::from(most)).contains(&all.len()) { Ok(all) } else { Err(count) }
}

/// The operation, or every problem in the order of the form.
pub fn open(form: &PollForm, consultation: RecordId, now: Millis) -> Result<OpenPoll, Vec<PollProblem>> {
    let question = localized::<Title>(&form.questions).filter(|_| !is_open(&form.questions));
    let text = optional::<Text>(&form.texts);
    let bounds = (CHOICES_MIN, CHOICES_MAX);
    let choices = few(&form.choices, bounds, PollProblem::Choices, PollProblem::ChoicesCount);
    let method = METHODS.iter().find(|(_, name)| *name == form.method).map(|(method, _)| *method);
    let grades = match method {
        Some(Method::MajorityJudgment) => {
            few(&form.grades, (GRADES_MIN, GRADES_MAX), PollProblem::Grades, PollProblem::GradesCount)
        }
        _ => Ok(Vec::new()),
    };
    let closes_at = form.closes_at.filter(|at| *at > now);
    match (question, text, choices, method, grades, closes_at) {
        (Some(question), Ok(text), Ok(choices), Some(method), Ok(grades), Some(closes_at)) => {
            Ok(OpenPoll { consultation, question, text, choices, method, grades, opens_at: now, closes_at })
        }
        (question, text, choices, method, grades, closes_at) => Err([
            question.is_none().then_some(PollProblem::Question),
            text.is_err().then_some(PollProblem::Text),
            choices.err(),
            method.is_none().then_some(PollProblem::Method),
            grades.err(),
            closes_at.is_none().then_some(PollProblem::Closes),
        ]
        .into_iter()
        .flatten()
        .collect()),
    }
}

#[cfg(test)]
mod tests {
    use domain::tallies::check_poll;

    use super::super::testing::{id, lang};
    use super::*;

    fn both(fr: &str, en: &str) -> Texts {
        vec![(lang("fr"), fr.to_owned()), (lang("en"), en.to_owned())]
    }

    fn form() -> PollForm {
        PollForm {
            questions: both("Où?", "Where?"),
            choices: both("Au quai\nAu parc", "At the quay\nAt the park"),
            method: "approval".to_owned(),
            grades: both(GRADES[0], GRADES[1]),
            closes_at: Some(Millis(10)),
            ..PollForm::default()
        }
    }

    fn wrong(form: &PollForm) -> Vec<PollProblem> {
        open(form, id(1), Millis(5)).unwrap_err()
    }

    #[test]
    fn a_poll_opens_whole_by_every_method_or_says_what_is_missing() {
        for (method, name) in METHODS {
            let poll = open(&PollForm { method: name.to_owned(), ..form() }, id(1), Millis(5)).unwrap();
            let counts = [poll.choices.len(), poll.grades.len()].map(|count| u8::try_from(count).unwrap());
            assert_eq!((poll.method, check_poll(method, counts[0], counts[1])), (method, Ok(())));
            assert_eq!(poll.grades.len(), if method == Method::MajorityJudgment { 6 } else { 0 });
            assert_eq!(serde_json::to_value(method).unwrap(), name);
        }
        use PollProblem::{ChoicesCount, Closes, Method as Way, Question};
        assert_eq!(wrong(&PollForm::default()), [Question, ChoicesCount, Way, Closes]);
    }

    #[test]
    fn what_is_wrong_is_told_where_it_can_be_mended() {
        let open = both("Où va le [lieu]?", "Where?");
        assert_eq!(wrong(&PollForm { questions: open, ..form() }), [PollProblem::Question]);
        let choices = both("Au quai\nAu parc", "At the quay");
        let uneven = ListProblem::Uneven { lang: lang("en"), lines: 1, first: 2 };
        assert_eq!(wrong(&PollForm { choices, ..form() }), [PollProblem::Choices(uneven)]);
        let many: String = (0..=CHOICES_MAX).map(|at| format!("{at}\n")).collect();
        assert_eq!(wrong(&PollForm { choices: both(&many, &many), ..form() }), [PollProblem::ChoicesCount]);
        let (method, grades) = ("majority_judgment".to_owned(), both("Oui\nNon", "Yes\nNo"));
        assert_eq!(wrong(&PollForm { method, grades, ..form() }), [PollProblem::GradesCount]);
        assert_eq!(wrong(&PollForm { closes_at: Some(Millis(5)), ..form() }), [PollProblem::Closes]);
        let texts = both(&"a".repeat(5_001), "");
        assert_eq!(wrong(&PollForm { texts, ..form() }), [PollProblem::Text]);
    }
}
