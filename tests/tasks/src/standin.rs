//! Stand-ins: a copy of this very program under a tool's name, put first in PATH for Trunk. Called so, it acts as that
//! tool.

use crate::problem::{Outcome, While};
use crate::project::Project;
use crate::{shrink, split};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Acts as a tool when called by its name.
pub fn act() -> Option<ExitCode> {
    let mut words = std::env::args();
    let own = words.next()?;
    let words: Vec<String> = words.collect();
    match Path::new(&own).file_stem()?.to_str()? {
        shrink::NAME => Some(shrink::act(&words)),
        split::NAME => Some(split::act(&words)),
        _ => None,
    }
}

/// Puts the copy under that name into a folder of its own and returns that folder.
pub fn install(project: &Project, name: &str) -> Outcome<PathBuf> {
    let folder = project.target.join("stand-in").join(name);
    std::fs::create_dir_all(&folder).or_say("create the folder of the stand-in")?;
    let link = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let own = std::env::current_exe().or_say("find this program's own file")?;
    if link.exists() {
        std::fs::remove_file(&link).or_say("renew the stand-in")?;
    }
    std::fs::copy(own, &link).or_say("write the stand-in")?;
    Ok(folder)
}
