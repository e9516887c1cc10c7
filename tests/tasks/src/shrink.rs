//! The stand-in for `wasm-opt` on machines without it.
//!
//! Trunk, kept offline, stops when a page asks for `wasm-opt` and none is found. Pages always ask, because a module
//! must be shrunk before Trunk computes its integrity. So where there is none, a copy of this very
//! program under that name is put first in PATH: called so, it copies the module unchanged.

use crate::problem::{Outcome, While};
use crate::project::Project;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const NAME: &str = "wasm-opt";

/// Acts as `wasm-opt` when called by that name.
pub fn stand_in() -> Option<ExitCode> {
    let mut words = std::env::args();
    let own = words.next()?;
    if Path::new(&own).file_stem()? != NAME {
        return None;
    }
    let words: Vec<String> = words.collect();
    if words.iter().any(|word| word == "--version") {
        println!("{NAME} version 0");
        return Some(ExitCode::SUCCESS);
    }
    let copied = files(&words).map(|(from, to)| std::fs::copy(from, to));
    Some(match copied {
        Some(Ok(_)) => ExitCode::SUCCESS,
        _ => {
            eprintln!("the stand-in for {NAME} cannot copy: {words:?}");
            ExitCode::FAILURE
        }
    })
}

fn files(words: &[String]) -> Option<(&str, &str)> {
    let from = words.iter().find(|word| !word.starts_with('-'))?;
    let to = words.iter().find_map(|word| word.strip_prefix("--output="))?;
    Some((from, to))
}

/// Puts the copy into a folder of its own and returns that folder.
pub fn install_stand_in(project: &Project) -> Outcome<PathBuf> {
    let folder = project.target.join("stand-in");
    std::fs::create_dir_all(&folder).or_say("create the folder of the stand-in")?;
    let link = folder.join(format!("{NAME}{}", std::env::consts::EXE_SUFFIX));
    let own = std::env::current_exe().or_say("find this program's own file")?;
    if link.exists() {
        std::fs::remove_file(&link).or_say("renew the stand-in")?;
    }
    std::fs::copy(own, &link).or_say("write the stand-in")?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn source_and_destination_are_found_among_trunks_words() {
        let words = ["--output=/out/a.wasm", "-Oz", "/in/a.wasm", "--enable-sign-ext"];
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        assert_eq!(files(&words), Some(("/in/a.wasm", "/out/a.wasm")));
        assert_eq!(files(&words[..2]), None);
    }
}
