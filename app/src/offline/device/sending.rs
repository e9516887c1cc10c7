//! What the working tab does beside pulling: it sends, asks whether the server is there, and
//! puts in order what was pulled. Part of the rest of the app.

use std::rc::Rc;

use domain::outbox::Item;
use domain::scopes::Scope;
use leptos::prelude::GetUntracked;
use wasm_bindgen_futures::spawn_local;

use super::leader::LONG;
use super::{Device, OwnSender, SKEW};
use crate::api::ErrorCode;
use crate::offline::browser::signatures::Signatures;
use crate::offline::browser::worker::keep_part;
use crate::offline::sender::{Sender, Step};
use crate::offline::store::{DeviceStore, StoreError, Table, Value, Write};
use crate::offline::transport::Transport;
use crate::offline::{Part, evict, reconcile, sleep, time};

/// Between pings, while something waits to leave.
const PING: u32 = 15_000;
/// After a failure of the store.
const RECOVERY: u32 = 5_000;

impl Device {
    fn sender(&self) -> Rc<OwnSender> {
        let inner = &self.0;
        let verifier = Rc::new(Signatures::new(inner.store.clone(), inner.line.clone()));
        let sender = Sender::new(inner.store.clone(), inner.line.clone(), inner.browser.clone(), verifier);
        let sender = Rc::new(sender);
        *inner.sender.borrow_mut() = Some(sender.clone());
        sender
    }

    pub(super) async fn keep_sending(&self) {
        let sender = self.sender();
        while sender.recover().await.is_err() {
            sleep(RECOVERY).await;
        }
        let _ = self.reload_outbox().await;
        loop {
            // Shows that it is on its way while it is.
            let watcher = self.clone();
            spawn_local(async move {
                sleep(150).await;
                let _ = watcher.outbox_changed().await;
            });
            match sender.step().await {
                Ok(Step::Nothing) => self.0.send.wait(LONG).await,
                Ok(Step::Later(at)) => {
                    let wait = at.since(time::now()).clamp(50, i64::from(LONG));
                    self.0.send.wait(u32::try_from(wait).unwrap_or(LONG)).await;
                }
                Ok(Step::Moved { stranger }) => {
                    self.contact(Ok(()));
                    let _ = self.outbox_changed().await;
                    if stranger {
                        self.check_session().await;
                    }
                    self.pull_own();
                }
                Ok(Step::Failed(error)) => {
                    self.contact(Err(error));
                    let _ = self.outbox_changed().await;
                    if error.code == ErrorCode::SignInNeeded {
                        self.tell("me");
                        let _ = self.reload_identity().await;
                        self.check_session().await;
                    }
                }
                Err(_) => self.0.send.wait(RECOVERY).await,
            }
        }
    }

    /// While something waits and the page is in front: is the server there?
    pub(super) async fn keep_pinging(&self) {
        self.ping().await;
        self.check_session().await;
        loop {
            sleep(PING).await;
            let waits = self.0.outbox.get_untracked().iter().any(Item::leaves_by_itself);
            let offline = !self.0.network.get_untracked().online;
            if self.anyone_looks() && (waits || offline) {
                self.ping().await;
            }
        }
    }

    async fn ping(&self) {
        let was_online = self.0.network.get_untracked().online;
        let sent = time::now();
        match self.0.line.ping().await {
            Ok(health) => {
                let now = time::now();
                // The server's clock was read about half way.
                let skew = health.now.since(sent.plus(now.since(sent) / 2));
                self.0.skew.set(skew);
                let keep = Write::Put(Table::Meta, SKEW.to_owned(), Value::Text(skew.to_string()));
                let _ = self.0.store.commit(vec![keep]).await;
                self.contact(Ok(()));
                if !was_online {
                    self.encourage();
                    self.0.due.borrow_mut().clear();
                    self.0.pull.ring();
                    self.check_session().await;
                }
                self.0.send.ring();
            }
            Err(error) => self.contact(Err(error)),
        }
    }

    /// A scope is current: compare what was sent with one's own trail, see that what is in it can be
    /// used offline, and keep within bounds.
    pub(super) async fn current(&self, scope: &Scope, followed: &[Scope]) -> Result<(), StoreError> {
        let now = self.server_now();
        for part in Part::ALL {
            if self.0.puller.mirror(scope).is_some_and(|mirror| mirror.needs(part, now)) {
                keep_part(part);
            }
        }
        if let Scope::Person(person) = scope {
            keep_part(Part::Own);
            let mirror = self.0.puller.mirror(scope).map(|mirror| mirror.clone());
            if let Some(mirror) = mirror {
                let done = reconcile::reconcile(&*self.0.store, person, &mirror, time::now()).await?;
                if done != reconcile::Reconciled::default() {
                    self.outbox_changed().await?;
                    self.0.send.ring();
                }
            }
        }
        self.make_room(followed, evict::ALL_BYTES).await;
        Ok(())
    }

    pub(super) async fn make_room(&self, followed: &[Scope], budget: u64) {
        if let Ok(gone) = evict::evict(&*self.0.store, followed, budget).await {
            for scope in &gone {
                self.0.puller.unload(scope);
                self.tell(&["scope\n", &scope.to_string()].concat());
            }
            if !gone.is_empty() {
                self.redraw(&gone);
            }
        }
        self.reload_usage().await;
    }
}
