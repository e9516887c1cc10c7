//! What has not left the desk's device yet, and why.

use crate::ui::live::shared;
use domain::ids::{CommunityId, OpId};
use domain::operations::{Act, Action, AppealFor, Ask, Enter, Kind, Kinds, Mark, Note, Progress};
use domain::outbox::Item;
use domain::receipts::Refusal;
use domain::records::Record;
use domain::scopes::Scope;
use domain::text::{Localized, Text};
use leptos::prelude::*;

use super::state::commitments::name as name_of;
use super::state::{drafting, responses};
use super::{
    amending, commitment, committing, conclude, documents, entries, reading, taking_back, templates,
};
use crate::trail::state::{Section, Standing, Thing};
use crate::trail::{delete, leaving, refusal, steps, unsendable};
use crate::ui::routes::Route;
use crate::ui::{App, dates, page, parts, typed, words};
use crate::w;

/// The page.
pub fn outbox(app: App) -> AnyView {
    page::title(|| w!(desk_outbox));
    let items = app.device().outbox();
    let list = shared(move || {
        let signed_in = app.may_send();
        let things = items.with(|items| {
            // That something was read is no news.
            let told = items.iter().rev().filter(|item| !reading::is_reading(item));
            let things = told.map(|item: &Item| {
                (
                    Thing::of_item(item, Kinds::ALL, signed_in),
                    item.operation().ok().map(|operation| operation.action),
                )
            });
            things.filter(|(thing, _)| thing.section() != Section::Arrived).collect::<Vec<_>>()
        });
        if things.is_empty() {
            return parts::empty(String::new(), w!(desk_outbox_empty), None);
        }
        let cards: Vec<AnyView> =
            things.into_iter().map(|(thing, action)| card(app, &thing, action)).collect();
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
        Kind::Comment => w!(comment_on),
        Kind::Amend => w!(amend_tag),
        Kind::PublishText => w!(desk_kind_text),
        Kind::Support => w!(support_give),
        Kind::Withdraw => w!(trail_withdrawal),
        Kind::Answer => w!(desk_kind_answer),
        Kind::OpenConsultation => w!(desk_kind_open),
        Kind::CloseConsultation => w!(desk_kind_close),
        Kind::Hide => w!(desk_kind_hide),
        Kind::Cast => w!(kind_cast),
        Kind::Respond => w!(kind_respond),
        Kind::AttachDocument => w!(desk_kind_attach),
        Kind::DetachDocument => w!(desk_kind_detach),
        Kind::OpenPoll | Kind::Count => w!(desk_kind_poll),
        Kind::OpenSurvey | Kind::PublishResults => w!(desk_kind_survey),
        Kind::Reply => w!(kind_reply),
        Kind::Flag => w!(kind_flag),
        Kind::Appeal => w!(kind_appeal),
        Kind::Approve => w!(desk_kind_approve),
        Kind::Keep => w!(desk_kind_keep),
        Kind::SettleRules => w!(desk_rules_title),
        Kind::KeepTemplate => w!(desk_kind_template),
        Kind::DropTemplate => w!(desk_kind_drop_template),
        Kind::DecideAppeal => w!(desk_kind_decide),
        Kind::Mark => w!(desk_kind_mark),
        Kind::Ask => w!(desk_kind_ask),
        Kind::File => w!(desk_kind_file),
        Kind::Note => w!(desk_kind_note),
        Kind::Blot => w!(desk_kind_blot),
        Kind::Merge => w!(desk_kind_merge),
        Kind::Unmerge => w!(desk_kind_unmerge),
        Kind::Share | Kind::Join => w!(desk_kind_join),
        Kind::Decline => w!(desk_kind_decline),
        Kind::Forward | Kind::Deliver | Kind::ConfirmDelivery => w!(desk_kind_forward),
        Kind::Conclude => w!(desk_kind_conclude),
        Kind::Commit => w!(desk_kind_commit),
        Kind::ReportProgress => w!(desk_kind_report),
        Kind::Enter => w!(desk_kind_enter),
        Kind::TakeBack => w!(desk_kind_take_back),
        Kind::AppealFor => w!(kind_appeal),
    }
}

/// What it is about, with the way there, when that is held here.
fn about(app: App, community: &CommunityId, action: &Action) -> Option<AnyView> {
    let id = action.about()?;
    let scope = match action {
        Action::CloseConsultation(_) | Action::Conclude(_) => Scope::Community(community.clone()),
        _ => Scope::Desk(community.clone()),
    };
    app.records(&scope).with(|all| {
        all.iter().find_map(|held| match &held.record {
            Record::DeskItem(it) if it.contribution.id == id => {
                let to = app.link(&Route::Inbox(Some(id)));
                let title = it.contribution.title().to_string();
                Some(view! { <p><a href=to dir="auto">{title}</a></p> }.into_any())
            }
            Record::Commitment(it) if it.id == id => {
                let to = app.link(&Route::DeskCommitment(it.consultation, id));
                Some(view! { <p><a href=to>{parts::said(&it.text.in_one_line())}</a></p> }.into_any())
            }
            Record::Consultation(it) if it.id == id => {
                Some(view! { <p dir="auto">{words::say(&it.title)}</p> }.into_any())
            }
            _ => None,
        })
    })
}

/// What it says, in each language.
fn words_of(action: &Action) -> Vec<(String, String)> {
    fn all<T: ToString>(text: &Localized<T>) -> Vec<(String, String)> {
        text.iter().map(|(lang, text)| (lang.to_string(), text.to_string())).collect()
    }
    match action {
        Action::Answer(answer) => all(&answer.text),
        Action::OpenConsultation(open) => [all(&open.title), all(&open.summary)].concat(),
        Action::Conclude(conclude) => all(&conclude.text),
        Action::Commit(commit) => [all(&commit.text), all(&commit.owner)].concat(),
        Action::ReportProgress(report) => all(&report.text),
        Action::DecideAppeal(it) => all(&it.text),
        Action::AttachDocument(attach) => all(&attach.title),
        Action::KeepTemplate(it) => [all(&it.title), all(&it.text)].concat(),
        Action::PublishText(text) => all(&text.title),
        Action::Mark(Mark { progress: Progress::Declined(reason), .. }) => all(reason),
        Action::Ask(Ask { text, .. })
        | Action::Note(Note { text, .. })
        | Action::AppealFor(AppealFor { text, .. }) => {
            vec![(String::new(), text.to_string())]
        }
        Action::Enter(Enter { act: Act::Respond(it), .. }) => {
            let words = responses::words(&it.answers.read().unwrap_or_default());
            let words = if words.is_empty() { vec![w!(kind_respond)] } else { words };
            words.into_iter().map(|text| (String::new(), text)).collect()
        }
        Action::Enter(Enter { act: Act::Amend(it), .. }) => {
            amending::said(it).into_iter().map(|text| (it.lang.to_string(), text)).collect()
        }
        Action::Enter(enter) => {
            entries::values(&enter.act).1.into_iter().map(|(_, text)| (String::new(), text)).collect()
        }
        _ => Vec::new(),
    }
}

/// Brings the words of a refused act back into their form, and only then lets the act go. Its
/// dates are chosen anew.
fn reuse(app: App, op: OpId, action: Action) -> AnyView {
    parts::button("btn", w!(trail_reuse), move || {
        let (form, values, route) = match &action {
            Action::Answer(answer) => {
                let record = answer.record;
                (typed::answer_to(record), named("", &answer.text), Route::Inbox(Some(record)))
            }
            Action::OpenConsultation(open) => {
                let mut values = named("title ", &open.title);
                values.extend(named("summary ", &open.summary));
                (typed::OPENING.to_owned(), values, Route::DeskOpen)
            }
            Action::Conclude(it) => {
                let values = named("", &it.text);
                (conclude::kept_as(it.consultation), values, Route::DeskConclude(it.consultation))
            }
            Action::Commit(it) => {
                let mut values = named("", &it.text);
                values.extend(named("owner ", &it.owner));
                let follows: Vec<String> = it.follows.iter().map(ToString::to_string).collect();
                values.push(("follows".to_owned(), follows.join(" ")));
                (committing::kept_as(it.consultation), values, Route::DeskCommitments(it.consultation))
            }
            Action::ReportProgress(it) => {
                let mut values = named("", &it.text);
                values.push(("state".to_owned(), name_of(it.state).to_owned()));
                (commitment::kept_as(it.record), values, Route::DeskCommitment(it.consultation, it.record))
            }
            Action::KeepTemplate(it) => {
                let mut values = named("name ", &it.title);
                values.extend(named("text ", &it.text));
                (templates::kept_as(it.template), values, Route::DeskTemplates)
            }
            // The file is chosen anew.
            Action::AttachDocument(it) => {
                let values = named("title ", &it.title);
                (documents::kept_as(it.consultation), values, Route::DeskDocuments(it.consultation))
            }
            // Beside the version that is published by now.
            Action::PublishText(it) => {
                let mut values = named("title ", &it.title);
                let bodies = drafting::pasted(it.paragraphs.iter().map(|one| &one.words));
                values
                    .extend(bodies.into_iter().map(|(lang, text)| (["body ", lang.as_str()].concat(), text)));
                let text = it.replaces.map(|it| it.text);
                let route = match text {
                    Some(text) => Route::DeskText(it.consultation, text),
                    None => Route::DeskTexts(it.consultation),
                };
                (typed::text_in(it.consultation, text), values, route)
            }
            Action::Mark(Mark { record, progress: Progress::Declined(reason), .. }) => {
                let mut values = named("reason ", reason);
                values.push(("step".to_owned(), "declined".to_owned()));
                (format!("mark {record}"), values, Route::Inbox(Some(*record)))
            }
            // The code is asked for anew.
            Action::AppealFor(it) => {
                let values = [("what", taking_back::APPEAL.to_owned()), ("why", it.text.to_string())];
                let values = values.map(|(name, text)| (name.to_owned(), text)).to_vec();
                (taking_back::KEPT_AS.to_owned(), values, Route::DeskTakeBack)
            }
            Action::Ask(Ask { record, text, .. }) => {
                (format!("ask {record}"), plain(text), Route::Inbox(Some(*record)))
            }
            Action::Note(Note { record, text, .. }) => {
                (format!("note {record}"), plain(text), Route::Inbox(Some(*record)))
            }
            Action::Enter(enter) => {
                let Some(id) = action.consultation() else { return };
                let (form, values) = entries::values(&enter.act);
                (entries::kept_as(id, &form), values, Route::DeskEnter(id))
            }
            _ => return,
        };
        let chosen = match &action {
            Action::Enter(enter) => action.consultation().map(|id| (id, enter.act.clone())),
            _ => None,
        };
        app.spawn(async move {
            let kept = async {
                typed::put(app, &form, values).await?;
                match chosen {
                    Some((id, act)) => entries::choose(app, id, &act).await,
                    None => Ok(()),
                }
            };
            match kept.await {
                Ok(()) => {
                    app.go(&route);
                    let _ = app.device().discard(op).await;
                }
                Err(error) => app.fail(words::unkept(error)),
            }
        });
    })
}

/// Texts by the names of their fields.
fn named<T: ToString>(what: &str, text: &Localized<T>) -> typed::Values {
    text.iter().map(|(lang, text)| ([what, lang.as_str()].concat(), text.to_string())).collect()
}

fn plain(text: &Text) -> typed::Values {
    vec![("text".to_owned(), text.to_string())]
}

fn discard(app: App, op: OpId) {
    app.spawn(async move {
        if let Err(error) = app.device().discard(op).await {
            app.fail(words::unkept(error));
        }
    });
}

fn card(app: App, thing: &Thing, action: Option<Action>) -> AnyView {
    let op = thing.op;
    let reason = match &thing.standing {
        Standing::Refused(why) => refusal(why, thing.community.as_str()),
        Standing::CannotLeave(why) => unsendable(why),
        Standing::NeedsSignIn | Standing::Unclaimed => w!(sent_kept_sign_in),
        Standing::WaitsForRecord => w!(trail_state_waiting_record),
        Standing::WaitsForFiles => w!(desk_document_leaving),
        _ => w!(trail_state_sealed),
    };
    let subject = action.as_ref().and_then(|action| about(app, &thing.community, action));
    let said = action.as_ref().map(words_of).unwrap_or_default();
    // What was taken back or hidden meanwhile has no answer any more.
    let too_late =
        matches!(thing.standing, Standing::Refused(Refusal::AlreadyWithdrawn | Refusal::AlreadyHidden));
    let act = match (thing.section(), action) {
        (Section::Attention, Some(action)) if !said.is_empty() => {
            let again = (!too_late).then(|| reuse(app, op, action));
            view! { {again} {delete(app, op, w!(app_delete), Route::DeskOutbox)} }.into_any()
        }
        // It holds no words.
        (Section::Attention, _) => {
            parts::button("btn btn-plain", w!(app_understood), move || discard(app, op))
        }
        _ => parts::button("btn btn-quiet", w!(trail_send_now), move || app.device().send_now()),
    };
    let said: Vec<AnyView> = said
        .into_iter()
        .map(|(lang, text)| {
            let lang = (!lang.is_empty()).then_some(lang);
            view! { <p class="quote" data-from="council" lang=lang dir="auto">{text}</p> }.into_any()
        })
        .collect();
    let when = thing.written_at.map(dates::moment);
    view! {
        <article class="card">
            <p class="meta"><span>{when}</span></p>
            <h2 class="card-title">{name(thing.kind)}</h2>
            {subject}
            <p>{reason}</p>
            {said}
            {leaving(app, op, w!(desk_document_leaving))}
            {steps(&thing.standing)}
            <div class="actions">{act}</div>
        </article>
    }
    .into_any()
}
