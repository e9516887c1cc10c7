//! What people answered to a survey, question by question: whose an answer is, and what else that person
//! answered, is not told.

use domain::ids::ChoiceId;
use domain::operations::Photo;
use domain::order;
use domain::surveys::{Answer, Answers, Asks, Choice, Question, Survey};

/// The answers to one question.
#[derive(Clone, PartialEq, Debug)]
pub struct Said<'s> {
    /// The question.
    pub question: &'s Question,
    /// How many answered it.
    pub answered: usize,
    /// What people wrote, in the order of the alphabet, which tells nothing.
    pub words: Vec<String>,
    /// What they photographed, in the order of the files' names.
    pub photos: Vec<Photo>,
    /// How many chose each of the choices, in their order: in a ranking, how many put it first.
    pub chosen: Vec<(&'s Choice, usize)>,
    /// The answers to each row of a matrix: how many chose each of the columns.
    pub rows: Vec<(&'s Choice, Vec<(&'s Choice, usize)>)>,
}

/// The answers, by question in the order of the survey.
pub fn said<'s>(survey: &'s Survey, responses: &[Answers]) -> Vec<Said<'s>> {
    survey.questions().map(|question| of(question, responses)).collect()
}

fn of<'s>(question: &'s Question, responses: &[Answers]) -> Said<'s> {
    let all: Vec<&Answer> = responses.iter().filter_map(|answers| answers.get(&question.id)).collect();
    let mut words: Vec<String> = all.iter().filter_map(|answer| word(answer)).collect();
    order::by(&mut words, |word| (0, word.clone()));
    let mut photos: Vec<Photo> = all.iter().flat_map(|answer| taken(answer)).cloned().collect();
    order::by(&mut photos, |photo| (0, photo.thumb.to_string()));
    let count = |choices: &'s [Choice], chose: &dyn Fn(&Answer, &ChoiceId) -> bool| {
        choices
            .iter()
            .map(|choice| (choice, all.iter().filter(|answer| chose(answer, &choice.id)).count()))
            .collect::<Vec<_>>()
    };
    let chosen = match &question.asks {
        Asks::OneChoice(asked) => count(&asked.choices, &chose),
        Asks::Several(asked) => count(&asked.choices, &chose),
        Asks::Ranking(asked) => count(&asked.choices, &chose),
        _ => Vec::new(),
    };
    let rows = match &question.asks {
        Asks::Matrix(asked) => asked
            .rows
            .iter()
            .map(|row| (row, count(&asked.columns, &|answer, column| in_row(answer, &row.id, column))))
            .collect(),
        _ => Vec::new(),
    };
    Said { question, answered: all.len(), words, photos, chosen, rows }
}

/// What somebody wrote, whatever they chose beside.
pub fn words(answers: &Answers) -> Vec<String> {
    answers.iter().filter_map(|(_, answer)| word(answer)).collect()
}

/// What is said in an answer that is no choice.
pub fn word(answer: &Answer) -> Option<String> {
    match answer {
        Answer::Text(text) => Some(text.to_string()),
        Answer::Other(text) => Some(text.to_string()),
        Answer::Scale(point) => Some(point.to_string()),
        Answer::Number(number) => Some(number.to_string()),
        Answer::Date(day) => Some(day.to_string()),
        _ => None,
    }
}

fn taken(answer: &Answer) -> &[Photo] {
    match answer {
        Answer::Photos(photos) => photos,
        _ => &[],
    }
}

fn chose(answer: &Answer, choice: &ChoiceId) -> bool {
    match answer {
        Answer::Choice(chosen) => chosen == choice,
        Answer::Choices(all) => all.contains(choice),
        Answer::Ranking(all) => all.first() == Some(choice),
        _ => false,
    }
}

fn in_row(answer: &Answer, row: &ChoiceId, column: &ChoiceId) -> bool {
    match answer {
        Answer::Matrix(rows) => rows.get(row) == Some(column),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::lang;
    use super::*;
    use domain::surveys::{OneChoice, Page, PhotosUpTo};
    use domain::text::Localized;

    fn question(id: &str, asks: Asks) -> Question {
        let label = Localized::new([(lang("fr"), "Quoi?".parse().unwrap())]).unwrap();
        Question { id: id.parse().unwrap(), label, hint: None, required: false, relevant: None, asks }
    }

    fn choice(id: &str) -> Choice {
        let label = Localized::new([(lang("fr"), id.parse().unwrap())]).unwrap();
        Choice { id: id.parse().unwrap(), label }
    }

    #[test]
    fn answers_are_told_by_question_and_in_an_order_that_joins_nobodys() {
        let choices = vec![choice("a"), choice("b")];
        let questions = vec![
            question("q1", Asks::OneChoice(OneChoice { choices, other: true })),
            question("q2", Asks::LongText),
            question("q3", Asks::Photos(PhotosUpTo { max: 1 })),
        ];
        let survey = Survey { intro: None, pages: vec![Page { title: None, questions }] };
        let answers = |text: &str| -> Answers { serde_json::from_str(text).unwrap() };
        let photo = |n: &str| format!(r#"{{"full":"{}","thumb":"{}"}}"#, n.repeat(64), n.repeat(64));
        let all = [
            answers(&format!(
                r#"{{"q1":{{"choice":"b"}},"q2":{{"text":"Zut."}},"q3":{{"photos":[{}]}}}}"#,
                photo("9")
            )),
            answers(&format!(r#"{{"q1":{{"other":"Rien"}},"q3":{{"photos":[{}]}}}}"#, photo("1"))),
            answers(r#"{"q1":{"choice":"b"},"q2":{"text":"Ah."}}"#),
        ];
        let told = said(&survey, &all);
        let numbers: Vec<usize> = told[0].chosen.iter().map(|(_, count)| *count).collect();
        assert_eq!((told[0].answered, numbers, &told[0].words), (3, vec![0, 2], &vec!["Rien".to_owned()]));
        assert_eq!((told[1].answered, &told[1].words), (2, &vec!["Ah.".to_owned(), "Zut.".to_owned()]));
        assert_eq!(told[2].photos.len(), 2);
        let mut turned = all.clone();
        turned.reverse();
        assert_eq!(said(&survey, &turned), told, "whoever answered first");
    }
}
