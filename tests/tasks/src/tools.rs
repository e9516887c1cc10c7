//! The build tools, pinned: which are missing and how each is installed.
//!
//! Trunk and wasm-bindgen are compiled once, with little optimisation (Trunk at its own settings takes eighteen
//! processor minutes, at these three), into a folder outside `target`, so that cleaning never throws them away.

use crate::installs::apt_install;
use crate::problem::{Outcome, Problem, While};
use crate::project::{Project, in_path};
use crate::steps::{Live, Step};
use std::path::PathBuf;
use std::process::Command;

pub const TRUNK: Tool = Tool {
    package: "trunk",
    program: "trunk",
    features: "",
    version: "0.21.14",
    opt_level: "0",
    takes: "about 3 minutes",
};

/// Must equal the `wasm-bindgen` crate in Cargo.lock: the two speak a private format.
pub const WASM_BINDGEN: Tool = Tool {
    package: "wasm-bindgen-cli",
    program: "wasm-bindgen",
    features: "",
    version: "0.2.128",
    opt_level: "1",
    takes: "about 2 minutes",
};

/// Cuts a module in two. It reads what `wasm_split_helpers` in Cargo.lock writes: both are of 0.2.
pub const WASM_SPLIT: Tool = Tool {
    package: "wasm_split_cli_support",
    program: "wasm-split-cli",
    features: "build-binary",
    version: "0.2.4",
    opt_level: "1",
    takes: "about 1 minute",
};

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

pub struct Tool {
    package: &'static str,
    program: &'static str,
    features: &'static str,
    pub version: &'static str,
    opt_level: &'static str,
    takes: &'static str,
}

impl Tool {
    fn home(&self, project: &Project) -> PathBuf {
        project.tools.join(format!("{}-{}", self.program, self.version))
    }

    /// The folder to put in PATH.
    pub fn bin(&self, project: &Project) -> PathBuf {
        self.home(project).join("bin")
    }

    pub fn path(&self, project: &Project) -> PathBuf {
        let file = format!("{}{}", self.program, std::env::consts::EXE_SUFFIX);
        self.bin(project).join(file)
    }

    fn install(&self, project: &Project, live: &Live) -> Outcome<()> {
        std::fs::create_dir_all(&project.tools).or_say("create the folder of the tools")?;
        let mut cargo = project.cargo(["install", self.package, "--version", self.version]);
        cargo
            .args(["--locked", "--features", self.features, "--root"])
            .arg(self.home(project))
            // Outside the repository, whose Cargo settings are not meant for tools.
            .current_dir(&project.tools)
            .env_remove("CARGO_TARGET_DIR")
            .env_remove("RUSTFLAGS")
            .env("CARGO_PROFILE_RELEASE_LTO", "off")
            .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", self.opt_level)
            .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        live.run(cargo).map_err(|problem| {
            Problem::new(format!("{problem}\n{} {} could not be installed.", self.package, self.version))
                .next("Check the network and the compiler's message above, then run the same command again.")
        })
    }
}

/// As in `.cargo/config.toml`, for the checks that Cargo makes there.
pub const WEB_FLAGS: [&str; 1] = ["--cfg=erase_components"];

/// The split follows what the linker knows of who calls whom, and needs the names.
pub const LINK_FLAGS: [&str; 1] = ["-Clink-arg=--emit-relocs"];

/// Modules without panic messages, places in the source and debug texts, over a standard library compiled for size
/// and without unwinding: 24 KB of 343 off a phone's first download. The pinned stable compiler has these switches but
/// does not stand by them, so it is told to take them for the modules alone; the server is built without.
const SMALLER_FLAGS: [&str; 4] =
    ["-Zlocation-detail=none", "-Zfmt-debug=none", "-Zunstable-options", "-Cpanic=immediate-abort"];

/// Makes Cargo build smaller modules, where the library's source is installed.
pub fn smaller(project: &Project, cargo: &mut Command) {
    if !has_library_source(project) {
        return;
    }
    let flags = [WEB_FLAGS.as_slice(), &LINK_FLAGS, &SMALLER_FLAGS].concat().join(" ");
    cargo
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", flags)
        .env("CARGO_UNSTABLE_BUILD_STD", "std,panic_abort")
        .env("CARGO_UNSTABLE_BUILD_STD_FEATURES", "optimize_for_size");
}

/// Whether the standard library can be compiled here.
pub fn has_library_source(project: &Project) -> bool {
    let output = project.command("rustc").args(["--print", "sysroot"]).output();
    output.is_ok_and(|output| {
        let sysroot = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        sysroot.join("lib/rustlib/src/rust/library/Cargo.lock").is_file()
    })
}

/// The steps that install what the bundle needs and this machine lacks.
pub fn missing(project: &Project) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    if !has_wasm_target(project) {
        steps.push(Step::new("Installing the browser target of Rust", |live| add_wasm_target(project, live)));
    }
    if !has_library_source(project) {
        steps.push(Step::new("Looking for the standard library's source", |live| {
            let mut rustup = project.command("rustup");
            rustup.args(["component", "add", "rust-src"]);
            if let Err(problem) = live.run(rustup) {
                live.remark(problem.to_string());
                live.remark("Going on without it: the web app works but is a little larger.");
            }
            Ok(())
        }));
    }
    for tool in [&TRUNK, &WASM_BINDGEN, &WASM_SPLIT] {
        if !tool.path(project).is_file() {
            let title = format!("Installing {} {}, once ({})", tool.package, tool.version, tool.takes);
            steps.push(Step::new(title, move |live| tool.install(project, live)));
        }
    }
    if in_path("wasm-opt").is_none() {
        steps.push(Step::new("Looking for wasm-opt", |live| {
            if let Err(problem) = apt_install(project, live, "binaryen") {
                live.remark(problem.to_string());
                live.remark("Going on without wasm-opt: the web app works but is about a third larger.");
                live.remark(
                    "To have it, install binaryen by hand (`apt install binaryen`, `brew install binaryen`).",
                );
            }
            Ok(())
        }));
    }
    steps
}

/// What `wasm-opt` says of itself, when there is one.
pub fn wasm_opt_version() -> Option<String> {
    let output = Command::new(in_path("wasm-opt")?).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// The name that Rust gives to this machine.
pub fn host(project: &Project) -> Option<String> {
    let output = project.command("rustc").arg("-vV").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("host: ")).map(str::to_owned)
}

fn has_wasm_target(project: &Project) -> bool {
    // rustup may install the toolchain of rust-toolchain.toml during this call: that is wanted.
    let output =
        project.command("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]).output();
    output.is_ok_and(|output| {
        let folder = PathBuf::from(String::from_utf8_lossy(&output.stdout).trim());
        output.status.success() && folder.is_dir()
    })
}

fn add_wasm_target(project: &Project, live: &Live) -> Outcome<()> {
    if in_path("rustup").is_none() {
        return Err(Problem::new(format!("This Rust has no {WASM_TARGET} target and there is no rustup."))
            .next("Install Rust with rustup, or your system's package of that target."));
    }
    let mut rustup = project.command("rustup");
    rustup.args(["target", "add", WASM_TARGET]);
    live.run(rustup)
}

/// Refuses a Cargo.lock whose `wasm-bindgen` is not the pinned tool's.
pub fn check_wasm_bindgen(lock: &str) -> Outcome<()> {
    match locked_version(lock, "wasm-bindgen") {
        Some(found) if found != WASM_BINDGEN.version => {
            let pinned = WASM_BINDGEN.version;
            Err(Problem::new(format!(
                "Cargo.lock names wasm-bindgen {found}, and the pinned tool is {pinned}: they must be equal."
            ))
            .next(format!("Run `cargo update -p wasm-bindgen --precise {pinned}`.")))
        }
        _ => Ok(()),
    }
}

fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let name = format!("name = \"{package}\"");
    let mut lines = lock.lines().skip_while(|line| *line != name);
    lines.next()?;
    lines.next()?.strip_prefix("version = \"")?.strip_suffix('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCK: &str = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                        [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";

    #[test]
    fn the_lock_is_read_by_exact_name() {
        assert_eq!(locked_version(LOCK, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(LOCK, "leptos"), None);
    }

    #[test]
    fn another_wasm_bindgen_is_refused_with_the_remedy() {
        let problem = check_wasm_bindgen(LOCK).unwrap_err().to_string();
        assert!(problem.contains("cargo update -p wasm-bindgen --precise 0.2.128"));
        assert!(check_wasm_bindgen(&LOCK.replace("0.2.130", "0.2.128")).is_ok());
    }
}
