//! Who this device believes is signed in. Known offline; the server has the last word.

use domain::authority::Person;
use domain::ids::PersonId;

use super::store::{DeviceStore, StoreError, Table, Value, Write, text, written};
use super::transport::Transport;
use crate::api::{ApiError, ErrorCode};

const ME: &str = "me";
const LAPSED: &str = "lapsed";
const LEFT: &str = "left";

/// Who is signed in, and whether the server still knows the session.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct SignedIn {
    /// None: nobody.
    pub person: Option<Person>,
    /// The server answered that it knows no session: nothing leaves before signing in again.
    pub lapsed: bool,
    /// Who signed out here while the server did not answer: it still holds their session open.
    pub left: Option<PersonId>,
}

impl SignedIn {
    /// The person whose items may leave.
    pub fn sends(&self) -> Option<&PersonId> {
        self.person.as_ref().filter(|_| !self.lapsed).map(|person| &person.id)
    }
}

/// Who is signed in.
pub async fn read<S: DeviceStore + ?Sized>(store: &S) -> Result<SignedIn, StoreError> {
    let person = match text(store, Table::Meta, ME).await? {
        Some(text) => Some(serde_json::from_str(&text).map_err(|_| StoreError::Damaged)?),
        None => None,
    };
    let left = text(store, Table::Meta, LEFT).await?.map(|id| id.parse().map_err(|_| StoreError::Damaged));
    let lapsed = store.get(Table::Meta, LAPSED).await?.is_some();
    Ok(SignedIn { person, lapsed, left: left.transpose()? })
}

/// Who the server says is signed in. None: somebody signed in or out here while it was asked,
/// its answer is about a moment that has passed.
pub async fn ask<S: DeviceStore + ?Sized, T: Transport + ?Sized>(
    store: &S,
    line: &T,
    before: &SignedIn,
) -> Result<Option<Option<Person>>, ApiError> {
    let person = line.session().await?;
    let now = read(store).await.map_err(|_| ApiError::from(ErrorCode::Unavailable))?;
    Ok((now == *before).then_some(person))
}

/// The server knows no session any more.
pub async fn lapse<S: DeviceStore + ?Sized>(store: &S) -> Result<(), StoreError> {
    store.commit(vec![Write::Put(Table::Meta, LAPSED.to_owned(), Value::Text("1".to_owned()))]).await
}

/// The server knows that nobody is signed in here any more.
pub async fn told<S: DeviceStore + ?Sized>(store: &S) -> Result<(), StoreError> {
    store.commit(vec![Write::Delete(Table::Meta, LEFT.to_owned())]).await
}

/// Somebody signed in, or out: then the server is still to be told. Unless it is the same person as before, every pulled scope
/// that is not public goes in the same transaction. What people wrote stays.
pub async fn change<S: DeviceStore + ?Sized>(store: &S, person: Option<&Person>) -> Result<(), StoreError> {
    let before = read(store).await?.person.map(|person| person.id);
    let mut batch = vec![Write::Delete(Table::Meta, LAPSED.to_owned())];
    match (person, &before) {
        (Some(person), _) => {
            batch.push(Write::Put(Table::Meta, ME.to_owned(), Value::Text(written(person)?)));
            batch.push(Write::Delete(Table::Meta, LEFT.to_owned()));
        }
        (None, Some(left)) => {
            batch.push(Write::Delete(Table::Meta, ME.to_owned()));
            batch.push(Write::Put(Table::Meta, LEFT.to_owned(), Value::Text(left.to_string())));
        }
        (None, None) => {}
    }
    if before.as_ref() != person.map(|person| &person.id) {
        for scopes in ["desk/", "person/"] {
            batch.push(Write::DeleteAll(Table::Records, scopes.to_owned()));
            for rows in ["scope ", "read ", "files "] {
                batch.push(Write::DeleteAll(Table::Scopes, [rows, scopes].concat()));
            }
            batch.push(Write::DeleteAll(Table::Files, ["held ", scopes].concat()));
        }
    }
    store.commit(batch).await
}

/// For commits that must not outlive the session: aborts when somebody else is signed in.
pub(crate) async fn unchanged<S: DeviceStore + ?Sized>(store: &S) -> Result<Write, StoreError> {
    Ok(Write::Expect(Table::Meta, ME.to_owned(), text(store, Table::Meta, ME).await?))
}
