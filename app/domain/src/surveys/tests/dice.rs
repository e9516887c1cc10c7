//! Surveys and answers made by chance.

use super::*;

/// Draws from numbers that were chosen before; zero when they are used up.
pub(super) struct Dice(pub Vec<u16>);

impl Dice {
    pub(super) fn below(&mut self, sides: usize) -> usize {
        usize::from(self.0.pop().unwrap_or_default()) % sides
    }

    pub(super) fn coin(&mut self) -> bool {
        self.below(2) == 1
    }

    fn sometimes(&mut self, number: usize) -> Option<u8> {
        self.coin().then_some(number as u8)
    }

    fn list(&mut self, least: usize) -> Vec<Choice> {
        let count = least + self.below(4);
        (0..count).map(|number| Choice { id: word(&format!("c{number}")), label: said("Choix") }).collect()
    }

    fn asks(&mut self) -> Asks {
        match self.below(10) {
            0 => Asks::ShortText,
            1 => Asks::LongText,
            2 => Asks::OneChoice(OneChoice { choices: self.list(2), other: self.coin() }),
            3 => {
                let choices = self.list(1);
                let max = 1 + self.below(choices.len());
                let min = 1 + self.below(max);
                Asks::Several(Several { choices, min: self.sometimes(min), max: self.sometimes(max) })
            }
            4 => {
                let from = self.below(10) as i8 - 10;
                scale(from, from + 1 + self.below(10) as i8)
            }
            5 => {
                let choices = self.list(2);
                let top = 1 + self.below(choices.len());
                Asks::Ranking(RankingOf { choices, top: self.sometimes(top) })
            }
            6 => Asks::Matrix(MatrixOf { rows: self.list(1), columns: self.list(2) }),
            7 => {
                let decimals = self.below(4) as u8;
                let step = 10_i64.pow(3 - u32::from(decimals));
                let min = (self.below(200) as i64 - 100) * step;
                let max = min + self.below(100) as i64 * step;
                let [min, max] =
                    [min, max].map(|bound| Decimal::from_thousandths(bound).filter(|_| self.coin()));
                Asks::Number(NumberRange { min, max, unit: None, decimals })
            }
            8 => {
                let year = 1990 + self.below(30) as u16;
                let bounds = [Day::new(year, 2, 28), Day::new(year + self.below(3) as u16, 12, 1)];
                let [earliest, latest] = bounds.map(|day| day.ok().filter(|_| self.coin()));
                Asks::Date(DateRange { earliest, latest })
            }
            _ => photos(1 + self.below(3) as u8),
        }
    }

    fn test(&mut self, asks: &Asks) -> Test {
        match asks {
            Asks::OneChoice(OneChoice { choices, .. }) | Asks::Several(Several { choices, .. }) => {
                let choice = choices[self.below(choices.len())].id.clone();
                if self.coin() { Test::Is(choice) } else { Test::IsNot(choice) }
            }
            Asks::Scale(_) | Asks::Number(_) if self.coin() => {
                Test::AtLeast(Decimal::whole(self.below(9) as i32 - 5))
            }
            _ => Test::Answered,
        }
    }

    fn condition(&mut self, earlier: &[Question]) -> Option<Condition> {
        if earlier.is_empty() || self.coin() {
            return None;
        }
        let mut clauses = Vec::new();
        for _ in 0..=self.below(3) {
            let on = &earlier[self.below(earlier.len())];
            clauses.push(Clause { question: on.id.clone(), test: self.test(&on.asks) });
        }
        Some(if self.coin() { Condition::All(clauses) } else { Condition::Any(clauses) })
    }

    pub(super) fn survey(&mut self) -> Survey {
        let mut questions: Vec<Question> = Vec::new();
        for number in 0..=self.below(12) {
            let photos = questions.iter().filter(|question| matches!(question.asks, Asks::Photos(_))).count();
            let long = questions.iter().filter(|question| matches!(question.asks, Asks::LongText)).count();
            let asks = self.asks();
            let full =
                matches!(asks, Asks::Photos(_)) && photos == 3 || matches!(asks, Asks::LongText) && long == 8;
            let asks = if full { Asks::ShortText } else { asks };
            let relevant = self.condition(&questions);
            questions.push(Question {
                required: self.coin(),
                relevant,
                ..question(&format!("q{number}"), asks)
            });
        }
        let mut pages = vec![vec![]];
        for question in questions {
            if !pages[pages.len() - 1].is_empty() && self.coin() {
                pages.push(vec![]);
            }
            pages.last_mut().unwrap().push(question);
        }
        survey(pages)
    }

    fn some(&mut self, choices: &[Choice], count: usize) -> Vec<ChoiceId> {
        let from = self.below(choices.len());
        let turned = choices.iter().cycle().skip(from).take(count);
        turned.map(|choice| choice.id.clone()).collect()
    }

    /// An answer that the question takes.
    fn fits(&mut self, asks: &Asks) -> Answer {
        match asks {
            Asks::ShortText => text(["Oui", "👩🏽‍🌾", "ᐊᓂᔑᓈᐯᒧᐎᓐ"][self.below(3)]),
            Asks::LongText => text(["Oui.\nNon.", "\tÇa dépend"][self.below(2)]),
            Asks::OneChoice(one) if one.other && self.coin() => Answer::Other("Autre chose".parse().unwrap()),
            Asks::OneChoice(one) => Answer::Choice(self.some(&one.choices, 1)[0].clone()),
            Asks::Several(several) => {
                let min = several.min.map_or(1, usize::from);
                let max = several.max.map_or(several.choices.len(), usize::from);
                let count = min + self.below(max - min + 1);
                Answer::Choices(self.some(&several.choices, count))
            }
            Asks::Scale(scale) => {
                let points = i16::from(scale.to) - i16::from(scale.from) + 1;
                Answer::Scale(scale.from + self.below(points as usize) as i8)
            }
            Asks::Ranking(ranking) => {
                let max = ranking.top.map_or(ranking.choices.len(), usize::from);
                let count = 1 + self.below(max);
                Answer::Ranking(self.some(&ranking.choices, count))
            }
            Asks::Matrix(matrix) => {
                let mut rows = Rows::default();
                for row in &matrix.rows {
                    rows.put(row.id.clone(), self.some(&matrix.columns, 1)[0].clone());
                }
                Answer::Matrix(rows)
            }
            Asks::Number(range) => Answer::Number(range.min.or(range.max).unwrap_or(Decimal::whole(4))),
            Asks::Date(range) => {
                Answer::Date(range.latest.or(range.earliest).unwrap_or("2024-02-29".parse().unwrap()))
            }
            Asks::Photos(most) => {
                Answer::Photos((0..=self.below(most.max.into())).map(|at| photo(at as u8)).collect())
            }
        }
    }

    /// One that it does not take.
    pub(super) fn unfit(&mut self, asks: &Asks) -> Answer {
        if self.below(4) == 0 {
            return if matches!(asks, Asks::Scale(_)) { text("trois") } else { Answer::Scale(3) };
        }
        let nowhere = || word("nowhere");
        match asks {
            Asks::ShortText => text(["a\nb", &"a".repeat(201)][self.below(2)]),
            Asks::LongText => text(&"a".repeat(2_001)),
            Asks::OneChoice(_) => Answer::Choice(nowhere()),
            Asks::Several(several) => Answer::Choices(match self.below(2) {
                0 => vec![nowhere()],
                _ => self.some(&several.choices, several.choices.len() + 1),
            }),
            Asks::Scale(scale) => Answer::Scale([scale.from - 1, scale.to + 1][self.below(2)]),
            Asks::Ranking(ranking) => Answer::Ranking(self.some(&ranking.choices, ranking.choices.len() + 1)),
            Asks::Matrix(matrix) => rows(&[(matrix.rows[0].id.as_str(), "nowhere")]),
            Asks::Number(range) => Answer::Number(match (range.min, range.max) {
                (Some(min), _) => Decimal::from_thousandths(min.thousandths() - 1_000).unwrap(),
                (_, Some(max)) => Decimal::from_thousandths(max.thousandths() + 1_000).unwrap(),
                _ if range.decimals < 3 => "0.001".parse().unwrap(),
                _ => return Answer::Ranking(vec![nowhere()]),
            }),
            Asks::Date(range) => match (range.earliest, range.latest) {
                (Some(_), _) => Answer::Date("1989-12-31".parse().unwrap()),
                (_, Some(_)) => Answer::Date("2100-01-01".parse().unwrap()),
                _ => Answer::Scale(3),
            },
            Asks::Photos(most) => Answer::Photos((0..=most.max).map(photo).collect()),
        }
    }

    /// Valid answers.
    pub(super) fn answers(&mut self, survey: &Survey) -> Answers {
        let mut answers = Answers::default();
        for question in survey.questions() {
            if relevant(survey, &answers).contains(&question) && (question.required || self.coin()) {
                answers.put(question.id.clone(), self.fits(&question.asks));
            }
        }
        answers
    }

    /// Anything at all, for any question.
    pub(super) fn draft(&mut self, survey: &Survey) -> Answers {
        let mut answers = Answers::default();
        for question in survey.questions() {
            match self.below(4) {
                0 => {}
                1 => answers.put(question.id.clone(), self.unfit(&question.asks)),
                _ => answers.put(question.id.clone(), self.fits(&question.asks)),
            }
        }
        answers.put(id("gone"), Answer::Choices(vec![]));
        answers
    }
}

impl std::fmt::Debug for Dice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
