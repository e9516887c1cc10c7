//! What comes from the system, from npm and from PyPI: apt-get packages, a browser, the accessibility checker, and the
//! libraries that read our exports.

use crate::inputs;
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

/// The libraries of the checks, pinned with the hashes of their files.
const CHECKS: &str = "tests/checks/requirements.txt";
/// The oldest Python that all of them take.
const PYTHON: (u32, u32) = (3, 11);

/// A Python that has the libraries of the checks: its own environment in the folder of the tools, made once for each
/// list of them and each Python.
pub fn python(project: &Project, live: &Live) -> Outcome<PathBuf> {
    let list = std::fs::read(project.root.join(CHECKS)).or_say(format!("read {CHECKS}"))?;
    if python_version().is_none() {
        live.say("installing Python");
        apt_install(project, live, "python3-venv").map_err(|problem| without_python(&problem.to_string()))?;
    }
    let version = python_version().ok_or_else(|| without_python("python3 is not in PATH."))?;
    if version < PYTHON {
        return Err(without_python(&format!("This python3 is {}.{}.", version.0, version.1)));
    }
    let digest = inputs::digest(&list);
    let name = format!("python-{}.{}-{}", version.0, version.1, digest.get(..16).unwrap_or(&digest));
    let home = project.tools.join(name);
    let (python, whole) = (home.join("bin/python"), home.join("whole"));
    if whole.is_file() && python.is_file() {
        return Ok(python);
    }
    std::fs::create_dir_all(&project.tools).or_say("create the folder of the tools")?;
    if home.exists() {
        std::fs::remove_dir_all(&home).or_say("clear an unfinished environment of Python")?;
    }
    live.say("making an environment of Python");
    let environment = || {
        let mut command = project.command("python3");
        command.args(["-m", "venv"]).arg(&home);
        live.run(command)
    };
    // Debian's python3 comes without what makes environments.
    environment()
        .or_else(|_| apt_install(project, live, "python3-venv").and_then(|()| environment()))
        .map_err(|problem| without_python(&problem.to_string()))?;
    live.say("fetching the libraries of the checks");
    let mut pip = project.command(&python);
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"]);
    pip.args(["--only-binary", ":all:", "--requirement", CHECKS]);
    live.run(pip).map_err(|problem| {
        Problem::new(problem.to_string()).next(
            "The libraries of the checks come from PyPI: check the network and run the same command again.",
        )
    })?;
    std::fs::write(&whole, "").or_say("mark the environment of Python as whole")?;
    Ok(python)
}

fn without_python(why: &str) -> Problem {
    let (major, minor) = PYTHON;
    Problem::new(format!(
        "{why}\nThe exports are read by Python's libraries, and there is no Python for them."
    ))
    .next(format!("Install Python {major}.{minor} or newer with venv (Debian: python3-venv)."))
}

fn python_version() -> Option<(u32, u32)> {
    let output = Command::new(in_path("python3")?)
        .args(["-c", "import sys; print(sys.version_info[0], sys.version_info[1])"])
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}
