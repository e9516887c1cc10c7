//! Waking a task that waits: remembers one call, so that none is lost in between.

use std::cell::{Cell, RefCell};
use std::future::poll_fn;
use std::task::{Poll, Waker};

use futures_util::future::select;

use crate::offline::sleep;

/// A bell for one task.
#[derive(Default)]
pub struct Wake {
    rung: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Wake {
    /// Wakes the task, or keeps it from falling asleep.
    pub fn ring(&self) {
        self.rung.set(true);
        if let Some(waker) = self.waker.borrow_mut().take() {
            waker.wake();
        }
    }

    /// Waits for the bell, so many milliseconds at most.
    pub async fn wait(&self, millis: u32) {
        let bell = poll_fn(|context| {
            if self.rung.take() {
                return Poll::Ready(());
            }
            *self.waker.borrow_mut() = Some(context.waker().clone());
            Poll::Pending
        });
        select(std::pin::pin!(bell), std::pin::pin!(sleep(millis))).await;
    }
}
