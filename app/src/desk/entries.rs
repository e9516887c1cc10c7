//! The forms of what is entered for somebody: those parts of people's own forms that ask the same.

use domain::ids::{ChoiceId, RecordId};
use domain::operations::{Act, Cast, Comment, Propose, Respond, Stance, Support};
use domain::records::{Poll, Questionnaire};
use domain::surveys::{self as surveys_of, Answer, Answers, Asks, Question, Survey};
use domain::tallies::Ballot;
use domain::text::{Text, Title};
use domain::wire::Later;
use leptos::prelude::*;

use super::amending;
use super::entering::{self, Entering, Written};
use super::inputs::select;
use super::state::amending::At;
use super::state::entering::{self as state, What};
use super::state::list::stands;
use super::state::responses::word;
use crate::offline::{Shown, StoreError};
use crate::polls::state::Filled;
use crate::ui::field::{Choice, Field, choices, field};
use crate::ui::live::on;
use crate::ui::routes::Route;
use crate::ui::{App, parts, shell, typed, words};
use crate::{contributions, n, polls, proposals, surveys, w};

/// What is wrong, by field.
pub type Wrong = Vec<(&'static str, String)>;

/// The form of what is entered.
pub fn form(entering: Entering, records: Signal<Shown>, what: What) -> AnyView {
    match what {
        What::Propose => proposal(entering),
        What::Comment => comment(entering),
        What::Support => support(entering),
        What::Amend => amending::form(entering, records),
        What::Poll(id) => match records.with_untracked(|all| state::poll(all, id)) {
            Some(it) => ballot(entering, it),
            None => parts::loading(),
        },
        What::Survey(id) => match records.with_untracked(|all| state::survey(all, id)) {
            Some(it) => answers(entering, &it),
            None => parts::loading(),
        },
    }
}

impl Entering {
    fn slug(self) -> String {
        self.desk
            .lists
            .with_untracked(|lists| lists.as_ref().map(|it| it.place.slug.clone()).unwrap_or_default())
    }

    /// Under which name a form of this consultation is kept.
    pub fn kept_as(self, what: &str) -> String {
        kept_as(self.consultation, what)
    }

    /// Keeps the fields of a form.
    pub fn keep(self, what: &str, fields: &[(&str, RwSignal<String>)]) {
        let fields = fields.iter().map(|(name, field)| ((*name).to_owned(), *field)).collect();
        typed::keep(self.app, &self.kept_as(what), fields);
    }

    /// A form whose button leads to the reading out.
    pub fn asks(self, inside: AnyView, read: impl Fn() -> Result<Written, Wrong> + 'static) -> AnyView {
        let check = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            self.check(read());
        };
        view! {
            <form class="stack-l" novalidate on:submit=on(check)>
                {inside}
                <p class="actions"><button class="btn" type="submit">{w!(desk_enter_check)}</button></p>
            </form>
        }
        .into_any()
    }

    /// Which proposal, of those that stand.
    fn which(self, on_: RwSignal<String>) -> AnyView {
        let options = move || {
            let mut options =
                vec![Choice { value: String::new(), text: w!(desk_enter_choose), hint: String::new() }];
            self.desk.inbox.with(|inbox| {
                let ours = inbox.items().filter(|item| {
                    let it = &item.contribution;
                    it.consultation == self.consultation && it.proposal().is_some() && stands(item)
                });
                let mut all: Vec<Choice> = ours
                    .map(|item| Choice {
                        value: item.contribution.id.to_string(),
                        text: item.contribution.title().to_string(),
                        hint: String::new(),
                    })
                    .collect();
                domain::order::by(&mut all, |it| (0, it.text.clone()));
                options.extend(all);
            });
            options
        };
        select("on", w!(desk_enter_on), options, on_, self.errors)
    }

    /// The proposal that is chosen, with its title.
    fn chosen(self, on_: RwSignal<String>) -> Result<(RecordId, String), Wrong> {
        let id: Option<RecordId> = on_.get_untracked().parse().ok();
        let item =
            id.and_then(|id| Some((id, self.desk.item(id).filter(stands)?.contribution.title().to_string())));
        item.ok_or_else(|| vec![("on", w!(desk_enter_error_on))])
    }

    /// Where everyone reads a proposal.
    fn page_of(self, id: RecordId) -> Option<Route> {
        Some(Route::Contribution(self.slug(), self.consultation, id))
    }
}

/// Under which name a form is kept.
pub fn kept_as(consultation: RecordId, what: &str) -> String {
    format!("enter {consultation} {what}")
}

/// Has the page of a consultation open the form of something that was entered.
pub async fn choose(app: App, consultation: RecordId, act: &Act) -> Result<(), StoreError> {
    let value = |name: &str, text: String| (name.to_owned(), text);
    if let Act::Amend(it) = act {
        let [text, paragraph] = At::of(it).names();
        let chosen = vec![value("text", text), value("paragraph", paragraph)];
        typed::choose(app, &kept_as(consultation, amending::CHOICES), chosen).await?;
    }
    let what = vec![value("what", What::of(act).name())];
    typed::choose(app, &entering::kept_as(consultation), what).await
}

/// The words of what was entered, by the name of their form and its fields.
pub fn values(act: &Act) -> (String, typed::Values) {
    let value = |name: &str, text: &dyn ToString| (name.to_owned(), text.to_string());
    match act {
        Act::Propose(it) => {
            let mut all = vec![value("title", &it.title)];
            all.extend(it.text.as_ref().map(|text| value("text", text)));
            ("propose".to_owned(), all)
        }
        Act::Comment(it) => ("comment".to_owned(), vec![value("text", &it.text)]),
        Act::Amend(it) => (At::of(it).form(), amending::values(it)),
        Act::Respond(it) => {
            let answers = serde_json::to_string(&it.answers).unwrap_or_default();
            (it.survey.to_string(), vec![("answers".to_owned(), answers)])
        }
        Act::Support(_) | Act::Cast(_) => (String::new(), Vec::new()),
    }
}

fn proposal(entering: Entering) -> AnyView {
    let [title, text, subject] = [(); 3].map(|()| RwSignal::new(String::new()));
    entering.keep("propose", &[("title", title), ("text", text), ("subject", subject)]);
    let read = move || {
        let [title, text, subject] =
            [title, text, subject].map(|field| field.get_untracked().trim().to_owned());
        let wrong = proposals::state::check(&title, &text, &subject, "");
        let (Ok(said), Ok(about), []) = (title.parse::<Title>(), subject.parse(), &wrong[..]) else {
            return Err(wrong.into_iter().map(|wrong| (wrong.field(), proposals::problem(wrong))).collect());
        };
        let act = Act::Propose(Propose {
            consultation: entering.consultation,
            title: said,
            text: text.parse().ok(),
            subject: about,
            photos: Vec::new(),
            place: None,
        });
        Ok(Written { act, title, text, aloud: Vec::new(), at: None, kept_as: entering.kept_as("propose") })
    };
    let subjects = entering.desk.lists.with_untracked(|lists| {
        let all = lists.iter().flat_map(|lists| &lists.subjects);
        let option = all.map(|it| Choice {
            value: it.id.to_string(),
            text: words::say(&it.short),
            hint: String::new(),
        });
        option.collect::<Vec<_>>()
    });
    let sentence = Field {
        id: "title",
        label: w!(propose_sentence_label),
        hint: w!(desk_enter_own_words),
        max: Title::GRAPHEMES,
        ..Field::default()
    };
    let explain = Field {
        id: "text",
        label: w!(propose_explain_label),
        lines: true,
        max: Text::GRAPHEMES,
        ..Field::default()
    };
    let never = Signal::derive(|| false);
    let inside = view! {
        {field(sentence, title, entering.errors, never, None)}
        {field(explain, text, entering.errors, never, None)}
        {contributions::reachable_typed(StoredValue::new(vec![title, text]))}
        {choices("subject", w!(propose_subject_label), String::new(), false, subjects, subject, entering.errors)}
    };
    entering.asks(inside.into_any(), read)
}

fn comment(entering: Entering) -> AnyView {
    let [on_, side, text] = [(); 3].map(|()| RwSignal::new(String::new()));
    entering.keep("comment", &[("on", on_), ("stance", side), ("text", text)]);
    let read = move || {
        let chosen = entering.chosen(on_);
        let written = contributions::state::comment(&side.get_untracked(), &text.get_untracked());
        match (chosen, written) {
            (Ok((on, title)), Ok((stance, words))) => {
                let (consultation, text) = (entering.consultation, words.to_string());
                let act = Act::Comment(Comment { consultation, on, stance, text: words });
                let (aloud, at) =
                    (vec![(String::new(), contributions::stance(stance))], entering.page_of(on));
                Ok(Written { act, title, text, aloud, at, kept_as: entering.kept_as("comment") })
            }
            (chosen, written) => {
                let mut wrong = chosen.err().unwrap_or_default();
                wrong.extend(written.err().into_iter().flatten().map(contributions::problem));
                Err(wrong)
            }
        }
    };
    let sides = [Stance::For, Stance::Against, Stance::Neutral].map(|side| Choice {
        value: contributions::state::name(side).to_owned(),
        text: contributions::stance(side),
        hint: String::new(),
    });
    let asked = Field {
        id: "comment",
        label: w!(comment_text),
        hint: w!(desk_enter_own_words),
        lines: true,
        max: Text::GRAPHEMES,
        ..Field::default()
    };
    let inside = view! {
        {entering.which(on_)}
        {choices("stance", w!(comment_stance), String::new(), false, sides.into(), side, entering.errors)}
        {field(asked, text, entering.errors, Signal::derive(|| false), None)}
        {contributions::reachable_typed(StoredValue::new(vec![text]))}
    };
    entering.asks(inside.into_any(), read)
}

fn support(entering: Entering) -> AnyView {
    let on_ = RwSignal::new(String::new());
    entering.keep("support", &[("on", on_)]);
    let read = move || {
        let (record, title) = entering.chosen(on_)?;
        let act = Act::Support(Support { consultation: entering.consultation, record, given: true });
        let (at, kept_as) = (entering.page_of(record), entering.kept_as("support"));
        Ok(Written {
            act,
            title,
            text: String::new(),
            aloud: vec![(String::new(), w!(support_give))],
            at,
            kept_as,
        })
    };
    entering.asks(entering.which(on_), read)
}

/// A ballot, in the order of the list as on paper. It is kept nowhere while it is filled in.
fn ballot(entering: Entering, it: Poll) -> AnyView {
    let count = u8::try_from(it.choices.len()).unwrap_or(u8::MAX);
    let (id, question) = (it.id, words::say(&it.question));
    let poll = StoredValue::new(it);
    let filled = RwSignal::new(Filled::empty(count.into()));
    let inside =
        polls::fields(poll, filled, entering.errors, (0..count).collect(), w!(desk_enter_ballot_hint));
    entering.asks(inside, move || {
        let ballot = poll.with_value(|poll| filled.with_untracked(|filled| filled.ballot(poll)));
        let ballot = ballot.map_err(|problem| vec![("ballot", polls::say(problem, poll))])?;
        let aloud = vec![(String::new(), poll.with_value(|poll| spelled(poll, &ballot)))];
        let act = Act::Cast(Cast { consultation: entering.consultation, poll: id, ballot });
        let at = Some(Route::Poll(entering.slug(), entering.consultation, id));
        let kept_as = entering.kept_as("ballot");
        Ok(Written { act, title: question.clone(), text: String::new(), aloud, at, kept_as })
    })
}

/// What a ballot says, to be read out.
fn spelled(poll: &Poll, ballot: &Ballot) -> String {
    let name = |at: u8| poll.choices.get(usize::from(at)).map(words::say).unwrap_or_default();
    let names = |all: &[u8], between: &str| all.iter().map(|at| name(*at)).collect::<Vec<_>>().join(between);
    match ballot {
        Ballot::Choice(at) => name(*at),
        Ballot::Approved(all) if all.is_empty() => w!(desk_enter_blank),
        Ballot::Approved(all) => names(all, " · "),
        Ballot::Grades(all) => {
            let grade = |at: u8| poll.grades.get(usize::from(at)).map(words::say).unwrap_or_default();
            let each =
                (0_u8..).zip(all).map(|(at, given)| [&name(at), words::colon(), &grade(*given)].concat());
            each.collect::<Vec<_>>().join(" · ")
        }
        Ballot::Ranking(groups) => {
            let each =
                (1..).zip(groups).map(|(place, all): (u32, _)| format!("{place}. {}", names(all, " = ")));
            each.collect::<Vec<_>>().join(" · ")
        }
    }
}

/// What answers say, to be read out: each question and its answer.
fn told(survey: &Survey, answers: &Answers) -> Vec<(String, String)> {
    let line = |question: &Question| {
        let answer = answers.get(&question.id)?;
        Some((words::say(&question.label), answered(question, answer)))
    };
    survey.questions().filter_map(line).collect()
}

fn answered(question: &Question, answer: &Answer) -> String {
    let of = |choices: &[surveys_of::Choice], id: &ChoiceId| {
        choices.iter().find(|it| it.id == *id).map(|it| words::say(&it.label)).unwrap_or_default()
    };
    let choices: &[surveys_of::Choice] = match &question.asks {
        Asks::OneChoice(asked) => &asked.choices,
        Asks::Several(asked) => &asked.choices,
        Asks::Ranking(asked) => &asked.choices,
        _ => &[],
    };
    match (answer, &question.asks) {
        (Answer::Choice(id), _) => of(choices, id),
        (Answer::Choices(all), _) => all.iter().map(|id| of(choices, id)).collect::<Vec<_>>().join(" · "),
        (Answer::Ranking(all), _) => {
            let each = (1..).zip(all).map(|(place, id): (u32, _)| format!("{place}. {}", of(choices, id)));
            each.collect::<Vec<_>>().join(" · ")
        }
        (Answer::Matrix(rows), Asks::Matrix(asked)) => {
            let each = asked.rows.iter().filter_map(|row| {
                let column = rows.get(&row.id)?;
                Some([&words::say(&row.label), words::colon(), &of(&asked.columns, column)].concat())
            });
            each.collect::<Vec<_>>().join(" · ")
        }
        (Answer::Photos(photos), _) => n!(photos.len(), desk_enter_photos_a, desk_enter_photos_s),
        (answer, _) => word(answer).unwrap_or_default(),
    }
}

fn answers(entering: Entering, it: &Questionnaire) -> AnyView {
    let Ok(survey) = it.survey.read() else { return shell::unread(entering.app) };
    let (id, title) = (it.id, words::say(&it.title));
    let kept_as = entering.kept_as(&id.to_string());
    let form = kept_as.clone();
    let asked = survey.clone();
    let send = move |answers: Later<Answers>| {
        let aloud = answers.read().map(|answers| told(&asked, &answers)).unwrap_or_default();
        let act = Act::Respond(Respond { consultation: entering.consultation, survey: id, answers });
        let at = Some(Route::Survey(entering.slug(), entering.consultation, id));
        let (title, kept_as) = (title.clone(), form.clone());
        entering.check(Ok(Written { act, title, text: String::new(), aloud, at, kept_as }));
    };
    surveys::fields(
        entering.app,
        survey,
        surveys::Kept { name: &kept_as, photos: surveys::Photos::Joined },
        entering.errors,
        w!(desk_enter_check),
        Box::new(send),
    )
}
