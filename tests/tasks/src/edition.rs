//! The two editions of the pages: the real one, and that of the pseudo-locale, in which a word that does not come from
//! the catalogue shows. The second is for tests alone: nobody fetches it, so it is compiled as fast as can be.

use crate::project::Project;
use crate::{split, tools};
use std::path::PathBuf;
use std::process::Command;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Edition {
    Real,
    Pseudo,
}

/// Tells `app/build.rs` which catalogues to compile in.
const PSEUDO: &str = "RABASKA_PSEUDO";

impl Edition {
    /// Where it is built.
    pub fn home(self, project: &Project) -> PathBuf {
        project.target.join(match self {
            Self::Real => "bundle",
            Self::Pseudo => "pseudo",
        })
    }

    /// Where its pages are put together.
    pub fn dist(self, project: &Project) -> PathBuf {
        match self {
            Self::Real => project.root.join("dist"),
            Self::Pseudo => self.home(project).join("dist"),
        }
    }

    /// Cargo's folder for it, so that neither edition makes the other compile again.
    pub fn cargo_target(self, project: &Project) -> PathBuf {
        match self {
            Self::Real => project.wasm_target(),
            Self::Pseudo => self.home(project).join("wasm"),
        }
    }

    /// The title of a step that builds it.
    pub fn titled(self, title: &str) -> String {
        match self {
            Self::Real => title.to_owned(),
            Self::Pseudo => format!("{title} in the pseudo-locale"),
        }
    }

    /// Tells Trunk, or Cargo where it only fetches, how this edition is compiled.
    pub fn compiled(self, project: &Project, command: &mut Command) {
        command.env("RUSTFLAGS", [tools::WEB_FLAGS, tools::LINK_FLAGS].concat().join(" "));
        match self {
            Self::Real => {
                command.env_remove(PSEUDO).env_remove(split::PLAIN);
                tools::smaller(project, command);
            }
            Self::Pseudo => {
                command.env(PSEUDO, "1").env(split::PLAIN, "1");
            }
        }
    }
}
