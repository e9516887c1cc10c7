use super::*;
use crate::envelope::BODY_MAX;
use crate::text::Text;

fn reasons(survey: &Survey, answers: &Answers) -> Vec<(String, Reason)> {
    check(survey, answers).into_iter().map(|problem| (problem.question.to_string(), problem.reason)).collect()
}

/// What is wrong when one answer is another.
fn with(name: &str, answer: Answer) -> Vec<Reason> {
    let mut given = given();
    given.put(id(name), answer);
    let found = reasons(&lake(), &given);
    assert!(found.iter().all(|(question, _)| question == name), "{found:?}");
    found.into_iter().map(|(_, reason)| reason).collect()
}

#[test]
fn answers_of_every_kind_fit() {
    assert_eq!(reasons(&lake(), &given()), []);
}

#[test]
fn only_what_is_required_may_not_be_left_out() {
    let missing = |name: &str| (name.to_owned(), Reason::Missing);
    assert_eq!(reasons(&lake(), &Answers::default()), [missing("use"), missing("state")]);
    assert_eq!(
        reasons(&lake(), &answers(&[("use", picked("none")), ("state", rows(&[]))])),
        [missing("state")]
    );
}

#[test]
fn an_answer_is_of_the_kind_that_is_asked() {
    for (name, _) in given().iter() {
        let other = if name.as_str() == "often" { text("huit") } else { Answer::Scale(8) };
        let mut given = given();
        given.put(name.clone(), other);
        let found = reasons(&lake(), &given);
        assert!(found.contains(&(name.to_string(), Reason::AnotherKind)), "{name}: {found:?}");
    }
}

#[test]
fn texts_are_as_long_as_they_may() {
    assert_eq!(with("name", text(&"é".repeat(200))), []);
    assert_eq!(with("name", text(&"é".repeat(201))), [Reason::TooLong(200)]);
    assert_eq!(with("name", text("Rose\nMartin")), [Reason::ManyLines]);
    assert_eq!(with("why", text(&"é".repeat(2_000))), []);
    assert_eq!(with("why", text(&"é".repeat(2_001))), [Reason::TooLong(2_000)]);
    assert_eq!(with("why", text(&"👩🏽‍🌾".repeat(600))), [Reason::TooLong(2_000)], "9,000 bytes");
}

#[test]
fn a_choice_is_one_of_the_choices() {
    assert_eq!(with("use", picked("skate")), [Reason::NotAChoice]);
    assert_eq!(with("use", Answer::Other("patiner".parse().unwrap())), []);
    let closed = survey(vec![vec![question("q", one(&["a", "b"]))]]);
    let other = answers(&[("q", Answer::Other("c".parse().unwrap()))]);
    assert_eq!(reasons(&closed, &other), [("q".to_owned(), Reason::NoOther)]);
}

#[test]
fn several_choices_are_as_many_as_they_may_and_each_once() {
    let choose = |ids: &[&str]| with("wants", Answer::Choices(words(ids)));
    assert_eq!(choose(&["bench"]), []);
    assert_eq!(choose(&[]), [], "an empty list is no answer");
    assert_eq!(choose(&["dock", "bench", "path"]), [Reason::TooMany(2)]);
    assert_eq!(choose(&["dock", "boat"]), [Reason::NotAChoice]);
    assert_eq!(choose(&["dock", "dock"]), [Reason::Repeated]);
    let two = survey(vec![vec![question("q", several(&["a", "b", "c"], Some(2), None))]]);
    let found = |ids: &[&str]| reasons(&two, &answers(&[("q", Answer::Choices(words(ids)))]));
    assert_eq!((found(&["a"]), found(&[])), (vec![("q".to_owned(), Reason::TooFew(2))], vec![]));
}

#[test]
fn a_ranking_has_each_choice_once_and_no_more_places_than_there_are() {
    let rank = |ids: &[&str]| with("best", Answer::Ranking(words(ids)));
    assert_eq!(rank(&["bench"]), []);
    assert_eq!(rank(&["dock", "dock"]), [Reason::Repeated]);
    assert_eq!(rank(&["dock", "bench", "path"]), [Reason::TooMany(2)]);
    assert_eq!(rank(&["boat"]), [Reason::NotAChoice]);
}

#[test]
fn every_row_of_a_required_matrix_is_judged() {
    let judge = |list: &[(&str, &str)]| with("state", rows(list));
    assert_eq!(judge(&[("water", "good")]), [Reason::RowMissing(word("shore"))]);
    assert_eq!(judge(&[("water", "good"), ("shore", "ugly")]), [Reason::NotAChoice]);
    assert_eq!(judge(&[("water", "good"), ("shore", "bad"), ("sky", "bad")]), [Reason::NotARow]);
    let free = survey(vec![vec![question("q", matrix(&["a", "b"], &["x", "y"]))]]);
    assert_eq!(reasons(&free, &answers(&[("q", rows(&[("b", "x")]))])), []);
}

#[test]
fn numbers_scales_and_days_lie_within_their_bounds() {
    let number = |text: &str| with("far", Answer::Number(text.parse().unwrap()));
    assert_eq!((number("0"), number("200")), (vec![], vec![]));
    assert_eq!(number("-0.1"), [Reason::Below(Decimal::whole(0))]);
    assert_eq!(number("200.1"), [Reason::Above(Decimal::whole(200))]);
    assert_eq!(number("1.25"), [Reason::TooPrecise(1)]);
    let often = |point| with("often", Answer::Scale(point));
    assert_eq!(often(10), []);
    assert_eq!(often(11), [Reason::Above(Decimal::whole(10))]);
    let day = |text: &str| with("last", Answer::Date(text.parse().unwrap()));
    assert_eq!((day("2020-01-01"), day("2026-12-31")), (vec![], vec![]));
    assert_eq!(day("2019-12-31"), [Reason::TooEarly("2020-01-01".parse().unwrap())]);
    assert_eq!(day("2027-01-01"), [Reason::TooLate("2026-12-31".parse().unwrap())]);
    let below = answers(&[("q", Answer::Scale(-3))]);
    let found = reasons(&survey(vec![vec![question("q", scale(-2, 2))]]), &below);
    assert_eq!(found, [("q".to_owned(), Reason::Below(Decimal::whole(-2)))]);
}

#[test]
fn photos_are_as_many_as_they_may() {
    assert_eq!(with("seen", Answer::Photos(vec![photo(1), photo(2), photo(3)])), [Reason::TooMany(2)]);
    assert_eq!(given().photos().count(), 2);
}

#[test]
fn an_answer_to_a_hidden_or_unknown_question_is_named() {
    let mut given = given();
    given.put(id("use"), picked("none"));
    given.put(id("colour"), Answer::Scale(1));
    let hidden = |name: &str| (name.to_owned(), Reason::NotRelevant);
    let unknown = ("colour".to_owned(), Reason::NoSuchQuestion);
    // `why` and `name` follow from a question that is hidden now.
    assert_eq!(reasons(&lake(), &given), [hidden("often"), hidden("why"), hidden("name"), unknown]);
}

#[test]
fn what_is_written_is_read_back_in_one_order() {
    let written = serde_json::to_string(&given()).unwrap();
    assert_eq!(serde_json::from_str::<Answers>(&written).unwrap(), given());
    assert!(written.starts_with(
        r#"{"best":{"ranking":["path","dock"]},"far":{"number":"12.5"},"last":{"date":"2024-02-29"}"#
    ));
    let turned = r#"{"b":{"scale":1},"a":{"matrix":{"y":"1","x":"2"}}}"#;
    let read: Answers = serde_json::from_str(turned).unwrap();
    assert_eq!(
        serde_json::to_string(&read).unwrap(),
        r#"{"a":{"matrix":{"x":"2","y":"1"}},"b":{"scale":1}}"#
    );
    for bad in [
        r#"{"a":{"scale":1},"a":{"scale":2}}"#,
        r#"{"A":{"scale":1}}"#,
        r#"{"a":{"scale":300}}"#,
        r#"{"a":{"number":12.5}}"#,
        r#"{"a":{"mood":"good"}}"#,
        r#"{"a":{"matrix":{"x":"1","x":"2"}}}"#,
        r#"{"a":{"text":" "}}"#,
    ] {
        assert!(serde_json::from_str::<Answers>(bad).is_err(), "{bad}");
    }
}

#[test]
fn the_longest_answers_fit_an_envelope() {
    let long = |number: usize| format!("{number:0>40}");
    let ids: Vec<String> = (0..30).map(long).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut questions = Vec::new();
    let mut sealed = Answers::default();
    // 2,000 graphemes and 8,000 bytes, a quarter of which is written as two.
    let text: Text = format!("{}{}", "\n".repeat(1_999), "e\u{301}".to_owned() + &"\u{301}".repeat(2_999))
        .parse()
        .unwrap();
    for number in 0..60 {
        let name = long(number);
        let (asks, answer) = match number {
            0..8 => (Asks::LongText, Answer::Text(text.clone())),
            8..11 => (
                photos(3),
                Answer::Photos(
                    (1..4).map(|at| Photo { alt: "é".repeat(200).parse().ok(), ..photo(at) }).collect(),
                ),
            ),
            11..36 => (
                matrix(&ids[..15], &ids[..7]),
                rows(&ids[..15].iter().map(|row| (*row, ids[6])).collect::<Vec<_>>()),
            ),
            _ => (several(&ids, None, None), Answer::Choices(words(&ids))),
        };
        questions.push(required(&name, asks));
        sealed.put(id(&name), answer);
    }
    let survey = survey(vec![questions]);
    assert_eq!((survey.check(), reasons(&survey, &sealed)), (Ok(()), vec![]));
    let length = serde_json::to_string(&sealed).unwrap().len();
    assert!((140_000..BODY_MAX - 4_000).contains(&length), "{length}");
}
