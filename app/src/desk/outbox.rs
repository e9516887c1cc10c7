//! What has not left the desk's device yet, and why.

use crate::ui::live::shared;
use domain::operations::Kind;
use domain::outbox::Item;
use leptos::prelude::*;

use crate::trail::state::{Section, Standing, Thing};
use crate::trail::{refusal, steps, unsendable};
use crate::ui::{App, dates, page, parts};
use crate::w;

/// The page.
pub fn outbox(app: App) -> AnyView {
    page::title(|| w!(desk_outbox));
    let items = app.device().outbox();
    let me = app.me();
    let list = shared(move || {
        let signed_in = me.get().is_some();
        let things = items.with(|items| {
            let things = items.iter().rev().map(|item: &Item| Thing::of_item(item, signed_in));
            things.filter(|thing| thing.section() != Section::Arrived).collect::<Vec<_>>()
        });
        if things.is_empty() {
            return parts::empty(String::new(), w!(desk_outbox_empty), None);
        }
        let cards: Vec<AnyView> = things.into_iter().map(|thing| card(app, &thing)).collect();
        view! { <div class="stack">{cards}</div> }.into_any()
    });
    view! {
        {parts::head(None, w!(desk_outbox), Some(view! { <p class="soft">{w!(desk_outbox_intro)}</p> }.into_any()))}
        {list}
    }
    .into_any()
}

fn name(kind: Kind) -> String {
    match kind {
        Kind::Propose => w!(propose_title),
        Kind::Withdraw => w!(trail_withdrawal),
        Kind::Answer => w!(desk_kind_answer),
        Kind::OpenConsultation => w!(desk_kind_open),
        Kind::CloseConsultation => w!(desk_kind_close),
        Kind::Hide => w!(desk_kind_hide),
    }
}

fn card(app: App, thing: &Thing) -> AnyView {
    let op = thing.op;
    let reason = match &thing.standing {
        Standing::Refused(why) => refusal(why, thing.community.as_str()),
        Standing::CannotLeave(why) => unsendable(why),
        Standing::NeedsSignIn | Standing::Unclaimed => w!(sent_kept_sign_in),
        Standing::WaitsForRecord => w!(trail_state_waiting_record),
        Standing::WaitsForFiles => w!(trail_state_waiting_photo),
        _ => w!(trail_state_sealed),
    };
    let act = if thing.section() == Section::Attention {
        parts::button("btn btn-plain", w!(app_understood), move || {
            app.spawn(async move {
                if app.device().discard(op).await.is_err() {
                    app.fail(w!(error_storage_full));
                }
            });
        })
    } else {
        parts::button("btn btn-quiet", w!(trail_send_now), move || app.device().send_now())
    };
    let when = thing.written_at.map(dates::moment);
    view! {
        <article class="card">
            <p class="meta"><span>{when}</span></p>
            <h2 class="card-title">{name(thing.kind)}</h2>
            <p>{reason}</p>
            {steps(&thing.standing)}
            <p class="actions">{act}</p>
        </article>
    }
    .into_any()
}
