//! The stand-in for `wasm-bindgen`: it cuts the module in two first.
//!
//! The first part is what an app needs up to its first list; wasm-bindgen and Trunk treat it as the whole. The rest is
//! what only the functions marked `wasm_split(rest, …)` reach. It is made small and named by its content here, because
//! the script of the first part names it, and Trunk then computes that script's integrity.

use crate::inputs::hex;
use crate::problem::{Outcome, Problem, While};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

pub const NAME: &str = "wasm-bindgen";

/// Where the real wasm-bindgen is.
pub const BINDGEN: &str = "RABASKA_WASM_BINDGEN";
/// Where the splitter is.
pub const SPLITTER: &str = "RABASKA_WASM_SPLIT";
/// The folder for the rest.
pub const REST: &str = "RABASKA_REST";
/// Below which address it is served.
pub const BASE: &str = "RABASKA_BASE";

/// As in the pages, which ask Trunk for it.
const WASM_OPT: [&str; 8] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--low-memory-unused",
];

/// Acts as `wasm-bindgen`.
pub fn act(words: &[String]) -> ExitCode {
    match cut(words) {
        Ok(code) => code,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn cut(words: &[String]) -> Outcome<ExitCode> {
    let mut bindgen = Command::new(said(BINDGEN)?);
    let Some(call) = Call::read(words) else {
        // Its version, say.
        let status = bindgen.args(words).status().or_say("call wasm-bindgen")?;
        return Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    };
    let parts = Path::new(call.out).join("parts");
    if parts.exists() {
        fs::remove_dir_all(&parts).or_say("clear the folder of the parts")?;
    }
    let mut splitter = Command::new(said(SPLITTER)?);
    run(splitter.args(["--target", "web", "--out-name", call.name, call.input]).arg(&parts))?;
    let first = parts.join(format!("{}.wasm", call.name));
    let whole = fs::read(&first).or_say("read the first part")?;
    fs::write(&first, without_features(&whole)?).or_say("write the first part")?;
    let first = first.to_string_lossy();
    let words = words.iter().map(|word| if word == call.input { &*first } else { word });
    // The rest shares the first part's table of functions.
    run(bindgen.arg("--keep-lld-exports").args(words))?;
    let rest = parts.join("split_rest.wasm");
    if !rest.is_file() {
        return Err(Problem::new(format!("{} has no part called `rest`.", call.name))
            .next("See that its binary reaches the functions marked `wasm_split(rest, …)`."));
    }
    let small = parts.join("rest.wasm");
    let to = format!("--output={}", small.display());
    run(Command::new("wasm-opt").args(WASM_OPT).arg(rest).arg(to))?;
    let content = fs::read(&small).or_say("read the rest of the module")?;
    let hash = Sha256::digest(&content);
    let name = format!("{}-rest-{}.wasm", call.name, &hex(&hash)[..16]);
    fs::write(Path::new(&said(REST)?).join(&name), &content).or_say("write the rest of the module")?;
    let loader = fs::read_to_string(parts.join("__wasm_split.js")).or_say("read the loader of the rest")?;
    let address = format!("{}{name}", said(BASE)?);
    let integrity = format!("sha256-{}", BASE64_STANDARD.encode(hash));
    let script = PathBuf::from(call.out).join(format!("{}.js", call.name));
    let text = fs::read_to_string(&script).or_say("read the module's script")?;
    fs::write(&script, with_loader(&text, &loader, &address, &integrity)?)
        .or_say("write the module's script")?;
    Ok(ExitCode::SUCCESS)
}

/// Drops the section in which the linker says what the module makes use of: told of reference types, wasm-bindgen
/// keeps a second table, which Debian's wasm-opt (108) takes for the first.
fn without_features(module: &[u8]) -> Outcome<Vec<u8>> {
    let broken = || Problem::new("The splitter has written something that is not a module.");
    let (head, mut left) = module.split_at_checked(8).ok_or_else(broken)?;
    let mut kept = head.to_vec();
    while let Some((kind, after)) = left.split_first() {
        let (size, start) = number(after).ok_or_else(broken)?;
        let end = 1 + start + size;
        let content = left.get(1 + start..end).ok_or_else(broken)?;
        if *kind != 0 || !content.starts_with(b"\x0ftarget_features") {
            kept.extend_from_slice(&left[..end]);
        }
        left = &left[end..];
    }
    Ok(kept)
}

/// An unsigned number in LEB128, and how many bytes it takes.
fn number(bytes: &[u8]) -> Option<(usize, usize)> {
    let last = bytes.iter().take(5).position(|byte| byte & 0x80 == 0)?;
    let digits = bytes[..=last].iter().rev();
    Some((digits.fold(0, |number, byte| number << 7 | usize::from(byte & 0x7f)), last + 1))
}

fn said(name: &str) -> Outcome<String> {
    std::env::var(name)
        .map_err(|_| Problem::new(format!("{name} is not set: only the build of the pages calls this.")))
}

fn run(command: &mut Command) -> Outcome<()> {
    let status = command.status().or_say(format!("start {:?}", command.get_program()))?;
    if status.success() { Ok(()) } else { Err(Problem::new(format!("This failed: {command:?}."))) }
}

/// What Trunk asks for.
#[derive(Debug, PartialEq)]
struct Call<'a> {
    input: &'a str,
    out: &'a str,
    name: &'a str,
}

impl<'a> Call<'a> {
    fn read(words: &'a [String]) -> Option<Self> {
        let value = |name: &str| words.iter().find_map(|word| word.strip_prefix(name));
        let input = words.iter().find(|word| !word.starts_with('-'))?;
        Some(Self { input, out: value("--out-dir=")?, name: value("--out-name=")? })
    }
}

/// Takes the loader into the module's script: a phone does not wait for one more file.
fn with_loader(script: &str, loader: &str, address: &str, integrity: &str) -> Outcome<String> {
    let other =
        || Problem::new("The splitter or wasm-bindgen writes its script in another way than this version.");
    let (import, _) = script.split_once('\n').ok_or_else(other)?;
    let name = import
        .strip_prefix("import * as ")
        .and_then(|rest| rest.strip_suffix(" from \"./__wasm_split.js\""))
        .ok_or_else(other)?;
    let (_, body) = loader.split_once(";\n").ok_or_else(other)?;
    let fetched = "new URL(\"./split_rest.wasm\", import.meta.url)";
    let exported = "export const __wasm_split_load_rest";
    if body.matches(fetched).count() != 1 || body.matches(exported).count() != 1 {
        return Err(other());
    }
    let body = body
        .replace(fetched, &format!("\"{address}\", {{ integrity: \"{integrity}\" }}"))
        .replace(exported, "const __wasm_split_load_rest");
    let taken = format!("const {name} = (() => {{\n{body}\nreturn {{ __wasm_split_load_rest }};\n}})();");
    Ok(script.replacen(import, &taken, 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trunk_asks_for_is_read() {
        let words = ["--target=web", "--out-dir=/t/b", "--out-name=desk", "/t/desk.wasm", "--no-typescript"];
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        let call = Call::read(&words);
        assert_eq!(call, Some(Call { input: "/t/desk.wasm", out: "/t/b", name: "desk" }));
        assert_eq!(Call::read(&["--version".to_owned()]), None);
    }

    #[test]
    fn only_the_section_of_features_is_dropped() {
        let head = *b"\0asm\x01\0\0\0";
        let section = |kind: u8, content: &[u8]| {
            let size = u8::try_from(content.len()).unwrap();
            [&[kind, 0x80 | size, 0], content].concat()
        };
        let (names, features) = (section(0, b"\x04name"), section(0, b"\x0ftarget_features\x01"));
        let code = section(10, b"\x0ftarget_features");
        let whole = [head.as_slice(), &names, &features, &code].concat();
        assert_eq!(without_features(&whole).unwrap(), [head.as_slice(), &names, &code].concat());
        assert!(without_features(&whole[..whole.len() - 1]).is_err() && without_features(b"").is_err());
    }

    #[test]
    fn the_loader_is_taken_in_with_the_address_and_its_integrity() {
        let script = "import * as import1 from \"./__wasm_split.js\"\n\nrun(import1);\n";
        let loader = "import { initSync } from \"./desk.js\";\n\nexport const __wasm_split_load_rest = \
                      () => fetch(new URL(\"./split_rest.wasm\", import.meta.url));\n";
        let text = with_loader(script, loader, "/desk/desk-rest-1.wasm", "sha256-x=").unwrap();
        assert!(text.contains("fetch(\"/desk/desk-rest-1.wasm\", { integrity: \"sha256-x=\" })"), "{text}");
        assert!(text.starts_with("const import1 = (() => {") && !text.contains("export const"), "{text}");
        assert!(text.ends_with("run(import1);\n"), "{text}");
        assert!(with_loader("let x;\n", loader, "", "").is_err());
        assert!(with_loader(script, "import a;\nnothing", "", "").is_err());
    }
}
