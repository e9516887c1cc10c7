//! Reading a proposal again before it is sealed. One press: kept, and sent when it can be.

use crate::ui::live::{live, memo, on, shared};
use domain::ids::RecordId;
use domain::records::Place;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::state;
use super::writing::problem;
use crate::offline::{Draft, SealError};
use crate::ui::routes::Route;
use crate::ui::{App, header, page, parts, photo, words};
use crate::{communities, consultations, contributions, maps, moderation, w};

/// The page.
pub fn check(app: App, slug: String, id: RecordId) -> AnyView {
    page::title(|| w!(check_title));
    communities::at(app, slug, move |place| of_place(app, place, id))
}

fn of_place(app: App, place: Place, id: RecordId) -> AnyView {
    let scope = Scope::Community(place.id.clone());
    app.device().follow(vec![Scope::Territory, scope.clone()]);
    let records = app.records(&scope);
    let draft = RwSignal::new(None::<Draft>);
    let (community, back) = (place.id.clone(), Route::Propose(place.slug.clone(), id));
    app.spawn(async move {
        match app.device().draft(&community, id).await {
            // Nothing to read again: it is written first.
            Ok(read)
                if !state::check(
                    &read.title,
                    &read.text,
                    read.subject.as_deref().unwrap_or_default(),
                    &read.place,
                )
                .is_empty() =>
            {
                app.replace(&back);
            }
            Ok(read) => {
                let _ = draft.try_set(Some(read));
            }
            Err(_) => app.replace(&back),
        }
    });
    // Only the subject's name waits for the community's lists: the button never moves under a finger.
    let subject = memo(move || {
        let id = draft.with(|draft| draft.as_ref()?.subject.as_ref()?.parse().ok());
        let lists = records.with(|all| consultations::state::community(all.iter().map(|held| &held.record)));
        id.map_or_else(String::new, |id| consultations::subject_name(&lists, &id))
    });
    let wrong = RwSignal::new(None::<String>);
    let page = live(move || match draft.get() {
        Some(read) => facts(app, &place, id, read, subject, draft, wrong),
        None => parts::loading(),
    });
    view! {
        {move || wrong.get().map(|text| parts::notice("bad", w!(error_title), text, None))}
        {page}
    }
    .into_any()
}

fn facts(
    app: App,
    place: &Place,
    id: RecordId,
    draft: Draft,
    subject: Memo<String>,
    shown: RwSignal<Option<Draft>>,
    wrong: RwSignal<Option<String>>,
) -> AnyView {
    let edit = app.link(&Route::Propose(place.slug.clone(), id));
    let change = |field: String| {
        let href = edit.clone();
        Some(
            view! { <a href=href>{w!(app_change)}<span class="visually-hidden">{crate::ui::words::colon()} {field}</span></a> }
                .into_any(),
        )
    };
    let own = |text: String| view! { <span dir="auto">{text}</span> }.into_any();
    let subject = view! { <span dir="auto">{move || subject.get()}</span> }.into_any();
    let text = if draft.text.trim().is_empty() { w!(check_no_text) } else { draft.text.clone() };
    let (title, draft_place) = (draft.title.clone(), draft.place.clone());
    let (photos, at) = (pictures(app, &draft), whereabouts(&draft));
    let network = app.device().network();
    let busy = RwSignal::new(false);
    let send = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let draft = draft.clone();
        app.spawn(async move {
            match app.device().seal(&draft).await {
                Ok(op) => app.replace(&Route::TrailItem(op)),
                Err(error) => {
                    // Changed meanwhile, in another tab perhaps: then it is read again.
                    let now = app.device().draft_now(&draft.key).await.ok().flatten();
                    let now = now.filter(|now| error == SealError::Gone && *now != draft);
                    let said = if now.is_some() { w!(check_error_changed) } else { say(error) };
                    let _ = wrong.try_set(Some(said));
                    let _ = busy.try_set(false);
                    if now.is_some() {
                        let _ = shown.try_set(now);
                    }
                }
            }
        });
    };
    let label = shared(move || if network.get().online { w!(check_send) } else { w!(check_send_offline) });
    let office = header::office(place.sort);
    let reachable = contributions::reachable(&[title.as_str(), text.as_str(), draft_place.as_str()]);
    view! {
        {parts::head(None, w!(check_title), Some(view! { <p class="soft">{w!(check_intro)}</p> }.into_any()))}
        <dl class="facts">
            {parts::fact(w!(propose_sentence_label), own(title), change(w!(propose_sentence_label)))}
            {parts::fact(w!(propose_explain_label), own(text), change(w!(propose_explain_label)))}
            {parts::fact(w!(propose_subject_label), subject, change(w!(propose_subject_label)))}
            {parts::fact(w!(place_label), at, change(w!(place_label)))}
            {parts::fact(w!(propose_photos_label), photos, change(w!(propose_photos_label)))}
        </dl>
        {reachable}
        {moderation::first(app, place)}
        <p>{w!(propose_privacy, community = place.name.to_string(), office = office)}</p>
        <p class="actions">
            <button type="button" class="btn" aria-busy=move || busy.get().then_some("true") on:click=on(move |_| send())>{label}</button>
        </p>
    }
    .into_any()
}

/// Where that is: words, and the sector in numbers.
fn whereabouts(draft: &Draft) -> AnyView {
    let words = draft.place.trim().to_owned();
    if words.is_empty() && draft.sector.is_none() {
        return w!(place_none).into_any();
    }
    let numbers =
        draft.sector.map(|sector| view! { <p>{w!(place_chosen, sector = maps::degrees(sector))}</p> });
    view! { {(!words.is_empty()).then(|| view! { <p dir="auto">{words}</p> })} {numbers} }.into_any()
}

fn pictures(app: App, draft: &Draft) -> AnyView {
    if draft.photos.is_empty() {
        return w!(check_no_photo).into_any();
    }
    let items: Vec<AnyView> = draft
        .photos
        .iter()
        .map(|shot| {
            let picture = photo::picture(app, shot.thumb, shot.alt.clone());
            view! { <li class="photos-item">{picture}<p class="photos-note" dir="auto">{shot.alt.clone()}</p></li> }.into_any()
        })
        .collect();
    view! { <ul class="photos">{items}</ul> }.into_any()
}

/// Why it could not be sealed, in words.
pub fn say(error: SealError) -> String {
    use state::Problem;
    match error {
        SealError::Title(_) => problem(Problem::TitleEmpty),
        SealError::Text(_) => problem(Problem::TextLong),
        SealError::Subject => problem(Problem::Subject),
        SealError::Place(_) => problem(Problem::PlaceLong),
        SealError::Description(_) => w!(check_error_description),
        SealError::Gone => w!(check_error_gone),
        SealError::Invalid => w!(check_error_invalid),
        SealError::Store(error) => words::unkept(error),
    }
}
