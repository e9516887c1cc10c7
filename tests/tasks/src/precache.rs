//! Which files an audience needs without a network, and its service worker with that list.
//!
//! `public/sw.js` serves both audiences: its four marks are filled in here. A file of `public/` is on an audience's
//! list when that audience names its address (in page, style, script or module) and it is small.

use crate::inputs::{files_under, hex};
use crate::problem::{Outcome, Problem, While};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

/// Larger public files (install icons, screenshots) are the system's business, not the offline shell's.
const SMALL: usize = 32 * 1024;

/// Install icons, also those that the page itself names for iOS.
const ICONS: &str = "/icons/";

/// The drawn maps.
pub const MAPS: &str = "/maps/";

/// A file as the browser asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    pub url: String,
    pub content: Vec<u8>,
}

/// Every file below `folder`, addressed below `base`; a page is its folder's address.
pub fn assets(folder: &Path, base: &str) -> Outcome<Vec<Asset>> {
    let read = |path: PathBuf| {
        let inside = path.strip_prefix(folder).unwrap_or(&path);
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        let url = format!("{base}{}", parts.join("/"));
        Ok(Asset {
            url: url.strip_suffix("index.html").map_or(url.clone(), str::to_owned),
            content: fs::read(&path).or_say(format!("read {}", path.display()))?,
        })
    };
    files_under(folder)?.into_iter().map(read).collect()
}

/// The audience's own files and those public ones that they name. The icons that only a manifest names are fetched by
/// the system when it installs the app: a phone on a slow line does not pay for them twice.
pub fn needed(own: &[Asset], public: &[Asset]) -> Vec<Asset> {
    let named = |asset: &&Asset| own.iter().any(|file| names(&file.content, &asset.url));
    let small = |asset: &&Asset| asset.content.len() <= SMALL && !asset.url.starts_with(ICONS);
    let mut list = own.to_vec();
    list.extend(public.iter().filter(small).filter(named).cloned());
    list.sort_by(|a, b| a.url.cmp(&b.url));
    list
}

/// Whether `url` occurs in `text` as a whole address.
fn names(text: &[u8], url: &str) -> bool {
    // In a module, texts stand one after the other with nothing between.
    let glued = text.starts_with(b"\0asm");
    let goes_on = |byte: &u8| !glued && (byte.is_ascii_alphanumeric() || b"-_/".contains(byte));
    text.windows(url.len()).enumerate().any(|(at, window)| {
        let before = at.checked_sub(1).and_then(|i| text.get(i));
        window == url.as_bytes() && !before.is_some_and(goes_on)
    })
}

/// Fills in `public/sw.js` for one audience: with what it keeps, and what it keeps once somebody needs it.
pub fn service_worker(template: &str, shell: &str, files: &[Asset], later: &[Asset]) -> Outcome<String> {
    if !files.iter().any(|asset| asset.url == shell) {
        return Err(Problem::new(format!("The offline list of {shell} lacks its own page.")));
    }
    let (list, later) = (list(files), list(later));
    // The template counts too: a corrected worker must be seen as a new one.
    let mut version = Sha256::new();
    version.update(template);
    version.update(&list);
    version.update(&later);
    let version = &hex(&version.finalize())[..16];
    let mut text = template.to_owned();
    for (mark, value) in [
        ("\"__VERSION__\"", quoted(version)),
        ("\"__SHELL__\"", quoted(shell)),
        ("__FILES__", list),
        ("__LATER__", later),
    ] {
        if text.matches(mark).count() != 1 {
            return Err(Problem::new(format!("public/sw.js must contain {mark} exactly once.")));
        }
        text = text.replace(mark, &value);
    }
    Ok(text)
}

/// Addresses with their hashes.
fn list(files: &[Asset]) -> String {
    let row = |asset: &Asset| {
        let hash = BASE64_STANDARD.encode(Sha256::digest(&asset.content));
        format!("[{},\"{hash}\"]", quoted(&asset.url))
    };
    format!("[{}]", files.iter().map(row).collect::<Vec<_>>().join(","))
}

/// A JSON string; addresses hold no control characters.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = r#"const VERSION = "__VERSION__"; const SHELL = "__SHELL__"; const FILES = __FILES__; const LATER = __LATER__;"#;

    fn asset(url: &str, content: &str) -> Asset {
        Asset { url: url.into(), content: content.into() }
    }

    fn urls(list: &[Asset]) -> Vec<&str> {
        list.iter().map(|asset| asset.url.as_str()).collect()
    }

    #[test]
    fn only_public_files_that_the_audience_names_are_kept() {
        let own = [asset("/", r#"<link href="/app.webmanifest"><a href="/other/seal.svg">"#)];
        let public = [
            asset("/app.webmanifest", r#"{"icons":[{"src":"/icon.svg"}]}"#),
            asset("/icon.svg", "<svg/>"),
            asset("/robots.txt", "User-agent: *"),
            asset("/seal.svg", "<svg/>"),
        ];
        assert_eq!(urls(&needed(&own, &public)), ["/", "/app.webmanifest"]);
    }

    #[test]
    fn a_module_may_name_them_in_the_middle_of_its_texts() {
        let own = [asset("/", ""), asset("/a.wasm", "\0asm..closed/loon.svg/seal.svgopen")];
        let public = [asset("/loon.svg", "1"), asset("/seal.svg", "2"), asset("/owl.svg", "3")];
        assert_eq!(urls(&needed(&own, &public)), ["/", "/a.wasm", "/loon.svg", "/seal.svg"]);
    }

    #[test]
    fn large_public_files_and_install_icons_stay_out() {
        let own = [asset("/", "src=/big.png href=/icons/touch.png")];
        let public = [asset("/big.png", &"x".repeat(SMALL + 1)), asset("/icons/touch.png", "x")];
        assert_eq!(urls(&needed(&own, &public)), ["/"]);
    }

    #[test]
    fn the_worker_carries_shell_list_and_hashes() {
        let text =
            service_worker(TEMPLATE, "/desk/", &[asset("/desk/", "abc")], &[asset("/a.wasm", "")]).unwrap();
        assert!(text.contains(r#"const SHELL = "/desk/";"#));
        assert!(
            text.contains(r#"const FILES = [["/desk/","ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="]];"#)
        );
        let later = r#"const LATER = [["/a.wasm","47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="]];"#;
        assert!(text.contains(later), "{text}");
    }

    #[test]
    fn the_version_follows_files_and_template() {
        let version = |template: &str, content: &str, later: &str| {
            let made = service_worker(template, "/", &[asset("/", content)], &[asset("/a.wasm", later)]);
            made.unwrap().split('"').nth(1).unwrap().to_owned()
        };
        let first = version(TEMPLATE, "a", "");
        assert_eq!(first, version(TEMPLATE, "a", ""));
        assert_ne!(first, version(TEMPLATE, "b", ""));
        assert_ne!(first, version(TEMPLATE, "a", "b"));
        assert_ne!(first, version(&format!("{TEMPLATE} "), "a", ""));
    }

    #[test]
    fn a_worker_without_its_marks_or_its_page_is_refused() {
        assert!(service_worker("const FILES = __FILES__;", "/", &[asset("/", "")], &[]).is_err());
        assert!(service_worker(TEMPLATE, "/desk/", &[asset("/", "")], &[]).is_err());
    }
}
