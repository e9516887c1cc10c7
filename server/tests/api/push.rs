//! Pushing: one result per envelope in its place, and who may speak for whom.

use app::api::ErrorCode;
use axum::http::StatusCode;
use domain::authority::Role;
use domain::envelope::Proof;
use domain::receipts::SignedReceipt;
use serde_json::json;

use crate::site::{Answer, Site, Someone, envelope, proposal};

async fn push(site: &Site, someone: Option<&Someone>, envelopes: &serde_json::Value) -> Answer {
    let asking = site.post("/api/v1/push").json(&json!({ "envelopes": envelopes }));
    match someone {
        Some(someone) => asking.as_(someone).send().await,
        None => asking.send().await,
    }
}

#[tokio::test]
async fn results_stand_in_the_place_of_their_envelopes() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let (author, other) = (site.someone(Role::Participant).await, site.someone(Role::Participant).await);
    let good = envelope(&author.person, 1, &proposal(consultation, "Un banc"));
    let theirs = envelope(&other.person, 2, &proposal(consultation, "Un autre"));
    let mut newer = envelope(&author.person, 3, &proposal(consultation, "Danse"));
    newer.body = newer.body.replace("\"propose\"", "\"dance\"");
    let mut wrong = envelope(&author.person, 4, &proposal(consultation, "Vide"));
    wrong.body = wrong.body.replace("\"Vide\"", "\"\"");
    let changed = envelope(&author.person, 1, &proposal(consultation, "Un banc rouge"));
    let answer = push(&site, Some(&author), &json!([7, good, theirs, newer, wrong, changed])).await;
    let results = answer.json()["results"].clone();
    assert!(results[0]["invalid"].is_object(), "{results}");
    assert!(results[1]["receipt"].is_object(), "{results}");
    assert_eq!(results[2], "not_yours");
    assert_eq!(results[3], "unsupported");
    assert_eq!(results[4]["invalid"]["reason"], "empty");
    assert_eq!(results[5], "conflict");
    // Again, and the receipt is the same bytes.
    let again = push(&site, Some(&author), &json!([good])).await;
    assert_eq!(again.json()["results"][0], results[1]);
}

#[tokio::test]
async fn nobody_pushes_without_a_session_or_a_receipt() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let author = site.someone(Role::Participant).await;
    let mut item = envelope(&author.person, 1, &proposal(consultation, "Un banc"));
    push(&site, None, &json!([item])).await.is(ErrorCode::SignInNeeded);
    let results = push(&site, Some(&author), &json!([item])).await.json();
    let receipt: SignedReceipt = serde_json::from_value(results["results"][0]["receipt"].clone()).unwrap();
    // With the receipt it is believed without a session, and answered with the same one.
    item.proof = Proof::Receipt(receipt.clone());
    let again = push(&site, None, &json!([item])).await.json();
    assert_eq!(again["results"][0]["receipt"], serde_json::to_value(&receipt).unwrap());
    // Not beside something unproved, not for other words, and not when one letter differs.
    let unproved = envelope(&author.person, 2, &proposal(consultation, "Deux"));
    push(&site, None, &json!([item, unproved])).await.is(ErrorCode::SignInNeeded);
    let mut other = envelope(&author.person, 1, &proposal(consultation, "Autre chose"));
    other.proof = item.proof.clone();
    push(&site, None, &json!([other])).await.is(ErrorCode::SignInNeeded);
    let mut forged = receipt;
    forged.text = forged.text.replace("\"v\":1", "\"v\": 1");
    item.proof = Proof::Receipt(forged);
    push(&site, None, &json!([item])).await.is(ErrorCode::SignInNeeded);
}

#[tokio::test]
async fn a_code_opens_a_session_that_a_cookie_carries_and_that_ends() {
    use domain::ports::Identity;
    let site = Site::new().await;
    let (community, name) = ("laforce".parse().unwrap(), "P (fictive)".parse().unwrap());
    let (_, code) = site.store.add(name, community, Role::Participant).await.unwrap();
    let open =
        async |code: &str| site.post("/api/v1/session/open").json(&json!({ "code": code })).send().await;
    open("nonsense").await.is(ErrorCode::CodeRefused);
    let answer = open(&code.to_string().to_lowercase()).await;
    assert_eq!(answer.json()["person"]["name"], "P (fictive)");
    let cookie = answer.header("set-cookie").to_owned();
    for part in ["__Host-rabaska=", "Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let token = cookie.split(['=', ';']).nth(1).unwrap().to_owned();
    let show = async || site.post("/api/v1/session/show").token(&token).json(&json!({})).send().await.json();
    assert_eq!(show().await["person"]["name"], "P (fictive)");
    site.post("/api/v1/session/close").token(&token).json(&json!({})).send().await;
    assert!(show().await["person"].is_null());
}

#[tokio::test]
async fn signing_in_ends_the_session_that_was_there_and_a_wrong_code_does_not() {
    use domain::ports::Identity;
    let site = Site::new().await;
    let before = site.someone(Role::Participant).await;
    let (community, name) = ("laforce".parse().unwrap(), "P (fictive)".parse().unwrap());
    let (_, code) = site.store.add(name, community, Role::Participant).await.unwrap();
    let open = async |code: &str| {
        let asking = site.post("/api/v1/session/open").as_(&before).json(&json!({ "code": code }));
        asking.send().await
    };
    open("nonsense").await.is(ErrorCode::CodeRefused);
    assert!(site.store.session(&before.token).await.unwrap().is_some());
    assert_eq!(open(&code.to_string()).await.status, StatusCode::OK);
    assert!(site.store.session(&before.token).await.unwrap().is_none());
}

#[tokio::test]
async fn who_signed_out_or_was_revoked_pushes_nothing_from_then_on() {
    use domain::ports::Identity;
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let (leaves, revoked) = (site.someone(Role::Participant).await, site.someone(Role::Participant).await);
    let said = async |someone: &Someone, op| {
        let item = envelope(&someone.person, op, &proposal(consultation, "Un banc"));
        push(&site, Some(someone), &json!([item])).await
    };
    for someone in [&leaves, &revoked] {
        assert!(said(someone, 1).await.json()["results"][0]["receipt"].is_object());
    }
    site.post("/api/v1/session/close").as_(&leaves).json(&json!({})).send().await;
    said(&leaves, 2).await.is(ErrorCode::SignInNeeded);
    assert!(said(&revoked, 2).await.json()["results"][0]["receipt"].is_object());
    site.store.revoke(&revoked.person.id).await.unwrap();
    for op in [1, 3] {
        said(&revoked, op).await.is(ErrorCode::SignInNeeded);
    }
}

#[tokio::test]
async fn many_wrong_codes_from_one_address_are_slowed_and_say_until_when() {
    let site = Site::new().await;
    let open = async || site.post("/api/v1/session/open").json(&json!({ "code": "nonsense" })).send().await;
    for _ in 0..300 {
        open().await.is(ErrorCode::CodeRefused);
    }
    let slowed = open().await;
    slowed.is(ErrorCode::Slowed);
    assert!(slowed.header("retry-after").parse::<u32>().unwrap() <= 601);
}

#[tokio::test]
async fn as_many_wrong_codes_at_once_are_no_more_than_one_by_one() {
    let site = Site::new().await;
    let open = async |number: u32| {
        let code = format!("{:04}-0000-0000", number);
        site.post("/api/v1/session/open").json(&json!({ "code": code })).send().await.status
    };
    let answers = futures_util::future::join_all((0..320).map(open)).await;
    let slowed = answers.iter().filter(|status| **status == StatusCode::TOO_MANY_REQUESTS).count();
    let refused = answers.iter().filter(|status| **status == StatusCode::FORBIDDEN).count();
    assert_eq!((refused, slowed), (300, 20));
}

#[tokio::test]
async fn objects_of_very_many_fields_are_refused_at_once() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let author = site.someone(Role::Participant).await;
    let began = std::time::Instant::now();
    let long: serde_json::Map<_, _> = (0..100_000).map(|number| (format!("f{number}"), json!(1))).collect();
    let item = serde_json::to_value(envelope(&author.person, 1, &proposal(consultation, "Un banc"))).unwrap();
    let mut in_proof = item.clone();
    in_proof["proof"] = json!({ "receipt": long });
    push(&site, None, &json!([in_proof])).await.is(ErrorCode::SignInNeeded);
    let mut in_body = item.clone();
    let body: serde_json::Value = serde_json::from_str(item["body"].as_str().unwrap()).unwrap();
    let mut body = body.as_object().unwrap().clone();
    body.extend(long.clone().into_iter().take(10_000));
    in_body["body"] = serde_json::to_string(&body).unwrap().into();
    let results = push(&site, Some(&author), &json!([in_proof, in_body])).await.json()["results"].clone();
    for result in results.as_array().unwrap() {
        assert!(result["invalid"]["reason"].is_string(), "{result}");
    }
    // The text of a receipt is an object too, and is read before anybody is known.
    let mut in_text = item;
    let text = serde_json::to_string(&long).unwrap();
    in_text["proof"] = json!({ "receipt": { "text": text, "signature": "00".repeat(64) } });
    push(&site, None, &json!([in_text])).await.is(ErrorCode::SignInNeeded);
    assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
}
