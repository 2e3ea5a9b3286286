//! JSON Lines: records of the output schema, and the gold sets that the shared scorers read.
//!
//! Fields that nothing is scored by are not looked at, so that any tool's records will do.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::record::OffsetUnit;

use super::super::annotated::{Annotated, Named, Paragraph, Quotation, Speaker};
use super::super::error::Side;
use super::super::place::{Place, is_space};
use super::super::speakers::{KnownSpeaker, Speakers};
use super::LineError;

/// A value that is not what it should be.
struct Wrong {
    /// Where it stands, from the outermost field inwards.
    path: String,
    wanted: &'static str,
    met: String,
}

impl Wrong {
    fn new(wanted: &'static str, met: Option<&Value>) -> Self {
        let met = met.map_or_else(|| "nothing".to_owned(), |value| value.to_string().chars().take(40).collect());
        Self { path: String::new(), wanted, met }
    }

    fn within(self, part: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        Self { path: format!("{part}{dot}{}", self.path), ..self }
    }

    fn told(self) -> String {
        let Self { path, wanted, met } = self;
        let colon = if path.is_empty() { "" } else { ": " };
        format!("{path}{colon}wanted {wanted}, met {met}")
    }
}

type Object = Map<String, Value>;

/// Reads articles.
pub(super) fn articles(text: &str, side: Side) -> Result<Vec<Annotated>, LineError> {
    Ok(objects(text, |fields| article(fields, side))?.into_iter().map(|(_, article)| article).collect())
}

/// Reads speakers, by the article's id.
pub(super) fn speakers(text: &str) -> Result<Speakers, LineError> {
    let mut all = Speakers::new();
    let of_article =
        |fields: &Object| Ok((id(fields)?, many(fields, "speakers", speaker_of_quotation)?.unwrap_or_default()));
    for (line, (id, speakers)) in objects(text, of_article)? {
        if all.contains_key(&id) {
            return Err((line, format!("the speakers of {id:?} are given twice")));
        }
        all.insert(id, speakers);
    }
    Ok(all)
}

/// Reads the object of each line that is not empty, and says on which line it stands.
fn objects<T>(text: &str, read: impl Fn(&Object) -> Result<T, Wrong>) -> Result<Vec<(usize, T)>, LineError> {
    let lines = text.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let objects = lines.map(|(line, number)| {
        let value: Value = serde_json::from_str(line).map_err(|error| (number, format!("not JSON: {error}")))?;
        let read = object(&value).and_then(&read).map_err(|error| (number, error.told()))?;
        Ok((number, read))
    });
    objects.collect()
}

fn article(fields: &Object, side: Side) -> Result<Annotated, Wrong> {
    let mut paragraphs = many(fields, "paragraphs", paragraph)?;
    let mut text = string(fields, "text")?;
    if let (None, Some(paragraphs)) = (&text, &mut paragraphs)
        && paragraphs.iter().any(|(_, text)| text.is_some())
    {
        text = Some(rendered(paragraphs));
    }
    let paragraphs = paragraphs.map(|paragraphs| paragraphs.into_iter().map(|(paragraph, _)| paragraph).collect());
    Ok(Annotated {
        id: id(fields)?,
        text,
        unit: unit(fields)?,
        error: string(fields, "error")?,
        names: names(fields, side)?,
        quotes: many(fields, "quotes", |value| quotation(value, side))?,
        sentences: many(fields, "sentences", place)?,
        paragraphs,
    })
}

fn id(object: &Object) -> Result<String, Wrong> {
    match object.get("id").or_else(|| object.get("doc_id")) {
        Some(Value::String(id)) => Ok(id.clone()),
        Some(Value::Number(id)) => Ok(id.to_string()),
        other => Err(Wrong::new("a string or a number", other).within("id")),
    }
}

fn unit(object: &Object) -> Result<OffsetUnit, Wrong> {
    match object.get("offset_unit") {
        None | Some(Value::Null) => Ok(OffsetUnit::Char),
        Some(value) => OffsetUnit::deserialize(value)
            .map_err(|_| Wrong::new("char, byte or utf16", Some(value)).within("offset_unit")),
    }
}

/// The names: a tool's mentions, and in the gold what is called entities there. An entity without a place is what
/// mentions refer to and no name in the text.
fn names(object: &Object, side: Side) -> Result<Option<Vec<Named>>, Wrong> {
    let mentions = || many(object, "mentions", named);
    let entities = || -> Result<_, Wrong> {
        let placed = many(object, "entities", |value| match value.get("start") {
            None => Ok(None),
            Some(_) => named(value).map(Some),
        })?;
        Ok(placed.map(|placed| placed.into_iter().flatten().collect::<Vec<_>>()))
    };
    match side {
        Side::Predicted => Ok(mentions()?.or(entities()?)),
        Side::Gold => Ok(match (entities()?, mentions()?) {
            (Some(entities), Some(mentions)) if entities.is_empty() => Some(mentions),
            (None, mentions) => mentions,
            (entities, _) => entities,
        }),
    }
}

fn named(value: &Value) -> Result<Named, Wrong> {
    let label = object(value)?.get("label");
    let label = label.and_then(Value::as_str).ok_or_else(|| Wrong::new("a string", label).within("label"))?;
    Ok(Named { place: place(value)?, label: label.to_owned() })
}

fn quotation(value: &Value, side: Side) -> Result<Quotation, Wrong> {
    let fields = object(value)?;
    let (parts, content) = (places(fields, "parts")?, places(fields, "content")?);
    let content = match (parts.is_empty(), content.is_empty()) {
        (false, _) => parts,
        (true, false) => content,
        (true, true) => vec![place(value)?],
    };
    let kind = match side {
        Side::Gold => string(fields, "type")?.or(string(fields, "kind")?),
        Side::Predicted => string(fields, "kind")?,
    };
    let speaker = match fields.get("speaker") {
        None | Some(Value::Null) => None,
        // What gold sets call a speaker is a label of theirs, and no name that an answer could be held against.
        Some(Value::String(name)) => {
            (side == Side::Predicted).then(|| Speaker { name: Some(name.clone()), kind: None })
        }
        Some(Value::Object(speaker)) => {
            let field = |name| string(speaker, name).map_err(|error| error.within("speaker"));
            Some(Speaker { name: field("name")?, kind: field("kind")? })
        }
        other => return Err(Wrong::new("an object, a name or null", other).within("speaker")),
    };
    Ok(Quotation { kind, content, cue: places(fields, "cue")?, source: places(fields, "source")?, speaker })
}

/// A paragraph, and its text if it has no place.
fn paragraph(value: &Value) -> Result<(Paragraph, Option<String>), Wrong> {
    let fields = object(value)?;
    let text = if fields.contains_key("start") { None } else { string(fields, "text")? };
    let place = if text.is_some() { Place { start: 0, end: 0 } } else { place(value)? };
    let kind = string(fields, "kind")?;
    // The schema knows running text by its part in the article.
    let kind = kind.as_deref().filter(|kind| !matches!(*kind, "body" | "lead_in" | "block_quote")).unwrap_or("para");
    let paragraph = Paragraph {
        place,
        quoted: boolean(fields, "quoted")?,
        kind: kind.to_owned(),
        colon: boolean(fields, "colon")?,
        block_type: string(fields, "btype")?,
    };
    Ok((paragraph, text))
}

/// The text of paragraphs that come with theirs, a blank line between them, and their places in it. Empty ones are
/// left out.
fn rendered(paragraphs: &mut Vec<(Paragraph, Option<String>)>) -> String {
    paragraphs.retain(|(_, text)| text.as_ref().is_some_and(|text| !text.chars().all(is_space)));
    let (mut rendered, mut length) = (String::new(), 0);
    for (paragraph, text) in paragraphs {
        let text = text.as_deref().unwrap_or_default();
        if !rendered.is_empty() {
            rendered.push_str("\n\n");
            length += 2;
        }
        let start = length;
        length += text.chars().count() as u32;
        rendered.push_str(text);
        paragraph.place = Place { start, end: length };
        paragraph.colon = Some(paragraph.colon.unwrap_or(false));
    }
    rendered
}

fn speaker_of_quotation(value: &Value) -> Result<KnownSpeaker, Wrong> {
    let fields = object(value)?;
    let index = fields.get("i");
    let wrong = || Wrong::new("the number of a quotation", index).within("i");
    let index = index.and_then(Value::as_u64).and_then(|i| usize::try_from(i).ok()).ok_or_else(wrong)?;
    let also = many(fields, "also", |value| {
        value.as_str().map(str::to_owned).ok_or_else(|| Wrong::new("a string", Some(value)))
    })?;
    Ok(KnownSpeaker {
        index,
        name: string(fields, "speaker")?,
        also: also.unwrap_or_default(),
        kind: string(fields, "kind")?,
        mention: Some(string(fields, "mention")?.unwrap_or_else(|| "?".to_owned())),
    })
}

fn object(value: &Value) -> Result<&Object, Wrong> {
    value.as_object().ok_or_else(|| Wrong::new("an object", Some(value)))
}

fn string(object: &Object, name: &str) -> Result<Option<String>, Wrong> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(string)) => Ok(Some(string.clone())),
        other => Err(Wrong::new("a string or null", other).within(name)),
    }
}

fn boolean(object: &Object, name: &str) -> Result<Option<bool>, Wrong> {
    match object.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Bool(flag)) => Ok(Some(*flag)),
        other => Err(Wrong::new("true or false", other).within(name)),
    }
}

/// The items of a list, or `None` if the field is absent.
fn many<T>(object: &Object, name: &str, read: impl Fn(&Value) -> Result<T, Wrong>) -> Result<Option<Vec<T>>, Wrong> {
    let items = match object.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(items)) => items,
        other => return Err(Wrong::new("a list or null", other).within(name)),
    };
    let items = items.iter().enumerate();
    items
        .map(|(i, item)| read(item).map_err(|error| error.within(&format!("{name}[{i}]"))))
        .collect::<Result<_, _>>()
        .map(Some)
}

/// The places of a span, of a list of spans, or of nothing.
fn places(object: &Object, name: &str) -> Result<Vec<Place>, Wrong> {
    match object.get(name) {
        Some(Value::Object(span)) if span.is_empty() => Ok(Vec::new()),
        Some(span @ Value::Object(_)) => place(span).map(|place| vec![place]).map_err(|error| error.within(name)),
        _ => Ok(many(object, name, place)?.unwrap_or_default()),
    }
}

fn place(value: &Value) -> Result<Place, Wrong> {
    let fields = object(value)?;
    let offset = |name: &str| {
        let met = fields.get(name);
        let offset = met.and_then(Value::as_u64).and_then(|offset| u32::try_from(offset).ok());
        offset.ok_or_else(|| Wrong::new("an offset, a whole number from 0 on", met).within(name))
    };
    Ok(Place { start: offset("start")?, end: offset("end")? })
}
