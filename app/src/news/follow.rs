//! Following a consultation, a subject or a place: kept on this device alone.

use crate::ui::live::{live, memo, on, shared};
use domain::ids::{CommunityId, RecordId, SubjectId};
use domain::records::Contribution;
use leptos::prelude::*;

use super::followed::{Followed, followed, toggled};
use crate::offline::{Part, keep_part};
use crate::ui::App;
use crate::ui::icons::{CHECK, PLUS, icon};
use crate::{ui::words, w};

/// Where it is kept what of a community somebody follows.
pub fn key(community: &CommunityId) -> String {
    ["follow ", community.as_str()].concat()
}

/// What of a community somebody follows, for those parts of a screen that show or change it.
#[derive(Clone)]
pub struct Follows {
    app: App,
    key: String,
    kept: RwSignal<String>,
    /// Taps that are not kept yet: what is read meanwhile is older than what the screen says.
    taps: StoredValue<u32>,
}

impl Follows {
    /// As it was read.
    pub fn known(app: App, community: &CommunityId, text: String) -> Self {
        Self { app, key: key(community), kept: RwSignal::new(text), taps: StoredValue::new(0) }
    }

    /// Read from the device.
    fn read(app: App, community: &CommunityId) -> Self {
        let it = Self::known(app, community, String::new());
        let here = it.clone();
        app.spawn(async move {
            let text = app.device().preference(&here.key).await.unwrap_or_default();
            here.settle(text);
        });
        it
    }

    /// Whether this is followed.
    pub fn has(&self, what: &Followed) -> bool {
        self.kept.with(|kept| followed(kept).contains(what))
    }

    /// Follows it, or no longer: said at once, kept after it.
    pub fn toggle(&self, what: &Followed) {
        let (here, what) = (self.clone(), what.clone());
        here.kept.update(|kept| *kept = toggled(kept, &what));
        here.taps.update_value(|taps| *taps += 1);
        self.app.spawn(async move {
            let device = here.app.device();
            let changed = device.change_preference(&here.key, |before| toggled(before, &what)).await;
            let _ = here.taps.try_update_value(|taps| *taps -= 1);
            match changed {
                Ok(text) => {
                    here.settle(text);
                    // The list of what is followed is read without a network too.
                    keep_part(Part::Own);
                }
                Err(error) => {
                    let _ = here.kept.try_update(|kept| *kept = toggled(kept, &what));
                    here.app.fail(words::unkept(error));
                }
            }
        });
    }

    /// Shows what is kept, unless a tap is about to change it.
    fn settle(&self, text: String) {
        if self.taps.try_get_value() == Some(0) {
            let _ = self.kept.try_set(text);
        }
    }
}

/// The button of a consultation.
pub fn toggle(app: App, community: &CommunityId, id: RecordId) -> AnyView {
    let follows = Follows::read(app, community);
    button(
        "btn btn-quiet btn-toggle",
        follows,
        Followed::Consultation(id),
        [|| w!(news_follow), || w!(news_followed)],
    )
}

/// The button of a subject, on its own page.
pub fn subject(app: App, community: &CommunityId, id: SubjectId) -> AnyView {
    let words: Words = [|| w!(news_follow_subject), || w!(news_followed_subject)];
    button("btn btn-quiet btn-toggle", Follows::read(app, community), Followed::Subject(id), words)
}

/// Those of what a proposal is about: its subject, and where it is.
pub fn about(app: App, community: &CommunityId, it: &Contribution) -> Option<AnyView> {
    const QUIET: &str = "btn btn-plain btn-toggle small";
    let sector = it.place().and_then(|place| place.sector);
    if it.subject().is_none() && sector.is_none() {
        return None;
    }
    let follows = Follows::read(app, community);
    let subject = it.subject().map(|id| {
        let words: Words = [|| w!(news_follow_subject), || w!(news_followed_subject)];
        button(QUIET, follows.clone(), Followed::Subject(id.clone()), words)
    });
    let sector = sector.map(|sector| {
        let words: Words = [|| w!(news_follow_place), || w!(news_followed_place)];
        button(QUIET, follows.clone(), Followed::Near(sector), words)
    });
    Some(view! { <div class="row row-beside">{subject}{sector}</div> }.into_any())
}

/// What a button says while something is not followed, and while it is.
type Words = [fn() -> String; 2];

fn button(class: &'static str, follows: Follows, what: Followed, [follow, followed]: Words) -> AnyView {
    let has = {
        let (follows, what) = (follows.clone(), what.clone());
        memo(move || follows.has(&what))
    };
    // The button stays where it is under a finger, whatever is followed meanwhile.
    let inside = live(move || {
        let (art, label) = if has.get() { (CHECK, followed()) } else { (PLUS, follow()) };
        view! { {icon(art)}{label} }
    });
    view! {
        <button type="button" class=class aria-pressed=shared(move || has.get().to_string()) on:click=on(move |_| follows.toggle(&what))>
            {inside}
        </button>
    }
    .into_any()
}
