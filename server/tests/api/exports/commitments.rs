//! Commitments in every file that tells of them.

use domain::authority::Role;
use domain::ids::RecordId;
use domain::operations::{Action, Commit, Delivery, ReportProgress};
use domain::ports::Clock;
use domain::time::{DAY, Millis};
use rabaska::export::times;
use rabaska::system::SystemClock;
use serde_json::{Value, json};

use super::Village;
use crate::site::proposal;

impl Village {
    fn commit(&self, due: Millis, follows: Vec<RecordId>) -> Action {
        Action::Commit(Commit {
            consultation: self.consultation,
            text: serde_json::from_value(json!({ "fr": "Une lampe\nau quai.", "cr": "ᐙᓴᑯᓂᐱᒋᑲᓐ" })).unwrap(),
            owner: serde_json::from_value(json!({ "fr": "=La voirie" })).unwrap(),
            due,
            follows,
        })
    }

    fn report(&self, record: RecordId, text: &str, state: Delivery) -> Action {
        let text = serde_json::from_value(json!({ "fr": text })).unwrap();
        Action::ReportProgress(ReportProgress { consultation: self.consultation, record, text, state })
    }
}

#[tokio::test]
async fn commitments_and_their_log_stand_in_tables_document_calendar_and_feed() {
    let village = Village::new().await;
    let (author, clerk) = (village.citizen().await, village.site.someone(Role::Clerk).await);
    let bench = village.act(&author, 1, &proposal(village.consultation, "Une lampe")).await;
    let (first, later) = (SystemClock.now().plus(9 * DAY), SystemClock.now().plus(30 * DAY));
    let lamp = village.act(&clerk, 2, &village.commit(first, vec![bench])).await;
    let other = village.act(&clerk, 3, &village.commit(first, vec![])).await;
    village.act(&clerk, 4, &village.report(lamp, "Commandée.", Delivery::UnderWay)).await;
    village.act(&clerk, 5, &village.report(lamp, "Retard de livraison.", Delivery::Moved(later))).await;
    village.act(&clerk, 6, &village.report(other, "Trop cher.", Delivery::GivenUp)).await;

    let rows = village.rows("commitments.csv").await;
    let of = |id: RecordId| rows.iter().find(|row| row["id"] == id.to_string()).unwrap();
    let cells = |id, names: &[&str]| names.iter().map(|name| of(id)[*name].clone()).collect::<Vec<_>>();
    let dates = ["promised", "due", "state"];
    assert_eq!(cells(lamp, &dates), [&*times::instant(first), &*times::instant(later), "under_way"]);
    assert_eq!(cells(other, &dates), [&*times::instant(first), &*times::instant(first), "given_up"]);
    let said = ["text_fr", "text_cr", "owner_fr", "owner_cr"];
    assert_eq!(cells(lamp, &said), ["Une lampe\nau quai.", "ᐙᓴᑯᓂᐱᒋᑲᓐ", "'=La voirie", ""]);
    let log = village.rows("commitment_log.csv").await;
    let log: Vec<_> = log.iter().filter(|row| row["commitment"] == lamp.to_string()).collect();
    assert_eq!((&*log[0]["number"], &*log[0]["state"], &*log[0]["moved_to"]), ("1", "under_way", ""));
    assert_eq!((&*log[1]["state"], log[1]["moved_to"].clone()), ("moved", times::instant(later)));
    let follows = village.rows("commitment_follows.csv").await;
    assert_eq!((follows.len(), follows[0]["contribution"].clone()), (1, bench.to_string()), "{follows:?}");

    let document: Value = serde_json::from_str(&village.text("export.json").await).unwrap();
    let told = document["consultations"][0]["commitments"].as_array().unwrap();
    let told = told.iter().find(|it| it["id"] == lamp.to_string()).unwrap();
    assert_eq!((&told["due"], &told["state"]), (&json!(times::instant(later)), &json!("under_way")));
    assert_eq!(told["log"][1]["moved_to"], json!(times::instant(later)));

    let calendar = village.text("calendar.ics").await;
    let event = |id: RecordId| {
        let uid = format!("UID:{id}-commitment@rabaska\r\n");
        let found: Vec<&str> = calendar.split("BEGIN:VEVENT").filter(|event| event.contains(&uid)).collect();
        assert_eq!(found.len(), 1, "{calendar}");
        found[0].to_owned()
    };
    let compact = |at| format!("DTSTART:{}\r\n", times::compact(at));
    assert!(event(lamp).contains(&compact(later)) && event(lamp).contains("SEQUENCE:2\r\n"), "{calendar}");
    assert!(
        event(lamp).contains("STATUS:CONFIRMED") && event(lamp).contains("engagement : Une lampe au quai.")
    );
    assert!(event(other).contains(&compact(first)) && event(other).contains("STATUS:CANCELLED"));

    let feed = village.text("feed.atom").await;
    assert_eq!(feed.matches("term=\"commitment\"").count(), 2);
    assert_eq!(feed.matches("term=\"commitment-progress\"").count(), 3);
    assert!(feed.contains(&format!("Reporté au : {}", times::day(later))), "{feed}");
    // Who wrote it is nobody's business.
    for (address, _, bytes) in village.all().await {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains(clerk.person.id.as_str()), "{address} names the clerk");
    }
}
