//! One question of a survey as it is typed, and the way back. The fields of the form have names; a text
//! in several languages has one field for each, named after both.

use domain::ids::{ChoiceId, QuestionId};
use domain::operations::PHOTOS_MAX;
use domain::surveys::{
    Asks, CHOICES_MAX, COLUMNS_MAX, Choice, Clause, Condition, DECIMALS_MAX, DateRange, Decimal, MatrixOf,
    NumberRange, OneChoice, PhotosUpTo, Question, ROWS_MAX, RankingOf, ScaleBetween, Several, Test,
};
use domain::text::{Label, Localized, Text};

use super::texts::{ListProblem, Texts, lines, list, localized, optional, texts};

/// The kinds of questions that the form has, by their names on the wire.
pub const KINDS: [&str; 10] = [
    "one_choice",
    "several",
    "scale",
    "ranking",
    "matrix",
    "short_text",
    "long_text",
    "number",
    "date",
    "photos",
];
/// The texts in several languages.
pub const BOTH: [&str; 8] = ["label", "hint", "choices", "rows", "columns", "low", "high", "unit"];
/// The fields with one text.
pub const ONE: [&str; 13] = [
    "kind", "required", "other", "most", "from", "to", "least", "greatest", "decimals", "earliest", "latest",
    "if", "test",
];
/// What a ticked box holds.
const YES: &str = "yes";

/// The fields, by their names.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Fields(pub Vec<(String, String)>);

impl Fields {
    /// What stands in the field of that name.
    pub fn one(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, text)| text.trim())
    }

    /// What stands in the fields of that name, language by language.
    pub fn both(&self, name: &str) -> Texts {
        let of = |(known, text): &(String, String)| {
            let lang = known.strip_prefix(name)?.strip_prefix(' ')?;
            Some((lang.parse().ok()?, text.clone()))
        };
        self.0.iter().filter_map(of).collect()
    }

    fn put(&mut self, name: &str, text: impl ToString) {
        self.0.push((name.to_owned(), text.to_string()));
    }

    fn put_both(&mut self, name: &str, all: Texts) {
        for (lang, text) in all {
            self.put(&[name, " ", lang.as_str()].concat(), text);
        }
    }

    fn is(&self, name: &str) -> bool {
        self.one(name) == YES
    }
}

/// What is wrong with a field.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Wrong {
    /// It is missing or too long, in one of the languages.
    Words,
    /// Nothing is chosen.
    Unchosen,
    /// It is no list.
    List(ListProblem),
    /// A list with fewer things than this, or more than that.
    Count(usize, usize),
    /// It is no number, or no day.
    Unread,
    /// The bounds contradict each other, or leave nothing to answer.
    Bounds,
}

/// What is wrong, by the name of its field.
pub type Wrongs = Vec<(&'static str, Wrong)>;

/// Reads field after field, and gathers what is wrong.
struct Reader<'a> {
    fields: &'a Fields,
    wrong: Wrongs,
}

impl Reader<'_> {
    fn or<T>(&mut self, name: &'static str, read: Result<T, Wrong>) -> Option<T> {
        read.map_err(|wrong| self.wrong.push((name, wrong))).ok()
    }

    fn words(&mut self, name: &'static str) -> Option<Localized<Label>> {
        self.or(name, localized(&self.fields.both(name)).ok_or(Wrong::Words))
    }

    /// A list, named `c1`, `c2`… in its order.
    fn list(&mut self, name: &'static str, least: usize, most: usize) -> Option<Vec<Choice>> {
        let read = list(&self.fields.both(name)).map_err(Wrong::List);
        let read = read.and_then(|all| match (least..=most).contains(&all.len()) {
            true => Ok(all),
            false => Err(Wrong::Count(least, most)),
        });
        let all = self.or(name, read)?;
        all.into_iter().zip(1..).map(|(label, at)| Some(Choice { id: choice(at)?, label })).collect()
    }

    /// Something that may be left out.
    fn maybe<T: std::str::FromStr>(&mut self, name: &'static str) -> Option<T> {
        match number(self.fields.one(name)) {
            text if text.is_empty() => None,
            text => self.or(name, text.parse().map_err(|_| Wrong::Unread)),
        }
    }

    fn bounds<T: PartialOrd>(&mut self, name: &'static str, least: Option<T>, most: Option<T>) {
        if matches!((least, most), (Some(least), Some(most)) if least > most) {
            self.wrong.push((name, Wrong::Bounds));
        }
    }

    fn asks(&mut self) -> Option<Asks> {
        Some(match self.fields.one("kind") {
            "short_text" => Asks::ShortText,
            "long_text" => Asks::LongText,
            "one_choice" => {
                let other = self.fields.is("other");
                Asks::OneChoice(OneChoice { choices: self.list("choices", 2, CHOICES_MAX)?, other })
            }
            "several" => {
                let choices = self.list("choices", 2, CHOICES_MAX);
                let max = self.maybe::<u8>("most");
                let choices = choices?;
                if max.is_some_and(|max| max == 0 || usize::from(max) > choices.len()) {
                    self.wrong.push(("most", Wrong::Bounds));
                }
                Asks::Several(Several { choices, min: None, max })
            }
            "ranking" => {
                Asks::Ranking(RankingOf { choices: self.list("choices", 2, CHOICES_MAX)?, top: None })
            }
            "scale" => {
                let (from, to) = (self.maybe::<i8>("from"), self.maybe::<i8>("to"));
                let (low, high) = (self.words("low"), self.words("high"));
                if !matches!((from, to), (Some(from), Some(to)) if from < to) {
                    self.wrong.push(("to", Wrong::Bounds));
                }
                Asks::Scale(ScaleBetween { from: from?, to: to?, low: low?, high: high? })
            }
            "matrix" => {
                let (rows, columns) = (self.list("rows", 1, ROWS_MAX), self.list("columns", 2, COLUMNS_MAX));
                Asks::Matrix(MatrixOf { rows: rows?, columns: columns? })
            }
            "number" => {
                let (min, max) = (self.maybe::<Decimal>("least"), self.maybe::<Decimal>("greatest"));
                self.bounds("greatest", min, max);
                let decimals = self.maybe::<u8>("decimals").unwrap_or(0);
                if decimals > DECIMALS_MAX {
                    self.wrong.push(("decimals", Wrong::Bounds));
                }
                for (name, bound) in [("least", min), ("greatest", max)] {
                    if bound.is_some_and(|bound| bound.decimals() > decimals) {
                        self.wrong.push((name, Wrong::Bounds));
                    }
                }
                let unit = self.or("unit", optional(&self.fields.both("unit")).map_err(|_| Wrong::Words))?;
                Asks::Number(NumberRange { min, max, unit, decimals })
            }
            "date" => {
                let (earliest, latest) = (self.maybe("earliest"), self.maybe("latest"));
                self.bounds("latest", earliest, latest);
                Asks::Date(DateRange { earliest, latest })
            }
            "photos" => {
                let max = self.maybe::<u8>("most").unwrap_or(1);
                if !(1..=PHOTOS_MAX).contains(&usize::from(max)) {
                    self.wrong.push(("most", Wrong::Bounds));
                }
                Asks::Photos(PhotosUpTo { max })
            }
            _ => {
                self.wrong.push(("kind", Wrong::Unchosen));
                return None;
            }
        })
    }

    /// Which answer to which earlier question it needs.
    fn condition(&mut self) -> Option<Condition> {
        let question: QuestionId = self.fields.one("if").parse().ok()?;
        let read = test(self.fields.one("test")).ok_or(Wrong::Unchosen);
        let test = self.or("test", read)?;
        Some(Condition::All(vec![Clause { question, test }]))
    }
}

fn choice(at: usize) -> Option<ChoiceId> {
    format!("c{at}").parse().ok()
}

/// As people write numbers here: a comma, and spaces between thousands.
fn number(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    plain.replace(',', ".")
}

/// A test as one text: its name on the wire, then what it tests.
pub fn test_text(test: &Test) -> String {
    match test {
        Test::Answered => "answered".to_owned(),
        Test::Is(id) => format!("is {id}"),
        Test::IsNot(id) => format!("is_not {id}"),
        Test::AtLeast(least) => format!("at_least {least}"),
    }
}

fn test(text: &str) -> Option<Test> {
    let (name, what) = text.split_once(' ').unwrap_or((text, ""));
    Some(match name {
        "answered" => Test::Answered,
        "is" => Test::Is(what.parse().ok()?),
        "is_not" => Test::IsNot(what.parse().ok()?),
        "at_least" => Test::AtLeast(what.parse().ok()?),
        _ => return None,
    })
}

/// The question, or what is wrong with its fields, in the order of the form.
pub fn read(fields: &Fields, id: QuestionId) -> Result<Question, Wrongs> {
    let mut reader = Reader { fields, wrong: Vec::new() };
    let label = reader.words("label");
    let hint = reader.or("hint", optional::<Text>(&fields.both("hint")).map_err(|_| Wrong::Words));
    let asks = reader.asks();
    let relevant = reader.condition();
    match (label, hint, asks) {
        (Some(label), Some(hint), Some(asks)) if reader.wrong.is_empty() => {
            // Paper holds no photo: nobody is kept from answering by one.
            let required = fields.is("required") && !matches!(asks, Asks::Photos(_));
            Ok(Question { id, label, hint, required, relevant, asks })
        }
        _ => Err(reader.wrong),
    }
}

/// The fields of a new question: those that have something from the start.
pub fn fresh() -> Fields {
    let mut fields = Fields::default();
    for (name, text) in [("kind", "one_choice"), ("from", "1"), ("to", "5"), ("decimals", "0")] {
        fields.put(name, text);
    }
    fields
}

/// The way back: the fields of a question that is there.
pub fn typed(it: &Question) -> Fields {
    let mut fields = fresh();
    fields.0.retain(|(name, _)| name != "kind");
    fields.put_both("label", texts(&it.label));
    fields.put_both("hint", it.hint.as_ref().map(texts).unwrap_or_default());
    fields.put("required", if it.required { YES } else { "" });
    let labels = |all: &[Choice]| lines(all.iter().map(|choice| &choice.label));
    fields.put("kind", kind(&it.asks));
    match &it.asks {
        Asks::OneChoice(one) => {
            fields.put_both("choices", labels(&one.choices));
            fields.put("other", if one.other { YES } else { "" });
        }
        Asks::Several(several) => {
            fields.put_both("choices", labels(&several.choices));
            fields.put("most", several.max.map(|max| max.to_string()).unwrap_or_default());
        }
        Asks::Ranking(ranking) => fields.put_both("choices", labels(&ranking.choices)),
        Asks::Scale(scale) => {
            fields.0.retain(|(name, _)| name != "from" && name != "to");
            fields.put("from", scale.from);
            fields.put("to", scale.to);
            fields.put_both("low", texts(&scale.low));
            fields.put_both("high", texts(&scale.high));
        }
        Asks::Matrix(matrix) => {
            fields.put_both("rows", labels(&matrix.rows));
            fields.put_both("columns", labels(&matrix.columns));
        }
        Asks::Number(range) => {
            fields.0.retain(|(name, _)| name != "decimals");
            let text = |bound: Option<Decimal>| bound.map(|bound| bound.to_string()).unwrap_or_default();
            fields.put("least", text(range.min));
            fields.put("greatest", text(range.max));
            fields.put("decimals", range.decimals);
            fields.put_both("unit", range.unit.as_ref().map(texts).unwrap_or_default());
        }
        Asks::Date(range) => {
            fields.put("earliest", range.earliest.map(|day| day.to_string()).unwrap_or_default());
            fields.put("latest", range.latest.map(|day| day.to_string()).unwrap_or_default());
        }
        Asks::Photos(photos) => fields.put("most", photos.max),
        Asks::ShortText | Asks::LongText => {}
    }
    if let Some([clause, ..]) = it.relevant.as_ref().map(Condition::clauses) {
        fields.put("if", clause.question.as_str());
        fields.put("test", test_text(&clause.test));
    }
    fields
}

/// A kind's name on the wire.
pub fn kind(asks: &Asks) -> &'static str {
    match asks {
        Asks::ShortText => "short_text",
        Asks::LongText => "long_text",
        Asks::OneChoice(_) => "one_choice",
        Asks::Several(_) => "several",
        Asks::Scale(_) => "scale",
        Asks::Ranking(_) => "ranking",
        Asks::Matrix(_) => "matrix",
        Asks::Number(_) => "number",
        Asks::Date(_) => "date",
        Asks::Photos(_) => "photos",
    }
}

/// The tests that an earlier question takes: each as one text, with its choice when it names one.
pub fn tests(of: &Question) -> Vec<(Test, Option<&Localized<Label>>)> {
    let choices: &[Choice] = match &of.asks {
        Asks::OneChoice(one) => &one.choices,
        Asks::Several(several) => &several.choices,
        _ => &[],
    };
    let mut all = vec![(Test::Answered, None)];
    all.extend(choices.iter().map(|it| (Test::Is(it.id.clone()), Some(&it.label))));
    all.extend(choices.iter().map(|it| (Test::IsNot(it.id.clone()), Some(&it.label))));
    if let Asks::Scale(scale) = &of.asks {
        let points = (scale.from..=scale.to).skip(1);
        all.extend(points.map(|point| (Test::AtLeast(Decimal::whole(point.into())), None)));
    }
    all
}

#[cfg(test)]
#[path = "questions_tests.rs"]
mod tests;
