//! What the acts say: every field that may be left out is there.

use domain::ids::Hash;
use domain::ports::Clock;
use domain::time::{DAY, HOUR};
use rabaska::system::SystemClock;
use serde_json::{Value, json};

use super::acts::{PLAN, QUAY, ROAD};

pub fn now() -> i64 {
    SystemClock.now().0
}

pub fn both(text: &str) -> Value {
    json!({ "fr": text, "en": text })
}

/// Nothing but the time to contribute.
pub fn contribute(until: i64) -> Value {
    json!([{ "phase": "contribute", "from": until - 9 * DAY, "until": until }])
}

pub fn consultation(closes_at: i64) -> Value {
    json!({
        "title": both("Un banc?"), "summary": both("Où?"), "phases": contribute(closes_at),
        "grace": 48 * HOUR, "takes": ["proposals", "comments", "support", "amendments"],
        "decided_by": both("Le conseil."), "used_for": both("Le greffe répond à chacune."),
        "answer_by": closes_at + 30 * DAY,
        "source": { "attribution": both("La ville"), "licence": "CC0-1.0", "url": "https://example.org" },
        "adapted_from": { "community": "moffet", "consultation": "11".repeat(16) },
        "fictitious": true
    })
}

pub fn proposal(consultation: &str, subject: &str) -> Value {
    let place = json!({ "sector": "47.5350,-78.6975", "words": "Au quai" });
    json!({
        "consultation": consultation, "title": "Un banc", "text": "Face au lac.", "subject": subject, "place": place
    })
}

/// In Montréal.
pub fn elsewhere(consultation: &str) -> Value {
    let mut data = proposal(consultation, "other");
    data["place"] = json!({ "sector": "45.5000,-73.5675" });
    data
}

pub fn document(consultation: &str) -> Value {
    json!({ "consultation": consultation, "title": both("Le plan"), "file": Hash::of(PLAN) })
}

pub fn with_photo(consultation: &str) -> Value {
    let mut data = proposal(consultation, "other");
    data["photos"] = json!([{ "full": Hash::of(QUAY), "thumb": Hash::of(ROAD), "alt": "le quai" }]);
    data
}
