//! Photos: sent in pieces, seen by their sender, and served as nothing but pictures.

use app::api::ErrorCode;
use domain::authority::Role;
use domain::ids::{Hash, Salt};
use domain::operations::{Action, BlobRef, Photo, Propose, seal};
use domain::time::Millis;
use serde_json::json;
use sqlx::{Connection, SqliteConnection};

use crate::site::{Answer, Site, Someone, envelope, picture, proposal};

async fn put(site: &Site, someone: &Someone, path: &str, query: &str, bytes: &'static [u8]) -> Answer {
    let asking = site.request("PUT", &format!("{path}?{query}")).header("sec-fetch-site", "same-origin");
    asking.as_(someone).header("content-type", "application/octet-stream").bytes(bytes).send().await
}

#[tokio::test]
async fn a_picture_is_sent_in_pieces_and_resumed() {
    let site = Site::new().await;
    let (sender, other) = (site.someone(Role::Participant).await, site.someone(Role::Participant).await);
    let (hash, bytes) = picture();
    let (path, size) = (format!("/api/v1/blobs/{hash}"), bytes.len());
    let head = async |someone: &Someone| site.request("HEAD", &path).as_(someone).send().await;
    assert_eq!(site.request("HEAD", &path).send().await.status.as_u16(), 401);
    assert_eq!(head(&sender).await.status.as_u16(), 404);
    let first = put(&site, &sender, &path, &format!("offset=0&size={size}"), &bytes[..4_000]).await;
    assert_eq!((first.json()["offset"].as_u64(), first.header("upload-complete")), (Some(4_000), "?0"));
    let wrong = put(&site, &sender, &path, &format!("offset=9&size={size}"), &bytes[9..]).await;
    wrong.is(ErrorCode::WrongOffset);
    assert_eq!(wrong.header("upload-offset"), "4000");
    let asked = head(&sender).await;
    assert_eq!((asked.header("upload-offset"), asked.header("upload-complete")), ("4000", "?0"));
    let last = put(&site, &sender, &path, &format!("offset=4000&size={size}"), &bytes[4_000..]).await;
    assert_eq!((last.json()["complete"].as_bool(), last.header("upload-complete")), (Some(true), "?1"));
    // There for its sender only, until a record names it.
    assert_eq!(head(&other).await.status.as_u16(), 404);
    site.get(&path).as_(&other).send().await.is(ErrorCode::NotFound);
    site.get(&path).send().await.is(ErrorCode::NotFound);
    let seen = site.get(&path).as_(&sender).send().await;
    assert_eq!((seen.header("content-type"), &seen.body[..]), ("image/jpeg", bytes));
    assert_eq!(seen.header("cache-control"), "private, no-cache");
    assert_eq!(seen.header("content-security-policy"), "default-src 'none'; sandbox");
    assert_eq!(seen.header("x-content-type-options"), "nosniff");
    let again = site.get(&path).as_(&sender).header("if-none-match", seen.header("etag")).send().await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
}

#[tokio::test]
async fn a_restored_server_takes_again_what_it_had_half_way() {
    let site = Site::new().await;
    let sender = site.someone(Role::Participant).await;
    let (hash, bytes) = picture();
    let (path, size) = (format!("/api/v1/blobs/{hash}"), bytes.len());
    put(&site, &sender, &path, &format!("offset=0&size={size}"), &bytes[..4_000]).await;
    // Backups hold the rows of uploads and not their parts.
    let uploads = site.path().join("uploads");
    for part in std::fs::read_dir(&uploads).unwrap() {
        std::fs::remove_file(part.unwrap().path()).unwrap();
    }
    // A device that was in the middle of it goes on, is corrected, and starts again; one that
    // comes later asks first.
    let wrong = put(&site, &sender, &path, &format!("offset=4000&size={size}"), &bytes[4_000..]).await;
    wrong.is(ErrorCode::WrongOffset);
    assert_eq!(wrong.header("upload-offset"), "0");
    assert_eq!(site.request("HEAD", &path).as_(&sender).send().await.status.as_u16(), 404);
    let whole = put(&site, &sender, &path, &format!("offset=0&size={size}"), bytes).await;
    assert_eq!(whole.header("upload-complete"), "?1");
}

#[tokio::test]
async fn a_server_that_stopped_before_it_noted_a_file_finishes_it_in_the_devices_order() {
    let site = Site::new().await;
    let sender = site.someone(Role::Participant).await;
    let (hash, bytes) = picture();
    let (path, size) = (format!("/api/v1/blobs/{hash}"), bytes.len());
    let database = site.path().join("rabaska.db");
    let sql = async |statement: &'static str| {
        let mut connection = SqliteConnection::connect(database.to_str().unwrap()).await.unwrap();
        sqlx::query(statement).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    };
    sql("CREATE TRIGGER failing BEFORE INSERT ON blobs BEGIN SELECT RAISE(ABORT, 'no'); END").await;
    put(&site, &sender, &path, &format!("offset=0&size={size}"), bytes).await.is(ErrorCode::Unavailable);
    sql("DROP TRIGGER failing").await;
    // HEAD says that all of it is there; what follows is an empty last piece.
    let asked = site.request("HEAD", &path).as_(&sender).send().await;
    assert_eq!(asked.header("upload-offset"), size.to_string());
    assert_eq!(asked.header("upload-complete"), "?0");
    let last = put(&site, &sender, &path, &format!("offset={size}&size={size}"), &[]).await;
    assert_eq!((last.status.as_u16(), last.header("upload-complete")), (200, "?1"));
    assert_eq!(site.get(&path).as_(&sender).send().await.body, bytes);
}

#[tokio::test]
async fn what_is_no_picture_or_another_one_is_refused() {
    let site = Site::new().await;
    let sender = site.someone(Role::Participant).await;
    let text: &[u8] = b"<svg onload=alert(1)>";
    let path = format!("/api/v1/blobs/{}", domain::ids::Hash::of(text));
    put(&site, &sender, &path, &format!("offset=0&size={}", text.len()), text)
        .await
        .is(ErrorCode::NotAPicture);
    let path = format!("/api/v1/blobs/{}", "ab".repeat(32));
    let (_, bytes) = picture();
    put(&site, &sender, &path, &format!("offset=0&size={}", bytes.len()), bytes)
        .await
        .is(ErrorCode::BlobMismatch);
    put(&site, &sender, &path, "offset=0", bytes).await.is(ErrorCode::BadRequest);
    put(&site, &sender, &path, "offset=0&size=99999999999", bytes).await.is(ErrorCode::TooLarge);
}

#[tokio::test]
async fn a_small_picture_that_is_not_small_is_never_published() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let sender = site.someone(Role::Participant).await;
    let (small, little) = picture();
    let large: &[u8] = include_bytes!("../../demo/photos/quay.jpg");
    let big = Hash::of(large);
    for (hash, bytes) in [(small, little), (big, large)] {
        let size = bytes.len();
        put(&site, &sender, &format!("/api/v1/blobs/{hash}"), &format!("offset=0&size={size}"), bytes).await;
    }
    let push = async |op: u8, full, thumb, told: [u64; 2]| {
        let Action::Propose(plain) = proposal(consultation, "Le quai") else { unreachable!() };
        let action = Action::Propose(Propose { photos: vec![Photo { full, thumb, alt: None }], ..plain });
        let mut envelope = envelope(&sender.person, op, &action);
        let [full, thumb] =
            [(full, told[0]), (thumb, told[1])].map(|(sha256, size)| BlobRef { sha256, size });
        envelope.body = seal(Salt([op; 32]), Millis(5), vec![full, thumb], &action).unwrap();
        let asked = json!({ "envelopes": [envelope] });
        site.post("/api/v1/push").as_(&sender).json(&asked).send().await.json()["results"][0].clone()
    };
    let (little, large) = (little.len() as u64, large.len() as u64);
    assert_eq!(push(1, small, big, [little, large]).await["invalid"]["reason"], "thumb too large");
    // Nor by saying that it is smaller than what was uploaded.
    assert_eq!(push(2, small, big, [little, 20_480]).await["invalid"]["reason"], "a blob has another size");
    let path = format!("/api/v1/pull?scope=public/laforce/{consultation}");
    assert_eq!(site.get(&path).send().await.json()["rows"], json!([]));
    site.get(&format!("/api/v1/blobs/{big}")).send().await.is(ErrorCode::NotFound);
    assert!(push(3, big, small, [large, little]).await["receipt"].is_object());
}

#[tokio::test]
async fn a_refused_picture_is_not_found_when_asked_for_and_refused_in_words_when_sent() {
    let site = Site::new().await;
    let sender = site.someone(Role::Participant).await;
    let (hash, bytes) = picture();
    let (path, size) = (format!("/api/v1/blobs/{hash}"), bytes.len());
    put(&site, &sender, &path, &format!("offset=0&size={size}"), bytes).await;
    let database = site.path().join("rabaska.db");
    let mut connection = SqliteConnection::connect(database.to_str().unwrap()).await.unwrap();
    sqlx::query("UPDATE blobs SET refused = 1").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    // In the device's order: it asks, and sends from the beginning.
    for someone in [&sender, &site.someone(Role::Participant).await] {
        assert_eq!(site.request("HEAD", &path).as_(someone).send().await.status.as_u16(), 404);
        put(&site, someone, &path, &format!("offset=0&size={size}"), bytes).await.is(ErrorCode::BlobRefused);
    }
}
