//! Photos: sent in pieces, seen by their sender, and served as nothing but pictures.

use app::api::ErrorCode;
use domain::authority::Role;

use crate::site::{Answer, Site, Someone, picture};

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
