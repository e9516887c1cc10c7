//! The stream that tells what is new in the scopes that are followed. Part of the rest of the
//! app: until it is here, and where it is blocked, pulling asks from time to time.

use std::rc::Rc;

use domain::scopes::Scope;
use domain::time::Millis;
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::spawn_local;

use super::Device;
use super::leader::POLL;
use crate::offline::browser::live::{Heard, Live};
use crate::offline::surroundings::Surroundings;
use crate::offline::time;

impl Device {
    /// Keeps one stream open for what is followed. Answers when to see to it again: the stream
    /// that is open may still be for the screen before.
    pub(super) fn keep_streaming(&self, followed: &[Scope]) -> Option<Millis> {
        let inner = &self.0;
        if inner.live.borrow().as_ref().is_some_and(|live| live.scopes == followed) {
            return None;
        }
        if time::now() < inner.stream_at.get() {
            return Some(inner.stream_at.get());
        }
        let weak = Rc::downgrade(&*self.0);
        let tell = move |heard| {
            if let Some(inner) = weak.upgrade() {
                Device(SendWrapper::new(inner)).streamed(heard);
            }
        };
        inner.streaming.set(false);
        // Not at once again: screens that follow one another ask for other scopes.
        inner.stream_at.set(time::now().plus(1_000));
        let live = Live::open(followed.to_vec(), tell);
        *inner.live.borrow_mut() = live;
        None
    }

    fn streamed(&self, heard: Heard) {
        let inner = &self.0;
        let now = time::now();
        match heard {
            Heard::Open => {
                inner.streaming.set(true);
                inner.broken.set(0);
                self.contact(Ok(()));
                self.encourage();
                inner.send.ring();
                // What changed between the last pull and the opening was told to nobody.
                inner.due.borrow_mut().clear();
            }
            Heard::Head(scope, head) => {
                let known =
                    inner.puller.mirror(&scope).and_then(|mirror| Some(mirror.row.shown.as_ref()?.follow));
                if known.is_some_and(|known| known >= head) {
                    return;
                }
                // A whole village hears it at once: not all of it asks at once.
                let at = now.plus(i64::from(inner.browser.dice() % 800));
                inner.heads.borrow_mut().insert(scope.clone(), head);
                inner.due.borrow_mut().insert(scope, at);
            }
            Heard::Broken => {
                inner.streaming.set(false);
                let broken = inner.broken.get();
                inner.broken.set(broken.saturating_add(1));
                let wait = (5_000_i64 << broken.min(6)).min(300_000);
                inner.stream_at.set(now.plus(wait + i64::from(inner.browser.dice()) % wait));
                // Not inside its own call: it goes with the next round.
                let device = self.clone();
                spawn_local(async move { drop(device.0.live.borrow_mut().take()) });
                // A restarted server is not asked by all at once.
                for at in inner.due.borrow_mut().values_mut() {
                    *at = now.plus(i64::from(inner.browser.dice()) % POLL.1);
                }
            }
        }
        inner.pull.ring();
    }
}
