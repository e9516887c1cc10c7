//! The answer to a consultation as a whole: what was decided, and which contributions it uses.

use domain::ids::RecordId;
use domain::operations::{Action, Conclude, USES_MAX};
use domain::records::{Consultation, DeskItem};
use domain::text::{Localized, Text};
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::due::is_late;
use super::state::list::stands;
use super::two::{Boxes, Two, languages};
use super::within;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, summary};
use crate::ui::live::{live, memo, on, shared};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, typed, words};
use crate::{n, proposals, w};

const IDS: [&str; 2] = ["conclude-first", "conclude-second"];
/// So many are listed at first, and found.
const LISTED: usize = 20;

/// Under which name the form keeps what is typed.
pub fn kept_as(id: RecordId) -> String {
    format!("conclude {id}")
}

fn label(english: bool) -> String {
    if english { w!(desk_answer_en_label) } else { w!(desk_answer_fr_label) }
}

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_conclude_title), form)
}

fn head(app: App, it: &Consultation) -> AnyView {
    let now = app.device().server_now();
    let promise = it.answer_by.map(|by| match is_late(it, now) {
        true => parts::tag("bad", w!(consultation_late, date = dates::day(by))),
        false => view! { <span>{w!(consultation_promise, date = dates::day(by))}</span> }.into_any(),
    });
    within::head(app, w!(desk_conclude_title), it, promise)
}

fn form(app: App, desk: Desk, it: &Consultation) -> AnyView {
    let id = it.id;
    let kept_as = kept_as(id);
    let before = it.conclusion.clone();
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let two = Two::new(&langs, before.as_ref().map(|it| &it.text));
    // What is ticked is kept like what is typed: as one text.
    let given = before.as_ref().map(|it| it.uses.clone()).unwrap_or_default();
    let ticked = RwSignal::new(joined(&given));
    let uses = memo(move || ticked.with(|ticked| parted(ticked)));
    let mut fields = two.named("");
    fields.push(("uses".to_owned(), ticked));
    typed::keep(app, &kept_as, fields);
    let errors: Errors = RwSignal::new(Vec::new());
    let asking = RwSignal::new(false);
    let ready = RwSignal::new(None::<Localized<Text>>);
    let boxes = Boxes::texts(IDS, label);
    let check = {
        let two = two.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let mut wrong = Vec::new();
            let text = two.read(&boxes).map_err(|found| wrong = found).ok();
            if uses.with_untracked(Vec::len) > USES_MAX {
                wrong.push(("uses", w!(desk_conclude_error_many, max = USES_MAX.to_string())));
            }
            asking.set(wrong.is_empty() && text.is_some());
            ready.set(text);
            errors.set(wrong);
        }
    };
    let publish = move || {
        let (community, kept_as) = (desk.community(), kept_as.clone());
        // What was taken back or hidden since it was ticked is used no longer.
        let uses = desk.inbox.with_untracked(|inbox| {
            let mut uses = uses.get_untracked();
            uses.retain(|id| inbox.get(*id).is_none_or(stands));
            uses
        });
        let act =
            ready.get_untracked().map(|text| Action::Conclude(Conclude { consultation: id, text, uses }));
        app.spawn(async move {
            let Some(act) = act else { return };
            match app.device().act(&community, act).await {
                Ok(_) => {
                    typed::forget(app, &kept_as).await;
                    app.say(w!(desk_answer_kept));
                    app.go(&Route::DeskConsultations);
                }
                Err(error) => {
                    let _ = errors.try_set(vec![(IDS[0], proposals::say(error))]);
                }
            }
        });
        true
    };
    let verb = if before.is_some() { w!(desk_answer_replace) } else { w!(desk_answer_publish) };
    let asked = Asked {
        title: w!(desk_conclude_ask),
        text: w!(desk_answer_help, community = desk.name()),
        yes: verb.clone(),
        class: "btn",
    };
    let name = desk.name();
    let shown = live(move || {
        let text = ready.get()?;
        let count = uses.with(Vec::len);
        let used =
            (count > 0).then(|| view! { <p>{n!(count, desk_conclude_uses_a, desk_conclude_uses_s)}</p> });
        let (lang, text) = words::best(&text);
        Some(view! {
            <div class="answer">
                <p class="answer-head">{w!(contribution_answer, community = name.clone())}</p>
                <p class="quote" lang=lang dir="auto">{text}</p>
            </div>
            {used}
        })
    });
    view! {
        {summary(errors)}
        {head(app, it)}
        <form class="stack-l" novalidate on:submit=on(check)>
            <section class="stack">
                <p class="soft">{w!(desk_conclude_help)}</p>
                {two.draw(boxes, errors)}
            </section>
            {contributions(desk, id, ticked, uses)}
            <p class="actions"><button class="btn" type="submit">{w!(desk_conclude_check)}</button></p>
        </form>
        {dialog(asking, asked, Some(view! { {shown} }.into_any()), publish)}
    }
    .into_any()
}

/// A search that stands in a form, and is none itself.
fn find_box(id: &'static str, label: String, query: RwSignal<String>) -> AnyView {
    view! {
        <label class="visually-hidden" for=id>{label.clone()}</label>
        <input class="field-input" id=id type="search" autocomplete="off" placeholder=label prop:value=query
            on:input=on(move |event| query.set(event_target_value(&event))) />
    }
    .into_any()
}

fn joined(ids: &[RecordId]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

fn parted(text: &str) -> Vec<RecordId> {
    text.split(' ').filter_map(|id| id.parse().ok()).collect()
}

/// The proposals, those with most supporters first; those that are ticked stay in view.
fn contributions(
    desk: Desk,
    consultation: RecordId,
    ticked: RwSignal<String>,
    uses: Memo<Vec<RecordId>>,
) -> AnyView {
    let query = RwSignal::new(String::new());
    let ranked = memo(move || -> Vec<RecordId> {
        desk.inbox.with(|inbox| {
            let ours = |item: &&DeskItem| {
                item.contribution.consultation == consultation
                    && item.contribution.proposal().is_some()
                    && stands(item)
            };
            let mut ids: Vec<RecordId> =
                inbox.items().filter(ours).map(|item| item.contribution.id).collect();
            domain::order::by(&mut ids, |id| (u64::MAX - inbox.supports(*id), String::new()));
            ids
        })
    });
    let shown = memo(move || -> Vec<RecordId> {
        let text = query.get();
        let found = (!text.trim().is_empty()).then(|| {
            desk.inbox.with(|inbox| {
                let places = inbox.words(dates::normalize).find(&text, dates::normalize);
                places
                    .into_iter()
                    .filter_map(|at| Some(inbox.item_at(at)?.contribution.id))
                    .collect::<Vec<_>>()
            })
        });
        ranked.with(|ranked| {
            let wanted = ranked.iter().filter(|id| found.as_ref().is_none_or(|found| found.contains(id)));
            wanted.copied().take(LISTED).collect()
        })
    });
    let rows = move || {
        let mut rows = uses.get();
        rows.extend(shown.get().into_iter().filter(|id| uses.with(|uses| !uses.contains(id))));
        rows
    };
    let toggle = move |id: RecordId| {
        let mut all = uses.get_untracked();
        match all.iter().position(|known| *known == id) {
            Some(at) => drop(all.remove(at)),
            None => all.push(id),
        }
        ticked.set(joined(&all));
    };
    let row = move |id: RecordId| {
        let item = desk.inbox.with_untracked(|inbox| inbox.get(id).cloned());
        let title = item.map(|item| item.contribution.title().to_string()).unwrap_or_default();
        let supports = desk.inbox.with_untracked(|inbox| inbox.supports(id));
        view! {
            <label class="choice">
                <input type="checkbox" prop:checked=move || uses.with(|uses| uses.contains(&id))
                    on:change=on(move |_| toggle(id)) />
                <span class="choice-text" dir="auto">{title}<span class="choice-hint">{n!(supports, support_count_a, support_count_s)}</span></span>
            </label>
        }
        .into_any()
    };
    let nothing = live(move || {
        (ranked.with(Vec::is_empty)).then(|| view! { <p class="soft">{w!(consultation_none)}</p> })
    });
    let count = shared(move || {
        let count = uses.with(Vec::len);
        n!(count, desk_conclude_uses_a, desk_conclude_uses_s)
    });
    view! {
        <fieldset class="field" id="uses" tabindex="-1">
            <legend class="field-label">{w!(desk_conclude_uses)}</legend>
            <p class="field-hint">{w!(desk_conclude_uses_hint, max = USES_MAX.to_string())}</p>
            {find_box("uses-q", w!(consultation_search_label), query)}
            <p class="small soft" role="status">{count}</p>
            {nothing}
            <div class="choices choices-rows"><For each=rows key=|id| *id children=row /></div>
        </fieldset>
    }
    .into_any()
}
