//! Signing in and out. The server has the last word; the device remembers it for when there
//! is no network.

use domain::authority::Person;
use domain::scopes::Scope;
use leptos::prelude::{GetUntracked, Set};

use super::Device;
use crate::api::{ApiError, ErrorCode};
use crate::offline::browser::locks::hold;
use crate::offline::session::SignedIn;
use crate::offline::store::StoreError;
use crate::offline::transport::Transport;
use crate::offline::{Network, outbox, session};

/// Held by whoever opens or closes a session, whichever tab or audience of this browser it is: the cookie is one for
/// all, and an answer that closes an older session takes away the cookie of a newer one.
const COOKIE: &str = "rabaska-cookie";

impl Device {
    /// Signs in with a participation code.
    pub async fn sign_in(&self, code: &str) -> Result<Person, ApiError> {
        let _turn = hold(COOKIE).await;
        let person = self.0.line.open_session(code).await?;
        self.switch(Some(&person)).await.map_err(|_| ApiError::from(ErrorCode::Unavailable))?;
        Ok(person)
    }

    /// Signs out. Every pulled scope that is not public leaves the device; what the person
    /// wrote waits for them. Without a network the device signs out all the same, and tells
    /// the server with the next contact.
    pub async fn sign_out(&self) -> Result<(), ApiError> {
        self.switch(None).await.map_err(|_| ApiError::from(ErrorCode::Unavailable))?;
        self.close_left().await
    }

    /// Closes the session of whoever signed out here. It is asked whose it is: somebody else
    /// may have signed in meanwhile through another audience of this browser.
    async fn close_left(&self) -> Result<(), ApiError> {
        let unkept = |_| ApiError::from(ErrorCode::Unavailable);
        if session::read(&*self.0.store).await.map_err(unkept)?.left.is_none() {
            return Ok(());
        }
        let _turn = hold(COOKIE).await;
        // Whoever signed in meanwhile has ended what was left.
        let before = session::read(&*self.0.store).await.map_err(unkept)?;
        let Some(left) = &before.left else { return Ok(()) };
        let Some(person) = session::ask(&*self.0.store, &*self.0.line, &before).await? else { return Ok(()) };
        if person.is_some_and(|person| person.id == *left) {
            self.0.line.close_session().await?;
        }
        session::told(&*self.0.store).await.map_err(unkept)
    }

    /// Somebody else is signed in now, or nobody, or the same person again.
    pub(super) async fn switch(&self, person: Option<&Person>) -> Result<(), StoreError> {
        session::change(&*self.0.store, person).await?;
        if let Some(person) = person {
            outbox::unpark(&*self.0.store, &person.id).await?;
        }
        self.tell("me");
        self.reload_identity().await?;
        self.reload_outbox().await?;
        self.reload_drafts().await?;
        self.send_now();
        self.refresh();
        Ok(())
    }

    /// Reads who is signed in; what the device no longer holds leaves the screens.
    pub(super) async fn reload_identity(&self) -> Result<(), StoreError> {
        let signed_in = session::read(&*self.0.store).await?;
        let network = self.0.network.get_untracked();
        let sign_in_needed = signed_in.lapsed;
        if network.sign_in_needed != sign_in_needed {
            self.0.network.set(Network { sign_in_needed, ..network });
        }
        let before = self.0.me.get_untracked();
        if before == signed_in.person {
            return Ok(());
        }
        if before.map(|person| person.id) != signed_in.person.as_ref().map(|person| person.id.clone()) {
            let private: Vec<Scope> =
                self.0.puller.loaded().into_iter().filter(|scope| !scope.is_public()).collect();
            for scope in &private {
                self.0.puller.unload(scope);
            }
            self.0.live.borrow_mut().take();
            self.redraw(&private);
        }
        self.0.me.set(signed_in.person);
        Ok(())
    }

    /// Asks the server who is signed in: another audience of this browser may have changed it.
    pub(super) async fn check_session(&self) {
        // Whoever signs in or out meanwhile makes the answer an old one: it is asked once more.
        for _ in 0..3 {
            if self.close_left().await.is_err() {
                return;
            }
            let Ok(known) = session::read(&*self.0.store).await else { return };
            match session::ask(&*self.0.store, &*self.0.line, &known).await {
                Ok(None) => continue,
                // What cannot be kept now is asked again with the next contact.
                Ok(Some(person)) => drop(self.believe(person, known).await),
                Err(_) => {}
            }
            return;
        }
    }

    async fn believe(&self, person: Option<Person>, known: SignedIn) -> Result<(), StoreError> {
        match (person, known.person) {
            (None, Some(_)) if !known.lapsed => {
                session::lapse(&*self.0.store).await?;
                self.tell("me");
                self.reload_identity().await
            }
            (Some(person), known_person) if known.lapsed || Some(&person) != known_person.as_ref() => {
                self.switch(Some(&person)).await
            }
            _ => Ok(()),
        }
    }
}
