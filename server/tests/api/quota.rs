//! Shares that are used up: the device keeps what it has and is told when to come back.

use app::api::ErrorCode;
use domain::authority::Role;
use domain::envelope::Proof;
use domain::ids::Hash;
use domain::receipts::SignedReceipt;
use serde_json::json;

use crate::site::{Answer, Site, Someone, envelope, picture, proposal};

fn come_back_later(answer: &Answer) {
    answer.is(ErrorCode::Slowed);
    assert_eq!(answer.header("retry-after"), "900");
    assert_eq!(answer.json()["retry_after"], 900);
}

#[tokio::test]
async fn more_than_a_days_operations_wait_and_are_not_refused() {
    let site = Site::limited(2).await;
    let consultation = site.consultation().await;
    let author = site.someone(Role::Participant).await;
    let item = |op: u8| envelope(&author.person, op, &proposal(consultation, "Un banc"));
    let push = async |envelopes: &[_]| {
        let asking = site.post("/api/v1/push").json(&json!({ "envelopes": envelopes }));
        asking.as_(&author).send().await
    };
    let first = push(&[item(1), item(2), item(3)]).await.json()["results"].clone();
    assert!(first[0]["receipt"].is_object() && first[1]["receipt"].is_object(), "{first}");
    assert_eq!(first[2], "unavailable");
    come_back_later(&push(&[item(3), item(4)]).await);
    // What is known is answered beside it, by session or by receipt; so is what is not to be taken.
    let again = push(&[item(3), item(1), item(2)]).await.json()["results"].clone();
    assert_eq!(again, json!(["unavailable", first[0], first[1]]));
    let receipt: SignedReceipt = serde_json::from_value(first[0]["receipt"].clone()).unwrap();
    let offered = domain::envelope::Envelope { proof: Proof::Receipt(receipt), ..item(1) };
    assert_eq!(push(&[offered]).await.json()["results"][0], first[0]);
    let mut wrong = item(5);
    wrong.body.clear();
    let told = push(&[wrong, item(3)]).await.json()["results"].clone();
    assert!(told[0]["invalid"].is_object() && told[1] == "unavailable", "{told}");
    // Nothing of what waits is in the journal.
    let trail =
        site.get(&format!("/api/v1/pull?scope=person/{}", author.person.id)).as_(&author).send().await;
    assert_eq!(trail.json()["rows"].as_array().unwrap().len(), 2);
}

async fn put(site: &Site, someone: &Someone, hash: Hash, size: u64, bytes: &'static [u8]) -> Answer {
    let path = format!("/api/v1/blobs/{hash}?offset=0&size={size}");
    let asking = site.request("PUT", &path).header("sec-fetch-site", "same-origin").as_(someone);
    asking.header("content-type", "application/octet-stream").bytes(bytes).send().await
}

#[tokio::test]
async fn more_photos_than_a_share_that_nothing_names_wait_too() {
    let site = Site::new().await;
    let (sender, other) = (site.someone(Role::Participant).await, site.someone(Role::Participant).await);
    for number in 0..8 {
        let begun = put(&site, &sender, Hash([number; 32]), 8 << 20, b"\xFF\xD8").await;
        assert_eq!(begun.status.as_u16(), 200, "{begun:?}");
    }
    let (hash, bytes) = picture();
    come_back_later(&put(&site, &sender, hash, bytes.len() as u64, bytes).await);
    assert_eq!(put(&site, &other, hash, bytes.len() as u64, bytes).await.status.as_u16(), 200);
}
