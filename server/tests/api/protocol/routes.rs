//! The documented routes, parameters and headers.

use domain::authority::Role;
use domain::ids::Hash;
use domain::ports::{Identity, Journal};
use rabaska::http::routes::ROUTES;
use serde_json::json;

use super::acts::{Client, QUAY};
use super::document::Document;

fn documented() -> Vec<String> {
    Document::table("Route").into_iter().map(|row| row[0].clone()).collect()
}

#[tokio::test]
async fn the_documented_routes_and_parameters_are_those_there_are() {
    let site = crate::site::Site::new().await;
    let mut documented = documented();
    let mut served: Vec<String> = Vec::new();
    for route in ROUTES {
        served.extend(route.methods.iter().map(|method| format!("{method} {}", route.path)));
    }
    documented.sort();
    served.sort();
    assert_eq!(documented, served);
    for row in Document::table("Parameter") {
        let value = match row[0].as_str() {
            "scope" => continue,
            "epoch" => site.store.epoch().to_string(),
            _ => "1".to_owned(),
        };
        let answer = site.get(&format!("/api/v1/pull?scope=territory&{}={value}", row[0])).send().await;
        assert_eq!(answer.status.as_u16(), 200, "{}", row[0]);
    }
}

#[tokio::test]
async fn a_documented_header_stands_on_the_answers_that_are_named_and_on_no_other() {
    let client = Client::new().await;
    let someone = client.sign_in(Role::Participant).await;
    let (name, community) = ("P (fictive)".parse().unwrap(), "laforce".parse().unwrap());
    let (_, code) = client.site.store.add(name, community, Role::Participant).await.unwrap();
    let consultation = client.site.consultation().await.to_string();
    let headers = Document::table("Header");
    // Bytes go up before they are asked for; the session ends last, by another or by itself.
    let mut routes = documented();
    routes
        .sort_by_key(|route| (route.ends_with("close"), route.ends_with("open"), !route.starts_with("PUT")));
    for route in routes {
        let (method, path) = route.split_once(' ').unwrap();
        let path = path.replace("{sha256}", &Hash::of(QUAY).to_string()).replace("{community}", "laforce");
        let path = path.replace("{consultation}", &consultation).replace("{file}", "contributions.csv");
        let (query, kind, body) = match (method, path.rsplit('/').next().unwrap()) {
            ("POST", "open") => {
                ("".to_owned(), "json", json!({ "code": code.to_string() }).to_string().into())
            }
            ("POST", "push") => ("".to_owned(), "json", json!({ "envelopes": [] }).to_string().into()),
            ("POST", _) => ("".to_owned(), "json", b"{}".to_vec()),
            ("PUT", _) => (format!("?offset=0&size={}", QUAY.len()), "octet-stream", QUAY.to_vec()),
            (_, "pull" | "events") => ("?scope=territory".to_owned(), "json", vec![]),
            _ => ("".to_owned(), "json", vec![]),
        };
        let asking = client.site.request(method, &format!("{path}{query}")).as_(&someone);
        let asking = asking.header("sec-fetch-site", "same-origin");
        let answer = asking.header("content-type", &format!("application/{kind}")).bytes(body).open().await;
        assert_eq!(answer.status().as_u16(), 200, "{route}");
        for row in &headers {
            let named = row[1].contains(&route);
            assert_eq!(answer.headers().contains_key(&row[0]), named, "{} on {route}", row[0]);
        }
    }
}
