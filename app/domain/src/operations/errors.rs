//! Why a body cannot be decoded, without the words of a person.

/// Why a body cannot be decoded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// A kind or version that this build does not know; a newer one may.
    #[error("unsupported kind or version")]
    Unsupported,
    /// It will never be valid. The text says what is wrong, without the words of a person.
    #[error("{0}")]
    Invalid(String),
}

/// What serde says, as far as our own types say it.
pub(super) fn invalid(error: serde_json::Error) -> DecodeError {
    // A message of serde may quote the offending value: keep only what our own types say.
    let said = error.to_string();
    let known = [
        "too long",
        "empty",
        "control character",
        "unknown field",
        "missing field",
        "not a valid",
        "no phase to contribute",
        "a phase ends before it begins",
        "phases out of order",
        "phases overlap",
    ];
    let reason = known.into_iter().find(|reason| said.contains(reason)).unwrap_or("unexpected shape");
    DecodeError::Invalid(reason.to_owned())
}
