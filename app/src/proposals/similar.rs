//! While somebody writes: proposals that say the same already, to support or to read instead.

use std::sync::Arc;

use crate::ui::live::{effect, live};
use domain::ids::RecordId;
use domain::phases::Form;
use domain::records::{Community, Contribution, Place, Record};
use domain::scopes::Scope;
use domain::search::Gradual;
use leptos::prelude::*;

use crate::contributions::{self, Around};
use crate::offline::{Held, derived, sleep};
use crate::ui::routes::Route;
use crate::ui::{App, dates, window};
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
}

/// What is offered under the sentence.
pub fn similar(app: App, alike: Alike) -> AnyView {
    let Alike { place, consultation, takes, lists, title } = alike;
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
    let slug = place.slug.clone();
    let list = live(move || {
        let found = found.get();
        let rows: Vec<AnyView> =
            found.iter().filter_map(|held| it(held)).map(|it| row(around, &slug, it)).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <div class="notice">
                    <div class="notice-body">
                        <h3 class="notice-title">{w!(similar_title)}</h3>
                        <p class="small">{w!(similar_help)}</p>
                        <ul class="similar">{rows}</ul>
                    </div>
                </div>
            }
        })
    });
    view! { <div role="status">{list}</div> }.into_any()
}

fn row(around: Around, slug: &str, it: &Contribution) -> AnyView {
    let to = around.app.link(&Route::Contribution(slug.to_owned(), it.consultation, it.id));
    view! {
        <li class="similar-row">
            <a href=to dir="auto">{it.title().to_string()}</a>
            {contributions::support(around, it.consultation, it.id)}
        </li>
    }
    .into_any()
}
