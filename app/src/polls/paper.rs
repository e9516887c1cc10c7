//! The same poll on paper: its choices in the order of the list, with room for a mark beside each.

use domain::records::Poll;
use domain::tallies::Method;
use domain::text::{Label, Localized};
use leptos::prelude::*;

use crate::polls;
use crate::ui::words;
use crate::w;

/// What one marks, under what is asked.
pub fn sheet(it: &Poll) -> AnyView {
    let how = match it.method {
        Method::Plurality => w!(poll_paper_one),
        Method::Approval => w!(poll_paper_any),
        Method::MajorityJudgment => w!(poll_paper_grades),
        Method::Schulze => w!(poll_paper_ranks),
    };
    let text = it.text.as_ref().map(|text| view! { <p dir="auto">{words::say(text)}</p> });
    let inside = match it.method {
        Method::MajorityJudgment => graded(&it.choices, &it.grades),
        _ => {
            let choice = |it: &Localized<Label>| {
                view! { <li class="paper-box" dir="auto">{words::say(it)}</li> }.into_any()
            };
            view! { <ul class="paper">{it.choices.iter().map(choice).collect::<Vec<_>>()}</ul> }.into_any()
        }
    };
    view! {
        {text}
        <div class="paper-question"><h3>{how}</h3>{inside}</div>
        <p class="small">{polls::method(it.method)}</p>
        <p class="small">{w!(poll_paper_privacy)}</p>
    }
    .into_any()
}

/// A table, the best grade first.
fn graded(choices: &[Localized<Label>], grades: &[Localized<Label>]) -> AnyView {
    let heads: Vec<AnyView> = grades
        .iter()
        .rev()
        .map(|it| view! { <th scope="col" dir="auto">{words::say(it)}</th> }.into_any())
        .collect();
    let row = |it: &Localized<Label>| {
        let cells: Vec<AnyView> =
            grades.iter().map(|_| view! { <td class="paper-box"></td> }.into_any()).collect();
        view! { <tr><th scope="row" dir="auto">{words::say(it)}</th>{cells}</tr> }.into_any()
    };
    let rows: Vec<AnyView> = choices.iter().map(row).collect();
    view! { <div class="table-wide"><table class="table"><thead><tr><th scope="col">{w!(poll_paper_choice)}</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div> }
        .into_any()
}
