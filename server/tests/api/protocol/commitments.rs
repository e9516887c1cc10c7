//! Commitments: made, reported on, moved, over.

use domain::operations::LOG_MAX;
use domain::time::DAY;
use serde_json::{Value, json};

use super::data::{both, now, proposal};
use super::walk::Village;

impl Village {
    /// Commits to something and does it.
    pub(super) async fn commitments(&self) {
        let Self { client, clerk, author, .. } = self;
        let data = super::data::consultation(now() + 9 * DAY);
        let place = &client.accepted(clerk, "open_consultation", data).await;
        let one = client.accepted(author, "propose", proposal(place, "other")).await;
        let commit = |due: i64, follows: &[&str]| {
            json!({
                "consultation": place, "text": both("Une lampe au quai."), "owner": both("La voirie"),
                "due": due, "follows": follows
            })
        };
        client.refused(author, "commit", commit(now() + 9 * DAY, &[]), "not_permitted").await;
        client.refused(clerk, "commit", commit(now() - DAY, &[]), "due_in_the_past").await;
        let record = client.accepted(clerk, "commit", commit(now() + 9 * DAY, &[&one])).await;
        self.pull_all(place).await;
        let report = |state: Value| json!({ "consultation": place, "record": record, "text": both("C’est commandé."), "state": state });
        client.refused(author, "report_progress", report(json!("done")), "not_permitted").await;
        let before = report(json!({ "moved": now() - DAY }));
        client.refused(clerk, "report_progress", before, "due_in_the_past").await;
        let moved = json!({ "moved": now() + 20 * DAY });
        for state in [json!("under_way"), moved, json!("done")] {
            client.accepted(clerk, "report_progress", report(state)).await;
            self.pull_all(place).await;
        }
        client.refused(clerk, "report_progress", report(json!("under_way")), "already_over").await;
        let other = client.accepted(clerk, "commit", commit(now() + 9 * DAY, &[])).await;
        let report = |state: &str| json!({ "consultation": place, "record": other, "text": both("On attend."), "state": state });
        for _ in 0..LOG_MAX {
            client.accepted(clerk, "report_progress", report("under_way")).await;
        }
        client.refused(clerk, "report_progress", report("given_up"), "log_full").await;
        let page = client.get("Page", &format!("/api/v1/pull?scope=public/laforce/{place}"), None).await;
        let desk = client.get("Page", "/api/v1/pull?scope=desk/laforce", Some(clerk)).await;
        let of = |page: &Value| {
            let rows = page["rows"].as_array().unwrap().clone();
            rows.into_iter().find(|row| row["name"] == record).unwrap()["record"].clone()
        };
        assert_eq!(of(&page), of(&desk), "the desk sees the same");
        assert_eq!(of(&page)["log"].as_array().map(Vec::len), Some(3));
    }
}
