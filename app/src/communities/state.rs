//! The list of communities: what is offered, in which order, and who moved where.

use domain::ids::CommunityId;
use domain::order;
use domain::records::{CommunityKind, Place, Record};
use domain::search::{Index, Normalize};

/// The communities among a territory's records.
pub fn places<'a>(records: impl IntoIterator<Item = &'a Record>) -> Vec<Place> {
    let places = records.into_iter().filter_map(|record| match record {
        Record::Place(place) => Some(place.clone()),
        _ => None,
    });
    let mut places: Vec<_> = places.collect();
    order::by(&mut places, |place| (rank(place.sort), place.slug.clone()));
    places
}

/// Municipalities first, then First Nations, then the unorganized territory.
fn rank(kind: CommunityKind) -> u64 {
    match kind {
        CommunityKind::Municipality => 0,
        CommunityKind::FirstNation => 1,
        CommunityKind::UnorganizedTerritory => 2,
        CommunityKind::RegionalCounty => 3,
    }
}

/// Those that a query finds; all of them for an empty one. Merged ones are found only by
/// name, so that somebody who types an old name is shown the new one.
pub fn find(places: &[Place], query: &str, normalize: Normalize) -> Vec<Place> {
    if query.trim().is_empty() {
        return places.iter().filter(|place| place.moved_to.is_none()).cloned().collect();
    }
    let index = Index::build(places.iter().map(|place| place.name.as_str()), normalize);
    let found = index.find(query, normalize);
    found.into_iter().filter_map(|at| places.get(at).cloned()).collect()
}

/// The community under a slug, followed to where it lives now.
pub fn by_slug(places: &[Place], slug: &str) -> Option<Place> {
    let place = places.iter().find(|place| place.slug == slug)?;
    Some(settle(places, place.clone()))
}

/// The community of that id, followed to where it lives now.
pub fn by_id(places: &[Place], id: &CommunityId) -> Option<Place> {
    let place = places.iter().find(|place| place.id == *id)?;
    Some(settle(places, place.clone()))
}

fn settle(places: &[Place], mut place: Place) -> Place {
    // A merger of mergers ends somewhere; a circle in the data must not end the app.
    for _ in 0..4 {
        let Some(next) = place.moved_to.as_ref().and_then(|id| places.iter().find(|next| next.id == *id))
        else {
            break;
        };
        place = next.clone();
    }
    place
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(slug: &str, sort: CommunityKind, moved_to: Option<&str>) -> Record {
        Record::Place(Place {
            id: slug.parse().unwrap(),
            slug: slug.to_owned(),
            name: slug.parse().unwrap(),
            sort,
            designation: None,
            languages: vec!["fr".parse().unwrap()],
            moved_to: moved_to.map(|id| id.parse().unwrap()),
        })
    }

    fn all() -> Vec<Place> {
        places(&[
            place("wolf-lake", CommunityKind::FirstNation, None),
            place("moffet", CommunityKind::Municipality, None),
            place("angliers", CommunityKind::Municipality, Some("laverlochere")),
            place("laverlochere", CommunityKind::Municipality, None),
        ])
    }

    #[test]
    fn municipalities_come_first_and_merged_ones_are_not_offered() {
        let offered = find(&all(), " ", str::to_owned);
        let slugs: Vec<_> = offered.iter().map(|place| place.slug.as_str()).collect();
        assert_eq!(slugs, ["laverlochere", "moffet", "wolf-lake"]);
    }

    #[test]
    fn an_old_name_leads_to_where_it_lives_now() {
        assert_eq!(find(&all(), "angl", str::to_owned).len(), 1);
        assert_eq!(by_slug(&all(), "angliers").unwrap().slug, "laverlochere");
        assert!(by_slug(&all(), "nowhere").is_none());
    }
}
