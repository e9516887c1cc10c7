//! A contribution as the office sees it: whole, with the name, and what can be done.

use domain::ids::CommunityId;
use domain::records::{DeskItem, DeskState};
use domain::time::HOUR;
use leptos::prelude::*;

use super::inbox::Desk;
use super::{acts, answer};
use crate::consultations::subject_name;
use crate::contributions::answer_of;
use crate::ui::{App, dates, parts, photo, words};
use crate::w;

/// Where it stands, as a tag.
pub fn state_tag(state: &DeskState) -> AnyView {
    match state {
        DeskState::New => parts::tag("act", w!(desk_item_new)),
        DeskState::Answered => parts::tag("good", w!(trail_state_answered)),
        DeskState::Hidden(_) => parts::tag("bad", w!(desk_item_hidden)),
        DeskState::Withdrawn => parts::tag("", w!(trail_state_withdrawn)),
    }
}

/// The pane.
pub fn pane(app: App, community: CommunityId, item: DeskItem, desk: Desk) -> AnyView {
    let lists = desk.lists.get_untracked();
    let name = lists.as_ref().map_or_else(|| community.to_string(), |lists| lists.place.name.to_string());
    let it = item.contribution.clone();
    let consultation = desk.consultations.with_untracked(|all| {
        all.iter().find(|one| one.id == it.consultation).map(|one| words::say(&one.title))
    });
    // Clocks differ by minutes; more than an hour means that it waited somewhere.
    let offline = item.received_at.since(item.written_at) > HOUR;
    let written = offline.then(
        || view! { <span>{w!(desk_item_written_offline, date = dates::moment(item.written_at))}</span> },
    );
    let after = match &item.state {
        DeskState::Withdrawn => Some(parts::notice("warn", String::new(), w!(desk_item_withdrawn), None)),
        DeskState::Hidden(rule) => {
            let known = lists.iter().flat_map(|lists| &lists.rules).find(|known| known.id == *rule);
            let label = known.map_or_else(|| rule.to_string(), |rule| words::say(&rule.label));
            Some(parts::notice("warn", String::new(), w!(desk_hide_done, rule = label), None))
        }
        DeskState::New | DeskState::Answered => None,
    };
    let open = after.is_none();
    let given = it.answer.as_ref().map(|answer| answer_of(&name, answer));
    let about = it.clone();
    let place = community.clone();
    view! {
        <div class="page-head">
            <p class="meta">{state_tag(&item.state)}<span dir="auto">{consultation}</span></p>
            <h1 dir="auto">{it.title().to_string()}</h1>
            <p class="meta">
                <strong>{w!(desk_item_author, name = item.name.to_string(), community = name.clone())}</strong>
                <span class="receipt">{w!(sent_receipt_number, number = item.receipt.clone())}</span>
            </p>
            <p class="meta">
                <span>{w!(desk_item_received, date = dates::moment(item.received_at))}</span>
                {written}
                <span>{it.subject().map(|subject| subject_name(&lists, subject))}</span>
            </p>
            <p class="soft small">{w!(desk_item_author_note)}</p>
        </div>
        {after}
        {it.text().map(|text| parts::words_of("person", text.to_string(), None))}
        {photo::list(app, it.photos().to_vec())}
        {given}
        {open.then(|| answer::form(app, place, about, lists.clone()))}
        {open.then(|| acts::hide(app, community, &it, lists))}
    }
    .into_any()
}
