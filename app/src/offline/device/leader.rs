//! The tab that works: sends, pulls, listens. Whoever holds the lock of the audience is it;
//! when that tab closes, the next one takes over.

use domain::authority::may_pull;
use domain::order;
use domain::scopes::Scope;
use domain::time::Millis;
use leptos::prelude::{GetUntracked, Set};
use wasm_bindgen_futures::spawn_local;

use super::{Device, Rest};
use crate::api::{ApiError, ErrorCode};
use crate::offline::browser::is_visible;
use crate::offline::browser::locks;
use crate::offline::pull::PullError;
use crate::offline::store::StoreError;
use crate::offline::surroundings::Surroundings;
use crate::offline::{Network, evict, sleep, time};

/// Between pulls without a stream, and what is added by chance.
pub(super) const POLL: (i64, i64) = (20_000, 10_000);
/// Between pulls while the stream tells what is new.
const CALM: i64 = 300_000;
/// A scope's due time while it is being pulled.
const UNDER_WAY: Millis = Millis(i64::MAX);
/// How long another tab's wishes count; it repeats them.
const WISHES: i64 = 90_000;
/// How long a task sleeps when nothing wakes it.
pub(super) const LONG: u32 = 60_000;

impl Device {
    /// Waits for the lock, then works until the tab closes.
    pub(super) async fn lead(&self) {
        let wishes = self.clone();
        spawn_local(async move { wishes.repeat_wishes().await });
        let name = [self.0.audience.name(), "-sender"].concat();
        let _lock = locks::hold(&name).await;
        let pulls = self.clone();
        spawn_local(async move { pulls.keep_pulling().await });
        self.work_with_rest().await;
    }

    async fn repeat_wishes(&self) {
        loop {
            sleep(30_000).await;
            self.say_wishes();
        }
    }

    /// What an attempt says about the line.
    pub(super) fn contact(&self, outcome: Result<(), ApiError>) {
        let lost = |error: ApiError| matches!(error.code, ErrorCode::Offline | ErrorCode::NotRabaska);
        let reached = !outcome.is_err_and(lost);
        self.tell(if reached { "contact\n1" } else { "contact\n0" });
        self.contact_heard(reached);
    }

    pub(super) fn contact_heard(&self, reached: bool) {
        let network = self.0.network.get_untracked();
        let last_contact = if reached { Some(time::now()) } else { network.last_contact };
        self.0.network.set(Network { online: reached, last_contact, ..network });
        if reached && self.0.arrival.get_untracked() == Rest::Failed {
            self.fetch_rest();
        }
    }

    pub(super) fn anyone_looks(&self) -> bool {
        let now = time::now();
        is_visible() || self.0.others.borrow().values().any(|(said, _)| now.since(*said) < WISHES)
    }

    /// What is to be kept current: this tab's and the others' wishes, and one's own scopes.
    fn followed(&self) -> Vec<Scope> {
        let now = time::now();
        self.0.others.borrow_mut().retain(|_, (said, _)| now.since(*said) < WISHES);
        let mut scopes = self.0.wanted.borrow().clone();
        scopes.extend(self.0.others.borrow().values().flat_map(|(_, scopes)| scopes.clone()));
        let lapsed = self.0.network.get_untracked().sign_in_needed;
        let me = self.0.me.get_untracked().filter(|_| !lapsed);
        if let Some(me) = &me {
            scopes.push(Scope::Person(me.id.clone()));
            if self.0.audience == super::Audience::Desk {
                let offices = me.memberships.iter().filter(|m| me.is_clerk_of(&m.community));
                scopes.extend(offices.map(|membership| Scope::Desk(membership.community.clone())));
            }
        }
        // Somebody who left wished for more, or another tab did.
        scopes.retain(|scope| may_pull(me.as_ref(), scope));
        scopes.push(Scope::Territory);
        order::by(&mut scopes, |scope| (0, scope.to_string()));
        scopes.dedup();
        scopes
    }

    /// Something of one's own was decided: its trail is there, and what it changed.
    pub(super) fn pull_own(&self) {
        if let Some(me) = self.0.me.get_untracked() {
            let own = Scope::Person(me.id);
            let foreseen = self.0.foreseen.borrow();
            let mut due = self.0.due.borrow_mut();
            for scope in foreseen.unpulled().chain([&own]) {
                due.insert(scope.clone(), time::now());
            }
            self.0.pull.ring();
        }
    }

    async fn keep_pulling(&self) {
        loop {
            let followed = self.followed();
            if !self.anyone_looks() {
                self.0.live.borrow_mut().take();
                self.0.streaming.set(false);
                self.0.pull.wait(LONG).await;
                continue;
            }
            let again = self.stream(&followed);
            let now = time::now();
            let due = |scope: &&Scope| self.0.due.borrow().get(*scope).is_none_or(|at| *at <= now);
            let ready: Vec<Scope> = followed.iter().filter(due).cloned().collect();
            // One page each, so that every screen has its newest before any has its oldest.
            for scope in &ready {
                self.0.due.borrow_mut().insert(scope.clone(), UNDER_WAY);
                let next = self.pull_one(scope, &followed).await;
                // What was announced or asked for meanwhile, this page may not have had.
                let mut due = self.0.due.borrow_mut();
                if due.get(scope) == Some(&UNDER_WAY) {
                    due.insert(scope.clone(), next);
                }
            }
            if ready.is_empty() {
                let due = followed.iter().filter_map(|scope| self.0.due.borrow().get(scope).copied());
                let next = due.chain(again).min();
                let wait =
                    next.map_or(i64::from(LONG), |at| at.since(time::now())).clamp(50, i64::from(LONG));
                self.0.pull.wait(u32::try_from(wait).unwrap_or(LONG)).await;
            }
        }
    }

    /// Pulls one page of a scope; answers when the next is due.
    async fn pull_one(&self, scope: &Scope, followed: &[Scope]) -> Millis {
        let head = self.0.heads.borrow_mut().remove(scope);
        let poll = |least: i64| time::now().plus(least + i64::from(self.0.browser.dice()) % POLL.1);
        match self.0.puller.pull(scope, head).await {
            Ok(turn) => {
                self.contact(Ok(()));
                self.show(scope).await;
                if turn.changed {
                    self.tell(&["scope\n", &scope.to_string()].concat());
                }
                if turn.more {
                    return time::now();
                }
                self.make_current(scope, followed).await;
                let calm = self.0.streaming.get();
                poll(if calm { CALM } else { POLL.0 })
            }
            Err(PullError::Api(error)) => {
                self.contact(Err(error));
                self.not_given(scope, error).await;
                poll(error.retry_after.map_or(POLL.0, |seconds| (i64::from(seconds) * 1_000).max(POLL.0)))
            }
            Err(PullError::Store(error)) => {
                self.show(scope).await;
                if error == StoreError::Full {
                    // Whatever nobody looks at goes first; if nothing does, what is held stays shown.
                    self.free_room(followed).await;
                }
                poll(POLL.0)
            }
        }
    }

    /// The server did not give a scope.
    async fn not_given(&self, scope: &Scope, error: ApiError) {
        match error.code {
            ErrorCode::SignInNeeded => self.ask_session().await,
            // One is no longer of that office: what it showed goes.
            ErrorCode::NotPermitted if !scope.is_public() => {
                let _ = evict::remove(&*self.0.store, scope).await;
                self.0.puller.unload(scope);
                self.redraw(std::slice::from_ref(scope));
                self.ask_session().await;
            }
            _ => {}
        }
    }
}
