//! What is never in a file, and what its order does not tell.

use domain::authority::Role;
use domain::ids::RecordId;
use domain::operations::{Action, Hide, Withdraw};
use domain::ports::{Clock, Identity};
use domain::time::Millis;
use rabaska::export::times;
use rabaska::system::SystemClock;

use super::Village;
use crate::site::{Someone, proposal};

/// A person's name that would be found.
const MARKER: &str = "Zébulon Marqueur (fictif)";

async fn marked(village: &Village, role: Role) -> Someone {
    let store = &village.site.store;
    let (_, code) = store.add(MARKER.parse().unwrap(), "laforce".parse().unwrap(), role).await.unwrap();
    let opened = store.open(code).await.unwrap();
    Someone { person: opened.person, token: opened.token }
}

#[tokio::test]
async fn nothing_of_desk_person_or_sealed_scopes_is_in_any_file() {
    let village = Village::new().await;
    let (author, clerk) = (marked(&village, Role::Participant).await, marked(&village, Role::Clerk).await);
    let consultation = village.consultation;
    let shown = village.act(&author, 1, &proposal(consultation, "Un banc")).await;
    village.act(&author, 2, &village.comment(shown, "Non merci")).await;
    let hidden = village.act(&author, 3, &proposal(consultation, "Caché à cause de tout")).await;
    let rule = "off-topic".parse().unwrap();
    village.act(&clerk, 4, &Action::Hide(Hide { consultation, record: hidden, rule })).await;
    let withdrawn = village.act(&author, 5, &proposal(consultation, "Repris par son auteur")).await;
    village.act(&author, 6, &Action::Withdraw(Withdraw { consultation, record: withdrawn })).await;
    let mut people = vec![author, clerk];
    for op in 0..4 {
        let someone = marked(&village, Role::Participant).await;
        village.act(&someone, op, &village.support(shown)).await;
        people.push(someone);
    }
    let mut shut: Vec<String> = people.iter().map(|someone| someone.person.id.to_string()).collect();
    shut.extend(
        [MARKER, "Marqueur", "Caché à cause", "Repris par", "supporters", "desk_item", "receipt"]
            .map(str::to_owned),
    );
    shut.push(withdrawn.to_string());
    for (address, _, bytes) in village.all().await {
        let text = String::from_utf8(bytes).unwrap();
        for word in &shut {
            assert!(!text.contains(word), "{address} holds {word}: {text}");
        }
    }
    let hidings = village.rows("hidings.csv").await;
    assert_eq!((hidings.len(), hidings[0]["rule"].as_str()), (1, "off-topic"));
    assert_eq!(hidings[0]["record"], hidden.to_string());
    assert_eq!((hidings[0]["form"].as_str(), hidings[0]["state"].as_str()), ("proposal", "hidden"));
    let said = village.rows("contributions.csv").await;
    assert_eq!(said.len(), 2, "the proposal and the comment on it");
}

#[tokio::test]
async fn a_fourth_support_changes_no_byte_and_no_tag_and_a_fifth_is_told() {
    let village = Village::new().await;
    let author = village.citizen().await;
    let on = village.act(&author, 1, &proposal(village.consultation, "Un banc")).await;
    for op in 0..3 {
        village.act(&village.citizen().await, op, &village.support(on)).await;
    }
    let before = village.all().await;
    village.act(&village.citizen().await, 3, &village.support(on)).await;
    assert!(village.all().await == before, "four supports are told from three");
    assert_eq!(village.rows("supports.csv").await[0]["count"], "");
    village.act(&village.citizen().await, 4, &village.support(on)).await;
    assert_eq!(village.rows("supports.csv").await[0]["count"], "5");
    assert_eq!(village.rows("decidim-proposals.csv").await[0]["votes"], "5");
}

#[tokio::test]
async fn a_contribution_is_known_by_its_week_alone() {
    let village = Village::new().await;
    let author = village.citizen().await;
    let began = SystemClock.now();
    let on = village.act(&author, 1, &proposal(village.consultation, "Un banc")).await;
    village.act(&author, 2, &village.comment(on, "Oui")).await;
    let monday = began.week().monday();
    for row in village.rows("contributions.csv").await {
        assert_eq!(row["week"], times::day(monday));
    }
    let row = village.rows("decidim-proposals.csv").await.remove(0);
    assert_eq!(row["published_at"], format!("{} 00:00:00 UTC", times::day(monday)));
    let document: serde_json::Value = serde_json::from_str(&village.text("export.json").await).unwrap();
    for said in document["consultations"][0]["contributions"].as_array().unwrap() {
        assert_eq!(said["week"], times::day(monday));
    }
    let feed = village.text("feed.atom").await;
    let entries =
        feed.split("<entry>").skip(1).filter(|entry| !entry.contains("term=\"consultation-opened\""));
    let entries: Vec<&str> = entries.collect();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        assert!(entry.contains(&format!("<updated>{}</updated>", times::instant(monday))), "{entry}");
    }
    // Nor anywhere else: only the consultation itself has a day and an hour.
    let hour = |at: Millis| times::instant(at)[..13].to_owned();
    for (address, _, bytes) in village.all().await {
        let text = String::from_utf8(bytes).unwrap();
        if address.ends_with("contributions.csv") || address.ends_with("decidim-proposals.csv") {
            assert!(!text.contains(&hour(began)) && !text.contains(&hour(SystemClock.now())), "{address}");
        }
    }
}

#[tokio::test]
async fn no_order_tells_who_came_before_whom() {
    let village = Village::new().await;
    let mut came: Vec<RecordId> = Vec::new();
    for op in 0..12 {
        let title = format!("Banc {op}");
        came.push(village.act(&village.citizen().await, op, &proposal(village.consultation, &title)).await);
    }
    let mut sorted = came.clone();
    sorted.sort();
    let ids: Vec<String> = sorted.iter().map(ToString::to_string).collect();
    let listed: Vec<String> =
        village.rows("contributions.csv").await.iter().map(|row| row["id"].clone()).collect();
    assert_eq!(listed, ids);
    let decidim: Vec<String> =
        village.rows("decidim-proposals.csv").await.iter().map(|row| row["id"].clone()).collect();
    assert_eq!(decidim, ids);
    let feed = village.text("feed.atom").await;
    let entries = feed.split("<entry>").skip(1).filter(|entry| entry.contains("term=\"proposal\""));
    let names: Vec<&str> = entries.map(|entry| &entry[4..49]).collect();
    assert!(names.len() == 12 && names.is_sorted(), "{names:?}");
}
