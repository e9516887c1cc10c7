use super::*;

fn fault(survey: &Survey) -> Option<(At, Fault)> {
    survey.check().err().map(|problem| (problem.at, problem.fault))
}

fn of(asks: Asks) -> Option<Fault> {
    fault(&survey(vec![vec![question("q", asks)]])).map(|(at, fault)| {
        assert_eq!(at, At::Question(id("q")));
        fault
    })
}

#[test]
fn a_survey_of_every_kind_can_be_asked() {
    assert_eq!(lake().check(), Ok(()));
}

#[test]
fn a_survey_has_pages_and_a_page_questions() {
    assert_eq!(fault(&survey(vec![])), Some((At::Survey, Fault::NoQuestions)));
    let empty = survey(vec![vec![question("q", Asks::ShortText)], vec![]]);
    assert_eq!(fault(&empty), Some((At::Page(1), Fault::NoQuestions)));
}

#[test]
fn a_survey_has_20_pages_and_60_questions_at_most() {
    let asked = |number: usize| question(&format!("q{number}"), Asks::ShortText);
    let pages = |count: usize| survey((0..count).map(|number| vec![asked(number)]).collect());
    assert_eq!((fault(&pages(20)), fault(&pages(21))), (None, Some((At::Survey, Fault::TooManyPages))));
    let questions = |count: usize| survey(vec![(0..count).map(asked).collect()]);
    assert_eq!(fault(&questions(60)), None);
    assert_eq!(fault(&questions(61)), Some((At::Survey, Fault::TooManyQuestions)));
}

#[test]
fn an_id_is_used_once() {
    let twice = survey(vec![vec![question("q", Asks::ShortText)], vec![question("q", scale(0, 1))]]);
    assert_eq!(fault(&twice), Some((At::Question(id("q")), Fault::SameQuestion)));
    assert_eq!(of(one(&["a", "b", "a"])), Some(Fault::SameChoice));
    assert_eq!(of(matrix(&["a", "a"], &["a", "b"])), Some(Fault::SameChoice));
    assert_eq!(of(matrix(&["a", "b"], &["a", "b"])), None, "a row and a column are two things");
}

#[test]
fn a_kind_has_enough_choices_and_not_too_many() {
    let many: Vec<String> = (0..31).map(|number| format!("c{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for (few, enough) in
        [(one(&["a"]), one(&["a", "b"])), (ranking(&["a"], None), ranking(&["a", "b"], None))]
    {
        assert_eq!((of(few), of(enough)), (Some(Fault::TooFewChoices), None));
    }
    assert_eq!(of(several(&[], None, None)), Some(Fault::TooFewChoices));
    assert_eq!(of(several(&["a"], None, None)), None);
    for asks in [one, |ids: &[&str]| several(ids, None, None), |ids: &[&str]| ranking(ids, None)] {
        assert_eq!((of(asks(&many[..30])), of(asks(&many))), (None, Some(Fault::TooManyChoices)));
    }
    assert_eq!(of(matrix(&many[..15], &many[..7])), None);
    assert_eq!(of(matrix(&many[..16], &many[..7])), Some(Fault::TooManyChoices));
    assert_eq!(of(matrix(&many[..15], &many[..8])), Some(Fault::TooManyChoices));
    assert_eq!(of(matrix(&[], &many[..2])), Some(Fault::TooFewChoices));
    assert_eq!(of(matrix(&many[..1], &many[..1])), Some(Fault::TooFewChoices));
}

#[test]
fn bounds_can_be_met() {
    assert_eq!(of(several(&["a", "b"], Some(2), Some(2))), None);
    for (min, max) in [(Some(2), Some(1)), (Some(3), None), (None, Some(3)), (None, Some(0))] {
        assert_eq!(of(several(&["a", "b"], min, max)), Some(Fault::Bounds), "{min:?} {max:?}");
    }
    assert_eq!(of(ranking(&["a", "b"], Some(0))), Some(Fault::Bounds));
    assert_eq!(of(ranking(&["a", "b"], Some(3))), Some(Fault::Bounds));
    assert_eq!((of(number("1", "1", 0)), of(number("2", "1", 0))), (None, Some(Fault::Bounds)));
    assert_eq!(
        (of(number("1.5", "2", 0)), of(number("", "", 4))),
        (Some(Fault::Decimals), Some(Fault::Decimals))
    );
    assert_eq!(of(date("2026-01-02", "2026-01-01")), Some(Fault::Bounds));
    assert_eq!(
        (of(scale(-5, 5)), of(scale(0, 11)), of(scale(3, 3))),
        (None, Some(Fault::Scale), Some(Fault::Scale))
    );
    assert_eq!((of(scale(-10, 1)), of(scale(i8::MIN, i8::MAX))), (Some(Fault::Scale), Some(Fault::Scale)));
    assert_eq!((of(photos(0)), of(photos(4))), (Some(Fault::Photos), Some(Fault::Photos)));
}

#[test]
fn long_texts_and_photos_are_limited_in_all() {
    let asking = |asks: &Asks, count: usize| {
        let questions = (0..count).map(|number| question(&format!("q{number}"), asks.clone()));
        fault(&survey(vec![questions.collect()])).map(|(_, fault)| fault)
    };
    assert_eq!(
        (asking(&Asks::LongText, 8), asking(&Asks::LongText, 9)),
        (None, Some(Fault::TooManyLongTexts))
    );
    assert_eq!((asking(&photos(3), 3), asking(&photos(3), 4)), (None, Some(Fault::Photos)));
}

#[test]
fn a_condition_names_an_earlier_question() {
    let on = |name: &str| question("b", Asks::ShortText).when(name, Test::Answered);
    let after = |name| {
        fault(&survey(vec![vec![question("a", Asks::ShortText), on(name), question("c", scale(0, 1))]]))
    };
    assert_eq!(after("a"), None);
    for name in ["b", "c", "d"] {
        assert_eq!(after(name), Some((At::Question(id("b")), Fault::NotEarlier)), "{name}");
    }
}

#[test]
fn a_test_applies_to_its_question() {
    let tested = |asks: Asks, test: Test| {
        let follow = question("b", Asks::ShortText).when("a", test);
        fault(&survey(vec![vec![question("a", asks), follow]])).map(|(_, fault)| fault)
    };
    let least = || Test::AtLeast(Decimal::whole(1));
    assert_eq!(tested(one(&["x", "y"]), Test::Is(word("x"))), None);
    assert_eq!(tested(several(&["x", "y"], None, None), Test::IsNot(word("y"))), None);
    assert_eq!((tested(scale(0, 5), least()), tested(number("", "", 0), least())), (None, None));
    assert_eq!(tested(photos(1), Test::Answered), None);
    assert_eq!(tested(one(&["x", "y"]), Test::Is(word("z"))), Some(Fault::NoSuchChoice));
    assert_eq!(tested(one(&["x", "y"]), least()), Some(Fault::TestDoesNotApply));
    assert_eq!(tested(ranking(&["x", "y"], None), Test::Is(word("x"))), Some(Fault::TestDoesNotApply));
    assert_eq!(tested(Asks::ShortText, Test::IsNot(word("x"))), Some(Fault::TestDoesNotApply));
}

#[test]
fn a_condition_has_one_to_five_tests() {
    let tests = |count: usize| {
        let clause = Clause { question: id("a"), test: Test::Answered };
        let relevant = Some(Condition::Any(vec![clause; count]));
        let follow = Question { relevant, ..question("b", Asks::ShortText) };
        fault(&survey(vec![vec![question("a", Asks::ShortText), follow]])).map(|(_, fault)| fault)
    };
    assert_eq!((tests(0), tests(5), tests(6)), (Some(Fault::Clauses), None, Some(Fault::Clauses)));
}

#[test]
fn what_lacks_a_language_is_said_where_it_can_be_written() {
    let en: Lang = "en".parse().unwrap();
    assert_eq!(lake().lacking(&[fr()]), []);
    let mut half = lake();
    half.intro = Some(said("Bonjour"));
    half.pages[0].title = Some(said("Le lac"));
    half.pages[0].questions[0].hint = Some(said("Un seul choix."));
    let places: Vec<Place> =
        half.lacking(&[fr(), en.clone()]).into_iter().map(|lacking| lacking.place).collect();
    assert_eq!(places.len(), 1 + 1 + (2 + 3) + 3 + 1 + 1 + 4 + 4 + 5 + 2 + 1 + 1);
    for place in [
        Place::Intro,
        Place::Title(0),
        Place::Label(id("seen")),
        Place::Hint(id("use")),
        Place::Choice(id("best"), word("path")),
        Place::Row(id("state"), word("shore")),
        Place::Column(id("state"), word("bad")),
        Place::Low(id("often")),
        Place::High(id("often")),
        Place::Unit(id("far")),
    ] {
        assert!(places.contains(&place), "{place:?}");
    }
}

#[test]
fn what_is_written_is_read_back_and_nothing_unknown_is_taken() {
    let text = serde_json::to_string(&lake()).unwrap();
    assert_eq!(serde_json::from_str::<Survey>(&text).unwrap(), lake());
    for (known, unknown) in [
        ("\"pages\":", "\"colour\":1,\"pages\":"),
        ("\"one_choice\"", "\"two_choices\""),
        ("\"is_not\"", "\"isnt\""),
    ] {
        assert!(serde_json::from_str::<Survey>(&text.replacen(known, unknown, 1)).is_err(), "{unknown}");
    }
}
