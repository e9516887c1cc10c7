//! The pages: what they may run, how they are kept, and what is never taken for a page.

use app::api::ErrorCode;
use axum::body::Bytes;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ids::Hash;
use rabaska::http::assets::Assets;

use crate::site::{Answer, Site};

const SCRIPT: &str = "import init from '/citizen-0123456789abcdef.js'; init();";

fn bundle() -> Assets {
    let page =
        format!("<!doctype html><script type=\"module\">{SCRIPT}</script><script src=\"/x.js\"></script>");
    let files: [(&str, &str); 9] = [
        ("index.html", &page),
        ("index.html.br", "brotli"),
        ("index.html.gz", "gzip"),
        ("desk/index.html", "<!doctype html>desk"),
        ("citizen-0123456789abcdef_bg.wasm", "\0asm"),
        ("citizen-0123456789abcdef_bg.wasm.br", "br-wasm"),
        ("sw.js", "worker"),
        ("manifest.fr.webmanifest", "{}"),
        ("icons/192.png", "png"),
    ];
    Assets::of(files.map(|(path, text)| (path.to_owned(), Bytes::from(text.to_owned()))))
}

async fn get(site: &Site, path: &str, encodings: &str) -> Answer {
    site.get(path).header("accept-encoding", encodings).send().await
}

#[tokio::test]
async fn the_policy_allows_the_pages_own_scripts_and_no_others() {
    let site = Site::with_pages(bundle()).await;
    let hash = format!("'sha256-{}'", STANDARD.encode(Hash::of(SCRIPT.as_bytes()).0));
    for path in ["/api/v1/health", "/api/v1/nothing", "/api/v1/pull?scope=territory"] {
        let answer = get(&site, path, "").await;
        let policy = answer.header("content-security-policy");
        assert_eq!(policy, "default-src 'none'; frame-ancestors 'none'", "{path}: data loads nothing");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-resource-policy"), "same-origin");
        assert!(!answer.header("strict-transport-security").is_empty());
    }
    for path in ["/", "/desk/", "/laforce/consultations"] {
        let answer = get(&site, path, "").await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.contains(&format!("script-src 'self' 'wasm-unsafe-eval' {hash};")),
            "{path}: {policy}"
        );
        assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe-inline"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert!(answer.header("content-security-policy-report-only").contains("trusted-types"));
        assert!(!answer.header("strict-transport-security").is_empty());
    }
}

/// The pages that this very binary carries, when it was built with them.
#[tokio::test]
async fn the_policy_fits_the_embedded_pages() {
    let assets = Assets::embedded();
    if !assets.has_pages() {
        return;
    }
    let expected = assets.script_hashes();
    let site = Site::with_pages(assets).await;
    for path in ["/", "/desk/"] {
        let answer = get(&site, path, "").await;
        let page = String::from_utf8(answer.body.to_vec()).unwrap();
        for inline in page.split("<script type=\"module\">").skip(1) {
            let script = inline.split("</script>").next().unwrap();
            let hash = format!("sha256-{}", STANDARD.encode(Hash::of(script.as_bytes()).0));
            assert!(
                expected.contains(&hash) && answer.header("content-security-policy").contains(&hash),
                "{path}"
            );
        }
        assert!(!page.contains("style=\""), "{path}: the policy forbids inline styles");
    }
}

#[tokio::test]
async fn a_path_without_a_dot_is_a_page_of_its_audience() {
    let site = Site::with_pages(bundle()).await;
    for (path, starts) in [("/", "<!doctype html><script"), ("/laforce/x", "<!doctype html><script")] {
        assert!(get(&site, path, "").await.body.starts_with(starts.as_bytes()), "{path}");
    }
    for path in ["/desk/", "/desk/laforce/inbox"] {
        assert_eq!(get(&site, path, "").await.body, "<!doctype html>desk", "{path}");
    }
    assert_eq!(get(&site, "/desk", "").await.header("location"), "/desk/");
    for path in ["/missing.js", "/desk/missing.css", "/.env", "/../Cargo.toml", "/api/page"] {
        get(&site, path, "").await.is(ErrorCode::NotFound);
    }
    site.post("/laforce").send().await.is(ErrorCode::MethodNotAllowed);
}

#[tokio::test]
async fn files_come_compressed_and_are_kept_by_their_name() {
    let site = Site::with_pages(bundle()).await;
    let wasm = get(&site, "/citizen-0123456789abcdef_bg.wasm", "gzip, br").await;
    assert_eq!((wasm.header("content-encoding"), &wasm.body[..]), ("br", &b"br-wasm"[..]));
    assert_eq!((wasm.header("content-type"), wasm.header("vary")), ("application/wasm", "accept-encoding"));
    assert!(wasm.header("cache-control").contains("immutable"));
    assert_eq!(get(&site, "/citizen-0123456789abcdef_bg.wasm", "gzip").await.header("content-encoding"), "");
    assert_eq!(get(&site, "/", "br;q=0.2, gzip;q=0.9").await.body, "gzip");
    for path in ["/", "/sw.js", "/manifest.fr.webmanifest"] {
        let first = get(&site, path, "").await;
        assert_eq!(first.header("cache-control"), "no-cache", "{path}");
        let again = site.get(path).header("if-none-match", first.header("etag")).send().await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
    }
    assert_eq!(
        get(&site, "/manifest.fr.webmanifest", "").await.header("content-type"),
        "application/manifest+json"
    );
}

#[tokio::test]
async fn a_server_without_pages_says_so() {
    let site = Site::new().await;
    let answer = site.get("/").send().await;
    assert_eq!(answer.status.as_u16(), 503);
    assert!(String::from_utf8_lossy(&answer.body).contains("built without its pages"));
}
