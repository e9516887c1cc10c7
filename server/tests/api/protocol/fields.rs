//! Which fields the server needs, by the document.

use domain::authority::Role;
use domain::time::DAY;
use serde_json::{Value, json};

use super::acts::Client;
use super::data::{consultation, now, proposal};
use super::kinds::one_of_each;

#[tokio::test]
async fn a_documented_field_is_needed_unless_it_may_be_left_out_and_no_other_is_taken() {
    let client = &Client::new().await;
    let clerk = &client.sign_in(Role::Clerk).await;
    let place = client.accepted(clerk, "open_consultation", consultation(now() + DAY)).await;
    let refused = async |what: &str, envelope: &Value, wanted: bool| {
        let result = client.push(clerk, envelope).await;
        assert_eq!(result["invalid"].is_object(), wanted, "{what}: {result}");
    };
    for (kind, data) in one_of_each(&place) {
        for name in client.document.names(kind).into_iter().chain(["colour".to_owned()]) {
            let (key, optional) = name.strip_suffix('?').map_or((name.as_str(), false), |key| (key, true));
            let mut less = data.clone();
            if less.as_object_mut().unwrap().remove(key).is_none() {
                less[key] = json!("red");
            }
            let envelope = client.envelope(clerk, &client.body(kind, &less));
            refused(&format!("{kind} and {key}"), &envelope, !optional).await;
        }
    }
    let data = proposal(&place, "other");
    for name in client.document.names("Body").into_iter().filter(|name| !name.ends_with('?')) {
        let mut body = client.body("propose", &data);
        body.as_object_mut().unwrap().remove(&name);
        refused(&name, &client.envelope(clerk, &body), true).await;
    }
    for name in client.document.names("Envelope") {
        let mut envelope = client.seal(clerk, "propose", &data);
        envelope.as_object_mut().unwrap().remove(&name);
        refused(&name, &envelope, true).await;
    }
}
