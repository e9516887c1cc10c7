//! Every route × every way of being wrong: a typed error each time, never a 500, and nothing
//! of it in the database or beside it.

use app::api::ErrorCode;
use domain::authority::Role;
use rabaska::http::routes::{ROUTES, Route, Takes};
use serde_json::json;

use crate::ledger::Ledger;
use crate::site::{Answer, Site, Someone, scale};

/// A path of the route that would be found.
fn path(route: &Route) -> String {
    match route.path {
        "/api/v1/pull" | "/api/v1/events" => format!("{}?scope=territory", route.path),
        "/api/v1/blobs/{sha256}" => format!("/api/v1/blobs/{}?offset=0&size=9", "ab".repeat(32)),
        path => {
            let path = path.replace("{community}", "laforce").replace("{file}", "feed.atom");
            path.replace("{consultation}", &"ab".repeat(16))
        }
    }
}

fn content_type(takes: Takes) -> &'static str {
    if matches!(takes, Takes::Octets { .. }) { "application/octet-stream" } else { "application/json" }
}

#[track_caller]
fn harmless(what: &str, method: &str, answer: &Answer) {
    assert!(!answer.status.is_server_error(), "{what}: {answer:?}");
    assert_ne!(answer.status.as_u16(), 408, "{what}");
    if answer.status.is_client_error() && method != "HEAD" {
        answer.is_typed();
    }
}

/// The bodies to try, by what is wrong with them.
fn bodies(limit: usize) -> Vec<(&'static str, Vec<u8>)> {
    let deep = ["[".repeat(100_000), "{\"envelopes\":[{\"op\":1}".to_owned()];
    vec![
        ("no body", vec![]),
        ("truncated", br#"{"envelopes":[{"op":"#.to_vec()),
        ("wrong type", br#"{"envelopes":7,"code":{}}"#.to_vec()),
        ("not an object", b"[]".to_vec()),
        ("null", b"null".to_vec()),
        ("unknown field", br#"{"colour":"red"}"#.to_vec()),
        ("not UTF-8", b"{\"code\":\"\xff\xfe\"}".to_vec()),
        ("the same field twice", br#"{"code":"a","code":"b","envelopes":[],"envelopes":[]}"#.to_vec()),
        ("deep", deep[0].clone().into_bytes()),
        ("unfinished", deep[1].clone().into_bytes()),
        ("many", json!({ "envelopes": vec![json!({}); 51] }).to_string().into_bytes()),
        (
            "strange items",
            json!({ "envelopes": [null, 1, "x", [], {}, {"op": "zz"}] }).to_string().into_bytes(),
        ),
        ("oversized", vec![b' '; limit + 1]),
    ]
}

#[tokio::test]
async fn every_route_answers_every_bad_body_with_a_typed_error() {
    let site = Site::new().await;
    let someone = site.someone(Role::Participant).await;
    let mut ledger = Ledger::of(&site).await;
    for route in ROUTES {
        let limit = match route.takes {
            Takes::Json { limit, .. } | Takes::Octets { limit } => limit,
            Takes::Nothing => continue,
        };
        for method in route.methods.iter().filter(|method| matches!(**method, "POST" | "PUT")) {
            for (what, body) in bodies(limit) {
                for session in [None, Some(someone.token.as_str()), Some("not-a-session"), Some("%00")] {
                    // Twice: a replay is no excuse either.
                    for _ in 0..2 {
                        let asking = site
                            .request(method, &path(route))
                            .header("sec-fetch-site", "same-origin")
                            .header("content-type", content_type(route.takes));
                        let asking =
                            session.map_or_else(|| site.post(&path(route)), |token| asking.token(token));
                        let answer = asking.bytes(body.clone()).send().await;
                        let asked = format!("{method} {} {what}", route.path);
                        harmless(&asked, method, &answer);
                        ledger.fits(&asked, route.path, &answer).await;
                        if what == "oversized" && session.is_some() {
                            answer.is(ErrorCode::TooLarge);
                        }
                        if what == "unknown field"
                            && session.is_some()
                            && matches!(route.takes, Takes::Json { .. })
                        {
                            answer.is(ErrorCode::Invalid);
                        }
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn another_method_is_named_405_and_another_type_415() {
    let site = Site::new().await;
    let mut ledger = Ledger::of(&site).await;
    for route in ROUTES {
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"] {
            let served =
                route.methods.contains(&method) || (method == "HEAD" && route.methods.contains(&"GET"));
            if served {
                continue;
            }
            let asking = site.request(method, &path(route)).header("sec-fetch-site", "same-origin");
            let answer = asking.send().await;
            assert_eq!(answer.status.as_u16(), 405, "{method} {}", route.path);
            assert!(!answer.header("allow").is_empty());
            harmless(route.path, method, &answer);
            ledger.is_unchanged(route.path).await;
        }
        if route.takes != Takes::Nothing {
            for kind in
                ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
            {
                let method = if route.methods.contains(&"PUT") { "PUT" } else { "POST" };
                let asking = site.request(method, &path(route)).header("sec-fetch-site", "same-origin");
                let answer = asking.header("content-type", kind).bytes("a=b").send().await;
                answer.is(ErrorCode::UnsupportedMediaType);
                ledger.is_unchanged(route.path).await;
            }
        }
    }
}

#[tokio::test]
async fn what_is_not_in_the_table_is_not_served() {
    let site = Site::new().await;
    for path in
        ["/api", "/api/", "/api/v1", "/api/v1/push/", "/api/v2/push", "/api/v1/session", "/api/v1/blobs/"]
    {
        for method in ["GET", "POST"] {
            site.request(method, path)
                .header("sec-fetch-site", "same-origin")
                .send()
                .await
                .is(ErrorCode::NotFound);
        }
    }
    // Every server function there is stands in the table.
    let functions: Vec<_> = server_fn::axum::server_fn_paths().collect();
    assert_eq!(functions.len(), ROUTES.iter().filter(|route| route.methods == ["POST"]).count());
    for (path, method) in functions {
        let row = ROUTES.iter().find(|route| route.path == path);
        assert!(row.is_some_and(|route| route.methods.contains(&method.as_str())), "{method} {path}");
    }
}

#[tokio::test]
async fn queries_and_names_that_make_no_sense_are_refused() {
    let site = Site::new().await;
    let (citizen, scopes) =
        (site.someone(Role::Participant).await, ["territory", "public/laforce", "desk/laforce"]);
    let mut ledger = Ledger::of(&site).await;
    let queries = [
        "",
        "?scope=",
        "?scope=public/../desk",
        "?scope=territory&cursor=-1",
        "?scope=territory&cursor=x",
        "?scope=territory&cursor=99999999999999999999999",
        "?scope=territory&cursor=18446744073709551615",
        "?scope=territory&cursor=1&before=2",
        "?scope=territory&limit=0",
        "?scope=territory&limit=501",
        "?scope=territory&epoch=zz",
        "?scope=territory&colour=red",
        "?scope=territory&scope=territory",
        "?%ff%00=%",
    ];
    for query in queries {
        site.get(&format!("/api/v1/pull{query}")).send().await.is(ErrorCode::BadRequest);
    }
    for query in ["", "?scope=x", "?scop=territory", "?scope=territory&scope=public/"] {
        site.get(&format!("/api/v1/events{query}")).send().await.is(ErrorCode::BadRequest);
    }
    for name in ["x", "../../etc/passwd", &"AB".repeat(32), &"ab".repeat(33), "%00"] {
        let answer = site.get(&format!("/api/v1/blobs/{}", name.replace('/', "%2f"))).send().await;
        answer.is(ErrorCode::NotFound);
    }
    for scope in scopes.into_iter().filter(|scope| scope.starts_with("desk")) {
        for at in ["pull", "events"] {
            let path = format!("/api/v1/{at}?scope={scope}");
            site.get(&path).send().await.is(ErrorCode::SignInNeeded);
            site.get(&path).as_(&citizen).send().await.is(ErrorCode::NotPermitted);
        }
    }
    ledger.is_unchanged("queries and names").await;
}

/// A small generator: the same requests in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn bytes(&mut self) -> Vec<u8> {
        const PIECES: [&[u8]; 20] = [
            b"{",
            b"}",
            b"[",
            b"]",
            b"\"envelopes\"",
            b":",
            b",",
            b"\"code\"",
            b"null",
            b"1e999",
            b"-0",
            b"\"\\ud800\"",
            b"\"op\"",
            b"\"author\"",
            b"{\"person\":\"p\"}",
            b"\"body\"",
            b"\xff",
            b"\0",
            b"\"proof\":\"session\"",
            b" ",
        ];
        (0..self.roll(30)).flat_map(|_| PIECES[self.roll(PIECES.len())].to_vec()).collect()
    }
}

#[tokio::test]
async fn thousands_of_generated_requests_do_no_harm() {
    let site = Site::new().await;
    let someone: Someone = site.someone(Role::Participant).await;
    let mut ledger = Ledger::of(&site).await;
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for _ in 0..4_000 * scale() {
        let route = ROUTES[dice.roll(ROUTES.len())];
        let method = ["GET", "POST", "PUT", "HEAD", "DELETE"][dice.roll(5)];
        if route.path == "/api/v1/events" && matches!(method, "GET" | "HEAD") {
            continue;
        }
        let mut asking =
            site.request(method, &path(&route)).header("content-type", content_type(route.takes));
        if dice.roll(4) > 0 {
            asking = asking.header("sec-fetch-site", "same-origin");
        }
        if dice.roll(2) > 0 {
            asking = asking.as_(&someone);
        }
        let answer = asking.bytes(dice.bytes()).send().await;
        harmless(route.path, method, &answer);
        ledger.fits(&format!("{method} {}", route.path), route.path, &answer).await;
    }
}
