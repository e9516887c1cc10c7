//! Sorting. The standard library compiles its sort anew for every type and comparison, 4 KB
//! each in a phone's download: here everything is ordered by one kind of key.

/// What something is ordered by: a number, then a text.
pub type Rank = (u64, String);

/// Puts things in the order of their ranks; equal ones keep their order.
pub fn by<T>(things: &mut Vec<T>, rank: impl Fn(&T) -> Rank) {
    let places = places(things.iter().map(rank).collect());
    let mut slots: Vec<Option<T>> = std::mem::take(things).into_iter().map(Some).collect();
    things.extend(places.into_iter().filter_map(|place| slots.get_mut(place).and_then(Option::take)));
}

/// The rank of a time.
pub fn earliest(at: crate::time::Millis) -> u64 {
    at.0.cast_unsigned() ^ (1 << 63)
}

/// The rank of a time when later comes first.
pub fn latest(at: crate::time::Millis) -> u64 {
    !earliest(at)
}

/// The one sort: by rank, then by place.
pub fn sort(ranked: &mut [(Rank, usize)]) {
    ranked.sort_unstable();
}

fn places(ranks: Vec<Rank>) -> Vec<usize> {
    let mut ordered: Vec<(Rank, usize)> = ranks.into_iter().zip(0..).collect();
    sort(&mut ordered);
    ordered.into_iter().map(|(_, place)| place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Millis;

    #[test]
    fn numbers_come_before_texts_and_equals_keep_their_order() {
        let mut things = vec![(2, "a", 'x'), (1, "b", 'x'), (1, "a", 'y'), (1, "a", 'z')];
        by(&mut things, |(number, text, _)| (*number, (*text).to_owned()));
        assert_eq!(things, [(1, "a", 'y'), (1, "a", 'z'), (1, "b", 'x'), (2, "a", 'x')]);
    }

    #[test]
    fn times_are_ordered_before_and_after_1970() {
        let mut times = vec![Millis(5), Millis(-5), Millis(0)];
        by(&mut times, |at| (earliest(*at), String::new()));
        assert_eq!(times, [Millis(-5), Millis(0), Millis(5)]);
        by(&mut times, |at| (latest(*at), String::new()));
        assert_eq!(times, [Millis(5), Millis(0), Millis(-5)]);
    }
}
