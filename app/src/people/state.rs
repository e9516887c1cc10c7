//! The code as it is typed, and sizes as they are said.

use domain::codes::Code;

/// What is wrong with a code before it is even sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodeProblem {
    /// Nothing typed.
    Empty,
    /// Not twelve characters: how many.
    Length(usize),
    /// Twelve, and one of them is in no code.
    Characters,
}

/// Reads a code, or says what is wrong in words' terms.
pub fn read_code(typed: &str) -> Result<Code, CodeProblem> {
    typed.parse().map_err(|_| {
        let length = typed.chars().filter(|c| c.is_alphanumeric()).count();
        match length {
            0 => CodeProblem::Empty,
            12 => CodeProblem::Characters,
            length => CodeProblem::Length(length),
        }
    })
}

/// A size for people: kilobytes below a megabyte, then megabytes with one decimal.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Size {
    /// Whole kilobytes, at least one when there is anything.
    Kilobytes(u64),
    /// Tenths of a megabyte.
    Megabytes(f64),
}

/// How a number of bytes is said.
pub fn size(bytes: u64) -> Size {
    if bytes < 1_000_000 {
        Size::Kilobytes(bytes.div_ceil(1_000))
    } else {
        #[expect(clippy::cast_precision_loss, reason = "tenths of megabytes")]
        Size::Megabytes((bytes / 100_000) as f64 / 10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_judged_by_what_was_typed() {
        assert!(read_code(" 0123 4567-89ab").is_ok());
        assert_eq!(read_code("  ").err(), Some(CodeProblem::Empty));
        assert_eq!(read_code("0123-4567").err(), Some(CodeProblem::Length(8)));
        assert_eq!(read_code("0123-4567-89AU").err(), Some(CodeProblem::Characters));
    }

    #[test]
    fn sizes_are_said_as_people_say_them() {
        assert_eq!(
            [size(0), size(1), size(999_999)].map(|s| s),
            [Size::Kilobytes(0), Size::Kilobytes(1), Size::Kilobytes(1_000)]
        );
        assert_eq!(size(2_340_000), Size::Megabytes(2.3));
    }
}
