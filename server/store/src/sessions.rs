//! The sessions that were asked for lately, so that a push need not ask the database who
//! sends it. One process has the database to itself: what ends a session ends it here too,
//! before whoever asked for that is answered.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::authority::Person;
use domain::ids::{Hash, PersonId};
use domain::ports::SESSION_LIFE;
use domain::time::Millis;

/// A busy village several times over. When it is full it begins anew.
const KEPT: usize = 4_096;

/// By the hash of their token.
#[derive(Default)]
pub(crate) struct Sessions(Mutex<Known>);

#[derive(Default)]
struct Known {
    people: HashMap<Hash, (Person, Millis)>,
    /// How many times sessions were ended.
    ended: u64,
}

/// The state of things when the database was asked.
pub(crate) struct Asked(u64);

impl Sessions {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whose session it is, unless it is too old; or else the moment from which on the
    /// database is asked.
    pub(crate) fn get(&self, token: &Hash, now: Millis) -> Result<Person, Asked> {
        let known = self.known();
        match known.people.get(token) {
            Some((person, opened)) if now < opened.plus(SESSION_LIFE) => Ok(person.clone()),
            _ => Err(Asked(known.ended)),
        }
    }

    /// Keeps what the database answered, unless a session was ended since it was asked.
    pub(crate) fn keep(&self, token: Hash, person: &Person, opened: Millis, asked: &Asked) {
        let mut known = self.known();
        if known.ended == asked.0 {
            if known.people.len() >= KEPT {
                known.people.clear();
            }
            known.people.insert(token, (person.clone(), opened));
        }
    }

    /// One session ended, in the database already.
    pub(crate) fn end(&self, token: &Hash) {
        let mut known = self.known();
        known.people.remove(token);
        known.ended += 1;
    }

    /// All sessions of a person ended, in the database already.
    pub(crate) fn end_all_of(&self, person: &PersonId) {
        let mut known = self.known();
        known.people.retain(|_, (holder, _)| holder.id != *person);
        known.ended += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = Millis(1_795_392_000_000);

    fn person(id: &str) -> Person {
        Person { id: id.parse().unwrap(), name: "Rose".parse().unwrap(), memberships: vec![] }
    }

    fn ask(sessions: &Sessions, token: &Hash) -> Asked {
        sessions.get(token, NOW).err().unwrap()
    }

    #[test]
    fn an_answer_that_a_revocation_overtook_is_not_kept() {
        let (sessions, token, rose) = (Sessions::default(), Hash([1; 32]), person("rose"));
        let asked = ask(&sessions, &token);
        sessions.end_all_of(&rose.id);
        sessions.keep(token, &rose, NOW, &asked);
        assert!(sessions.get(&token, NOW).is_err());
        let asked = ask(&sessions, &token);
        sessions.end(&token);
        sessions.keep(token, &rose, NOW, &asked);
        assert!(sessions.get(&token, NOW).is_err());
        sessions.keep(token, &rose, NOW, &ask(&sessions, &token));
        assert_eq!(sessions.get(&token, NOW).ok(), Some(rose));
    }

    #[test]
    fn ending_takes_this_session_or_all_of_this_person_and_nobody_elses() {
        let (sessions, rose, aline) = (Sessions::default(), person("rose"), person("aline"));
        let holders = [(Hash([1; 32]), &rose), (Hash([2; 32]), &rose), (Hash([3; 32]), &aline)];
        for (token, person) in &holders {
            sessions.keep(*token, person, NOW, &ask(&sessions, token));
        }
        let open = || holders.iter().filter(|(token, _)| sessions.get(token, NOW).is_ok()).count();
        sessions.end(&holders[0].0);
        assert_eq!(open(), 2);
        sessions.end_all_of(&rose.id);
        assert_eq!(open(), 1);
        assert!(sessions.get(&holders[2].0, NOW).is_ok());
    }

    #[test]
    fn no_more_are_kept_than_there_is_room_for() {
        let (sessions, rose) = (Sessions::default(), person("rose"));
        for number in 0..=KEPT {
            let token = Hash::of(&number.to_le_bytes());
            sessions.keep(token, &rose, NOW, &ask(&sessions, &token));
        }
        assert_eq!(sessions.known().people.len(), 1);
    }

    #[test]
    fn what_is_kept_is_no_longer_given_after_a_year() {
        let (sessions, token, rose) = (Sessions::default(), Hash([1; 32]), person("rose"));
        sessions.keep(token, &rose, NOW, &ask(&sessions, &token));
        assert!(sessions.get(&token, NOW.plus(SESSION_LIFE - 1)).is_ok());
        assert!(sessions.get(&token, NOW.plus(SESSION_LIFE)).is_err());
    }
}
