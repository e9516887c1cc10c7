//! Up to three photos: made smaller and stripped of what they hide before they are kept,
//! each with a description for those who do not see it.

use crate::ui::live::{is_second_tap, live, memo, on, shared};
use domain::ids::Hash;
use domain::operations::PHOTOS_MAX;
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::writing::{Writing, unkept};
use crate::offline::PictureError;
use crate::ui::icons::{CAMERA, CLOSE, icon};
use crate::ui::{App, dates, photo};
use crate::w;

/// The part of the form.
pub fn photos(app: App, writing: Writing) -> AnyView {
    let wrong = RwSignal::new(None::<String>);
    let list = memo(move || {
        writing.draft.with(|draft| {
            let photos = draft.iter().flat_map(|draft| &draft.photos);
            photos.map(|photo| photo.thumb).collect::<Vec<Hash>>()
        })
    });
    let add = move |event: web_sys::Event| {
        let Some(input) = dates::target::<HtmlInputElement>(&event) else { return };
        let files = input.files();
        let files: Vec<_> =
            files.iter().flat_map(|files| (0..files.length()).filter_map(|at| files.get(at))).collect();
        input.set_value("");
        let Some((key, op)) =
            writing.draft.with_untracked(|draft| Some((draft.as_ref()?.key.clone(), draft.as_ref()?.op)))
        else {
            return;
        };
        writing.preparing.update(|photos| *photos += 1);
        app.spawn(async move {
            let mut failed = None;
            for file in files {
                match app.device().add_photo(&key, op, file).await {
                    // Only the photo: somebody may have typed while it was prepared.
                    Ok(photo) => writing.now_has(|photos| {
                        if photos.iter().all(|other| other.thumb != photo.thumb) {
                            photos.push(photo);
                        }
                    }),
                    Err(error) => {
                        failed = Some(say(error));
                        break;
                    }
                }
            }
            let _ = writing.preparing.try_update(|photos| *photos -= 1);
            // Whoever left the form in the meantime is told all the same.
            if let Some(Some(text)) = wrong.try_set(failed) {
                app.fail(text);
            }
        });
    };
    let may_add = move || list.with(|list| list.len() < PHOTOS_MAX) && !writing.elsewhere.get();
    view! {
        <fieldset class="field">
            <legend class="field-label">{w!(propose_photos_label)} " (" {w!(app_optional)} ")"</legend>
            <p class="field-hint">{w!(propose_photo_hint)} " " {w!(propose_photo_limit, max = PHOTOS_MAX.to_string())}</p>
            <p role="status">{move || wrong.get().map(|text| view! { <span class="field-error">{text}</span> })}</p>
            <ul class="stack">
                <For each=move || list.get() key=|thumb| *thumb children=move |thumb| one(app, writing, list, thumb) />
            </ul>
            {move || may_add().then(|| view! {
                <div class="row">
                    <input class="visually-hidden" type="file" id="photo" accept="image/*" multiple on:change=on(add) />
                    <label class="btn btn-quiet" for="photo" aria-busy=move || (writing.preparing.get() > 0).then_some("true")>
                        {icon(CAMERA)}
                        {move || if writing.preparing.get() > 0 { w!(propose_photo_working) } else { w!(propose_photo_add) }}
                    </label>
                </div>
            })}
        </fieldset>
    }
    .into_any()
}

/// One photo. What it is said to show goes with it when another one is removed.
fn one(app: App, writing: Writing, list: Memo<Vec<Hash>>, thumb: Hash) -> AnyView {
    let id = format!("alt-{thumb}");
    let number = memo(move || {
        let at = list.with(|list| list.iter().position(|other| *other == thumb));
        at.map_or_else(String::new, |at| (at + 1).to_string())
    });
    let alt = shared(move || {
        writing.draft.with(|draft| {
            let mut photos = draft.iter().flat_map(|draft| &draft.photos);
            photos.find(|photo| photo.thumb == thumb).map(|photo| photo.alt.clone()).unwrap_or_default()
        })
    });
    let picture = live(move || photo::picture(app, thumb, w!(contribution_photo, number = number.get())));
    let label = shared(move || w!(propose_photo_remove, number = number.get()));
    let describe = move |event: web_sys::Event| {
        let text = event_target_value(&event);
        writing.change(|draft| {
            if let Some(photo) = draft.photos.iter_mut().find(|photo| photo.thumb == thumb) {
                photo.alt = text;
            }
        });
    };
    let remove = move |_| {
        if is_second_tap() {
            return;
        }
        let key = writing.draft.with_untracked(|draft| draft.as_ref().map(|draft| draft.key.clone()));
        let Some(key) = key.filter(|_| !writing.elsewhere.get_untracked()) else { return };
        app.spawn(async move {
            match app.device().remove_photo(&key, thumb).await {
                Ok(()) => writing.now_has(|photos| photos.retain(|photo| photo.thumb != thumb)),
                Err(error) => app.fail(unkept(error)),
            }
        });
    };
    view! {
        <li class="photos-draft">
            <div class="photos-item">
                {picture}
                <button type="button" class="btn btn-icon photos-remove" on:click=on(remove)>
                    {icon(CLOSE)}<span class="visually-hidden">{label}</span>
                </button>
            </div>
            <div class="field">
                <label class="field-label" for=id.clone()>{w!(propose_photo_alt_label)}</label>
                <input class="field-input" id=id type="text" dir="auto" maxlength="200" prop:value=alt on:input=on(describe) />
            </div>
        </li>
    }
    .into_any()
}

/// Why a photo cannot be kept, in words.
pub fn say(error: PictureError) -> String {
    match error {
        PictureError::TooMany => w!(propose_photo_limit, max = PHOTOS_MAX.to_string()),
        PictureError::NotAPicture => w!(propose_photo_unreadable),
        PictureError::Store(error) => unkept(error),
    }
}
