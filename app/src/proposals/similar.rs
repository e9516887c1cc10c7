//! While somebody writes: proposals that say the same already, to read, to support, or to join with one's own words.

use std::sync::Arc;

use crate::ui::live::{effect, live};
use domain::ids::RecordId;
use domain::operations::Stance;
use domain::phases::Form;
use domain::records::{Community, Contribution, Place, Record};
use domain::scopes::Scope;
use domain::search::Gradual;
use leptos::prelude::*;

use super::writing::{Writing, unkept};
use crate::contributions::{self, Around};
use crate::offline::{Held, derived, sleep};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, typed, window};
use crate::w;

/// How many are offered.
const MOST: usize = 3;
/// How long nobody types before they are looked for.
const PAUSE_MS: u32 = 350;

/// Proposals with what finds their likes: read once per change of the records.
#[derive(Default)]
struct Known {
    proposals: Vec<Arc<Held>>,
    titles: Gradual,
}

impl Known {
    fn read(records: &[Arc<Held>]) -> Self {
        let proposal = |held: &&Arc<Held>| matches!(&held.record, Record::Contribution(it) if it.proposal().is_some() && it.merged_into.is_none());
        let proposals: Vec<Arc<Held>> = records.iter().filter(proposal).cloned().collect();
        Self { proposals, titles: Gradual::default() }
    }

    fn title_at(&self, at: usize) -> String {
        self.proposals.get(at).and_then(|held| it(held)).map_or_else(String::new, |it| it.title().to_string())
    }

    /// Makes the next piece of what finds them; answers whether that was the last one.
    fn prepare(&self) -> bool {
        self.titles.prepare(self.proposals.len(), |at| self.title_at(at), dates::normalize)
    }

    fn alike(&self, title: &str) -> Vec<Arc<Held>> {
        let mut titles = self.titles.whole(self.proposals.len(), |at| self.title_at(at), dates::normalize);
        let found = titles.alike(title, dates::normalize, MOST);
        found.into_iter().filter_map(|at| self.proposals.get(at).cloned()).collect()
    }
}

fn it(held: &Held) -> Option<&Contribution> {
    match &held.record {
        Record::Contribution(it) => Some(it),
        _ => None,
    }
}

/// What is looked at for that.
#[derive(Clone)]
pub struct Alike {
    /// Where.
    pub place: Place,
    /// In which consultation.
    pub consultation: RecordId,
    /// What people may do in it now.
    pub takes: Vec<Form>,
    /// The community's lists.
    pub lists: Memo<Option<Community>>,
    /// The sentence.
    pub title: RwSignal<String>,
    /// The draft that it belongs to.
    pub writing: Writing,
}

/// What is offered under the sentence.
pub fn similar(app: App, alike: Alike) -> AnyView {
    let Alike { place, consultation, takes, lists, title, writing } = alike;
    let records = app.records(&Scope::Consultation(place.id.clone(), consultation));
    let known = Memo::new_with_compare(
        move |_| records.with(|all| derived(all, Known::read)),
        // It is read when records change: then it is another one.
        |_, _| true,
    );
    effect(move |_| {
        records.track();
        // Nothing is read while the form is drawn, nor once it is left.
        window::prepare(app, move || known.try_with_untracked(|known| known.prepare()).unwrap_or(true));
    });
    let around = Around::new(app, place.clone(), takes, lists, records);
    let found = RwSignal::new(Vec::<Arc<Held>>::new());
    effect(move |_| {
        // What arrives while somebody writes may be like it too.
        records.track();
        let text = title.get();
        app.spawn(async move {
            sleep(PAUSE_MS).await;
            // Somebody typed on, or left.
            if title.try_with_untracked(|now| *now == text) == Some(true) {
                let alike = match text.trim() {
                    "" => Vec::new(),
                    text => known.try_with_untracked(|known| known.alike(text)).unwrap_or_default(),
                };
                let same = |before: &Vec<Arc<Held>>| {
                    before.len() == alike.len() && before.iter().zip(&alike).all(|(a, b)| Arc::ptr_eq(a, b))
                };
                // Drawn anew only when it is something else.
                if found.try_with_untracked(same) == Some(false) {
                    let _ = found.try_set(alike);
                }
            }
        });
    });
    let slug = StoredValue::new(place.slug.clone());
    let list = live(move || {
        let found = found.get();
        let rows: Vec<AnyView> =
            found.iter().filter_map(|held| it(held)).map(|it| row(around, slug, writing, it)).collect();
        let help = if around.takes(Form::Comments) { w!(similar_help_join) } else { w!(similar_help) };
        (!rows.is_empty()).then(|| {
            view! {
                <div class="notice">
                    <div class="notice-body">
                        <h3 class="notice-title">{w!(similar_title)}</h3>
                        <p class="small">{help}</p>
                        <ul class="similar">{rows}</ul>
                    </div>
                </div>
            }
        })
    });
    view! { <div role="status">{list}</div> }.into_any()
}

fn row(around: Around, slug: StoredValue<String>, writing: Writing, it: &Contribution) -> AnyView {
    let (consultation, id) = (it.consultation, it.id);
    let to = Route::Contribution(slug.get_value(), consultation, id);
    let href = around.app.link(&to);
    let join = around.takes(Form::Comments).then(|| {
        let press = move || around.app.spawn(join(around, writing, consultation, id, to.clone()));
        parts::button("btn btn-quiet", w!(similar_join), press)
    });
    view! {
        <li class="similar-row">
            <a href=href dir="auto">{it.title().to_string()}</a>
            <div class="similar-acts">{contributions::support(around, consultation, id)} {join}</div>
        </li>
    }
    .into_any()
}

/// The focus goes to the comment, once that is drawn: later than to the heading of its page.
fn land(tries: u32) {
    const FRAMES: u32 = 60;
    request_animation_frame(move || match document().get_element_by_id("comment") {
        Some(_) => page::focus_soon("comment"),
        None if tries < FRAMES => land(tries + 1),
        None => {}
    });
}

/// Joins it: it is supported, and what was written becomes a comment in favour of it, read once more before it
/// leaves.
async fn join(around: Around, writing: Writing, consultation: RecordId, id: RecordId, to: Route) {
    let app = around.app;
    // As it is now: the page may be left while the words are put there.
    let here = app.route.get_untracked();
    let supported =
        around.supported.with_untracked(|all| around.said.with_untracked(|said| said.own(all, id)));
    let supports = supported.is_none() && app.may_send() && around.takes(Form::Support);
    writing.prepared().await;
    let Some(draft) = writing.draft.try_get_untracked().flatten() else { return };
    let words = [draft.title.trim(), draft.text.trim(), draft.place.trim()];
    let words = words.into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n\n");
    let form = typed::comment_on(id);
    let stance = vec![("stance".to_owned(), contributions::state::name(Stance::For).to_owned())];
    let put = match typed::holds(app, &form, "text", &words).await {
        // Pressed again: they are there.
        true => Ok(()),
        false => typed::put(app, &form, vec![("text".to_owned(), words)]).await,
    };
    let put = match put {
        Ok(()) => typed::choose(app, &form, stance).await,
        failed => failed,
    };
    if let Err(error) = put {
        return app.fail(unkept(error));
    }
    if app.route.get_untracked() != here {
        return;
    }
    if supports {
        contributions::give(around, consultation, id, true).await;
    }
    // What a comment does not carry stays: photos, a place on the map. A draft that is open in another tab is that
    // one's, and before anybody signs in what is typed into a comment is nobody's yet.
    let carried = draft.photos.is_empty() && draft.sector.is_none();
    let now = writing.draft.try_get_untracked().flatten();
    let same =
        now.is_some_and(|now| (now.title, now.text, now.place) == (draft.title, draft.text, draft.place));
    let own = writing.elsewhere.try_get_untracked() == Some(false) && app.me().get_untracked().is_some();
    if carried && same && own {
        writing.throw_away().await;
    }
    app.go(&to);
    land(0);
}
