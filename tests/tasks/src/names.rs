//! Gives the program files of an audience names that follow from their final content.
//!
//! Trunk names them by what the compiler wrote, before wasm-bindgen and wasm-opt have worked on it. Another wasm-opt
//! would then put other bytes under a name that browsers keep for ever, and their integrity check would refuse the
//! page.

use crate::inputs::hex;
use crate::problem::{Outcome, Problem, While};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// Renames `<bin>-*.js` and `<bin>-*_bg.wasm` in `folder` and follows in its page.
pub fn by_content(folder: &Path, bin: &str) -> Outcome<()> {
    let page_path = folder.join("index.html");
    let page = fs::read_to_string(&page_path).or_say("read the page that Trunk wrote")?;
    let old = stem(&page, bin)
        .ok_or_else(|| {
            Problem::new(format!("Trunk's page for {bin} names no module.")).next(format!(
                "Check that app/{bin}.html has <link data-trunk rel=\"rust\" data-bin=\"{bin}\">."
            ))
        })?
        .to_owned();
    let read = |name: String| fs::read(folder.join(&name)).or_say(format!("read {name}"));
    let mut hash = Sha256::new();
    hash.update(read(format!("{old}.js"))?);
    hash.update(read(format!("{old}_bg.wasm"))?);
    let new = format!("{bin}-{}", &hex(&hash.finalize())[..16]);
    for end in [".js", "_bg.wasm"] {
        let (from, to) = (folder.join(format!("{old}{end}")), folder.join(format!("{new}{end}")));
        fs::rename(from, to).or_say(format!("rename {old}{end}"))?;
    }
    fs::write(page_path, page.replace(&old, &new)).or_say("write the page")
}

/// `citizen-ad5a75ef39d975ad`, as the page's script names it.
fn stem<'a>(page: &'a str, bin: &str) -> Option<&'a str> {
    let end = page.find("_bg.wasm")?;
    let start = page[..end].rfind(['/', '\'', '"'])? + 1;
    let stem = &page[start..end];
    stem.strip_prefix(bin)?.starts_with('-').then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stem_is_read_from_trunks_script() {
        let page = "await init({ module_or_path: '/desk/desk-c147_bg.wasm' });";
        assert_eq!(stem(page, "desk"), Some("desk-c147"));
        assert_eq!(stem(page, "citizen"), None);
        assert_eq!(stem("<p>", "desk"), None);
    }

    #[test]
    fn names_follow_the_content() {
        let folder = std::env::temp_dir().join(format!("rabaska-names-{}", std::process::id()));
        let name_for = |module: &str| {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("desk-1.js"), "js").unwrap();
            fs::write(folder.join("desk-1_bg.wasm"), module).unwrap();
            fs::write(folder.join("index.html"), "<a href='/desk-1.js'> '/desk-1_bg.wasm'").unwrap();
            by_content(&folder, "desk").unwrap();
            let page = fs::read_to_string(folder.join("index.html")).unwrap();
            let name = stem(&page, "desk").unwrap().to_owned();
            assert!(page.contains(&format!("/{name}.js")) && folder.join(format!("{name}.js")).is_file());
            fs::remove_dir_all(&folder).unwrap();
            name
        };
        let first = name_for("a");
        assert_eq!(first, name_for("a"));
        assert_ne!(first, name_for("b"));
    }
}
