//! What the office does with one contribution or with several: the operations, or what is missing.

use domain::ids::SubjectId;
use domain::operations::{Action, Answer, Approve, File, Mark, Progress};
use domain::records::DeskItem;
use domain::text::{Lang, Localized, Text};
use domain::time::Millis;

use super::answers::{self, AnswerProblem};
use super::list::{awaits_approval, stands};

/// The names of the steps, in their order, as a form has them.
pub const STEPS: [&str; 6] = ["read", "in_discussion", "on_agenda", "decided", "done", "declined"];

/// The name of a step.
pub fn name(progress: &Progress) -> &'static str {
    match progress {
        Progress::Read => "read",
        Progress::InDiscussion => "in_discussion",
        Progress::OnAgenda(_) => "on_agenda",
        Progress::Decided => "decided",
        Progress::Done => "done",
        Progress::Declined(_) => "declined",
    }
}

/// What keeps a step from being said.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum StepProblem {
    /// Nothing was chosen.
    None,
    /// On the agenda of which day?
    Day,
    /// Declined for which reason?
    Reason(Vec<AnswerProblem>),
}

/// A step from its form.
pub fn progress(
    step: &str,
    day: Option<Millis>,
    first: &Lang,
    reason: &[(Lang, String)],
) -> Result<Progress, StepProblem> {
    match step {
        "read" => Ok(Progress::Read),
        "in_discussion" => Ok(Progress::InDiscussion),
        "on_agenda" => day.map(Progress::OnAgenda).ok_or(StepProblem::Day),
        "decided" => Ok(Progress::Decided),
        "done" => Ok(Progress::Done),
        "declined" => answers::answer(first, reason).map(Progress::Declined).map_err(StepProblem::Reason),
        _ => Err(StepProblem::None),
    }
}

/// What is done with several at once.
#[derive(Clone, PartialEq, Debug)]
pub enum Bulk {
    /// They appear.
    Approve,
    /// They stand there now.
    Mark(Progress),
    /// They are about this.
    File(SubjectId),
    /// They are answered with the same words.
    Answer(Localized<Text>),
}

/// One operation for each item that it changes.
pub fn plan<'a>(items: impl IntoIterator<Item = &'a DeskItem>, bulk: &Bulk) -> Vec<Action> {
    items.into_iter().filter(|item| concerns(bulk, item)).filter_map(|item| one(item, bulk)).collect()
}

/// What waits for approval is approved, and nothing else is done with it.
fn concerns(bulk: &Bulk, item: &DeskItem) -> bool {
    if *bulk == Bulk::Approve { awaits_approval(item) } else { stands(item) }
}

fn one(item: &DeskItem, bulk: &Bulk) -> Option<Action> {
    let (consultation, record) = (item.contribution.consultation, item.contribution.id);
    match bulk {
        Bulk::Approve => Some(Action::Approve(Approve { consultation, record })),
        Bulk::Mark(progress) => {
            let there = item.step.as_ref().map(|step| &step.progress);
            let same = there == Some(progress) || (*progress == Progress::Read && there.is_some());
            let mark = Mark { consultation, record, progress: progress.clone() };
            (!same).then_some(Action::Mark(mark))
        }
        Bulk::File(subject) => {
            let other = item.contribution.subject().is_some_and(|there| there != subject);
            other.then(|| Action::File(File { consultation, record, subject: subject.clone() }))
        }
        Bulk::Answer(text) => Some(Action::Answer(Answer { consultation, record, text: text.clone() })),
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{comment, lang, proposal, step};
    use super::*;
    use domain::records::DeskState;

    #[test]
    fn a_step_says_what_it_still_needs() {
        let fr = lang("fr");
        let read = |step: &str, reason: &str| {
            progress(step, None, &fr, &[(fr.clone(), reason.to_owned())]).map(|step| name(&step))
        };
        for known in STEPS {
            let said = progress(known, Some(Millis(1)), &fr, &[(fr.clone(), "Trop cher.".to_owned())]);
            assert_eq!(said.map(|step| name(&step)), Ok(known));
        }
        assert_eq!(read("", ""), Err(StepProblem::None));
        assert_eq!(read("on_agenda", ""), Err(StepProblem::Day));
        assert!(matches!(read("declined", " "), Err(StepProblem::Reason(_))));
    }

    #[test]
    fn each_item_that_changes_gets_one_operation() {
        let mut withdrawn = proposal(4, "d", 4);
        withdrawn.state = DeskState::Withdrawn;
        let items = [
            proposal(1, "a", 1),
            step(proposal(2, "b", 2), Progress::InDiscussion),
            comment(3, 1, 3),
            withdrawn,
        ];
        let mut awaiting = proposal(5, "e", 5);
        awaiting.state = DeskState::Awaiting;
        assert!(matches!(plan([&awaiting, &items[0]], &Bulk::Approve)[..], [Action::Approve(_)]));
        assert!(plan([&awaiting], &Bulk::Mark(Progress::Read)).is_empty());
        let text = Localized::new([(lang("fr"), "Oui.".parse().unwrap())]).unwrap();
        let count = |bulk: Bulk| plan(&items, &bulk).len();
        assert_eq!(count(Bulk::Mark(Progress::Read)), 2, "what was discussed has been read");
        assert_eq!(count(Bulk::Mark(Progress::InDiscussion)), 2);
        assert_eq!(count(Bulk::File("leisure".parse().unwrap())), 2, "a comment has no subject");
        assert_eq!(count(Bulk::File("roads".parse().unwrap())), 0);
        assert_eq!(count(Bulk::Answer(text)), 3);
    }
}
