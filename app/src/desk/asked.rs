//! What a consultation asks people, at the desk: its polls and surveys, how each stands, and opening another one.

use domain::ids::RecordId;
use domain::records::Consultation;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::asking_again::{Values, is_written, poll_of, survey_of, values};
use super::state::templates::Template;
use super::{starting, within};
use crate::polls::state::{Asked, When, asked, when};
use crate::ui::live::{live, memo};
use crate::ui::routes::Route;
use crate::ui::{App, asked as dates, parts, shell, typed, words};
use crate::w;

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_asked_title), draw)
}

fn draw(app: App, desk: Desk, it: &Consultation) -> AnyView {
    let (id, scope) = (it.id, Scope::Consultation(desk.community(), it.id));
    let model = it.adapted_from.as_ref().filter(|_| it.conclusion.is_none());
    let model = model.map(|it| Scope::Consultation(it.community.clone(), it.consultation));
    desk.follow_with(app, [scope.clone()].into_iter().chain(model.clone()));
    let (records, held) = (app.records(&scope), app.device().held(&scope));
    let network = app.device().network();
    let all = memo(move || records.with(|all| asked(all)));
    let cards = live(move || {
        app.clock.track();
        let all = all.get();
        if !all.is_empty() {
            return all.iter().map(|it| card(app, id, it)).collect::<Vec<_>>().into_any();
        }
        match (held.get(), network.get().online) {
            (None, true) => parts::loading(),
            (None, false) => shell::not_here(app, w!(asked_not_here)),
            (Some(_), _) => view! { <p class="soft">{w!(desk_asked_none)}</p> }.into_any(),
        }
    });
    // After the answer to the whole, nothing more is asked.
    let open = it.conclusion.is_none().then(|| {
        let poll = parts::link("btn", app.link(&Route::DeskPoll(id)), w!(desk_poll_title));
        let survey = parts::link("btn", app.link(&Route::DeskSurvey(id)), w!(desk_survey_title));
        view! { <div class="actions">{poll}{survey}</div> }
    });
    view! {
        {within::head(app, w!(desk_asked_title), it, None)}
        <p class="soft">{w!(desk_asked_help)}</p>
        {open}
        <div class="stack">{cards}</div>
        {model.map(|model| again(app, id, &model))}
        {it.conclusion.is_none().then(|| of_templates(app, id))}
    }
    .into_any()
}

/// A poll or a survey that can be asked here too.
struct Taken {
    /// Where it comes from, where the section does not say it.
    from: Option<String>,
    kind: String,
    title: AnyView,
    /// What stands in the form then; none where it cannot be read.
    values: Option<Values>,
    form: String,
    to: Route,
}

impl Taken {
    fn poll(consultation: RecordId, title: AnyView, values: Option<Values>) -> Self {
        let (form, to) = (typed::poll_in(consultation), Route::DeskPoll(consultation));
        Self { from: None, kind: w!(desk_kind_poll), title, values, form, to }
    }

    fn survey(consultation: RecordId, title: AnyView, values: Option<Values>) -> Self {
        let (form, to) = (typed::survey_in(consultation), Route::DeskSurvey(consultation));
        Self { from: None, kind: w!(desk_kind_survey), title, values, form, to }
    }
}

/// What the templates of the product ask.
fn of_templates(app: App, consultation: RecordId) -> AnyView {
    let fetched = RwSignal::new(Vec::<Template>::new());
    app.spawn(async move {
        let _ = fetched.try_set(starting::fetch().await.unwrap_or_default());
    });
    live(move || {
        let one = |it: Template| {
            let poll = it
                .poll
                .as_ref()
                .map(|it| Taken::poll(consultation, parts::said(&it.question), Some(poll_of(it))));
            let survey = it.survey.as_ref();
            let survey = survey.map(|it| Taken::survey(consultation, parts::said(&it.title), survey_of(it)));
            let from = words::say(&it.name);
            poll.into_iter().chain(survey).map(move |taken| Taken { from: Some(from.clone()), ..taken })
        };
        let rows: Vec<AnyView> =
            fetched.get().into_iter().flat_map(one).map(|taken| again_row(app, taken)).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <details class="fold">
                    <summary>{w!(desk_again_templates)}</summary>
                    <div class="fold-body stack"><p class="soft">{w!(desk_again_templates_help)}</p>{rows}</div>
                </details>
            }
        })
    })
}

/// What the consultation asked whose words this one began with: each can be asked here too.
fn again(app: App, consultation: RecordId, model: &Scope) -> AnyView {
    let records = app.records(model);
    live(move || {
        let all = records.with(|all| asked(all));
        let taken = |it: Asked| match &it {
            Asked::Poll(of) => Taken::poll(consultation, parts::said(&of.question), values(&it)),
            Asked::Survey(of) => Taken::survey(consultation, parts::said(&of.title), values(&it)),
        };
        let rows: Vec<AnyView> = all.into_iter().map(|it| again_row(app, taken(it))).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <section class="stack" aria-labelledby="again">
                    <h2 id="again">{w!(desk_again_title)}</h2>
                    <p class="soft">{w!(desk_again_help)}</p>
                    {rows}
                </section>
            }
        })
    })
}

fn again_row(app: App, taken: Taken) -> AnyView {
    let Taken { from, kind, title, values, form, to } = taken;
    let take = move || {
        let Some(values) = values.clone() else { return app.fail(w!(desk_again_unread)) };
        let (form, to) = (form.clone(), to.clone());
        app.spawn(async move {
            if is_written(&typed::held(app, &form).await) {
                return app.fail(w!(desk_again_written));
            }
            match typed::choose(app, &form, values).await {
                Ok(()) => app.go(&to),
                Err(error) => app.fail(words::unkept(error)),
            }
        });
    };
    view! {
        <article class="card">
            <p class="meta"><span>{kind}</span>{from.map(|from| view! { <span>{from}</span> })}</p>
            <h3 class="card-title">{title}</h3>
            <p class="actions">{parts::button("btn btn-quiet", w!(desk_again_take), take)}</p>
        </article>
    }
    .into_any()
}

/// One of them: when it is, whether its result is told, and where answers are read.
fn card(app: App, consultation: RecordId, it: &Asked) -> AnyView {
    let when = when(it.open(), app.device().server_now());
    let (kind, title, read) = match it {
        Asked::Poll(it) => (w!(desk_kind_poll), parts::said(&it.question), None),
        Asked::Survey(it) => {
            let read = app.link(&Route::DeskResponses(consultation, it.id));
            let title = words::say(&it.title);
            let read = view! {
                <a class="btn btn-quiet" href=read>{w!(desk_responses_read)}<span class="visually-hidden">{crate::ui::words::colon()}{title}</span></a>
            };
            (w!(desk_kind_survey), parts::said(&it.title), Some(read))
        }
    };
    let (tone, state) = match (when, it.is_told()) {
        (_, true) => ("good", w!(desk_asked_told)),
        (When::Soon, _) => ("", w!(consultation_soon_tag)),
        (When::Now, _) => ("act", w!(desk_asked_open)),
        (When::Over, _) => ("", w!(desk_asked_closed)),
    };
    view! {
        <article class="card">
            <p class="meta">{parts::tag(tone, state)}<span>{kind}</span><span>{dates::date_of(it.open(), when)}</span></p>
            <h2 class="card-title">{title}</h2>
            {read.map(|read| view! { <p class="actions">{read}</p> })}
        </article>
    }
    .into_any()
}
