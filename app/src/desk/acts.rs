//! Hiding a contribution under a public rule, and closing a consultation: each behind a dialog
//! that says what happens.

use crate::ui::live::shared;
use domain::ids::CommunityId;
use domain::operations::{Action, CloseConsultation, Hide};
use domain::records::{Community, Consultation, Contribution};
use domain::time::HOUR;
use leptos::prelude::*;

use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Choice, choices};
use crate::ui::{App, dates, parts, typed, words};
use crate::{proposals, w};

/// Does an act of the office and says that it is kept.
pub fn act(app: App, community: &CommunityId, action: Action) {
    let community = community.clone();
    app.spawn(async move {
        match app.device().act(&community, action).await {
            Ok(_) => app.say(w!(desk_act_kept)),
            Err(error) => app.fail(proposals::say(error)),
        }
    });
}

/// Does an act that a form made: once it is sealed, what was typed is kept no longer.
pub fn keep(
    app: App,
    community: CommunityId,
    action: Action,
    kept_as: String,
    then: impl FnOnce() + 'static,
) {
    app.spawn(async move {
        match app.device().act(&community, action).await {
            Ok(_) => {
                then();
                typed::forget(app, &kept_as).await;
                app.say(w!(desk_act_kept));
            }
            Err(error) => app.fail(proposals::say(error)),
        }
    });
}

/// The button and dialog that hide a contribution.
pub fn hide(app: App, community: CommunityId, proposal: &Contribution, lists: Option<Community>) -> AnyView {
    let open = RwSignal::new(false);
    let (rule, errors) = (RwSignal::new(String::new()), RwSignal::new(Vec::new()));
    let (consultation, record) = (proposal.consultation, proposal.id);
    let options = lists.iter().flat_map(Community::applied).map(|rule| Choice {
        value: rule.id.to_string(),
        text: words::say(&rule.label),
        hint: words::say(&rule.explanation),
    });
    let radios =
        choices("rule", w!(desk_hide_rule_label), String::new(), true, options.collect(), rule, errors);
    let asked = Asked {
        title: w!(desk_hide_title),
        text: w!(desk_hide_help),
        yes: w!(desk_hide_confirm),
        class: "btn btn-danger",
    };
    let confirm = move || match rule.get_untracked().parse() {
        Ok(rule) => {
            act(app, &community, Action::Hide(Hide { consultation, record, rule }));
            true
        }
        Err(_) => {
            errors.set(vec![("rule", w!(desk_hide_error_rule))]);
            false
        }
    };
    view! {
        <p class="actions">{parts::button("btn btn-quiet btn-danger", w!(desk_hide_title), move || open.set(true))}</p>
        {dialog(open, asked, Some(radios), confirm)}
    }
    .into_any()
}

/// How long after closing what was written offline is still taken.
pub fn graces() -> Vec<Choice> {
    [
        ("0", w!(desk_grace_none), String::new()),
        ("48", w!(desk_grace_48), w!(desk_grace_48_hint)),
        ("168", w!(desk_grace_week), String::new()),
    ]
    .into_iter()
    .map(|(value, text, hint)| Choice { value: value.to_owned(), text, hint })
    .collect()
}

/// The button and dialog that close a consultation now.
pub fn close(app: App, it: &Consultation) -> AnyView {
    let open = RwSignal::new(false);
    let grace = RwSignal::new("48".to_owned());
    let (community, consultation) = (it.community.clone(), it.id);
    let hours = move || grace.get().parse::<i64>().unwrap_or(48);
    let until = shared(move || {
        let until = app.device().server_now().plus(hours() * HOUR);
        w!(desk_close_help, date = dates::day(until), time = dates::time(until))
    });
    let radios = choices(
        "grace",
        w!(desk_open_grace_label),
        String::new(),
        true,
        graces(),
        grace,
        RwSignal::new(Vec::new()),
    );
    let asked = Asked {
        title: w!(desk_close_title),
        text: words::say(&it.title),
        yes: w!(desk_close_confirm),
        class: "btn btn-danger",
    };
    let confirm = move || {
        let grace = hours() * HOUR;
        act(app, &community, Action::CloseConsultation(CloseConsultation { consultation, grace }));
        true
    };
    let more = view! { {radios} <p role="status">{until}</p> };
    view! {
        {parts::button("btn btn-quiet btn-danger", w!(desk_close_title), move || open.set(true))}
        {dialog(open, asked, Some(more.into_any()), confirm)}
    }
    .into_any()
}
