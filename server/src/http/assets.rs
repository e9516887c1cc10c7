//! The pages and their files, as they were built into this binary: compressed before, with
//! their scripts' hashes, and named by what they are when a browser may keep them for ever.

use std::borrow::Cow;
use std::collections::HashMap;

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::ids::Hash;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

use super::encoding;

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Bundle;

struct File {
    /// `identity`, `br`, `gzip`.
    bytes: HashMap<&'static str, Bytes>,
    tag: String,
    kind: &'static str,
    kept: &'static str,
}

/// Every file by its path, without the first slash.
pub struct Assets(HashMap<String, File>);

/// The page of an audience, by its folder. Trunk names it after its source or `index.html`.
const CITIZEN: [&str; 2] = ["index.html", "citizen.html"];
const DESK: [&str; 2] = ["desk/index.html", "desk/desk.html"];

impl Assets {
    /// What was built into this binary; empty when it was built without its pages.
    pub fn embedded() -> Self {
        Self::of(Bundle::iter().filter_map(|path| {
            let data = Bundle::get(&path)?.data;
            let bytes = match data {
                Cow::Borrowed(bytes) => Bytes::from_static(bytes),
                Cow::Owned(bytes) => Bytes::from(bytes),
            };
            Some((path.into_owned(), bytes))
        }))
    }

    /// These files; `.br` and `.gz` are taken as encodings of the file without.
    pub fn of(files: impl IntoIterator<Item = (String, Bytes)>) -> Self {
        let mut assets: HashMap<String, File> = HashMap::new();
        for (path, bytes) in files {
            let encoded = [(".br", "br"), (".gz", "gzip")];
            let (name, encoding) = encoded
                .into_iter()
                .find_map(|(end, encoding)| Some((path.strip_suffix(end)?, encoding)))
                .unwrap_or((&path, "identity"));
            let file = assets.entry(name.to_owned()).or_insert_with(|| File {
                bytes: HashMap::new(),
                tag: String::new(),
                kind: kind(name),
                kept: kept(name),
            });
            if encoding == "identity" {
                file.tag = Hash::of(&bytes).to_string();
            }
            file.bytes.insert(encoding, bytes);
        }
        assets.retain(|_, file| file.bytes.contains_key("identity"));
        Self(assets)
    }

    /// Whether there is a page for citizens at all.
    pub fn has_pages(&self) -> bool {
        CITIZEN.iter().any(|page| self.0.contains_key(*page))
    }

    /// The inline scripts of all pages, as sources of a content security policy.
    pub fn script_hashes(&self) -> Vec<String> {
        let pages = self.0.iter().filter(|(path, _)| path.ends_with(".html"));
        let texts = pages.filter_map(|(_, file)| std::str::from_utf8(&file.bytes["identity"]).ok());
        let mut hashes: Vec<_> = texts.flat_map(inline_scripts).map(source).collect();
        hashes.sort();
        hashes.dedup();
        hashes
    }

    /// Serves a path: a file, or the page of its audience.
    pub fn serve(&self, path: &str, headers: &HeaderMap) -> Option<Response> {
        if path == "/desk" {
            let moved = [(header::LOCATION, "/desk/")];
            return Some((StatusCode::PERMANENT_REDIRECT, moved).into_response());
        }
        let name = path.trim_start_matches('/');
        if let Some(file) = self.0.get(name) {
            return Some(file.serve(headers));
        }
        // A last part with a dot is a file that is not there, not a page.
        if name.rsplit('/').next().is_some_and(|last| last.contains('.')) {
            return None;
        }
        let pages = if path.starts_with("/desk/") { DESK } else { CITIZEN };
        pages.iter().find_map(|page| self.0.get(*page)).map(|file| file.serve(headers))
    }
}

impl File {
    fn serve(&self, headers: &HeaderMap) -> Response {
        let offered: Vec<_> = ["br", "gzip"].into_iter().filter(|e| self.bytes.contains_key(e)).collect();
        let encoding = encoding::best(headers, &offered).unwrap_or("identity");
        let tag = format!("\"{}-{encoding}\"", self.tag);
        let asked = headers.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let known = asked.flat_map(|value| value.split(',')).any(|value| value.trim().ends_with(&tag));
        let bytes = self.bytes.get(encoding).filter(|_| !known).cloned();
        let status = if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK };
        let mut response = (status, Body::from(bytes.unwrap_or_default())).into_response();
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        out.insert(header::CACHE_CONTROL, HeaderValue::from_static(self.kept));
        out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if encoding != "identity" {
            out.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            out.insert(header::ETAG, tag);
        }
        response
    }
}

/// The text of each `<script>` without `src`.
fn inline_scripts(page: &str) -> Vec<&str> {
    let mut scripts = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("<script") {
        let Some(open) = rest[start..].find('>').map(|end| start + end + 1) else { break };
        let Some(close) = rest[open..].find("</script").map(|end| open + end) else { break };
        if !rest[start..open].contains(" src=") && close > open {
            scripts.push(&rest[open..close]);
        }
        rest = &rest[close..];
    }
    scripts
}

fn source(script: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(script)))
}

fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// A file named by its hash never changes; everything else is asked for each time.
fn kept(name: &str) -> &'static str {
    let last = name.rsplit('/').next().unwrap_or_default();
    let hashed = last
        .split(['-', '.', '_'])
        .any(|part| part.len() >= 16 && part.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')));
    if hashed { "public, max-age=31536000, immutable" } else { "no-cache" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_with_a_hash_are_kept_for_ever_and_no_others() {
        for name in ["citizen-1f2e3d4c5b6a7988.js", "desk/desk-1f2e3d4c5b6a7988_bg.wasm"] {
            assert!(kept(name).contains("immutable"), "{name}");
        }
        for name in ["index.html", "sw.js", "desk/sw.js", "manifest.fr.webmanifest", "icons/192.png"] {
            assert_eq!(kept(name), "no-cache", "{name}");
        }
    }

    #[test]
    fn inline_scripts_are_found_and_linked_ones_left_out() {
        let page = r#"<script type="module">a()</script><script src="/b.js"></script><script>c()</script>"#;
        assert_eq!(inline_scripts(page), ["a()", "c()"]);
    }
}
