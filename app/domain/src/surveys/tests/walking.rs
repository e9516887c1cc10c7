use super::*;

fn shown(answers: &Answers) -> Vec<String> {
    relevant(&lake(), answers).into_iter().map(|question| question.id.to_string()).collect()
}

const ALWAYS: [&str; 7] = ["use", "wants", "best", "state", "far", "last", "seen"];

fn more(names: &[&str]) -> Vec<String> {
    let mut all = vec!["use".to_owned()];
    all.extend(names.iter().chain(&ALWAYS[1..]).map(|name| (*name).to_owned()));
    all
}

#[test]
fn questions_appear_with_the_answers_they_depend_on() {
    assert_eq!(shown(&Answers::default()), more(&[]), "nothing holds without an answer");
    let mut given = answers(&[("use", picked("fish"))]);
    assert_eq!(shown(&given), more(&["often"]));
    given.put(id("often"), Answer::Scale(6));
    assert_eq!(shown(&given), more(&["often"]));
    given.put(id("often"), Answer::Scale(7));
    assert_eq!(shown(&given), more(&["often", "why"]));
    given.put(id("why"), text("Pour pêcher."));
    assert_eq!(shown(&given), more(&["often", "why", "name"]));
    given.put(id("use"), picked("none"));
    assert_eq!(shown(&given), more(&[]), "what follows from a hidden question is hidden");
    given.put(id("use"), Answer::Other("patiner".parse().unwrap()));
    assert_eq!(shown(&given), more(&["often", "why", "name"]), "something else is not that choice");
}

#[test]
fn tests_are_joined_by_all_or_any() {
    let clauses = vec![
        Clause { question: id("a"), test: Test::Is(word("x")) },
        Clause { question: id("n"), test: Test::AtLeast("2.5".parse().unwrap()) },
    ];
    let shown = |relevant: Condition, answers: &Answers| {
        let follow = Question { relevant: Some(relevant), ..question("b", Asks::ShortText) };
        let first = question("a", several(&["x", "y"], None, None));
        let survey = survey(vec![vec![first, question("n", number("", "", 1)), follow]]);
        relevant_count(&survey, answers) == 3
    };
    let chosen = ("a", Answer::Choices(words(&["y", "x"])));
    let number = |text: &str| ("n", Answer::Number(text.parse().unwrap()));
    for (given, all, any) in [
        (answers(&[]), false, false),
        (answers(std::slice::from_ref(&chosen)), false, true),
        (answers(&[number("2.5")]), false, true),
        (answers(&[chosen.clone(), number("2.4")]), false, true),
        (answers(&[chosen, number("2.5")]), true, true),
        (answers(&[("a", Answer::Choices(words(&["y"]))), number("2")]), false, false),
    ] {
        assert_eq!(shown(Condition::All(clauses.clone()), &given), all);
        assert_eq!(shown(Condition::Any(clauses.clone()), &given), any);
    }
}

fn relevant_count(survey: &Survey, answers: &Answers) -> usize {
    relevant(survey, answers).len()
}

#[test]
fn a_page_without_a_question_is_passed_over() {
    let none = answers(&[("use", picked("none"))]);
    assert_eq!(next_page(&lake(), &none, None), Some(0));
    assert_eq!(next_page(&lake(), &none, Some(0)), Some(2));
    assert_eq!(next_page(&lake(), &none, Some(2)), None);
    assert_eq!(previous_page(&lake(), &none, 2), Some(0));
    assert_eq!(
        (next_page(&lake(), &given(), Some(0)), previous_page(&lake(), &given(), 2)),
        (Some(1), Some(1))
    );
    assert_eq!(
        (previous_page(&lake(), &given(), 0), next_page(&lake(), &given(), Some(usize::MAX))),
        (None, None)
    );
}

#[test]
fn a_page_is_checked_by_itself() {
    let draft = answers(&[("often", Answer::Scale(99))]);
    let found = |page| page_problems(&lake(), &draft, page);
    let missing = |name: &str| AnswerProblem { question: id(name), reason: Reason::Missing };
    // `often` is hidden as long as nothing is chosen: its answer is nobody's trouble.
    assert_eq!(
        (found(0), found(1), found(2), found(3)),
        (vec![missing("use")], vec![], vec![missing("state")], vec![])
    );
    let mut draft = draft;
    draft.put(id("use"), picked("swim"));
    let above = AnswerProblem { question: id("often"), reason: Reason::Above(Decimal::whole(10)) };
    assert_eq!(page_problems(&lake(), &draft, 0), [above]);
}

#[test]
fn progress_counts_what_is_shown() {
    let of = |answers: &Answers| {
        let progress = progress(&lake(), answers);
        (progress.answered, progress.shown, progress.required_left)
    };
    assert_eq!(of(&Answers::default()), (0, 7, 2));
    assert_eq!(of(&answers(&[("use", picked("none")), ("often", Answer::Scale(3))])), (1, 7, 1));
    assert_eq!(of(&given()), (10, 10, 0));
}

#[test]
fn what_is_not_relevant_is_not_sealed() {
    let mut draft = given();
    draft.put(id("use"), picked("none"));
    draft.put(id("wants"), Answer::Choices(vec![]));
    draft.put(id("gone"), Answer::Scale(1));
    prune(&lake(), &mut draft);
    let names: Vec<&str> = draft.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["best", "far", "last", "seen", "state", "use"]);
    assert_eq!(check(&lake(), &draft), []);
}
