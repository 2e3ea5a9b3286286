//! brat standoff: a text, and beside it the annotations that point into it.
//!
//! The format is that of <https://brat.nlplab.org/standoff.html>; offsets are code points. Read are text-bound annotations
//! (`T`), events (`E`), relations (`R`) and attributes (`A`, `M`); notes, equivalences and normalisations are passed over.
//!
//! Types are those of PolNeAR (Newell et al. 2018), in any case. An event `Attribution:T4 Content:T3 Cue:T2 Source:T1` is a
//! quotation; a role may have several spans, numbered or not (`Source2`), and any of them may be discontinuous. Content
//! in no event is a quotation too, with the cues and sources that relations lead to from it, whatever the relations are
//! called. An attribute with one of the words `direct`, `indirect`, `mixed` or `block` is the kind of a quotation. What
//! has another type is a name with its type as label.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::super::annotated::{Annotated, Named, Quotation};
use super::super::error::{EvalError, Warning};
use super::super::place::{Place, is_space};
use super::{Format, LineError, Read, first_file, text_of};

/// Reads the annotations of a file, or of a folder: those in it, or in its `attributions`, as PolNeAR has them.
///
/// The text of `a.ann` is `a.txt` beside it or in a folder `text` beside its folder; that of `a_annotator.ann` is that of
/// `a.ann`.
pub(super) fn read(path: &Path) -> Result<Read, EvalError> {
    let mut read = Read::default();
    for file in annotation_files(path)? {
        let Some((id, text)) = text_file(&file) else {
            let wanted = format!("wanted its text, {}.txt", stem(&file));
            return Err(EvalError::Empty { path: file, wanted });
        };
        let text = text_of(&text)?;
        let annotations = text_of(&file)?;
        let wrong = |(line, reason)| EvalError::Line { path: file.clone(), line, reason };
        let standoff = Standoff::parse(&annotations).map_err(wrong)?;
        read.warnings.extend(standoff.other_words(&text, &file));
        read.articles.push(standoff.article(id, text));
    }
    // In a folder where names are annotated, an article without any has none.
    let (names, quotes) = (read.articles.iter().any(has_names), read.articles.iter().any(has_quotes));
    for article in &mut read.articles {
        article.names = article.names.take().filter(|_| names);
        article.quotes = article.quotes.take().filter(|_| quotes);
    }
    Ok(read)
}

fn has_names(article: &Annotated) -> bool {
    article.names.iter().flatten().next().is_some()
}

fn has_quotes(article: &Annotated) -> bool {
    article.quotes.iter().flatten().next().is_some()
}

fn annotation_files(path: &Path) -> Result<Vec<PathBuf>, EvalError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    for folder in [path.to_owned(), path.join("attributions")] {
        let wrong = |source| EvalError::Read { path: folder.clone(), source };
        if !folder.is_dir() {
            continue;
        }
        let entries = fs::read_dir(&folder).map_err(wrong)?.map(|entry| entry.map(|entry| entry.path()));
        let mut files: Vec<_> = entries.collect::<Result<_, _>>().map_err(wrong)?;
        files.retain(|file| file.is_file() && Format::of_path(file) == Format::Brat);
        // A folder lists its files in any order.
        files.sort();
        if !files.is_empty() {
            return Ok(files);
        }
    }
    Err(EvalError::Empty {
        path: path.to_owned(),
        wanted: "wanted .ann files in the folder or in its “attributions”".to_owned(),
    })
}

/// The file's name without `.ann` and `.gz`.
fn stem(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let name = Path::new(name.strip_suffix(".gz").unwrap_or(&name));
    name.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

/// The article's id and the file with its text.
fn text_file(annotations: &Path) -> Option<(String, PathBuf)> {
    let whole = stem(annotations);
    let folder = annotations.parent().unwrap_or(Path::new(""));
    let stems = [Some(whole.as_str()), whole.rsplit_once('_').map(|(stem, _)| stem)];
    stems.into_iter().flatten().find_map(|stem| {
        let name = format!("{stem}.txt");
        let places = [folder.join(&name), folder.join("../text").join(&name)];
        Some((stem.to_owned(), first_file(places)?))
    })
}

/// A text-bound annotation.
struct Bound<'a> {
    label: &'a str,
    places: Vec<Place>,
    words: &'a str,
}

/// An event.
struct Event<'a> {
    id: &'a str,
    line: usize,
    /// Names of roles and the ids that play them; the first is its type and its trigger.
    arguments: Vec<(&'a str, &'a str)>,
}

/// What the annotations of a file say.
#[derive(Default)]
struct Standoff<'a> {
    /// By id, in the order of the file.
    order: Vec<&'a str>,
    bound: BTreeMap<&'a str, Bound<'a>>,
    events: Vec<Event<'a>>,
    /// What relations lead to from each annotation, and back.
    related: BTreeMap<&'a str, BTreeSet<&'a str>>,
    /// Kinds of quotations, by the id of an event or an annotation.
    kinds: BTreeMap<&'a str, &'a str>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Content,
    Cue,
    Source,
}

/// The part of a type or an argument in a quotation: “Source”, “source2”.
fn role(label: &str) -> Option<Role> {
    let label = label.trim_end_matches(|c: char| c.is_ascii_digit());
    let roles = [("content", Role::Content), ("cue", Role::Cue), ("source", Role::Source)];
    roles.into_iter().find(|(name, _)| label.eq_ignore_ascii_case(name)).map(|(_, role)| role)
}

/// A type that says something about the page or the annotation, and names nothing.
fn is_no_name(label: &str) -> bool {
    role(label).is_some() || ["attribution", "discard"].iter().any(|other| label.eq_ignore_ascii_case(other))
}

impl<'a> Standoff<'a> {
    fn parse(annotations: &'a str) -> Result<Self, LineError> {
        let mut standoff = Self::default();
        for (line, number) in annotations.lines().zip(1..) {
            if !line.trim().is_empty() {
                let wrong = |wanted| (number, format!("wanted {wanted}, met {line:?}"));
                standoff.line(number, line).map_err(wrong)?;
            }
        }
        for Event { id: event, line, arguments } in &standoff.events {
            // An argument may be an event, but what is called T must be there.
            let missing = |id: &str| id.starts_with('T') && !standoff.bound.contains_key(id);
            if let Some((_, id)) = arguments.iter().find(|(_, id)| missing(id)) {
                return Err((*line, format!("{event} needs {id}, which is not there")));
            }
        }
        Ok(standoff)
    }

    /// Takes a line, or says what it should be.
    fn line(&mut self, number: usize, line: &'a str) -> Result<(), &'static str> {
        let mut columns = line.split('\t');
        let id = columns.next().unwrap_or_default();
        let rest = columns.next().unwrap_or_default();
        let mut words = rest.split(' ').filter(|word| !word.is_empty());
        match id.chars().next() {
            Some('T') => {
                const WANTED: &str = "“T1<tab>Type 0 5<tab>words”, the offsets apart by “;” where there are several";
                let (label, offsets) = rest.split_once(' ').ok_or(WANTED)?;
                let places: Vec<_> = offsets.split(';').map(place).collect::<Option<_>>().ok_or(WANTED)?;
                let words = columns.next().unwrap_or_default();
                if self.bound.insert(id, Bound { label, places, words }).is_some() {
                    return Err("an id of its own");
                }
                self.order.push(id);
            }
            Some('E') => {
                let arguments: Vec<_> =
                    words.map(|word| word.split_once(':')).collect::<Option<_>>().unwrap_or_default();
                if arguments.is_empty() {
                    return Err("“E1<tab>Type:T1 Role:T2 …”");
                }
                self.events.push(Event { id, line: number, arguments });
            }
            Some('R') => {
                let ends: Vec<_> = words.skip(1).filter_map(|word| word.split_once(':')).map(|(_, id)| id).collect();
                let [from, to] = ends[..] else { return Err("“R1<tab>Type Arg1:T1 Arg2:T2”") };
                self.related.entry(from).or_default().insert(to);
                self.related.entry(to).or_default().insert(from);
            }
            Some('A' | 'M') => {
                let (Some(name), Some(of)) = (words.next(), words.next()) else {
                    return Err("“A1<tab>Name T1 value”");
                };
                // A flag is its own value.
                let value = words.next().unwrap_or(name);
                let kinds = ["direct", "indirect", "mixed", "block"];
                if let Some(kind) = kinds.into_iter().find(|kind| value.eq_ignore_ascii_case(kind)) {
                    self.kinds.insert(of, kind);
                }
            }
            Some('N' | '*' | '#') => {}
            _ => return Err("an annotation, whose id begins with one of T E R A M N * #"),
        }
        Ok(())
    }

    /// Annotations that repeat other words than stand where they point: a sign that it is the wrong text.
    fn other_words(&self, text: &str, file: &Path) -> Option<Warning> {
        let text: Vec<char> = text.chars().collect();
        let words = |text: String| text.split(is_space).filter(|word| !word.is_empty()).collect::<String>();
        self.order.iter().find_map(|id| {
            let Bound { places, words: says, .. } = &self.bound[id];
            let stands: Vec<String> = places.iter().map(|place| slice(&text, *place)).collect();
            let stands = stands.join(" ");
            let differ = !says.is_empty() && words((*says).to_owned()) != words(stands.clone());
            differ.then(|| Warning::OtherWords {
                path: file.to_owned(),
                annotation: (*id).to_owned(),
                says: (*says).to_owned(),
                stands,
            })
        })
    }

    fn article(&self, id: String, text: String) -> Annotated {
        let names = self.order.iter().map(|id| &self.bound[id]).filter(|bound| !is_no_name(bound.label));
        let names = names.filter_map(|bound| {
            // A name has one place: that of a discontinuous one reaches over the gap.
            let place = Place { start: bound.places.first()?.start, end: bound.places.last()?.end };
            Some(Named { place, label: label(bound.label) })
        });
        Annotated {
            id,
            text: Some(text),
            names: Some(names.collect()),
            quotes: Some(self.quotations()),
            ..Annotated::default()
        }
    }

    fn quotations(&self) -> Vec<Quotation> {
        let mut used = BTreeSet::new();
        let mut quotations = Vec::new();
        for Event { id, arguments, .. } in &self.events {
            let parts = arguments.iter().filter_map(|(name, id)| Some((role(name)?, *id, self.bound.get(id)?)));
            let parts: Vec<_> = parts.collect();
            let of = |role| parts.iter().filter(move |part| part.0 == role).flat_map(|part| part.2.places.clone());
            let contents = parts.iter().filter(|part| part.0 == Role::Content).map(|part| part.1);
            used.extend(contents.clone());
            let content: Vec<_> = of(Role::Content).collect();
            if !content.is_empty() {
                let kind = std::iter::once(*id).chain(contents).find_map(|id| self.kinds.get(id));
                let (cue, source) = (of(Role::Cue).collect(), of(Role::Source).collect());
                quotations.push(Quotation {
                    kind: kind.map(|&kind| kind.to_owned()),
                    content,
                    cue,
                    source,
                    speaker: None,
                });
            }
        }
        let is = |id: &str, wanted: Role| self.bound.get(id).is_some_and(|bound| role(bound.label) == Some(wanted));
        for &id in self.order.iter().filter(|id| is(id, Role::Content) && !used.contains(*id)) {
            let related = |id: &str, wanted: Role| -> BTreeSet<&str> {
                self.related.get(id).into_iter().flatten().copied().filter(|id| is(id, wanted)).collect()
            };
            let cues = related(id, Role::Cue);
            // A source may be tied to the content, or to the cue that is.
            let mut sources = related(id, Role::Source);
            sources.extend(cues.iter().flat_map(|cue| related(cue, Role::Source)));
            let places = |ids: BTreeSet<&str>| ids.into_iter().flat_map(|id| self.bound[id].places.clone()).collect();
            quotations.push(Quotation {
                kind: self.kinds.get(id).map(|&kind| kind.to_owned()),
                content: self.bound[id].places.clone(),
                cue: places(cues),
                source: places(sources),
                speaker: None,
            });
        }
        quotations
    }
}

/// The label of a type: types are capitalised in brat and shouted elsewhere.
fn label(kind: &str) -> String {
    kind.to_ascii_uppercase()
}

fn place(offsets: &str) -> Option<Place> {
    let (start, end) = offsets.split_once(' ')?;
    Some(Place { start: start.parse().ok()?, end: end.trim_end().parse().ok()? })
}

/// The characters between two offsets, as many of them as there are.
fn slice(text: &[char], place: Place) -> String {
    let chars = text.iter().take(place.end as usize).skip(place.start as usize);
    chars.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "Ada Cole said on Monday that it rained. “We,” she told Bo, “sank.”";

    fn words(places: &[Place]) -> Vec<String> {
        let text: Vec<char> = TEXT.chars().collect();
        places.iter().map(|place| slice(&text, *place)).collect()
    }

    fn article(annotations: &str) -> Annotated {
        Standoff::parse(annotations).map_err(|(_, reason)| reason).unwrap().article("a".to_owned(), TEXT.to_owned())
    }

    fn quotations(annotations: &str) -> Vec<[Vec<String>; 3]> {
        let quotes = article(annotations).quotes.unwrap();
        quotes.iter().map(|quote| [words(&quote.content), words(&quote.cue), words(&quote.source)]).collect()
    }

    fn owned<const N: usize>(words: [&str; N]) -> Vec<String> {
        words.map(str::to_owned).to_vec()
    }

    #[test]
    fn an_attribution_event_is_a_quotation() {
        let annotations = "\
T1\tSource 0 8\tAda Cole
T2\tCue 9 13\tsaid
T3\tContent 24 38\tthat it rained
T4\tAttribution 9 13\tsaid
E1\tAttribution:T4 Content:T3 Cue:T2 Source:T1
T5\tContent 40 45;59 66\t“We,” “sank.”
T6\tSource 46 49\tshe
T7\tCue 50 54\ttold
T8\tAttribution 50 54\ttold
E2\tAttribution:T8 Source:T6 Content:T5 Cue:T7
A1\tKind E2 Direct
#1\tAnnotatorNotes T1\ta note
T9\tDiscard 0 3\tAda
";
        let found = quotations(annotations);
        assert_eq!(found[0], [owned(["that it rained"]), owned(["said"]), owned(["Ada Cole"])]);
        assert_eq!(found[1], [owned(["“We,”", "“sank.”"]), owned(["told"]), owned(["she"])]);
        let article = article(annotations);
        assert_eq!(article.names, Some(Vec::new()));
        let kinds: Vec<_> = article.quotes.iter().flatten().map(|quote| quote.kind.as_deref()).collect();
        assert_eq!(kinds, [None, Some("direct")]);
    }

    #[test]
    fn relations_lead_from_content_to_cue_and_source_in_either_direction() {
        let spans = "T1\tsource 0 8\tAda Cole\nT2\tcue 9 13\tsaid\nT3\tcontent 24 38\tthat it rained\n";
        let wanted = [owned(["that it rained"]), owned(["said"]), owned(["Ada Cole"])];
        for relations in
            ["R1\tof Arg1:T1 Arg2:T2\nR2\tof Arg1:T2 Arg2:T3", "R1\tx Arg1:T3 Arg2:T1\nR2\tx Arg1:T3 Arg2:T2"]
        {
            assert_eq!(quotations(&format!("{spans}{relations}\n")), std::slice::from_ref(&wanted));
        }
        assert_eq!(quotations(spans), [[owned(["that it rained"]), owned([]), owned([])]]);
    }

    #[test]
    fn other_types_are_names() {
        let names = article("T1\tPerson 0 8\tAda Cole\nT2\tPER 55 57\tBo\n").names.unwrap();
        assert_eq!(words(&names.iter().map(|name| name.place).collect::<Vec<_>>()), ["Ada Cole", "Bo"]);
        assert_eq!(names.iter().map(|name| name.label.as_str()).collect::<Vec<_>>(), ["PERSON", "PER"]);
    }

    #[test]
    fn a_line_that_is_no_annotation_is_refused_by_its_number() {
        for wrong in
            ["T1\tPER x 3\tAda", "T1\tPER 0\tAda", "T1", "E1\tAttribution", "R1\tof Arg1:T1", "A1\tKind", "word", "T\t"]
        {
            let Err((line, reason)) = Standoff::parse(&format!("\n{wrong}\n")) else { panic!("{wrong:?} is read") };
            assert!(line == 2 && reason.contains(&format!("met {wrong:?}")), "{line}: {reason}");
        }
        let Err((_, reason)) = Standoff::parse("E1\tAttribution:T4") else { panic!("T4 is nowhere") };
        assert_eq!(reason, "E1 needs T4, which is not there");
        assert!(Standoff::parse("T1\tPER 0 1\ta\nT1\tPER 0 1\ta\n").is_err_and(|(line, _)| line == 2));
    }

    #[test]
    fn words_that_do_not_stand_there_are_told() {
        let parsed =
            Standoff::parse("T1\tPER 0 8\tAda  Cole\nT2\tPER 90 95\tBo\n").map_err(|(_, reason)| reason).unwrap();
        let warning = parsed.other_words(TEXT, Path::new("a.ann")).unwrap().to_string();
        assert_eq!(warning, "a.ann: T2 says \"Bo\", but \"\" stands there");
    }
}
