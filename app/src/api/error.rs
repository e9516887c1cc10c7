//! What can go wrong between the app and its server: a closed list of codes. The words for
//! people are the screen's, by code; no text of the machine travels.

use serde::Serialize;
use server_fn::codec::JsonEncoding;
use server_fn::error::{FromServerFnError, ServerFnErrorErr};

/// An error of the interface.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, thiserror::Error)]
#[error("{}", code.name())]
pub struct ApiError {
    /// Which one.
    pub code: ErrorCode,
    /// In seconds: not before then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u32>,
}
domain::fields!(open ApiError { code ; retry_after });

macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident $name:literal $status:literal),* $(,)?) => {
        /// Every code, with its HTTP status.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $name)] $code),*
        }

        domain::variants!(ErrorCode { $($code $name),* });

        impl ErrorCode {
            /// Every code there is.
            pub const ALL: &[ErrorCode] = &[$(ErrorCode::$code),*];

            /// Its stable name.
            pub fn name(self) -> &'static str {
                match self { $(ErrorCode::$code => $name),* }
            }

            /// The HTTP status that carries it; 0 for those that only a device knows.
            pub fn status(self) -> u16 {
                match self { $(ErrorCode::$code => $status),* }
            }
        }
    };
}

codes! {
    /// No answer: no network, a time-out, a connection cut.
    Offline "offline" 0,
    /// An answer that is not Rabaska's: a captive portal, a proxy's page.
    NotRabaska "not_rabaska" 0,
    /// The request is not what the route takes.
    BadRequest "bad_request" 400,
    /// Nobody is signed in, or no longer.
    SignInNeeded "sign_in_needed" 401,
    /// Signed in, and not allowed.
    NotPermitted "not_permitted" 403,
    /// The request came from another site.
    CrossSite "cross_site" 403,
    /// The participation code is not one that opens anything.
    CodeRefused "code_refused" 403,
    /// Nothing here by that name.
    NotFound "not_found" 404,
    /// The route exists, the method does not.
    MethodNotAllowed "method_not_allowed" 405,
    /// The bytes do not continue what was uploaded.
    WrongOffset "wrong_offset" 409,
    /// More bytes than are taken.
    TooLarge "too_large" 413,
    /// Neither JSON nor, for chunks, octets.
    UnsupportedMediaType "unsupported_media_type" 415,
    /// Well-formed, and not acceptable.
    Invalid "invalid" 422,
    /// The uploaded bytes are not what their name says.
    BlobMismatch "blob_mismatch" 422,
    /// Neither a picture nor a document that is taken.
    NotAPicture "not_a_picture" 422,
    /// The picture carries hidden information.
    PictureMetadata "picture_metadata" 422,
    /// Hidden or erased here before.
    BlobRefused "blob_refused" 422,
    /// Too many tries.
    Slowed "slowed" 429,
    /// Not now. Nothing was stored.
    Unavailable "unavailable" 503,
}

impl ErrorCode {
    /// The code of an answer that carries none. `json`: it is at least of the kind that we
    /// give (an answer to HEAD has no body). Anything else is not ours to believe: a portal's
    /// 401 says nothing about a session.
    pub fn of_status(status: u16, json: bool) -> Self {
        match (status, json) {
            (401, true) => Self::SignInNeeded,
            (403, true) => Self::NotPermitted,
            (429, _) => Self::Slowed,
            // A request that we formed ourselves is not wrong because a proxy says so.
            (503, _) | (_, true) => Self::Unavailable,
            _ => Self::NotRabaska,
        }
    }
}

impl From<ErrorCode> for ApiError {
    fn from(code: ErrorCode) -> Self {
        Self { code, retry_after: None }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Request(_) => ErrorCode::Offline,
            ServerFnErrorErr::Deserialization(_) | ServerFnErrorErr::Response(_) => ErrorCode::NotRabaska,
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => ErrorCode::Invalid,
            _ => ErrorCode::Unavailable,
        }
        .into()
    }
}
