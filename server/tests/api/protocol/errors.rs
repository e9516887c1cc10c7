//! Every documented code with its status, brought about.

use app::api::ErrorCode;
use domain::authority::Role;
use domain::ids::Hash;
use serde_json::json;

use super::acts::{Client, QUAY, ROAD, as_};
use super::data::{contribute, now, with_photo};
use super::document::Document;
use crate::site::{Answer, Someone};

/// Bytes to a photo's address.
async fn put(client: &Client, someone: &Someone, hash: Hash, offset: usize, bytes: Vec<u8>) -> Answer {
    let path = format!("/api/v1/blobs/{hash}?offset={offset}&size={}", offset + bytes.len());
    let asking = client.site.request("PUT", &path).header("sec-fetch-site", "same-origin").as_(someone);
    asking.header("content-type", "application/octet-stream").bytes(bytes).send().await
}

/// A picture with a comment in it.
fn talkative() -> Vec<u8> {
    [&QUAY[..2], &[0xFF, 0xFE, 0, 4, b'h', b'i'], &QUAY[2..]].concat()
}

/// A photo that was hidden with the proposal that named it.
async fn hidden_photo(client: &Client, clerk: &Someone) -> Hash {
    let closes_at = now() + domain::time::DAY;
    let text = json!({ "fr": "Un banc?" });
    let open = json!({ "title": text, "summary": text, "phases": contribute(closes_at), "grace": 0, "takes": ["proposals"] });
    let consultation = client.accepted(clerk, "open_consultation", open).await;
    let author = client.sign_in(Role::Participant).await;
    for bytes in [QUAY, ROAD] {
        put(client, &author, Hash::of(bytes), 0, bytes.to_vec()).await;
    }
    let record = client.accepted(&author, "propose", with_photo(&consultation)).await;
    let hide = json!({ "consultation": consultation, "record": record, "rule": "off-topic" });
    client.accepted(clerk, "hide", hide).await;
    Hash::of(QUAY)
}

async fn bring_about(client: &Client, code: ErrorCode, citizen: &Someone, clerk: &Someone) -> Answer {
    let site = &client.site;
    let get = async |path: &str, someone| as_(site.get(path), someone).send().await;
    let open =
        async |code: &str| site.post("/api/v1/session/open").json(&json!({ "code": code })).send().await;
    let push = |body: &str| {
        site.post("/api/v1/push").header("content-type", "application/json").bytes(body.to_owned())
    };
    match code {
        ErrorCode::BadRequest => get("/api/v1/pull?scope=territory&colour=red", None).await,
        ErrorCode::SignInNeeded => get("/api/v1/pull?scope=desk/laforce", None).await,
        ErrorCode::NotPermitted => get("/api/v1/pull?scope=desk/laforce", Some(citizen)).await,
        ErrorCode::CrossSite => site.request("POST", "/api/v1/push").send().await,
        ErrorCode::CodeRefused => open("nonsense").await,
        ErrorCode::NotFound => get("/api/v1/nothing", None).await,
        ErrorCode::MethodNotAllowed => site.request("PUT", "/api/v1/health").send().await,
        ErrorCode::WrongOffset => put(client, citizen, Hash::of(QUAY), 9, QUAY[9..].to_vec()).await,
        ErrorCode::TooLarge => push(&" ".repeat((4 << 20) + 1)).send().await,
        ErrorCode::UnsupportedMediaType => site.post("/api/v1/push").bytes("{}").send().await,
        ErrorCode::Invalid => push("{\"colour\":\"red\"}").send().await,
        ErrorCode::BlobMismatch => put(client, citizen, Hash([7; 32]), 0, QUAY.to_vec()).await,
        ErrorCode::NotAPicture => put(client, citizen, Hash::of(b"<svg>"), 0, b"<svg>".to_vec()).await,
        ErrorCode::PictureMetadata => put(client, citizen, Hash::of(&talkative()), 0, talkative()).await,
        ErrorCode::BlobRefused => {
            let hash = hidden_photo(client, clerk).await;
            put(client, citizen, hash, 0, QUAY.to_vec()).await
        }
        ErrorCode::Slowed => {
            for _ in 0..300 {
                open("nonsense").await;
            }
            open("nonsense").await
        }
        ErrorCode::Unavailable => {
            site.store.clone().close().await;
            get("/api/v1/pull?scope=public/moffet", None).await
        }
        ErrorCode::Offline | ErrorCode::NotRabaska => panic!("no server says {code:?}"),
    }
}

#[tokio::test]
async fn every_documented_error_comes_with_its_status_and_there_is_no_other() {
    let client = Client::new().await;
    let (citizen, clerk) = (client.sign_in(Role::Participant).await, client.sign_in(Role::Clerk).await);
    let mut documented = Vec::new();
    for row in Document::table("Status") {
        for name in row[1].split(", ") {
            let code = *ErrorCode::ALL.iter().find(|code| code.name() == name).unwrap();
            let answer = bring_about(&client, code, &citizen, &clerk).await;
            answer.is(code);
            assert_eq!(answer.status.to_string().split(' ').next(), Some(row[0].as_str()), "{name}");
            let said = answer.json();
            client.document.fits("Error", &said);
            let after = said["retry_after"].as_u64().map(|seconds| seconds.to_string()).unwrap_or_default();
            assert_eq!(answer.header("retry-after"), after);
            documented.push(code);
        }
    }
    let all = ErrorCode::ALL.iter().filter(|code| code.status() != 0);
    assert_eq!(documented.len(), all.clone().count());
    assert!(all.clone().all(|code| documented.contains(code)));
}
