//! The files of photos and documents: a part of each uploader's own while it grows, and its place, named by
//! its content, once it is whole. The files tell how much there is; a row only what was noted.

use std::fs;
use std::io::{ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use domain::ids::{Hash, PersonId};
use domain::ports::{BlobError, PortError};

use crate::failed;
use crate::keys::sync_folder;
use crate::media::inspect;

/// Where a complete file lies.
pub(crate) fn path(dir: &Path, hash: &Hash) -> PathBuf {
    let name = hash.to_string();
    dir.join("blobs").join(&name[..2]).join(name)
}

/// Makes the folders of photos; whoever opens the store syncs their names.
pub(crate) fn make_folders(dir: &Path) -> std::io::Result<()> {
    ["blobs", "uploads"].iter().try_for_each(|name| fs::create_dir_all(dir.join(name)))
}

/// Makes a folder, and those above it that are missing, so that a power cut takes none of their
/// names, with all that lies in them.
pub fn make_folder(dir: &Path) -> std::io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    let above = dir.parent().filter(|above| !above.as_os_str().is_empty());
    if let Some(above) = above {
        make_folder(above)?;
    }
    match fs::create_dir(dir) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    fs::File::open(above.unwrap_or(Path::new(".")))?.sync_all()
}

pub(crate) fn io(error: std::io::Error) -> PortError {
    failed("a file", error)
}

/// What the database says of an upload.
#[derive(Clone, Copy)]
pub(crate) struct Noted {
    pub(crate) size: u64,
    pub(crate) received: u64,
    pub(crate) complete: bool,
}

/// How much of a file there is.
pub(crate) enum Kept {
    /// So many bytes from its start.
    Part(u64),
    /// All of it, inspected and noted.
    Whole(u64),
}

/// Where the bytes of one person's upload go.
#[derive(Clone)]
pub(crate) struct Files {
    hash: Hash,
    part: PathBuf,
    place: PathBuf,
}

impl Files {
    pub(crate) fn new(dir: &Path, person: &PersonId, hash: &Hash) -> Self {
        let name = Hash::tagged(person.as_str(), &hash.0);
        Self { hash: *hash, part: dir.join("uploads").join(name.to_string()), place: path(dir, hash) }
    }

    /// How much of what was noted is there. A crash, or a backup put back (which brings back no
    /// parts), leaves rows that say more than the files hold. Bytes past what was noted do not
    /// count: nobody knows whether they were all written.
    pub(crate) fn kept(&self, noted: Noted) -> std::io::Result<Kept> {
        if noted.complete && self.place.try_exists()? {
            return Ok(Kept::Whole(noted.size));
        }
        Ok(Kept::Part(match fs::metadata(&self.part) {
            Ok(part) => part.len().min(noted.received),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                // All bytes came, and the file was moved to its place before that was noted.
                let moved = noted.received == noted.size && self.holds()?;
                if moved { noted.size } else { 0 }
            }
            Err(error) => return Err(error),
        }))
    }

    fn holds(&self) -> std::io::Result<bool> {
        match fs::read(&self.place) {
            Ok(bytes) => Ok(Hash::of(&bytes) == self.hash),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Writes bytes at an offset, cutting off what lay beyond it, durably.
    pub(crate) fn write_at(&self, at: u64, bytes: &[u8]) -> std::io::Result<()> {
        if at > 0 && bytes.is_empty() {
            // Only asks to finish what is there: it must not make a part where none is.
            return Ok(());
        }
        let mut file = fs::OpenOptions::new().create(true).truncate(false).write(true).open(&self.part)?;
        file.set_len(at)?;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)?;
        file.sync_data()?;
        // Its name too, before the database says that these bytes are there.
        if at == 0 { sync_folder(&self.part) } else { Ok(()) }
    }

    /// Looks at all bytes and moves them to their place, unless they lie there already.
    pub(crate) fn settle(&self) -> Result<&'static str, BlobError> {
        let (bytes, moved) = match fs::read(&self.part) {
            Err(error) if error.kind() == ErrorKind::NotFound => (fs::read(&self.place), true),
            read => (read, false),
        };
        let bytes = bytes.map_err(io)?;
        if Hash::of(&bytes) != self.hash {
            return Err(BlobError::Mismatch);
        }
        let media_type = inspect(&bytes)?;
        if !moved {
            if let Some(folder) = self.place.parent() {
                // A new folder has a name that a power cut can take, with all that lies in it.
                fs::create_dir_all(folder).and_then(|()| sync_folder(folder)).map_err(io)?;
            }
            fs::rename(&self.part, &self.place).map_err(io)?;
        }
        sync_folder(&self.place).map_err(io)?;
        Ok(media_type)
    }

    /// Removes what turned out to be no picture, or another one.
    pub(crate) fn drop_part(&self) -> std::io::Result<()> {
        match fs::remove_file(&self.part) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}
