//! Which column holds what.
//!
//! A caller may name the columns. Those not named are guessed by their names, which are compared by their letters and
//! digits alone: `articleBody`, `article_body` and `Article Body` are one. Where several columns would do, the order of
//! [`NAMES`] decides, so that the order of a file's columns changes nothing.
//!
//! The column of the text is settled once for a file, by its header or its first record that has one: what the user was
//! told then holds for all of it, and a record without that column is an error rather than a summary taken for the
//! article. The others are looked for in each record, since writers of JSON leave out what is empty.

use std::fmt;

use super::ItemError;

/// What a column can hold of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The text.
    Text,
    /// What the article is known as.
    Id,
    /// The headline.
    Title,
    /// When it was published.
    Date,
    /// Its address.
    Url,
}

impl Field {
    pub(super) const ALL: [Self; 5] = [Self::Text, Self::Id, Self::Title, Self::Date, Self::Url];
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Id => "id",
            Self::Title => "title",
            Self::Date => "date",
            Self::Url => "url",
        })
    }
}

/// How columns are called that hold a field, in letters and digits, the likeliest first. None may stand twice.
const NAMES: [(Field, &[&str]); 5] = [
    (
        Field::Text,
        &[
            "text",
            "body",
            "content",
            "article",
            "maintext",
            "articlebody",
            "articletext",
            "articlecontent",
            "fulltext",
            "bodytext",
            "textcontent",
            "plaintext",
            "cleantext",
            "rawtext",
            "story",
            "document",
        ],
    ),
    (Field::Id, &["id", "docid", "articleid", "documentid", "uuid", "guid", "uid", "key"]),
    (Field::Title, &["title", "headline", "articletitle", "heading"]),
    (
        Field::Date,
        &[
            "date",
            "datepublished",
            "datepublish",
            "publishdate",
            "publisheddate",
            "publicationdate",
            "pubdate",
            "publishedat",
            "publishedon",
            "published",
            "firstpublished",
            "datetime",
            "timestamp",
            "createdat",
        ],
    ),
    (Field::Url, &["url", "link", "weburl", "articleurl", "sourceurl", "permalink", "canonicalurl", "href", "uri"]),
];

/// What a column of this name holds, and how far down the list of such names it stands.
fn guess(column: &str) -> Option<(Field, usize)> {
    let letters = || column.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
    if !column.is_ascii() {
        return None;
    }
    NAMES
        .iter()
        .find_map(|(field, names)| names.iter().position(|name| name.bytes().eq(letters())).map(|rank| (*field, rank)))
}

/// Which column holds what, as far as the caller says it. The names are those of the file, letter for letter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// The column of the text.
    pub text: Option<String>,
    /// The column of the id.
    pub id: Option<String>,
    /// The column of the headline.
    pub title: Option<String>,
    /// The column of the date of publication.
    pub date: Option<String>,
    /// The column of the address.
    pub url: Option<String>,
}

impl Columns {
    fn given(&self, field: Field) -> Option<&str> {
        match field {
            Field::Text => &self.text,
            Field::Id => &self.id,
            Field::Title => &self.title,
            Field::Date => &self.date,
            Field::Url => &self.url,
        }
        .as_deref()
    }

    /// Which of `columns` holds each field: the one that is given, if it is there, or else the likeliest by `guess`.
    fn find<'c>(
        &self,
        columns: impl Iterator<Item = &'c str>,
        guess: impl Fn(&str) -> Option<(Field, usize)>,
    ) -> Holders<'c> {
        let mut found = Holders([const { None }; Field::ALL.len()]);
        for (index, column) in columns.enumerate() {
            for field in Field::ALL {
                if self.given(field) == Some(column) {
                    found.0[field as usize] = Some(Found { index, column, guess: None });
                }
            }
            if let Some((field, rank)) = guess(column)
                && self.given(field).is_none()
                && found.of(field).is_none_or(|other| other.guess.is_some_and(|other| rank < other))
            {
                found.0[field as usize] = Some(Found { index, column, guess: Some(rank) });
            }
        }
        found
    }
}

/// Which column holds each field.
pub(super) struct Holders<'c>([Option<Found<'c>>; Field::ALL.len()]);

impl<'c> Holders<'c> {
    pub(super) fn of(&self, field: Field) -> Option<&Found<'c>> {
        self.0[field as usize].as_ref()
    }
}

/// A column that holds a field.
pub(super) struct Found<'c> {
    /// Which column.
    pub(super) index: usize,
    /// Its name.
    pub(super) column: &'c str,
    /// How far down the list of names it stands, if it was not given.
    guess: Option<usize>,
}

/// What the columns of a file were taken for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Mapping {
    /// The first file in which these columns were met.
    pub file: String,
    /// The columns, in the order of the header; those of the first record, in alphabetical order, for JSON Lines.
    pub columns: Vec<String>,
    /// The columns that hold something of the article, the text first. The others are carried through as they are.
    pub fields: Vec<Mapped>,
}

/// What one column was taken for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
pub struct Mapped {
    /// What it holds.
    pub field: Field,
    /// The column.
    pub column: String,
    /// Whether that was guessed from its name, not given by the caller.
    pub guessed: bool,
}

/// `dump.csv: text = "body" (guessed), id = "url"; carried through: "section", "author"`.
impl fmt::Display for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        write!(f, "{}:", self.file)?;
        for (i, Mapped { field, column, guessed }) in self.fields.iter().enumerate() {
            let (comma, guess) = (if i > 0 { "," } else { "" }, if *guessed { " (guessed)" } else { "" });
            write!(f, "{comma} {field} = {column:?}{guess}")?;
        }
        let is_mapped = |column: &&String| self.fields.iter().any(|mapped| mapped.column == **column);
        let others: Vec<_> = self.columns.iter().filter(|column| !is_mapped(column)).collect();
        for (i, column) in others.iter().take(SHOWN).enumerate() {
            write!(f, "{} {column:?}", if i == 0 { "; carried through:" } else { "," })?;
        }
        if others.len() > SHOWN {
            write!(f, " and {} more", others.len() - SHOWN)?;
        }
        Ok(())
    }
}

/// Whether every record has every column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// There is a header: a column that is not in it is nowhere.
    Table,
    /// Each record names its own: a column that is not in the first may be in the second.
    Records,
}

/// The columns of a file as they are to be read.
#[derive(Debug)]
pub(super) struct Chosen {
    /// The column of the text.
    pub(super) text: String,
    given: Columns,
    /// What the columns of the file, or of its first record, are guessed to hold, so that no record guesses again.
    guesses: Vec<(String, Option<(Field, usize)>)>,
}

impl Chosen {
    /// Which of the columns of a record holds each field.
    pub(super) fn find<'c>(&self, columns: impl Iterator<Item = &'c str>) -> Holders<'c> {
        self.given.find(columns, |column| self.guess(column))
    }

    fn guess(&self, column: &str) -> Option<(Field, usize)> {
        let known = self.guesses.iter().find(|(known, _)| known == column);
        known.map_or_else(|| guess(column), |(_, guess)| *guess)
    }
}

/// Settles what `columns`, those of `file`, are taken for.
pub(super) fn choose(
    file: &str,
    given: &Columns,
    columns: Vec<String>,
    shape: Shape,
) -> Result<(Chosen, Mapping), ItemError> {
    let found = given.find(columns.iter().map(String::as_str), guess);
    for field in Field::ALL {
        if let Some(column) = given.given(field)
            && found.of(field).is_none()
            && (shape == Shape::Table || field == Field::Text)
        {
            return Err(ItemError::NoColumn { column: column.to_owned(), field, columns });
        }
    }
    let Some(text) = found.of(Field::Text).map(|found| found.column.to_owned()) else {
        return Err(ItemError::NoText { columns });
    };
    let mapped = |field| {
        let &Found { column, guess, .. } = found.of(field)?;
        Some(Mapped { field, column: column.to_owned(), guessed: guess.is_some() })
    };
    let fields = Field::ALL.into_iter().filter_map(mapped).collect();
    let guesses = columns.iter().map(|column| (column.clone(), guess(column))).collect();
    Ok((Chosen { text, given: given.clone(), guesses }, Mapping { file: file.to_owned(), columns, fields }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(columns: &[&str], given: &Columns) -> Result<Vec<String>, String> {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        choose("a.csv", given, columns, Shape::Table)
            .map(|(_, mapping)| {
                let told = |m: &Mapped| format!("{}={}{}", m.field, m.column, if m.guessed { "?" } else { "" });
                mapping.fields.iter().map(told).collect()
            })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_likeliest_column_is_taken_wherever_it_stands() {
        let wanted = ["text=maintext?", "title=Headline?", "date=date_publish?", "url=web-url?"];
        assert_eq!(
            chosen(&["date_publish", "story", "maintext", "web-url", "Headline"], &Columns::default()).unwrap(),
            wanted
        );
        assert_eq!(
            chosen(&["Headline", "web-url", "maintext", "story", "date_publish"], &Columns::default()).unwrap(),
            wanted
        );
    }

    #[test]
    fn no_name_is_guessed_for_two_fields() {
        let mut names: Vec<_> = NAMES.iter().flat_map(|(_, names)| *names).collect();
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
    }

    #[test]
    fn a_given_column_outranks_every_guess_and_must_be_there() {
        let given = Columns { text: Some("summary".to_owned()), ..Columns::default() };
        assert_eq!(chosen(&["text", "summary"], &given).unwrap(), ["text=summary"]);
        assert_eq!(
            chosen(&["text", "body"], &given).unwrap_err(),
            "no column “summary”, which was to hold the text; there are text, body"
        );
        assert!(chosen(&["a", "b"], &Columns::default()).unwrap_err().ends_with("among a, b: name it"));
    }
}
