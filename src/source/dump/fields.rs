//! How a record of columns becomes an article.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::columns::{Chosen, Field};
use super::{Item, ItemError, Place};
use crate::source::{About, Article, tidy};

/// The article of a record. What no field takes of it is carried through.
pub(super) fn article(place: Place, record: Map<String, Value>, chosen: &Chosen) -> Item {
    let found = chosen.find(record.keys().map(String::as_str));
    // A column may be given for two fields, the address for the id.
    let scalar = |field| found.of(field).and_then(|found| scalar(record.get(found.column)?));
    let tidied = |field| scalar(field).as_deref().and_then(tidy);
    let id = scalar(Field::Id).or_else(|| scalar(Field::Url)).map_or_else(|| place.id(), Cow::into_owned);
    let (title, date, url) = (tidied(Field::Title), tidied(Field::Date), tidied(Field::Url));
    let is_taken = Field::ALL.map(|field| found.of(field).map(|found| found.index));
    let (mut text, mut meta) = (None, Map::new());
    for (index, (column, value)) in record.into_iter().enumerate() {
        // A list of authors under `title` is no title, but it is not lost.
        let is_simple = !value.is_array() && !value.is_object() && !value.is_boolean();
        if column == chosen.text {
            text = Some(value);
        } else if !is_simple || !is_taken.contains(&Some(index)) {
            meta.insert(column, value);
        }
    }
    let article = match text {
        Some(Value::String(text)) => {
            Ok(Article { about: About { id: id.clone(), title, date, url, meta }, text, marks: Vec::new() })
        }
        Some(other) => Err(ItemError::NotText { column: chosen.text.clone(), met: kind(&other) }),
        None => {
            let columns = meta.into_iter().map(|(column, _)| column).collect();
            Err(ItemError::NoColumn { column: chosen.text.clone(), field: Field::Text, columns })
        }
    };
    Item { place, id, article }
}

/// A value that can stand as a name, a date or an address.
fn scalar(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(string) if !string.trim().is_empty() => Some(string.into()),
        Value::Number(number) => Some(number.to_string().into()),
        _ => None,
    }
}

/// What a value is called in a message.
pub(super) const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::columns::{Shape, choose};
    use super::super::{At, Columns};
    use super::*;

    fn item(record: Value, given: &Columns) -> Item {
        let Value::Object(record) = record else { panic!("no record: {record}") };
        let columns = record.keys().cloned().collect();
        let (chosen, _) = choose("a.jsonl", given, columns, Shape::Records).unwrap();
        article(Place { file: "a.jsonl".into(), at: At::Line(7) }, record, &chosen)
    }

    #[test]
    fn what_is_not_mapped_is_carried_through_as_it_is() {
        let item = item(
            json!({"text": "T", "id": 12, "title": " A\n B ", "date": null, "authors": ["x"], "n": 1.5, "url": ""}),
            &Columns::default(),
        );
        let article = item.article.unwrap();
        assert_eq!((item.id.as_str(), article.about.id.as_str()), ("12", "12"));
        assert_eq!((article.about.title.as_deref(), article.about.date, article.about.url), (Some("A B"), None, None));
        assert_eq!(Value::Object(article.about.meta), json!({"authors": ["x"], "n": 1.5}));
    }

    #[test]
    fn a_record_without_an_id_is_known_by_its_address_or_its_place() {
        assert_eq!(
            item(json!({"text": "T", "url": "http://a.example/1"}), &Columns::default()).id,
            "http://a.example/1"
        );
        assert_eq!(item(json!({"text": "T", "id": ""}), &Columns::default()).id, "a.jsonl:7");
        let both = Columns { id: Some("url".to_owned()), ..Columns::default() };
        let item = item(json!({"text": "T", "url": "u", "id": "i"}), &both);
        assert_eq!(item.id, "u");
        let about = item.article.unwrap().about;
        assert_eq!(about.url.as_deref(), Some("u"));
        assert_eq!(Value::Object(about.meta), json!({"id": "i"}));
    }

    #[test]
    fn a_text_that_is_no_string_is_an_error_of_the_record() {
        let item = item(json!({"text": null, "id": "x"}), &Columns::default());
        assert_eq!(item.id, "x");
        assert_eq!(item.article.unwrap_err().to_string(), "column “text” holds null; wanted the text");
    }

    #[test]
    fn a_title_that_is_a_list_is_not_lost() {
        let article = item(json!({"text": "T", "title": ["a"]}), &Columns::default()).article.unwrap();
        assert_eq!(article.about.title, None);
        assert_eq!(Value::Object(article.about.meta), json!({"title": ["a"]}));
    }
}
