//! One line of the list: a proposal with its answer and what stands around it, or the trace of what
//! was hidden.

use std::sync::Arc;

use crate::ui::live::{live, memo, on, shared};
use domain::phases::Form;
use domain::records::{AnswerGiven, Community, Contribution, Place, Record, SignedAs};
use domain::scopes::Scope;
use domain::text::shorten;
use leptos::prelude::*;

use super::state::{Voices, supported};
use super::{forwarded, support};
use crate::communities;
use crate::consultations::subject_name;
use crate::offline::{Shown, derived};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, photo, words};
use crate::{n, trail, w};

/// What every entry of a consultation is drawn with.
#[derive(Clone, Copy)]
pub struct Around {
    /// The app.
    pub app: App,
    /// Whose consultation it is.
    pub place: StoredValue<Place>,
    /// What people may do in it now.
    pub takes: StoredValue<Vec<Form>>,
    /// The community's lists.
    pub lists: Memo<Option<Community>>,
    /// What stands around the proposals.
    pub said: Memo<Arc<Voices>>,
    /// What the person supports, and whether that is still on its way.
    pub supported: Memo<Vec<(domain::ids::RecordId, bool)>>,
}

impl Around {
    /// From the records of the consultation's scope.
    pub fn new(
        app: App,
        place: Place,
        takes: Vec<Form>,
        lists: Memo<Option<Community>>,
        records: Signal<Shown>,
    ) -> Self {
        let me = app.me();
        let own = memo(move || {
            let Some(person) = me.get() else { return Vec::new() };
            app.records(&Scope::Person(person.id)).with(|all| supported(all))
        });
        let said = Memo::new_with_compare(
            move |_| records.with(|all| derived(all, Voices::read)),
            // It is read when records change: then it is another one.
            |_, _| true,
        );
        let (place, takes) = (StoredValue::new(place), StoredValue::new(takes));
        Self { app, place, takes, lists, said, supported: own }
    }

    /// Whether people may do this now.
    pub fn takes(&self, form: Form) -> bool {
        self.takes.with_value(|takes| takes.contains(&form))
    }
}

/// One line: a proposal, or the trace of what was hidden.
pub fn entry(around: Around, entry: &Record, pending: bool) -> AnyView {
    match entry {
        Record::Contribution(it) => proposal(around, it, pending),
        Record::Hiding(it) => {
            let name = around.lists.with_untracked(|lists| {
                let known = lists.as_ref().and_then(|lists| lists.rule(&it.rule));
                known.map_or_else(|| it.rule.to_string(), |rule| words::say(&rule.label))
            });
            let week = w!(contribution_week, date = dates::monday(it.week.monday()));
            view! { <p class="card soft small">{w!(contribution_hidden, rule = name)} " · " {week}</p> }
                .into_any()
        }
        _ => ().into_any(),
    }
}

/// Who said it, when, about what.
pub fn meta(around: Around, it: &Contribution, pending: bool, more: Option<AnyView>) -> AnyView {
    let here = around.place.with_value(|place| place.name.to_string());
    let from = it.forwarded_from.as_ref().map(|from| &from.community).or(it.home.as_ref());
    let name = from.map_or(here, |from| communities::name(around.app, from));
    let by = match it.signed {
        SignedAs::Resident => w!(contribution_signed, community = name),
        SignedAs::Imported => w!(contribution_imported),
        SignedAs::OnBehalf => w!(contribution_on_behalf, community = name),
        SignedAs::Paper => w!(contribution_paper, community = name),
    };
    let week = w!(contribution_week, date = dates::monday(it.week.monday()));
    let slug = around.place.with_value(|place| place.slug.clone());
    let subject = it.subject().map(|id| {
        let name = around.lists.with_untracked(|lists| subject_name(lists, id));
        parts::link("", around.app.link(&Route::Subject(slug, id.to_string())), name)
    });
    view! {
        <p class="meta">
            {pending.then(|| parts::tag("warn", w!(contribution_unsent)))}
            {more}<span>{by}</span><span>{week}</span>{subject}
        </p>
    }
    .into_any()
}

fn proposal(around: Around, it: &Contribution, pending: bool) -> AnyView {
    let app = around.app;
    let (name, slug) = around.place.with_value(|place| (place.name.to_string(), place.slug.clone()));
    let to = app.link(&Route::Contribution(slug, it.consultation, it.id));
    let text = it.text().map(|text| folded(text.to_string()));
    let answer = it.answer.as_ref().map(|answer| answer_of(&name, answer));
    let foot = (!pending).then(|| foot(around, it, to.clone()));
    view! {
        <article class="card">
            <h3 class="card-title" dir="auto"><a class="card-quiet" href=to>{it.title().to_string()}</a></h3>
            {meta(around, it, pending, step_tag(it))}
            {text}
            {photo::list(app, it.photos().to_vec())}
            {merged(it)}
            {forwarded::note(app, it)}
            {answer}
            {foot}
        </article>
    }
    .into_any()
}

/// How far the office is, in public.
pub fn step_tag(it: &Contribution) -> Option<AnyView> {
    it.step.as_ref().map(|step| trail::progress_tag(&step.progress))
}

/// How many others it stands for.
pub fn merged(it: &Contribution) -> Option<AnyView> {
    let count = it.merged.len();
    (count > 0).then(|| {
        view! { <p class="small soft">{n!(count, contribution_merged_a, contribution_merged_s)}</p> }
            .into_any()
    })
}

/// Support, and the way to what is said of it.
fn foot(around: Around, it: &Contribution, to: String) -> AnyView {
    let id = it.id;
    let label = shared(move || match around.said.with(|said| said.comments(id).len()) {
        0 => w!(consultation_comment),
        count => n!(count, consultation_comments_a, consultation_comments_s),
    });
    let shown =
        memo(move || around.takes(Form::Comments) || around.said.with(|said| !said.comments(id).is_empty()));
    let label = live(move || {
        let (label, to) = (label.clone(), to.clone());
        shown.get().then(|| view! { <a class="btn btn-plain" href=to>{label}</a> })
    });
    view! { <div class="card-foot">{support::support(around, it.consultation, id)}{label}</div> }.into_any()
}

/// A long text begins folded, so that a list stays a list.
fn folded(text: String) -> AnyView {
    const SHORT: usize = 320;
    let short = shorten(&text, SHORT);
    if short.len() + SHORT / 2 > text.len() {
        return parts::words_of("person", text, None);
    }
    let open = RwSignal::new(false);
    let label = shared(move || if open.get() { w!(contribution_less) } else { w!(contribution_more) });
    view! {
        <blockquote class="quote" data-from="person" dir="auto">
            {move || if open.get() { text.clone() } else { short.clone() }}
        </blockquote>
        <button type="button" class="btn btn-plain" aria-expanded=move || open.get().to_string()
            on:click=on(move |_| open.update(|open| *open = !*open))>{label}</button>
    }
    .into_any()
}

/// An official answer.
pub fn answer_of(name: &str, answer: &AnswerGiven) -> AnyView {
    let (lang, text) = words::best(&answer.text);
    view! {
        <div class="answer">
            <p class="answer-head">{w!(contribution_answer, community = name.to_owned())}</p>
            <p class="quote" lang=lang dir="auto">{text}</p>
            <p class="quote-by">{w!(contribution_answered_on, date = dates::day(answer.at))}</p>
        </div>
    }
    .into_any()
}
