//! Whether a proposal can leave: the same types that the server decides with.

use domain::ids::SubjectId;
use domain::text::{InvalidText, Label, Text, Title, graphemes};

/// What keeps a proposal from leaving, each at its field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Problem {
    /// No sentence.
    TitleEmpty,
    /// A sentence that is too long.
    TitleLong,
    /// Characters that are no text in the sentence (a line break, for one).
    TitleControl,
    /// An explanation that is too long.
    TextLong,
    /// Characters that are no text in the explanation.
    TextControl,
    /// No subject.
    Subject,
    /// Words for the place that are too long.
    PlaceLong,
    /// Characters that are no text in them.
    PlaceControl,
}

impl Problem {
    /// The field that it is about.
    pub fn field(self) -> &'static str {
        match self {
            Self::TitleEmpty | Self::TitleLong | Self::TitleControl => "title",
            Self::TextLong | Self::TextControl => "text",
            Self::Subject => "subject",
            Self::PlaceLong | Self::PlaceControl => "place",
        }
    }
}

/// Every problem, in the order of the form.
pub fn check(title: &str, text: &str, subject: &str, place: &str) -> Vec<Problem> {
    let title = title.parse::<Title>().err().map(|error| match error {
        InvalidText::Empty => Problem::TitleEmpty,
        InvalidText::TooLong => Problem::TitleLong,
        InvalidText::Control => Problem::TitleControl,
    });
    // The explanation may be left out.
    let text = text.parse::<Text>().err().and_then(|error| match error {
        InvalidText::Empty => None,
        InvalidText::TooLong => Some(Problem::TextLong),
        InvalidText::Control => Some(Problem::TextControl),
    });
    let subject = subject.parse::<SubjectId>().is_err().then_some(Problem::Subject);
    // So may the place.
    let place = place.parse::<Label>().err().and_then(|error| match error {
        InvalidText::Empty => None,
        InvalidText::TooLong => Some(Problem::PlaceLong),
        InvalidText::Control => Some(Problem::PlaceControl),
    });
    [title, text, subject, place].into_iter().flatten().collect()
}

/// The counter under a field: how many of how many, and whether that is too many. Silent
/// until four fifths are used.
pub fn counter(text: &str, max: usize) -> Option<(usize, bool)> {
    let used = graphemes(text);
    (used * 5 >= max * 4).then_some((used, used > max))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_form_is_told_what_is_missing_in_order() {
        assert_eq!(check(" ", "", "", " "), [Problem::TitleEmpty, Problem::Subject]);
        assert_eq!(check("Un banc", "", "other", ""), []);
    }

    #[test]
    fn too_long_is_said_at_its_field() {
        let problems = check(&"é".repeat(121), &"a".repeat(5_001), "other", &"à".repeat(201));
        assert_eq!(problems, [Problem::TitleLong, Problem::TextLong, Problem::PlaceLong]);
        assert_eq!(problems.map_fields(), ["title", "text", "place"]);
    }

    #[test]
    fn the_counter_speaks_when_it_matters() {
        assert_eq!(counter("a", 120), None);
        assert_eq!(counter(&"é".repeat(96), 120), Some((96, false)));
        assert_eq!(counter(&"é".repeat(121), 120), Some((121, true)));
    }

    trait Fields {
        fn map_fields(&self) -> Vec<&'static str>;
    }

    impl Fields for Vec<Problem> {
        fn map_fields(&self) -> Vec<&'static str> {
            self.iter().map(|problem| problem.field()).collect()
        }
    }
}
