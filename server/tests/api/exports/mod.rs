//! Exports: what is served, what is never in it, and what an import of ours gives back.

mod asked;
mod commitments;
mod decidim;
mod privacy;
mod served;

use domain::authority::Role;
use domain::ids::{OpId, RecordId};
use domain::operations::{Action, Comment, Stance, Support};
use domain::ports::Journal;
use rabaska::export::File;
use serde_json::json;

use crate::site::{Answer, Site, Someone, envelope};

/// A village in which something was said.
pub struct Village {
    pub site: Site,
    pub consultation: RecordId,
}

impl Village {
    pub async fn new() -> Self {
        let site = Site::new().await;
        let consultation = site.consultation().await;
        Self { site, consultation }
    }

    /// Does something, and gives the record that it creates.
    #[track_caller]
    pub fn act<'a>(&'a self, who: &'a Someone, op: u8, action: &'a Action) -> impl Future<Output = RecordId> {
        let mut envelope = envelope(&who.person, op, action);
        // Somebody else's of the same number is another one.
        envelope.op = OpId([op; 16]);
        let asked = json!({ "envelopes": [envelope] });
        async move {
            let answer = self.site.post("/api/v1/push").as_(who).json(&asked).send().await.json();
            let text = answer["results"][0]["receipt"]["text"].as_str().map(str::to_owned);
            assert!(text.is_some_and(|text| text.contains("accepted")), "{answer}");
            envelope.entry().record()
        }
    }

    pub async fn citizen(&self) -> Someone {
        self.site.someone(Role::Participant).await
    }

    pub fn comment(&self, on: RecordId, text: &str) -> Action {
        let text = text.parse().unwrap();
        Action::Comment(Comment { consultation: self.consultation, on, stance: Stance::Against, text })
    }

    pub fn support(&self, record: RecordId) -> Action {
        Action::Support(Support { consultation: self.consultation, record, given: true })
    }

    /// The addresses of every file, of the community and of its consultation.
    pub fn addresses(&self) -> Vec<String> {
        let own = File::all().into_iter().map(|file| format!("/api/v1/export/laforce/{file}"));
        let of = File::all()
            .into_iter()
            .map(|file| format!("/api/v1/export/laforce/{}/{file}", self.consultation));
        own.chain(of).collect()
    }

    pub async fn get(&self, address: &str) -> Answer {
        let answer = self.site.get(address).send().await;
        assert_eq!(answer.status.as_u16(), 200, "{address}: {answer:?}");
        answer
    }

    pub async fn text(&self, file: &str) -> String {
        let answer = self.get(&format!("/api/v1/export/laforce/{file}")).await;
        String::from_utf8(answer.body.to_vec()).unwrap()
    }

    /// Every file with its bytes and its tag.
    pub async fn all(&self) -> Vec<(String, String, Vec<u8>)> {
        let mut all = Vec::new();
        for address in self.addresses() {
            let answer = self.get(&address).await;
            let tag = answer.header("etag").to_owned();
            all.push((address, tag, answer.body.to_vec()));
        }
        all
    }

    /// The rows of a table, by column.
    pub async fn rows(&self, file: &str) -> Vec<std::collections::HashMap<String, String>> {
        let text = self.text(file).await;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        reader.deserialize().collect::<Result<_, _>>().unwrap()
    }

    pub async fn head(&self) -> u64 {
        let scope = domain::scopes::Scope::Consultation("laforce".parse().unwrap(), self.consultation);
        self.site.store.head(&scope).await.unwrap()
    }
}
