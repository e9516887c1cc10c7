//! The form of a proposal: a sentence, an explanation, a subject, photos.

use crate::ui::live::{effect, live, memo, on, shared};
use domain::ids::RecordId;
use domain::phases::{Form, Intake};
use domain::records::{Community, Consultation, Place};
use domain::scopes::Scope;
use domain::text::{Text, Title};
use leptos::prelude::*;

use super::place::Where;
use super::similar::Alike;
use super::state;
use super::writing::{Kept, Writing, problem, unkept};
use crate::ui::field::{Choice, Errors, Field, choices, field, summary};
use crate::ui::pieces::{self, Piece};
use crate::ui::routes::Route;
use crate::ui::{App, dates, header, page, parts, shell, words};
use crate::{communities, consultations, contributions, w};

/// The page.
pub fn form(app: App, slug: String, id: RecordId) -> AnyView {
    page::title(|| w!(propose_title));
    communities::at(app, slug, move |place| of_place(app, place, id))
}

fn of_place(app: App, place: Place, id: RecordId) -> AnyView {
    let scope = Scope::Community(place.id.clone());
    // The consultation too: what others proposed there is offered while somebody writes.
    let said = Scope::Consultation(place.id.clone(), id);
    app.device().follow(vec![Scope::Territory, scope.clone(), said]);
    let records = app.records(&scope);
    let lists = memo(move || {
        records.with(|all| consultations::state::community(all.iter().map(|held| &held.record)))
    });
    let network = app.device().network();
    let known = memo(move || lists.with(Option::is_some));
    let writing = Writing::open(app, place.id.clone(), id);
    live(move || {
        if !known.get() {
            return if network.get().online {
                parts::loading()
            } else {
                shell::not_here(app, w!(home_not_yet, community = place.name.to_string()))
            };
        }
        let Some(lists) = lists.get_untracked() else { return parts::loading() };
        let read = memo(move || writing.draft.with(Option::is_some));
        let place = place.clone();
        live(move || match read.get() {
            true => fields(app, &place, id, &lists, writing),
            false => not_yet(&place, id, writing),
        })
    })
}

/// The draft is being read; or it could be neither read nor begun.
fn not_yet(place: &Place, id: RecordId, writing: Writing) -> AnyView {
    let Kept::Failed(error) = writing.kept.get() else { return parts::loading() };
    let community = place.id.clone();
    let again = parts::button("btn", w!(app_retry), move || writing.read(community.clone(), id));
    parts::notice("bad", w!(error_title), words::unkept(error), Some(again))
}

fn fields(app: App, place: &Place, id: RecordId, lists: &Community, writing: Writing) -> AnyView {
    let Some(draft) = writing.draft.get_untracked() else { return parts::loading() };
    let scope = Scope::Community(place.id.clone());
    let it = app
        .records(&scope)
        .with_untracked(|all| consultations::state::consultation(all.iter().map(|held| &held.record), id));
    let title = RwSignal::new(draft.title.clone());
    let text = RwSignal::new(draft.text.clone());
    let subject = RwSignal::new(draft.subject.clone().unwrap_or_default());
    let at = Where { sector: RwSignal::new(draft.sector), words: RwSignal::new(draft.place.clone()) };
    let errors: Errors = RwSignal::new(Vec::new());
    effect(move |first| {
        let (title, text, subject) = (title.get(), text.get(), subject.get());
        let (sector, words) = (at.sector.get(), at.words.get());
        if !first {
            writing.change(|draft| {
                (draft.title, draft.text) = (title, text);
                draft.subject = Some(subject).filter(|subject| !subject.is_empty());
                (draft.sector, draft.place) = (sector, words);
            });
        }
    });
    let next = Route::Check(place.slug.clone(), id);
    let check = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let wrong = state::check(&title.get(), &text.get(), &subject.get(), &at.words.get());
        errors.set(wrong.iter().map(|wrong| (wrong.field(), problem(*wrong))).collect());
        if wrong.is_empty() {
            let next = next.clone();
            app.spawn(async move {
                let wanted = app.route.get_untracked();
                writing.prepared().await;
                // They went elsewhere meanwhile: there they stay.
                if app.route.get_untracked() != wanted {
                    return;
                }
                // The check reads what is on disk: on a full one that would be other words.
                match writing.save().await {
                    Ok(()) => app.go(&next),
                    Err(error) => {
                        let _ = errors.try_set(vec![("text", unkept(error))]);
                    }
                }
            });
        }
    };
    let takes = it.as_ref().map(|it| contributions::taken(app, it)).unwrap_or_default();
    let known = lists.clone();
    let community_lists = memo(move || Some(known.clone()));
    let alike =
        Alike { place: place.clone(), consultation: id, takes, lists: community_lists, title, writing };
    let closed = it
        .as_ref()
        .filter(|it| it.intake_of(Form::Proposals, app.device().server_now()) == Intake::Closed)
        .map(|it| closed(app, place, it, writing, errors));
    let above = it.map(|it| {
        let to = app.link(&Route::Consultation(place.slug.clone(), id));
        parts::link("", to, words::say(&it.title))
    });
    let elsewhere = shared(move || {
        writing
            .elsewhere
            .get()
            .then(|| parts::notice("warn", String::new(), w!(propose_draft_elsewhere), None))
    });
    let readonly = Signal::derive(move || writing.elsewhere.get());
    let subjects = lists.subjects.iter().map(|subject| Choice {
        value: subject.id.to_string(),
        text: words::say(&subject.short),
        hint: String::new(),
    });
    let sentence = Field {
        id: "title",
        label: w!(propose_sentence_label),
        hint: w!(propose_sentence_hint),
        max: Title::GRAPHEMES,
        ..Field::default()
    };
    let explain = Field {
        id: "text",
        label: w!(propose_explain_label),
        hint: w!(propose_explain_hint),
        lines: true,
        max: Text::GRAPHEMES,
        ..Field::default()
    };
    let waiting = shared(move || (writing.preparing.get() > 0).then_some("true"));
    let office = header::office(place.sort);
    let nobody = app.me();
    view! {
        {summary(errors)}
        {parts::head(above, w!(propose_title), None)}
        {closed}
        {elsewhere}
        <form class="stack-l" novalidate on:submit=on(check)>
            {field(sentence, title, errors, readonly, None)}
            {pieces::shown(app, Piece::Similar(alike))}
            {field(explain, text, errors, readonly, Some(writing.mark()))}
            {choices("subject", w!(propose_subject_label), w!(propose_subject_hint), false, subjects.collect(), subject, errors)}
            {pieces::shown(app, Piece::Besides(at, lists.bounds, errors, writing))}
            <div class="stack">
                <p>{w!(propose_privacy, community = place.name.to_string(), office = office)} " " {w!(propose_small_place)}</p>
                {move || nobody.get().is_none().then(|| view! { <p class="soft">{w!(propose_before_sign_in)}</p> })}
                <p class="actions">
                    <button class="btn" type="submit" aria-busy=waiting>{w!(propose_review)}</button>
                    {discard(app, place.slug.clone(), id, writing)}
                </p>
            </div>
        </form>
    }
    .into_any()
}

/// What is written for a closed consultation can be moved to one that is open.
fn closed(app: App, place: &Place, it: &Consultation, writing: Writing, errors: Errors) -> AnyView {
    let records = app.records(&Scope::Community(place.id.clone()));
    let now = app.device().server_now();
    let (open, _) = records
        .with_untracked(|all| consultations::state::by_phase(all.iter().map(|held| &held.record), now));
    let buttons: Vec<AnyView> = open
        .iter()
        .map(|other| {
            let (id, to) = (other.id, Route::Propose(place.slug.clone(), other.id));
            let go_there = move || {
                let Some(key) = writing.draft.with_untracked(|draft| Some(draft.as_ref()?.key.clone()))
                else {
                    return;
                };
                let to = to.clone();
                app.spawn(async move {
                    let moved = match writing.save().await {
                        Ok(()) => app.device().prefer_draft(&key, id).await,
                        unkept => unkept,
                    };
                    match moved {
                        Ok(()) => app.go(&to),
                        Err(error) => {
                            let _ = errors.try_set(vec![("title", unkept(error))]);
                        }
                    }
                });
            };
            parts::button("btn btn-quiet", words::say(&other.title), go_there)
        })
        .collect();
    let elsewhere = (!buttons.is_empty())
        .then(|| view! { <p>{w!(propose_move)}</p> <div class="actions">{buttons}</div> }.into_any());
    let text = w!(propose_error_closed, date = dates::day(it.accepts_until(Form::Proposals)));
    parts::notice("warn", String::new(), text, elsewhere)
}

/// Throwing the draft away asks first.
fn discard(app: App, slug: String, id: RecordId, writing: Writing) -> AnyView {
    use crate::ui::dialog::{Asked, dialog};
    let open = RwSignal::new(false);
    let asked = Asked {
        title: w!(propose_draft_delete_ask),
        text: String::new(),
        yes: w!(propose_draft_delete),
        class: "btn btn-danger",
    };
    let act = move || {
        let to = Route::Consultation(slug.clone(), id);
        app.spawn(async move {
            writing.throw_away().await;
            app.go(&to);
        });
        true
    };
    view! {
        {parts::button("btn btn-plain", w!(propose_draft_delete), move || open.set(true))}
        {dialog(open, asked, None, act)}
    }
    .into_any()
}
