//! Requests that are well-formed and refused: each leaves the database and the files beside it
//! as they were.

use app::api::ErrorCode;
use domain::authority::Role;
use domain::ids::{Hash, RecordId};
use domain::operations::{Action, BlobRef, Photo, Propose, Withdraw, seal};
use serde_json::json;

use crate::ledger::Ledger;
use crate::site::{Answer, Site, Someone, envelope, picture, proposal};

async fn put(site: &Site, someone: &Someone, hash: Hash, query: &str, bytes: &[u8]) -> Answer {
    let path = format!("/api/v1/blobs/{hash}?{query}");
    let asking = site.request("PUT", &path).header("sec-fetch-site", "same-origin").as_(someone);
    asking.header("content-type", "application/octet-stream").bytes(bytes.to_vec()).send().await
}

#[tokio::test]
async fn a_push_of_which_nothing_is_taken_leaves_nothing() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let (author, other) = (site.someone(Role::Participant).await, site.someone(Role::Participant).await);
    let made = envelope(&author.person, 1, &proposal(consultation, "Un banc"));
    let push = async |envelopes: serde_json::Value| {
        site.post("/api/v1/push").as_(&author).json(&json!({ "envelopes": envelopes })).send().await
    };
    assert!(push(json!([made])).await.json()["results"][0]["receipt"].is_object());
    let withdraw = Action::Withdraw(Withdraw { consultation, record: RecordId([9; 16]) });
    let Action::Propose(plain) = proposal(consultation, "Une photo") else { unreachable!() };
    let (full, thumb) = (Hash([1; 32]), Hash([2; 32]));
    let pictured = Action::Propose(Propose { photos: vec![Photo { full, thumb, alt: None }], ..plain });
    let mut lacking = envelope(&author.person, 5, &pictured);
    let blobs = [full, thumb].map(|sha256| BlobRef { sha256, size: 9 }).to_vec();
    lacking.body = seal(domain::ids::Salt([5; 32]), domain::time::Millis(5), blobs, &pictured).unwrap();
    let mut newer = envelope(&author.person, 6, &proposal(consultation, "Danse"));
    newer.body = newer.body.replace("\"propose\"", "\"dance\"");
    let mut empty = envelope(&author.person, 7, &proposal(consultation, "Vide"));
    empty.body = empty.body.replace("\"Vide\"", "\"\"");
    let refused = [
        ("conflict", envelope(&author.person, 1, &proposal(consultation, "Un banc rouge"))),
        ("not_yours", envelope(&other.person, 3, &proposal(consultation, "Un autre"))),
        ("waiting", envelope(&author.person, 4, &withdraw)),
        ("waiting", lacking),
        ("unsupported", newer),
        ("invalid", empty),
    ];
    let mut ledger = Ledger::of(&site).await;
    for (wanted, envelope) in &refused {
        let answer = push(json!([envelope])).await;
        assert!(answer.json()["results"][0].to_string().contains(wanted), "{wanted}: {answer:?}");
        ledger.is_unchanged(wanted).await;
    }
    let all: Vec<_> = refused.iter().map(|(_, envelope)| envelope).collect();
    assert_eq!(push(json!(all)).await.json()["results"].as_array().map(Vec::len), Some(refused.len()));
    ledger.is_unchanged("all together").await;
    // Pushing again what is there writes nothing either.
    assert!(push(json!([made])).await.json()["results"][0]["receipt"].is_object());
    ledger.is_unchanged("a replay").await;
    // Somebody without a session, and another site.
    let asked = json!({ "envelopes": [envelope(&author.person, 8, &proposal(consultation, "Deux"))] });
    site.post("/api/v1/push").json(&asked).send().await.is(ErrorCode::SignInNeeded);
    let elsewhere = site.request("POST", "/api/v1/push").header("sec-fetch-site", "cross-site");
    elsewhere.as_(&author).json(&asked).send().await.is(ErrorCode::CrossSite);
    ledger.is_unchanged("not by these").await;
}

#[tokio::test]
async fn a_file_that_is_refused_leaves_neither_row_nor_bytes() {
    let site = Site::new().await;
    let someone = site.someone(Role::Participant).await;
    let (hash, bytes) = picture();
    let talkative = [&bytes[..2], b"\xFF\xFE\x00\x05abc", &bytes[2..]].concat();
    let mut ledger = Ledger::of(&site).await;
    let cases: [(ErrorCode, Hash, &[u8]); 3] = [
        (ErrorCode::BlobMismatch, Hash([7; 32]), bytes),
        (ErrorCode::PictureMetadata, Hash::of(&talkative), &talkative),
        (ErrorCode::NotAPicture, Hash::of(b"<svg/>"), b"<svg/>"),
    ];
    for (code, hash, bytes) in cases {
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        let size = bytes.len();
        assert!(
            put(&site, &someone, hash, &format!("offset=0&size={size}"), first).await.status.is_success()
        );
        put(&site, &someone, hash, &format!("offset={}&size={size}", first.len()), rest).await.is(code);
        ledger.keeps_all_but(code.name(), &[]).await;
    }
    let size = bytes.len();
    put(&site, &someone, hash, &format!("offset=7&size={size}"), &bytes[7..])
        .await
        .is(ErrorCode::WrongOffset);
    put(&site, &someone, hash, "offset=0&size=8388609", &bytes[..9]).await.is(ErrorCode::TooLarge);
    ledger.is_unchanged("a piece in the wrong place, and one too many").await;
}

#[tokio::test]
async fn a_wrong_code_is_counted_and_nothing_else() {
    let site = Site::new().await;
    let mut ledger = Ledger::of(&site).await;
    let code = json!({ "code": "ABCD-EFGH-JKMN" });
    site.post("/api/v1/session/open").json(&code).send().await.is(ErrorCode::CodeRefused);
    ledger.keeps_all_but("a wrong code", &["code_tries"]).await;
    site.post("/api/v1/session/open")
        .json(&json!({ "code": "no code" }))
        .send()
        .await
        .is(ErrorCode::CodeRefused);
    ledger.is_unchanged("no code at all").await;
}
