//! Where things lie, and how other programs are started from here.

use crate::problem::{Outcome, Problem, While};
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

pub struct Project {
    pub root: PathBuf,
    /// Cargo's own folder for the server and the tests.
    pub target: PathBuf,
    /// Build tools, kept between projects and between clean-ups of `target`.
    pub tools: PathBuf,
}

impl Project {
    /// Finds the root above the current folder.
    pub fn find() -> Outcome<Self> {
        let here = env::current_dir().or_say("read the current folder")?;
        let root = here
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .ok_or_else(|| {
                Problem::new("This is not a folder of Rabaska: no Trunk.toml here or above.")
                    .next("Go to the folder of the repository and try again.")
            })?
            .to_path_buf();
        let target =
            env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |chosen| root.join(chosen));
        let tools = env::var_os("RABASKA_TOOLS")
            .map(PathBuf::from)
            .or_else(|| env::var_os("XDG_CACHE_HOME").map(|c| Path::new(&c).join("rabaska-tools")))
            .or_else(|| env::var_os("HOME").map(|h| Path::new(&h).join(".cache/rabaska-tools")))
            .unwrap_or_else(|| target.join("tools"));
        Ok(Self { root, target, tools })
    }

    /// The folder of the browser's builds: apart, so that they and the host's builds never wait for one another.
    pub fn wasm_target(&self) -> PathBuf {
        self.target.join("wasm")
    }

    /// A program started from the root.
    pub fn command(&self, program: impl Into<OsString>) -> Command {
        let mut command = Command::new(program.into());
        command.current_dir(&self.root);
        // What `cargo run` told this program about itself would reach build scripts and make them run again.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            let about_us = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
            if about_us.iter().any(|start| text.starts_with(start)) {
                command.env_remove(&name);
            }
        }
        command
    }

    pub fn cargo<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Command {
        let mut command = self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(words);
        command
    }

    /// A binary that Cargo has built in `profile` (`debug` or `release`).
    pub fn built(&self, profile: &str, name: &str) -> PathBuf {
        let file = format!("{name}{}", env::consts::EXE_SUFFIX);
        self.target.join(profile).join(file)
    }
}

/// The first program of that name in PATH.
pub fn in_path(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?)
        .map(|folder| folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}

/// PATH with `first` in front.
pub fn path_with(first: &[PathBuf]) -> Outcome<OsString> {
    let rest = env::var_os("PATH").unwrap_or_default();
    let all = first.iter().cloned().chain(env::split_paths(&rest));
    env::join_paths(all).map_err(|error| Problem::new(format!("PATH cannot be extended: {error}.")))
}
