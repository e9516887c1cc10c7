//! Sorting, and maps in order. The standard library compiles its sort anew for every
//! type and comparison, 4 KB each in a phone's download: here everything is ordered by one
//! kind of key.

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

/// A map in the order of its keys, in one piece. The standard library's tree is compiled
/// anew for every pair of types, 3 KB each in a phone's download. Putting one value between
/// others moves those behind it: many are put at their end, in order, or by [`Sorted::apply`].
#[derive(Clone, PartialEq, Debug)]
pub struct Sorted<K, V>(Vec<(K, V)>);

impl<K, V> Default for Sorted<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Ord, V> Sorted<K, V> {
    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| known.cmp(key))
    }

    /// What stands under a key.
    pub fn get(&self, key: &K) -> Option<&V> {
        self.place(key).ok().and_then(|at| self.0.get(at)).map(|(_, value)| value)
    }

    /// The same, to change it.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = self.place(key).ok()?;
        self.0.get_mut(at).map(|(_, value)| value)
    }

    /// Whether something does.
    pub fn contains_key(&self, key: &K) -> bool {
        self.place(key).is_ok()
    }

    /// Puts a value under a key, in place of the one before.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// What stands under a key; put there first when nothing does.
    pub fn get_or_insert(&mut self, key: K, value: V) -> &mut V {
        let at = match self.place(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, value));
                at
            }
        };
        &mut self.0[at].1
    }

    /// Takes what stands under a key.
    pub fn remove(&mut self, key: &K) -> Option<V> {
        self.place(key).ok().map(|at| self.0.remove(at).1)
    }

    /// Puts many values under their keys and takes those that are none, in one pass.
    pub fn apply(&mut self, changes: Sorted<K, Option<V>>) {
        let mut before = std::mem::take(&mut self.0).into_iter().peekable();
        for (key, value) in changes.0 {
            while let Some(kept) = before.next_if(|(known, _)| *known < key) {
                self.0.push(kept);
            }
            before.next_if(|(known, _)| *known == key);
            self.0.extend(value.map(|value| (key, value)));
        }
        self.0.extend(before);
    }

    /// Whether it is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps what is admitted.
    pub fn retain(&mut self, mut admit: impl FnMut(&K, &mut V) -> bool) {
        self.0.retain_mut(|(key, value)| admit(key, value));
    }

    /// In the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// The keys, in order.
    pub fn keys(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(key, _)| key)
    }

    /// The values, in the order of their keys.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        self.0.iter().map(|(_, value)| value)
    }

    /// The same, to change them.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut V> {
        self.0.iter_mut().map(|(_, value)| value)
    }

    /// Empties it.
    pub fn clear(&mut self) {
        self.0.clear();
    }
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

    #[test]
    fn a_map_keeps_one_value_a_key_in_order() {
        let mut map = Sorted::default();
        for (key, value) in [(3, 'c'), (1, 'x'), (2, 'b'), (1, 'a')] {
            map.insert(key, value);
        }
        assert_eq!(map.iter().collect::<Vec<_>>(), [(&1, &'a'), (&2, &'b'), (&3, &'c')]);
        assert_eq!((map.remove(&2), map.remove(&2), map.get(&3)), (Some('b'), None, Some(&'c')));
    }

    #[test]
    fn changes_are_applied_in_one_pass() {
        let mut map = Sorted(vec![(1, 'a'), (3, 'c'), (4, 'd'), (6, 'f')]);
        map.apply(Sorted(vec![(0, Some('z')), (2, None), (3, Some('C')), (4, None), (7, Some('g'))]));
        assert_eq!(map, Sorted(vec![(0, 'z'), (1, 'a'), (3, 'C'), (6, 'f'), (7, 'g')]));
        map.apply(Sorted::default());
        assert!(map.get(&6) == Some(&'f') && !map.is_empty());
    }
}
