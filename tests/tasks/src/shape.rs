//! Small checks that no compiler makes, in seconds.

use crate::inputs::files_under;
use crate::problem::{Outcome, Problem, While};
use crate::project::Project;
use crate::stages::{STAGES, Work};
use crate::tools;
use std::fs;
use std::path::Path;

/// Past this many lines, ask what the second subject is.
const LONG: usize = 400;
const CODE: [&str; 8] = ["rs", "toml", "md", "html", "css", "js", "sh", "yml"];
const SKIPPED: [&str; 2] = ["dist", "target"];

pub fn check(project: &Project) -> Outcome<()> {
    let mut faults = Vec::new();
    for path in files_under(&project.root)? {
        let name = path.strip_prefix(&project.root).unwrap_or(&path);
        let kind = path.extension().unwrap_or_default().to_string_lossy();
        if SKIPPED.iter().any(|folder| name.starts_with(folder)) || !CODE.contains(&kind.as_ref()) {
            continue;
        }
        let Ok(text) = fs::read_to_string(&path) else { continue };
        if kind != "md" && text.lines().count() > LONG {
            println!("long: {} has {} lines", name.display(), text.lines().count());
        }
        for (at, line) in text.lines().enumerate() {
            if let Some(found) = machine_path(line) {
                faults.push(format!(
                    "{}:{}: names a folder of one machine ({found})",
                    name.display(),
                    at + 1
                ));
            }
        }
        if let Some(at) = debug_text(name, &text) {
            faults.push(format!(
                "{}:{at}: a debug text is empty in the modules that phones download",
                name.display()
            ));
        }
        if name.ends_with("Cargo.toml") {
            faults.extend(unlisted(&suites_in(&text)));
        }
        if let Some(suite) = cargo_suite(name) {
            faults.extend(unlisted(&[suite]));
        }
    }
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).or_say("read Cargo.lock")?;
    tools::check_wasm_bindgen(&lock)?;
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Problem::new(faults.join("\n"))),
    }
}

/// A path that exists on somebody's machine only.
fn machine_path(line: &str) -> Option<&'static str> {
    // In two parts, so that this file does not accuse itself.
    const FOLDERS: [&str; 4] =
        [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/"), concat!("/", "Users/")];
    FOLDERS.into_iter().find(|folder| {
        line.match_indices(folder).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            before.is_none_or(|c| c.is_whitespace() || "\"'`(=".contains(c))
        })
    })
}

/// The first line on which what phones download formats a debug text, tests aside. Clippy's `use_debug` looks at what
/// is printed and written, not at `format!`.
fn debug_text(name: &Path, text: &str) -> Option<usize> {
    const TESTS: [&str; 5] = ["tests", "cases", "testing", "properties", "dice"];
    let downloaded = ["app/src", "app/domain/src"].iter().any(|folder| name.starts_with(folder));
    let of_tests = name.components().any(|part| {
        let part = part.as_os_str().to_string_lossy();
        let part = part.trim_end_matches(".rs");
        TESTS.contains(&part) || part.ends_with("_tests")
    });
    if !downloaded || of_tests {
        return None;
    }
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let formats = |line: &str| !line.trim_start().starts_with("//") && line.contains(":?}");
    code.lines().enumerate().find(|(_, line)| formats(line)).map(|(at, _)| at + 1)
}

/// The names under `[[test]]` in a manifest.
fn suites_in(manifest: &str) -> Vec<String> {
    let mut inside = false;
    let mut names = Vec::new();
    for line in manifest.lines().map(str::trim) {
        if line.starts_with('[') {
            inside = line == "[[test]]";
        }
        let value = line.strip_prefix("name").map(|rest| rest.trim_start_matches([' ', '=']));
        if let (true, Some(value)) = (inside, value) {
            names.push(value.trim_matches('"').to_owned());
        }
    }
    names
}

/// The suite that Cargo finds by itself in `<package>/tests/<suite>.rs`.
fn cargo_suite(name: &Path) -> Option<String> {
    let in_source = name.components().any(|folder| folder.as_os_str() == "src");
    let in_tests = name.parent()?.file_name()? == "tests" && name.components().count() > 2 && !in_source;
    (in_tests && name.extension()? == "rs").then(|| name.file_stem().map(|s| s.to_string_lossy().into()))?
}

fn unlisted(suites: &[String]) -> Vec<String> {
    let listed = |suite: &&String| {
        STAGES.iter().any(|stage| match stage.work {
            Work::Suites(names) => names.contains(&suite.as_str()),
            _ => false,
        })
    };
    let unlisted = suites.iter().filter(|suite| !listed(suite));
    unlisted.map(|suite| format!("the suite `{suite}` stands in no stage: add it to stages.rs")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machines_folder_is_found_and_an_address_is_not() {
        assert!(machine_path(&format!("let a = \"{}x\";", concat!("/", "home/"))).is_some());
        assert!(machine_path("https://example.org/work/of/art").is_none());
    }

    #[test]
    fn a_debug_text_is_found_where_phones_would_read_nothing() {
        let text = "// {:?}\nlet key = format!(\"{:?}\", it);\n";
        assert_eq!(debug_text(Path::new("app/src/desk/documents.rs"), text), Some(2));
        assert_eq!(debug_text(Path::new("app/src/offline/pull_tests.rs"), text), None);
        assert_eq!(debug_text(Path::new("server/src/main.rs"), text), None);
        assert_eq!(debug_text(Path::new("app/src/lib.rs"), "#[cfg(test)]\nmod tests {\n{it:?}"), None);
    }

    #[test]
    fn suites_are_read_from_the_manifest() {
        let manifest = "[lib]\nname = \"harness\"\n[[test]]\nname = \"sync\"\n[[bin]]\nname = \"figures\"";
        assert_eq!(suites_in(manifest), ["sync"]);
    }

    #[test]
    fn a_forgotten_suite_is_named() {
        assert!(unlisted(&["sync".to_owned()]).is_empty());
        assert!(unlisted(&["forgotten".to_owned()])[0].contains("`forgotten`"));
        assert_eq!(cargo_suite(Path::new("app/domain/tests/rules.rs")), Some("rules".into()));
        assert_eq!(cargo_suite(Path::new("tests/suites/sync.rs")), None);
        assert_eq!(cargo_suite(Path::new("tests/src/lib.rs")), None);
        assert_eq!(cargo_suite(Path::new("app/domain/src/surveys/tests/sound.rs")), None);
    }
}
