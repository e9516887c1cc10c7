//! The dictionary of the tables: a Data Package of Frictionless Data (its specification 1, tabular).

use serde_json::{Map, Value, json};

use super::Asked;
use super::asking::Asking;
use super::tables::{Column, Kind, Sort};
use super::words::{Both, Tongue};

/// Rows that are of the community carry no licence: it has not declared one, and it is not ours to.
const LICENCE: Both = (
    "Les lignes importées portent leur licence et leur source; elles sont à respecter ligne par ligne. \
     Pour les autres, la communauté n’a pas déclaré de licence : demandez-lui.",
    "Imported rows carry their licence and source, to be respected row by row. For the others the \
     community has declared no licence: ask it.",
);
const READING: Both = (
    "CSV selon la RFC 4180, en UTF-8. Devant un texte qui commence par =, +, -, @, une tabulation ou un saut \
     de ligne se trouve une apostrophe, pour qu’aucun tableur ne l’exécute : enlevez-la en lisant.",
    "CSV by RFC 4180, in UTF-8. An apostrophe stands before a text that begins with =, +, -, @, a tab or a \
     line break, so that no spreadsheet runs it: take it away when you read.",
);

/// The descriptor.
pub fn text(asked: &Asked, asking: &Asking) -> String {
    let public = &asked.public;
    let place = &public.own.place;
    let (tongue, name) = (asked.tongue, place.name.as_str());
    let mut package = Map::new();
    let mut put = |field: &str, value: Value| drop(package.insert(field.to_owned(), value));
    let one = public.consultations.first().filter(|_| public.one);
    put("profile", json!("tabular-data-package"));
    put(
        "name",
        json!(one.map_or_else(|| format!("rabaska-{}", public.id()), |it| format!("rabaska-{}", it.id))),
    );
    let title = one.and_then(|it| it.title.best(&asked.order())).map(|(_, title)| title.to_string());
    put("title", json!(title.map_or_else(|| name.to_owned(), |title| format!("{name} — {title}"))));
    let said = |of: fn((String, String)) -> String| {
        let both = |(french, english): Both| of((french.to_owned(), english.to_owned()));
        format!("{} {}", both(READING), both(LICENCE))
    };
    let about = (said(|(french, _)| french), said(|(_, english)| english));
    put("description", json!(tongue.choose((&about.0, &about.1))));
    put("descriptions", both(&about));
    let page = match one {
        Some(it) => app::ui::routes::Route::Consultation(place.slug.clone(), it.id),
        None => app::ui::routes::Route::Community(place.slug.clone()),
    };
    put("homepage", json!(asked.page(&page)));
    let mut sources = vec![json!({ "title": name, "path": asked.page(&page) })];
    let mut licences = Vec::new();
    for source in public.consultations.iter().filter_map(|it| it.source.as_ref()) {
        let attribution = source.attribution.best(&asked.order()).map(|(_, text)| text.to_string());
        sources.push(json!({ "title": attribution, "path": source.url }));
        licences.push(json!({ "name": source.licence, "path": source.url }));
    }
    sources.dedup();
    licences.dedup();
    put("sources", json!(sources));
    // A licence of the package is one of every row.
    if !licences.is_empty() && public.consultations.iter().all(|it| it.source.is_some()) {
        put("licenses", json!(licences));
    }
    let resources: Vec<Value> = Kind::ALL.iter().map(|kind| resource(*kind, asked, asking)).collect();
    put("resources", json!(resources));
    Value::Object(package).to_string()
}

fn both((french, english): &(String, String)) -> Value {
    json!({ "fr": french, "en": english })
}

fn resource(kind: Kind, asked: &Asked, asking: &Asking) -> Value {
    let columns = kind.columns(&kind.languages(&asked.public, asking));
    let (french, english) = kind.about();
    let about = (french.to_owned(), english.to_owned());
    let keys: Vec<&str> = columns.iter().filter(|it| it.is_key).map(|it| it.name.as_str()).collect();
    let foreign = columns.iter().filter_map(|column| {
        let (table, field) = column.points_to?;
        let reference = json!({ "resource": table.name(), "fields": field });
        Some(json!({ "fields": column.name, "reference": reference }))
    });
    json!({
        "name": kind.name(),
        "path": format!("{}.csv", kind.name()),
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "description": asked.tongue.choose((french, english)),
        "descriptions": both(&about),
        "dialect": {
            "delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true,
            "skipInitialSpace": false, "header": true, "caseSensitiveHeader": true
        },
        "schema": {
            "fields": columns.iter().map(|it| field(it, asked.tongue)).collect::<Vec<_>>(),
            "missingValues": [""],
            "primaryKey": keys,
            "foreignKeys": foreign.collect::<Vec<_>>(),
        },
    })
}

fn field(column: &Column, tongue: Tongue) -> Value {
    let (sort, format) = match column.sort {
        Sort::Text => ("string", "default"),
        Sort::Address => ("string", "uri"),
        Sort::Integer => ("integer", "default"),
        Sort::Number => ("number", "default"),
        Sort::Boolean => ("boolean", "default"),
        Sort::Date => ("date", "default"),
        Sort::Instant => ("datetime", "default"),
    };
    let mut constraints = json!({ "required": !column.optional });
    if !column.words.is_empty() {
        constraints["enum"] = json!(column.words);
    }
    json!({
        "name": column.name,
        "type": sort,
        "format": format,
        "description": tongue.choose((&column.about.0, &column.about.1)),
        "descriptions": both(&column.about),
        "constraints": constraints,
    })
}
