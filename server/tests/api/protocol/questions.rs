//! What polls and surveys ask, and what people answer: every field that may be left out is there.

use domain::ids::Hash;
use domain::time::{DAY, HOUR};
use serde_json::{Value, json};

use super::acts::{QUAY, ROAD};
use super::data::{both, now};

/// Open until tomorrow.
pub fn poll(consultation: &str, method: &str, grades: &[&str]) -> Value {
    let all = |labels: &[&str]| labels.iter().map(|label| both(label)).collect::<Vec<_>>();
    json!({
        "consultation": consultation, "question": both("Quand ouvrir la salle?"), "text": both("Le lundi."),
        "choices": all(&["Le matin", "Le soir", "Jamais"]), "method": method, "grades": all(grades),
        "opens_at": now() - HOUR, "closes_at": now() + DAY
    })
}

/// What the person of this number says, by the method.
pub fn ballot(method: &str, number: usize) -> Value {
    let (one, next) = (number % 3, (number + 1) % 3);
    match method {
        "plurality" => json!({ "choice": one }),
        "approval" => json!({ "approved": [one, next] }),
        "majority_judgment" => json!({ "grades": [one, 2, next] }),
        "schulze" => json!({ "ranking": [[one], [next, (number + 2) % 3]] }),
        _ => panic!("no method {method}"),
    }
}

fn choices(ids: &[&str]) -> Value {
    ids.iter().map(|id| json!({ "id": id, "label": both(id) })).collect()
}

/// Every kind of question. Open until tomorrow.
pub fn survey(consultation: &str) -> Value {
    let question = |id: &str, asks: Value| json!({ "id": id, "label": both("Et vous?"), "asks": asks });
    let mut way =
        question("way", json!({ "one_choice": { "choices": choices(&["car", "foot"]), "other": true } }));
    way["required"] = json!(true);
    let mut why = question("why", json!("long_text"));
    why["hint"] = both("En deux phrases.");
    why["relevant"] = json!({ "all": [{ "question": "way", "test": { "is": "car" } }] });
    let mut name = question("name", json!("short_text"));
    name["relevant"] = json!({ "any": [
        { "question": "way", "test": "answered" }, { "question": "way", "test": { "is_not": "foot" } }
    ] });
    let mut pictures = question("pictures", json!({ "photos": { "max": 1 } }));
    pictures["relevant"] = json!({ "all": [{ "question": "distance", "test": { "at_least": "12.5" } }] });
    let seasons = json!({ "choices": choices(&["summer", "autumn", "winter"]), "min": 1, "max": 2 });
    let grid = json!({ "rows": choices(&["quay", "road"]), "columns": choices(&["good", "bad"]) });
    let distance = json!({ "min": "-5", "max": "20.5", "unit": both("km"), "decimals": 1 });
    let counted = [
        way,
        question("seasons", json!({ "several": seasons })),
        question(
            "slope",
            json!({ "scale": { "from": -2, "to": 2, "low": both("Bas"), "high": both("Haut") } }),
        ),
        question("order", json!({ "ranking": { "choices": choices(&["a", "b", "c"]), "top": 2 } })),
        question("grid", json!({ "matrix": grid })),
        question("distance", json!({ "number": distance })),
        question("since", json!({ "date": { "earliest": "2020-01-01", "latest": "2028-02-29" } })),
    ];
    json!({
        "consultation": consultation, "title": both("Le chemin du quai"),
        "survey": { "intro": both("Trois minutes."), "pages": [
            { "title": both("Le chemin"), "questions": counted }, { "questions": [why, name, pictures] }
        ] },
        "opens_at": now() - HOUR, "closes_at": now() + DAY
    })
}

/// What the person of this number answers, the first with a photo.
pub fn answers(number: usize) -> Value {
    let way = match number {
        0..20 => json!({ "choice": "car" }),
        20..40 => json!({ "choice": "foot" }),
        _ => json!({ "other": "À vélo" }),
    };
    let by_turns = |one: &str, other: &str| if number.is_multiple_of(2) { json!(one) } else { json!(other) };
    let mut answers = json!({
        "way": way, "seasons": { "choices": [by_turns("summer", "autumn"), "winter"] },
        "order": { "ranking": [by_turns("a", "b"), "c"] },
        "grid": { "matrix": { "quay": by_turns("good", "bad"), "road": "good" } },
        "distance": { "number": "-4.5" }, "since": { "date": by_turns("2026-11-23", "2027-01-05") },
        "name": { "text": "Le quai" }
    });
    let mut put = |question: &str, answer: Value| answers[question] = answer;
    // Ten leave this one out.
    if number.is_multiple_of(5) {
        put("distance", json!({ "number": "15" }));
    } else {
        put("slope", json!({ "scale": if number.is_multiple_of(2) { -2 } else { 2 } }));
    }
    if number < 20 {
        put("why", json!({ "text": "Trop loin.\nEt l’hiver?" }));
    }
    if number == 0 {
        let photo = json!({ "full": Hash::of(QUAY), "thumb": Hash::of(ROAD), "alt": "le quai" });
        put("pictures", json!({ "photos": [photo] }));
    }
    answers
}
