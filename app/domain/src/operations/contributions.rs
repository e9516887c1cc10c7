//! Contributing: proposing, commenting, supporting, and taking one's own back.

use serde::Serialize;

use super::{BlobRef, Data};
use crate::ids::{Hash, RecordId, SubjectId};
use crate::pictures::THUMB_MAX;
use crate::sectors::Spot;
use crate::text::{Label, Text, Title};

/// The most photos of one proposal.
pub const PHOTOS_MAX: usize = 3;

/// A proposal to a consultation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Propose {
    /// Where.
    pub consultation: RecordId,
    /// In one sentence.
    pub title: Title,
    /// Why, for whom, at what cost. May be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<Text>,
    /// From the community's own list.
    pub subject: SubjectId,
    /// At most [`PHOTOS_MAX`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub photos: Vec<Photo>,
    /// Where that is. May be left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Spot>,
}
crate::fields!(strict Propose { consultation, title, subject ; text, photos, place });

/// A photo in two sizes, both among the body's blobs.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Photo {
    /// The picture.
    pub full: Hash,
    /// At most [`THUMB_MAX`] bytes, kept on devices.
    pub thumb: Hash,
    /// What it shows, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub alt: Option<Label>,
}
crate::fields!(strict Photo { full, thumb ; alt });

/// A word on a proposal.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Comment {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub on: RecordId,
    /// On which side.
    pub stance: Stance,
    /// What is said.
    pub text: Text,
}
crate::fields!(strict Comment { consultation, on, stance, text });

/// On which side of a proposal a comment is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// For it.
    For,
    /// Against it.
    Against,
    /// Neither: a question, a remark.
    Neutral,
}
crate::variants!(Stance { For "for", Against "against", Neutral "neutral" });

/// Supporting a proposal, or doing so no longer. What a person said last stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Support {
    /// Its consultation.
    pub consultation: RecordId,
    /// The proposal.
    pub record: RecordId,
    /// Whether it is supported from now on.
    pub given: bool,
}
crate::fields!(strict Support { consultation, record, given });

/// Taking back one's own contribution: the public text goes, the desk keeps the sealed one.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Withdraw {
    /// Its consultation.
    pub consultation: RecordId,
    /// The contribution.
    pub record: RecordId,
}
crate::fields!(strict Withdraw { consultation, record });

impl Data for Propose {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn title(&self) -> Option<Title> {
        Some(self.title.clone())
    }

    /// The files are exactly those of the photos; a place says something.
    fn check(&self, blobs: &[BlobRef]) -> Result<(), &'static str> {
        if self.photos.len() > PHOTOS_MAX {
            return Err("too many photos");
        }
        if self.place.as_ref().is_some_and(|it| it.sector.is_none() && it.words.is_none()) {
            return Err("a place that says nothing");
        }
        are_files_of(self.photos.iter(), blobs)
    }
}

/// Whether the files are exactly those of the photos, and the small ones small.
pub(super) fn are_files_of<'p>(
    photos: impl Iterator<Item = &'p Photo>,
    blobs: &[BlobRef],
) -> Result<(), &'static str> {
    let photos: Vec<&Photo> = photos.collect();
    are_files_of_all(&photos, blobs)
}

fn are_files_of_all(photos: &[&Photo], blobs: &[BlobRef]) -> Result<(), &'static str> {
    let named: Vec<Hash> = photos.iter().flat_map(|photo| [photo.full, photo.thumb]).collect();
    let twice = |at: usize| blobs[..at].iter().any(|blob| blob.sha256 == blobs[at].sha256);
    let listed = |hash: &Hash| blobs.iter().any(|blob| blob.sha256 == *hash);
    if !named.iter().all(listed)
        || !blobs.iter().all(|blob| named.contains(&blob.sha256))
        || (0..blobs.len()).any(twice)
    {
        return Err("blobs do not match the photos");
    }
    let thumb = |blob: &&BlobRef| photos.iter().any(|photo| photo.thumb == blob.sha256);
    if blobs.iter().filter(thumb).any(|blob| blob.size > THUMB_MAX) {
        return Err("thumb too large");
    }
    Ok(())
}

impl Data for Comment {
    fn consultation(&self) -> Option<RecordId> {
        Some(self.consultation)
    }

    fn title(&self) -> Option<Title> {
        Some(self.text.in_one_line())
    }
}

about! { record: Support Withdraw }
