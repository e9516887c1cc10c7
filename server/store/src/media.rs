//! What a file is, told by its bytes: a picture or a document, and whether it may be taken.

use domain::documents::{self, DocumentProblem, is_document};
use domain::pictures;
use domain::ports::BlobError;

use crate::pictures as looking;

/// Every media type that is served.
const KNOWN: [&str; 4] = [documents::MEDIA_TYPE, "image/jpeg", "image/png", "image/webp"];

/// The media type of that name, when it is served.
pub(crate) fn known(name: &str) -> Option<&'static str> {
    KNOWN.into_iter().find(|known| *known == name)
}

/// The media type that a file begins as.
pub(crate) fn media_type(bytes: &[u8]) -> Option<&'static str> {
    if is_document(bytes) { Some(documents::MEDIA_TYPE) } else { looking::media_type(bytes) }
}

/// The most bytes of a file that begins so.
pub(crate) fn size_max(start: &[u8]) -> u64 {
    if is_document(start) { documents::SIZE_MAX } else { pictures::SIZE_MAX }
}

/// The media type of a file that may be taken.
pub(crate) fn inspect(bytes: &[u8]) -> Result<&'static str, BlobError> {
    let size = bytes.len() as u64;
    match documents::check(size, bytes) {
        Ok(()) => Ok(documents::MEDIA_TYPE),
        Err(DocumentProblem::TooLarge) => Err(BlobError::TooLarge),
        Err(DocumentProblem::NotAPdf) if size > pictures::SIZE_MAX => Err(BlobError::TooLarge),
        Err(DocumentProblem::NotAPdf) => looking::inspect(bytes),
    }
}
