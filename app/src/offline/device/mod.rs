//! The facade that screens read and act through. Every read is a signal fed from the device
//! only; every act is stored before it is said to be done. Work on the network is done by
//! the tab that holds the lock of its audience; the others tell it what they want.

mod acts;
mod documents;
mod files;
mod identity;
mod leader;
mod rest;
mod sending;
mod shown;
mod streaming;

pub use rest::Rest;

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use domain::authority::Person;
use domain::ids::{Hash, OpId};
use domain::order::Sorted;
use domain::outbox::Item;
use domain::receipts::Refusal;
use domain::rules::Rules;
use domain::scopes::Scope;
use domain::time::Millis;
use leptos::prelude::{ArcRwSignal, GetUntracked, Set, Signal};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;
use web_sys::AbortController;

use super::browser::database::Database;
use super::browser::line::Line;
use super::browser::live::Live;
use super::browser::locks::Lock;
use super::browser::tabs::Tabs;
use super::browser::wake::Wake;
use super::browser::{Browser, is_visible};
use super::overlay::Foreseen;
use super::pull::Puller;
use super::sender::Sender;
use super::store::{DeviceStore, StoreError, Table, Value, Write, text};
use super::surroundings::Surroundings;
use super::view::Uploading;
use super::{Copies, Draft, HeldScope, Network, ScopeUse, Shown, sleep, time};

/// A moment in which a screen is drawn.
const DRAWN: u32 = 50;

const SKEW: &str = "skew";
const PREFERENCE: &str = "preference ";

/// Whose app this is: each has its own database, sender and event stream.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Audience {
    /// Everyone.
    Citizen,
    /// The municipal office.
    Desk,
}

impl Audience {
    fn name(self) -> &'static str {
        match self {
            Self::Citizen => "rabaska-citizen",
            Self::Desk => "rabaska-desk",
        }
    }
}

/// The device, as screens see it. Cheap to clone.
#[derive(Clone)]
pub struct Device(SendWrapper<Rc<Inner>>);

type OwnSender = Sender<Database, Line>;
type Records = ArcRwSignal<Shown>;

struct Inner {
    audience: Audience,
    rules: Option<Rules>,
    store: Rc<Database>,
    line: Rc<Line>,
    browser: Rc<Browser>,
    /// Once the rest of the app is here, in the tab that works.
    sender: RefCell<Option<Rc<OwnSender>>>,
    puller: Puller<Database, Line>,
    tabs: RefCell<Option<Tabs>>,
    /// Tells this tab's wishes from those of others.
    tab: String,

    me: ArcRwSignal<Option<Person>>,
    network: ArcRwSignal<Network>,
    outbox: ArcRwSignal<Arc<Vec<Item>>>,
    drafts: ArcRwSignal<Arc<Vec<Draft>>>,
    usage: ArcRwSignal<Arc<Vec<ScopeUse>>>,
    documents: ArcRwSignal<Arc<Copies>>,
    /// What stops each document that is on its way.
    fetching: RefCell<Sorted<Hash, AbortController>>,
    records: RefCell<Sorted<Scope, Records>>,
    held: RefCell<Sorted<Scope, ArcRwSignal<Option<HeldScope>>>>,
    foreseen: RefCell<Foreseen>,
    addresses: RefCell<Sorted<Hash, String>>,

    skew: Cell<i64>,
    /// What this tab's screen needs, and what the other tabs' do, with when they said so.
    wanted: RefCell<Vec<Scope>>,
    others: RefCell<Sorted<String, (Millis, Vec<Scope>)>>,
    /// Whether it is about to say what it needs.
    wishing: Cell<bool>,
    /// When each followed scope is to be pulled next, and the head announced for it.
    due: RefCell<Sorted<Scope, Millis>>,
    heads: RefCell<Sorted<Scope, u64>>,
    live: RefCell<Option<Live>>,
    /// Whether the stream is open, how often it broke, and when to try again.
    streaming: Cell<bool>,
    broken: Cell<u32>,
    stream_at: Cell<Millis>,
    send: Wake,
    pull: Wake,

    rest: Cell<Option<rest::Offers>>,
    arrival: ArcRwSignal<Rest>,
    arrived: Wake,
}

/// Keeps a draft to this tab until dropped.
pub struct DraftHold(SendWrapper<Option<Lock>>);

impl DraftHold {
    /// Lets another tab have it now.
    pub fn release(self) {
        drop(self.0.take());
    }
}

impl Device {
    /// Opens the device: everything held is there at once, network or not. Without `rules` it
    /// foresees what participants do.
    pub async fn open(audience: Audience, rules: Option<Rules>) -> Result<Device, StoreError> {
        let store = Rc::new(Database::open(audience.name().to_owned()).await?);
        let (line, browser) = (Rc::new(Line::default()), Rc::new(Browser));
        let puller = Puller::new(store.clone(), line.clone(), browser.clone());
        let skew = text(&*store, Table::Meta, SKEW).await?.and_then(|text| text.parse().ok());
        let tab = ["tab", &browser.dice().to_string()].concat();
        let device = Device(SendWrapper::new(Rc::new(Inner {
            audience,
            rules,
            store,
            line,
            browser,
            sender: RefCell::default(),
            puller,
            tabs: RefCell::default(),
            tab,
            me: ArcRwSignal::new(None),
            network: ArcRwSignal::new(Network { online: true, ..Network::default() }),
            outbox: ArcRwSignal::default(),
            drafts: ArcRwSignal::default(),
            usage: ArcRwSignal::default(),
            documents: ArcRwSignal::default(),
            fetching: RefCell::default(),
            records: RefCell::default(),
            held: RefCell::default(),
            foreseen: RefCell::default(),
            addresses: RefCell::default(),
            skew: Cell::new(skew.unwrap_or(0)),
            wanted: RefCell::default(),
            others: RefCell::default(),
            wishing: Cell::default(),
            due: RefCell::default(),
            heads: RefCell::default(),
            live: RefCell::default(),
            streaming: Cell::new(false),
            broken: Cell::new(0),
            stream_at: Cell::default(),
            send: Wake::default(),
            pull: Wake::default(),
            rest: Cell::default(),
            arrival: ArcRwSignal::default(),
            arrived: Wake::default(),
        })));
        device.reload_identity().await?;
        device.bring_rest_if_written().await?;
        device.join_tabs();
        device.watch_page();
        let leader = device.clone();
        spawn_local(async move { leader.lead().await });
        Ok(device)
    }

    /// Whose app this is.
    pub fn audience(&self) -> Audience {
        self.0.audience
    }

    /// Who is signed in, known offline.
    pub fn me(&self) -> Signal<Option<Person>> {
        self.0.me.clone().into()
    }

    /// The line to the server.
    pub fn network(&self) -> Signal<Network> {
        self.0.network.clone().into()
    }

    /// The file that is on its way to the server.
    pub fn uploading(&self) -> Signal<Option<Uploading>> {
        self.0.line.uploading.clone().into()
    }

    /// The server's time, as last heard. Only the server's own clock decides.
    pub fn server_now(&self) -> Millis {
        time::now().plus(self.0.skew.get())
    }

    /// A scope's records, the newest first, with the effects of what was not yet sent.
    pub fn records(&self, scope: &Scope) -> Signal<Shown> {
        let known = self.0.records.borrow().get(scope).cloned();
        if let Some(known) = known {
            return known.into();
        }
        let signal = Records::default();
        self.0.records.borrow_mut().insert(scope.clone(), signal.clone());
        self.fill(scope);
        let (device, scope) = (self.clone(), scope.clone());
        spawn_local(async move {
            // Not in the way of the drawing.
            sleep(1_000).await;
            device.looked_at(&scope).await;
        });
        signal.into()
    }

    /// How much of a scope is held; none: it was never pulled.
    pub fn held(&self, scope: &Scope) -> Signal<Option<HeldScope>> {
        let known = self.0.held.borrow().get(scope).cloned();
        if let Some(known) = known {
            return known.into();
        }
        let signal = ArcRwSignal::new(None);
        self.0.held.borrow_mut().insert(scope.clone(), signal.clone());
        self.fill(scope);
        signal.into()
    }

    /// What the present screen needs kept current. Replaces what was asked before.
    pub fn follow(&self, scopes: Vec<Scope>) {
        let now = time::now();
        for scope in &scopes {
            self.0.due.borrow_mut().get_or_insert(scope.clone(), now);
        }
        *self.0.wanted.borrow_mut() = scopes;
        // Said once for all that a screen asks while it is drawn, and after it is.
        if !self.0.wishing.replace(true) {
            let device = self.clone();
            spawn_local(async move {
                sleep(DRAWN).await;
                device.0.wishing.set(false);
                device.say_wishes();
                device.0.pull.ring();
            });
        }
    }

    /// Pull now.
    pub fn refresh(&self) {
        self.0.due.borrow_mut().clear();
        self.tell("refresh");
        self.0.pull.ring();
    }

    /// Everything sealed by the person signed in, or by nobody yet; the oldest first.
    pub fn outbox(&self) -> Signal<Arc<Vec<Item>>> {
        self.0.outbox.clone().into()
    }

    /// What is being written, the latest first.
    pub fn drafts(&self) -> Signal<Arc<Vec<Draft>>> {
        self.0.drafts.clone().into()
    }

    /// Why the rules, over what is held, would refuse an unsent item.
    pub fn foreseen(&self, op: OpId) -> Option<Refusal> {
        self.0.foreseen.borrow().refused.get(&op).cloned()
    }

    /// Try to send now.
    pub fn send_now(&self) {
        self.encourage();
        self.0.send.ring();
        self.tell("send");
    }

    /// There is reason to believe in the network.
    fn encourage(&self) {
        if let Some(sender) = self.0.sender.borrow().as_ref() {
            sender.encourage();
        }
    }

    /// What each scope uses of the device.
    pub fn storage(&self) -> Signal<Arc<Vec<ScopeUse>>> {
        let device = self.clone();
        spawn_local(async move { device.reload_usage().await });
        self.0.usage.clone().into()
    }

    /// A preference: language, theme, chosen community.
    pub async fn preference(&self, key: &str) -> Option<String> {
        text(&*self.0.store, Table::Meta, &[PREFERENCE, key].concat()).await.ok().flatten()
    }

    /// Keeps a preference.
    pub async fn set_preference(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let key = [PREFERENCE, key].concat();
        self.0.store.commit(vec![Write::Put(Table::Meta, key, Value::Text(value.to_owned()))]).await
    }

    /// Changes one, whoever changes it at the same time; answers what it is then.
    pub async fn change_preference(
        &self,
        key: &str,
        change: impl Fn(&str) -> String,
    ) -> Result<String, StoreError> {
        let key = [PREFERENCE, key].concat();
        loop {
            let before = text(&*self.0.store, Table::Meta, &key).await?;
            let after = change(before.as_deref().unwrap_or_default());
            let put = Write::Put(Table::Meta, key.clone(), Value::Text(after.clone()));
            match self.0.store.commit(vec![Write::Expect(Table::Meta, key.clone(), before), put]).await {
                Ok(()) => return Ok(after),
                // Another tap or tab was faster: both count.
                Err(StoreError::Conflict) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Keeps one no longer.
    pub async fn forget_preference(&self, key: &str) -> Result<(), StoreError> {
        self.0.store.commit(vec![Write::Delete(Table::Meta, [PREFERENCE, key].concat())]).await
    }

    /// A new version of the app waits to be started.
    pub fn announce_update(&self) {
        let network = self.0.network.get_untracked();
        self.0.network.set(Network { update: true, ..network });
    }

    fn tell(&self, text: &str) {
        if let Some(tabs) = self.0.tabs.borrow().as_ref() {
            tabs.tell(text);
        }
    }

    /// Tells the tab that works what this one needs; silent while hidden.
    fn say_wishes(&self) {
        if is_visible() {
            let mut text = ["want\n", &self.0.tab].concat();
            for scope in self.0.wanted.borrow().iter() {
                text.push('\n');
                text.push_str(&scope.to_string());
            }
            self.tell(&text);
        }
    }
}
