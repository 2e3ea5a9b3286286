//! From scores of pieces to names, as the token-classification pipeline of `transformers` does it: what a word is called
//! is decided by one of its pieces or by all of them, and neighbours that agree are one name.

use std::str::FromStr;

use super::labels::{Meaning, Position};
use super::vocabulary::Piece;

/// How the scores of a word's pieces become the word's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Aggregation {
    /// Not at all: every piece is on its own, and a name may begin within a word.
    Simple,
    /// The first piece's count.
    #[default]
    First,
    /// Those of the piece that is surest of anything.
    Max,
    /// Their mean.
    Average,
}

impl FromStr for Aggregation {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        match name {
            "simple" => Ok(Self::Simple),
            "first" => Ok(Self::First),
            "max" => Ok(Self::Max),
            "average" => Ok(Self::Average),
            other => Err(format!("aggregation is {other:?}")),
        }
    }
}

/// A stretch of text that the network gives one kind.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    /// Where it stands, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The number of its first label.
    pub(crate) label: usize,
    /// The mean probability of its parts.
    pub(crate) score: f32,
}

/// A word, or under [`Aggregation::Simple`] a piece, with its label.
struct Part {
    start: usize,
    end: usize,
    label: usize,
    score: f32,
    opens: bool,
}

/// All groups of an article, those that are no names included. `probabilities` has a row for each piece.
pub(crate) fn groups(
    pieces: &[Piece],
    probabilities: &[f32],
    meanings: &[Meaning],
    aggregation: Aggregation,
) -> Vec<Group> {
    let row = |i: usize| &probabilities[i * meanings.len()..(i + 1) * meanings.len()];
    let mut parts: Vec<Part> = Vec::new();
    let mut first = 0;
    while first < pieces.len() {
        let joined =
            pieces[first + 1..].iter().take_while(|p| p.continues && aggregation != Aggregation::Simple).count();
        let last = first + joined;
        let scores = of_word(&(first..=last).map(row).collect::<Vec<_>>(), aggregation);
        let label = greatest(&scores);
        let (start, end, opens) = (pieces[first].start, pieces[last].end, pieces[first].opens);
        parts.push(Part { start, end, label, score: scores[label], opens });
        first = last + 1;
    }
    let mut groups: Vec<Group> = Vec::new();
    let (mut members, mut closed) = (0.0, true);
    for part in parts {
        let meaning = &meanings[part.label];
        let goes_on = !closed
            && !part.opens
            && matches!(meaning.position, Position::Inside | Position::End)
            && groups.last().is_some_and(|open| meanings[open.label].kind == meaning.kind);
        match groups.last_mut() {
            Some(open) if goes_on => {
                open.score += (part.score - open.score) / (members + 1.0);
                open.end = part.end;
                members += 1.0;
            }
            _ => {
                groups.push(Group { start: part.start, end: part.end, label: part.label, score: part.score });
                members = 1.0;
            }
        }
        closed = matches!(meaning.position, Position::End | Position::Single);
    }
    groups
}

/// The scores of a word from those of its pieces.
fn of_word(rows: &[&[f32]], aggregation: Aggregation) -> Vec<f32> {
    match aggregation {
        Aggregation::Simple | Aggregation::First => rows[0].to_vec(),
        Aggregation::Max => {
            let most = |row: &[f32]| row[greatest(row)];
            rows.iter().fold(rows[0], |best, row| if most(row) > most(best) { row } else { best }).to_vec()
        }
        Aggregation::Average => {
            let mean = |label: usize| rows.iter().map(|row| row[label]).sum::<f32>() / rows.len() as f32;
            (0..rows[0].len()).map(mean).collect()
        }
    }
}

/// The first of the greatest values.
fn greatest(values: &[f32]) -> usize {
    (0..values.len()).fold(0, |best, i| if values[i] > values[best] { i } else { best })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::checkpoint::labels;

    /// "New York-er": pieces of 1 byte, of which the last two continue the second word.
    fn found(names: &[&str], rows: &[&[f32]], aggregation: Aggregation) -> Vec<(usize, usize, String)> {
        let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
        let meanings = labels::read(&names, &BTreeMap::new()).unwrap();
        let piece = |i: usize| Piece { id: 0, start: i, end: i + 1, continues: i >= 2, opens: i == 0 };
        let pieces: Vec<Piece> = (0..rows.len()).map(piece).collect();
        let groups = groups(&pieces, &rows.concat(), &meanings, aggregation);
        let names = groups.iter().filter(|g| meanings[g.label].label.is_some());
        names.map(|g| (g.start, g.end, format!("{} {:.2}", meanings[g.label].kind, g.score))).collect()
    }

    const BIO: [&str; 3] = ["O", "B-LOC", "I-LOC"];
    const ROWS: [&[f32]; 4] = [&[0.1, 0.8, 0.1], &[0.3, 0.1, 0.6], &[0.9, 0.1, 0.0], &[0.5, 0.1, 0.4]];

    #[test]
    fn a_word_is_called_by_its_first_piece_its_surest_or_the_mean_of_all() {
        assert_eq!(found(&BIO, &ROWS, Aggregation::Simple), [(0, 2, "LOC 0.70".to_owned())]);
        assert_eq!(found(&BIO, &ROWS, Aggregation::First), [(0, 4, "LOC 0.70".to_owned())]);
        assert_eq!(found(&BIO, &ROWS, Aggregation::Max), [(0, 1, "LOC 0.80".to_owned())]);
        assert_eq!(found(&BIO, &ROWS, Aggregation::Average), [(0, 1, "LOC 0.80".to_owned())]);
    }

    #[test]
    fn ends_and_singles_close_a_name() {
        let names = ["O", "B-PER", "E-PER", "S-PER"];
        let row = |label: usize| -> Vec<f32> { (0..4).map(|i| if i == label { 1.0 } else { 0.0 }).collect() };
        let rows: Vec<Vec<f32>> = [1, 2, 3, 3].map(row).to_vec();
        let rows: Vec<&[f32]> = rows.iter().map(Vec::as_slice).collect();
        let wanted = [(0, 2), (2, 3), (3, 4)].map(|(a, b)| (a, b, "PER 1.00".to_owned()));
        assert_eq!(found(&names, &rows, Aggregation::Simple), wanted);
    }

    #[test]
    fn without_prefixes_neighbours_of_one_label_are_one_name() {
        let rows: [&[f32]; 2] = [&[0.2, 0.8], &[0.4, 0.6]];
        assert_eq!(found(&["O", "PERSON"], &rows, Aggregation::First), [(0, 2, "PERSON 0.70".to_owned())]);
    }
}
