//! Who may do what, asked of the real router: every route, kind and scope × every role × their own and another
//! community. What is wanted stands in the tables of `domain::authority` and of the routes, whose rows are spelled
//! out in their own tests: here it is the answers that are held against them.

use std::io::Write as _;

use domain::authority::{Actor, Person, Role, may_pull};
use domain::ids::{CommunityId, Hash};
use domain::operations::Kind;
use domain::ports::Blobs;
use domain::scopes::Scope;
use rabaska::http::routes::{Asks, ROUTES, Route};
use serde_json::json;

use crate::protocol::acts::{Client, PLAN, QUAY, ROAD, as_};
use crate::protocol::kinds::one_of_each;
use crate::site::{Answer, Site, Someone};

/// Somebody who asks; none: nobody is signed in.
struct Asker {
    name: String,
    someone: Option<Someone>,
}

impl Asker {
    fn person(&self) -> Option<&Person> {
        self.someone.as_ref().map(|someone| &someone.person)
    }
}

/// Nobody, and one of each role in each of two communities.
async fn askers(site: &Site) -> Vec<Asker> {
    let mut all = vec![Asker { name: "nobody".into(), someone: None }];
    for community in ["laforce", "moffet"] {
        for role in Role::ALL {
            let name = format!("{} of {community}", role.name());
            all.push(Asker { name, someone: Some(site.someone_of(community, *role).await) });
        }
    }
    all
}

/// How many there were.
#[expect(clippy::explicit_write, reason = "the harness keeps what a test that passes prints to itself")]
fn counted(what: &str, cases: usize) {
    writeln!(std::io::stdout(), "{cases} cases of {what}").unwrap();
}

fn code(answer: &Answer) -> String {
    answer.json()["code"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn each_kind_is_taken_from_the_roles_of_its_row_and_from_nobody_else() {
    let client = Client::new().await;
    let here: CommunityId = "laforce".parse().unwrap();
    let place = client.site.consultation().await.to_string();
    let mut cases = 0;
    for asker in askers(&client.site).await {
        for bytes in [QUAY, ROAD, PLAN] {
            if let Some(person) = asker.person() {
                let (hash, size) = (Hash::of(bytes), bytes.len() as u64);
                client.site.store.write(&person.id, &hash, size, 0, bytes).await.unwrap();
            }
        }
        for (kind, data) in one_of_each(&place) {
            cases += 1;
            let Some(someone) = &asker.someone else {
                let stranger = client.site.someone(Role::Clerk).await;
                let asked = json!({ "envelopes": [client.seal(&stranger, kind, &data)] });
                let answer = client.site.post("/api/v1/push").json(&asked).send().await;
                assert_eq!(code(&answer), "sign_in_needed", "{} and {kind}", asker.name);
                continue;
            };
            let result = client.push(someone, &client.seal(someone, kind, &data)).await;
            let refused = result.to_string().contains("not_permitted");
            let of_kind = Kind::ALL.iter().find(|it| it.name() == kind).unwrap();
            let may = Actor::Person(someone.person.clone()).may_push(*of_kind, &here);
            // Nobody invited this community: whoever may join is told the same.
            assert_eq!(refused, !may || *of_kind == Kind::Join, "{} and {kind}: {result}", asker.name);
            assert!(result["invalid"].is_null(), "{} and {kind}: {result}", asker.name);
        }
    }
    counted("role and kind", cases);
}

#[tokio::test]
async fn each_scope_is_told_to_whom_it_is_for_and_to_nobody_else() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let askers = askers(&site).await;
    let mut scopes: Vec<Scope> = vec![Scope::Territory];
    for community in ["laforce", "moffet"] {
        let community: CommunityId = community.parse().unwrap();
        scopes.push(Scope::Community(community.clone()));
        scopes.push(Scope::Consultation(community.clone(), consultation));
        scopes.push(Scope::Desk(community.clone()));
        scopes.push(Scope::Sealed(community));
    }
    scopes.extend(askers.iter().filter_map(Asker::person).map(|person| Scope::Person(person.id.clone())));
    let mut cases = 0;
    for asker in &askers {
        for scope in &scopes {
            for route in ["pull", "events"] {
                cases += 1;
                let asking = site.get(&format!("/api/v1/{route}?scope={scope}"));
                let answer = as_(asking, asker.someone.as_ref()).open().await;
                let wanted = match (may_pull(asker.person(), scope), asker.person()) {
                    (true, _) => 200,
                    (false, None) => 401,
                    (false, Some(_)) => 403,
                };
                assert_eq!(answer.status().as_u16(), wanted, "{} and {route} of {scope}", asker.name);
            }
        }
    }
    counted("role and scope", cases);
}

#[tokio::test]
async fn each_route_asks_for_a_session_where_its_row_says_so() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let mut cases = 0;
    // What ends a session comes last.
    let (last, first): (Vec<&Route>, Vec<&Route>) =
        ROUTES.iter().partition(|route| route.path.ends_with("/close"));
    for asker in askers(&site).await {
        for route in first.iter().chain(&last) {
            for method in route.methods {
                cases += 1;
                let path = match route.asks {
                    Asks::ByScope => format!("{}?scope=desk/laforce", route.path),
                    Asks::ByRecord => format!("/api/v1/blobs/{}?offset=0&size=9", "ab".repeat(32)),
                    Asks::Anyone | Asks::ByKind => {
                        let path = route.path.replace("{community}", "laforce");
                        path.replace("{consultation}", &consultation.to_string())
                            .replace("{file}", "feed.atom")
                    }
                };
                let envelope = json!({ "op": "ab" });
                let body = match route.path {
                    "/api/v1/push" => json!({ "envelopes": [envelope] }).to_string(),
                    "/api/v1/session/open" => json!({ "code": "0123-4567-89AB" }).to_string(),
                    _ => "{}".to_owned(),
                };
                let kind = if *method == "PUT" { "application/octet-stream" } else { "application/json" };
                let asking = site.request(method, &path).header("sec-fetch-site", "same-origin");
                let asking = asking.header("content-type", kind).bytes(body);
                let answer = as_(asking, asker.someone.as_ref()).open().await;
                let status = answer.status().as_u16();
                let signed_in = asker.someone.is_some();
                let what = format!("{}: {method} {path} gave {status}", asker.name);
                match (route.asks, *method) {
                    (Asks::ByScope, _) => {
                        let clerk =
                            asker.person().is_some_and(|it| it.is_clerk_of(&"laforce".parse().unwrap()));
                        assert_eq!(
                            status,
                            if clerk {
                                200
                            } else if signed_in {
                                403
                            } else {
                                401
                            },
                            "{what}"
                        );
                    }
                    (Asks::ByRecord, "GET") => assert_eq!(status, 404, "{what}"),
                    (Asks::ByRecord | Asks::ByKind, _) => assert_eq!(status == 401, !signed_in, "{what}"),
                    // A code that opens nothing is refused, whoever says it.
                    (Asks::Anyone, _) if route.path.ends_with("/open") => {
                        assert!(matches!(status, 403 | 429), "{what}");
                    }
                    (Asks::Anyone, _) => assert!(!matches!(status, 401 | 403), "{what}"),
                }
            }
        }
    }
    counted("role and route", cases);
}
