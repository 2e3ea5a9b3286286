//! Puts gold and predicted articles side by side, over one text and in one unit.
//!
//! A score over the wrong text looks like any other score. So whatever makes offsets doubtful ends the comparison: an id
//! that two articles have, a text that is not the gold's, an offset outside it. What only makes a score low (an article
//! without prediction) is counted, as empty, and said.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::record::{OffsetUnit, Offsets};

use super::annotated::Annotated;
use super::error::{EvalError, Side, Warning};
use super::place::Place;

/// An article with both annotations of it. All offsets are code points of its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// What the gold calls it.
    pub id: String,
    /// Its text.
    pub text: Vec<char>,
    /// What is right.
    pub gold: Annotated,
    /// What is scored; without any layer if there is no prediction.
    pub predicted: Annotated,
}

/// Articles side by side, in the gold's order, and what was odd about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Aligned {
    /// The articles.
    pub pairs: Vec<Pair>,
    /// What was odd.
    pub warnings: Vec<Warning>,
}

/// How many characters of a text are shown where it differs.
const SHOWN: usize = 30;

/// Finds the prediction of each gold article.
///
/// Articles are matched by id. A predicted id that is the path of a file matches the gold article called like the file
/// without its extension, so that `whosaid annotate corpus/*.txt` can be scored against the annotations in `corpus`.
///
/// # Errors
/// If an id is not unique on its side, no id of one side is on the other, a gold article has no text, the texts of a pair
/// differ, or offsets lie outside the text.
pub fn align(gold: Vec<Annotated>, predicted: Vec<Annotated>) -> Result<Aligned, EvalError> {
    let mut numbers = HashMap::with_capacity(gold.len());
    for (i, article) in gold.iter().enumerate() {
        if numbers.insert(article.id.clone(), i).is_some() {
            return Err(EvalError::Duplicate { side: Side::Gold, id: article.id.clone() });
        }
    }
    let first_predicted = predicted.first().map(|article| article.id.clone());
    let mut answers = BTreeMap::new();
    let mut unwanted = Vec::new();
    for article in predicted {
        let stem = || Path::new(&article.id).file_stem()?.to_str();
        let number = numbers.get(&article.id).or_else(|| numbers.get(stem()?)).copied();
        match number {
            None => unwanted.push(article.id),
            Some(number) => {
                let id = article.id.clone();
                if answers.insert(number, article).is_some() {
                    return Err(EvalError::Duplicate { side: Side::Predicted, id });
                }
            }
        }
    }
    if let (true, Some(predicted), Some(gold)) = (answers.is_empty(), first_predicted, gold.first()) {
        return Err(EvalError::NothingInCommon { predicted, gold: gold.id.clone() });
    }
    let of = gold.len();
    let (mut pairs, mut missing, mut failed) = (Vec::with_capacity(of), Vec::new(), Vec::new());
    for (number, gold) in gold.into_iter().enumerate() {
        let mut answer = answers.remove(&number);
        match &answer {
            None => missing.push(gold.id.clone()),
            Some(Annotated { error: Some(error), .. }) => failed.push((gold.id.clone(), error.clone())),
            Some(_) => {}
        }
        answer = answer.filter(|answer| answer.error.is_none());
        pairs.push(pair(gold, answer.unwrap_or_default())?);
    }
    let mut warnings = Vec::new();
    if let Some(first) = missing.first() {
        warnings.push(Warning::Missing { count: missing.len(), of, first: first.clone() });
    }
    if let Some((first, error)) = failed.first() {
        warnings.push(Warning::Failed { count: failed.len(), first: first.clone(), error: error.clone() });
    }
    if let Some(first) = unwanted.first() {
        warnings.push(Warning::Unwanted { count: unwanted.len(), first: first.clone() });
    }
    Ok(Aligned { pairs, warnings })
}

fn pair(mut gold: Annotated, mut predicted: Annotated) -> Result<Pair, EvalError> {
    let id = std::mem::take(&mut gold.id);
    let Some(text) = gold.text.take() else { return Err(EvalError::NoText { id }) };
    if let Some(other) = predicted.text.take().filter(|other| *other != text) {
        let at = text.chars().zip(other.chars()).take_while(|(a, b)| a == b).count();
        let shown = |text: &str| text.chars().skip(at).take(SHOWN).collect();
        return Err(EvalError::TextDiffers { at, gold: shown(&text), predicted: shown(&other), id });
    }
    let chars: Vec<char> = text.chars().collect();
    to_chars(&mut gold, Side::Gold, &id, &text, chars.len())?;
    to_chars(&mut predicted, Side::Predicted, &id, &text, chars.len())?;
    Ok(Pair { id, text: chars, gold, predicted })
}

/// Makes every offset count code points, and refuses those that are no place in the text.
fn to_chars(article: &mut Annotated, side: Side, id: &str, text: &str, chars: usize) -> Result<(), EvalError> {
    let unit = std::mem::take(&mut article.unit);
    let (from, to) = (Offsets::new(text, unit), Offsets::new(text, OffsetUnit::Char));
    article.visit(|layer, index, place| {
        let changed = match unit {
            // Code points are looked up in no table: an offset is a place unless it is past the end.
            OffsetUnit::Char => (place.end as usize <= chars).then_some(*place),
            OffsetUnit::Byte | OffsetUnit::Utf16 => {
                let char_at = |offset| Some(to.of_byte(from.to_byte(offset)?));
                char_at(place.start).zip(char_at(place.end)).map(|(start, end)| Place { start, end })
            }
        };
        let length = from.of_byte(text.len());
        let wrong =
            EvalError::OutOfText { side, id: id.to_owned(), layer, index, place: *place, length, unit: unit.as_str() };
        *place = changed.filter(|place| place.start <= place.end).ok_or(wrong)?;
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(id: &str, text: &str, sentence: (u32, u32)) -> Annotated {
        let sentences = Some(vec![Place { start: sentence.0, end: sentence.1 }]);
        Annotated { id: id.to_owned(), text: Some(text.to_owned()), sentences, ..Annotated::default() }
    }

    fn refused(gold: Vec<Annotated>, predicted: Vec<Annotated>) -> String {
        align(gold, predicted).unwrap_err().to_string()
    }

    #[test]
    fn offsets_in_bytes_and_in_utf_16_become_code_points() {
        // “😀 ” has two code points, three units of UTF-16 and five bytes.
        for (unit, start, end) in [(OffsetUnit::Byte, 5, 8), (OffsetUnit::Utf16, 3, 6)] {
            let predicted = Annotated { unit, text: None, ..article("a", "", (start, end)) };
            let aligned = align(vec![article("a", "😀 Ada", (2, 5))], vec![predicted]).unwrap();
            assert_eq!(aligned.pairs[0].predicted.sentences, aligned.pairs[0].gold.sentences);
        }
    }

    #[test]
    fn an_article_without_a_prediction_is_empty_and_one_that_nobody_asked_for_is_left_out() {
        let gold = vec![article("a", "One.", (0, 4)), article("b", "Two.", (0, 4))];
        let aligned = align(gold, vec![article("b", "Two.", (0, 4)), article("c", "Three.", (0, 6))]).unwrap();
        assert_eq!(aligned.pairs[0].predicted.sentences, None);
        assert_eq!(aligned.pairs[1].predicted.sentences.as_ref().unwrap().len(), 1);
        let told: Vec<_> = aligned.warnings.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "1 of 2 gold articles have no prediction and count as empty; the first is \"a\"",
                "1 predicted articles are not in the gold and are left out; the first is \"c\""
            ]
        );
    }

    #[test]
    fn the_path_of_a_file_stands_for_its_name() {
        let aligned = align(vec![article("a", "One.", (0, 4))], vec![article("in/a.txt", "One.", (0, 4))]).unwrap();
        assert_eq!((aligned.pairs[0].id.as_str(), aligned.warnings.len()), ("a", 0));
        let twice = vec![article("a", "One.", (0, 4)), article("in/a.txt", "One.", (0, 4))];
        assert_eq!(
            refused(vec![article("a", "One.", (0, 4))], twice),
            "two predicted articles have the id \"in/a.txt\", but an id must name one"
        );
    }

    #[test]
    fn an_error_record_is_empty_and_is_not_blamed_for_its_text() {
        let failed = Annotated { error: Some("not UTF-8".to_owned()), ..article("a", "", (0, 0)) };
        let aligned = align(vec![article("a", "One.", (0, 4))], vec![failed]).unwrap();
        assert_eq!(aligned.pairs[0].predicted, Annotated::default());
        assert!(aligned.warnings[0].to_string().ends_with("the first is \"a\": not UTF-8"));
    }

    #[test]
    fn what_makes_offsets_doubtful_is_refused_with_what_was_met() {
        let one = || article("a", "One.", (0, 4));
        assert!(refused(vec![one(), one()], vec![]).starts_with("two gold articles have the id \"a\""));
        assert!(refused(vec![one()], vec![article("z", "One.", (0, 4))]).contains("are like \"z\""));
        assert!(
            refused(vec![one()], vec![article("a", "Once.", (0, 4))])
                .contains("differ from code point 2 on: the gold has \"e.\", the prediction \"ce.\"")
        );
        for (start, end) in [(0, 5), (3, 2), (u32::MAX, u32::MAX)] {
            let error = refused(vec![one()], vec![article("a", "One.", (start, end))]);
            assert!(error.contains(&format!("sentences[0] has the offsets {start}..{end}")), "{error}");
            assert!(error.ends_with("a text of 4 chars"), "{error}");
        }
    }
}
