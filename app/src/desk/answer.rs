//! The answer to a contribution, or the same one to several, in the community's languages side by
//! side; begun from a template, published after a question.

use domain::ids::RecordId;
use domain::operations::{Action, Answer};
use domain::records::{AnswerTemplate, DeskItem};
use domain::scopes::Scope;
use domain::text::{Lang, Localized, Text};
use leptos::prelude::*;

use super::inbox::Desk;
use super::picking::Picking;
use super::state::acts::Bulk;
use super::state::answers::{filled, own};
use super::state::list::stands;
use super::state::texts::{self, Texts};
use super::two::{Boxes, Two, languages};
use crate::ui::dialog::{Asked, dialog};
use crate::ui::field::{Errors, summary};
use crate::ui::live::{live, memo, on};
use crate::ui::routes::Route;
use crate::ui::words::{self, Locale};
use crate::ui::{App, page, parts, typed};
use crate::{n, proposals, w};

const IDS: [&str; 2] = ["answer-first", "answer-second"];
/// The form that answers several at once.
const MANY: &str = "answer many";

fn label(english: bool) -> String {
    if english { w!(desk_answer_en_label) } else { w!(desk_answer_fr_label) }
}

/// The form for one, as long as it stands: drawn anew when its answer changes.
pub fn one(app: App, desk: Desk, item: Memo<Option<DeskItem>>) -> AnyView {
    // When moves as long as the server has not said it: what is answered counts.
    let drawn = memo(move || -> Option<(RecordId, RecordId, Option<Localized<Text>>)> {
        item.with(|item| {
            let item = item.as_ref().filter(|item| stands(item))?;
            let it = &item.contribution;
            Some((it.consultation, it.id, it.answer.as_ref().map(|answer| answer.text.clone())))
        })
    });
    let kept = RwSignal::new(None::<(&'static str, String)>);
    live(move || {
        let (consultation, record, before) = drawn.get()?;
        let verb = if before.is_some() { w!(desk_answer_replace) } else { w!(desk_answer_publish) };
        let kept_as = typed::answer_to(record);
        let form = Form { kept_as: kept_as.clone(), title: w!(desk_answer_title), verb, before, above: None };
        let publish = move |text: Localized<Text>| {
            let kept_as = kept_as.clone();
            let community = desk.community();
            app.spawn(async move {
                let act = Action::Answer(Answer { consultation, record, text });
                let (tone, text) = match app.device().act(&community, act).await {
                    Ok(_) => {
                        typed::forget(app, &kept_as).await;
                        ("good", w!(desk_answer_kept))
                    }
                    Err(error) => ("bad", proposals::say(error)),
                };
                app.say(text.clone());
                let _ = kept.try_set(Some((tone, text)));
            });
        };
        Some(draw(app, desk, form, kept, publish))
    })
}

/// The form for all that are chosen.
pub fn many(app: App, desk: Desk, picking: Picking) -> AnyView {
    let ids = picking.ids.get_untracked();
    let titles: Vec<AnyView> = ids
        .iter()
        .filter_map(|id| desk.inbox.with_untracked(|inbox| inbox.get(*id).cloned()))
        .map(|item| view! { <li dir="auto">{item.contribution.title().to_string()}</li> }.into_any())
        .collect();
    let above = view! { <ul class="bullets">{titles}</ul> }.into_any();
    let form = Form {
        kept_as: MANY.to_owned(),
        title: n!(ids.len(), desk_bulk_answer_title_a, desk_bulk_answer_title_s),
        verb: n!(ids.len(), desk_bulk_answer_publish_a, desk_bulk_answer_publish_s),
        before: None,
        above: Some(above),
    };
    let publish = move |text: Localized<Text>| {
        picking.answering.set(false);
        picking.perform(app, desk, &Bulk::Answer(text));
        app.spawn(async move { typed::forget(app, MANY).await });
    };
    page::focus_soon("to-answer");
    let stop = parts::button("btn btn-plain", w!(app_cancel), move || picking.answering.set(false));
    view! { {draw(app, desk, form, RwSignal::new(None), publish)} <p class="actions">{stop}</p> }.into_any()
}

struct Form {
    kept_as: String,
    title: String,
    verb: String,
    before: Option<Localized<Text>>,
    above: Option<AnyView>,
}

fn draw(
    app: App,
    desk: Desk,
    form: Form,
    kept: RwSignal<Option<(&'static str, String)>>,
    publish: impl Fn(Localized<Text>) + 'static,
) -> AnyView {
    let langs = desk.lists.with_untracked(|lists| languages(lists.as_ref()));
    let boxes = Boxes::texts(IDS, label);
    let two = Two::new(&langs, form.before.as_ref());
    typed::keep(app, &form.kept_as, two.named(""));
    let errors: Errors = RwSignal::new(Vec::new());
    let asking = RwSignal::new(false);
    let ready = RwSignal::new(None::<Localized<Text>>);
    let read = {
        let two = two.clone();
        move || two.read(&boxes).map_err(|wrong| errors.set(wrong)).ok()
    };
    let check = {
        let read = read.clone();
        move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            errors.set(Vec::new());
            ready.set(read());
            asking.set(ready.with_untracked(Option::is_some));
        }
    };
    let yes = move || {
        if let Some(text) = read() {
            publish(text);
        }
        true
    };
    let template = {
        let two = two.clone();
        // Its name is still to be written there.
        let make = move || {
            let values: typed::Values =
                two.named("text ").into_iter().map(|(name, text)| (name, text.get_untracked())).collect();
            app.spawn(async move {
                match typed::put(app, &super::templates::kept_as(None), values).await {
                    Ok(()) => app.go(&Route::DeskTemplates),
                    Err(error) => app.fail(words::unkept(error)),
                }
            });
        };
        parts::button("btn btn-plain", w!(desk_templates_from), make)
    };
    let help = w!(desk_answer_help, community = desk.name());
    let asked = Asked {
        title: w!(desk_answer_ask),
        text: w!(desk_answer_ask_help, community = desk.name()),
        yes: form.verb.clone(),
        class: "btn",
    };
    let shown = live(move || ready.get().map(|text| said(desk, &text)));
    view! {
        <section class="stack" aria-labelledby="to-answer">
            <h2 id="to-answer" tabindex="-1">{form.title}</h2>
            {form.above}
            <p class="soft">{help}</p>
            {summary(errors)}
            {move || kept.get().map(|(tone, text)| parts::notice(tone, String::new(), text, None))}
            <form class="stack" novalidate on:submit=on(check)>
                {templates(app, desk, &two)}
                {two.draw(boxes, errors)}
                <p class="actions"><button class="btn" type="submit">{form.verb}</button>{template}</p>
            </form>
            {dialog(asking, asked, Some(shown), yes)}
        </section>
    }
    .into_any()
}

/// What will be published, in each of its languages.
pub fn said(desk: Desk, text: &Localized<Text>) -> AnyView {
    let texts: Vec<AnyView> = text
        .iter()
        .map(|(lang, text)| {
            let (lang, text) = (lang.to_string(), text.to_string());
            view! { <p class="quote" lang=lang dir="auto">{text}</p> }.into_any()
        })
        .collect();
    view! {
        <div class="answer">
            <p class="answer-head">{w!(contribution_answer, community = desk.name())}</p>
            {texts}
        </div>
    }
    .into_any()
}

/// A template in the catalogue's words of one language.
macro_rules! template {
    ($key:ident) => {
        |english: bool| {
            let locale = if english { Locale::en } else { Locale::fr };
            words::texts::$key.within(locale).to_owned()
        }
    };
}

/// A name in the language of the screen, and the words in either.
type Ready = (String, fn(bool) -> String);

fn ready() -> Vec<Ready> {
    vec![
        (w!(desk_template_thanks_name), template!(desk_template_thanks)),
        (w!(desk_template_accepted_name), template!(desk_template_accepted)),
        (w!(desk_template_partly_name), template!(desk_template_partly)),
        (w!(desk_template_declined_name), template!(desk_template_declined)),
        (w!(desk_template_forwarded_name), template!(desk_template_forwarded)),
        (w!(desk_template_planned_name), template!(desk_template_planned)),
    ]
}

/// What an answer can begin with.
struct Template {
    /// In the list that opens.
    value: String,
    name: String,
    texts: Texts,
}

/// The office's own, then those that are ready made.
fn all(own: &[AnswerTemplate], langs: &[Lang]) -> [Vec<Template>; 2] {
    let own = own.iter().map(|it| Template {
        value: it.id.to_string(),
        name: words::say(&it.title),
        texts: texts::texts(&it.text),
    });
    let ready = ready().into_iter().enumerate().map(|(at, (name, words))| Template {
        value: at.to_string(),
        name,
        texts: langs.iter().map(|lang| (lang.clone(), words(lang.as_str() == "en"))).collect(),
    });
    [own.collect(), ready.collect()]
}

/// Begins both boxes from a template at once.
fn templates(app: App, desk: Desk, two: &Two) -> AnyView {
    let two = two.clone();
    let records = app.records(&Scope::Desk(desk.community()));
    let own = memo(move || records.with(|all| own(all)));
    let langs = two.langs.clone();
    let options = live(move || {
        let [ours, ready] = own.with(|own| all(own, &langs));
        let option = |it: Template| view! { <option value=it.value>{it.name}</option> }.into_any();
        let ready: Vec<AnyView> = ready.into_iter().map(option).collect();
        if ours.is_empty() {
            return ready.into_any();
        }
        let ours: Vec<AnyView> = ours.into_iter().map(option).collect();
        view! {
            <optgroup label=w!(desk_templates_own)>{ours}</optgroup>
            <optgroup label=w!(desk_templates_ready)>{ready}</optgroup>
        }
        .into_any()
    });
    let choose = move |event: web_sys::Event| {
        let all: Vec<Template> =
            own.with_untracked(|own| all(own, &two.langs)).into_iter().flatten().collect();
        let value = event_target_value(&event);
        let Some(chosen) = all.iter().find(|it| it.value == value) else { return };
        for (lang, text) in two.langs.iter().zip(&two.texts) {
            let said =
                |it: &Template| it.texts.iter().find(|(own, _)| own == lang).map(|(_, text)| text.clone());
            let known: Vec<String> = all.iter().filter_map(said).collect();
            // One of before another language was asked for has none in it: what stands there stays.
            if let Some(words) = said(chosen) {
                text.update(|text| *text = filled(text, &words, &known));
            }
        }
        page::focus(IDS[0]);
    };
    let edit = parts::link("", app.link(&Route::DeskTemplates), w!(desk_templates_edit));
    view! {
        <div class="field">
            <label class="field-label" for="template">{w!(desk_template_label)}</label>
            <p class="field-hint" id="template-hint">{w!(desk_template_hint)}" "{edit}</p>
            <select class="field-input" id="template" aria-describedby="template-hint" on:change=on(choose)>
                <option value="">{w!(desk_template_none)}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}
