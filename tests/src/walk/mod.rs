//! A walk over every screen in its states: what the contact sheets show and what axe judges
//! is one list, so that no screen is drawn without being judged.

mod desk;
mod endings;
mod moments;

pub use endings::{TITLES, endings};
pub use moments::{citizen_moments, desk_moments, newer_worker};

use std::borrow::Cow;

use crate::browser::{Page, Viewport};
use crate::process::{Role, Server};
use crate::proxy::Proxy;
use crate::pseudo;

/// An invented proposal of the demo.
const AMBULANCE: &str = "Et l’ambulance?";

/// Another one, with a photo.
const PICTURED: &str = "Garder le sentier de motoneige à côté du chemin";

/// The language of a walk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Tongue {
    French,
    English,
    /// French with a look-alike for each letter of the catalogue; dates and data stay as they are.
    Pseudo,
}

impl Tongue {
    /// For the browser.
    pub fn tag(self) -> &'static str {
        match self {
            Self::French | Self::Pseudo => "fr-CA",
            Self::English => "en-CA",
        }
    }

    /// A word of the catalogue, or a part of one.
    fn say(self, french: &'static str, english: &'static str) -> Cow<'static, str> {
        match self {
            Self::Pseudo => pseudo::letters(french).into(),
            Self::French | Self::English => self.data(french, english).into(),
        }
    }

    /// A word of a record in several languages.
    fn data(self, french: &'static str, english: &'static str) -> &'static str {
        if self == Self::English { english } else { french }
    }
}

async fn go(page: &Page, url: &str) {
    page.goto(url).await;
    page.mounted().await;
}

/// Goes on to that step of the form that opens a consultation.
async fn step(page: &Page, number: usize) {
    page.click("main form button[type=submit]").await;
    let at = format!("document.querySelector('#step').innerText.match(/\\d/)[0] === '{number}'");
    page.wait_for(&at, &format!("step {number}")).await;
}

/// The id of a community's consultation whose French title begins so.
async fn consultation(page: &Page, community: &str, title: &str) -> String {
    let js = format!(
        "fetch('/api/v1/pull?scope=public/{community}').then(r => r.json()).then(page => \
         page.rows.find(row => row.record?.title?.fr?.startsWith({title:?})).name)"
    );
    page.eval(&js).await.expect("the demo's consultation")
}

/// The address of a consultation's poll, survey or text.
async fn inside(page: &Page, community: &str, consultation: &str, kind: &str) -> String {
    let js = format!(
        "fetch('/api/v1/pull?scope=public/{community}/{consultation}').then(r => r.json()).then(page => \
         page.rows.find(row => row.record?.kind === {kind:?}).name)"
    );
    let id: String = page.eval(&js).await.expect("the demo's poll, survey or text");
    let folder = match kind {
        "questionnaire" => "survey",
        "published_text" => "text",
        kind => kind,
    };
    format!("/c/{community}/{consultation}/{folder}/{id}")
}

/// Walks the citizen's screens; `look` is called in each state with its name.
pub async fn citizen(
    page: &Page,
    server: &mut Server,
    proxy: &Proxy,
    tongue: Tongue,
    mut look: impl AsyncFnMut(&Page, &str),
) {
    page.set_viewport(Viewport::PHONE).await;
    go(page, &proxy.at("/")).await;
    page.sees("Laforce").await;
    look(page, "choose").await;
    page.fill("#community", "zzz").await;
    page.sees("zzz").await;
    look(page, "choose-nothing-found").await;
    go(page, &proxy.at("/trail")).await;
    look(page, "trail-empty").await;
    go(page, &proxy.at("/me")).await;
    page.wait_for("document.querySelector('#follows + p') !== null", "nothing is followed").await;
    look(page, "me-signed-out").await;
    go(page, &proxy.at("/sign-in")).await;
    look(page, "sign-in").await;
    page.fill("#code", "0000-0000-0000").await;
    page.click("main form .btn").await;
    page.wait_for("document.querySelector('.errors') !== null", "the error summary").await;
    look(page, "sign-in-refused").await;

    go(page, &proxy.at("/c/laforce")).await;
    page.sees(&tongue.say("On décide en ce moment", "Being decided now")).await;
    look(page, "home").await;
    let road = consultation(page, "laforce", "Ouvrir le chemin").await;
    let list = consultation(page, "ville-marie", "Démonstration").await;
    go(page, &proxy.at(&format!("/c/laforce/{road}"))).await;
    page.wait_for("document.querySelector('#q') !== null", "the list").await;
    look(page, "consultation").await;
    go(page, &proxy.at(&format!("/c/ville-marie/{list}"))).await;
    page.wait_for("document.querySelectorAll('main li, main article').length > 5", "a long list").await;
    look(page, "consultation-long").await;

    let quay = consultation(page, "ville-marie", "Au quai, un banc").await;
    go(page, &proxy.at(&format!("/c/ville-marie/{quay}"))).await;
    page.wait_for("document.querySelector('.card-foot a') !== null", "its proposals").await;
    page.click_text("button", &tongue.say("Suivre cette consultation", "Follow this consultation")).await;
    look(page, "consultation-supported").await;
    let map = tongue.say("Voir les propositions sur la carte", "See the proposals on the map");
    page.click_text("button", &map).await;
    page.wait_for("document.querySelectorAll('.map-mark').length === 2", "its proposals on the map").await;
    look(page, "consultation-map").await;
    page.click_text("a", "Un banc avec un dossier").await;
    page.wait_for("document.querySelector('#comment') !== null", "what is said of it").await;
    page.click_text("button", &tongue.say("Suivre ce sujet", "Follow this subject")).await;
    page.click_text("button", &tongue.say("Suivre ce lieu", "Follow this place")).await;
    let followed = "document.querySelectorAll('.row-beside [aria-pressed=true]').length === 2";
    page.wait_for(followed, "both are followed").await;
    look(page, "contribution").await;
    page.click_text("button", &tongue.say("Voir sur la carte", "See it on the map")).await;
    page.wait_for("document.querySelector('.map-pin') !== null", "its place on the map").await;
    look(page, "contribution-map").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('.errors') !== null", "the error summary").await;
    look(page, "contribution-errors").await;
    go(page, &proxy.at("/c/ville-marie/subject/culture-recreation")).await;
    page.wait_for("document.querySelector('main .list-row') !== null", "what is said of a subject").await;
    look(page, "subject").await;

    let light = consultation(page, "laforce", "Une lumière").await;
    go(page, &proxy.at(&format!("/c/laforce/{light}"))).await;
    page.wait_for("document.querySelector('#q') !== null", "the closed one's list").await;
    look(page, "consultation-closed").await;
    go(page, &proxy.at(&format!("/c/laforce/{light}/propose"))).await;
    page.wait_for("document.querySelector('.notice button') !== null", "where it can go instead").await;
    look(page, "propose-closed").await;
    go(page, &proxy.at("/choose")).await;
    page.sees("Laforce").await;
    look(page, "choose-another").await;
    go(page, &proxy.at("/propose")).await;
    page.wait_for("document.querySelector('main h1') !== null", "to which one?").await;
    look(page, "propose-where").await;

    let form = proxy.at(&format!("/c/laforce/{road}/propose"));
    go(page, &form).await;
    page.wait_for("document.querySelector('#title') !== null", "the form").await;
    look(page, "propose").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('.errors') !== null", "the error summary").await;
    look(page, "propose-errors").await;
    page.fill("#title", "Un banc au bout du quai, à l’abri du vent du nord").await;
    page.fill("#text", "Pour attendre le bateau.\n\nLe bois, on l’a.").await;
    page.click_text("button", &tongue.say("Montrer sur la carte", "Show it on the map")).await;
    page.wait_for("document.querySelector('#map-from') !== null", "the map").await;
    page.fill("#map-from", "Ville-Marie").await;
    page.wait_for("document.querySelector('.map-pin') !== null", "the place").await;
    look(page, "propose-map").await;
    page.click_text("label", tongue.data("Autre sujet", "Another subject")).await;
    page.click("main form button[type=submit]").await;
    page.wait_for("location.pathname.endsWith('/check')", "the check").await;
    look(page, "check").await;
    page.click("main .btn").await;
    page.wait_for("location.pathname.startsWith('/trail/')", "the item's own page").await;
    look(page, "kept-before-signing-in").await;

    let person = server.person(&Role::Participant, "laforce").clone();
    go(page, &proxy.at("/sign-in")).await;
    page.fill("#code", &person.code).await;
    page.click("main form .btn").await;
    page.wait_for("location.pathname === '/trail'", "the trail").await;
    page.sees("quai").await;
    look(page, "trail-claim").await;
    go(page, &proxy.at("/me")).await;
    page.sees("Laforce").await;
    page.wait_for("document.querySelectorAll('#follows ~ ul > li').length === 3", "what is followed").await;
    look(page, "me").await;
    let rinks = consultation(page, "lorrainville", "Une patinoire").await;
    go(page, &proxy.at(&inside(page, "lorrainville", &rinks, "poll").await)).await;
    page.wait_for("document.querySelector('.table') !== null", "the totals").await;
    look(page, "poll-result").await;
    go(page, &proxy.at(&inside(page, "lorrainville", &rinks, "questionnaire").await)).await;
    page.wait_for("document.querySelectorAll('.table').length > 4", "what was answered").await;
    look(page, "survey-result").await;
    let rides = consultation(page, "lorrainville", "Aller à ses rendez-vous").await;
    go(page, &proxy.at(&inside(page, "lorrainville", &rides, "poll").await)).await;
    page.wait_for("document.querySelectorAll('.table').length === 3", "together and each").await;
    look(page, "poll-shared-result").await;
    go(page, &proxy.at(&inside(page, "lorrainville", &rides, "questionnaire").await)).await;
    page.wait_for("document.querySelectorAll('.table').length === 2", "what was answered in each").await;
    look(page, "survey-shared-result").await;
    let library = consultation(page, "moffet", "Les heures de la bibliothèque").await;
    go(page, &proxy.at(&inside(page, "moffet", &library, "poll").await)).await;
    page.wait_for("document.querySelector('#result') !== null", "that there are too few").await;
    look(page, "poll-too-few").await;
    go(page, &proxy.at(&inside(page, "laforce", &road, "poll").await)).await;
    page.wait_for("document.querySelector('#ballot') !== null", "the ballot").await;
    look(page, "poll").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('.errors') !== null", "the error summary").await;
    look(page, "poll-errors").await;
    go(page, &proxy.at(&inside(page, "laforce", &road, "questionnaire").await)).await;
    page.wait_for("document.querySelector('#q1') !== null", "the first page").await;
    look(page, "survey").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('.errors') !== null", "the error summary").await;
    look(page, "survey-errors").await;
    page.click_text("label", tongue.data("Parfois", "Sometimes")).await;
    page.wait_for("document.querySelector('#q3') !== null", "what follows from it").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('#q5') !== null", "the second page").await;
    look(page, "survey-second").await;
    amending(page, proxy, &mut look).await;
    across(page, proxy, tongue, &mut look).await;
    go(page, &proxy.at("/nowhere")).await;
    look(page, "not-found").await;

    page.wait_for("navigator.serviceWorker.controller !== null", "the service worker is in charge").await;
    server.kill9();
    proxy.cut().await;
    go(page, &proxy.at("/c/laforce")).await;
    page.wait_for("document.querySelector('.tide[data-state=off]') !== null", "offline is said").await;
    look(page, "home-offline").await;
    go(page, &proxy.at("/trail")).await;
    look(page, "trail-offline").await;
    go(page, &proxy.at("/c/moffet")).await;
    look(page, "not-here-offline").await;
    server.restart();
}

/// A text, and another wording for its first paragraph.
async fn amending(page: &Page, proxy: &Proxy, look: &mut impl AsyncFnMut(&Page, &str)) {
    let compost = consultation(page, "temiscaming", "Réduire nos déchets").await;
    go(page, &proxy.at(&inside(page, "temiscaming", &compost, "published_text").await)).await;
    page.wait_for("document.querySelectorAll('main details').length === 2", "what is proposed").await;
    page.exec("document.querySelectorAll('main details').forEach(it => it.open = true)").await.expect("open");
    look(page, "text").await;
    page.click("main ol.stack > li:first-child a.btn").await;
    page.wait_for("document.querySelector('#wording')?.value.length > 10", "its words to change").await;
    look(page, "amend").await;
    page.click("main form button[type=submit]").await;
    page.wait_for("document.querySelector('.errors') !== null", "nothing is changed").await;
    look(page, "amend-errors").await;
    page.fill("#wording", "Un banc").await;
    page.wait_for("document.querySelector('main ins') !== null", "what changes").await;
    look(page, "amend-filled").await;
}

/// What several communities hold together, and what one passed on to another.
async fn across(page: &Page, proxy: &Proxy, tongue: Tongue, look: &mut impl AsyncFnMut(&Page, &str)) {
    let rides = consultation(page, "lorrainville", "Aller à ses rendez-vous").await;
    go(page, &proxy.at(&format!("/c/lorrainville/{rides}"))).await;
    page.sees(&tongue.say("Ce qu’on en dit à", "What people say in")).await;
    page.wait_for("document.querySelector('main article .card-foot') !== null", "its proposals").await;
    look(page, "consultation-shared").await;
    let compost = consultation(page, "temiscaming", "Réduire nos déchets").await;
    go(page, &proxy.at(&format!("/c/temiscaming/{compost}"))).await;
    page.click_text("a", "What about apartments?").await;
    page.wait_for("document.querySelector('main a[href*=\"/mrc-\"]') !== null", "where it went").await;
    look(page, "contribution-forwarded").await;
    page.click("main a[href*=\"/mrc-\"]").await;
    page.wait_for("location.pathname.startsWith('/c/mrc-')", "it is there").await;
    page.sees("What about apartments?").await;
    look(page, "contribution-forwarded-here").await;
    go(page, &proxy.at("/c/mrc-temiscamingue")).await;
    page.sees(tongue.data("Transmis par d’autres communautés", "Passed on by other communities")).await;
    look(page, "home-letterbox").await;
}

/// Walks the desk's screens.
pub async fn desk(
    page: &Page,
    server: &Server,
    proxy: &Proxy,
    tongue: Tongue,
    mut look: impl AsyncFnMut(&Page, &str),
) {
    page.set_viewport(Viewport::TABLET).await;
    go(page, &proxy.at("/desk/sign-in")).await;
    look(page, "desk-sign-in").await;
    page.fill("#code", &server.person(&Role::Clerk, "laforce").code).await;
    page.click("main form .btn").await;
    page.wait_for("document.querySelectorAll('.list-row').length > 3", "the inbox").await;
    // The button for more rows is pressed by itself before it comes into view: until then it may stand at the edge.
    let below = "[...document.querySelectorAll('main .btn-wide')].every(it => it.getBoundingClientRect().top > innerHeight)";
    page.wait_for(below, "rows fill the screen").await;
    look(page, "desk-inbox").await;
    page.click_text("a", AMBULANCE).await;
    page.wait_for("document.querySelector('#answer-first') !== null", "the item").await;
    // With its community's name the pane is drawn for good.
    page.sees("Laforce").await;
    look(page, "desk-item").await;
    page.click_text("button", &tongue.say("Cacher", "Hide")).await;
    page.wait_for("document.querySelector('dialog[open]') !== null", "the dialog").await;
    look(page, "desk-hide").await;
    desk::acts(page, proxy, tongue, &mut look).await;
    desk::list(page, proxy, tongue, &mut look).await;
    desk::consultations(page, proxy, tongue, &mut look).await;
    desk::entered(page, proxy, tongue, &mut look).await;
    go(page, &proxy.at("/desk/outbox")).await;
    look(page, "desk-outbox").await;
    go(page, &proxy.at("/desk/me")).await;
    page.sees(&tongue.say("Copies de sûreté", "Backups of the server")).await;
    look(page, "desk-me").await;
    // The citizens' app leads to the desk's, which shows the parts to everyone.
    go(page, &proxy.at("/styleguide")).await;
    page.wait_for("location.pathname === '/desk/styleguide'", "the desk's address").await;
    page.wait_for("document.querySelector('h1') !== null", "the parts").await;
    look(page, "styleguide").await;
    desk::amended(page, server, proxy, tongue, &mut look).await;
}
