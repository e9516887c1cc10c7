//! The stand-in for `wasm-bindgen`: it cuts the module in two first.
//!
//! The first part is what an app needs up to its first list; wasm-bindgen and Trunk treat it as the whole. The rest is
//! what only the functions marked `wasm_split(rest, …)` reach. It is made small and named by its content here, because
//! the script of the first part names it, and Trunk then computes that script's integrity. The stand-in is a copy of
//! this very program under wasm-bindgen's name, put first in PATH for Trunk.

use crate::inputs::hex;
use crate::problem::{Outcome, Problem, While};
use crate::project::{Project, in_path};
use crate::{glue, module};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

const NAME: &str = "wasm-bindgen";

/// Where the real wasm-bindgen is.
pub const BINDGEN: &str = "RABASKA_WASM_BINDGEN";
/// Where the splitter is.
pub const SPLITTER: &str = "RABASKA_WASM_SPLIT";
/// The folder for the rest.
pub const REST: &str = "RABASKA_REST";
/// Below which address it is served.
pub const BASE: &str = "RABASKA_BASE";

/// Set where nobody fetches the module: it need not be small.
pub const PLAIN: &str = "RABASKA_PLAIN";

/// The features are those that every browser of the last five years has. Nothing lies in the first kilobyte of a
/// module's memory but the last of its stack.
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

/// Acts as `wasm-bindgen` when called by that name.
pub fn stand_in() -> Option<ExitCode> {
    let mut words = std::env::args();
    let own = words.next()?;
    (Path::new(&own).file_stem()? == NAME).then(|| act(&words.collect::<Vec<_>>()))
}

/// Puts the copy into a folder of its own and returns that folder.
pub fn install_stand_in(project: &Project) -> Outcome<PathBuf> {
    let folder = project.target.join("stand-in");
    fs::create_dir_all(&folder).or_say("create the folder of the stand-in")?;
    let copy = folder.join(format!("{NAME}{}", std::env::consts::EXE_SUFFIX));
    let own = std::env::current_exe().or_say("find this program's own file")?;
    if copy.exists() {
        fs::remove_file(&copy).or_say("renew the stand-in")?;
    }
    fs::copy(own, &copy).or_say("write the stand-in")?;
    Ok(folder)
}

fn act(words: &[String]) -> ExitCode {
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
    change(&first, &first, module::without_features)?;
    let part = first.to_string_lossy();
    let words = words.iter().map(|word| if word == call.input { &*part } else { word });
    // The rest shares the first part's table of functions.
    run(bindgen.arg("--keep-lld-exports").args(words))?;
    let (rest, address, integrity) = rest(&call, &parts)?;
    fs::write(Path::new(&said(REST)?).join(&address), rest).or_say("write the rest of the module")?;
    let bound = PathBuf::from(call.out).join(format!("{}_bg.wasm", call.name));
    change(&bound, &first, |module| module::without_exports(module, glue::is_unused))?;
    let (module, names) = module::with_short_imports(&smallest(&first)?)?;
    fs::write(&bound, module).or_say("write the first part")?;
    let loader = fs::read_to_string(parts.join("__wasm_split.js")).or_say("read the loader of the rest")?;
    let path = PathBuf::from(call.out).join(format!("{}.js", call.name));
    let script = fs::read_to_string(&path).or_say("read the module's script")?;
    let script = glue::with_loader(&script, &loader, &format!("{}{address}", said(BASE)?), &integrity)?;
    fs::write(&path, glue::fitted(&script, &names)?).or_say("write the module's script")?;
    Ok(ExitCode::SUCCESS)
}

/// The rest, its name by its content, and its integrity.
fn rest(call: &Call, parts: &Path) -> Outcome<(Vec<u8>, String, String)> {
    let rest = parts.join("split_rest.wasm");
    if !rest.is_file() {
        return Err(Problem::new(format!("{} has no part called `rest`.", call.name))
            .next("See that its binary reaches the functions marked `wasm_split(rest, …)`."));
    }
    let content = smallest(&rest)?;
    let hash = Sha256::digest(&content);
    let name = format!("{}-rest-{}.wasm", call.name, &hex(&hash)[..16]);
    Ok((content, name, format!("sha256-{}", BASE64_STANDARD.encode(hash))))
}

/// The module as small as this machine can make it: without wasm-opt, or where it need not be, it stays as it is.
fn smallest(module: &Path) -> Outcome<Vec<u8>> {
    let small = module.with_extension("small.wasm");
    if std::env::var_os(PLAIN).is_some() || in_path("wasm-opt").is_none() {
        return fs::read(module).or_say("read a part of the module");
    }
    run(Command::new("wasm-opt").args(WASM_OPT).arg(module).arg(format!("--output={}", small.display())))?;
    fs::read(&small).or_say("read a part of the module")
}

fn change(from: &Path, to: &Path, change: impl Fn(&[u8]) -> Outcome<Vec<u8>>) -> Outcome<()> {
    let module = fs::read(from).or_say("read a part of the module")?;
    fs::write(to, change(&module)?).or_say("write a part of the module")
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
}
