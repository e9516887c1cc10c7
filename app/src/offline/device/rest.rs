//! The rest of the app: what the first list does without. It is a module of its own, fetched
//! once that list stands, or as soon as something asks for it. Until it is here nothing can be
//! written on this device; and what an earlier visit wrote is shown with the first screen,
//! because then it is fetched before.

use domain::authority::Person;
use domain::outbox::Item;
use domain::rules::Rules;
use domain::scopes::Scope;
use domain::time::Millis;
use futures_util::future::{LocalBoxFuture, select};
use leptos::prelude::{GetUntracked, Set, Signal};
use leptos::wasm_split::{SplitLoaderError, wasm_split};
use wasm_bindgen_futures::spawn_local;

use super::Device;
use crate::offline::overlay::{self, Foreseen, Look};
use crate::offline::sleep;
use crate::offline::store::{DeviceStore, StoreError, Table};

/// How long the first screen waits for it, when something was written here before.
const PATIENCE: u32 = 3_000;

/// Whether the rest of the app is here.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Rest {
    /// Nothing has asked for it.
    #[default]
    Away,
    /// It is on its way.
    Coming,
    /// It is here, for as long as the page lives.
    Here,
    /// It could not be fetched; asked again when there is a line.
    Failed,
}

type Work<T> = fn(Device) -> LocalBoxFuture<'static, T>;
type Foresee = for<'f, 'a> fn(&[Item], Option<Rules>, Option<&Person>, Millis, Look<'f, 'a>) -> Foreseen;

/// What it offers to the first part.
#[derive(Clone, Copy)]
pub(super) struct Offers {
    send: Work<()>,
    ping: Work<()>,
    read_outbox: Work<Result<(), StoreError>>,
    read_drafts: Work<Result<(), StoreError>>,
    check_session: Work<()>,
    current: fn(Device, Scope, Vec<Scope>) -> LocalBoxFuture<'static, ()>,
    make_room: fn(Device, Vec<Scope>) -> LocalBoxFuture<'static, ()>,
    stream: fn(&Device, &[Scope]) -> Option<Millis>,
    foresee: Foresee,
}

/// The split: whatever only this reaches is compiled into the rest.
#[wasm_split(rest, wasm_split_path = leptos::wasm_split, fallible)]
fn offers() -> Result<Offers, SplitLoaderError> {
    Ok(Offers {
        send: |device| Box::pin(async move { device.keep_sending().await }),
        ping: |device| Box::pin(async move { device.keep_pinging().await }),
        read_outbox: |device| Box::pin(async move { device.read_outbox().await }),
        read_drafts: |device| Box::pin(async move { device.read_drafts().await }),
        check_session: |device| Box::pin(async move { device.check_session().await }),
        make_room: |device, followed| Box::pin(async move { device.make_room(&followed, 0).await }),
        current: |device, scope, followed| {
            Box::pin(async move {
                // What cannot be compared or tidied now is with the next pull.
                let _ = device.current(&scope, &followed).await;
            })
        },
        stream: |device, followed| device.keep_streaming(followed),
        foresee: overlay::foresee,
    })
}

impl Device {
    /// Whether the rest of the app is here.
    pub fn rest(&self) -> Signal<Rest> {
        self.0.arrival.clone().into()
    }

    /// Fetches the rest of the app, unless it is here or on its way.
    pub fn fetch_rest(&self) {
        let device = self.clone();
        spawn_local(async move { device.bring_rest().await });
    }

    async fn bring_rest(&self) {
        if matches!(self.0.arrival.get_untracked(), Rest::Coming | Rest::Here) {
            return;
        }
        self.0.arrival.set(Rest::Coming);
        match offers().await {
            Ok(offers) => {
                self.0.rest.set(Some(offers));
                // What cannot be read now is read with the next change.
                let _ = self.reload_outbox().await;
                let _ = self.reload_drafts().await;
                if !self.0.outbox.get_untracked().is_empty() {
                    // One's own trail may have been pulled before there was anything to compare it with.
                    self.pull_own();
                }
                self.0.arrival.set(Rest::Here);
                self.0.arrived.ring();
            }
            Err(_) => self.0.arrival.set(Rest::Failed),
        }
    }

    /// Before the first screen, when something waits on this device: it is shown with it.
    pub(super) async fn bring_rest_if_written(&self) -> Result<(), StoreError> {
        let mut written = false;
        for table in [Table::Outbox, Table::Drafts] {
            written |= !self.0.store.range(table, "").await?.is_empty();
        }
        if written {
            let device = self.clone();
            let coming = Box::pin(async move { device.bring_rest().await });
            select(coming, std::pin::pin!(sleep(PATIENCE))).await;
        }
        Ok(())
    }

    /// Sends, listens and pings for as long as the tab lives, from when the rest is here.
    pub(super) async fn work_with_rest(&self) {
        let offers = loop {
            if let Some(offers) = self.0.rest.get() {
                break offers;
            }
            self.0.arrived.wait(60_000).await;
        };
        self.0.pull.ring();
        let pings = self.clone();
        spawn_local(async move { (offers.ping)(pings).await });
        (offers.send)(self.clone()).await;
    }

    pub(super) async fn reload_outbox(&self) -> Result<(), StoreError> {
        match self.0.rest.get() {
            Some(offers) => (offers.read_outbox)(self.clone()).await,
            None => Ok(()),
        }
    }

    pub(super) async fn reload_drafts(&self) -> Result<(), StoreError> {
        match self.0.rest.get() {
            Some(offers) => (offers.read_drafts)(self.clone()).await,
            None => Ok(()),
        }
    }

    /// A scope is current: what is to be done then.
    pub(super) async fn make_current(&self, scope: &Scope, followed: &[Scope]) {
        if let Some(offers) = self.0.rest.get() {
            (offers.current)(self.clone(), scope.clone(), followed.to_vec()).await;
        }
    }

    /// The disk is full: whatever nobody looks at goes first.
    pub(super) async fn free_room(&self, followed: &[Scope]) {
        if let Some(offers) = self.0.rest.get() {
            (offers.make_room)(self.clone(), followed.to_vec()).await;
        }
    }

    /// Keeps one stream open for what is followed; answers when to see to it again.
    pub(super) fn stream(&self, followed: &[Scope]) -> Option<Millis> {
        self.0.rest.get().and_then(|offers| (offers.stream)(self, followed))
    }

    /// Asks the server who is signed in; the rest does so by itself when it arrives.
    pub(super) async fn ask_session(&self) {
        if let Some(offers) = self.0.rest.get() {
            (offers.check_session)(self.clone()).await;
        }
    }

    /// What the rules foresee for what has not left: nothing, where nothing was written.
    pub(super) fn foresee(&self, items: &[Item], me: Option<&Person>, look: Look<'_, '_>) -> Foreseen {
        match self.0.rest.get() {
            Some(offers) if !items.is_empty() => {
                (offers.foresee)(items, self.0.rules, me, self.server_now(), look)
            }
            _ => Foreseen::default(),
        }
    }
}
