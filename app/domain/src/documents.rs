//! What a document of a consultation may be: the limits that device and server share.

/// The most bytes of a document.
pub const SIZE_MAX: u64 = 10_000_000;
/// The most documents of one consultation at a time.
pub const DOCUMENTS_MAX: usize = 10;
/// What it is served as.
pub const MEDIA_TYPE: &str = "application/pdf";

/// How a PDF begins (ISO 32000-2, §7.5.2). Readers take some that begin later; such a file could be
/// something else at the same time.
const START: &[u8] = b"%PDF-";

/// Why a file is not taken as a document.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DocumentProblem {
    /// More than [`SIZE_MAX`].
    TooLarge,
    /// It does not begin as a PDF does.
    NotAPdf,
}

/// Whether a file begins as a document.
pub fn is_document(start: &[u8]) -> bool {
    start.starts_with(START)
}

/// Whether a file of so many bytes, which begins so, may be a document. Its size is judged first: a file
/// that is too large need not be read.
pub fn check(size: u64, start: &[u8]) -> Result<(), DocumentProblem> {
    if size > SIZE_MAX {
        return Err(DocumentProblem::TooLarge);
    }
    if is_document(start) { Ok(()) } else { Err(DocumentProblem::NotAPdf) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_begins_as_a_pdf_and_has_ten_million_bytes_at_most() {
        let pdf = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n";
        assert_eq!(check(SIZE_MAX, pdf), Ok(()));
        assert_eq!(check(SIZE_MAX + 1, pdf), Err(DocumentProblem::TooLarge));
        // What hides a PDF behind something else is not one.
        for other in [&b" %PDF-1.7"[..], b"%PDF", b"", b"\xFF\xD8%PDF-1.7", b"<html>%PDF-1.7"] {
            assert_eq!(check(4, other), Err(DocumentProblem::NotAPdf));
        }
    }
}
