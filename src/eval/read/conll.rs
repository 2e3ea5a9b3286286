//! CoNLL: a token and its tag on a line.
//!
//! Tokens are made into running text, so that a tool does its own sentence splitting and tokenisation, as on an article:
//! brackets, commas and clitics are closed up, each sentence is a line. The first column is the token and the last the
//! tag, in columns that tabs separate, or spaces where no tab is. Both ways of writing the tags are read: a name begins
//! at a `B-`, and at an `I-` that does not go on with a name of its label. A set without `-DOCSTART-` lines is cut into
//! documents of 20 sentences.

use super::super::annotated::{Annotated, Named};
use super::super::place::{Place, is_space};
use super::LineError;

/// Sentences in a document of a set that does not say where its documents end.
const SENTENCES: usize = 20;

/// A token and what its tag says.
#[derive(Clone, Copy)]
struct Token<'a> {
    text: &'a str,
    tag: Tag<'a>,
}

#[derive(Clone, Copy)]
enum Tag<'a> {
    Outside,
    Begins(&'a str),
    GoesOn(&'a str),
}

type Sentence<'a> = Vec<Token<'a>>;

/// Reads articles. They are called by their numbers: `d00000`, `d00001`.
pub(super) fn articles(text: &str) -> Result<Vec<Annotated>, LineError> {
    let documents = documents(text)?;
    Ok(documents.iter().enumerate().map(|(number, sentences)| article(number, sentences)).collect())
}

fn documents(text: &str) -> Result<Vec<Vec<Sentence<'_>>>, LineError> {
    let (mut documents, mut sentences, mut sentence) = (Vec::new(), Vec::new(), Vec::new());
    // A lone carriage return ends a line as well, as it does for Python.
    for (number, line) in
        text.split('\n').flat_map(|line| line.strip_suffix('\r').unwrap_or(line).split('\r')).enumerate()
    {
        let is_start = line.starts_with("-DOCSTART-");
        if is_start || line.chars().all(is_space) {
            end(&mut sentence, &mut sentences);
            if is_start {
                end(&mut sentences, &mut documents);
            }
        } else if let Some(token) = token(line).map_err(|reason| (number + 1, reason))? {
            sentence.push(token);
        }
    }
    end(&mut sentence, &mut sentences);
    end(&mut sentences, &mut documents);
    // Two, because some sets have the line once, before everything.
    if documents.len() <= 2 {
        let all: Vec<_> = documents.into_iter().flatten().collect();
        documents = all.chunks(SENTENCES).map(<[_]>::to_vec).collect();
    }
    Ok(documents)
}

/// Adds what is finished to what contains it, if it is anything.
fn end<T>(finished: &mut Vec<T>, whole: &mut Vec<Vec<T>>) {
    if !finished.is_empty() {
        whole.push(std::mem::take(finished));
    }
}

fn token(line: &str) -> Result<Option<Token<'_>>, String> {
    let (text, tag) = if let Some((text, rest)) = line.split_once('\t') {
        (text, rest.rsplit('\t').next())
    } else {
        let mut columns = line.split(is_space).filter(|column| !column.is_empty());
        (columns.next().unwrap_or_default(), columns.next_back())
    };
    if text.chars().all(is_space) {
        return Ok(None);
    }
    let Some(tag) = tag else { return Err(format!("wanted a token and a tag, met {line:?}")) };
    let tag = match tag.split_once('-') {
        _ if tag == "O" => Tag::Outside,
        Some(("B", label)) => Tag::Begins(label),
        Some(("I", label)) => Tag::GoesOn(label),
        _ => return Err(format!("wanted the tag O, B-… or I-…, met {tag:?}")),
    };
    Ok(Some(Token { text, tag }))
}

fn article(number: usize, sentences: &[Sentence<'_>]) -> Annotated {
    let mut writer = Writer::default();
    for sentence in sentences {
        writer.sentence(sentence);
    }
    Annotated {
        id: format!("d{number:05}"),
        text: Some(writer.text),
        names: Some(writer.names),
        ..Annotated::default()
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    /// The length of the text in code points.
    length: u32,
    names: Vec<Named>,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.length += text.chars().count() as u32;
    }

    fn sentence(&mut self, sentence: &[Token<'_>]) {
        if !self.text.is_empty() {
            self.push("\n");
        }
        let (mut quoted, mut in_name, mut previous) = (false, false, "");
        for (i, &Token { text, tag }) in sentence.iter().enumerate() {
            let closes_up = is_closed_up(previous, text)
                // Straight marks open and close in turn, and stand close to what is between them.
                || (quoted && (text == "\"" || previous == "\""));
            if i > 0 && !closes_up {
                self.push(" ");
            }
            let start = self.length;
            self.push(text);
            quoted ^= text == "\"";
            previous = text;
            match (tag, self.names.last_mut()) {
                (Tag::GoesOn(label), Some(name)) if in_name && name.label == label => name.place.end = self.length,
                (Tag::Begins(label) | Tag::GoesOn(label), _) => {
                    self.names.push(Named { place: Place { start, end: self.length }, label: label.to_owned() });
                }
                (Tag::Outside, _) => {}
            }
            in_name = !matches!(tag, Tag::Outside);
        }
    }
}

/// Whether two tokens stand without a space between them.
fn is_closed_up(before: &str, after: &str) -> bool {
    let closes = matches!(
        after,
        "," | "."
            | ";"
            | ":"
            | "!"
            | "?"
            | ")"
            | "]"
            | "}"
            | "%"
            | "..."
            | "…"
            | "’"
            | "''"
            | "”"
            | "'s"
            | "'S"
            | "n't"
            | "N'T"
            | "'re"
            | "'ve"
            | "'ll"
            | "'d"
            | "'m"
            | "’s"
            | "n’t"
    );
    closes || matches!(before, "(" | "[" | "{" | "$" | "£" | "€" | "#" | "``" | "“")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<Annotated> {
        articles(text).unwrap()
    }

    fn names(article: &Annotated) -> Vec<(String, &str)> {
        let text: Vec<char> = article.text.as_ref().unwrap().chars().collect();
        let names = article.names.iter().flatten();
        names.map(|name| (name.place.of(&text).iter().collect(), name.label.as_str())).collect()
    }

    #[test]
    fn tokens_become_running_text_and_tags_names_in_it() {
        let lines = "“\tO\nAda\tB-PER\nCole\tI-PER\n’s\tO\nÉclair\tB-ORG\n(\tO\nUlm\tI-LOC\n)\tO\n,\tO\n”\tO\nshe\tO\n\n\"\tO\nYes\tO\n\"\tO\n.\tO\n";
        let [article] = &read(lines)[..] else { panic!("one article") };
        assert_eq!(article.text.as_deref(), Some("“Ada Cole’s Éclair (Ulm),” she\n\"Yes\"."));
        assert_eq!(names(article), [("Ada Cole".into(), "PER"), ("Éclair".into(), "ORG"), ("Ulm".into(), "LOC")]);
    }

    #[test]
    fn a_name_begins_at_b_and_at_an_i_of_another_label() {
        let article = &read("Ada B-PER\nBo B-PER\nUlm I-LOC\nAachen I-LOC\nthe O\nMain I-LOC\n")[0];
        let places = [("Ada", "PER"), ("Bo", "PER"), ("Ulm Aachen", "LOC"), ("Main", "LOC")];
        assert_eq!(names(article), places.map(|(name, label)| (name.to_owned(), label)));
    }

    #[test]
    fn columns_between_the_first_and_the_last_are_not_looked_at() {
        assert_eq!(names(&read("Ada NNP I-NP I-PER\r\nsat VBD I-VP O\r\n")[0]), [("Ada".into(), "PER")]);
    }

    #[test]
    fn documents_end_where_they_say_or_after_20_sentences() {
        let sentence = "Word\tO\n\n";
        assert_eq!(read(&sentence.repeat(41)).len(), 3);
        let documents = format!("-DOCSTART-\tO\n\n{sentence}").repeat(3);
        assert_eq!(read(&documents).iter().map(|a| a.id.as_str()).collect::<Vec<_>>(), ["d00000", "d00001", "d00002"]);
        assert_eq!(read(""), []);
    }

    #[test]
    fn a_line_that_is_no_token_with_a_tag_is_refused_by_its_number() {
        assert_eq!(
            articles("Ada\tO\nlonely\n").unwrap_err(),
            (2, "wanted a token and a tag, met \"lonely\"".to_owned())
        );
        assert_eq!(articles("Ada\tPER\n").unwrap_err(), (1, "wanted the tag O, B-… or I-…, met \"PER\"".to_owned()));
    }
}
