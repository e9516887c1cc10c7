//! What comes from the system and from npm: apt-get packages, a browser and the accessibility checker.

use crate::problem::{Outcome, Problem, While};
use crate::project::{Project, in_path};
use crate::steps::Live;
use std::path::PathBuf;
use std::process::Command;

const AXE: &str = "4.14.1";
const BROWSERS: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Installs a Debian package when this user may.
pub fn apt_install(project: &Project, live: &Live, package: &str) -> Outcome<()> {
    let Some(apt) = in_path("apt-get") else {
        return Err(Problem::new(format!("{package} is not installed and this system has no apt-get.")));
    };
    if !is_root() {
        return Err(Problem::new(format!("{package} is not installed."))
            .next(format!("Run `sudo apt-get install {package}`.")));
    }
    let get = |words: &[&str]| {
        let mut command = project.command(&apt);
        command.env("DEBIAN_FRONTEND", "noninteractive").args(words);
        live.run(command)
    };
    let install = ["install", "-y", "--no-install-recommends", package];
    // A fresh machine has no package lists yet; one with lists saves their download.
    get(&install)
        .or_else(|_| get(&["update"]).and_then(|()| get(&install)))
        .map_err(|problem| Problem::new(format!("{problem}\napt-get could not install {package}.")))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The browser that the tests drive: `RABASKA_CHROMIUM`, or the first that is installed, or Debian's.
pub fn chromium(project: &Project, live: &Live) -> Outcome<PathBuf> {
    let installed = || {
        let chosen = std::env::var_os("RABASKA_CHROMIUM").map(PathBuf::from);
        chosen.or_else(|| BROWSERS.iter().find_map(|name| in_path(name)))
    };
    if let Some(path) = installed() {
        return Ok(path);
    }
    live.say("installing Chromium");
    let hint = "The browser tests need Chromium: install it, or set RABASKA_CHROMIUM to its path.";
    apt_install(project, live, "chromium").map_err(|problem| Problem::new(problem.to_string()).next(hint))?;
    installed().ok_or_else(|| Problem::new("Chromium was installed but is not in PATH.").next(hint))
}

/// The tracer of system calls, which the harness starts by its name.
pub fn strace(project: &Project, live: &Live) -> Outcome<()> {
    if in_path("strace").is_some() {
        return Ok(());
    }
    live.say("installing strace");
    apt_install(project, live, "strace")
        .map_err(|problem| Problem::new(problem.to_string()).next("The power cuts need strace: install it."))
}

/// The script of axe-core, fetched once through npm into the folder of the tools.
pub fn axe(project: &Project, live: &Live) -> Outcome<PathBuf> {
    let home = project.tools.join(format!("axe-core-{AXE}"));
    let script = home.join("package/axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    live.say("fetching axe-core");
    if in_path("npm").is_none() {
        apt_install(project, live, "npm").map_err(|problem| {
            Problem::new(problem.to_string()).next(
                "The accessibility checks come through npm: install npm and run the same command again.",
            )
        })?;
    }
    std::fs::create_dir_all(&home).or_say("create the folder of axe-core")?;
    let run = |program: &str, words: &[&str]| {
        let mut command = project.command(program);
        command.current_dir(&home).args(words);
        live.run(command)
    };
    run("npm", &["pack", "--silent", &format!("axe-core@{AXE}")])?;
    run("tar", &["-xzf", &format!("axe-core-{AXE}.tgz"), "package/axe.min.js", "package/LICENSE"])?;
    Ok(script)
}
