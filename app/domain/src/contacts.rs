//! What in a text looks like a way to reach somebody: telephone numbers as they are written in
//! North America, and e-mail addresses. Found, to be looked at by a person; nothing follows from it.

/// What something looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Contact {
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
}

/// Each, in the order of the text, as it stands there.
pub fn find(text: &str) -> Vec<(Contact, &str)> {
    let (mut all, mut at) = (Vec::new(), 0);
    while let Some(first) = text[at..].find(|c: char| c.is_ascii_digit() || c == '@') {
        let start = at + first;
        at = match text[start..].starts_with('@') {
            true => {
                all.extend(email(text, start).map(|found| (Contact::Email, found)));
                start + 1
            }
            false => {
                let (end, is_phone) = number(&text[start..]);
                // A sum of money is none, nor what goes on in letters.
                let next = text[start + end..].trim_start_matches([' ', '\u{a0}']).chars().next();
                let goes_on = next.is_some_and(|c| matches!(c, '$' | '%' | '@'));
                if is_phone && !goes_on && !text[..start].ends_with('$') {
                    all.push((Contact::Phone, &text[start..start + end]));
                }
                start + end
            }
        };
    }
    all
}

/// The groups of digits at the beginning of a text, joined by the marks with which numbers are written: where
/// they end, and whether they are a telephone number's.
fn number(text: &str) -> (usize, bool) {
    let (mut groups, mut end, mut joint, mut between) = (Vec::new(), 0, String::new(), "");
    let mut rest = text;
    loop {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            break;
        }
        joint.push_str(between);
        groups.push(digits);
        rest = &rest[digits..];
        end = text.len() - rest.len();
        let marks = |c: char| matches!(c, ' ' | '\u{a0}' | '-' | '‑' | '–' | '.' | ')' | '(');
        let after = rest.trim_start_matches(marks);
        between = &rest[..rest.len() - after.len()];
        if between.is_empty() || between.chars().count() > 2 {
            break;
        }
        rest = after;
    }
    // Seven digits are one only where something joins them that is no space.
    let is_phone = match groups[..] {
        [3, 4] => joint.contains(['-', '‑', '.']),
        [3, 3, 4] | [1, 3, 3, 4] | [3, 7] | [10] => true,
        _ => false,
    };
    (end, is_phone)
}

/// The address around an `@`.
fn email(text: &str, at: usize) -> Option<&str> {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | '+');
    let start = text[..at]
        .rfind(|c: char| !fits(c))
        .map_or(0, |before| before + text[before..].chars().next().map_or(0, char::len_utf8));
    let host = &text[at + 1..];
    let host = &host[..host.find(|c: char| !fits(c)).unwrap_or(host.len())];
    let host = host.trim_end_matches(['.', '-']);
    let (_, last) = host.rsplit_once('.')?;
    let found = &text[start..at + 1 + host.len()];
    (start < at && last.chars().count() >= 2).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::Contact::{Email, Phone};
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_and_addresses_are_found_as_they_are_written() {
        for number in [
            "819 555-0199",
            "819-555-0199",
            "(819) 555-0199",
            "819.555.0199",
            "8195550199",
            "1 819 555-0199",
            "555-0199",
        ] {
            let text = format!("Appelez au {number}, le soir.");
            let found = find(&text);
            assert_eq!(found.len(), 1, "{text}");
            assert!(found[0].0 == Phone && number.ends_with(found[0].1), "{found:?}");
        }
        let text = "Écrivez à aline.roy+lac@exemple.qc.ca. Ou bien : 819\u{a0}555-0199";
        assert_eq!(find(text), [(Email, "aline.roy+lac@exemple.qc.ca"), (Phone, "819\u{a0}555-0199")]);
    }

    #[test]
    fn sums_years_dates_and_distances_are_left_alone() {
        for text in [
            "Il y a 4 000 $, pas 2 000 000 $.",
            "De 2024-2025 à 2026-11-23, 12 h 30",
            "125 000 personnes, 100 2026.",
            "Résolution 2026-118, article 15.2",
            "$819.555.0199",
            "Rendez-vous @ 19 h; @mairie; a@b",
            "1234567 arbres, lot 4 123 456",
        ] {
            assert_eq!(find(text), [], "{text}");
        }
    }

    proptest! {
        /// Whatever is written, what is found stands in it.
        #[test]
        fn nothing_is_found_that_is_not_there(text in "[0-9@. ()a-zé\u{a0}\u{1F6F6}-]{0,60}") {
            for (_, found) in find(&text) {
                prop_assert!(text.contains(found) && !found.is_empty());
            }
        }
    }
}
