//! Proposing another wording for one paragraph: its words to change, and what changes shown underneath.

use domain::ids::{OpId, RecordId};
use domain::operations::{Action, Amend};
use domain::records::{Place, PublishedText};
use leptos::prelude::*;

use super::fields::{self, Fields, problem};
use super::page::{find, is_open};
use super::state::written;
use crate::ui::field::{Errors, summary};
use crate::ui::live::{live, on};
use crate::ui::routes::Route;
use crate::ui::{App, asked, parts, typed, words};
use crate::{contributions, moderation, proposals, w};

/// The page.
pub fn page(app: App, slug: String, consultation: RecordId, id: RecordId, paragraph: u32) -> AnyView {
    asked::of(
        app,
        (slug, consultation, id),
        find,
        |_| w!(amend_do),
        move |app, place, it| draw(app, place, &it, paragraph),
    )
}

fn draw(app: App, place: &Place, it: &PublishedText, paragraph: u32) -> AnyView {
    let to = app.link(&Route::Text(place.slug.clone(), it.consultation, it.id));
    let back = parts::link("", to, words::say(&it.title));
    let here = it.paragraph(paragraph).and_then(|(number, one)| {
        let (lang, words) = one.words.best(&words::order())?;
        Some((number, lang.clone(), words.clone()))
    });
    let (wording, reason) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    if let Some((_, _, quote)) = &here {
        wording.set(quote.to_string());
    }
    // Those that were refused, whose words these are: sent again, they are no longer needed.
    let again = RwSignal::new(String::new());
    let kept_as = typed::amend_of(it.id, paragraph);
    let fields = [("wording", wording), ("reason", reason), ("again", again)];
    typed::keep(app, &kept_as, fields.map(|(name, field)| (name.to_owned(), field)).to_vec());
    let Some((number, lang, quote)) = here else {
        // What was written to it is still there to be read and copied.
        let own = live(move || {
            let text = wording.get();
            (!text.is_empty()).then(|| parts::words_of("person", text, None))
        });
        return view! {
            {parts::head(Some(back), w!(amend_do), None)}
            {parts::notice("warn", String::new(), w!(amend_gone), None)}
            {own}
        }
        .into_any();
    };
    let errors: Errors = RwSignal::new(Vec::new());
    let open = is_open(app, place, it.consultation);
    let (community, consultation, text) = (place.id.clone(), it.consultation, it.id);
    let (tag, before) = (lang.to_string(), quote.to_string());
    let send = {
        let (lang, quote) = (lang.clone(), quote.clone());
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let read = written(&quote, &wording.get_untracked(), &reason.get_untracked());
            let (wording, reason) = match read {
                Ok(written) => written,
                Err(wrong) => return errors.set(wrong.into_iter().map(problem).collect()),
            };
            errors.set(Vec::new());
            let (lang, quote) = (lang.clone(), quote.clone());
            let amend = Action::Amend(Amend { consultation, text, paragraph, lang, quote, wording, reason });
            let (community, kept_as, again) = (community.clone(), kept_as.clone(), again.get_untracked());
            app.spawn(async move {
                match app.device().act(&community, amend).await {
                    Ok(op) => {
                        typed::forget(app, &kept_as).await;
                        for old in again.split_whitespace().filter_map(|old| old.parse::<OpId>().ok()) {
                            let _ = app.device().discard(old).await;
                        }
                        app.go(&Route::TrailItem(op));
                    }
                    Err(error) => {
                        let _ = errors.try_set(vec![("wording", proposals::say(error))]);
                    }
                }
            });
        }
    };
    let closed = Signal::derive(move || !open.get());
    let said =
        live(move || closed.get().then(|| parts::notice("warn", String::new(), w!(amend_closed), None)));
    let quoted = parts::words_of("motion", before.clone(), None);
    let fields = Fields {
        wording: (w!(amend_wording), wording),
        reason: (w!(propose_small_place), reason),
        errors,
        readonly: closed,
    };
    let first = moderation::first(app, place);
    let me = app.me();
    let nobody =
        move || me.get().is_none().then(|| view! { <p class="soft">{w!(propose_before_sign_in)}</p> });
    let button = live(move || {
        open.get().then(
            || view! { <p class="actions"><button class="btn" type="submit">{w!(amend_send)}</button></p> },
        )
    });
    view! {
        {parts::head(Some(back), w!(amend_do), Some(view! { <p>{w!(text_paragraph, number = number.to_string())}</p> }.into_any()))}
        {summary(errors)}
        {said}
        {quoted}
        <form class="stack" novalidate on:submit=on(send)>
            {fields::fields(fields, before, tag)}
            {contributions::reachable_while_typed(app, vec![wording, reason])}
            {nobody}
            {first}
            {button}
        </form>
    }
    .into_any()
}
