//! Every small town there can be, for one table: see `disclosed`.

use std::collections::BTreeMap;

use super::disclosed::{Alike, towns};
use super::*;
use crate::surveys::results::hide;

/// Holds the guarantee for one table that holds everybody once.
fn table_keeps(people: u32, cells: usize, room: usize, few: u32) {
    let mut published: BTreeMap<Vec<Count>, Alike> = BTreeMap::new();
    for counts in towns(people, cells) {
        published.entry(hide(&counts, room, few)).or_default().add(&counts);
    }
    for (told, alike) in &published {
        for (count, values) in told.iter().zip(&alike.values) {
            let says = format!("{people} people, {cells} cells of {room}, few to {few}: {told:?}");
            match count {
                Count::Few => assert!(values.contains(&0), "{says}"),
                Count::Most => {
                    // Only where all few would not fit, the greatest may be few itself.
                    let crowded = people > few * (room as u32 - 1);
                    let enough = |value: &u32| *value > few;
                    assert!(
                        if crowded { values.iter().any(enough) } else { values.iter().all(enough) },
                        "{says}"
                    );
                }
                Count::Exactly(exact) => assert!(*exact > few && values == &[*exact], "{says}"),
            }
        }
    }
}

/// The same for dates: only months that somebody named are counted, only those told named.
fn dates_keep(people: u32, months: usize, few: u32) {
    let mut published: BTreeMap<Vec<(usize, Count)>, Alike> = BTreeMap::new();
    for town in towns(people, months) {
        let named: Vec<usize> = (0..months).filter(|month| town[*month] > 0).collect();
        let counts: Vec<u32> = named.iter().map(|month| town[*month]).collect();
        let told = named.into_iter().zip(hide(&counts, months, few));
        let told = told.filter(|(_, count)| *count != Count::Few).collect();
        published.entry(told).or_default().add(&town);
    }
    for (told, alike) in &published {
        for (month, values) in alike.values.iter().enumerate() {
            let count = told.iter().find(|(named, _)| *named == month).map(|(_, count)| *count);
            let says = format!("{people} people, {months} months, few to {few}: {told:?}");
            match count {
                Some(Count::Exactly(exact)) => assert!(exact > few && values == &[exact], "{says}"),
                Some(_) => assert!(values.iter().any(|value| *value > few), "{says}"),
                None => assert!(values.contains(&0), "{says}"),
            }
        }
    }
}

#[test]
fn in_every_town_of_40_to_48_the_few_may_be_none() {
    for people in [40, 41, 43, 45, 48] {
        for cells in 2..=4 {
            table_keeps(people, cells, cells, few(people));
        }
    }
}

#[test]
fn in_every_tiny_town_the_few_may_be_none_in_tables_with_many_cells() {
    for few in 1..=2 {
        for people in 3..=12 {
            for cells in 2..=6 {
                table_keeps(people, cells, cells, few);
            }
            for months in 2..=5 {
                dates_keep(people, months, few);
            }
        }
    }
}
