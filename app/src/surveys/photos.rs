//! A question that asks for photos.

use domain::operations::Photo;
use domain::surveys::{Answer, Question};
use leptos::prelude::*;
use web_sys::HtmlInputElement;

use super::question::{Photos, Sheet, group};
use crate::ui::icons::{CAMERA, CLOSE, icon};
use crate::ui::live::{live, memo, on};
use crate::ui::{dates, photo};
use crate::{n, proposals, w};

/// Photos: kept on the device at once, small, without what they hide.
pub fn photos(sheet: Sheet, id: &'static str, it: &Question, most: usize) -> AnyView {
    let said = |text: String| group(sheet, id, it, view! { <p class="soft">{text}</p> }.into_any());
    let app = match sheet.photos {
        Photos::Kept(app) => app,
        Photos::Joined => return said(w!(survey_photos_joined)),
        Photos::None => return said(w!(desk_preview_photos)),
    };
    let (asked, name) = (it.clone(), it.id.clone());
    let taken = memo(move || match sheet.answers.with(|answers| answers.get(&name).cloned()) {
        Some(Answer::Photos(photos)) => photos,
        _ => Vec::new(),
    });
    let busy = RwSignal::new(false);
    let wrong = RwSignal::new(None::<String>);
    let put = {
        let asked = asked.clone();
        move |photos: Vec<Photo>| sheet.put(&asked, Some(Answer::Photos(photos)))
    };
    let add = {
        let put = put.clone();
        move |event: web_sys::Event| {
            let Some(input) = dates::target::<HtmlInputElement>(&event) else { return };
            let file = input.files().and_then(|files| files.get(0));
            input.set_value("");
            let Some(file) = file.filter(|_| !busy.get_untracked()) else { return };
            busy.set(true);
            let put = put.clone();
            app.spawn(async move {
                let kept = app.device().add_form_photo(file).await;
                let _ = busy.try_set(false);
                let Some(mut photos) = taken.try_get_untracked() else { return };
                let _ = wrong.try_set(kept.as_ref().err().map(|error| proposals::photo_problem(*error)));
                if let Ok(photo) = kept
                    && photos.iter().all(|known| known.thumb != photo.thumb)
                {
                    photos.push(photo);
                    put(photos);
                }
            });
        }
    };
    let rows = {
        let put = put.clone();
        live(move || {
            let all = taken.get();
            let rows: Vec<AnyView> = all
                .iter()
                .zip(1..)
                .map(|(photo, number)| {
                    let number: usize = number;
                    let (put, gone) = (put.clone(), photo.thumb);
                    let remove = move |_| {
                        let mut left = taken.get_untracked();
                        left.retain(|known| known.thumb != gone);
                        // The file stays until the answers are sealed: another question may show it.
                        put(left);
                    };
                    let alt = w!(contribution_photo, number = number.to_string());
                    view! {
                        <li class="photos-item">
                            {photo::picture(app, photo.thumb, alt)}
                            <button type="button" class="btn btn-icon photos-remove" on:click=on(remove)>
                                {icon(CLOSE)}
                                <span class="visually-hidden">{w!(propose_photo_remove, number = number.to_string())}</span>
                            </button>
                        </li>
                    }
                    .into_any()
                })
                .collect();
            view! { <ul class="photos">{rows}</ul> }.into_any()
        })
    };
    let adding = live(move || {
        let room = taken.with(|taken| taken.len() < most);
        let label = if busy.get() { w!(propose_photo_working) } else { w!(propose_photo_add) };
        let add = add.clone();
        room.then(|| {
            view! {
                <div class="row">
                    <input class="visually-hidden" type="file" id=id accept="image/*" on:change=on(add) />
                    <label class="btn btn-quiet" for=id>{icon(CAMERA)} {label}</label>
                </div>
            }
        })
    });
    let inside = view! {
        <p class="field-hint">{n!(most, survey_photos_most_a, survey_photos_most_s)} " " {w!(survey_photos)} " " {w!(propose_photo_hint)}</p>
        <p role="status">{move || wrong.get().map(|text| view! { <span class="field-error">{text}</span> })}</p>
        {rows}
        {adding}
    };
    group(sheet, id, it, inside.into_any())
}
