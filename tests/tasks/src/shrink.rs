//! The stand-in for `wasm-opt` on machines without it.
//!
//! Trunk, kept offline, stops when a page asks for `wasm-opt` and none is found. Pages always ask, because a module
//! must be shrunk before Trunk computes its integrity. So where there is none, one that copies the module unchanged
//! is put first in PATH.

use std::process::ExitCode;

pub const NAME: &str = "wasm-opt";

/// Acts as `wasm-opt`.
pub fn act(words: &[String]) -> ExitCode {
    if words.iter().any(|word| word == "--version") {
        println!("{NAME} version 0");
        return ExitCode::SUCCESS;
    }
    match files(words).map(|(from, to)| std::fs::copy(from, to)) {
        Some(Ok(_)) => ExitCode::SUCCESS,
        _ => {
            eprintln!("the stand-in for {NAME} cannot copy: {words:?}");
            ExitCode::FAILURE
        }
    }
}

fn files(words: &[String]) -> Option<(&str, &str)> {
    let from = words.iter().find(|word| !word.starts_with('-'))?;
    let to = words.iter().find_map(|word| word.strip_prefix("--output="))?;
    Some((from, to))
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
