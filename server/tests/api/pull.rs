//! Pulling: what is fresh, what is unchanged, and what is nobody else's.

use app::api::ErrorCode;
use domain::authority::Role;
use serde_json::json;

use crate::site::{Site, envelope, proposal};

#[tokio::test]
async fn a_public_scope_is_pulled_without_a_session_and_known_by_its_tag() {
    let site = Site::new().await;
    let first = site.get("/api/v1/pull?scope=territory").send().await;
    let page = first.json();
    assert!(page["rows"].as_array().unwrap().len() > 20);
    assert_eq!(first.header("cache-control"), "public, max-age=0, must-revalidate");
    assert_eq!(first.header("vary"), "accept-encoding");
    let tag = first.header("etag").to_owned();
    let again = site.get("/api/v1/pull?scope=territory").header("if-none-match", &tag).send().await;
    assert_eq!((again.status.as_u16(), again.header("etag")), (304, tag.as_str()));
    // After a hint the address names the head, and may be kept for half a minute.
    let head = page["head"].as_u64().unwrap();
    for (hinted, kept) in [(head, "public, max-age=30"), (head + 1, "public, max-age=0, must-revalidate")] {
        let answer = site.get(&format!("/api/v1/pull?scope=territory&head={hinted}")).send().await;
        assert_eq!(answer.header("cache-control"), kept);
    }
    let health = site.get("/api/v1/health").send().await.json();
    assert_eq!((&health["epoch"], health["rabaska"].as_str()), (&page["epoch"], Some("0.1.0")));
    let keys = site.get("/api/v1/keys").send().await.json();
    assert_eq!(keys["keys"][0]["public"].as_str().map(str::len), Some(64));
}

#[tokio::test]
async fn pages_go_up_from_a_cursor_and_down_from_the_head() {
    let site = Site::new().await;
    let pull =
        async |query: &str| site.get(&format!("/api/v1/pull?scope=territory{query}")).send().await.json();
    let newest = pull("&limit=3").await;
    let (head, sequence) = (newest["head"].as_u64().unwrap(), |page: &serde_json::Value| {
        page["rows"].as_array().unwrap().iter().map(|row| row["seq"].as_u64().unwrap()).collect::<Vec<_>>()
    });
    assert_eq!(sequence(&newest), [head, head - 1, head - 2]);
    assert_eq!((newest["more"].as_bool(), newest["cursor"].as_u64()), (Some(true), Some(head - 2)));
    let older = pull(&format!("&limit=3&before={}", head - 2)).await;
    assert_eq!(sequence(&older)[0], head - 3);
    assert_eq!(sequence(&pull("&limit=2&cursor=0").await), [1, 2]);
    let nothing = pull(&format!("&cursor={head}")).await;
    assert_eq!((nothing["rows"].as_array().map(Vec::len), nothing["more"].as_bool()), (Some(0), Some(false)));
    let other = pull(&format!("&cursor={head}&epoch={}", "ab".repeat(16))).await;
    assert_eq!(other["resync"].as_bool(), Some(true));
}

#[tokio::test]
async fn private_scopes_are_their_owners_and_never_stored_between() {
    let site = Site::new().await;
    let (clerk, citizen) = (site.someone(Role::Clerk).await, site.someone(Role::Participant).await);
    let desk = "/api/v1/pull?scope=desk/laforce";
    let own = format!("/api/v1/pull?scope=person/{}", citizen.person.id);
    for (path, allowed, refused) in [(desk, &clerk, &citizen), (own.as_str(), &citizen, &clerk)] {
        let answer = site.get(path).as_(allowed).send().await;
        assert_eq!((answer.status.as_u16(), answer.header("cache-control")), (200, "private, no-store"));
        assert_eq!(answer.header("etag"), "");
        site.get(path).as_(refused).send().await.is(ErrorCode::NotPermitted);
        site.get(path).send().await.is(ErrorCode::SignInNeeded);
    }
    site.get("/api/v1/pull?scope=desk/moffet").as_(&clerk).send().await.is(ErrorCode::NotPermitted);
}

#[tokio::test]
async fn a_compressed_page_says_what_the_plain_one_says() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let author = site.someone(Role::Participant).await;
    let envelopes: Vec<_> =
        (0..20).map(|op| envelope(&author.person, op, &proposal(consultation, "Un banc"))).collect();
    site.post("/api/v1/push").as_(&author).json(&json!({ "envelopes": envelopes })).send().await;
    let path = format!("/api/v1/pull?scope=public/laforce/{consultation}");
    let plain = site.get(&path).send().await;
    let packed = site.get(&path).header("accept-encoding", "gzip").send().await;
    assert_eq!(plain.json()["rows"].as_array().unwrap().len(), 20);
    assert_eq!((plain.header("content-encoding"), packed.header("content-encoding")), ("", "gzip"));
    assert!(packed.body.len() < plain.body.len() / 2);
    assert_eq!(plain.header("etag"), packed.header("etag"));
}
