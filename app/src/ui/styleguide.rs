//! Every shared part in each of its states, for those who build and those who test: drawn
//! from the same functions as the screens, never from copies.

use domain::ids::RecordId;
use domain::phases::{Form, Phases};
use domain::records::{AnswerGiven, Consultation, Contribution, Proposal, Record, SignedAs, What};
use domain::text::{Localized, Text, Title};
use domain::time::{DAY, Millis};
use leptos::prelude::*;

use super::dialog::{Asked, dialog};
use super::field::{Choice, Errors, Field, choices, field, summary};
use super::icons::{self, icon};
use super::routes::Route;
use super::state::{Age, Tide};
use super::{App, dates, header, page, parts, tide};
use crate::consultations;
use crate::contributions::{self, Around};
use crate::trail;
use crate::trail::state::Standing;
use crate::ui::live::memo;
use crate::w;

/// The page.
pub fn page(app: App) -> AnyView {
    page::title(|| w!(styleguide_title));
    view! {
        {parts::head(None, w!(styleguide_title), Some(view! { <p class="soft">{w!(styleguide_intro)}</p> }.into_any()))}
        {part("shore", ["laforce", "moffet", "kebaowek"].map(|seed| header::shore(seed, w!(kind_municipality), seed.to_owned(), false)).into())}
        {part("tide", tides())}
        {part("button", buttons())}
        {part("tag", tags())}
        {part("notice", notices(app))}
        {part("field", fields())}
        {part("card", cards(app))}
        {part("list", vec![list(app)])}
        {part("progress", vec![parts::progress(w!(trail_photos_leaving), 40)])}
        {part("trail", trails())}
        {part("receipt", receipts())}
        {part("dialog", vec![a_dialog()])}
        {part("empty, loading", vec![parts::empty(w!(trail_title), w!(trail_empty), None), parts::loading()])}
        {part("facts", vec![facts()])}
    }
    .into_any()
}

fn part(name: &'static str, all: Vec<AnyView>) -> AnyView {
    view! { <section class="stack" id=format!("part-{}", name.split(',').next().unwrap_or(name))><h2>{name}</h2>{all}</section> }.into_any()
}

fn list(app: App) -> AnyView {
    let row = |name: &'static str, kind: String| {
        view! {
            <li class="list-row">
                <a class="list-link" href=app.link(&Route::Here)>
                    <span class="list-title">{name}</span><span class="list-text">{kind}</span>
                </a>
            </li>
        }
    };
    let rows = [row("Laforce", w!(kind_municipality)), row("Kebaowek", w!(kind_first_nation))];
    view! { <ul class="list">{rows}</ul> }.into_any()
}

fn tides() -> Vec<AnyView> {
    let all = [
        Tide::UpToDate(Age::Now),
        Tide::UpToDate(Age::Hours(3)),
        Tide::Sending(2),
        Tide::SignIn(1),
        Tide::Claim(1),
        Tide::Offline(2),
        Tide::ServerAway(0),
        Tide::Never,
    ];
    let mut drawn: Vec<AnyView> = all.into_iter().map(tide::draw).collect();
    let act = parts::button("btn btn-quiet", w!(update_now), || {});
    drawn.push(tide::banner(w!(update_title), act));
    drawn
}

fn buttons() -> Vec<AnyView> {
    let classes = ["btn", "btn btn-quiet", "btn btn-plain", "btn btn-danger", "btn btn-quiet btn-danger"];
    let mut all: Vec<AnyView> =
        classes.into_iter().map(|class| parts::button(class, w!(app_continue), || {})).collect();
    all.push(
        view! { <button type="button" class="btn" aria-busy="true">{w!(app_loading)}</button> }.into_any(),
    );
    all.push(view! { <button type="button" class="btn" disabled>{w!(app_continue)}</button> }.into_any());
    all.push(
        view! { <button type="button" class="btn btn-icon btn-quiet">{icon(icons::CLOSE)}<span class="visually-hidden">{w!(app_close)}</span></button> }
            .into_any(),
    );
    vec![view! { <div class="row">{all}</div> }.into_any()]
}

fn tags() -> Vec<AnyView> {
    let all = [
        ("", w!(trail_state_withdrawn)),
        ("act", w!(home_contribute)),
        ("good", w!(trail_state_answered)),
        ("warn", w!(home_last_day)),
        ("bad", w!(trail_state_refused)),
    ];
    let all: Vec<AnyView> = all.into_iter().map(|(tone, text)| parts::tag(tone, text)).collect();
    vec![view! { <p class="meta">{all}<span class="count">"3"</span></p> }.into_any()]
}

fn notices(app: App) -> Vec<AnyView> {
    let link = parts::link("btn btn-quiet", app.link(&Route::Trail), w!(sent_see_trail));
    vec![
        parts::notice("good", w!(sent_kept_title), w!(sent_kept_offline), Some(link)),
        parts::notice("warn", w!(app_demonstration), w!(app_demo_banner), None),
        parts::notice("bad", w!(error_title), w!(error_storage_full), None),
    ]
}

fn fields() -> Vec<AnyView> {
    let none: Errors = RwSignal::new(Vec::new());
    let wrong: Errors = RwSignal::new(vec![
        ("guide-wrong", w!(propose_error_sentence_empty)),
        ("guide-subject", w!(propose_error_subject)),
    ]);
    let ask = |id: &'static str, lines: bool, max: usize| Field {
        id,
        label: w!(propose_sentence_label),
        hint: w!(propose_sentence_hint),
        lines,
        max,
        ..Field::default()
    };
    let text = |text: &str| RwSignal::new(text.to_owned());
    let free = Signal::derive(|| false);
    let held = Signal::derive(|| true);
    let options = || {
        ["Voirie", "Culture", "ᐊᓂᔑᓈᐯᒧᐎᓐ"]
            .map(|text| Choice { value: text.to_owned(), text: text.to_owned(), hint: String::new() })
            .to_vec()
    };
    let rows = || {
        let hint = w!(desk_grace_48_hint);
        vec![
            Choice { value: "0".to_owned(), text: w!(desk_grace_none), hint: String::new() },
            Choice { value: "48".to_owned(), text: w!(desk_grace_48), hint },
        ]
    };
    vec![
        field(ask("guide-plain", false, 0), text("Un banc face au lac"), none, free, None),
        field(ask("guide-count", true, 20), text("Un banc face au lac, s’il vous plaît"), none, free, None),
        field(ask("guide-held", false, 0), text("Un banc face au lac"), none, held, None),
        field(ask("guide-wrong", false, 0), text(""), wrong, free, None),
        choices(
            "guide-topic",
            w!(propose_subject_label),
            w!(propose_subject_hint),
            false,
            options(),
            text("Voirie"),
            none,
        ),
        choices(
            "guide-subject",
            w!(propose_subject_label),
            w!(propose_subject_hint),
            false,
            options(),
            text(""),
            wrong,
        ),
        choices("guide-rows", w!(desk_open_grace_label), String::new(), true, rows(), text("48"), none),
        summary(wrong),
    ]
}

/// A text in both languages, for the examples.
fn both<T: std::str::FromStr>(fr: &str, en: &str) -> Option<Localized<T>> {
    Localized::new([("fr".parse().ok()?, fr.parse().ok()?), ("en".parse().ok()?, en.parse().ok()?)]).ok()
}

fn cards(app: App) -> Vec<AnyView> {
    let now = dates::now();
    [now.plus(20 * DAY), now.plus(3 * DAY), now.plus(DAY / 2), now.plus(-DAY), now.plus(-9 * DAY)]
        .into_iter()
        .filter_map(|closes_at| {
            let it = Consultation {
                id: RecordId([0; 16]),
                community: "laforce".parse().ok()?,
                title: both::<Title>("Le chemin du Lac-aux-Sables", "The Lac-aux-Sables road")?,
                summary: both::<Text>("Faut-il l’ouvrir l’hiver?", "Should it be open in winter?")?,
                opened_at: now,
                phases: Phases::contribute(closes_at.plus(-30 * DAY), closes_at).ok()?,
                grace: 2 * DAY,
                takes: Form::ALL.to_vec(),
                closed_at: None,
                decided_by: None,
                used_for: None,
                answer_by: Some(closes_at.plus(30 * DAY)),
                conclusion: None,
                source: None,
                adapted_from: None,
                shared_with: Vec::new(),
                fictitious: true,
            };
            Some(consultations::card(app, "laforce", &it, now))
        })
        .chain(contribution(app, now))
        .collect()
}

fn contribution(app: App, now: Millis) -> Option<AnyView> {
    let it = Contribution {
        id: RecordId([0; 16]),
        consultation: RecordId([0; 16]),
        what: What::Proposal(Proposal {
            title: "Un banc face au lac".parse().ok()?,
            text: Some("Pour s’asseoir à mi-chemin.\n\nLe vieux a brûlé l’an dernier.".parse().ok()?),
            subject: "other".parse().ok()?,
            photos: Vec::new(),
            place: None,
            photos_out: 0,
            photos_covered: 0,
        }),
        week: now.week(),
        signed: SignedAs::Resident,
        answer: Some(AnswerGiven {
            text: both::<Text>("Il sera posé en mai.", "It will be there in May.")?,
            at: now,
        }),
        step: None,
        merged: Vec::new(),
        merged_into: None,
        home: None,
        forwarded: None,
        forwarded_from: None,
    };
    let place = app.places().with_untracked(|places| places.first().cloned())?;
    let nobody = Signal::derive(Default::default);
    let around = Around::new(app, place, Form::ALL.to_vec(), memo(|| None), nobody);
    let pending = Contribution { answer: None, ..it.clone() };
    let draw = |it, pending| contributions::entry(around, &Record::Contribution(it), pending);
    Some(vec![draw(it, false), draw(pending, true)].into_any())
}

fn trails() -> Vec<AnyView> {
    let rule = || "off-topic".parse().ok();
    let all = [
        Some(Standing::Kept),
        Some(Standing::Sending),
        Some(Standing::Received),
        Some(Standing::Answered),
        Some(Standing::Refused(domain::receipts::Refusal::UnknownSubject)),
        Some(Standing::CannotLeave(domain::outbox::Unsendable::Conflict)),
        rule().map(Standing::Hidden),
    ];
    all.into_iter()
        .flatten()
        .map(|standing| view! { <div class="card">{trail::steps(&standing)}</div> }.into_any())
        .collect()
}

fn receipts() -> Vec<AnyView> {
    vec![
        view! { <p><span class="receipt">{w!(sent_receipt_number, number = "7KQ-4M2-P")}</span></p> }
            .into_any(),
        view! {
            <div class="receipt-stamp">
                <span class="receipt-word">{w!(sent_received_title)}</span>
                <span class="receipt-number">"7KQ-4M2-P"</span>
                <span class="receipt-when">{dates::moment(dates::now())}</span>
            </div>
        }
        .into_any(),
        parts::words_of("person", "On est six familles à chauffer le chalet l’hiver.".to_owned(), None),
    ]
}

fn a_dialog() -> AnyView {
    let open = RwSignal::new(false);
    let asked = Asked {
        title: w!(trail_withdraw_ask),
        text: w!(trail_withdraw_help, office = w!(office_municipality)),
        yes: w!(trail_withdraw_confirm),
        class: "btn btn-danger",
    };
    view! { {parts::button("btn btn-quiet", w!(trail_withdraw), move || open.set(true))} {dialog(open, asked, None, || true)} }
        .into_any()
}

fn facts() -> AnyView {
    let change = view! { <a href="#part-facts">{w!(app_change)}</a> }.into_any();
    view! {
        <dl class="facts">
            {parts::fact(w!(propose_sentence_label), "Un banc face au lac".into_any(), Some(change))}
            {parts::fact(w!(propose_explain_label), w!(check_no_text).into_any(), None)}
        </dl>
    }
    .into_any()
}
