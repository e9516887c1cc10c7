//! Loading files: what a second run adds, what is listed, and what is never half loaded.

use domain::ids::RecordId;
use domain::ports::Journal;
use domain::records::Record;
use domain::scopes::Scope;
use rabaska::import::statements::{self, Summary, Target};
use rabaska::import::{people, territory};
use rabaska::places;
use rabaska::system::SystemClock;

use crate::site::{Site, TERRITORY};

const POLIS: &str = include_str!("../../demo/polis/american-assembly.bowling-green/comments.csv");
const HEAD: &str = "timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body\n";
const KEY: [u8; 32] = [7; 32];

async fn load(site: &Site, consultation: RecordId, file: &str) -> Result<Summary, String> {
    let target =
        Target { community: "laforce".parse().unwrap(), consultation, source: "test".parse().unwrap() };
    let loaded = statements::load(&site.store, &SystemClock, &KEY, &target, file.as_bytes()).await;
    loaded.map_err(|failure| failure.to_string())
}

#[tokio::test]
async fn a_real_conversation_is_loaded_once_with_its_rejected_statements_hidden() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let first = load(&site, consultation, POLIS).await.unwrap();
    assert_eq!((first.read, first.added, first.hidden, first.known), (896, 896, 289, 0));
    assert_eq!((first.changed.len(), first.refused.len()), (0, 0));
    let scope = Scope::Consultation("laforce".parse().unwrap(), consultation);
    let records = places::records(&site.store, &scope).await.unwrap();
    let shown = records.iter().filter(|record| matches!(record, Record::Contribution(_))).count();
    let traces = records.iter().filter(|record| matches!(record, Record::Hiding(_))).count();
    assert_eq!((shown, traces), (607, 289));
    let head = site.store.head(&scope).await.unwrap();
    let second = load(&site, consultation, POLIS).await.unwrap();
    assert_eq!((second.added, second.known, second.hidden), (0, 896, 0));
    assert_eq!(site.store.head(&scope).await.unwrap(), head);
}

#[tokio::test]
async fn a_changed_row_is_listed_and_left_and_new_ones_are_added() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    load(&site, consultation, &format!("{HEAD}5,x,1,2,0,0,1,a bench\n6,x,2,2,0,0,1,a light\n"))
        .await
        .unwrap();
    let file = format!("{HEAD}5,x,1,2,0,0,1,a bench\n6,x,2,2,0,0,1,a red light\n7,x,3,2,0,0,1,a quay\n");
    let summary = load(&site, consultation, &file).await.unwrap();
    assert_eq!((summary.added, summary.known, &summary.changed[..]), (1, 1, &[3][..]));
    assert!(summary.to_string().contains("line 3"), "{summary}");
}

#[tokio::test]
async fn one_malformed_line_and_nothing_is_loaded() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let scope = Scope::Consultation("laforce".parse().unwrap(), consultation);
    let said = load(&site, consultation, &format!("{HEAD}5,x,1,2,0,0,1,good\nx,x,2,2,0,0,1,bad\n")).await;
    let said = said.unwrap_err();
    assert!(said.contains("line 3: timestamp") && said.contains("Nothing of the file was loaded"), "{said}");
    assert_eq!(site.store.head(&scope).await.unwrap(), 0);
}

#[tokio::test]
async fn long_statements_keep_their_whole_text_under_a_shortened_title() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    let long = "bench ".repeat(40);
    load(&site, consultation, &format!("{HEAD}5,x,1,2,0,0,1,{long}\n6,x,2,2,0,0,1,short\n")).await.unwrap();
    let scope = Scope::Consultation("laforce".parse().unwrap(), consultation);
    let mut proposals: Vec<_> = places::records(&site.store, &scope).await.unwrap();
    // What one transaction wrote stands in no order of meaning.
    proposals.sort_by_key(|record| matches!(record, Record::Contribution(it) if it.text().is_none()));
    let [Record::Contribution(first), Record::Contribution(second)] = &proposals[..] else {
        panic!("{proposals:?}")
    };
    assert!(first.title().as_str().ends_with('…') && first.text().unwrap().as_str() == long);
    assert_eq!((second.title().as_str(), second.text()), ("short", None));
}

#[tokio::test]
async fn a_target_is_found_by_what_people_type_or_says_what_there_is() {
    let site = Site::new().await;
    let consultation = site.consultation().await;
    for wanted in [consultation.to_string(), "un-banc".to_owned()] {
        let target = statements::target(&site.store, "laforce", &wanted, "polis").await.unwrap();
        assert_eq!(target.consultation, consultation);
    }
    let said = statements::target(&site.store, "laforce", "une-scie", "polis").await.unwrap_err().to_string();
    assert!(said.contains("Un banc?"), "{said}");
    let said = statements::target(&site.store, "atlantis", "un-banc", "polis").await.unwrap_err().to_string();
    assert!(said.contains("laforce"), "{said}");
}

#[tokio::test]
async fn a_territory_loaded_again_changes_nothing_and_one_new_name_one_community() {
    let site = Site::new().await;
    let again = territory::load(&site.store, territory::read(TERRITORY).unwrap()).await.unwrap();
    assert_eq!((again.added, again.changed), (0, 0));
    let text = String::from_utf8(TERRITORY.to_vec())
        .unwrap()
        .replace("\"name\": \"Béarn\"", "\"name\": \"Béarn-Neuf\"");
    let changed = territory::load(&site.store, territory::read(text.as_bytes()).unwrap()).await.unwrap();
    assert_eq!((changed.added, changed.changed), (0, 1));
    assert!(changed.to_string().contains("1 changed"), "{changed}");
    let nameless = text.replace("\"cantons unis\": {", "\"cantons\": {");
    let said = territory::read(nameless.as_bytes()).unwrap_err().to_string();
    assert!(said.contains("the designation of latulipe-et-gaboury has no label"), "{said}");
}

#[tokio::test]
async fn rules_that_an_office_wrote_itself_stay_when_the_territory_is_loaded_again() {
    let site = Site::new().await;
    let mut own =
        territory::read(TERRITORY).unwrap().into_iter().find(|it| it.place.slug == "laforce").unwrap();
    own.rules.truncate(1);
    own.settled_at = Some(domain::time::Millis(5));
    let key = domain::scopes::Key::community(&own.place.id);
    let change = domain::rules::Change { key, record: Some(Record::Community(own)) };
    site.store.put(vec![change]).await.unwrap();
    let again = territory::load(&site.store, territory::read(TERRITORY).unwrap()).await.unwrap();
    assert_eq!((again.added, again.changed), (0, 0), "{again}");
}

#[test]
fn a_territory_in_which_a_name_stands_twice_is_refused() {
    let double = |path: &[&str], field: &str| {
        let mut file: serde_json::Value = serde_json::from_slice(TERRITORY).unwrap();
        let list = path.iter().fold(&mut file, |place, part| match part.parse::<usize>() {
            Ok(number) => &mut place[number],
            Err(_) => &mut place[*part],
        });
        list[1][field] = list[0][field].clone();
        territory::read(&serde_json::to_vec(&file).unwrap()).unwrap_err().to_string()
    };
    for (path, field, named) in [
        (&["communities"][..], "id", "the id of a community"),
        (&["communities"], "slug", "the slug"),
        (&["subject_lists", "0", "items"], "id", "the id of a subject"),
        (&["rules"], "id", "the id of a rule"),
    ] {
        let said = double(path, field);
        assert!(said.contains(named) && said.contains("twice"), "{said}");
    }
}

#[tokio::test]
async fn people_are_added_all_or_none_each_with_a_code_of_their_own() {
    let site = Site::new().await;
    let known = places::communities(&site.store).await.unwrap();
    let wrong = "community,role,name\nlaforce,clerk,A\natlantis,clerk,B\nlaforce,king,C\nlaforce,clerk,\n";
    let said = people::read(wrong.as_bytes(), &known).unwrap_err().to_string();
    for line in ["line 3: no such community", "line 4: there is no such role", "line 5: the name"] {
        assert!(said.contains(line), "{said}");
    }
    let spreadsheet = "\u{feff}community;role;name\r\nlaforce;clerk;Zoé, A.\r\n";
    let read = people::read(spreadsheet.as_bytes(), &known).unwrap();
    assert_eq!((read.len(), read[0].name.as_str()), (1, "Zoé, A."));
    let list =
        r#"[{"community":"laforce","role":"clerk","name":"A"},{"community":"x","role":"clerk","name":"B"}]"#;
    for list in [list.to_owned(), format!("\u{feff}{list}")] {
        let said = people::read(list.as_bytes(), &known).unwrap_err().to_string();
        assert!(said.contains("entry 2: no such community"), "{said}");
    }
    let file = "community,role,name\nlaforce,participant,\"Beausoleil, A.\"\nmoffet,clerk,B\n";
    let added = people::add(&site.store, people::read(file.as_bytes(), &known).unwrap()).await.added;
    let codes = people::codes(&added);
    assert!(added[0].code != added[1].code && codes.contains(&added[0].code.to_string()), "{codes}");
    assert!(site.path().exists());
}
