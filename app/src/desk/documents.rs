//! The documents of a consultation, at the desk: attached, on their way, taken away.

use domain::documents::{DOCUMENTS_MAX, DocumentProblem, check};
use domain::ids::{Hash, RecordId};
use domain::operations::{Action, AttachDocument, DetachDocument};
use domain::records::{Consultation, Document};
use domain::scopes::Scope;
use domain::text::{Localized, Title};
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

use super::acts;
use super::inbox::Desk;
use super::two::{Boxes, Two, languages};
use super::within;
use crate::consultations::{document_kind, state};
use crate::trail::leaving;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, error_of, summary};
use crate::ui::live::{live, memo, on, shared};
use crate::ui::{App, dates, parts, typed, words};
use crate::{people, proposals, w};

const FILE: &str = "document";

/// Under which name the form keeps what is typed.
pub fn kept_as(id: RecordId) -> String {
    format!("document {id}")
}

const TITLE: Boxes = Boxes {
    ids: ["title", "title-2"],
    label: super::open::title_label,
    hint: String::new,
    max: Title::GRAPHEMES,
    lines: false,
    second_optional: true,
};

/// The page.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(document_title), of)
}

fn of(app: App, desk: Desk, it: &Consultation) -> AnyView {
    desk.follow_also(app, it.id);
    let records = app.records(&Scope::Consultation(desk.community(), it.id));
    let all = memo(move || records.with(|all| state::documents(all)));
    let errors: Errors = RwSignal::new(Vec::new());
    let none = memo(move || all.with(Vec::is_empty));
    let nothing = live(move || none.get().then(|| view! { <p class="soft">{w!(desk_document_none)}</p> }));
    // One is drawn anew when it was taken away or its day changed: not with the others, which would close the dialog
    // that somebody has opened.
    let key = |it: &Document| format!("{} {} {}", it.id, dates::day(it.added_at), it.removed_at.is_some());
    let cards = view! { <For each=move || all.get() key=key children=move |it| card(app, desk, &it) /> };
    let count = memo(move || all.with(|all| all.iter().filter(|it| it.removed_at.is_none()).count()));
    view! {
        {summary(errors)}
        {within::head(app, w!(document_title), it, None)}
        <div class="stack">{nothing}{cards}</div>
        {form(app, desk, it.id, count, errors)}
    }
    .into_any()
}

/// One document: how far it is on its way, and the button that takes it away.
fn card(app: App, desk: Desk, it: &Document) -> AnyView {
    let (id, consultation) = (it.id, it.consultation);
    let outbox = app.device().outbox();
    // What was attached here and has not left yet.
    let unsent = memo(move || {
        outbox.with(|items| {
            let own = |entry: domain::ids::Entry| entry.record() == id;
            let unsent = items.iter().find(|item| !item.is_stored() && item.entry().is_some_and(own));
            unsent.map(|item| item.op)
        })
    });
    let waits = live(move || unsent.get().map(|op| leaving(app, op, w!(desk_document_leaving))));
    let (added, removed) = (it.added_at, it.removed_at);
    let state = live(move || match (unsent.get(), removed) {
        (_, Some(at)) => parts::tag("", w!(document_removed, date = dates::day(at))),
        (Some(_), None) => parts::tag("warn", w!(trail_state_sealed)),
        (None, None) => view! { <span>{w!(desk_document_added, date = dates::day(added))}</span> }.into_any(),
    });
    let remove = it.removed_at.is_none().then(|| {
        let open = RwSignal::new(false);
        let title = words::say(&it.title);
        let asked = Asked {
            title: w!(desk_document_remove_ask),
            text: w!(desk_document_remove_help),
            yes: w!(desk_document_remove_yes),
            class: "btn btn-danger",
        };
        let act = move || {
            let (community, unsent) = (desk.community(), unsent.get_untracked());
            app.spawn(async move {
                let forgotten = match unsent {
                    Some(op) => app.device().discard(op).await,
                    None => Ok(false),
                };
                match forgotten {
                    // It never left: nobody saw it.
                    Ok(true) => {}
                    Ok(false) => {
                        let detach = DetachDocument { consultation, document: id };
                        acts::act(app, &community, Action::DetachDocument(detach));
                    }
                    Err(error) => app.fail(words::unkept(error)),
                }
            });
            true
        };
        view! {
            <p class="actions">
                <button type="button" class="btn btn-quiet btn-danger" on:click=on(move |_| open.set(true))>
                    {w!(desk_document_remove)}<span class="visually-hidden">{crate::ui::words::colon()} {title}</span>
                </button>
            </p>
            {dialog(open, asked, None, act)}
        }
    });
    view! {
        <article class="card">
            <p class="meta"><span>{document_kind(it)}</span>{state}</p>
            <h2 class="card-title">{parts::said(&it.title)}</h2>
            {waits}
            {remove}
        </article>
    }
    .into_any()
}

/// What was chosen: its size and its bytes.
type Chosen = StoredValue<Option<Vec<u8>>, LocalStorage>;

/// Attaching one more.
fn form(app: App, desk: Desk, consultation: RecordId, count: Memo<usize>, errors: Errors) -> AnyView {
    let kept_as = kept_as(consultation);
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let two = Two::empty(&langs);
    typed::keep(app, &kept_as, two.named("title "));
    let (chosen, size): (Chosen, _) = (StoredValue::new_local(None), RwSignal::new(None::<u64>));
    let input = NodeRef::<leptos::html::Input>::new();
    let choose = move |event: web_sys::Event| {
        let Some(file) = dates::target::<HtmlInputElement>(&event).and_then(|it| it.files()?.get(0)) else {
            return;
        };
        app.spawn(async move {
            let read = read(file).await;
            let Some(()) = errors.try_update(|errors| errors.retain(|(at, _)| *at != FILE)) else { return };
            size.set(read.as_ref().ok().map(|bytes| bytes.len() as u64));
            match read {
                Ok(bytes) => chosen.set_value(Some(bytes)),
                Err(text) => {
                    chosen.set_value(None);
                    errors.update(|errors| errors.push((FILE, text)));
                }
            }
        });
    };
    let send = {
        let two = two.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let titles = two.read::<Title>(&TITLE);
            let untitled = titles.as_ref().err().into_iter().flatten();
            let mut wrong: Vec<_> = untitled.map(|(at, _)| (*at, w!(desk_document_error_title))).collect();
            if count.get_untracked() >= DOCUMENTS_MAX {
                wrong.insert(0, (FILE, w!(refused_too_many_documents)));
            } else if chosen.with_value(Option::is_none) {
                // Of one that cannot be taken, the reason stands there already.
                let said = error_of(errors, FILE).unwrap_or_else(|| w!(desk_document_error_file));
                wrong.insert(0, (FILE, said));
            }
            errors.set(wrong);
            let (Ok(title), true) = (titles, errors.with_untracked(Vec::is_empty)) else { return };
            let Some(bytes) = chosen.try_update_value(Option::take).flatten() else { return };
            let (two, kept_as) = (two.clone(), kept_as.clone());
            app.spawn(async move {
                let attached = attach(app, desk, consultation, title, bytes.clone()).await;
                match attached {
                    Ok(()) => {
                        typed::forget(app, &kept_as).await;
                        app.say(w!(desk_act_kept));
                        two.fill(&[]);
                        let _ = size.try_set(None);
                        if let Some(Some(input)) = input.try_get_untracked() {
                            input.set_value("");
                        }
                    }
                    // What was chosen is not lost by that.
                    Err(text) => {
                        let _ = chosen.try_set_value(Some(bytes));
                        let _ = errors.try_set(vec![(FILE, text)]);
                    }
                }
            });
        }
    };
    let described = shared(move || match error_of(errors, FILE).is_some() {
        true => "document-hint document-error",
        false => "document-hint",
    });
    let told = live(move || {
        size.get().map(|size| view! { <p class="small">{w!(document_kind, size = people::bytes(size))}</p> })
    });
    view! {
        <form class="stack-l" novalidate on:submit=on(send)>
            <h2>{w!(desk_document_add)}</h2>
            <div class="field" class:field-bad=move || error_of(errors, FILE).is_some()>
                <label class="field-label" for=FILE>{w!(desk_document_file)}</label>
                <p class="field-hint" id="document-hint">{w!(desk_document_hint)}</p>
                {move || error_of(errors, FILE).map(|text| view! { <p class="field-error" id="document-error">{text}</p> })}
                <input class="field-input" type="file" id=FILE accept="application/pdf,.pdf" node_ref=input
                    aria-describedby=described
                    aria-invalid=shared(move || error_of(errors, FILE).is_some().then_some("true"))
                    on:change=on(choose) />
                <div role="status">{told}</div>
            </div>
            {two.draw(TITLE, errors)}
            <p class="actions"><button class="btn" type="submit">{w!(desk_document_send)}</button></p>
        </form>
    }
    .into_any()
}

/// The bytes of a file that may be attached, or what to do about it. One that is too large is not read.
async fn read(file: web_sys::File) -> Result<Vec<u8>, String> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number from 0 on")]
    let size = file.size() as u64;
    let large = || w!(desk_document_error_large, size = people::bytes(size));
    if size > domain::documents::SIZE_MAX {
        return Err(large());
    }
    let bytes = JsFuture::from(file.array_buffer()).await.map_err(|_| w!(desk_document_error_unread))?;
    let bytes = js_sys::Uint8Array::new(&bytes).to_vec();
    match check(size, &bytes) {
        Ok(()) => Ok(bytes),
        Err(DocumentProblem::TooLarge) => Err(large()),
        Err(DocumentProblem::NotAPdf) => Err(w!(desk_document_error_pdf)),
    }
}

async fn attach(
    app: App,
    desk: Desk,
    consultation: RecordId,
    title: Localized<Title>,
    bytes: Vec<u8>,
) -> Result<(), String> {
    let attach = AttachDocument { consultation, title, file: Hash::of(&bytes) };
    let attached =
        app.device().act_with(&desk.community(), Action::AttachDocument(attach), vec![bytes]).await;
    attached.map(drop).map_err(proposals::say)
}
