//! Who makes a request: the session cookie, and the person behind it.

use std::sync::Arc;

use app::api::ErrorCode;
use app::api::ports::COOKIE;
use axum::http::{HeaderMap, header};
use domain::authority::Person;
use domain::ports::Identity;

use super::status::Problem;

/// The token in the session cookie.
pub fn token(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, token)| *name == COOKIE && !token.is_empty())
        .map(|(_, token)| token.to_owned())
}

/// The signed-in person, when there is one.
pub async fn person(identity: &Arc<dyn Identity>, headers: &HeaderMap) -> Result<Option<Person>, Problem> {
    match token(headers) {
        Some(token) => Ok(identity.session(&token).await?),
        None => Ok(None),
    }
}

/// The signed-in person, or the answer that somebody must sign in.
pub async fn required(identity: &Arc<dyn Identity>, headers: &HeaderMap) -> Result<Person, Problem> {
    person(identity, headers).await?.ok_or_else(|| ErrorCode::SignInNeeded.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_among_other_cookies_and_never_guessed() {
        let with = |cookie: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::COOKIE, cookie.parse().unwrap());
            token(&headers)
        };
        assert_eq!(with("a=1; __Host-rabaska=abc; b=2").as_deref(), Some("abc"));
        assert_eq!(with("rabaska=abc"), None);
        assert_eq!(with("__Host-rabaska="), None);
    }
}
