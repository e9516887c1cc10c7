//! Which proposals say the same: they share words that few others have.

use domain::ids::RecordId;
use domain::order;
use domain::records::{Contribution, DeskItem};
use domain::search::Normalize;

use super::list::{Inbox, stands};

/// So many are suggested.
pub const SUGGESTED: usize = 5;
/// Shorter words join sentences together and say little.
const SHORT: usize = 4;
/// So many words of a proposal are looked for.
const WORDS: usize = 16;

/// How two proposals can be merged: the first is shown under the second.
pub fn ways(one: &Contribution, other: &Contribution) -> Vec<(RecordId, RecordId)> {
    let same = one.consultation == other.consultation && one.id != other.id;
    let whole = |it: &Contribution| it.merged_into.is_none();
    if !same || !one.may_meet(other) || !whole(one) || !whole(other) {
        return Vec::new();
    }
    let pairs = [(one, other), (other, one)];
    pairs.iter().filter(|(part, _)| part.merged.is_empty()).map(|(part, into)| (part.id, into.id)).collect()
}

/// Whether it can be merged with another one.
pub fn may_meet(item: &DeskItem, other: &DeskItem) -> bool {
    stands(other) && !ways(&item.contribution, &other.contribution).is_empty()
}

fn words_of(it: &Contribution) -> Vec<String> {
    let text = it.text().map_or("", |text| text.as_str());
    let all = format!("{} {text}", it.title());
    let mut words = Vec::new();
    for word in all.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= SHORT) {
        let word = word.to_lowercase();
        // One or several of it.
        let word = word.strip_suffix(['s', 'x']).unwrap_or(&word).to_owned();
        if !words.contains(&word) {
            words.push(word);
        }
        if words.len() == WORDS {
            break;
        }
    }
    words
}

/// The most alike, at most [`SUGGESTED`].
pub fn suggest(inbox: &Inbox, item: &DeskItem, normalize: Normalize) -> Vec<RecordId> {
    // Those to the same words are about the same, whatever they say.
    if item.contribution.amendment().is_some() {
        let alike = inbox.items().filter(|other| may_meet(item, other));
        return alike.take(SUGGESTED).map(|other| other.contribution.id).collect();
    }
    let index = inbox.words(normalize);
    let words = words_of(&item.contribution);
    // One word of many that two have in common is chance.
    let needed = if words.len() > 3 { 2 } else { 1 };
    let mut shared = vec![(0_u64, 0_usize); inbox.len()];
    for word in words {
        let found = index.find(&word, normalize);
        // A word that half of them have says nothing.
        if found.len() > 4 && found.len() * 2 > inbox.len() {
            continue;
        }
        let weight = 1_000 / (found.len() as u64 + 1) + 1;
        for at in found {
            if let Some((score, count)) = shared.get_mut(at) {
                *score += weight;
                *count += 1;
            }
        }
    }
    let scored =
        inbox.items().zip(shared).filter(|(other, (_, count))| *count >= needed && may_meet(item, other));
    let mut scored: Vec<(RecordId, u64)> =
        scored.map(|(other, (score, _))| (other.contribution.id, score)).collect();
    order::by(&mut scored, |(_, score)| (u64::MAX - score, String::new()));
    scored.into_iter().take(SUGGESTED).map(|(id, _)| id).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{comment, held, id, proposal};
    use super::*;

    #[test]
    fn the_most_alike_come_first_and_those_of_other_consultations_never() {
        let mut elsewhere = proposal(5, "Déneiger le chemin du lac", 5);
        elsewhere.contribution.consultation = id(201);
        let one = proposal(1, "Déneiger le chemin du lac une fin de semaine sur deux", 1);
        let items = [
            one.clone(),
            proposal(2, "Chemin du lac: déneiger la fin de semaine", 2),
            proposal(3, "Un banc face au quai", 3),
            proposal(4, "Une semaine sans auto", 4),
            elsewhere,
            comment(6, 1, 6),
            proposal(7, "Des semaines de pêche au lac", 7),
            proposal(8, "Bancs", 8),
        ];
        let short = items[7].clone();
        let inbox = Inbox::read(&items.map(held));
        assert_eq!(suggest(&inbox, &one, str::to_owned), [id(2)]);
        assert_eq!(suggest(&inbox, &short, str::to_owned), [id(3)]);
    }

    #[test]
    fn of_two_merged_ones_neither_goes_under_the_other() {
        let [mut one, mut other] = [proposal(1, "a", 1), proposal(2, "b", 2)];
        assert_eq!(ways(&one.contribution, &other.contribution), [(id(1), id(2)), (id(2), id(1))]);
        one.contribution.merged.push(id(3));
        assert_eq!(ways(&one.contribution, &other.contribution), [(id(2), id(1))]);
        other.contribution.merged.push(id(4));
        assert!(ways(&one.contribution, &other.contribution).is_empty());
        other.contribution.merged_into = Some(id(5));
        assert!(!may_meet(&one, &other) && !may_meet(&one, &one));
    }
}
