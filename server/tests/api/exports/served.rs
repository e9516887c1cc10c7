//! Addresses, headers, languages, and large files.

use app::api::ErrorCode;
use domain::authority::Role;
use domain::operations::{Action, CloseConsultation};
use http_body_util::BodyExt;
use rabaska::import::decidim;
use rabaska::import::statements::Target;
use rabaska::system::SystemClock;

use super::Village;
use crate::site::proposal;

#[tokio::test]
async fn every_file_is_served_to_anyone_and_known_by_its_tag() {
    let village = Village::new().await;
    let citizen = village.citizen().await;
    village.act(&citizen, 1, &proposal(village.consultation, "Un banc")).await;
    for address in village.addresses() {
        let answer = village.get(&address).await;
        let (path, file) = address.rsplit_once('/').unwrap();
        let kept = if file.ends_with(".ics") || file.ends_with(".atom") { "inline" } else { "attachment" };
        let of = path.strip_prefix("/api/v1/export/").unwrap().replace('/', "-");
        let disposition = format!("{kept}; filename=\"{of}-{file}\"");
        assert_eq!(answer.header("content-disposition"), disposition, "{address}");
        assert_eq!(answer.header("cache-control"), "public, no-cache");
        assert_eq!(answer.header("vary"), "accept-encoding, accept-language");
        assert_eq!(answer.header("set-cookie"), "");
        let tag = answer.header("etag").to_owned();
        let known = village.site.get(&address).header("if-none-match", &tag).send().await;
        assert_eq!((known.status.as_u16(), known.body.len(), known.header("etag")), (304, 0, tag.as_str()));
        let head = village.site.request("HEAD", &address).send().await;
        assert_eq!((head.status.as_u16(), head.body.len(), head.header("etag")), (200, 0, tag.as_str()));
        assert_eq!(head.header("content-type"), answer.header("content-type"));
        let packed = village.site.get(&address).header("accept-encoding", "gzip").send().await;
        assert_eq!(packed.header("content-encoding"), "gzip");
        let mut plain = Vec::new();
        std::io::copy(&mut flate2::read::GzDecoder::new(&packed.body[..]), &mut plain).unwrap();
        assert_eq!(plain, answer.body, "{address}");
    }
    let before = village.get("/api/v1/export/laforce/feed.atom").await.header("etag").to_owned();
    village.act(&citizen, 2, &proposal(village.consultation, "Une lumière")).await;
    assert_ne!(village.get("/api/v1/export/laforce/feed.atom").await.header("etag"), before);
}

#[tokio::test]
async fn what_is_not_there_is_not_found_and_other_questions_are_refused() {
    let village = Village::new().await;
    let id = village.consultation;
    for address in [
        "laforce/people.csv".to_owned(),
        "laforce/desk.csv".to_owned(),
        "laforce/contributions".to_owned(),
        "laforce/contributions.json".to_owned(),
        "atlantis/contributions.csv".to_owned(),
        "LAFORCE/contributions.csv".to_owned(),
        "%ff/contributions.csv".to_owned(),
        "..%2fdesk/contributions.csv".to_owned(),
        format!("moffet/{id}/contributions.csv"),
        format!("laforce/{}/contributions.csv", "ab".repeat(16)),
        "laforce/un-banc/contributions.csv".to_owned(),
    ] {
        village.site.get(&format!("/api/v1/export/{address}")).send().await.is(ErrorCode::NotFound);
    }
    for query in ["lang=de", "lang=FR", "lang=fr&lang=en", "colour=red", "since=0"] {
        let address = format!("/api/v1/export/laforce/feed.atom?{query}");
        village.site.get(&address).send().await.is(ErrorCode::BadRequest);
    }
}

#[tokio::test]
async fn words_come_in_the_language_of_the_address_then_of_the_browser_then_of_the_community() {
    let village = Village::new().await;
    let asked = async |query: &str, accepted: &str| {
        let asking = village.site.get(&format!("/api/v1/export/laforce/calendar.ics{query}"));
        let answer = asking.header("accept-language", accepted).send().await;
        (answer.header("etag").to_owned(), String::from_utf8(answer.body.to_vec()).unwrap())
    };
    let (french, text) = asked("", "").await;
    assert!(text.contains("SUMMARY:Contribuer : Un banc?"), "{text}");
    let (english, text) = asked("?lang=en", "fr").await;
    assert!(text.contains("SUMMARY:Contribute: Un banc?"), "{text}");
    assert_ne!(french, english);
    assert_eq!(asked("", "en-CA, fr;q=0.5").await.0, english);
    assert_eq!(asked("?lang=fr", "en").await.0, french);
}

#[tokio::test]
async fn what_was_closed_by_hand_ends_there_in_the_calendar_and_is_told_in_the_feed() {
    let village = Village::new().await;
    let before = village.text("calendar.ics").await;
    assert!(
        before.contains("SEQUENCE:0")
            && !village.text("feed.atom").await.contains("term=\"consultation-closed\"")
    );
    let uid = format!("UID:{}-phase-contribute@rabaska", village.consultation);
    assert_eq!(before.matches(&uid).count(), 1);
    let clerk = village.site.someone(Role::Clerk).await;
    let close = CloseConsultation { consultation: village.consultation, grace: 0 };
    village.act(&clerk, 9, &Action::CloseConsultation(close)).await;
    let after = village.text("calendar.ics").await;
    assert_eq!(after.matches(&uid).count(), 1);
    assert!(after.contains("SEQUENCE:1"), "{after}");
    let end = |text: &str| text.split("DTEND:").nth(1).map(|rest| rest[..16].to_owned());
    assert!(end(&after) < end(&before), "{after}");
    let document: serde_json::Value = serde_json::from_str(&village.text("export.json").await).unwrap();
    let closed = document["consultations"][0]["closed_at"].as_str().unwrap().replace(['-', ':'], "");
    let stamps: Vec<&str> = after.lines().filter_map(|line| line.strip_prefix("DTSTAMP:")).collect();
    assert!(stamps.len() > 1 && stamps.iter().all(|stamp| *stamp == closed), "of when it changed: {after}");
    let opened = document["consultations"][0]["opened_at"].as_str().unwrap().replace(['-', ':'], "");
    assert!(before.contains(&format!("DTSTAMP:{opened}\r\n")), "of when it opened: {before}");
    assert!(village.text("feed.atom").await.contains("term=\"consultation-closed\""));
}

/// So many proposals, as a file of Decidim.
async fn load(village: &Village, count: usize) {
    let mut file = "id,title,body,published_at\n".to_owned();
    for id in 0..count {
        let week = 1 + id % 4;
        file += &format!("{id},Banc {id},{},2026-0{week}-15 10:00:00 UTC\n", "Face au lac. ".repeat(40));
    }
    let (community, source) = ("laforce".parse().unwrap(), "test".parse().unwrap());
    let target = Target { community, consultation: village.consultation, source };
    let loaded = decidim::load(&village.site.store, &SystemClock, &[7; 32], &target, file.as_bytes()).await;
    assert_eq!(loaded.unwrap().summary.added, count);
}

#[tokio::test]
async fn a_file_of_many_pages_holds_everything_once_in_the_order_of_week_and_name() {
    let village = Village::new().await;
    load(&village, 1_300).await;
    let rows = village.rows("contributions.csv").await;
    let titles: std::collections::BTreeSet<_> = rows.iter().map(|row| row["title"].clone()).collect();
    assert_eq!((rows.len(), titles.len()), (1_300, 1_300));
    let places: Vec<_> = rows.iter().map(|row| (row["week"].clone(), row["id"].clone())).collect();
    assert!(places.is_sorted());
    let document: serde_json::Value = serde_json::from_str(&village.text("export.json").await).unwrap();
    assert_eq!(document["consultations"][0]["contributions"].as_array().map(Vec::len), Some(1_300));
    // The newest weeks, whole.
    let feed = village.text("feed.atom").await;
    assert_eq!(feed.matches("<entry>").count(), 1 + 325);
}

#[tokio::test]
async fn a_file_that_cannot_be_read_to_its_end_is_broken_off() {
    let village = Village::new().await;
    let first = village.consultation;
    load(&village, 600).await;
    village.site.consultation().await;
    let answer = village.site.get("/api/v1/export/laforce/contributions.csv").open().await;
    let mut body = answer.into_body();
    assert!(body.frame().await.unwrap().is_ok(), "{first}");
    village.site.store.clone().close().await;
    let mut last = None;
    while let Some(frame) = body.frame().await {
        last = Some(frame);
    }
    assert!(last.is_some_and(|frame| frame.is_err()), "half a file was taken for a whole one");
}
