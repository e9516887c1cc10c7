//! Requests that other sites make in a person's name.

use app::api::ErrorCode;
use rabaska::http::routes::{ROUTES, Takes};

use crate::site::{ORIGIN, Site};

#[tokio::test]
async fn no_other_site_can_change_anything() {
    let site = Site::new().await;
    let cases: &[&[(&str, &str)]] = &[
        &[],
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("sec-fetch-site", "none")],
        &[("origin", "null")],
        &[("origin", "https://evil.test")],
        &[("origin", "http://rabaska.test")],
        &[("sec-fetch-site", "cross-site"), ("origin", ORIGIN)],
    ];
    for route in ROUTES.iter().filter(|route| route.takes != Takes::Nothing) {
        let method = if route.methods.contains(&"PUT") { "PUT" } else { "POST" };
        let path = route.path.replace("{sha256}", &"ab".repeat(32));
        for headers in cases {
            let asking = site.request(method, &path).header("content-type", "application/json").bytes("{}");
            let answer =
                headers.iter().fold(asking, |asking, (name, value)| asking.header(name, value)).send().await;
            answer.is(ErrorCode::CrossSite);
        }
    }
}

#[tokio::test]
async fn an_older_browser_is_known_by_its_origin() {
    let site = Site::new().await;
    let asking = site.request("POST", "/api/v1/session/show").header("origin", ORIGIN);
    let answer = asking.header("content-type", "application/json").bytes("{}").send().await;
    assert_eq!((answer.status.as_u16(), answer.json()["person"].is_null()), (200, true));
}

#[tokio::test]
async fn a_form_post_never_becomes_a_redirect() {
    let site = Site::new().await;
    let asking = site.post("/api/v1/session/show").header("accept", "text/html").header("referer", ORIGIN);
    let answer = asking.header("content-type", "application/json").bytes("{}").send().await;
    assert_eq!(answer.status.as_u16(), 200);
}
