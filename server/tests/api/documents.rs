//! Documents of a consultation: attached by its office, handed out as files to put away.

use std::collections::HashMap;

use app::api::ErrorCode;
use domain::authority::Role;
use domain::documents::SIZE_MAX;
use domain::ids::{Hash, RecordId, Salt};
use domain::operations::{Action, AttachDocument, BlobRef, DetachDocument, Photo, Propose, seal};
use domain::text::Localized;
use domain::time::Millis;
use serde_json::{Value, json};

use crate::site::{Answer, ORIGIN, Site, Someone, envelope, picture, proposal};

/// As small as one is: what is in it is nobody's business but the reader's.
const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
const PIECE: usize = 256 * 1024;

/// Sends the piece that begins here.
async fn piece(site: &Site, someone: &Someone, bytes: &[u8], at: usize) -> Answer {
    let path = format!("/api/v1/blobs/{}?offset={at}&size={}", Hash::of(bytes), bytes.len());
    let asking = site.request("PUT", &path).as_(someone).header("sec-fetch-site", "same-origin");
    let asking = asking.header("content-type", "application/octet-stream");
    asking.bytes(bytes[at..bytes.len().min(at + PIECE)].to_vec()).send().await
}

/// Sends piece after piece, as long as they are taken: the last answer.
async fn put(site: &Site, someone: &Someone, bytes: &[u8]) -> Answer {
    let mut at = 0;
    loop {
        let answer = piece(site, someone, bytes, at).await;
        at += PIECE;
        if answer.status.as_u16() != 200 || at >= bytes.len() {
            return answer;
        }
    }
}

fn attach(consultation: RecordId, file: Hash) -> Action {
    let title = Localized::new([("fr".parse().unwrap(), "Le plan".parse().unwrap())]).unwrap();
    Action::AttachDocument(AttachDocument { consultation, title, file })
}

/// Pushes an action with its files.
async fn push(site: &Site, someone: &Someone, op: u8, action: &Action, files: &[(Hash, usize)]) -> Value {
    let blobs = files.iter().map(|(sha256, size)| BlobRef { sha256: *sha256, size: *size as u64 });
    let mut envelope = envelope(&someone.person, op, action);
    envelope.body = seal(Salt([op; 32]), Millis(5), blobs.collect(), action).unwrap();
    let asked = json!({ "envelopes": [envelope] });
    site.post("/api/v1/push").as_(someone).json(&asked).send().await.json()["results"][0].clone()
}

fn outcome(result: &Value) -> Value {
    let receipt: Value = serde_json::from_str(result["receipt"]["text"].as_str().unwrap()).unwrap();
    receipt["outcome"].clone()
}

#[tokio::test]
async fn a_document_is_handed_out_as_a_file_and_no_longer_once_it_is_taken_away() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let (clerk, file) = (site.someone(Role::Clerk).await, Hash::of(PDF));
    let path = format!("/api/v1/blobs/{file}");
    assert_eq!(put(&site, &clerk, PDF).await.header("upload-complete"), "?1");
    site.get(&path).send().await.is(ErrorCode::NotFound);
    let attach = attach(consultation, file);
    let done = push(&site, &clerk, 1, &attach, &[(file, PDF.len())]).await;
    assert_eq!(outcome(&done), "accepted");

    let scope = format!("/api/v1/pull?scope=public/laforce/{consultation}");
    let record = async || site.get(&scope).send().await.json()["rows"][0]["record"].clone();
    let seen = record().await;
    assert_eq!((seen["kind"].as_str(), seen["size"].as_u64()), (Some("document"), Some(PDF.len() as u64)));
    let served = site.get(&path).send().await;
    assert_eq!((served.status.as_u16(), &served.body[..]), (200, PDF));
    for (name, value) in [
        ("content-type", "application/pdf"),
        ("content-disposition", "attachment"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
        ("cache-control", "private, no-cache"),
    ] {
        assert_eq!(served.header(name), value, "{name}");
    }
    let known = site.get(&path).header("if-none-match", served.header("etag")).send().await;
    assert_eq!(known.status.as_u16(), 304);

    let table = async || {
        let answer = site.get("/api/v1/export/laforce/documents.csv").send().await;
        let mut rows = csv::Reader::from_reader(&answer.body[..]);
        rows.deserialize::<HashMap<String, String>>().map(Result::unwrap).collect::<Vec<_>>()
    };
    let row = table().await.remove(0);
    let (address, size) = (format!("{ORIGIN}{path}"), PDF.len().to_string());
    let told = ["language", "title", "file", "bytes", "address", "removed_at"].map(|name| row[name].as_str());
    assert_eq!(told, ["fr", "Le plan", &file.to_string(), &size, &address, ""]);

    let document = seen["id"].as_str().unwrap().parse().unwrap();
    let detach = Action::DetachDocument(DetachDocument { consultation, document });
    assert_eq!(outcome(&push(&site, &clerk, 2, &detach, &[]).await), "accepted");
    site.get(&path).send().await.is(ErrorCode::NotFound);
    site.get(&path).as_(&site.someone(Role::Participant).await).send().await.is(ErrorCode::NotFound);
    let gone = record().await;
    assert_eq!((gone["title"].clone(), gone["removed_at"].is_u64()), (json!({ "fr": "Le plan" }), true));
    let row = table().await.remove(0);
    assert_eq!((row["address"].as_str(), row["removed_at"].is_empty()), ("", false));
}

#[tokio::test]
async fn only_a_pdf_of_ten_million_bytes_is_taken_whatever_it_is_said_to_be() {
    let site = Site::new().await;
    let clerk = site.someone(Role::Clerk).await;
    let page: &[u8] = b"<html><script>alert(1)</script>%PDF-1.4\n";
    put(&site, &clerk, page).await.is(ErrorCode::NotAPicture);
    let of_size = |size: u64| {
        let mut bytes = PDF.to_vec();
        bytes.resize(usize::try_from(size).unwrap(), b' ');
        bytes
    };
    put(&site, &clerk, &of_size(SIZE_MAX + 1)).await.is(ErrorCode::TooLarge);
    assert_eq!(put(&site, &clerk, &of_size(SIZE_MAX)).await.header("upload-complete"), "?1");
    // A picture may not be as large as a document: that is said before it is sent.
    let mut large = picture().1.to_vec();
    large.resize((8 << 20) + 1, 0);
    piece(&site, &clerk, &large, 0).await.is(ErrorCode::TooLarge);
    // The type of what is sent is that of every piece.
    let path = format!("/api/v1/blobs/{}?offset=0&size={}", Hash::of(PDF), PDF.len());
    let asking = site.request("PUT", &path).as_(&clerk).header("sec-fetch-site", "same-origin");
    let wrong = asking.header("content-type", "application/pdf").bytes(PDF).send().await;
    wrong.is(ErrorCode::UnsupportedMediaType);
}

#[tokio::test]
async fn only_the_office_of_the_place_attaches_and_only_what_it_uploaded_itself() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let file = Hash::of(PDF);
    let files = [(file, PDF.len())];
    let attach = attach(consultation, file);
    let (clerk, citizen) = (site.someone(Role::Clerk).await, site.someone(Role::Participant).await);
    put(&site, &citizen, PDF).await;
    let refused = outcome(&push(&site, &citizen, 1, &attach, &files).await);
    assert_eq!(refused["refused"]["code"], "not_permitted");
    let waits = push(&site, &clerk, 2, &attach, &files).await;
    assert_eq!(waits["waiting"]["blobs"], json!([file]));
    let elsewhere = {
        use domain::ports::Identity;
        let (name, place) = ("P (fictive)".parse().unwrap(), "moffet".parse().unwrap());
        let (_, code) = site.store.add(name, place, Role::Clerk).await.unwrap();
        let opened = site.store.open(code).await.unwrap();
        Someone { person: opened.person, token: opened.token }
    };
    put(&site, &elsewhere, PDF).await;
    let refused = outcome(&push(&site, &elsewhere, 3, &attach, &files).await);
    assert_eq!(refused["refused"]["code"], "not_permitted");
    let scope = format!("/api/v1/pull?scope=public/laforce/{consultation}");
    assert_eq!(site.get(&scope).send().await.json()["rows"], json!([]));
    site.get(&format!("/api/v1/blobs/{file}")).send().await.is(ErrorCode::NotFound);
}

#[tokio::test]
async fn a_photo_is_no_document_and_a_document_no_photo() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let (clerk, citizen) = (site.someone(Role::Clerk).await, site.someone(Role::Participant).await);
    let (photo, bytes) = picture();
    let file = Hash::of(PDF);
    put(&site, &clerk, bytes).await;
    let attached = push(&site, &clerk, 1, &attach(consultation, photo), &[(photo, bytes.len())]).await;
    assert_eq!(attached["invalid"]["reason"], "a blob is of another kind");
    for bytes in [PDF, bytes] {
        put(&site, &citizen, bytes).await;
    }
    let Action::Propose(plain) = proposal(consultation, "Le quai") else { unreachable!() };
    for (full, thumb) in [(file, photo), (photo, file)] {
        let photos = vec![Photo { full, thumb, alt: None }];
        let action = Action::Propose(Propose { photos, ..plain.clone() });
        let files = [(file, PDF.len()), (photo, bytes.len())];
        let proposed = push(&site, &citizen, 2, &action, &files).await;
        assert_eq!(proposed["invalid"]["reason"], "a blob is of another kind");
    }
    site.get(&format!("/api/v1/blobs/{file}")).send().await.is(ErrorCode::NotFound);
}
