//! Words that are blotted out: which may be, what the public then reads, and which already are.

use domain::blots::{MARK, gaps};
use domain::operations::BLOTS_MAX;
use domain::records::Contribution;
use domain::text::{Label, Text};

/// What keeps words from being blotted out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum BlotProblem {
    /// None were named.
    Empty,
    /// These do not stand there.
    Absent(String),
    /// These are too long for one piece.
    Long(String),
    /// Too many at once.
    Many,
}

/// Everything in a contribution that people can read.
pub fn texts_of(it: &Contribution) -> Vec<String> {
    let mut texts = Vec::new();
    texts.extend(it.proposal().map(|proposal| proposal.title.to_string()));
    texts.extend(it.amendment().and_then(|it| it.wording.as_ref()).map(Text::to_string));
    texts.extend(it.text().map(Text::to_string));
    texts.extend(it.photos().iter().filter_map(|photo| photo.alt.as_ref().map(Label::to_string)));
    texts
}

/// The words that were named, one piece a line, as they stand in the texts.
pub fn words(named: &str, texts: &[String]) -> Result<Vec<Label>, BlotProblem> {
    let mut words: Vec<Label> = Vec::new();
    for line in named.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !texts.iter().any(|text| text.contains(line)) {
            return Err(BlotProblem::Absent(line.to_owned()));
        }
        let label: Label = line.parse().map_err(|_| BlotProblem::Long(line.to_owned()))?;
        if !words.contains(&label) {
            words.push(label);
        }
    }
    match words.len() {
        0 => Err(BlotProblem::Empty),
        count if count > BLOTS_MAX => Err(BlotProblem::Many),
        _ => Ok(words),
    }
}

/// A text without them, as the public will read it.
pub fn without(text: &str, words: &[Label]) -> String {
    words.iter().fold(text.to_owned(), |text, word| text.replace(word.as_str(), MARK))
}

/// A piece of the original, and whether the public reads a mark in its place.
pub type Piece = (bool, String);

/// The original in pieces, by comparing it with what is public. What cannot be matched is shown as
/// it was written.
pub fn struck(original: &str, public: &str) -> Vec<Piece> {
    let (mut pieces, mut at) = (Vec::new(), 0);
    for gap in gaps(original, public).unwrap_or_default() {
        if gap.start > at {
            pieces.push((false, original[at..gap.start].to_owned()));
        }
        at = gap.end;
        pieces.push((true, original[gap].to_owned()));
    }
    if at < original.len() {
        pieces.push((false, original[at..].to_owned()));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces(original: &str, public: &str) -> String {
        let piece = |(struck, text): Piece| if struck { format!("<{text}>") } else { text };
        self::struck(original, public).into_iter().map(piece).collect()
    }

    #[test]
    fn words_must_stand_there_and_are_taken_line_by_line() {
        let texts = ["Un banc".to_owned(), "Appelez Rose\nau 819 555-0101".to_owned()];
        let named = |named: &str| words(named, &texts).map(|words| words.len());
        assert_eq!(named("Rose\n\nau 819 555-0101\nRose"), Ok(2));
        assert_eq!(named(" \n"), Err(BlotProblem::Empty));
        assert_eq!(named("Rose\nMaude"), Err(BlotProblem::Absent("Maude".into())));
        let many = (0..30).map(|n| n.to_string()).collect::<Vec<_>>().join("\n");
        assert_eq!(words(&many, std::slice::from_ref(&many)), Err(BlotProblem::Many));
    }

    #[test]
    fn what_is_blotted_out_is_found_again_in_the_original() {
        let original = "Appelez Rose au 819, pas Rose";
        let public = without(original, &["Rose".parse().unwrap(), "819".parse().unwrap()]);
        assert_eq!(public, "Appelez ▒▒▒ au ▒▒▒, pas ▒▒▒");
        assert_eq!(pieces(original, &public), "Appelez <Rose> au <819>, pas <Rose>");
        assert_eq!(pieces("Rose a dit", "▒▒▒ a dit"), "<Rose> a dit");
        assert_eq!(pieces("Rose", "▒▒▒"), "<Rose>");
        assert_eq!(pieces("a b a", "a ▒ a"), "a <b> a");
    }

    #[test]
    fn what_does_not_match_is_shown_as_written() {
        assert_eq!(pieces("Un banc", "Un banc"), "Un banc");
        assert_eq!(pieces("Un banc", "Une ▒▒▒ lampe"), "Un banc");
        assert_eq!(pieces("Un ▒ banc", "Un ▒▒▒"), "Un ▒ banc");
    }
}
