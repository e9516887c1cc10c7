//! Asking again what another consultation asked, or what a template asks: what then stands in the form of a poll or of
//! a survey.

use domain::surveys::Survey;
use domain::tallies::Method;
use domain::text::{Label, Localized, Text, Title};

use super::polling::{GRADES, METHODS};
use super::templates::{PollAsked, SurveyAsked};
use super::texts::{Texts, lines, texts};
use crate::polls::state::Asked;

/// The fields of a form by their names, with what is in them.
pub type Values = Vec<(String, String)>;

/// What stands in the form, all but the closing date; nothing where what was asked cannot be read.
pub fn values(asked: &Asked) -> Option<Values> {
    match asked {
        Asked::Poll(it) => Some(poll(&it.question, it.text.as_ref(), &it.choices, &it.grades, it.method)),
        Asked::Survey(it) => survey(&it.title, &it.survey.read().ok()?),
    }
}

/// The poll of a template.
pub fn poll_of(it: &PollAsked) -> Values {
    poll(&it.question, Some(&it.text), &it.choices, &[], it.method)
}

/// The survey of a template.
pub fn survey_of(it: &SurveyAsked) -> Option<Values> {
    survey(&it.title, &it.survey)
}

/// Whether somebody wrote into it already: what stands there then is not replaced.
pub fn is_written(held: &[(String, String)]) -> bool {
    let own = |name: &str| {
        ["question ", "about ", "choices ", "title ", "intro ", "list"]
            .iter()
            .any(|own| name.starts_with(own))
    };
    // Grades stand there from the beginning.
    let grades = |name: &str, text: &str| name.starts_with("grades ") && !GRADES.contains(&text);
    held.iter().any(|(name, text)| {
        let text = text.trim();
        !text.is_empty() && (own(name) || grades(name, text))
    })
}

fn named(what: &str, texts: Texts) -> Values {
    texts.into_iter().map(|(lang, text)| ([what, lang.as_str()].concat(), text)).collect()
}

fn poll(
    question: &Localized<Title>,
    text: Option<&Localized<Text>>,
    choices: &[Localized<Label>],
    grades: &[Localized<Label>],
    method: Method,
) -> Values {
    let mut values = named("question ", texts(question));
    values.extend(text.into_iter().flat_map(|text| named("about ", texts(text))));
    values.extend(named("choices ", lines(choices.iter())));
    values.extend(named("grades ", lines(grades.iter())));
    let method = METHODS.iter().find(|(of, _)| *of == method);
    values.extend(method.map(|(_, name)| ("method".to_owned(), (*name).to_owned())));
    values
}

fn survey(title: &Localized<Title>, survey: &Survey) -> Option<Values> {
    let mut values = named("title ", texts(title));
    values.extend(survey.intro.iter().flat_map(|intro| named("intro ", texts(intro))));
    // As the form keeps its list.
    values.push(("list".to_owned(), serde_json::to_string(survey).ok()?));
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::super::polling::{PollForm, open};
    use super::super::surveying::rows;
    use super::*;
    use domain::ids::RecordId;
    use domain::records::{Open, Poll, Questionnaire};
    use domain::surveys::Survey;
    use domain::tallies::Method;
    use domain::time::Millis;
    use domain::wire::Later;

    fn both<T: std::str::FromStr<Err: std::fmt::Debug>>(fr: &str, en: &str) -> Localized<T> {
        let said =
            [("fr", fr), ("en", en)].map(|(lang, text)| (lang.parse().unwrap(), text.parse().unwrap()));
        Localized::new(said).unwrap()
    }

    const OPEN: Open = Open { from: Millis(0), until: Millis(10), grace: 0 };

    fn id(byte: u8) -> RecordId {
        RecordId([byte; 16])
    }

    #[test]
    fn a_poll_that_is_asked_again_asks_the_same() {
        let poll = Poll {
            id: id(1),
            consultation: id(2),
            question: both("Où?", "Where?"),
            text: Some(both("Près du lac.", "Near the lake.")),
            choices: vec![both("Au quai", "At the quay"), both("Au parc", "In the park")],
            method: Method::MajorityJudgment,
            grades: vec![both("Non", "No"), both("Oui", "Yes"), both("Très", "Very")],
            open: OPEN,
            result: None,
        };
        let begun = values(&Asked::Poll(poll.clone())).unwrap();
        let texts = |what: &str| -> Texts {
            let of = |(name, text): &(String, String)| {
                Some((name.strip_prefix(what)?.parse().ok()?, text.clone()))
            };
            begun.iter().filter_map(of).collect()
        };
        let form = PollForm {
            questions: texts("question "),
            texts: texts("about "),
            choices: texts("choices "),
            method: begun.iter().find(|(name, _)| name == "method").unwrap().1.clone(),
            grades: texts("grades "),
            closes_at: Some(Millis(50)),
        };
        let again = open(&form, id(3), Millis(20)).unwrap();
        assert_eq!((again.question, again.text), (poll.question, poll.text));
        assert_eq!((again.choices, again.method, again.grades), (poll.choices, poll.method, poll.grades));
        assert!(is_written(&begun));
        let held = |all: &[(&str, &str)]| {
            let all = all.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            is_written(&all.collect::<Vec<_>>())
        };
        assert!(!held(&[
            ("question fr", " "),
            ("grades fr", GRADES[0]),
            ("method", "plurality"),
            ("list", "")
        ]));
        assert!(held(&[("about fr", "Près du lac.")]) && held(&[("intro en", "Two minutes.")]));
        assert!(held(&[("grades fr", "Non\nOui\nTrès")]));
    }

    #[test]
    fn a_survey_that_is_asked_again_has_the_same_questions() {
        let survey: Survey = serde_json::from_str(
            r#"{"pages":[{"questions":[{"id":"q1","label":{"fr":"Quand?","en":"When?"},"asks":"short_text"}]}]}"#,
        )
        .unwrap();
        let it = Questionnaire {
            id: id(1),
            consultation: id(2),
            title: both("Votre hiver", "Your winter"),
            survey: Later::of(&survey).unwrap(),
            open: OPEN,
            results: None,
        };
        let begun = values(&Asked::Survey(it)).unwrap();
        let list = &begun.iter().find(|(name, _)| name == "list").unwrap().1;
        assert_eq!(rows(list).len(), 1);
        assert_eq!(rows(list)[0].question, survey.pages[0].questions[0]);
    }
}
