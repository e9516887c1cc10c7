//! The rules of the community, written by its office: one is added, changed or taken out at a time.

use domain::ids::RuleId;
use domain::operations::Action;
use domain::records::Rule;
use leptos::prelude::*;

use super::acts;
use super::inbox::{Desk, office};
use super::naming::{self, Named, Naming};
use super::state::rules;
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, Errors, choices};
use crate::ui::live::live;
use crate::ui::{App, page as pages, parts, words};
use crate::w;

fn name_label(english: bool) -> String {
    if english { w!(desk_rule_name_en) } else { w!(desk_rule_name_fr) }
}

fn text_label(english: bool) -> String {
    if english { w!(desk_rule_text_en) } else { w!(desk_rule_text_fr) }
}

/// The page.
pub fn page(app: App) -> AnyView {
    pages::title(|| w!(desk_rules_title));
    let body = office(app, move |desk| of(app, desk));
    let intro = view! { <p class="soft">{w!(desk_rules_intro)}</p> }.into_any();
    view! { {parts::head(None, w!(desk_rules_title), Some(intro))} {body} }.into_any()
}

/// Which rule is written: none; a new one; one of the list.
type Written = RwSignal<Option<Option<Rule>>>;

fn of(app: App, desk: Desk) -> AnyView {
    let written: Written = RwSignal::new(None);
    let list = live(move || {
        let lists = desk.lists.get()?;
        let cards: Vec<AnyView> = lists.applied().map(|rule| card(app, desk, rule, written)).collect();
        Some(view! { <div class="stack">{cards}</div> })
    });
    let form = live(move || match written.get() {
        Some(rule) => form(app, desk, rule, written),
        None => {
            let add = parts::button("btn", w!(desk_rule_add), move || written.set(Some(None)));
            view! { <p class="actions">{add}</p> }.into_any()
        }
    });
    let when = live(move || {
        let first =
            desk.lists.with(|lists| lists.as_ref().map(|lists| lists.premoderated_since.is_some()))?;
        Some(when(app, desk, first))
    });
    view! { {form} {list} {when} }.into_any()
}

/// Whether texts appear at once, or once the office has looked at them.
fn when(app: App, desk: Desk, first: bool) -> AnyView {
    let name = |first: bool| if first { "before" } else { "after" };
    let chosen = RwSignal::new(name(first).to_owned());
    let option = |first, text, hint| Choice { value: name(first).to_owned(), text, hint };
    let options = vec![
        option(false, w!(desk_when_after), w!(desk_when_after_hint)),
        option(true, w!(desk_when_before), w!(desk_when_before_hint)),
    ];
    let save = move || {
        let first = chosen.with_untracked(|chosen| chosen == name(true));
        acts::act(app, &desk.community(), Action::SettleRules(rules::moderated(first)));
    };
    let none: Errors = RwSignal::new(Vec::new());
    view! {
        <section class="stack card" aria-labelledby="when-title">
            <h2 id="when-title">{w!(desk_when_title)}</h2>
            {choices("when", w!(desk_when_label), String::new(), true, options, chosen, none)}
            <p class="actions">{parts::button("btn btn-quiet", w!(desk_when_save), save)}</p>
        </section>
    }
    .into_any()
}

fn card(app: App, desk: Desk, rule: &Rule, written: Written) -> AnyView {
    let open = RwSignal::new(false);
    let (id, own) = (rule.id.clone(), rule.clone());
    let asked = Asked {
        title: w!(desk_rule_remove_ask),
        text: w!(desk_rule_remove_help),
        yes: w!(desk_rule_remove),
        class: "btn btn-danger",
    };
    let remove = move || {
        match desk.lists.with_untracked(|lists| rules::without(lists.as_ref()?, &id)) {
            Some(settle) => acts::act(app, &desk.community(), Action::SettleRules(settle)),
            None => app.fail(w!(desk_rule_last)),
        }
        true
    };
    view! {
        <article class="card">
            <h2 class="card-title" dir="auto">{words::say(&rule.label)}</h2>
            <p>{parts::said(&rule.explanation)}</p>
            <div class="actions">
                {parts::button("btn btn-quiet", w!(app_change), move || written.set(Some(Some(own.clone()))))}
                {parts::button("btn btn-plain", w!(desk_rule_remove), move || open.set(true))}
            </div>
            {dialog(open, asked, None, remove)}
        </article>
    }
    .into_any()
}

fn form(app: App, desk: Desk, rule: Option<Rule>, written: Written) -> AnyView {
    let id: Option<RuleId> = rule.as_ref().map(|rule| rule.id.clone());
    let kept_as = format!("rule {}", id.as_ref().map(ToString::to_string).unwrap_or_default());
    let it = Naming {
        title: if id.is_some() { w!(desk_rule_change) } else { w!(desk_rule_add) },
        kept_as: kept_as.clone(),
        labels: [name_label, text_label],
        every_language: false,
        verb: w!(desk_rule_save),
        before: rule.map(|rule| (rule.label, rule.explanation)),
    };
    let save = move |(label, explanation): Named| {
        let settle =
            desk.lists.with_untracked(|lists| rules::with(lists.as_ref()?, id.as_ref(), label, explanation));
        match settle {
            Some(settle) => {
                let close = move || drop(written.try_set(None));
                acts::keep(app, desk.community(), Action::SettleRules(settle), kept_as.clone(), close);
            }
            None => app.fail(w!(desk_rule_many)),
        }
    };
    naming::form(app, desk, it, save, move || written.set(None))
}
