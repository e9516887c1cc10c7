//! Decidim's proposals, read and written.

use std::collections::BTreeSet;

use domain::ids::RecordId;
use domain::operations::{Action, Propose};
use domain::records::Record;
use domain::scopes::Scope;
use domain::sectors::Spot;
use rabaska::import::decidim::{self, Loaded};
use rabaska::import::statements::Target;
use rabaska::places;
use rabaska::system::SystemClock;

use super::Village;
use crate::site::Site;

const FILE: &str = "id;author/id;author/name;author/url;category/id;category/name/fr;title/fr;title/en;body/fr;body/en;state;answer/fr;votes;published_at;is_amend;withdrawn\n\
    11;5;Anne Nomcachée;https://x/profiles/anne;3;Les loisirs;Un banc;A bench;<p>Face au <b>lac</b>.</p>;;accepted;Oui;12;2019-02-11 10:22:11 UTC;false;false\n\
    12;6;Zoé Nomcachée;;;;'=Deux bancs;;\"Ligne 1\nLigne 2\";;;;3;2019-02-18T10:22:11+01:00;false;false\n\
    13;6;Zoé Nomcachée;;;;Un quai;;;;withdrawn;;;2019-02-18 10:22:11 UTC;false;true\n";

/// The first line of a Decidim 0.29's open data (`open-data-proposals.csv`) in French and English: the keys of
/// `decidim-proposals/lib/decidim/proposals/proposal_serializer.rb` as `decidim-core/lib/decidim/exporters/csv.rb`
/// flattens them (github.com/decidim/decidim; semicolons are its default), with a proposal said in both languages and no
/// amendment.
const DECIDIM_0_29: &str = "id;author/id;author/name;author/url;category/id;category/name/fr;category/name/en;scope/id;\
    scope/name/fr;scope/name/en;participatory_space/id;participatory_space/url;component/id;title/fr;title/en;body/fr;\
    body/en;address;latitude;longitude;state;reference;answer/fr;answer/en;answered_at;votes;endorsements/total_count;\
    endorsements/user_endorsements;comments;attachments;followers;published_at;url;meeting_urls;related_proposals;\
    is_amend;original_proposal/title;original_proposal/url;withdrawn;withdrawn_at";

/// The same of Decidim 0.31 (the serializer at 46ab35d487d4ab7a13f808bef6b03f5d307a08da, the exporter at
/// 9b27e3d633f20cbd9e8079636fa2ba7c644e5e53): taxonomies instead of categories and scopes, likes instead of
/// endorsements. The first proposal has one taxonomy and was translated by a machine; the second brings along
/// another taxonomy, and amends a third, so that its columns come last.
const DECIDIM_0_31: &str = "id;author/id;author/name;author/url;taxonomies/ids;taxonomies/12/fr;taxonomies/12/en;\
    participatory_space/id;participatory_space/url;component/id;title/fr;title/machine_translations/en;body/fr;\
    body/machine_translations/en;address;latitude;longitude;state;state_published_at;reference;answer/fr;answer/en;\
    answered_at;votes;likes/total_count;likes/user_endorsements;comments;attachments;follows_count;published_at;url;\
    meeting_urls;related_proposals;is_amend;original_proposal/title;original_proposal/url;withdrawn;withdrawn_at;\
    created_at;updated_at;created_in_meeting;coauthorships_count;cost;cost_report;execution_period;taxonomies/9/fr;\
    taxonomies/9/en;original_proposal/title/fr";

/// A file with this first line: of each row what stands in some columns, nothing in the others.
fn file(header: &str, rows: &[&[(&str, &str)]]) -> String {
    let mut file = format!("{header}\n");
    for cells in rows {
        for (name, _) in *cells {
            assert!(header.split(';').any(|known| known == *name), "{name} is no column");
        }
        let cell = |name| cells.iter().find(|(known, _)| *known == name).map_or("", |(_, said)| said);
        file += &header.split(';').map(cell).collect::<Vec<_>>().join(";");
        file += "\n";
    }
    file
}

async fn load(site: &Site, consultation: RecordId, file: &[u8]) -> Result<Loaded, String> {
    let (community, source) = ("laforce".parse().unwrap(), "test".parse().unwrap());
    let target = Target { community, consultation, source };
    let loaded = decidim::load(&site.store, &SystemClock, &[7; 32], &target, file).await;
    loaded.map_err(|failure| failure.to_string())
}

/// What every proposal says, with its week and how it is signed.
async fn said(site: &Site, consultation: RecordId, signed: bool) -> BTreeSet<String> {
    let scope = Scope::Consultation("laforce".parse().unwrap(), consultation);
    let records = places::records(&site.store, &scope).await.unwrap();
    let proposals = records.into_iter().filter_map(|record| match record {
        Record::Contribution(it) if it.proposal().is_some() => {
            let by = if signed { format!("{:?}", it.signed) } else { String::new() };
            let (title, text) = (it.title(), it.text().map(ToString::to_string));
            Some(format!("{title:?} {text:?} {:?} {:?} {:?} {by}", it.subject(), it.place(), it.week))
        }
        _ => None,
    });
    proposals.collect()
}

#[tokio::test]
async fn proposals_are_loaded_once_without_the_names_of_their_authors() {
    let village = Village::new().await;
    let (site, consultation) = (&village.site, village.consultation);
    let first = load(site, consultation, FILE.as_bytes()).await.unwrap();
    assert_eq!((first.summary.read, first.summary.added, first.left_out), (3, 2, 1));
    let rows = village.rows("contributions.csv").await;
    let found = |title: &str| rows.iter().find(|row| row["title"] == title).unwrap();
    let bench = found("Un banc");
    assert_eq!((bench["text"].as_str(), bench["week"].as_str()), ("Face au lac.", "2019-02-11"));
    assert_eq!(bench["signed"], "imported");
    assert_eq!(found("'=Deux bancs")["text"], "Ligne 1\nLigne 2");
    assert!(
        village.rows("answers.csv").await.is_empty()
            && village.rows("supports.csv").await[0]["count"].is_empty()
    );
    let head = village.head().await;
    let second = load(site, consultation, FILE.as_bytes()).await.unwrap();
    assert_eq!((second.summary.added, second.summary.known), (0, 2));
    let changed = FILE.replace("Face au <b>lac</b>", "Face au quai");
    let third = load(site, consultation, changed.as_bytes()).await.unwrap();
    assert_eq!((third.summary.added, &third.summary.changed[..]), (0, &[2][..]));
    assert!(third.to_string().contains("line 2"), "{third}");
    assert_eq!(village.head().await, head);
    for entry in std::fs::read_dir(site.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap_or_default();
        let named = bytes.windows(8).any(|part| part == b"Nomcach\xc3");
        assert!(!named, "{} holds an author's name", path.display());
    }
}

#[tokio::test]
async fn one_broken_row_and_nothing_is_loaded() {
    let village = Village::new().await;
    let broken = FILE.replace("2019-02-18T10:22:11+01:00", "hier");
    let refused = load(&village.site, village.consultation, broken.as_bytes()).await.unwrap_err();
    assert!(refused.contains("line 3: published_at is not a date"), "{refused}");
    assert!(refused.contains("Nothing of the file was loaded"), "{refused}");
    assert!(!refused.contains("bancs") && !refused.contains("Nomcachée"), "{refused}");
    assert_eq!(village.head().await, 0);
}

#[tokio::test]
async fn an_import_of_our_export_gives_the_same_proposals() {
    let village = Village::new().await;
    let author = village.citizen().await;
    let words = [
        ("Un banc", Some("Face au lac.\n\n\n  En retrait\t;"), "other"),
        ("=1+1", Some("=HYPERLINK(\"https://example.org\")"), "other"),
        ("'=une apostrophe", Some("''-deux"), "other"),
        ("-5 degrés, +5", Some("@tous"), "nuisances"),
        ("<b>gras</b> &amp; 5 < 6", Some("<script>alert(1)</script>\n&eacute;"), "safety"),
        ("« guillemets » \"anglais\", virgule; point", Some("\tune tabulation"), "other"),
        ("  des espaces  autour ", Some("  ici  aussi \n "), "other"),
        ("🛶 ᐊᓂᔑᓈᐯᒧᐎᓐ", None, "other"),
    ];
    let places = [
        Some((Some("47.5350,-78.6975"), Some("-  Au quai, \"le vieux\""))),
        Some((Some("47.5350,-78.6900"), None)),
        Some((None, Some("=1+1"))),
    ];
    let places = places.into_iter().chain(std::iter::repeat(None)).map(|place| {
        let (sector, words) = place?;
        Spot::of(sector.map(|text| text.parse().unwrap()), words.map(|text| text.parse().unwrap()))
    });
    for (op, ((title, text, subject), place)) in (1..).zip(words.into_iter().zip(places)) {
        let propose = Propose {
            consultation: village.consultation,
            title: title.parse().unwrap(),
            text: text.map(|text| text.parse().unwrap()),
            subject: subject.parse().unwrap(),
            photos: vec![],
            place,
        };
        village.act(&author, op, &Action::Propose(propose)).await;
    }
    let file = village.text("decidim-proposals.csv").await;
    let cells = csv::Reader::from_reader(file.as_bytes()).into_records();
    for cell in cells.flat_map(|row| row.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()) {
        // A number is no formula.
        let number = cell.parse::<f64>().is_ok();
        assert!(
            number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']),
            "a spreadsheet runs {cell:?}"
        );
    }
    let other = Village::new().await;
    let loaded = load(&other.site, other.consultation, file.as_bytes()).await.unwrap();
    assert_eq!((loaded.summary.added, loaded.left_out), (words.len(), 0));
    let (here, there) = (
        said(&village.site, village.consultation, false).await,
        said(&other.site, other.consultation, false).await,
    );
    assert_eq!(here, there);
    assert!(said(&other.site, other.consultation, true).await.iter().all(|it| it.ends_with("Imported")));
    // And what was imported goes on as it came.
    let again = Village::new().await;
    let file = other.text("decidim-proposals.csv").await;
    load(&again.site, again.consultation, file.as_bytes()).await.unwrap();
    assert_eq!(said(&again.site, again.consultation, false).await, here);
}

#[tokio::test]
async fn the_files_of_two_versions_of_decidim_are_read_by_their_own_first_lines() {
    let village = Village::new().await;
    let old: &[(&str, &str)] = &[
        ("id", "41"),
        ("author/name", "Anne Nomcachée"),
        ("category/id", "3"),
        ("category/name/fr", "Nuisances"),
        ("title/fr", "Un banc"),
        ("title/en", "A bench"),
        ("body/fr", "Face au lac."),
        ("address", "Quai"),
        ("latitude", "47.5351"),
        ("longitude", "-78.6973"),
        ("published_at", "2019-02-11 10:22:11 UTC"),
        ("is_amend", "false"),
        ("withdrawn", "false"),
    ];
    let loaded =
        load(&village.site, village.consultation, file(DECIDIM_0_29, &[old]).as_bytes()).await.unwrap();
    assert_eq!((loaded.summary.added, loaded.left_out), (1, 0));
    let new: &[(&str, &str)] = &[
        ("id", "42"),
        ("author/name", "Zoé Nomcachée"),
        ("taxonomies/ids", "12"),
        ("taxonomies/12/fr", "Nuisances"),
        ("title/fr", "Un quai"),
        ("title/machine_translations/en", "A wharf"),
        ("body/fr", "Au village."),
        ("latitude", "47.5351"),
        ("longitude", "-78.6973"),
        ("published_at", "2026-02-11 10:22:11 UTC"),
        ("is_amend", "false"),
        ("withdrawn", "false"),
        ("created_at", "2026-01-11 10:22:11 UTC"),
    ];
    let amends: &[(&str, &str)] = &[
        ("id", "43"),
        ("taxonomies/9/fr", "Sécurité"),
        ("title/fr", "Deux quais"),
        ("published_at", "2026-02-11 10:22:11 UTC"),
        ("is_amend", "true"),
        ("original_proposal/title/fr", "Un quai"),
    ];
    let later = file(DECIDIM_0_31, &[new, amends]);
    let loaded = load(&village.site, village.consultation, later.as_bytes()).await.unwrap();
    assert_eq!((loaded.summary.added, loaded.left_out), (1, 1));
    let rows = village.rows("contributions.csv").await;
    for (title, text, week, place) in
        [("Un banc", "Face au lac.", "2019-02-11", "Quai"), ("Un quai", "Au village.", "2026-02-09", "")]
    {
        let row = rows.iter().find(|row| row["title"] == title).unwrap();
        let said =
            ["text", "subject", "week", "latitude", "longitude", "place"].map(|name| row[name].as_str());
        assert_eq!(said, [text, "nuisances", week, "47.5350", "-78.6975", place]);
    }
}

#[tokio::test]
async fn our_file_has_the_columns_of_decidim_in_its_order() {
    let village = Village::new().await;
    let ours = village.text("decidim-proposals.csv").await;
    let ours: Vec<&str> = ours.lines().next().unwrap().split(',').collect();
    assert_eq!(ours, DECIDIM_0_29.split(';').collect::<Vec<_>>());
}
