//! What holds of every profile: anonymity, neutrality, and what the methods' authors prove.

use super::*;
use proptest::collection::vec;
use proptest::prelude::*;

const METHODS: [Method; 4] = [Method::Plurality, Method::Approval, Method::MajorityJudgment, Method::Schulze];
const GRADES: u8 = 4;

/// Any ballot, from one number for each choice.
fn ballot(method: Method, numbers: &[u8]) -> Ballot {
    let choices = || (0..).zip(numbers);
    match method {
        Method::Plurality => Ballot::Choice(numbers[0] % numbers.len() as u8),
        Method::Approval => Ballot::Approved(
            choices().filter(|(_, number)| **number % 2 == 0).map(|(choice, _)| choice).collect(),
        ),
        Method::MajorityJudgment => Ballot::Grades(numbers.iter().map(|number| number % GRADES).collect()),
        Method::Schulze => {
            // The highest number is not ranked, unless it is the only one.
            let top = numbers.iter().max().copied().filter(|top| numbers.iter().any(|number| number != top));
            let ranks = (0..=u8::MAX).filter(|number| Some(*number) != top).map(|number| {
                choices()
                    .filter(|(_, other)| **other == number)
                    .map(|(choice, _)| choice)
                    .collect::<Vec<u8>>()
            });
            Ballot::Ranking(ranks.filter(|rank| !rank.is_empty()).collect())
        }
    }
}

/// Numbers of so many choices from so many people; small ones, so that ties are many.
fn profiles() -> impl Strategy<Value = Vec<Vec<u8>>> {
    (2..7_usize, 1..6_u8).prop_flat_map(|(choices, most)| vec(vec(0..=most, choices), 0..24))
}

fn count(method: Method, profile: &[Vec<u8>]) -> Tally {
    let choices = profile.first().map_or(3, Vec::len) as u8;
    let ballots: Vec<Ballot> = profile.iter().map(|numbers| ballot(method, numbers)).collect();
    tally(method, choices, GRADES, &ballots).unwrap()
}

fn rename(ballot: &Ballot, names: &[u8]) -> Ballot {
    let all = |choices: &Vec<u8>| choices.iter().map(|choice| names[usize::from(*choice)]).collect();
    match ballot {
        Ballot::Choice(choice) => Ballot::Choice(names[usize::from(*choice)]),
        Ballot::Approved(approved) => Ballot::Approved(all(approved)),
        Ballot::Ranking(ranks) => Ballot::Ranking(ranks.iter().map(all).collect()),
        Ballot::Grades(grades) => {
            let mut renamed = grades.clone();
            for (grade, name) in grades.iter().zip(names) {
                renamed[usize::from(*name)] = *grade;
            }
            Ballot::Grades(renamed)
        }
    }
}

fn pairwise(tally: &Tally) -> &[Vec<u32>] {
    let Totals::Pairwise(pairwise) = &tally.totals else { panic!() };
    pairwise
}

/// The smallest set whose members each win against everybody outside of it: the top of the
/// choices by how many they do not lose to, until nobody in it loses or ties to the outside.
fn smith_set(pairwise: &[Vec<u32>]) -> Vec<u8> {
    let side = pairwise.len();
    let subsets = (1_u32..1 << side).filter(|set| {
        let inside = |choice: usize| set >> choice & 1 == 1;
        (0..side).all(|a| (0..side).all(|b| !inside(a) || inside(b) || pairwise[a][b] > pairwise[b][a]))
    });
    let smallest = subsets.min_by_key(|set| set.count_ones()).unwrap();
    (0..side as u8).filter(|choice| smallest >> choice & 1 == 1).collect()
}

proptest! {
    #[test]
    fn every_choice_stands_once_and_the_winners_first(profile in profiles()) {
        for method in METHODS {
            let tally = count(method, &profile);
            prop_assert_eq!(tally.ballots as usize, profile.len());
            prop_assert_eq!(Some(&tally.winners), tally.order.first());
            let mut all: Vec<u8> = tally.order.iter().flatten().copied().collect();
            all.sort_unstable();
            prop_assert_eq!(all, (0..profile.first().map_or(3, Vec::len) as u8).collect::<Vec<u8>>());
        }
    }

    #[test]
    fn the_order_of_the_ballots_does_not_matter(profile in profiles(), seed: u64) {
        let places = (0..profile.len() as u8).collect::<Vec<u8>>();
        let shuffled = order_for(&seed.to_be_bytes(), places.len() as u8);
        let shuffled: Vec<Vec<u8>> = shuffled.iter().map(|at| profile[usize::from(*at)].clone()).collect();
        for method in METHODS {
            if !profile.is_empty() {
                prop_assert_eq!(count(method, &profile), count(method, &shuffled));
            }
        }
    }

    #[test]
    fn renaming_the_choices_renames_the_result(profile in profiles(), seed: u64) {
        let choices = profile.first().map_or(3, Vec::len) as u8;
        let names = order_for(&seed.to_be_bytes(), choices);
        for method in METHODS {
            let ballots: Vec<Ballot> = profile.iter().map(|numbers| ballot(method, numbers)).collect();
            let renamed: Vec<Ballot> = ballots.iter().map(|ballot| rename(ballot, &names)).collect();
            let mut order = tally(method, choices, GRADES, &ballots).unwrap().order;
            for group in &mut order {
                group.iter_mut().for_each(|choice| *choice = names[usize::from(*choice)]);
                group.sort_unstable();
            }
            prop_assert_eq!(order, tally(method, choices, GRADES, &renamed).unwrap().order);
        }
    }

    #[test]
    fn a_result_is_read_back_as_it_was_written(profile in profiles()) {
        for method in METHODS {
            let tally = count(method, &profile);
            let text = serde_json::to_string(&tally).unwrap();
            prop_assert_eq!(serde_json::from_str::<Tally>(&text).unwrap(), tally);
        }
    }

    #[test]
    fn a_condorcet_winner_wins_alone_and_winners_are_in_the_smith_set(profile in profiles()) {
        let tally = count(Method::Schulze, &profile);
        let smith = smith_set(pairwise(&tally));
        prop_assert!(tally.winners.iter().all(|winner| smith.contains(winner)), "{:?} {:?}", tally, smith);
        if let [condorcet] = smith[..] {
            prop_assert_eq!(tally.winners, vec![condorcet]);
        }
    }

    /// Pareto (§4.3): whom all put before another does not come after it, nor beside it.
    #[test]
    fn whom_all_prefer_comes_first(profile in profiles()) {
        let tally = count(Method::Schulze, &profile);
        let place = |choice| tally.order.iter().position(|group| group.contains(&(choice as u8)));
        for (one, row) in pairwise(&tally).iter().enumerate() {
            for (other, before) in row.iter().enumerate() {
                prop_assert!(*before < tally.ballots || tally.ballots == 0 || place(one) < place(other));
            }
        }
    }

    /// The definition of the majority-value, literally: sort, take out the lower middle, repeat.
    #[test]
    fn majority_values_are_what_the_definition_says(profile in profiles()) {
        let tally = count(Method::MajorityJudgment, &profile);
        let value = |choice: u8| {
            let mut grades: Vec<u8> = profile.iter().map(|numbers| numbers[usize::from(choice)] % GRADES).collect();
            grades.sort_unstable();
            let mut value = Vec::new();
            while !grades.is_empty() {
                value.push(grades.remove((grades.len() - 1) / 2));
            }
            value
        };
        let groups: Vec<Vec<Vec<u8>>> =
            tally.order.iter().map(|group| group.iter().map(|choice| value(*choice)).collect()).collect();
        prop_assert!(groups.iter().all(|group| group.iter().all(|value| *value == group[0])));
        prop_assert!(groups.windows(2).all(|pair| pair[0][0] > pair[1][0]));
    }

    #[test]
    fn one_voice_of_all_is_the_result_and_warned_of(numbers in vec(0..4_u8, 2..7), people in 1..20_usize) {
        for method in METHODS {
            let tally = count(method, &vec![numbers.clone(); people]);
            prop_assert!(is_unanimous(&tally));
            if let Ballot::Ranking(ranks) = ballot(method, &numbers) {
                prop_assert!(tally.order.starts_with(&ranks) && tally.order.len() <= ranks.len() + 1);
            }
        }
    }

    /// Whatever comes over the wire is counted or named, and nothing panics.
    #[test]
    fn a_ballot_that_cannot_be_counted_is_named(
        ranks in vec(vec(0..8_u8, 0..4), 0..4),
        choices: u8,
        grades: u8,
        at in 0..5_usize,
    ) {
        let flat = ranks.concat();
        let choice = flat.first().copied().unwrap_or(9);
        for strange in
            [Ballot::Choice(choice), Ballot::Approved(flat.clone()), Ballot::Grades(flat), Ballot::Ranking(ranks)]
        {
            for method in METHODS {
                let _ = check(method, choices, grades, &strange);
                let mut ballots = vec![ballot(method, &[0, 1, 2, 3]); 5];
                ballots[at] = strange.clone();
                let expected = check(method, 4, GRADES, &strange).map_err(|problem| Uncounted::Ballot(at, problem));
                prop_assert_eq!(tally(method, 4, GRADES, &ballots).map(|_| ()), expected);
            }
        }
    }
}

#[test]
fn a_poll_out_of_its_limits_is_not_counted() {
    for (method, choices, grades, problem) in [
        (Method::Plurality, 1, 0, Some(PollProblem::TooFewChoices)),
        (Method::Schulze, 21, 0, Some(PollProblem::TooManyChoices)),
        (Method::MajorityJudgment, 2, 2, Some(PollProblem::TooFewGrades)),
        (Method::MajorityJudgment, 2, 8, Some(PollProblem::TooManyGrades)),
        (Method::MajorityJudgment, 20, 7, None),
        (Method::Approval, 2, 0, None),
    ] {
        let counted = tally(method, choices, grades, &[]);
        assert_eq!(counted.err(), problem.map(Uncounted::Poll));
    }
}
