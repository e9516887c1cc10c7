//! A disk that forgets what was not synced: names by their folder, bytes by their file.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::trace::Step;

/// Numbers that a seed makes again.
pub struct Dice(pub u64);

impl Dice {
    pub fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % sides
    }
}

#[derive(Clone, Copy)]
enum Node {
    Folder,
    File(usize),
}

#[derive(Clone)]
enum Edit {
    Write { at: u64, bytes: Vec<u8> },
    SetLength(u64),
}

/// Each with the number of its step.
#[derive(Clone, Default)]
struct File {
    synced: Vec<u8>,
    since: Vec<(usize, Edit)>,
}

type Names = BTreeMap<PathBuf, Node>;

#[derive(Clone)]
enum Naming {
    Put(PathBuf, Node),
    Remove(PathBuf),
    /// A folder with all that lies in it.
    Move(PathBuf, PathBuf),
}

#[derive(Clone)]
pub struct Disk {
    root: PathBuf,
    files: Vec<File>,
    /// As the running server sees them.
    seen: Names,
    synced: Names,
    since: Vec<(usize, Naming)>,
}

impl Disk {
    /// A folder as it lies there, all of it synced.
    pub fn of(root: &Path) -> Self {
        let mut disk = Self {
            root: root.to_owned(),
            files: vec![],
            seen: Names::new(),
            synced: Names::new(),
            since: vec![],
        };
        disk.read(root);
        disk.synced = disk.seen.clone();
        disk
    }

    fn read(&mut self, folder: &Path) {
        self.seen.insert(folder.to_owned(), Node::Folder);
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.read(&path);
            } else {
                let synced = fs::read(&path).unwrap();
                self.files.push(File { synced, since: vec![] });
                self.seen.insert(path, Node::File(self.files.len() - 1));
            }
        }
    }

    fn file(&mut self, path: &Path) -> &mut File {
        match self.seen.get(path) {
            Some(Node::File(at)) => &mut self.files[*at],
            _ => panic!("{} is not a file that was opened", path.display()),
        }
    }

    /// A file's bytes as the running server sees them.
    fn bytes(&self, path: &Path) -> Vec<u8> {
        let Some(Node::File(at)) = self.seen.get(path) else { panic!("{} is no file", path.display()) };
        let mut bytes = self.files[*at].synced.clone();
        self.files[*at].since.iter().for_each(|(_, edit)| apply(&mut bytes, edit.clone()));
        bytes
    }

    fn name(&mut self, at: usize, naming: Naming) {
        rename(&mut self.seen, naming.clone());
        self.since.push((at, naming));
    }

    /// Does what the server did in its step number `at`.
    pub fn take(&mut self, at: usize, step: &Step) {
        match step.clone() {
            Step::Open { path, empties } => {
                if !self.seen.contains_key(&path) {
                    self.files.push(File::default());
                    self.name(at, Naming::Put(path, Node::File(self.files.len() - 1)));
                } else if empties {
                    self.file(&path).since.push((at, Edit::SetLength(0)));
                }
            }
            Step::Write { path, at: place, bytes } => {
                let place = place.unwrap_or_else(|| self.bytes(&path).len() as u64);
                self.file(&path).since.push((at, Edit::Write { at: place, bytes }));
            }
            Step::Copy { from, from_at, path, at: place, length } => {
                let start = usize::try_from(from_at).unwrap();
                let bytes = self.bytes(&from)[start..start + length].to_vec();
                self.file(&path).since.push((at, Edit::Write { at: place, bytes }));
            }
            Step::SetLength { path, length } => {
                self.file(&path).since.push((at, Edit::SetLength(length)));
            }
            Step::MakeFolder(path) => self.name(at, Naming::Put(path, Node::Folder)),
            Step::Rename { from, to } => match self.seen.get(&from) {
                Some(Node::Folder) => self.name(at, Naming::Move(from, to)),
                Some(node) => {
                    self.name(at, Naming::Put(to, *node));
                    self.name(at, Naming::Remove(from));
                }
                None => panic!("{} was never there", from.display()),
            },
            Step::Remove(path) => self.name(at, Naming::Remove(path)),
            Step::Sync { path, since } => self.sync(&path, since),
            Step::Answer(_) => {}
        }
    }

    fn sync(&mut self, path: &Path, since: usize) {
        if let Some(Node::Folder) = self.seen.get(path) {
            for (at, naming) in std::mem::take(&mut self.since) {
                let (Naming::Put(name, _) | Naming::Remove(name) | Naming::Move(_, name)) = &naming;
                if at < since && name.parent() == Some(path) {
                    rename(&mut self.synced, naming);
                } else {
                    self.since.push((at, naming));
                }
            }
            return;
        }
        let file = self.file(path);
        for (at, edit) in std::mem::take(&mut file.since) {
            if at < since {
                apply(&mut file.synced, edit);
            } else {
                file.since.push((at, edit));
            }
        }
    }

    /// Writes what a power cut leaves into an empty folder. With dice, some of what was not
    /// synced has got there too: names in their order, bytes in any.
    pub fn leave(&self, target: &Path, mut dice: Option<&mut Dice>) {
        let mut names = self.synced.clone();
        if let Some(dice) = &mut dice {
            for (_, naming) in self.since.iter().take(dice.roll(self.since.len() + 1)) {
                rename(&mut names, naming.clone());
            }
        }
        for (path, node) in &names {
            let place = target.join(path.strip_prefix(&self.root).unwrap());
            // What lies in a folder whose own name was lost cannot be found again.
            if !place.parent().is_some_and(Path::is_dir) {
                continue;
            }
            match node {
                Node::Folder if place.is_dir() => {}
                Node::Folder => fs::create_dir(place).unwrap(),
                Node::File(at) => fs::write(place, self.files[*at].after(&mut dice)).unwrap(),
            }
        }
    }
}

impl File {
    fn after(&self, dice: &mut Option<&mut Dice>) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let Some(dice) = dice else { return bytes };
        for (_, edit) in &self.since {
            match (dice.roll(4), edit.clone()) {
                (0 | 1, edit) => apply(&mut bytes, edit),
                (2, Edit::Write { at, bytes: mut torn }) => {
                    torn.truncate(dice.roll(torn.len() + 1));
                    apply(&mut bytes, Edit::Write { at, bytes: torn });
                }
                _ => {}
            }
        }
        bytes
    }
}

fn rename(names: &mut Names, naming: Naming) {
    match naming {
        Naming::Put(name, node) => drop(names.insert(name, node)),
        Naming::Remove(name) => drop(names.remove(&name)),
        Naming::Move(from, to) => {
            let place =
                |name: PathBuf| name.strip_prefix(&from).map(|rest| to.join(rest)).unwrap_or(name.clone());
            *names = std::mem::take(names).into_iter().map(|(name, node)| (place(name), node)).collect();
        }
    }
}

fn apply(file: &mut Vec<u8>, edit: Edit) {
    match edit {
        Edit::SetLength(length) => file.resize(usize::try_from(length).unwrap(), 0),
        Edit::Write { at, bytes } => {
            let at = usize::try_from(at).unwrap();
            let end = at + bytes.len();
            file.resize(file.len().max(end), 0);
            file[at..end].copy_from_slice(&bytes);
        }
    }
}
