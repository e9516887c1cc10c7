//! What participants pointed at, and what the author of something hidden says to that.

use domain::operations::{Action, Approve, DecideAppeal, KEPT_MAX, Keep};
use domain::records::{AppealMade, Contribution, DeskItem, FlagGiven, What};
use leptos::prelude::*;

use super::inbox::Desk;
use super::state::hints::{self, Look};
use super::state::list::{appeal_of, awaits_approval, awaits_verdict, by_rule, stands};
use super::two::{Boxes, Two, languages};
use super::{acts, asking, blot};
use crate::ui::field::{Choice, Errors, choices};
use crate::ui::live::{live, memo};
use crate::ui::{App, dates, page, parts, typed, words};
use crate::{n, trail, w};

const WHY: [&str; 2] = ["verdict-first", "verdict-second"];

fn label(english: bool) -> String {
    if english { w!(desk_verdict_en) } else { w!(desk_verdict_fr) }
}

/// A rule's name.
pub fn rule_name(desk: Desk, id: &domain::ids::RuleId) -> String {
    desk.lists.with(|lists| {
        let known = lists.as_ref().and_then(|lists| lists.rule(id));
        known.map_or_else(|| id.to_string(), |rule| words::say(&rule.label))
    })
}

/// What was pointed at and nobody of the office looked at yet: by rule, with the words, never with a name.
pub fn flags(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let open = memo(move || {
        let id = item.with(|item| item.as_ref().map(|item| item.contribution.id));
        id.map(|id| desk.inbox.with(|inbox| inbox.flags(id).to_vec())).unwrap_or_default()
    });
    let shown = memo(move || item.with(|item| item.as_ref().is_some_and(stands)));
    live(move || {
        let flags = open.get();
        let about = item.with_untracked(|item| {
            item.as_ref().map(|item| (item.contribution.consultation, item.contribution.id))
        });
        let (consultation, record) = about.filter(|_| !flags.is_empty())?;
        let shown = shown.get();
        let rules: Vec<AnyView> = by_rule(&flags)
            .into_iter()
            .map(|(rule, count)| {
                let times = n!(count, desk_flag_count_a, desk_flag_count_s);
                view! { <li>{rule_name(desk, &rule)} " · " {times}</li> }.into_any()
            })
            .collect();
        let texts: Vec<AnyView> = flags.iter().filter_map(text_of).collect();
        let keep = move || {
            let flags = flags.iter().take(KEPT_MAX).map(|flag| flag.flag).collect();
            acts::act(app, &desk.community(), Action::Keep(Keep { consultation, record, flags }));
        };
        let act = shown.then(|| {
            view! {
                <p class="small soft">{w!(desk_flag_help)}</p>
                <p class="actions">{parts::button("btn btn-quiet", w!(desk_flag_keep), keep)}</p>
            }
        });
        let more = view! { <ul class="bullets">{rules}</ul> {texts} {act} };
        Some(parts::notice("warn", w!(desk_flag_title), String::new(), Some(more.into_any())))
    })
}

fn text_of(flag: &FlagGiven) -> Option<AnyView> {
    flag.text.as_ref().map(|text| parts::words_of("person", text.to_string(), None))
}

/// What is worth a second look in something that everybody sees: suggested, and nothing follows from it.
pub fn hints(item: Memo<Option<DeskItem>>) -> AnyView {
    let found = memo(move || {
        item.with(|item| {
            let it = &item.as_ref().filter(|item| stands(item) || awaits_approval(item))?.contribution;
            let text = it.text().map_or("", |text| text.as_str());
            let title = match &it.what {
                What::Proposal(proposal) => proposal.title.as_str(),
                What::Amendment(amendment) => amendment.proposed(),
                What::Comment(_) => "",
            };
            Some(hints::hints(&format!("{title}\n{text}")))
        })
        .unwrap_or_default()
    });
    live(move || {
        let rows: Vec<AnyView> = found.with(|found| found.iter().map(hint).collect());
        (!rows.is_empty()).then(|| {
            let more = view! { <ul class="bullets">{rows}</ul> };
            parts::notice("", w!(desk_hint_title), w!(desk_hint_help), Some(more.into_any()))
        })
    })
}

fn hint(it: &hints::Hint) -> AnyView {
    let look = match it.look {
        Look::Phone => w!(desk_hint_phone),
        Look::Email => w!(desk_hint_email),
        Look::Address => w!(desk_hint_address),
        Look::Private => w!(desk_hint_private),
        Look::Insult => w!(desk_hint_insult),
    };
    view! { <li>{look} " · " <span dir="auto">{it.words.clone()}</span></li> }.into_any()
}

/// What appears only once it is approved: it is, or words are blotted out of it before, or it is hidden by a rule.
pub fn approval(app: App, desk: Desk, item: Memo<Option<DeskItem>>, it: &Contribution) -> AnyView {
    let (consultation, record) = (it.consultation, it.id);
    let approve = move || {
        acts::act(app, &desk.community(), Action::Approve(Approve { consultation, record }));
    };
    let ask = view! { <p class="actions">{parts::button("btn", w!(desk_approve), approve)}</p> };
    view! {
        {parts::notice("warn", w!(desk_item_awaiting), w!(desk_approve_help), Some(ask.into_any()))}
        <div class="folds">{blot::fold(app, desk, item)} {asking::notes(app, desk, item)}</div>
        {acts::hide(app, desk.community(), it, desk.lists.get_untracked())}
    }
    .into_any()
}

/// The appeal of the author, with what was decided, or the form to decide it.
pub fn appeal(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let made = memo(move || item.with(|item| item.as_ref().and_then(|item| appeal_of(item).cloned())));
    let open = memo(move || item.with(|item| item.as_ref().is_some_and(awaits_verdict)));
    let said = live(move || made.get().map(|it| said(&it)));
    let form = live(move || open.get().then(|| form(app, desk, item)));
    view! { {said} {form} }.into_any()
}

fn said(it: &AppealMade) -> AnyView {
    let by = w!(desk_appeal_by, date = dates::moment(it.at));
    view! {
        <section class="stack-s" aria-labelledby="appeal">
            <h2 id="appeal">{w!(desk_appeal_title)}</h2>
            {parts::words_of("person", it.text.to_string(), Some(by))}
            {it.verdict.as_ref().map(trail::decided)}
        </section>
    }
    .into_any()
}

/// For a second person: whoever hid it or wrote it reads who decides.
fn form(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    let Some(first) = item.get_untracked() else { return ().into_any() };
    let hidden = first.hidden.as_ref();
    let me = app.me().get().map(|person| person.id);
    let mine = hidden.and_then(|hidden| hidden.person.clone()) == me || me.as_ref() == Some(&first.person);
    if mine {
        return parts::notice("warn", w!(desk_appeal_second), w!(desk_appeal_second_help), None);
    }
    let by = hidden.and_then(|hidden| hidden.name.as_ref());
    let by =
        by.map(|name| view! { <p class="soft">{w!(desk_appeal_hidden_by, name = name.to_string())}</p> });
    let (consultation, record) = (first.contribution.consultation, first.contribution.id);
    let way = RwSignal::new(String::new());
    let why = Two::empty(&desk.lists.with_untracked(|lists| languages(lists.as_ref())));
    let kept_as = format!("verdict {record}");
    let mut fields = why.named("why ");
    fields.push(("way".to_owned(), way));
    typed::keep(app, &kept_as, fields);
    let errors: Errors = RwSignal::new(Vec::new());
    let boxes = Boxes::texts(WHY, label);
    let choice = |value: &str, text, hint| Choice { value: value.to_owned(), text, hint };
    let ways = vec![
        choice("restored", w!(desk_verdict_restore), w!(desk_verdict_restore_hint)),
        choice("upheld", w!(desk_verdict_uphold), w!(desk_verdict_uphold_hint)),
    ];
    let save = {
        let why = why.clone();
        move || {
            let way = way.get_untracked();
            let missing = way.is_empty().then(|| ("verdict", w!(desk_verdict_error)));
            match (missing, why.read(&boxes)) {
                (None, Ok(text)) => {
                    errors.set(Vec::new());
                    let it = DecideAppeal { consultation, record, restored: way == "restored", text };
                    acts::keep(app, desk.community(), Action::DecideAppeal(it), kept_as.clone(), || ());
                }
                (missing, why) => {
                    let wrong: Vec<_> = missing.into_iter().chain(why.err().unwrap_or_default()).collect();
                    let at = wrong.first().map(|(field, _)| *field);
                    errors.set(wrong);
                    at.into_iter().for_each(page::focus_soon);
                }
            }
        }
    };
    view! {
        <section class="stack" aria-labelledby="verdict-title">
            <h2 id="verdict-title">{w!(desk_verdict_title)}</h2>
            {by}
            {choices("verdict", w!(desk_verdict_label), String::new(), true, ways, way, errors)}
            {why.draw(boxes, errors)}
            <p class="actions">{parts::button("btn", w!(desk_verdict_save), save)}</p>
        </section>
    }
    .into_any()
}
