//! What people put into the fields of a survey, as answers; and what is wrong with them, in the form's
//! own terms.

use domain::ids::ChoiceId;
use domain::surveys::{Answer, Answers, Question, Reason};

/// Whether a choice is among those of an answer.
pub fn is_chosen(answer: Option<&Answer>, choice: &ChoiceId) -> bool {
    match answer {
        Some(Answer::Choice(chosen)) => chosen == choice,
        Some(Answer::Choices(all) | Answer::Ranking(all)) => all.contains(choice),
        _ => false,
    }
}

/// Several choices with one more, or one less.
pub fn toggled(answer: Option<&Answer>, choice: &ChoiceId, on: bool) -> Answer {
    let mut all = match answer {
        Some(Answer::Choices(all)) => all.clone(),
        _ => Vec::new(),
    };
    all.retain(|known| known != choice);
    if on {
        all.push(choice.clone());
    }
    Answer::Choices(all)
}

/// The place of a choice in a ranking, from 1.
pub fn rank(answer: Option<&Answer>, choice: &ChoiceId) -> Option<usize> {
    match answer {
        Some(Answer::Ranking(all)) => all.iter().position(|known| known == choice).map(|at| at + 1),
        _ => None,
    }
}

/// A ranking in which a choice has this place; the others keep their order.
pub fn ranked(answer: Option<&Answer>, choice: &ChoiceId, place: Option<usize>) -> Answer {
    let mut all = match answer {
        Some(Answer::Ranking(all)) => all.clone(),
        _ => Vec::new(),
    };
    all.retain(|known| known != choice);
    if let Some(place) = place {
        let at = place.saturating_sub(1).min(all.len());
        all.insert(at, choice.clone());
    }
    Answer::Ranking(all)
}

/// Puts an answer, or takes it back.
pub fn put(answers: &mut Answers, question: &Question, answer: Option<Answer>) {
    match answer {
        Some(answer) if !answer.is_blank() => answers.put(question.id.clone(), answer),
        _ => drop(answers.remove(&question.id)),
    }
}

/// Answers from the text that they are kept as while somebody fills them in.
pub fn kept(text: &str) -> Answers {
    serde_json::from_str(text).unwrap_or_default()
}

/// The text that they are kept as.
pub fn text(answers: &Answers) -> String {
    serde_json::to_string(answers).unwrap_or_default()
}

/// What is wrong, as far as a form can come to it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// Nothing was answered.
    Missing,
    /// More words than fit.
    Long,
    /// A number or a day out of its bounds.
    Bounds,
    /// Too few or too many choices.
    Number,
    /// No such answer.
    Other,
}

/// A reason in the form's terms.
pub fn wrong(reason: &Reason) -> Wrong {
    match reason {
        Reason::Missing | Reason::RowMissing(_) => Wrong::Missing,
        Reason::TooLong(_) => Wrong::Long,
        Reason::TooFew(_) | Reason::TooMany(_) => Wrong::Number,
        Reason::Below(_) | Reason::Above(_) | Reason::TooPrecise(_) => Wrong::Bounds,
        Reason::TooEarly(_) | Reason::TooLate(_) => Wrong::Bounds,
        _ => Wrong::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ChoiceId {
        text.parse().unwrap()
    }

    #[test]
    fn choices_are_taken_and_given_back() {
        let one = toggled(None, &id("a"), true);
        let two = toggled(Some(&one), &id("b"), true);
        assert!(is_chosen(Some(&two), &id("a")) && is_chosen(Some(&two), &id("b")));
        assert_eq!(toggled(Some(&two), &id("a"), false), Answer::Choices(vec![id("b")]));
    }

    #[test]
    fn a_ranking_closes_up_when_a_choice_moves() {
        let all =
            ["a", "b", "c"].into_iter().enumerate().fold(None, |answer: Option<Answer>, (at, choice)| {
                Some(ranked(answer.as_ref(), &id(choice), Some(at + 1)))
            });
        let moved = ranked(all.as_ref(), &id("c"), Some(1));
        assert_eq!(moved, Answer::Ranking(vec![id("c"), id("a"), id("b")]));
        assert_eq!(rank(Some(&moved), &id("b")), Some(3));
        assert_eq!(ranked(Some(&moved), &id("c"), None), Answer::Ranking(vec![id("a"), id("b")]));
    }

    #[test]
    fn what_is_kept_is_read_back_and_what_cannot_be_read_is_nothing() {
        let mut answers = Answers::default();
        answers.put("q".parse().unwrap(), toggled(None, &id("a"), true));
        assert_eq!(kept(&text(&answers)), answers);
        assert_eq!(kept("{"), Answers::default());
    }
}
