//! A draft while somebody writes it: kept on the device a moment after each change, and
//! whole when the page is left.

use domain::ids::{CommunityId, RecordId};
use domain::text::{Label, Text, Title};
use leptos::prelude::*;

use super::state::Problem;
use crate::offline::{Draft, DraftHold, DraftPhoto, StoreError, sleep};
use crate::ui::icons::{CHECK, icon};
use crate::ui::{App, dates, words};
use crate::w;

/// How the draft is kept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kept {
    /// Nothing typed yet.
    Untouched,
    /// Typed, and not yet on disk.
    Saving,
    /// On disk.
    Saved,
    /// The device refused.
    Failed(StoreError),
}

/// A draft that is open in this page.
#[derive(Clone, Copy)]
pub struct Writing {
    app: App,
    /// None until it is read.
    pub draft: RwSignal<Option<Draft>>,
    /// How it is kept.
    pub kept: RwSignal<Kept>,
    /// It is open in another tab.
    pub elsewhere: RwSignal<bool>,
    /// How many photos are being prepared.
    pub preparing: RwSignal<u32>,
    hold: StoredValue<Option<DraftHold>, LocalStorage>,
    changes: StoredValue<u32>,
}

/// A moment after the last key.
const PAUSE_MS: u32 = 400;

impl Writing {
    /// Opens the draft of a consultation, or begins one.
    pub fn open(app: App, community: CommunityId, consultation: RecordId) -> Self {
        let writing = Self {
            app,
            draft: RwSignal::new(None),
            kept: RwSignal::new(Kept::Untouched),
            elsewhere: RwSignal::new(false),
            preparing: RwSignal::new(0),
            hold: StoredValue::new_local(None),
            changes: StoredValue::new(0),
        };
        writing.read(community, consultation);
        let hidden = window_event_listener_untyped("visibilitychange", move |_| writing.flush());
        on_cleanup(move || {
            hidden.remove();
            writing.flush();
        });
        writing
    }

    /// Reads the draft, or begins it. It says so when neither can be done.
    pub fn read(self, community: CommunityId, consultation: RecordId) {
        self.kept.set(Kept::Untouched);
        self.app.spawn(async move {
            let device = self.app.device();
            let draft = match device.draft(&community, consultation).await {
                Ok(draft) => draft,
                Err(error) => {
                    let _ = self.kept.try_set(Kept::Failed(error));
                    return;
                }
            };
            let hold = device.hold_draft(&draft.key).await;
            // The page may have been left meanwhile; dropping the hold lets others write.
            let _ = self.elsewhere.try_set(hold.is_none());
            let _ = self.hold.try_set_value(hold);
            let _ = self.draft.try_set(Some(draft));
        });
    }

    /// Changes the draft; it is kept a moment later.
    pub fn change(self, change: impl FnOnce(&mut Draft)) {
        if self.elsewhere.get_untracked() {
            return;
        }
        self.draft.update(|draft| {
            if let Some(draft) = draft {
                change(draft);
                draft.updated_at = dates::now();
            }
        });
        self.later();
    }

    /// What is on disk has other photos now. The page may have been left meanwhile.
    pub fn now_has(self, change: impl FnOnce(&mut Vec<DraftPhoto>)) {
        let _ = self.draft.try_update(|draft| {
            if let Some(draft) = draft {
                change(&mut draft.photos);
            }
        });
        let _ = self.kept.try_update(|kept| {
            if *kept == Kept::Untouched {
                *kept = Kept::Saved;
            }
        });
    }

    /// Waits until every chosen photo is in the draft, or cannot be.
    pub async fn prepared(self) {
        while self.preparing.try_get_untracked().is_some_and(|photos| photos > 0) {
            sleep(PAUSE_MS / 4).await;
        }
    }

    /// The draft was changed: it is kept a moment later.
    pub fn later(self) {
        self.kept.set(Kept::Saving);
        self.app.unsaved.set(true);
        self.changes.update_value(|changes| *changes = changes.wrapping_add(1));
        let mine = self.changes.get_value();
        self.app.spawn(async move {
            sleep(PAUSE_MS).await;
            if self.changes.try_get_value() == Some(mine) {
                let _ = self.save().await;
            }
        });
    }

    /// Keeps it now. When it could, what stands in the form is what is on disk.
    pub async fn save(self) -> Result<(), StoreError> {
        // Read-only here: what is on disk is the other tab's, and newer.
        if self.elsewhere.try_get_untracked() == Some(true) {
            return Ok(());
        }
        let Some(Some(draft)) = self.draft.try_get_untracked() else { return Err(StoreError::Conflict) };
        let written = self.changes.try_get_value();
        let kept = self.app.device().save_draft(&draft).await;
        // Somebody typed on meanwhile: that is another save.
        if self.changes.try_get_value() == written {
            self.app.unsaved.set(kept.is_err());
            let _ = self.kept.try_set(kept.map_or_else(Kept::Failed, |()| Kept::Saved));
        }
        kept
    }

    /// Deletes the draft with its photos.
    pub async fn throw_away(self) {
        let key = self.draft.try_get_untracked().flatten().map(|draft| draft.key);
        let _ = (self.draft.try_set(None), self.kept.try_set(Kept::Untouched));
        self.app.unsaved.set(false);
        if let Some(key) = key {
            let _ = self.app.device().delete_draft(&key).await;
        }
    }

    /// Keeps what is not yet kept, for a page that is being left.
    fn flush(self) {
        let pending = self.kept.try_get_untracked() == Some(Kept::Saving);
        let Some(Some(draft)) = self.draft.try_get_untracked().filter(|_| pending) else { return };
        let app = self.app;
        app.spawn(async move {
            let kept = app.device().save_draft(&draft).await.is_ok();
            app.unsaved.set(!kept);
        });
    }

    /// The mark under the text.
    pub fn mark(self) -> AnyView {
        let text = move || match self.kept.get() {
            Kept::Untouched => None,
            Kept::Saving => Some(("saving", w!(propose_draft_saving))),
            Kept::Saved => Some(("saved", w!(propose_draft_saved))),
            Kept::Failed(error) => Some(("failed", unkept(error))),
        };
        view! {
            <span class="saved" role="status" data-state=move || text().map(|(state, _)| state)>
                {move || text().map(|(state, text)| view! { {(state == "saved").then(|| icon(CHECK))}{text} })}
            </span>
        }
        .into_any()
    }
}

/// Why a draft could not be kept, in words.
pub fn unkept(error: StoreError) -> String {
    match error {
        StoreError::Full => w!(propose_draft_failed),
        error => words::unkept(error),
    }
}

/// A problem in words: what to do.
pub fn problem(problem: Problem) -> String {
    #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
    let max = |max: usize| dates::number(max as f64);
    match problem {
        Problem::TitleEmpty => w!(propose_error_sentence_empty),
        Problem::TitleLong => w!(propose_error_sentence_long, max = max(Title::GRAPHEMES)),
        Problem::TextLong => w!(propose_error_text_long, max = max(Text::GRAPHEMES)),
        Problem::TitleControl => w!(propose_error_sentence_control),
        Problem::TextControl => w!(propose_error_text_control),
        Problem::Subject => w!(propose_error_subject),
        Problem::PlaceLong => w!(place_error_long, max = max(Label::GRAPHEMES)),
        Problem::PlaceControl => w!(place_error_control),
    }
}
