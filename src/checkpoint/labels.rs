//! What the labels of a checkpoint mean: where in a name a piece stands, and of which kind the name is.
//!
//! Schemes are told by their prefixes: IOB1, IOB2 and BIOES or BILOU; without any, neighbours of one label are one name.

use std::collections::BTreeMap;

use super::refused;
use crate::model::ModelError;
use crate::tag::Label;

/// Where in a name a piece stands, as far as its label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Position {
    /// In a name, and not before its first piece.
    Inside,
    /// The first of one.
    Begin,
    /// The last of one.
    End,
    /// The first and last.
    Single,
}

/// What one of the network's scores stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Meaning {
    /// The label as the checkpoint has it.
    pub(crate) name: String,
    pub(crate) position: Position,
    /// The label without its position: those of one name agree in it.
    pub(crate) kind: String,
    /// The kind of names, or none if it is no name.
    pub(crate) label: Option<Label>,
}

/// What common schemes (CoNLL-2003, OntoNotes, WNUT) call the kinds of names.
const KNOWN: [(&str, &[&str]); 4] = [
    ("PER", &["PER", "PERSON", "PEOPLE", "PERS"]),
    ("ORG", &["ORG", "ORGANIZATION", "ORGANISATION", "CORPORATION", "COMPANY"]),
    ("LOC", &["LOC", "LOCATION", "GPE", "FAC", "FACILITY", "PLACE", "GEO", "COUNTRY", "CITY"]),
    ("MISC", &["MISC", "MISCELLANEOUS", "NORP", "EVENT", "WORK_OF_ART", "LAW", "LANGUAGE", "PRODUCT"]),
];
/// In a table of labels, what is no name.
const NONE: &str = "O";

/// Reads the labels of a checkpoint, some of which a table translates: kinds, or whole labels, to PER, ORG, LOC, MISC, any
/// other kind of name, or O for none.
pub(crate) fn read(names: &[String], table: &BTreeMap<String, String>) -> Result<Vec<Meaning>, ModelError> {
    let is_known = |key: &String| names.iter().any(|name| name == key || parts(name).1 == key);
    if let Some(unknown) = table.keys().find(|key| !is_known(key)) {
        return Err(refused(super::SETTINGS, format!("a label {unknown:?}"), "one of those in id2label"));
    }
    let meanings: Vec<Meaning> = names.iter().map(|name| meaning(name, table)).collect();
    if meanings.iter().all(|meaning| meaning.label.is_none()) {
        let found = format!("labels of which none is known to be a name ({})", names.join(", "));
        let wanted = format!("a table [labels] in {} that says what they mean: LABEL_1 = \"PER\"", super::SETTINGS);
        return Err(refused(super::config::CONFIG, found, wanted));
    }
    Ok(meanings)
}

fn meaning(name: &str, table: &BTreeMap<String, String>) -> Meaning {
    // A table may say with a prefix of its own what "LABEL_3" is: "I-PER".
    let told = table.get(name);
    let (position, kind) = parts(told.map_or(name, String::as_str));
    let told = told.or_else(|| table.get(kind)).map(|told| parts(told).1);
    let label = match told {
        Some(NONE) => None,
        Some(told) => Some(Label::from(told)),
        None => known(kind),
    };
    Meaning { name: name.to_owned(), position, kind: kind.to_owned(), label }
}

fn known(kind: &str) -> Option<Label> {
    let upper = kind.to_uppercase();
    KNOWN.iter().find(|(_, names)| names.contains(&upper.as_str())).map(|&(label, _)| Label::from(label))
}

/// A label's position and the rest of it: `B-PER`, `I_ORG`, `U-LOC`; one without a prefix is inside.
fn parts(name: &str) -> (Position, &str) {
    let position = match name.as_bytes() {
        [b'B', b'-' | b'_', _, ..] => Position::Begin,
        [b'I' | b'M', b'-' | b'_', _, ..] => Position::Inside,
        [b'E' | b'L', b'-' | b'_', _, ..] => Position::End,
        [b'S' | b'U', b'-' | b'_', _, ..] => Position::Single,
        _ => return (Position::Inside, name),
    };
    (position, &name[2..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meanings(names: &[&str], table: &[(&str, &str)]) -> Result<Vec<(Position, Option<Label>)>, String> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let table = table.iter().map(|&(from, to)| (from.to_owned(), to.to_owned())).collect();
        let read = read(&names, &table).map_err(|error| error.to_string())?;
        Ok(read.into_iter().map(|meaning| (meaning.position, meaning.label)).collect())
    }

    #[test]
    fn labels_of_common_schemes_are_known() {
        let found = meanings(&["O", "B-PER", "I-GPE", "E-organization", "U-NORP", "B-DATE"], &[]).unwrap();
        let wanted = [
            (Position::Inside, None),
            (Position::Begin, Some(Label::Per)),
            (Position::Inside, Some(Label::Loc)),
            (Position::End, Some(Label::Org)),
            (Position::Single, Some(Label::Misc)),
            (Position::Begin, None),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_table_says_what_other_labels_mean() {
        let table = [("LABEL_1", "B-PER"), ("LABEL_2", "I-PER"), ("DATE", "DATE"), ("ORG", "O")];
        let found = meanings(&["LABEL_0", "LABEL_1", "LABEL_2", "B-DATE", "B-ORG"], &table).unwrap();
        let wanted = [
            (Position::Inside, None),
            (Position::Begin, Some(Label::Per)),
            (Position::Inside, Some(Label::Per)),
            (Position::Begin, Some(Label::Other("DATE".into()))),
            (Position::Begin, None),
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn labels_that_say_nothing_ask_for_a_table_and_a_table_for_labels_that_exist() {
        assert!(meanings(&["LABEL_0", "LABEL_1"], &[]).unwrap_err().contains("[labels]"));
        assert!(meanings(&["O", "B-PER"], &[("PERSON", "PER")]).unwrap_err().contains("PERSON"));
    }
}
