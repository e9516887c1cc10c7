//! The office's own templates of answers: one is added, changed or taken out at a time.

use domain::ids::RecordId;
use domain::operations::{Action, DropTemplate, KeepTemplate};
use domain::records::AnswerTemplate;
use domain::scopes::Scope;
use leptos::prelude::*;

use super::acts;
use super::inbox::{Desk, office};
use super::naming::{self, Named, Naming};
use super::state::answers;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::live::{effect, live, memo};
use crate::ui::{App, page as pages, parts, typed};
use crate::w;

/// Under which name the form of a template is kept.
pub fn kept_as(template: Option<RecordId>) -> String {
    ["template ", &template.map(|id| id.to_string()).unwrap_or_default()].concat()
}

/// The page.
pub fn page(app: App) -> AnyView {
    pages::title(|| w!(desk_templates_title));
    let body = office(app, move |desk| of(app, desk));
    let intro = view! { <p class="soft">{w!(desk_templates_intro)}</p> }.into_any();
    view! { {parts::head(None, w!(desk_templates_title), Some(intro))} {body} }.into_any()
}

/// Which one is written: none; a new one; one of the list.
type Written = RwSignal<Option<Option<AnswerTemplate>>>;

fn of(app: App, desk: Desk) -> AnyView {
    let records = app.records(&Scope::Desk(desk.community()));
    let all = memo(move || records.with(|all| answers::own(all)));
    let written: Written = RwSignal::new(None);
    // What was begun, here or from an answer, is open at first.
    let touched = StoredValue::new(false);
    effect(move |_| {
        if written.with(Option::is_some) {
            touched.set_value(true);
        }
    });
    effect(move |_| {
        let known: Vec<Option<AnswerTemplate>> = all.with(|all| all.iter().cloned().map(Some).collect());
        app.spawn(async move {
            if touched.try_get_value() != Some(false) {
                return;
            }
            for template in std::iter::once(None).chain(known) {
                let begun = typed::held(app, &kept_as(template.as_ref().map(|it| it.id))).await;
                if !begun.is_empty() && written.try_get_untracked() == Some(None) {
                    let _ = written.try_set(Some(template));
                }
            }
        });
    });
    let list = live(move || {
        let cards: Vec<AnyView> = all.with(|all| all.iter().map(|it| card(app, desk, it, written)).collect());
        match cards.is_empty() {
            true => view! { <p class="soft">{w!(desk_templates_none)}</p> }.into_any(),
            false => view! { <div class="stack">{cards}</div> }.into_any(),
        }
    });
    let form = live(move || match written.get() {
        Some(template) => form(app, desk, template, written),
        None => {
            let add = parts::button("btn", w!(desk_templates_add), move || written.set(Some(None)));
            view! { <p class="actions">{add}</p> }.into_any()
        }
    });
    view! { {form} {list} }.into_any()
}

fn card(app: App, desk: Desk, it: &AnswerTemplate, written: Written) -> AnyView {
    let open = RwSignal::new(false);
    let (template, own) = (it.id, it.clone());
    let asked = Asked {
        title: w!(desk_templates_remove_ask),
        text: w!(desk_templates_remove_help),
        yes: w!(desk_rule_remove),
        class: "btn btn-danger",
    };
    let remove = move || {
        acts::act(app, &desk.community(), Action::DropTemplate(DropTemplate { template }));
        true
    };
    view! {
        <article class="card">
            <h2 class="card-title">{parts::said(&it.title)}</h2>
            <p>{parts::said(&it.text)}</p>
            <div class="actions">
                {parts::button("btn btn-quiet", w!(app_change), move || written.set(Some(Some(own.clone()))))}
                {parts::button("btn btn-plain", w!(desk_rule_remove), move || open.set(true))}
            </div>
            {dialog(open, asked, None, remove)}
        </article>
    }
    .into_any()
}

fn name_label(english: bool) -> String {
    if english { w!(desk_rule_name_en) } else { w!(desk_rule_name_fr) }
}

fn text_label(english: bool) -> String {
    if english { w!(desk_templates_text_en) } else { w!(desk_templates_text_fr) }
}

fn form(app: App, desk: Desk, before: Option<AnswerTemplate>, written: Written) -> AnyView {
    let template = before.as_ref().map(|it| it.id);
    let it = Naming {
        title: if template.is_some() { w!(desk_templates_change) } else { w!(desk_templates_add) },
        kept_as: kept_as(template),
        labels: [name_label, text_label],
        every_language: true,
        verb: w!(desk_templates_save),
        before: before.map(|it| (it.title, it.text)),
    };
    let save = move |(title, text): Named| {
        let keep = Action::KeepTemplate(KeepTemplate { template, title, text });
        let close = move || drop(written.try_set(None));
        acts::keep(app, desk.community(), keep, kept_as(template), close);
    };
    naming::form(app, desk, it, save, move || written.set(None))
}
