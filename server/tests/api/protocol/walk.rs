//! One walk through everything that is documented.

use domain::authority::Role;
use domain::ids::Hash;
use domain::ports::Journal;
use domain::receipts::{PushResult, SignedReceipt};
use domain::records::{Record, Safekeeping};
use domain::rules::Change;
use domain::scopes::{Key, Scope};
use domain::time::DAY;
use http_body_util::BodyExt;
use rabaska::import::statements::{self, Target};
use rabaska::system::SystemClock;
use serde_json::{Value, json};

use super::acts::{Client, PLAN, QUAY, ROAD};
use super::data::{both, consultation, document, elsewhere, now, proposal, with_photo};
use crate::site::{Answer, Someone};

pub(super) struct Village {
    pub(super) client: Client,
    pub(super) clerk: Someone,
    pub(super) author: Someone,
    pub(super) other: Someone,
}

impl Village {
    async fn new() -> Self {
        let client = Client::new().await;
        for role in Role::ALL {
            client.sign_in(*role).await;
        }
        let clerk = client.sign_in(Role::Clerk).await;
        let author = client.sign_in(Role::Participant).await;
        let other = client.sign_in(Role::Participant).await;
        Self { client, clerk, author, other }
    }

    pub(super) async fn open(&self) -> String {
        self.client.accepted(&self.clerk, "open_consultation", consultation(now() + DAY)).await
    }

    /// Every scope, from its newest record and from its first.
    pub(super) async fn pull_all(&self, consultation: &str) {
        let person = |someone: &Someone| format!("person/{}", someone.person.id);
        for (scope, who) in [
            ("territory".to_owned(), None),
            ("public/laforce".to_owned(), None),
            (format!("public/laforce/{consultation}"), None),
            ("desk/laforce".to_owned(), Some(&self.clerk)),
            (person(&self.clerk), Some(&self.clerk)),
            (person(&self.author), Some(&self.author)),
            (person(&self.other), Some(&self.other)),
        ] {
            for from in ["", "&cursor=0", "&before=9&limit=1"] {
                self.client.get("Page", &format!("/api/v1/pull?scope={scope}{from}"), who).await;
            }
        }
    }

    async fn put(&self, who: &Someone, bytes: &'static [u8], from: usize, to: usize) -> Answer {
        let query = format!("{}?offset={from}&size={}", Hash::of(bytes), bytes.len());
        let asking = self.client.site.request("PUT", &format!("/api/v1/blobs/{query}"));
        let asking = asking.header("sec-fetch-site", "same-origin").as_(who);
        asking.header("content-type", "application/octet-stream").bytes(&bytes[from..to]).send().await
    }

    /// Acts and what becomes of them, pulled in between.
    async fn acts(&self) {
        let Self { client, clerk, author, other } = self;
        let place = &self.open().await;
        let waiting = client.push(author, &client.seal(author, "propose", &with_photo(place))).await;
        assert_eq!(waiting["waiting"]["blobs"].as_array().map(Vec::len), Some(2));
        for bytes in [QUAY, ROAD] {
            for (from, to) in [(0, 4_000), (4_000, bytes.len())] {
                let answer = self.put(author, bytes, from, to).await;
                client.answer("Uploaded", &answer);
            }
        }
        let pictured = client.accepted(author, "propose", with_photo(place)).await;
        let taken_back = client.accepted(other, "propose", proposal(place, "other")).await;
        let hidden = client.accepted(author, "propose", proposal(place, "other")).await;
        self.pull_all(place).await;

        let about = |record: &str| json!({ "consultation": place, "record": record });
        let mut answer = about(&pictured);
        answer["text"] = both("Oui.");
        client.accepted(clerk, "answer", answer.clone()).await;
        client.refused(author, "withdraw", about(&taken_back), "not_yours").await;
        client.accepted(other, "withdraw", about(&taken_back)).await;
        client.refused(other, "withdraw", about(&taken_back), "already_withdrawn").await;
        let by = |rule: &str| json!({ "consultation": place, "record": hidden, "rule": rule });
        client.refused(clerk, "hide", by("no-such-rule"), "unknown_rule").await;
        client.refused(author, "hide", by("off-topic"), "not_permitted").await;
        client.accepted(clerk, "hide", by("off-topic")).await;
        client.refused(clerk, "hide", by("off-topic"), "already_hidden").await;
        client.refused(author, "propose", proposal(place, "no-such-subject"), "unknown_subject").await;
        client.refused(author, "propose", elsewhere(place), "outside_territory").await;
        self.pull_all(place).await;

        client.refused(clerk, "open_consultation", consultation(now() - DAY), "closes_in_the_past").await;
        let close = json!({ "consultation": place, "grace": 0 });
        client.accepted(clerk, "close_consultation", close.clone()).await;
        client.refused(clerk, "close_consultation", close, "already_closed").await;
        client.refused(author, "propose", proposal(place, "other"), "closed").await;
        answer["record"] = json!("ab".repeat(16));
        let waiting = client.push(clerk, &client.seal(clerk, "answer", &answer)).await;
        assert!(waiting["waiting"]["record"].is_string(), "{waiting}");
        self.pull_all(place).await;
    }

    /// What people say of a proposal, and that they support it.
    async fn said_of(&self) {
        let Self { client, clerk, author, other } = self;
        let mut data = consultation(now() + DAY);
        let period = |phase: &str, from: i64, until: i64| json!({ "phase": phase, "from": now() + from * DAY, "until": now() + until * DAY });
        data["phases"] = json!([
            period("inform", -3, -2),
            period("contribute", -2, 1),
            period("discuss", 1, 2),
            period("decide", 3, 4),
            period("follow_up", 4, 9),
        ]);
        let place = &client.accepted(clerk, "open_consultation", data.clone()).await;
        let on = client.accepted(author, "propose", proposal(place, "other")).await;
        let comment = |on: &str, stance: &str| json!({ "consultation": place, "on": on, "stance": stance, "text": "Oui, mais…" });
        let first = client.accepted(other, "comment", comment(&on, "for")).await;
        client.accepted(author, "comment", comment(&on, "against")).await;
        client.accepted(author, "comment", comment(&on, "neutral")).await;
        client.refused(author, "comment", comment(&first, "for"), "not_a_proposal").await;
        let support = |given: bool| json!({ "consultation": place, "record": on, "given": given });
        client.accepted(author, "support", support(true)).await;
        client.accepted(author, "support", support(false)).await;
        self.pull_all(place).await;
        for _ in 0..5 {
            let someone = client.sign_in(Role::Participant).await;
            client.accepted(&someone, "support", support(true)).await;
        }
        self.pull_all(place).await;
        data["takes"] = json!(["proposals"]);
        let place = client.accepted(clerk, "open_consultation", data.clone()).await;
        let on = client.accepted(author, "propose", proposal(&place, "other")).await;
        let support = json!({ "consultation": place, "record": on, "given": true });
        client.refused(author, "support", support, "not_taken").await;
        data["phases"] = json!([period("contribute", 1, 2)]);
        let place = client.accepted(clerk, "open_consultation", data).await;
        client.refused(author, "propose", proposal(&place, "other"), "not_yet_open").await;
    }

    /// What the office does with contributions besides answering and hiding them.
    async fn office(&self) {
        let Self { client, clerk, author, other } = self;
        let place = &self.open().await;
        let one = client.accepted(author, "propose", proposal(place, "other")).await;
        let two = client.accepted(other, "propose", proposal(place, "other")).await;
        let about = |more: Value| {
            let mut data = json!({ "consultation": place, "record": one });
            data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            data
        };
        let steps = ["read", "in_discussion", "decided", "done"].map(|step| json!(step));
        for progress in
            steps.into_iter().chain([json!({ "on_agenda": now() }), json!({ "declined": both("Non.") })])
        {
            client.accepted(clerk, "mark", about(json!({ "progress": progress }))).await;
            self.pull_all(place).await;
        }
        let text = || about(json!({ "text": "Où?" }));
        client.refused(author, "reply", text(), "nothing_asked").await;
        client.accepted(clerk, "ask", text()).await;
        self.pull_all(place).await;
        client.accepted(author, "reply", text()).await;
        client.accepted(clerk, "note", text()).await;
        client.accepted(clerk, "file", about(json!({ "subject": "other" }))).await;
        client.accepted(clerk, "blot", about(json!({ "words": ["lac"] }))).await;
        client.refused(clerk, "blot", about(json!({ "words": ["mer"] })), "no_such_words").await;
        let pictured = client.accepted(author, "propose", with_photo(place)).await;
        for bytes in [QUAY, ROAD] {
            client.answer("Uploaded", &self.put(clerk, bytes, 0, bytes.len()).await);
        }
        let cover = json!({ "photo": Hash::of(QUAY), "full": Hash::of(ROAD), "thumb": Hash::of(QUAY) });
        let blot = json!({ "consultation": place, "record": pictured, "covers": [cover] });
        client.accepted(clerk, "blot", blot).await;
        self.pull_all(place).await;
        let blot = json!({ "consultation": place, "record": pictured, "photos": [Hash::of(ROAD)] });
        client.accepted(clerk, "blot", blot).await;
        self.pull_all(place).await;
        client.refused(clerk, "unmerge", about(json!({})), "not_merged").await;
        client.accepted(clerk, "merge", about(json!({ "into": two }))).await;
        client.refused(clerk, "merge", about(json!({ "into": two })), "already_merged").await;
        let conclude = json!({ "consultation": place, "text": both("Oui."), "uses": [one] });
        client.accepted(clerk, "conclude", conclude).await;
        self.pull_all(place).await;
        client.accepted(clerk, "unmerge", about(json!({}))).await;
    }

    /// Moderation: what participants point at, hidings, appeals, and a second person.
    async fn moderated(&self) {
        let Self { client, clerk, author, other } = self;
        let second = &client.sign_in(Role::Clerk).await;
        let place = &self.open().await;
        let one = client.accepted(author, "propose", proposal(place, "other")).await;
        let about = |more: Value| {
            let mut data = json!({ "consultation": place, "record": one });
            data.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            data
        };
        let flag = |rule: &str| about(json!({ "rule": rule, "text": "Deuxième ligne" }));
        client.refused(other, "flag", flag("no-such-rule"), "unknown_rule").await;
        let flagged = client.accepted(other, "flag", flag("off-topic")).await;
        client.accepted(other, "flag", about(json!({ "rule": "off-topic" }))).await;
        self.pull_all(place).await;
        client.accepted(clerk, "keep", about(json!({ "flags": [flagged] }))).await;
        self.pull_all(place).await;
        let appeal = || about(json!({ "text": "C’est mon chien." }));
        let verdict = |restored: bool| about(json!({ "restored": restored, "text": both("Oui.") }));
        client.refused(author, "appeal", appeal(), "not_hidden").await;
        client.refused(second, "decide_appeal", verdict(true), "not_hidden").await;
        for (rule, restored) in [("off-topic", true), ("personal-information", false)] {
            client.accepted(clerk, "hide", about(json!({ "rule": rule }))).await;
            client.refused(second, "decide_appeal", verdict(restored), "nothing_appealed").await;
            client.accepted(author, "appeal", appeal()).await;
            client.refused(author, "appeal", appeal(), "already_done").await;
            self.pull_all(place).await;
            client.refused(clerk, "decide_appeal", verdict(restored), "second_person").await;
            client.accepted(second, "decide_appeal", verdict(restored)).await;
            self.pull_all(place).await;
        }
    }

    /// The office writes its rules.
    async fn ruled(&self) {
        let Self { client, clerk, author, .. } = self;
        let place = self.open().await;
        let rule = json!({ "id": "rule-1", "label": both("Règle"), "explanation": both("Ce qu’elle dit.") });
        let rules = json!({ "rules": [rule] });
        client.refused(author, "settle_rules", rules.clone(), "not_permitted").await;
        client.accepted(clerk, "settle_rules", rules.clone()).await;
        self.pull_all(&place).await;
        let settle = |first: bool| json!({ "rules": rules["rules"], "premoderated": first });
        client.accepted(clerk, "settle_rules", settle(true)).await;
        let one = client.accepted(author, "propose", proposal(&place, "other")).await;
        let about = json!({ "consultation": place, "record": one });
        client.refused(clerk, "unmerge", about.clone(), "not_approved").await;
        self.pull_all(&place).await;
        client.refused(author, "approve", about.clone(), "not_permitted").await;
        client.accepted(clerk, "approve", about.clone()).await;
        client.refused(clerk, "approve", about, "already_done").await;
        client.accepted(clerk, "settle_rules", settle(false)).await;
        let template = json!({ "title": both("Merci"), "text": both("Merci.") });
        client.refused(author, "keep_template", template.clone(), "not_permitted").await;
        let kept = client.accepted(clerk, "keep_template", template).await;
        let changed = json!({ "template": kept, "title": both("Merci"), "text": both("Merci bien.") });
        client.accepted(clerk, "keep_template", changed).await;
        self.pull_all(&place).await;
        let drop = json!({ "template": kept });
        client.refused(author, "drop_template", drop.clone(), "not_permitted").await;
        client.accepted(clerk, "drop_template", drop.clone()).await;
        client.refused(clerk, "drop_template", drop, "already_done").await;
    }

    /// What the office attaches, and takes away.
    async fn documents(&self) {
        let Self { client, clerk, author, .. } = self;
        let place = &self.open().await;
        let waiting = client.push(clerk, &client.seal(clerk, "attach_document", &document(place))).await;
        assert_eq!(waiting["waiting"]["blobs"], json!([Hash::of(PLAN)]));
        for someone in [clerk, author] {
            client.answer("Uploaded", &self.put(someone, PLAN, 0, PLAN.len()).await);
        }
        client.refused(author, "attach_document", document(place), "not_permitted").await;
        let mut all = Vec::new();
        for _ in 0..10 {
            all.push(client.accepted(clerk, "attach_document", document(place)).await);
        }
        client.refused(clerk, "attach_document", document(place), "too_many_documents").await;
        self.pull_all(place).await;
        let detach = json!({ "consultation": place, "document": all[0] });
        client.refused(author, "detach_document", detach.clone(), "not_permitted").await;
        client.accepted(clerk, "detach_document", detach.clone()).await;
        client.refused(clerk, "detach_document", detach, "already_done").await;
        self.pull_all(place).await;
    }

    /// The results that no rule gives.
    async fn results(&self) {
        let Self { client, author, other, .. } = self;
        let place = self.open().await;
        let sent = client.seal(author, "propose", &proposal(&place, "other"));
        let result = client.push(author, &sent).await;
        assert_eq!(client.push(author, &sent).await, result, "the same receipt again");
        let mut changed = sent.clone();
        changed["body"] = json!(sent["body"].as_str().unwrap().replace("Un banc", "Deux bancs"));
        assert_eq!(client.push(author, &changed).await, "conflict");
        assert_eq!(client.push(other, &sent).await, "not_yours");
        let wordless = sent["body"].as_str().unwrap().replace("Un banc", "");
        let wordless = serde_json::from_str(&wordless).unwrap();
        assert_eq!(
            client.push(author, &client.envelope(author, &wordless)).await["invalid"]["reason"],
            "empty"
        );
        let newer = client.envelope(author, &client.body("dance", &json!({})));
        assert_eq!(client.push(author, &newer).await, "unsupported");
        let mut proved = sent.clone();
        proved["proof"] = json!({ "receipt": result["receipt"] });
        client.document.fits("Envelope", &proved);
        assert_eq!(client.push(author, &proved).await, result);
        let signed: SignedReceipt = serde_json::from_value(result["receipt"].clone()).unwrap();
        client.site.store.erase(&signed.read().unwrap().entry).await.unwrap();
        assert_eq!(client.push(author, &sent).await["erased"], result["receipt"]);
        // Neither can be brought about from outside: what the server would write is taken instead.
        client.document.fits("Result", &serde_json::to_value(PushResult::Unavailable).unwrap());
        let waiting = Record::Safekeeping(Safekeeping { last_backup: None, waiting: 3 });
        client.document.fits("Record", &serde_json::to_value(waiting).unwrap());
        // Nor by few: of each community forty people answer.
        let part = json!({ "community": "laforce", "results": { "respondents": { "exactly": 40 } } });
        let results = json!({ "respondents": { "exactly": 80 }, "parts": [part] });
        assert!(serde_json::from_value::<domain::surveys::Results>(results.clone()).is_ok());
        client.document.fits("Results", &results);
    }

    /// What only the operator writes: imported statements, a community that has merged.
    async fn operators(&self) {
        let place = self.open().await;
        let target = Target {
            community: "laforce".parse().unwrap(),
            consultation: place.parse().unwrap(),
            source: "test".parse().unwrap(),
        };
        let file = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n\
                    1,,0,0,1,0,1,More benches\n";
        let store = &self.client.site.store;
        let loaded = statements::load(store, &SystemClock, &[7; 32], &target, file.as_bytes()).await;
        assert_eq!(loaded.unwrap().added, 1);
        let merged = json!({
            "kind": "place", "id": "merged", "slug": "merged", "name": "Merged", "type": "municipality",
            "languages": ["fr"], "moved_to": "laforce"
        });
        let merged: Record = serde_json::from_value(merged).unwrap();
        let within = |moved: &Value| Record::read(&moved.to_string()).unwrap();
        let key = Key { scope: Scope::Territory, name: "merged".to_owned() };
        let page = self.client.get("Page", "/api/v1/pull?scope=public/laforce&cursor=0", None).await;
        let rows = page["rows"].as_array().unwrap();
        let mut own = rows.iter().find(|row| row["name"] == "laforce").unwrap()["record"].clone();
        own["place"]["moved_to"] = json!("merged");
        let own_key = Key::community(&"laforce".parse().unwrap());
        let changes =
            vec![Change { key, record: Some(merged) }, Change { key: own_key, record: Some(within(&own)) }];
        store.put(changes).await.unwrap();
        let backups = tempfile::tempdir().unwrap();
        store.backup(backups.path()).await.unwrap();
        rabaska::safekeeping::tell(store).await.unwrap();
        self.pull_all(&place).await;
    }

    async fn plain_routes(&self) {
        let Self { client, author, .. } = self;
        for (shape, path) in [("Health", "/api/v1/health"), ("Keys", "/api/v1/keys")] {
            client.get(shape, path, None).await;
        }
        let session = async |verb: &str| {
            let asking = client.site.post(&format!("/api/v1/session/{verb}")).as_(author);
            client.answer("Session", &asking.json(&json!({})).send().await)
        };
        assert_eq!(session("show").await["person"]["id"], author.person.id.to_string());
        let life = format!("/api/v1/pull?scope=territory&cursor=1&epoch={}", "ab".repeat(16));
        assert_eq!(client.get("Page", &life, None).await["resync"], true);
        let events = client.site.get("/api/v1/events?scope=territory").open().await;
        let frame = events.into_body().frame().await.unwrap().unwrap().into_data().unwrap();
        let data = std::str::from_utf8(&frame).unwrap().strip_prefix("event: head\ndata: ").unwrap();
        client.document.fits("Head", &serde_json::from_str(data).unwrap());
        assert!(session("close").await["person"].is_null());
    }
}

#[tokio::test]
async fn everything_sent_is_documented_and_everything_documented_is_sent() {
    let village = Village::new().await;
    village.acts().await;
    village.said_of().await;
    village.office().await;
    village.moderated().await;
    village.documents().await;
    village.results().await;
    village.operators().await;
    village.ruled().await;
    village.entered().await;
    village.asked().await;
    village.across().await;
    village.commitments().await;
    village.texts().await;
    village.plain_routes().await;
    let client = &village.client;
    client.site.store.clone().close().await;
    let refused =
        client.site.post("/api/v1/session/open").json(&json!({ "code": "ABCD-EFGH-JKMN" })).send().await;
    assert_eq!(refused.status.as_u16(), 503);
    client.document.fits("Error", &refused.json());
    assert_eq!(client.document.unseen(), Vec::<String>::new(), "documented, and nowhere to be seen");
}
