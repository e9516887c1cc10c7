//! The texts of a consultation, at the desk: pasted, published, and published again with what changes.

use domain::ids::RecordId;
use domain::operations::{Action, PARAGRAPHS_MAX, PublishText, TEXTS_MAX};
use domain::phases::Form;
use domain::records::{Consultation, PublishedText};
use domain::scopes::Scope;
use domain::text::{Lang, Text, Title};
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::drafting::{self, Draft, DraftProblem};
use super::state::texts::{Texts, texts};
use super::two::{Boxes, Two, languages};
use super::within;
use crate::texts::{difference, state, version};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, summary};
use crate::ui::live::{live, memo, on};
use crate::ui::routes::Route;
use crate::ui::{App, dates, parts, typed, words};
use crate::w;

const TITLE: Boxes = Boxes {
    ids: ["title", "title-2"],
    label: super::open::title_label,
    hint: String::new,
    max: Title::GRAPHEMES,
    lines: false,
    second_optional: true,
};

const BODY: Boxes = Boxes {
    ids: ["body", "body-2"],
    label: |english| if english { w!(desk_text_body_en) } else { w!(desk_text_body_fr) },
    hint: || w!(desk_text_body_hint),
    max: 0,
    lines: true,
    second_optional: true,
};

/// The page of all of them.
pub fn page(app: App, id: RecordId) -> AnyView {
    within::page(app, id, || w!(text_section), all)
}

/// The page of a new version of one.
pub fn version_page(app: App, id: RecordId, text: RecordId) -> AnyView {
    within::page(app, id, || w!(desk_text_next), move |app, desk, it| one(app, desk, it, text))
}

fn all(app: App, desk: Desk, it: &Consultation) -> AnyView {
    desk.follow_also(app, it.id);
    let records = app.records(&Scope::Consultation(desk.community(), it.id));
    let texts = memo(move || records.with(|all| state::texts(all)));
    let id = it.id;
    let cards = live(move || -> Vec<AnyView> {
        texts.with(|texts| match texts.is_empty() {
            true => vec![view! { <p class="soft">{w!(desk_text_none)}</p> }.into_any()],
            false => texts.iter().map(|text| card(app, id, text)).collect(),
        })
    });
    let full = memo(move || texts.with(|texts| texts.len() >= TEXTS_MAX));
    let it = it.clone();
    let untaken = (!it.takes.contains(&Form::Amendments))
        .then(|| parts::notice("", String::new(), w!(desk_text_untaken), None));
    let head = within::head(app, w!(text_section), &it, None);
    let form = live(move || match full.get() {
        true => view! { <p class="soft">{w!(desk_text_full)}</p> }.into_any(),
        false => view! { <h2>{w!(desk_text_new)}</h2> {form(app, desk, it.id, None)} }.into_any(),
    });
    view! { {head} <div class="stack">{cards}</div> <section class="stack">{untaken}{form}</section> }
        .into_any()
}

fn card(app: App, consultation: RecordId, it: &PublishedText) -> AnyView {
    let to = app.link(&Route::DeskText(consultation, it.id));
    let paper = app.link(&Route::DeskTextPaper(consultation, it.id));
    view! {
        <article class="card">
            <p class="meta"><span>{version(it)}</span></p>
            <h2 class="card-title">{parts::said(&it.title)}</h2>
            <p class="actions">
                {parts::link("btn btn-quiet", to, w!(desk_text_next))}
                {parts::link("btn btn-plain", paper, w!(app_print))}
            </p>
        </article>
    }
    .into_any()
}

fn one(app: App, desk: Desk, it: &Consultation, text: RecordId) -> AnyView {
    desk.follow_also(app, it.id);
    let records = app.records(&Scope::Consultation(desk.community(), it.id));
    // Drawn anew when a colleague publishes: what is typed is kept, and compared with that version.
    let before = memo(move || records.with(|all| state::text(all, text)));
    let it = it.clone();
    live(move || match before.get() {
        Some(before) => {
            let head = within::head(app, w!(desk_text_next), &it, Some(version(&before).into_any()));
            view! { {head} {form(app, desk, it.id, Some(before))} }.into_any()
        }
        None => parts::loading(),
    })
}

fn form(app: App, desk: Desk, consultation: RecordId, before: Option<PublishedText>) -> AnyView {
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let titles = Two::new(&langs, before.as_ref().map(|it| &it.title));
    let bodies = Two::empty(&langs);
    if let Some(before) = &before {
        bodies.fill(&drafting::pasted(before.paragraphs.iter().map(|one| &one.words)));
    }
    let kept_as = typed::text_in(consultation, before.as_ref().map(|it| it.id));
    // What is typed is typed into one version: beside a colleague's newer one it is told.
    let version = before.as_ref().map(|it| it.version.to_string()).unwrap_or_default();
    let into = RwSignal::new(version.clone());
    let mut fields = titles.named("title ");
    fields.extend(bodies.named("body "));
    fields.push(("version".to_owned(), into));
    typed::keep(app, &kept_as, fields);
    let newer = {
        let (titles, bodies, now) = (titles.clone(), bodies.clone(), before.clone());
        live(move || {
            let now = now.as_ref().filter(|_| into.with(|into| *into != version))?;
            let (titles, bodies, now, version) =
                (titles.clone(), bodies.clone(), now.clone(), version.clone());
            let anew = move || {
                titles.fill(&texts(&now.title));
                bodies.fill(&drafting::pasted(now.paragraphs.iter().map(|one| &one.words)));
                into.set(version.clone());
            };
            let act = view! { <p class="actions">{parts::button("btn btn-quiet", w!(desk_text_newer_take), anew)}</p> };
            Some(parts::notice("warn", w!(desk_text_newer), w!(desk_text_newer_help), Some(act.into_any())))
        })
    };
    let errors: Errors = RwSignal::new(Vec::new());
    let (asking, ready) = (RwSignal::new(false), RwSignal::new(None::<PublishText>));
    let before = StoredValue::new(before);
    let check = {
        let (titles, bodies, first) = (titles.clone(), bodies.clone(), langs.first().cloned());
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            let read = drafting::read(&titles.written(), &bodies.written()).and_then(|draft| {
                before
                    .with_value(|before| drafting::publish(draft, consultation, before.as_ref()))
                    .map_err(|problem| vec![problem])
            });
            let wrong = read.as_ref().err().map(Vec::as_slice).unwrap_or_default();
            errors.set(wrong.iter().map(|wrong| at_field(wrong, first.as_ref())).collect());
            asking.set(read.is_ok());
            ready.set(read.ok());
        }
    };
    let publish = move || {
        let action = ready.get_untracked().map(Action::PublishText);
        within::publish(app, desk, action, kept_as.clone(), errors, BODY.ids[0]);
        true
    };
    let asked = Asked {
        title: w!(desk_text_ask),
        text: w!(desk_text_ask_help),
        yes: w!(desk_text_publish),
        class: "btn",
    };
    let shown = preview(&titles, &bodies, before);
    view! {
        {summary(errors)}
        {newer}
        <form class="stack" novalidate on:submit=on(check)>
            {titles.draw(TITLE, errors)}
            {bodies.draw(BODY, errors)}
            {shown}
            <p class="actions"><button class="btn" type="submit">{w!(desk_text_publish)}</button></p>
        </form>
        {dialog(asking, asked, None, publish)}
    }
    .into_any()
}

/// What people will read, or what changes for them, as far as it can be published.
fn preview(titles: &Two, bodies: &Two, before: StoredValue<Option<PublishedText>>) -> AnyView {
    let (titles, bodies) = (titles.clone(), bodies.clone());
    let written = |two: &Two| -> Texts {
        two.langs.iter().cloned().zip(two.texts.iter().map(|text| text.get())).collect()
    };
    live(move || {
        let draft = drafting::read(&written(&titles), &written(&bodies)).ok()?;
        let rows = before.with_value(|before| match before {
            Some(before) => changes(before, &draft),
            None => draft.paragraphs.iter().map(|words| plain(parts::said(words))).collect(),
        });
        let title = match before.with_value(Option::is_some) {
            true => w!(desk_text_preview_changes),
            false => w!(desk_text_preview),
        };
        Some(view! { <section class="stack"><h2>{title}</h2><ol class="bullets">{rows}</ol></section> })
    })
}

fn plain(words: AnyView) -> AnyView {
    view! { <li><p class="quote" data-from="motion">{words}</p></li> }.into_any()
}

/// Each paragraph against the one that it was, then those that go.
fn changes(before: &PublishedText, draft: &Draft) -> Vec<AnyView> {
    let was = drafting::matched(before, &draft.paragraphs);
    let mut rows: Vec<AnyView> = Vec::new();
    for (was, words) in was.iter().zip(&draft.paragraphs) {
        let old = was.and_then(|id| before.paragraph(id)).map(|(_, old)| &old.words);
        rows.push(match old {
            Some(old) if old == words => plain(parts::said(words)),
            Some(old) => {
                let lines: Vec<AnyView> = words
                    .iter()
                    .filter_map(|(lang, now)| {
                        let before =
                            old.iter().find(|(known, _)| *known == lang).map_or("", |(_, it)| it.as_str());
                        let differs = before != now.as_str();
                        differs.then(|| difference(before, now.as_str(), lang.as_str()))
                    })
                    .collect();
                view! { <li>{lines}</li> }.into_any()
            }
            None => view! { <li>{parts::tag("good", w!(desk_text_preview_new))}{plain_words(words)}</li> }
                .into_any(),
        });
    }
    let gone = before.paragraphs.iter().filter(|old| !was.contains(&Some(old.id)));
    rows.extend(gone.map(|old| {
        let (lang, text) = words::best(&old.words);
        view! { <li>{parts::tag("bad", w!(desk_text_preview_gone))}{difference(&text, "", &lang)}</li> }
            .into_any()
    }));
    rows
}

fn plain_words(words: &domain::text::Localized<Text>) -> AnyView {
    view! { <p class="quote" data-from="motion">{parts::said(words)}</p> }.into_any()
}

fn at_field(wrong: &DraftProblem, first: Option<&Lang>) -> (&'static str, String) {
    let body = |lang: &Lang| BODY.ids[usize::from(first != Some(lang))];
    match wrong {
        DraftProblem::Title => (TITLE.ids[0], w!(desk_text_error_title)),
        DraftProblem::Body(lang) => (body(lang), w!(desk_text_error_body)),
        DraftProblem::Many(lang, count) => {
            let (count, max) = (count.to_string(), PARAGRAPHS_MAX.to_string());
            (body(lang), w!(desk_text_error_many, count = count, max = max))
        }
        DraftProblem::Long(lang, number) => {
            #[expect(clippy::cast_precision_loss, reason = "thousands of characters")]
            let max = dates::number(Text::GRAPHEMES as f64);
            (body(lang), w!(desk_text_error_long, number = number.to_string(), max = max))
        }
        DraftProblem::Control(lang) => (body(lang), w!(amend_error_control)),
        DraftProblem::Uneven { lang, count, first } => {
            (body(lang), w!(desk_text_error_uneven, count = count.to_string(), first = first.to_string()))
        }
        DraftProblem::Same => (BODY.ids[0], w!(desk_text_error_same)),
    }
}
