//! Questions are typed, read, and typed again.

use domain::surveys::{Page, Survey};

use super::super::testing::lang;
use super::*;

fn fields(kind: &str, more: &[(&str, &str)]) -> Fields {
    let mut fields = fresh();
    fields.0.retain(|(name, _)| name != "kind" && more.iter().all(|(given, _)| name != given));
    fields.put("kind", kind);
    for (name, text) in [("label", "Combien?"), ("hint", ""), ("unit", "")] {
        fields.put_both(name, vec![(lang("fr"), text.to_owned()), (lang("en"), text.to_owned())]);
    }
    for (name, text) in more {
        if BOTH.contains(name) {
            fields.0.retain(|(known, _)| !known.starts_with(&[*name, " "].concat()));
            fields.put_both(name, vec![(lang("fr"), (*text).into()), (lang("en"), (*text).into())]);
        } else {
            fields.put(name, text);
        }
    }
    fields
}

fn whole(kind: &str) -> Fields {
    let more: &[(&str, &str)] = match kind {
        "one_choice" => &[("choices", "Oui\nNon"), ("other", YES)],
        "several" => &[("choices", "Oui\nNon"), ("most", "2")],
        "ranking" => &[("choices", "Oui\nNon"), ("required", YES)],
        "scale" => &[("from", "0"), ("to", "10"), ("low", "Peu"), ("high", "Beaucoup")],
        "matrix" => &[("rows", "Pont"), ("columns", "Bon\nMauvais")],
        "number" => &[("least", "1 000"), ("greatest", "2 000,5"), ("decimals", "1"), ("unit", "km")],
        "photos" => &[("most", "3")],
        "date" => &[("earliest", "2026-01-01"), ("latest", "2026-12-31")],
        _ => &[("hint", "Un mot")],
    };
    fields(kind, more)
}

fn id(name: &str) -> QuestionId {
    name.parse().unwrap()
}

#[test]
fn every_kind_is_written_sound_and_read_back_as_it_was() {
    for name in KINDS {
        let question = read(&whole(name), id("q1")).unwrap_or_else(|wrong| panic!("{name}: {wrong:?}"));
        assert_eq!(kind(&question.asks), name);
        let page = Page { title: None, questions: vec![question.clone()] };
        assert_eq!(Survey { intro: None, pages: vec![page] }.check(), Ok(()), "{name}");
        assert_eq!(read(&typed(&question), id("q1")), Ok(question), "{name}");
    }
}

#[test]
fn what_a_kind_lacks_is_told_at_its_field() {
    let wrong = |kind: &str, more: &[(&str, &str)]| read(&fields(kind, more), id("q1")).unwrap_err();
    assert_eq!(wrong("one_choice", &[("choices", "Oui")]), [("choices", Wrong::Count(2, CHOICES_MAX))]);
    let most = wrong("several", &[("choices", "Oui\nNon"), ("most", "3")]);
    assert_eq!(most, [("most", Wrong::Bounds)]);
    for most in ["0", "4"] {
        assert_eq!(wrong("photos", &[("most", most)]), [("most", Wrong::Bounds)]);
    }
    let scale = wrong("scale", &[("from", "5"), ("to", "x"), ("low", "Peu")]);
    assert_eq!(scale, [("to", Wrong::Unread), ("high", Wrong::Words), ("to", Wrong::Bounds)]);
    let number = wrong("number", &[("least", "2,5"), ("greatest", "1")]);
    assert_eq!(number, [("greatest", Wrong::Bounds), ("least", Wrong::Bounds)]);
    assert_eq!(wrong("date", &[("latest", "demain")]), [("latest", Wrong::Unread)]);
    assert_eq!(wrong("drawing", &[]), [("kind", Wrong::Unchosen)]);
    assert_eq!(wrong("short_text", &[("label", " ")]), [("label", Wrong::Words)]);
    assert_eq!(wrong("short_text", &[("if", "q0")]), [("test", Wrong::Unchosen)]);
}

#[test]
fn every_test_that_is_offered_applies_and_is_read_back() {
    let mut survey = Survey { intro: None, pages: Vec::new() };
    for name in KINDS {
        let of = read(&whole(name), id("q1")).unwrap();
        for (test, _) in tests(&of) {
            let after = fields("short_text", &[("if", "q1"), ("test", &test_text(&test))]);
            let after = read(&after, id("q2")).unwrap();
            assert_eq!(read(&typed(&after), id("q2")).unwrap(), after);
            survey.pages = vec![Page { title: None, questions: vec![of.clone(), after] }];
            assert_eq!(survey.check(), Ok(()), "{name} {test:?}");
        }
    }
}
