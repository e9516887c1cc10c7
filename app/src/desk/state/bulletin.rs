//! What stands in the bulletin of a month: what is open, what was answered, which dates come.

use domain::ids::RecordId;
use domain::phases::Phase;
use domain::records::{AnswerGiven, Conclusion, Consultation, Contribution, DeskItem};
use domain::text::{Localized, Text, graphemes};
use domain::time::{DAY, Millis};

/// How far back answers are told, and how far ahead dates.
const MONTH: i64 = 31 * DAY;

/// What comes on a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// A phase begins.
    Begins(Phase),
    /// Contributions close.
    Closes,
    /// The answer is promised.
    Promised,
}

/// A date to come.
#[derive(Clone, PartialEq, Debug)]
pub struct Coming<'a> {
    /// When.
    pub at: Millis,
    /// What.
    pub what: What,
    /// Of which consultation.
    pub of: &'a Consultation,
}

/// What was answered.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Answered<'a> {
    /// A whole consultation.
    Consultation(&'a Consultation, &'a Conclusion),
    /// A proposal.
    Proposal(&'a Contribution, &'a AnswerGiven),
}

impl<'a> Answered<'a> {
    /// When.
    pub fn at(&self) -> Millis {
        match self {
            Self::Consultation(_, answer) => answer.at,
            Self::Proposal(_, answer) => answer.at,
        }
    }

    /// With which words.
    pub fn text(&self) -> &'a Localized<Text> {
        match self {
            Self::Consultation(_, answer) => &answer.text,
            Self::Proposal(_, answer) => &answer.text,
        }
    }
}

/// The bulletin.
#[derive(Clone, PartialEq, Debug)]
pub struct Bulletin<'a> {
    /// Open now, the first to close first.
    pub open: Vec<&'a Consultation>,
    /// Answered during the last month: consultations, then proposals, the latest first.
    pub answered: Vec<Answered<'a>>,
    /// The dates of the month that comes, the next first.
    pub dates: Vec<Coming<'a>>,
    /// Promised, and not answered on that date.
    pub late: Vec<&'a Consultation>,
}

/// The bulletin of a day, from the consultations and from what everybody reads of the proposals.
pub fn bulletin<'a>(
    all: &'a [Consultation],
    public: impl Iterator<Item = &'a Contribution>,
    now: Millis,
) -> Bulletin<'a> {
    let mut open: Vec<&Consultation> = all.iter().filter(|it| it.is_open(now)).collect();
    open.sort_by_key(|it| it.closes_at());
    let recent = |it: &Answered<'_>| is_recent(it.at(), now);
    let latest = |mut some: Vec<Answered<'a>>| {
        some.retain(recent);
        some.sort_by_key(|it| std::cmp::Reverse(it.at()));
        some
    };
    let concluded = all.iter().filter_map(|it| Some(Answered::Consultation(it, it.conclusion.as_ref()?)));
    let mut answered = latest(concluded.collect());
    answered.extend(latest(public.filter_map(answered_proposal).collect()));
    let mut dates: Vec<Coming<'_>> = all.iter().flat_map(coming).collect();
    dates.retain(|date| date.at > now && date.at.since(now) <= MONTH);
    dates.sort_by_key(|date| date.at);
    Bulletin { open, answered, dates, late: all.iter().filter(|it| it.is_late(now)).collect() }
}

/// A proposal with its answer; one that another stands for is answered there.
fn answered_proposal(it: &Contribution) -> Option<Answered<'_>> {
    let stands = it.proposal().is_some() && it.merged_into.is_none();
    it.answer.as_ref().filter(|_| stands).map(|answer| Answered::Proposal(it, answer))
}

fn is_recent(at: Millis, now: Millis) -> bool {
    at <= now && now.since(at) <= MONTH
}

/// The consultations in which something was answered of late: what everybody reads of it is read there, for the desk
/// holds the words that were blotted out too.
pub fn answered_in<'a>(items: impl Iterator<Item = &'a DeskItem>, now: Millis) -> Vec<RecordId> {
    let mut all = Vec::new();
    for it in items.map(|item| &item.contribution) {
        let recent = it.answer.as_ref().is_some_and(|answer| is_recent(answer.at, now));
        if recent && !all.contains(&it.consultation) {
            all.push(it.consultation);
        }
    }
    all
}

/// So many lines a text takes on paper, and the bold words above it.
pub fn lines(bold: &str, text: &str) -> usize {
    let lines = |text: &str, most: usize| graphemes(text).div_ceil(most);
    (lines(bold, PER_BOLD_LINE) + lines(text, PER_LINE)).max(1)
}

/// How many characters the narrower paper, A4, has on a line at least.
const PER_LINE: usize = 76;
/// And how many that are bold.
const PER_BOLD_LINE: usize = 62;

// Heights, in thirds of a line.
/// Of a line.
const LINE: usize = 3;
/// Of the space after an item.
const GAP: usize = 1;
/// Of the head of a section, with the space before it.
const HEAD: usize = 5;
/// Of the line that says how many more there are.
const MORE: usize = LINE + GAP;
/// Of what the shorter paper, Letter, has between the title and the foot.
const PAGE: usize = 90;

/// How many items of each section stand on one page, where each takes so many lines. What does not fit is cut so that
/// the sections take turns: a long one pushes none of the others off.
pub fn fit(sections: &[Vec<usize>]) -> Vec<usize> {
    let height = |lines: &usize| lines * LINE + GAP;
    let whole = |items: &Vec<usize>| HEAD + items.iter().map(height).sum::<usize>();
    if sections.iter().filter(|items| !items.is_empty()).map(whole).sum::<usize>() <= PAGE {
        return sections.iter().map(Vec::len).collect();
    }
    let mut kept = vec![0; sections.len()];
    let mut full = vec![false; sections.len()];
    let mut left = PAGE;
    loop {
        let before = left;
        for (at, items) in sections.iter().enumerate() {
            let Some(item) = items.get(kept[at]).filter(|_| !full[at]) else { continue };
            let cost = height(item) + if kept[at] == 0 { HEAD + MORE } else { 0 };
            if cost > left {
                full[at] = true;
            } else {
                left -= cost;
                kept[at] += 1;
            }
        }
        if left == before {
            return kept;
        }
    }
}

fn coming(of: &Consultation) -> Vec<Coming<'_>> {
    let later = of.phases.iter().filter(|period| period.phase != Phase::Inform);
    let mut dates: Vec<_> =
        later.map(|period| Coming { at: period.from, what: What::Begins(period.phase), of }).collect();
    dates.push(Coming { at: of.closes_at(), what: What::Closes, of });
    let promised = of.answer_by.filter(|_| of.conclusion.is_none());
    dates.extend(promised.map(|at| Coming { at, what: What::Promised, of }));
    dates
}

#[cfg(test)]
mod tests {
    use domain::phases::{Period, Phases};

    use super::super::testing::{consultation, proposal, said};
    use super::*;

    const NOW: Millis = Millis(100 * DAY);

    #[test]
    fn it_tells_what_is_open_what_was_answered_and_what_comes() {
        let day = |days: i64| NOW.plus(days * DAY);
        let course = |from, until| {
            Phases::new(vec![
                Period { phase: Phase::Contribute, from: day(from), until: day(until) },
                Period { phase: Phase::Decide, from: day(until), until: day(until + 5) },
            ])
            .unwrap()
        };
        let mut all = [1, 2, 3, 4].map(consultation);
        all[0].phases = course(-5, 20);
        all[1].phases = course(-5, 3);
        all[1].answer_by = Some(day(40));
        all[2].phases = course(-60, -50);
        all[2].answer_by = Some(day(-1));
        all[3].phases = course(-60, -50);
        let ids = |list: &[&Consultation]| list.iter().map(|it| it.id.0[0]).collect::<Vec<_>>();
        let told = bulletin(&all, [].iter(), NOW);
        assert_eq!((ids(&told.open), told.answered.len(), ids(&told.late)), (vec![2, 1], 0, vec![3]));
        let dates: Vec<_> = told.dates.iter().map(|it| (it.at.since(NOW) / DAY, it.what)).collect();
        let decide = What::Begins(Phase::Decide);
        // The answer that is promised in forty days stands in the next bulletin.
        assert_eq!(dates, [(3, decide), (3, What::Closes), (20, decide), (20, What::Closes)]);
        all[3].conclusion = Some(super::super::testing::conclusion(day(-30)));
        all[2].conclusion = Some(super::super::testing::conclusion(day(-2)));
        let answered = |told: &Bulletin<'_>| {
            let ids = told.answered.iter().map(|it| match it {
                Answered::Consultation(it, _) => it.id.0[0],
                Answered::Proposal(it, _) => it.id.0[0],
            });
            ids.collect::<Vec<_>>()
        };
        let told = bulletin(&all, [].iter(), NOW);
        assert_eq!((answered(&told), ids(&told.late)), (vec![3, 4], vec![]));
        assert_eq!(answered(&bulletin(&all, [].iter(), day(20))), [3]);

        // Proposals after them: not what another stands for.
        let mut items = [11, 12, 13, 14].map(|number| proposal(number, "Un banc", 0));
        for (item, days) in items.iter_mut().zip([-3, -1, -1, -40]) {
            item.contribution.answer = Some(AnswerGiven { text: said("Oui."), at: day(days) });
        }
        items[2].contribution.merged_into = Some(items[0].contribution.id);
        let public = items.iter().map(|item| &item.contribution);
        assert_eq!(answered(&bulletin(&all, public, NOW)), [3, 4, 12, 11]);
        assert_eq!(answered_in(items.iter(), NOW), [items[0].contribution.consultation]);
        assert_eq!(answered_in(items[3..].iter(), NOW), []);
    }

    #[test]
    fn sections_share_the_page_in_turns_and_what_fits_is_not_cut() {
        assert_eq!(fit(&[vec![2, 2], vec![4], vec![], vec![1; 3]]), [2, 1, 0, 3]);
        let full = [vec![2; 40], vec![5; 40], vec![2; 2], vec![1; 60]];
        let kept = fit(&full);
        assert_eq!(kept, [2, 1, 2, 2]);
        let height = |(kept, items): (&usize, &Vec<usize>)| {
            HEAD + MORE + items[..*kept].iter().map(|lines| lines * LINE + GAP).sum::<usize>()
        };
        assert!(kept.iter().zip(&full).map(height).sum::<usize>() <= PAGE);
        // Alone, a section has the whole page, and one item more costs the line that says so.
        assert_eq!([fit(&[vec![1; 21]]), fit(&[vec![1; 22]])], [[21], [20]]);
        let long = |count| "é".repeat(count);
        assert_eq!(
            (lines("", ""), lines("", &long(76)), lines("", &long(77)), lines(&long(63), "é")),
            (1, 1, 2, 3)
        );
    }
}
