//! Erasing what a person proposed, when the law or their request asks for it.

use domain::ids::Entry;
use domain::ports::Journal;
use store::{Named, Store};

use crate::dates;
use crate::failure::Failure;

/// Finds the one proposal that is named, by the number on its receipt or by its id.
pub async fn find(store: &Store, named: &str) -> Result<Named, Failure> {
    let mut found = store.operations_named(named).await?;
    found.retain(|found| matches!(found.kind.as_str(), "propose" | "enter"));
    match (found.pop(), found.is_empty()) {
        (Some(one), true) => Ok(one),
        (Some(_), false) => Err(Failure::new(
            "More than one proposal has this number: it is short.".to_owned(),
            "Nothing was erased.",
            "Name the proposal by its id, the 32 letters and digits that end its address at the desk.",
        )),
        (None, _) => Err(none()),
    }
}

fn none() -> Failure {
    Failure::new(
        "No proposal has this number or id.".to_owned(),
        "Nothing was erased.",
        "Name the number on its receipt (04B-0X2-W), or its id. Only what people proposed is erased, and what an \
         office entered for them in words; an official answer is corrected by another one.",
    )
}

/// Erases it. What was done, in words.
pub async fn erase(store: &Store, named: &Named) -> Result<String, Failure> {
    let Named { community, number, received_at, .. } = named;
    let what = if named.kind == "enter" { "entry" } else { "proposal" };
    let which = format!("The {what} {number} of {community}, received on {}", dates::moment(*received_at));
    let erased = store.erase(&named.entry).await;
    if matches!(erased, Ok(None)) {
        return Err(none());
    }
    if let Err(error) = erased {
        if !is_erased(store, &named.entry).await? {
            return Err(error.into());
        }
        let safe = "Its words, its author and its pictures are gone from here.";
        return Err(Failure::unlogged(&format!("{which}: erased"), &error, safe, "brings them back"));
    }
    let done = if named.erased { "was erased before" } else { "is erased" };
    Ok(format!(
        "{which}, {done}: its words, its author and its pictures are gone from here, its receipt stays. The device \
         that sent it deletes its copy when it next connects.\nBackups that were made before hold it until they \
         are deleted; when one is restored, it is erased again from the log beside it. Copies that were carried \
         elsewhere learn nothing of this: carry changes.jsonl again too, or delete them."
    ))
}

async fn is_erased(store: &Store, entry: &Entry) -> Result<bool, Failure> {
    let found = store.operations_named(&entry.record().to_string()).await?;
    Ok(found.iter().any(|found| found.entry == *entry && found.erased))
}
