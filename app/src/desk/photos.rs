//! The photos of a contribution at the desk: as they came, and those that everyone sees in their place. What everyone
//! sees can be taken out, or covered in part.

use domain::ids::Hash;
use domain::operations::{Action, Blot, Photo};
use domain::records::{Contribution, DeskItem};
use leptos::prelude::*;

use super::inbox::Desk;
use super::{acts, blot, cover};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::live::{live, memo};
use crate::ui::{App, page, parts, photo};
use crate::w;

/// What stands around each of them.
#[derive(Clone, Copy)]
struct Photos {
    app: App,
    desk: Desk,
    of: cover::Of,
    /// What everyone sees.
    shown: Memo<Option<Contribution>>,
    /// Those that stand in the place of what was sent.
    anew: Memo<Vec<Photo>>,
    /// The one that is being covered.
    covering: RwSignal<Option<Hash>>,
}

/// Where they stand in the page.
const PHOTOS: &str = "photos";

/// The photos, when there are any.
pub fn photos(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> Option<AnyView> {
    let it = item.get_untracked()?.contribution;
    let sent = it.photos().to_vec();
    if sent.is_empty() {
        return None;
    }
    let shown = blot::public(app, desk, item, &it);
    let anew = {
        let sent = sent.clone();
        memo(move || {
            let mut all = shown.with(|it| it.as_ref().map(|it| it.photos().to_vec())).unwrap_or_default();
            all.retain(|photo| !sent.iter().any(|known| known.full == photo.full));
            all
        })
    };
    let forwarded = it.forwarded.is_some();
    let of = cover::Of { consultation: it.consultation, record: it.id, forwarded };
    let photos = Photos { app, desk, of, shown, anew, covering: RwSignal::new(None) };
    let list = move |all: Vec<Photo>| -> AnyView {
        let all: Vec<AnyView> =
            all.iter().zip(1..).map(|(photo, number)| photos.one(photo, number)).collect();
        view! { <ul class="photos">{all}</ul> }.into_any()
    };
    let replaced = live(move || {
        let all = anew.get();
        (!all.is_empty()).then(|| view! { <p class="field-label">{w!(desk_cover_public)}</p> {list(all)} })
    });
    let editor = live(move || {
        let photo = photos.covering.get()?;
        let done = move || {
            let _ = photos.covering.try_set(None);
            page::focus_soon(PHOTOS);
        };
        Some(cover::editor(app, desk, of, photo, done))
    });
    Some(
        view! { <div class="stack-s" id=PHOTOS tabindex="-1">{list(sent)} {replaced}</div> {editor} }
            .into_any(),
    )
}

impl Photos {
    fn is_shown(self, full: Hash) -> bool {
        self.shown.with(|it| it.as_ref().is_some_and(|it| it.photos().iter().any(|known| known.full == full)))
    }

    /// One, with what can be done about it while everyone sees it.
    fn one(self, photo: &Photo, number: usize) -> AnyView {
        let (app, full, alt) = (self.app, photo.full, photo::alt(photo, number));
        let open = RwSignal::new(false);
        let is_shown = memo(move || self.is_shown(full));
        let foot = live(move || {
            if !is_shown.get() {
                let replaced = self.anew.with(|all| !all.is_empty());
                let gone = if replaced { w!(desk_cover_out) } else { w!(desk_blot_photo_out) };
                return view! { <p class="photos-note">{gone}</p> }.into_any();
            }
            let cover = move || self.covering.set(Some(full));
            let cover = parts::button("btn btn-plain", w!(desk_cover_open), cover);
            let take = parts::button("btn btn-plain", w!(desk_blot_photo), move || open.set(true));
            view! { {cover} {take} }.into_any()
        });
        let asked = Asked {
            title: w!(desk_blot_photo_ask),
            text: w!(desk_blot_photo_help),
            yes: w!(desk_blot_photo_do),
            class: "btn btn-danger",
        };
        let take = move || {
            let cover::Of { consultation, record, .. } = self.of;
            let blot = Blot { consultation, record, words: vec![], photos: vec![full], covers: vec![] };
            acts::act(app, &self.desk.community(), Action::Blot(blot));
            true
        };
        view! {
            <li class="photos-item">{photo::picture(app, photo.thumb, alt)} {foot} {dialog(open, asked, cover::also_there(self.of), take)}</li>
        }
        .into_any()
    }
}
