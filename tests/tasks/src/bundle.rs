//! Builds the pages of both audiences into `dist/` (those of the pseudo-locale into a folder of their own), unless
//! nothing that goes into them has changed.
//!
//! Trunk empties the folder it builds into, and the desk lies inside the citizens' folder: so each audience is built
//! apart, everything is put together in a third folder, and that one takes the place of `dist/` in one rename.

use crate::edition::Edition;
use crate::inputs::{self, files_under};
use crate::precache::{self, Asset};
use crate::problem::{Outcome, Problem, While};
use crate::project::{Project, path_with};
use crate::steps::{Live, Step};
use crate::tools::{self, TRUNK, WASM_BINDGEN, WASM_SPLIT, WASM_TARGET};
use crate::{compress, names, split, styles};
use std::cell::OnceCell;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

struct Audience {
    bin: &'static str,
    title: &'static str,
    /// Where its page is served: also the scope of its service worker.
    base: &'static str,
}

const AUDIENCES: [Audience; 2] = [
    Audience { bin: "citizen", title: "Building the citizens' web app", base: "/" },
    Audience { bin: "desk", title: "Building the desk's web app", base: "/desk/" },
];

/// The steps that bring the pages of an edition up to date: none when they are.
pub fn steps(project: &Project, edition: Edition) -> Outcome<Vec<Step<'_>>> {
    if is_current(project, edition)? {
        return Ok(Vec::new());
    }
    let lock = fs::read_to_string(project.root.join("Cargo.lock")).or_say("read Cargo.lock")?;
    tools::check_wasm_bindgen(&lock)?;
    let mut steps = tools::missing(project);
    // What changes while they are built is not in them: the mark names what there was before, with every tool.
    let began = Rc::new(OnceCell::new());
    let begin = began.clone();
    steps.push(Step::new("Fetching the libraries", move |live| {
        begin.set(inputs::key(project)?).ok();
        fetch(project, edition, live)
    }));
    for audience in &AUDIENCES {
        let title = edition.titled(audience.title);
        steps.push(Step::new(title, move |live| trunk(project, edition, audience, live)));
    }
    let title = match edition {
        Edition::Real => "Listing and compressing the files",
        Edition::Pseudo => "Listing the files",
    };
    steps.push(Step::new(title, move |live| {
        let began = began.get().cloned().unwrap_or_default();
        assemble(project, edition, &began, live)
    }));
    Ok(steps)
}

/// Whether the pages are what the present inputs gave.
fn is_current(project: &Project, edition: Edition) -> Outcome<bool> {
    let Ok(noted) = fs::read_to_string(note_path(project, edition)) else {
        return Ok(false);
    };
    Ok(noted == note(project, edition, &inputs::key(project)?)?)
}

/// What pages are marked with: what they were made of, and what was made.
fn note(project: &Project, edition: Edition, key: &str) -> Outcome<String> {
    let dist = inputs::outline(&edition.dist(project))?;
    Ok(format!("{key}\n{dist}\n"))
}

fn note_path(project: &Project, edition: Edition) -> PathBuf {
    edition.home(project).join("current")
}

fn built_in(project: &Project, edition: Edition, audience: &Audience) -> PathBuf {
    edition.home(project).join(audience.bin)
}

/// Where the further parts of an audience's module are put while Trunk works.
fn parts_of(project: &Project, edition: Edition, audience: &Audience) -> PathBuf {
    edition.home(project).join("parts").join(audience.bin)
}

/// Trunk is kept off the network, so what it compiles must be there before: for the browser, and for this machine the
/// macros and build scripts.
fn fetch(project: &Project, edition: Edition, live: &Live) -> Outcome<()> {
    let mut cargo = project.cargo(["fetch"]);
    edition.compiled(project, &mut cargo);
    if let Some(host) = tools::host(project) {
        cargo.args(["--target", WASM_TARGET, "--target", &host]);
    }
    live.run(cargo).map_err(|problem| {
        Problem::new(problem.to_string()).next("Check the network and run the same command again.")
    })
}

fn trunk(project: &Project, edition: Edition, audience: &Audience, live: &Live) -> Outcome<()> {
    // Trunk copies whole this folder's `snippets`, those of earlier builds and of the other audience included.
    let leftovers = edition.cargo_target(project).join("wasm-bindgen");
    if leftovers.exists() {
        fs::remove_dir_all(&leftovers).or_say("clear wasm-bindgen's folder")?;
    }
    let parts = parts_of(project, edition, audience);
    clear(&parts)?;
    let first = [split::install_stand_in(project)?, TRUNK.bin(project)];
    let mut command = project.command(TRUNK.path(project));
    command
        .args(["build", &format!("app/{}.html", audience.bin)])
        .args(["--public-url", audience.base, "--dist"])
        .arg(built_in(project, edition, audience))
        .env("PATH", path_with(&first)?)
        .env(split::BINDGEN, WASM_BINDGEN.path(project))
        .env(split::SPLITTER, WASM_SPLIT.path(project))
        .env(split::PARTS, &parts)
        .env(split::BASE, audience.base)
        .env("CARGO_TARGET_DIR", edition.cargo_target(project))
        // Trunk takes only `true` or `false` here, and stops at the usual `1`.
        .env_remove("NO_COLOR")
        // Its backtrace would push the compiler's message out of sight.
        .env("RUST_BACKTRACE", "0");
    if edition == Edition::Pseudo {
        command.args(["--cargo-profile", "pseudo"]);
    }
    edition.compiled(project, &mut command);
    live.run(command)?;
    for file in files_under(&parts)? {
        let name = file.file_name().unwrap_or_default();
        fs::copy(&file, built_in(project, edition, audience).join(name))
            .or_say("add the other parts of the module")?;
    }
    Ok(())
}

fn assemble(project: &Project, edition: Edition, began: &str, live: &Live) -> Outcome<()> {
    let dist = edition.dist(project);
    let next = beside(&dist, "next");
    clear(&next)?;
    let template = fs::read_to_string(project.root.join("public/sw.js")).or_say("read public/sw.js")?;
    let mut public = precache::assets(&project.root.join("public"), "/")?;
    public.retain(|asset| asset.url != "/sw.js");
    write_all(&next, &public)?;
    let mut lists = Vec::new();
    for audience in &AUDIENCES {
        let folder = built_in(project, edition, audience);
        names::by_content(&folder, audience.bin)?;
        styles::into_one(&folder, audience.bin, audience.base)?;
        let own = precache::assets(&folder, audience.base)?;
        let parts = parts_of(project, edition, audience);
        let mut later = precache::assets(&parts.join(split::LATER), audience.base)?;
        let mut needed = precache::needed(&own, &public);
        if !later.is_empty() {
            // The drawn map is kept with the part that draws it.
            later.extend(needed.iter().filter(|asset| asset.url.starts_with(precache::MAPS)).cloned());
        }
        needed.retain(|asset| !later.contains(asset));
        let worker = precache::service_worker(&template, audience.base, &needed, &later)?;
        write_all(&next, &own)?;
        let home = next.join(&audience.base[1..]);
        fs::write(home.join("sw.js"), worker).or_say("write a service worker")?;
        let parts = precache::assets(&parts, audience.base)?;
        let (rest, first) = needed.into_iter().partition(|asset| parts.contains(asset));
        lists.push((audience.bin, [first, rest, later]));
    }
    if edition == Edition::Real {
        compress::beside_each(&next)?;
        for (bin, files) in &lists {
            let (lines, sums) = compress::table(bin, &next, files);
            lines.into_iter().for_each(|line| live.remark(line));
            if *bin == "citizen" {
                compress::fits(&sums)?;
            }
        }
    }
    replace(&dist, &next)?;
    let path = note_path(project, edition);
    fs::write(&path, note(project, edition, began)?).or_say(format!("write {}", path.display()))
}

fn write_all(folder: &Path, assets: &[Asset]) -> Outcome<()> {
    for asset in assets {
        let page = if asset.url.ends_with('/') { "index.html" } else { "" };
        let path = folder.join(format!("{}{page}", &asset.url[1..]));
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).or_say(format!("create {}", parent.display()))?;
        fs::write(&path, &asset.content).or_say(format!("write {}", path.display()))?;
    }
    Ok(())
}

/// `.dist-next` for `dist`.
fn beside(dist: &Path, end: &str) -> PathBuf {
    let name = dist.file_name().unwrap_or_default().to_string_lossy();
    dist.with_file_name(format!(".{name}-{end}"))
}

fn replace(dist: &Path, next: &Path) -> Outcome<()> {
    let old = beside(dist, "old");
    clear(&old)?;
    if dist.exists() {
        fs::rename(dist, &old).or_say("set the old pages aside")?;
    }
    fs::rename(next, dist).or_say("put the new pages in place")?;
    clear(&old)
}

fn clear(folder: &Path) -> Outcome<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).or_say(format!("clear {}", folder.display()))?;
    }
    Ok(())
}
