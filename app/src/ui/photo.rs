//! Photos: thumbnails that the device holds or fetches, each with its description.

use super::live::live;
use domain::operations::Photo;
use domain::records::Contribution;
use leptos::prelude::*;

use super::App;
use crate::{n, w};

/// One picture, once its bytes are here; a line of words until then.
pub fn picture(app: App, hash: domain::ids::Hash, alt: String) -> AnyView {
    let source = RwSignal::new(None::<String>);
    let tried = RwSignal::new(false);
    app.spawn(async move {
        let url = app.device().thumbnail(hash).await;
        // The page may have been left in the meantime.
        let _ = source.try_set(url);
        let _ = tried.try_set(true);
    });
    live(move || match source.get() {
        Some(url) => {
            view! { <img class="photos-img" src=url alt=alt.clone() loading="lazy" decoding="async" /> }
                .into_any()
        }
        None if tried.get() => {
            view! { <p class="photos-note">{w!(contribution_photo_missing)}</p> }.into_any()
        }
        None => ().into_any(),
    })
}

/// The photos of a proposal that everyone sees, and how many the office took out.
pub fn public(app: App, it: &Contribution) -> AnyView {
    let (out, covered) = it.proposal().map_or((0, 0), |it| (it.photos_out, it.photos_covered));
    let said = |count: u8, text: String| (count > 0).then(|| view! { <p class="small soft">{text}</p> });
    let out = said(out, n!(out, contribution_photos_out_a, contribution_photos_out_s));
    let covered = said(covered, n!(covered, contribution_photos_covered_a, contribution_photos_covered_s));
    view! { {list(app, it.photos().to_vec())} {covered} {out} }.into_any()
}

/// What a photo shows, in words; else its number.
pub fn alt(photo: &Photo, number: usize) -> String {
    let said = photo.alt.as_ref().map(ToString::to_string);
    said.unwrap_or_else(|| w!(contribution_photo, number = number.to_string()))
}

/// Photos beside each other.
pub fn list(app: App, photos: Vec<Photo>) -> Option<AnyView> {
    if photos.is_empty() {
        return None;
    }
    let items: Vec<AnyView> = photos
        .into_iter()
        .zip(1..)
        .map(|(photo, number)| {
            let alt = alt(&photo, number);
            view! { <li class="photos-item">{picture(app, photo.thumb, alt)}</li> }.into_any()
        })
        .collect();
    Some(view! { <ul class="photos">{items}</ul> }.into_any())
}
