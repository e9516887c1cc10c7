//! What became of a thing: why it was not taken, what the office answered, where it is found; and what its author
//! and the office say to each other about it.

use domain::operations::Progress;
use domain::records::Place;
use leptos::prelude::*;

use super::state::{Standing, Thing};
use super::{appeals, questions, reasons};
use crate::ui::routes::Route;
use crate::ui::{App, dates, words};
use crate::{communities, contributions, w};

/// What became of it.
pub fn outcome(app: App, thing: &Thing, place: Option<&Place>) -> AnyView {
    let name = place.map_or_else(|| thing.community.to_string(), |place| place.name.to_string());
    let answer = thing.answer.as_ref().map(|answer| contributions::answer_of(&name, answer));
    view! {
        {reason(thing, &name).map(|text| view! { <p>{text}</p> })}
        {thing.withdrawing.then(|| view! { <p>{w!(trail_withdrawing)}</p> })}
        {answer}
        {joined(app, thing, place)}
        {forwarded(app, thing, &name)}
        {thing.used.then(|| view! { <p>{w!(trail_used)}</p> })}
    }
    .into_any()
}

fn reason(thing: &Thing, community: &str) -> Option<String> {
    match &thing.standing {
        Standing::Refused(why) if !thing.held => Some(reasons::refusal(why, community)),
        Standing::Refused(why) => {
            Some(format!("{} {}", w!(trail_nothing_lost), reasons::refusal(why, community)))
        }
        Standing::CannotLeave(why) => {
            Some(format!("{} {}", w!(trail_nothing_lost), reasons::unsendable(why)))
        }
        _ => match thing.end() {
            Some(Progress::Declined(why)) => Some(words::say(why)),
            _ => None,
        },
    }
}

/// Where it is found when another proposal stands for it.
fn joined(app: App, thing: &Thing, place: Option<&Place>) -> Option<AnyView> {
    let (into, consultation, place) = (thing.merged_into?, thing.consultation?, place?);
    let to = app.link(&Route::Contribution(place.slug.clone(), consultation, into));
    Some(view! { <p>{w!(trail_merged)} " " <a href=to>{w!(trail_merged_see)}</a></p> }.into_any())
}

/// To whom the office passed it on, and from where it came.
fn forwarded(app: App, thing: &Thing, here: &str) -> Option<AnyView> {
    if let Some(from) = &thing.forwarded_from {
        let from = communities::name(app, &from.community);
        let said = w!(trail_forwarded_from, from = from, community = here.to_owned());
        return Some(view! { <p>{said}</p> }.into_any());
    }
    let it = thing.forwarded.as_ref()?;
    let to = communities::name(app, &it.to);
    Some(view! { <p>{w!(trail_forwarded, community = to, date = dates::day(it.at))}</p> }.into_any())
}

/// Its appeal, and the office's questions.
pub fn exchange(app: App, thing: &Thing) -> AnyView {
    view! { {appeals::appeal(app, thing)} {questions::questions(app, thing)} }.into_any()
}
