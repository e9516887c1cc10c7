//! What every screen is handed: the device, the address, the chosen community. One word that is
//! `Copy`: every closure takes it along, and what they all carry is a good part of the module.

use std::ops::Deref;
use std::rc::Rc;
use std::sync::Arc;

use super::live::{effect, live, memo};
use domain::authority::Person;
use domain::ids::CommunityId;
use domain::records::Place;
use domain::rules::Rules;
use domain::scopes::Scope;
use futures_util::future::LocalBoxFuture;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::Router;
use leptos_router::hooks::{use_location, use_navigate};
use leptos_router::location::{BrowserUrl, LocationProvider};

use super::pieces::Draw;
use super::routes::Route;
use super::update::Newer;
use super::words::{self, Locale};
use super::{rest, shell};
use crate::communities::state as communities;
use crate::offline::{Audience, Device, Part, Shown, StoreError, sleep};

type Go = Rc<dyn Fn(&str, bool)>;

/// Draws the screen of an address.
pub type Screen = fn(App, Route) -> AnyView;

/// Fetches a part of the app; none: it could not be fetched.
pub type Coming<T> = fn() -> LocalBoxFuture<'static, Option<T>>;

/// Fetches one of the parts that only some need.
pub type Bring = fn(Part) -> LocalBoxFuture<'static, Option<Draw>>;

/// What the rest of the app brings to the screens.
#[derive(Clone, Copy)]
pub struct Behind {
    /// Draws the screen of an address that is behind the first ones.
    pub screen: Screen,
    /// How many things need the person or have not left: the number at a tab.
    pub unsettled: fn(App) -> usize,
    /// What is new to somebody in a community, on its home.
    pub news: fn(App, Place) -> AnyView,
    /// Keeps this version for offline, and watches for a newer one.
    pub keep: fn(App),
    /// What only some need.
    pub part: Bring,
}

/// What is an audience's own. Handed in by its binary, so that no module holds the screens
/// of another.
#[derive(Clone, Copy)]
pub struct Parts {
    /// Whose.
    pub audience: Audience,
    /// The rules of what it does, when that is more than participants do.
    pub rules: Option<Rules>,
    /// Which screen an address names.
    pub address: fn(&str) -> Route,
    /// The address of a screen.
    pub link: fn(&Route) -> String,
    /// The destinations.
    pub tabs: fn(App) -> Vec<AnyView>,
    /// Above the tide line.
    pub above: fn(App) -> AnyView,
    /// Under the tide line.
    pub below: fn(App) -> AnyView,
    /// The screen of the address.
    pub screen: fn(App) -> AnyView,
    /// The rest of it, once that is here.
    pub rest: Coming<Behind>,
}

/// What every screen is handed.
#[derive(Clone, Copy)]
pub struct App(&'static Whole);

impl Deref for App {
    type Target = Whole;

    fn deref(&self) -> &Whole {
        self.0
    }
}

/// What it leads to: made once, for as long as the page is open.
pub struct Whole {
    device: StoredValue<Device, LocalStorage>,
    go: StoredValue<Go, LocalStorage>,
    /// Whose app this is.
    pub audience: Audience,
    /// What that audience is shown.
    pub parts: Parts,
    /// Which screen.
    pub route: Memo<Route>,
    places: Memo<Arc<Vec<Place>>>,
    /// The community chosen on this device.
    pub chosen: RwSignal<Option<CommunityId>>,
    /// The language of the screens; a change draws everything anew.
    pub locale: RwSignal<Locale>,
    /// "auto", "light" or "dark".
    pub theme: RwSignal<String>,
    /// Said once to those who listen.
    said: RwSignal<String>,
    /// What did not work, where no form is there to say so; until it is understood.
    pub failure: RwSignal<Option<String>>,
    /// Something typed is not yet on disk.
    pub unsaved: RwSignal<bool>,
    /// Whether a newer version waits.
    pub update: RwSignal<Newer>,
    /// The rest of the app, once it is here.
    pub behind: RwSignal<Option<Behind>>,
    /// Rewound every half minute, for whatever says an age.
    pub clock: RwSignal<u32>,
}

impl App {
    /// The device.
    pub fn device(&self) -> Device {
        self.device.get_value()
    }

    /// Goes to a screen.
    pub fn go(&self, route: &Route) {
        (self.go.get_value())(&self.link(route), false);
    }

    /// Goes to a screen in place of this one.
    pub fn replace(&self, route: &Route) {
        (self.go.get_value())(&self.link(route), true);
    }

    /// The address of a screen in this app.
    pub fn link(&self, route: &Route) -> String {
        (self.parts.link)(route)
    }

    /// Who is signed in.
    pub fn me(&self) -> Signal<Option<Person>> {
        self.device().me()
    }

    /// Whether what is written here can leave: somebody is signed in, and the server still says so.
    pub fn may_send(&self) -> bool {
        let (me, network) = (self.me(), self.device().network());
        memo(move || me.with(Option::is_some) && !network.with(|network| network.sign_in_needed)).get()
    }

    /// What is held of a scope, newest first.
    pub fn records(&self, scope: &Scope) -> Signal<Shown> {
        self.device().records(scope)
    }

    /// The communities there are.
    pub fn places(&self) -> Memo<Arc<Vec<Place>>> {
        self.places
    }

    /// Says at the top of every screen that something did not work.
    pub fn fail(&self, text: String) {
        self.failure.set(Some(text));
    }

    /// Says something to those who listen. A moment later it is gone, so that the same words
    /// are heard again, and nobody comes upon old news.
    pub fn say(&self, text: String) {
        let app = *self;
        app.said.set(text.clone());
        app.spawn(async move {
            sleep(SAID_MS).await;
            if app.said.with_untracked(|said| *said == text) {
                app.said.set(String::new());
            }
        });
    }

    /// What was last said, for as long as it is news.
    pub fn said(&self) -> AnyView {
        let said = self.said;
        (move || said.get()).into_any()
    }

    /// Runs an unfinished thing in the background.
    pub fn spawn(&self, work: impl Future<Output = ()> + 'static) {
        leptos::task::spawn_local(work);
    }
}

/// What is known once the device is open.
struct Opened {
    device: Device,
    locale: Locale,
    theme: String,
    chosen: Option<CommunityId>,
}

async fn open(audience: Audience, rules: Option<Rules>) -> Result<Opened, StoreError> {
    let device = Device::open(audience, rules).await?;
    let locale = match device.preference("language").await.as_deref() {
        Some("en") => Locale::en,
        Some(_) => Locale::fr,
        None => words::of_browser().unwrap_or(Locale::fr),
    };
    let theme = device.preference("theme").await.unwrap_or_else(|| "auto".to_owned());
    let chosen = device.preference("community").await.and_then(|id| id.parse().ok());
    Ok(Opened { device, locale, theme, chosen })
}

/// Starts the app of an audience: all that a binary does. The first painting of the page
/// stays until the device is open.
pub fn start(parts: Parts) {
    words::set_locale(words::of_browser().unwrap_or(Locale::fr));
    // A page that the browser froze and brings back has lost its locks (Safari) and its stream:
    // it begins anew. What was typed in it is on disk since it was left.
    window_event_listener_untyped("pageshow", |event| {
        let frozen = js_sys::Reflect::get(&event, &"persisted".into());
        if frozen.is_ok_and(|frozen| frozen.is_truthy()) {
            let _ = window().location().reload();
        }
    });
    leptos::mount::mount_to_body(move || {
        let opened = StoredValue::new_local(None::<Result<Opened, StoreError>>);
        let ready = RwSignal::new(false);
        leptos::task::spawn_local(async move {
            let result = open(parts.audience, parts.rules).await;
            opened.set_value(Some(result));
            shell::clear();
            ready.set(true);
            request_animation_frame(|| {
                if let Some(root) = document().document_element() {
                    let _ = root.set_attribute("data-mounted", "true");
                }
            });
        });
        move || {
            if !ready.get() {
                return ().into_any();
            }
            match opened.try_update_value(Option::take).flatten() {
                Some(Ok(opened)) => {
                    let base = if parts.audience == Audience::Desk { "/desk" } else { "" };
                    view! { <Router base=base>{inside(parts, opened)}</Router> }.into_any()
                }
                Some(Err(error)) => shell::cannot_open(&error),
                None => ().into_any(),
            }
        }
    });
}

fn inside(parts: Parts, opened: Opened) -> AnyView {
    let Opened { device, locale, theme, chosen } = opened;
    let path = use_location().pathname;
    let route = memo(move || path.with(|path| (parts.address)(path)));
    let navigate = use_navigate();
    let go: Go = Rc::new(move |path: &str, replace| {
        // Addresses are whole: the base is in them already.
        navigate(path, NavigateOptions { replace, resolve: false, ..NavigateOptions::default() });
    });
    // The router changes the address bar once it is told that the screen is drawn.
    let browser = use_context::<BrowserUrl>();
    effect(move |_| {
        path.track();
        if let Some(browser) = &browser {
            browser.ready_to_complete();
        }
    });
    let territory = device.records(&Scope::Territory);
    let places = memo(move || {
        Arc::new(territory.with(|held| communities::places(held.iter().map(|held| &held.record))))
    });
    let app = App(Box::leak(Box::new(Whole {
        places,
        device: StoredValue::new_local(device),
        go: StoredValue::new_local(go),
        audience: parts.audience,
        parts,
        route,
        chosen: RwSignal::new(chosen),
        locale: RwSignal::new(locale),
        theme: RwSignal::new(theme),
        said: RwSignal::new(String::new()),
        failure: RwSignal::new(None),
        unsaved: RwSignal::new(false),
        update: RwSignal::new(Newer::None),
        behind: RwSignal::new(None),
        clock: RwSignal::new(0),
    })));
    set_interval(move || app.clock.update(|tick| *tick = tick.wrapping_add(1)), HALF_MINUTE);
    effect(move |_| super::page::dress(app.locale.get(), &app.theme.get()));
    rest::follow(app);
    live(move || {
        words::set_locale(app.locale.get());
        shell::draw(app)
    })
}

/// Long enough for a screen reader that is in the middle of a sentence.
const SAID_MS: u32 = 5_000;
const HALF_MINUTE: std::time::Duration = std::time::Duration::from_secs(30);
