//! Words that are blotted out of a text: where they stood, and what the public reads in their place.

use std::ops::Range;
use std::str::FromStr;

/// What stands in public in place of words that were blotted out: their length is not told.
pub const MARK: &str = "▒▒▒";
/// Where the text would grow too long.
const SHORT_MARK: char = '▒';

/// Where the original has what the public does not read, in order; none: the two cannot be matched.
pub fn gaps(original: &str, public: &str) -> Option<Vec<Range<usize>>> {
    if original.contains(SHORT_MARK) {
        return None;
    }
    let kept: Vec<&str> = public.split(SHORT_MARK).filter(|part| !part.is_empty()).collect();
    let (mut gaps, mut at) = (Vec::new(), 0);
    for (number, part) in kept.iter().enumerate() {
        let rest = original.get(at..)?;
        // The last piece stands at the end, where the text does not end with a mark.
        let ends = number + 1 == kept.len() && !public.ends_with(SHORT_MARK);
        let found = if ends { rest.strip_suffix(part).map(str::len) } else { rest.find(part) }?;
        if number == 0 && !public.starts_with(SHORT_MARK) && found > 0 {
            return None;
        }
        if found > 0 {
            gaps.push(at..at + found);
        }
        at += found + part.len();
    }
    if at < original.len() {
        gaps.push(at..original.len());
    }
    Some(gaps)
}

/// What the public reads once a word is blotted out wherever the original has it, also where a part of it was before;
/// none: it cannot be said so shortly. Without the original, wherever the public reads it.
pub fn without<T: FromStr>(original: Option<&str>, public: &str, word: &str) -> Option<T> {
    let known = original.and_then(|original| Some((original, gaps(original, public)?)));
    let text = |mark: &str| match &known {
        Some((original, gaps)) => marked(original, gaps, word, mark),
        None => public.replace(word, mark),
    };
    text(MARK).parse().ok().or_else(|| text(&SHORT_MARK.to_string()).parse().ok())
}

/// The original with one mark for what goes together.
fn marked(original: &str, gaps: &[Range<usize>], word: &str, mark: &str) -> String {
    let mut all = gaps.to_vec();
    all.extend(original.match_indices(word).map(|(at, word)| at..at + word.len()));
    all.sort_by_key(|gap| gap.start);
    let (mut text, mut at) = (String::new(), 0);
    for gap in all {
        if gap.start > at || text.is_empty() {
            text.push_str(&original[at..gap.start]);
            text.push_str(mark);
        }
        at = at.max(gap.end);
    }
    text + &original[at..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the public reads after these, one by one.
    fn blotted(original: &str, words: &[&str]) -> String {
        words.iter().fold(original.to_owned(), |public, word| {
            without::<String>(Some(original), &public, word).unwrap_or_default()
        })
    }

    #[test]
    fn a_phrase_goes_whole_whatever_of_it_was_blotted_out_before() {
        let original = "Appelez Rose au rang 4 (17 4), pas Rose.";
        assert_eq!(blotted(original, &["Rose"]), "Appelez ▒▒▒ au rang 4 (17 4), pas ▒▒▒.");
        assert_eq!(blotted(original, &["4)", "(17 4)"]), "Appelez Rose au rang 4 ▒▒▒, pas Rose.");
        assert_eq!(blotted(original, &["(17 4)", "4)"]), "Appelez Rose au rang 4 ▒▒▒, pas Rose.");
        // Twice is once, and what stands together has one mark.
        assert_eq!(blotted(original, &["Rose", "Rose"]), blotted(original, &["Rose"]));
        assert_eq!(blotted("Rose Roy", &["Rose ", "Roy"]), "▒▒▒");
        assert_eq!(blotted("Rose", &["Rose", "os"]), "▒▒▒");
    }

    #[test]
    fn the_order_of_words_makes_no_difference() {
        let original = "Un banc au quai, un banc au bord du quai.";
        let words = ["banc", "un banc au", "quai", "au bord", "u", "du quai."];
        for one in words {
            for other in words {
                let both = [blotted(original, &[one, other]), blotted(original, &[other, one])];
                assert_eq!(both[0], both[1], "{one} and {other}");
            }
        }
    }

    #[test]
    fn without_the_original_or_where_it_does_not_match_what_is_read_goes() {
        let without = |original, public: &str, word| without::<String>(original, public, word).unwrap();
        assert_eq!(without(None, "a b a", "b"), "a ▒▒▒ a");
        assert_eq!(without(Some("x y"), "a b a", "b"), "a ▒▒▒ a");
        assert_eq!(without(Some("a ▒ b"), "a ▒ b", "b"), "a ▒ ▒▒▒");
    }

    #[test]
    fn gaps_are_where_the_public_reads_a_mark() {
        let gaps = |original: &str, public: &str| {
            gaps(original, public)
                .map(|gaps| gaps.into_iter().map(|gap| original[gap].to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(gaps("a b a", "a ▒ a"), Some(vec!["b".to_owned()]));
        assert_eq!(gaps("Rose", "▒▒▒"), Some(vec!["Rose".to_owned()]));
        assert_eq!(gaps("Rose", "Rose"), Some(vec![]));
        assert_eq!(gaps("Un banc", "Une ▒▒▒ lampe"), None);
        assert_eq!(gaps("Un banc", "banc"), None);
    }
}
