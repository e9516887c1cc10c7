//! A client that knows nothing but the document: it writes envelopes by hand, and holds
//! everything that is sent and received against the documented shapes.

use std::cell::Cell;

use domain::authority::Role;
use domain::ids::{Hash, hex};
use domain::ports::Identity;
use serde_json::{Value, json};

use super::document::Document;
use crate::site::{Answer, Asking, Site, Someone};

pub const QUAY: &[u8] = include_bytes!("../../../demo/photos/quay.thumb.jpg");
pub const PLAN: &[u8] = b"%PDF-1.4\n%%EOF\n";
pub const ROAD: &[u8] = include_bytes!("../../../demo/photos/snowy-road.thumb.jpg");

pub struct Client {
    pub site: Site,
    pub document: Document,
    ops: Cell<u16>,
}

impl Client {
    pub async fn new() -> Self {
        Self { site: Site::new().await, document: Document::read(), ops: Cell::new(0) }
    }

    /// Signs in with a code of this role.
    pub async fn sign_in(&self, role: Role) -> Someone {
        let name = "P (fictive)".parse().unwrap();
        let (person, code) = self.site.store.add(name, "laforce".parse().unwrap(), role).await.unwrap();
        let code = json!({ "code": code.to_string() });
        self.document.fits("Code", &code);
        let answer = self.site.post("/api/v1/session/open").json(&code).send().await;
        let session = self.answer("Session", &answer);
        assert_eq!(session["person"]["id"], person.to_string());
        let token = answer.header("set-cookie").split(['=', ';']).nth(1).unwrap().to_owned();
        Someone { person: serde_json::from_value(session["person"].clone()).unwrap(), token }
    }

    /// The body of a good answer, as documented.
    #[track_caller]
    pub fn answer(&self, shape: &str, answer: &Answer) -> Value {
        assert_eq!(answer.status.as_u16(), 200, "{answer:?}");
        let value = answer.json();
        self.document.fits(shape, &value);
        value
    }

    pub async fn get(&self, shape: &str, path: &str, someone: Option<&Someone>) -> Value {
        self.answer(shape, &as_(self.site.get(path), someone).send().await)
    }

    /// The body of an act; the files that it names lie beside it.
    pub fn body(&self, kind: &str, data: &Value) -> Value {
        self.ops.set(self.ops.get() + 1);
        let salt = format!("{:04x}", self.ops.get()).repeat(16);
        let mut body =
            json!({ "v": 1, "kind": kind, "salt": salt, "written_at": 1_795_392_000_000_i64, "data": data });
        if !data["file"].is_null() {
            body["blobs"] = json!([{ "sha256": Hash::of(PLAN), "size": PLAN.len() }]);
        }
        let pictured = kind == "propose" && !data["photos"].is_null();
        if pictured || ["/answers/pictures", "/covers/0"].iter().any(|at| data.pointer(at).is_some()) {
            let file = |bytes: &[u8]| json!({ "sha256": Hash::of(bytes), "size": bytes.len() });
            body["blobs"] = json!([file(QUAY), file(ROAD)]);
        }
        body
    }

    /// An envelope around a body.
    pub fn envelope(&self, someone: &Someone, body: &Value) -> Value {
        let op = format!("{:04x}", self.ops.get()).repeat(8);
        let author = json!({ "person": someone.person.id });
        json!({ "op": op, "author": author, "community": "laforce", "proof": "session", "body": body.to_string() })
    }

    /// Seals an act as documented.
    #[track_caller]
    pub fn seal(&self, someone: &Someone, kind: &str, data: &Value) -> Value {
        self.document.fits(kind, data);
        let body = self.body(kind, data);
        self.document.fits("Body", &body);
        self.envelope(someone, &body)
    }

    /// Pushes one envelope, well-formed or not: its result.
    pub async fn push(&self, someone: &Someone, envelope: &Value) -> Value {
        let asked = json!({ "envelopes": [envelope] });
        let answer = self.site.post("/api/v1/push").as_(someone).json(&asked).send().await;
        let pushed = self.answer("Pushed", &answer);
        assert_eq!(pushed["results"].as_array().map(Vec::len), Some(1));
        pushed["results"][0].clone()
    }

    /// Does something and gives what its receipt says, after the checks that every client makes.
    pub async fn act(&self, someone: &Someone, kind: &str, data: Value) -> Value {
        let envelope = self.seal(someone, kind, &data);
        self.document.fits("Push", &json!({ "envelopes": [envelope] }));
        let result = self.push(someone, &envelope).await;
        let text = result["receipt"]["text"].as_str().unwrap_or_else(|| panic!("{kind}: {result}"));
        let receipt: Value = serde_json::from_str(text).unwrap();
        self.document.fits("Receipt", &receipt);
        let (hash, entry) = names(&envelope);
        assert_eq!((&receipt["op"], &receipt["hash"], &receipt["entry"]), (&envelope["op"], &hash, &entry));
        receipt
    }

    /// Does something that is accepted: the record that it created, or would have.
    pub async fn accepted(&self, someone: &Someone, kind: &str, data: Value) -> String {
        let receipt = self.act(someone, kind, data).await;
        assert_eq!(receipt["outcome"], "accepted");
        receipt["entry"].as_str().unwrap()[..32].to_owned()
    }

    /// Does something that a rule refuses.
    pub async fn refused(&self, someone: &Someone, kind: &str, data: Value, code: &str) {
        let receipt = self.act(someone, kind, data).await;
        assert_eq!(receipt["outcome"]["refused"]["code"], code, "{receipt}");
    }
}

pub fn as_(asking: Asking, someone: Option<&Someone>) -> Asking {
    match someone {
        Some(someone) => asking.as_(someone),
        None => asking,
    }
}

/// Hash and entry of an envelope, by the document's section 5.
pub fn names(envelope: &Value) -> (Value, Value) {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let op: domain::ids::OpId = text(&envelope["op"]).parse().unwrap();
    let author = format!("person:{}", text(&envelope["author"]["person"]));
    let hash = Hash::of(&[b"rabaska/body/v1\0", text(&envelope["body"]).as_bytes()].concat());
    let entry = Hash::of(&[b"rabaska/entry/v1\0", author.as_bytes(), b"\0", &op.0[..]].concat());
    (json!(hex(&hash.0)), json!(hex(&entry.0)))
}
