//! Revoking: a code that was lost or fell into other hands opens nothing any more.

use domain::authority::Person;
use domain::codes::Code;
use domain::ports::Identity;
use store::Store;

use crate::failure::Failure;

/// Finds everybody who is named, by a code's first group or by a person's id; all or nobody.
pub async fn find(store: &Store, named: &[String]) -> Result<Vec<Person>, Failure> {
    let mut found = Vec::new();
    for named in named {
        let id = match Code::read_selector(named) {
            Some(selector) => store.holder(selector).await?,
            None => named.parse().ok(),
        };
        let person = match id {
            Some(id) => Identity::person(store, &id).await?,
            None => None,
        };
        found.push(person.ok_or_else(|| nobody(named))?);
    }
    Ok(found)
}

fn nobody(named: &str) -> Failure {
    // What was typed may be a whole code, and this may end in a log.
    let shown: String = named.chars().take(4).collect();
    Failure::new(
        format!("Nobody was found under {shown}…"),
        "Nothing was revoked.",
        "Name the first four characters of a code, as `rabaska import people` printed it, or a person's id.",
    )
}

/// Revokes one person's codes and ends their sessions. What was done, in words.
pub async fn revoke(store: &Store, person: &Person) -> Result<String, Failure> {
    let who = person.memberships.iter().fold(person.name.to_string(), |who, membership| {
        format!("{who}, {} of {}", membership.role.name(), membership.community)
    });
    let held = store.holds_code(&person.id).await?;
    if let Err(error) = Identity::revoke(store, &person.id).await {
        if store.holds_code(&person.id).await? {
            return Err(error.into());
        }
        let safe = "The code opens nothing any more, and every session has ended.";
        return Err(Failure::unlogged(&format!("{who}: revoked"), &error, safe, "opens it again"));
    }
    Ok(if held {
        format!("{who}: the code opens nothing any more, and every session has ended.")
    } else {
        format!("{who}: the code was revoked before. Every session has ended.")
    })
}
