//! Finding communities and consultations by what people type: an id, or the readable part
//! of an address.

use domain::ids::{CommunityId, RecordId};
use domain::ports::{From, Journal};
use domain::records::{Community, Consultation, Place, Record};
use domain::scopes::{PAGE_MAX, Page, Scope};

use crate::failure::Failure;

/// Every live record of a scope.
pub async fn records(journal: &dyn Journal, scope: &Scope) -> Result<Vec<Record>, Failure> {
    let (mut cursor, mut records) = (0, Vec::new());
    loop {
        let page = journal.pull(scope, None, From::After(cursor), PAGE_MAX).await?;
        let page: Page<Record> = serde_json::from_slice(&page.json).map_err(|error| {
            let next = "Run `rabaska check`; it names what is damaged.";
            Failure::new(format!("A record could not be read: {error}."), "Nothing was changed.", next)
        })?;
        cursor = page.cursor;
        records.extend(page.rows.into_iter().filter_map(|row| row.record));
        if !page.more {
            return Ok(records);
        }
    }
}

/// The communities of the territory.
pub async fn communities(journal: &dyn Journal) -> Result<Vec<Place>, Failure> {
    let records = records(journal, &Scope::Territory).await?;
    Ok(records
        .into_iter()
        .filter_map(|record| if let Record::Place(place) = record { Some(place) } else { None })
        .collect())
}

/// A community by id or by the readable part of its address.
pub async fn community(journal: &dyn Journal, wanted: &str) -> Result<CommunityId, Failure> {
    let places = communities(journal).await?;
    find(&places, wanted).cloned().ok_or_else(|| {
        let known: Vec<_> = places.iter().map(|place| place.slug.as_str()).collect();
        let next = match known.is_empty() {
            true => "Load the territory first: `rabaska import territory FILE`.".to_owned(),
            false => format!("Known communities: {}.", known.join(", ")),
        };
        Failure::new(format!("There is no community “{wanted}”."), "Nothing was changed.", next)
    })
}

/// The community meant, among these.
pub fn find<'a>(places: &'a [Place], wanted: &str) -> Option<&'a CommunityId> {
    places.iter().find(|place| place.id.as_str() == wanted || place.slug == wanted).map(|place| &place.id)
}

/// A community with its lists, and its consultations.
pub async fn lists(
    journal: &dyn Journal,
    community: &CommunityId,
) -> Result<(Option<Community>, Vec<Consultation>), Failure> {
    let (mut own, mut consultations) = (None, Vec::new());
    for record in records(journal, &Scope::Community(community.clone())).await? {
        match record {
            Record::Community(found) => own = Some(found),
            Record::Consultation(found) => consultations.push(found),
            _ => {}
        }
    }
    Ok((own, consultations))
}

/// A consultation by id, or by its title as it stands in an address.
pub fn consultation(consultations: &[Consultation], wanted: &str) -> Result<RecordId, Failure> {
    let named = |consultation: &&Consultation| {
        consultation.id.to_string() == wanted
            || consultation.title.iter().any(|(_, title)| slug(title.as_str()) == wanted)
    };
    let mut found = consultations.iter().filter(named);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one.id),
        (Some(_), Some(_)) => Err(Failure::new(
            format!("More than one consultation is called “{wanted}”."),
            "Nothing was changed.",
            known(consultations),
        )),
        (None, _) => Err(Failure::new(
            format!("There is no consultation “{wanted}” in this community."),
            "Nothing was changed.",
            known(consultations),
        )),
    }
}

fn known(consultations: &[Consultation]) -> String {
    if consultations.is_empty() {
        return "It has none yet: the municipal office opens one at the desk.".to_owned();
    }
    let lines = consultations.iter().map(|consultation| {
        let title = consultation.title.best(&[]).map(|(_, title)| title.as_str()).unwrap_or_default();
        format!("\n  {}  {title}", consultation.id)
    });
    format!("Its consultations:{}", lines.collect::<String>())
}

/// A title in small letters and dashes, accents left out where that is known.
pub fn slug(title: &str) -> String {
    let mut slug = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        let plain = match letter {
            'à' | 'â' | 'ä' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'î' | 'ï' => 'i',
            'ô' | 'ö' => 'o',
            'ù' | 'û' | 'ü' => 'u',
            'ç' => 'c',
            other => other,
        };
        if plain.is_alphanumeric() {
            slug.push(plain);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_becomes_a_part_of_an_address() {
        assert_eq!(slug("Une patinoire ou deux cet hiver?"), "une-patinoire-ou-deux-cet-hiver");
        assert_eq!(slug("L’été : à Béarn!"), "l-ete-a-bearn");
    }
}
