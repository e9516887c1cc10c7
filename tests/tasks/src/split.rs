//! The stand-in for `wasm-bindgen`: it cuts the module into parts first.
//!
//! The first part is what an app needs up to its first list; wasm-bindgen and Trunk treat it as the whole. Another part
//! is what only the functions marked `wasm_split(NAME, …)` reach. Of these the one called `rest` is fetched by every
//! visit; the others wait until somebody needs them, and for the rest. What several parts share lies in the rest when it
//! is one of them, else in each of them: as a section of its own, so that a part is one file and packed as one.
//!
//! The parts are made small and named by their content here, because the script of the first part names them, and Trunk
//! then computes that script's integrity. The stand-in is a copy of this very program under wasm-bindgen's name, put
//! first in PATH for Trunk.

use crate::glue::{self, Part};
use crate::inputs::hex;
use crate::module;
use crate::problem::{Outcome, Problem, While};
use crate::project::{Project, in_path};
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
/// The folder for the parts after the first.
pub const PARTS: &str = "RABASKA_PARTS";
/// Below which address they are served.
pub const BASE: &str = "RABASKA_BASE";

/// In the folder for the parts, that of those that only somebody who needs them fetches.
pub const LATER: &str = "later";

/// The part that every visit fetches.
const REST: &str = "rest";

/// Set where nobody fetches the module: it need not be small.
pub const PLAIN: &str = "RABASKA_PLAIN";

/// The features are those that every browser of the last five years has. Nothing lies in the first kilobyte of a
/// module's memory but the last of its stack.
const WASM_OPT: [&str; 10] = [
    "-Oz",
    "--strip-producers",
    "--strip-target-features",
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
    // The others share the first part's table of functions.
    run(bindgen.arg("--keep-lld-exports").args(words))?;
    let loader = fs::read_to_string(parts.join("__wasm_split.js")).or_say("read the loader of the parts")?;
    let others = others(&call, &parts, &loader)?;
    let bound = PathBuf::from(call.out).join(format!("{}_bg.wasm", call.name));
    change(&bound, &first, |module| module::without_exports(module, glue::is_unused))?;
    let (module, names) = module::with_short_imports(&smallest(&first)?)?;
    fs::write(&bound, module).or_say("write the first part")?;
    let path = PathBuf::from(call.out).join(format!("{}.js", call.name));
    let script = fs::read_to_string(&path).or_say("read the module's script")?;
    let script = glue::with_loader(&script, &loader, &others)?;
    fs::write(&path, glue::fitted(&script, &names)?).or_say("write the module's script")?;
    Ok(ExitCode::SUCCESS)
}

/// Writes the parts after the first: the rest, then those that need it.
fn others(call: &Call, parts: &Path, loader: &str) -> Outcome<Vec<Part>> {
    let (names, shared) = glue::parts(loader)?;
    let home = PathBuf::from(said(PARTS)?);
    fs::create_dir_all(home.join(LATER)).or_say("create the folder of the parts")?;
    let mut written = Vec::new();
    for name in in_order(&names).ok_or_else(|| missing(call, REST))? {
        let file = parts.join(format!("split_{name}.wasm"));
        if !file.is_file() {
            return Err(missing(call, name));
        }
        let mut content = smallest(&file)?;
        for it in shared.iter().filter(|it| is_home(name, &it.parts)) {
            let numbered = [&[it.number], &*smallest(&parts.join(it.file()))?].concat();
            content = module::with_section(&content, glue::SHARED, &numbered);
        }
        let hash = Sha256::digest(&content);
        let file = format!("{}-{name}-{}.wasm", call.name, &hex(&hash)[..16]);
        let folder = if name == REST { home.clone() } else { home.join(LATER) };
        fs::write(folder.join(&file), content).or_say(format!("write the part `{name}` of the module"))?;
        written.push(Part {
            name: name.to_owned(),
            address: format!("{}{file}", said(BASE)?),
            integrity: format!("sha256-{}", BASE64_STANDARD.encode(hash)),
        });
    }
    Ok(written)
}

/// Whether a part carries what these share: the rest does when it is one of them, and is there before the others.
fn is_home(part: &str, shared_by: &[&str]) -> bool {
    let by_rest = shared_by.contains(&REST);
    shared_by.contains(&part) && (part == REST || !by_rest)
}

/// The rest comes first; without it there is nothing.
fn in_order<'a>(names: &[&'a str]) -> Option<Vec<&'a str>> {
    let mut names = names.to_vec();
    names.sort_by_key(|name| (*name != REST, *name));
    names.first().is_some_and(|name| *name == REST).then_some(names)
}

fn missing(call: &Call, part: &str) -> Problem {
    Problem::new(format!("{} has no part called `{part}`.", call.name))
        .next(format!("See that its binary reaches the functions marked `wasm_split({part}, …)`."))
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
    fn the_rest_comes_before_the_parts_that_need_it() {
        assert_eq!(in_order(&["asked", "rest", "a"]), Some(vec!["rest", "a", "asked"]));
        assert_eq!(in_order(&["rest"]), Some(vec!["rest"]));
        assert_eq!((in_order(&["asked"]), in_order(&[])), (None, None));
    }

    #[test]
    fn only_the_rest_carries_what_it_shares() {
        let carriers = |by: &[&str]| ["rest", "asked", "own"].map(|part| is_home(part, by));
        assert_eq!(carriers(&["asked", "rest"]), [true, false, false]);
        assert_eq!(carriers(&["asked", "own"]), [false, true, true]);
        assert_eq!(carriers(&["asked", "own", "rest"]), [true, false, false]);
    }

    #[test]
    fn what_trunk_asks_for_is_read() {
        let words = ["--target=web", "--out-dir=/t/b", "--out-name=desk", "/t/desk.wasm", "--no-typescript"];
        let words: Vec<String> = words.iter().map(ToString::to_string).collect();
        let call = Call::read(&words);
        assert_eq!(call, Some(Call { input: "/t/desk.wasm", out: "/t/b", name: "desk" }));
        assert_eq!(Call::read(&["--version".to_owned()]), None);
    }
}
