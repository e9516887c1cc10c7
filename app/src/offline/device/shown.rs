//! Keeping the signals true: from the store and the mirrors to what screens see, and from
//! tab to tab.

use std::rc::Rc;
use std::sync::Arc;

use domain::order;
use domain::scopes::{Key, Scope};
use domain::time::Millis;
use leptos::prelude::{GetUntracked, Set};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::spawn_local;
use web_sys::Event;

use super::{Device, Inner};
use crate::offline::browser::is_visible;
use crate::offline::browser::tabs::Tabs;
use crate::offline::mirror::{Kept, Mirror};
use crate::offline::overlay::Look;
use crate::offline::store::StoreError;
use crate::offline::{Held, HeldScope, drafts, evict, outbox, overlay, sleep, time};

/// Between what is read ahead: scrolling and tapping come first.
const AHEAD: u32 = 300;

impl Device {
    /// What is in memory is there with the first drawing.
    pub(super) fn fill(&self, scope: &Scope) {
        if self.0.puller.mirror(scope).is_some() {
            return self.redraw(std::slice::from_ref(scope));
        }
        let (device, scope) = (self.clone(), scope.clone());
        spawn_local(async move { device.show(&scope).await });
    }

    /// Reads what the present screen leads to, while nobody waits for it.
    pub fn read_ahead(&self, scopes: Vec<Scope>) {
        let device = self.clone();
        spawn_local(async move {
            for scope in scopes {
                sleep(AHEAD).await;
                // What cannot be read now is read when it is asked for.
                let _ = device.0.puller.read_ahead(&scope).await;
            }
        });
    }

    /// Loads a scope for a screen.
    pub(super) async fn show(&self, scope: &Scope) {
        let unread = self.0.puller.load(scope).await.is_err();
        let on_screen =
            || self.0.records.borrow().get(scope).is_some_and(|shown| !shown.get_untracked().is_empty());
        // What cannot be read shows as not held; pulling fills it anew. But what stands on a screen
        // stays there: a form must not go with its community because a disk is full.
        if !(unread && on_screen()) {
            self.redraw(std::slice::from_ref(scope));
        }
    }

    /// Remembers that somebody looked at a scope.
    pub(super) async fn looked_at(&self, scope: &Scope) {
        if self.0.puller.mirror(scope).is_some_and(|mirror| mirror.row.shown.is_some()) {
            let _ = evict::touch(&*self.0.store, scope, time::now()).await;
        }
    }

    /// Draws scopes anew, and whichever the rules' foresight covers now or did before.
    pub(super) fn redraw(&self, changed: &[Scope]) {
        let inner = &self.0;
        let items = inner.outbox.get_untracked();
        let me = inner.me.get_untracked();
        let loaded = inner.puller.loaded();
        let mirrors: Vec<_> =
            loaded.iter().filter_map(|scope| Some((scope, inner.puller.mirror(scope)?))).collect();
        let find = |key: &Key| -> Option<&Kept> {
            let (_, mirror) = mirrors.iter().find(|(scope, _)| **scope == key.scope)?;
            mirror.shown.get(&key.name)
        };
        let asked_at = |scope: &Scope| -> Option<Millis> {
            let (_, mirror) = mirrors.iter().find(|(other, _)| *other == scope)?;
            mirror.row.asked_at
        };
        let look = Look { find: &find, asked_at: &asked_at, clock: time::now() };
        let foreseen = self.foresee(&items, me.as_ref(), look);
        let before = inner.foreseen.replace(foreseen);
        let foreseen = inner.foreseen.borrow();
        let mut scopes: Vec<Scope> = changed.to_vec();
        if before != *foreseen {
            scopes.extend(before.scopes());
            scopes.extend(foreseen.scopes());
        }
        order::by(&mut scopes, |scope| (0, scope.to_string()));
        scopes.dedup();
        let nothing = Mirror::default();
        let mut drawn = Vec::new();
        for scope in scopes {
            let mirror = mirrors.iter().find(|(other, _)| **other == scope).map(|(_, mirror)| &**mirror);
            // Being read anew: it is drawn when that is done, not as if it were empty.
            if mirror.is_none() && !changed.contains(&scope) {
                continue;
            }
            let mirror = mirror.unwrap_or(&nothing);
            let view = inner
                .records
                .borrow()
                .get(&scope)
                .cloned()
                .map(|signal| (signal, Arc::new(overlay::view(&scope, &mirror.shown, &foreseen))));
            let held = inner.held.borrow().get(&scope).cloned().map(|signal| (signal, held(mirror)));
            drawn.push((view, held));
        }
        // Whoever listens may ask the device something: nothing is borrowed any more.
        drop(foreseen);
        drop(mirrors);
        for (view, held) in drawn {
            if let Some((signal, view)) = view
                && !same(&signal.get_untracked(), &view)
            {
                signal.set(view);
            }
            if let Some((signal, held)) = held
                && signal.get_untracked() != held
            {
                signal.set(held);
            }
        }
    }

    pub(super) async fn read_outbox(&self) -> Result<(), StoreError> {
        let me = self.0.me.get_untracked().map(|person| person.id);
        let mut items = outbox::items(&*self.0.store).await?;
        items.retain(|item| item.author.is_none() || item.author == me);
        if *self.0.outbox.get_untracked() == items {
            return Ok(());
        }
        for item in items.iter().filter(|item| !item.is_stored()) {
            for scope in overlay::scopes_of(item, self.kinds()) {
                self.0.puller.load(&scope).await?;
            }
        }
        self.0.outbox.set(Arc::new(items));
        self.redraw(&[]);
        Ok(())
    }

    pub(super) async fn read_drafts(&self) -> Result<(), StoreError> {
        let me = self.0.me.get_untracked().map(|person| person.id);
        let mut drafts = drafts::all(&*self.0.store).await?;
        drafts.retain(|draft| !draft.is_empty() && (draft.owner.is_none() || draft.owner == me));
        if *self.0.drafts.get_untracked() != drafts {
            self.0.drafts.set(Arc::new(drafts));
        }
        Ok(())
    }

    pub(super) async fn reload_usage(&self) {
        if let Ok(usage) = evict::usage(&*self.0.store).await {
            self.0.usage.set(Arc::new(usage));
        }
    }

    /// The outbox changed here: show it, and tell the other tabs.
    pub(super) async fn outbox_changed(&self) -> Result<(), StoreError> {
        self.tell("outbox");
        self.reload_outbox().await
    }

    pub(super) async fn drafts_changed(&self) -> Result<(), StoreError> {
        self.tell("drafts");
        self.reload_drafts().await
    }

    pub(super) fn join_tabs(&self) {
        let inner = Rc::downgrade(&*self.0);
        let tabs = Tabs::join(self.0.audience.name(), move |text| {
            if let Some(inner) = inner.upgrade() {
                let (device, text) = (Device(SendWrapper::new(inner)), text.to_owned());
                spawn_local(async move { device.heard(&text).await });
            }
        });
        *self.0.tabs.borrow_mut() = Some(tabs);
    }

    /// Another tab says something. What cannot be read now is read with the next change.
    async fn heard(&self, text: &str) {
        let mut lines = text.lines();
        match lines.next().unwrap_or_default() {
            "outbox" => {
                let _ = self.reload_outbox().await;
                self.0.send.ring();
            }
            "drafts" => drop(self.reload_drafts().await),
            "me" => {
                let _ = self.reload_identity().await;
                let _ = self.reload_outbox().await;
                let _ = self.reload_drafts().await;
                self.0.send.ring();
            }
            "scope" => {
                for scope in lines.filter_map(|line| line.parse::<Scope>().ok()) {
                    self.0.puller.unload(&scope);
                    if self.0.records.borrow().contains_key(&scope)
                        || self.0.held.borrow().contains_key(&scope)
                    {
                        self.show(&scope).await;
                    }
                }
            }
            "want" => {
                let tab = lines.next().unwrap_or_default().to_owned();
                let scopes: Vec<Scope> = lines.filter_map(|line| line.parse().ok()).collect();
                self.0.others.borrow_mut().insert(tab, (time::now(), scopes));
                self.0.pull.ring();
            }
            "documents" => {
                // What cannot be read now is read when a screen asks again.
                let _ = self.read_documents().await;
            }
            "refresh" => {
                self.0.due.borrow_mut().clear();
                self.0.pull.ring();
            }
            "send" => {
                self.encourage();
                self.0.send.ring();
            }
            "contact" => {
                let reached = lines.next() == Some("1");
                self.contact_heard(reached);
            }
            _ => {}
        }
    }

    /// Comes back to the front, or the browser thinks that there is a network: try.
    pub(super) fn watch_page(&self) {
        let Some(window) = web_sys::window() else { return };
        let inner: std::rc::Weak<Inner> = Rc::downgrade(&*self.0);
        let woken = Closure::<dyn FnMut(Event)>::new(move |_| {
            if let Some(inner) = inner.upgrade() {
                Device(SendWrapper::new(inner)).woken();
            }
        })
        .into_js_value();
        let _ = window.add_event_listener_with_callback("online", woken.unchecked_ref());
        if let Some(document) = window.document() {
            let _ = document.add_event_listener_with_callback("visibilitychange", woken.unchecked_ref());
        }
    }

    fn woken(&self) {
        self.say_wishes();
        if is_visible() {
            self.send_now();
            self.0.stream_at.set(Millis::default());
        }
        self.0.pull.ring();
    }
}

/// Most records are the very same ones as before, and need not be read to know it.
fn same(before: &[Arc<Held>], now: &[Arc<Held>]) -> bool {
    before.len() == now.len() && before.iter().zip(now).all(|(a, b)| Arc::ptr_eq(a, b) || a == b)
}

fn held(mirror: &Mirror) -> Option<HeldScope> {
    let copy = mirror.row.shown.as_ref()?;
    Some(HeldScope {
        pulled_at: mirror.row.pulled_at?,
        complete: copy.complete && copy.before.is_none(),
        bytes: mirror.row.bytes(),
    })
}
