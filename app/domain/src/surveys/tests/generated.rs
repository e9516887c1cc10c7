//! What holds for every survey and all answers.

use super::dice::Dice;
use super::*;
use proptest::prelude::*;

fn dice() -> impl Strategy<Value = Dice> {
    proptest::collection::vec(any::<u16>(), 400).prop_map(Dice)
}

proptest! {
    #[test]
    fn valid_answers_are_taken_and_read_back(mut dice in dice()) {
        let survey = dice.survey();
        prop_assert_eq!(survey.check(), Ok(()));
        let answers = dice.answers(&survey);
        prop_assert_eq!(check(&survey, &answers), vec![]);
        for page in 0..survey.pages.len() {
            prop_assert_eq!(page_problems(&survey, &answers, page), vec![]);
        }
        let mut pruned = answers.clone();
        prune(&survey, &mut pruned);
        prop_assert_eq!(&pruned, &answers);
        let text = serde_json::to_string(&survey).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Survey>(&text).unwrap(), &survey);
        let text = serde_json::to_string(&answers).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Answers>(&text).unwrap(), &answers);
    }

    #[test]
    fn an_answer_that_does_not_fit_is_refused_at_its_question(mut dice in dice()) {
        let survey = dice.survey();
        let mut answers = dice.answers(&survey);
        let shown = relevant(&survey, &answers);
        let question = shown[dice.below(shown.len())];
        let id = &question.id;
        if question.required && dice.coin() {
            answers.remove(id);
        } else {
            answers.put(id.clone(), dice.unfit(&question.asks));
        }
        let at = |problem: &AnswerProblem| problem.question == *id;
        prop_assert!(check(&survey, &answers).iter().any(at));
        let page = survey.pages.iter().position(|page| page.questions.contains(question)).unwrap();
        prop_assert!(page_problems(&survey, &answers, page).iter().any(at));
        // All others are as they were, or follow from this one.
        prune(&survey, &mut answers);
        for problem in check(&survey, &answers) {
            let follows = survey.question(&problem.question).is_some_and(|other| other.relevant.is_some());
            prop_assert!(at(&problem) || follows && problem.reason == Reason::Missing, "{:?}", problem);
        }
    }

    #[test]
    fn what_is_pruned_is_relevant_and_stays(mut dice in dice()) {
        let survey = dice.survey();
        let draft = dice.draft(&survey);
        let mut once = draft.clone();
        prune(&survey, &mut once);
        let hidden = |problem: &AnswerProblem| matches!(problem.reason, Reason::NotRelevant | Reason::NoSuchQuestion);
        prop_assert!(!check(&survey, &once).iter().any(hidden));
        prop_assert_eq!(relevant(&survey, &once), relevant(&survey, &draft));
        prop_assert_eq!(progress(&survey, &once), progress(&survey, &draft));
        let mut twice = once.clone();
        prune(&survey, &mut twice);
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn pages_are_walked_to_the_end_and_back(mut dice in dice()) {
        let survey = dice.survey();
        let draft = dice.draft(&survey);
        let (mut forth, mut at) = (vec![], next_page(&survey, &draft, None));
        while let Some(page) = at {
            forth.push(page);
            at = next_page(&survey, &draft, Some(page));
        }
        let (mut back, mut at) = (vec![], previous_page(&survey, &draft, survey.pages.len()));
        while let Some(page) = at {
            back.insert(0, page);
            at = previous_page(&survey, &draft, page);
        }
        prop_assert_eq!(&forth, &back);
        let shown = relevant(&survey, &draft);
        let on = |page: usize| survey.pages[page].questions.iter().filter(|question| shown.contains(question)).count();
        prop_assert_eq!(forth.into_iter().map(on).sum::<usize>(), shown.len());
    }

    #[test]
    fn whatever_is_asked_no_count_below_5_is_told(mut dice in dice(), people in 40_usize..90) {
        let survey = dice.survey();
        let responses: Vec<Response> = (0..people).map(|number| {
            // The dice are used up soon: the same few ways to answer come again and again.
            let mut own = Dice(dice.0.iter().rev().take(number % 7 * 4).copied().collect());
            Response { channel: Channel::OwnDevice, answers: own.answers(&survey) }
        }).collect();
        let results = publish(&survey, &responses);
        prop_assert_eq!(results.respondents, Count::Exactly(people as u32));
        for table in &results.tables {
            let shown = |response: &&Response| relevant(&survey, &response.answers).iter().any(|q| q.id == table.question);
            prop_assert_eq!(table.asked as usize, responses.iter().filter(shown).count());
            prop_assert!(table.asked >= LEAST);
            let told = table.cells.iter().filter_map(|cell| if let Count::Exactly(n) = cell.count { Some(n) } else { None });
            prop_assert!(told.clone().all(|count| count > few(table.asked)));
            let asks = &survey.question(&table.question).unwrap().asks;
            if let Some((least, greatest)) = table.most_between(asks) {
                prop_assert!(least <= greatest && told.clone().all(|count| count <= greatest));
            } else if !matches!(asks, Asks::Several(_)) && told.clone().count() == table.cells.len() {
                prop_assert_eq!(told.sum::<u32>(), table.asked);
            }
        }
        let text = serde_json::to_string(&results).unwrap();
        prop_assert_eq!(serde_json::from_str::<Results>(&text).unwrap(), results);
    }
}
