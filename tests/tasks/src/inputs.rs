//! Did anything that goes into the pages change? One hash over every input, kept beside the last bundle.

use crate::problem::{Outcome, While};
use crate::project::Project;
use crate::tools::{TRUNK, WASM_BINDGEN, WASM_SPLIT, has_library_source, wasm_opt_version};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};

const TREES: [&str; 3] = ["app", "style", "public"];
const FILES: [&str; 4] = ["Cargo.toml", "Cargo.lock", "Trunk.toml", "rust-toolchain.toml"];

/// How the bundle is put together also decides what is in it.
const RECIPE: [&str; 9] = [
    include_str!("bundle.rs"),
    include_str!("compress.rs"),
    include_str!("edition.rs"),
    include_str!("glue.rs"),
    include_str!("module.rs"),
    include_str!("names.rs"),
    include_str!("precache.rs"),
    include_str!("split.rs"),
    include_str!("tools.rs"),
];

/// The key of the bundle that the present inputs would give.
pub fn key(project: &Project) -> Outcome<String> {
    let mut hash = Sha256::new();
    let mut files: Vec<PathBuf> = FILES.iter().map(|name| project.root.join(name)).collect();
    for tree in TREES {
        files.extend(files_under(&project.root.join(tree))?);
    }
    for file in files.iter().filter(|file| file.is_file()) {
        let name = file.strip_prefix(&project.root).unwrap_or(file);
        let content = std::fs::read(file).or_say(format!("read {}", file.display()))?;
        add(&mut hash, name.to_string_lossy().as_bytes());
        add(&mut hash, &content);
    }
    for text in RECIPE {
        add(&mut hash, text.as_bytes());
    }
    let flags = std::env::var("RUSTFLAGS").unwrap_or_default();
    let shrinker = wasm_opt_version().unwrap_or_default();
    let library = if has_library_source(project) { "small" } else { "" };
    for text in [TRUNK.version, WASM_BINDGEN.version, WASM_SPLIT.version, &flags, &shrinker, library] {
        add(&mut hash, text.as_bytes());
    }
    Ok(hex(&hash.finalize()))
}

/// A hash over names and sizes below `folder`: tells whether it is still what was written there.
pub fn outline(folder: &Path) -> Outcome<String> {
    let mut hash = Sha256::new();
    if folder.is_dir() {
        for file in files_under(folder)? {
            let size = file.metadata().or_say(format!("look at {}", file.display()))?.len();
            add(&mut hash, file.to_string_lossy().as_bytes());
            add(&mut hash, &size.to_le_bytes());
        }
    }
    Ok(hex(&hash.finalize()))
}

// Each part with its length, so that no two lists of parts give the same stream.
fn add(hash: &mut Sha256, part: &[u8]) {
    hash.update((part.len() as u64).to_le_bytes());
    hash.update(part);
}

/// Every file below `folder`, sorted; hidden ones and `target` folders left out.
pub fn files_under(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        if !next.is_dir() {
            continue;
        }
        for entry in std::fs::read_dir(&next).or_say(format!("list {}", next.display()))? {
            let entry = entry.or_say(format!("list {}", next.display()))?;
            let name = entry.file_name();
            let hidden = name.to_string_lossy().starts_with('.') && name != ".well-known";
            if hidden || name == "target" {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// The hash of one text.
pub fn digest(content: &[u8]) -> String {
    hex(&Sha256::digest(content))
}
