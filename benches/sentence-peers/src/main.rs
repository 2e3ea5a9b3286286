//! Runs other crates' sentence splitters over the evaluation format, so that our figures have something to
//! stand beside.
//!
//! ```text
//! peers NAME [RULES.srx] < gold.jsonl > output.jsonl
//! ```
//!
//! Input lines are `{"id", "text"}`, output lines `{"id", "sentences": [{"start", "end"}]}` in Unicode code
//! points, the form that `score_sentences.py` reads.
//!
//! Every peer is given what our own splitter is given: one paragraph (text between blank lines) at a time. A
//! blank line is a boundary that any caller would supply, so leaving it to the peers would measure their
//! handling of line breaks rather than of sentences.

use std::error::Error;
use std::io::{self, BufRead, Write};
use std::ops::Range;
use std::str::FromStr;

use icu_segmenter::SentenceSegmenter;
use icu_segmenter::options::SentenceBreakInvariantOptions;
use serde_json::{Value, json};
use unicode_segmentation::UnicodeSegmentation;

/// A peer turns one paragraph into byte ranges, in order; white space at the edges is trimmed by the caller.
type Peer = Box<dyn Fn(&str) -> Vec<Range<usize>>>;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let name = arguments.next().unwrap_or_default();
    let peer = peer(&name, arguments.next().as_deref())?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let document: Value = serde_json::from_str(&line?)?;
        let text = document["text"].as_str().ok_or("a document has no text")?;
        let ranges: Vec<Range<usize>> = paragraphs(text)
            .flat_map(|paragraph| {
                peer(&text[paragraph.clone()])
                    .into_iter()
                    .map(move |range| range.start + paragraph.start..range.end + paragraph.start)
            })
            .filter_map(|range| trim(text, range))
            .collect();
        let sentences: Vec<Value> = in_code_points(text, &ranges)
            .into_iter()
            .map(|range| json!({"start": range.start, "end": range.end}))
            .collect();
        writeln!(out, "{}", json!({"id": document["id"], "sentences": sentences}))?;
    }
    out.flush()?;
    Ok(())
}

fn peer(name: &str, rules: Option<&str>) -> Result<Peer, Box<dyn Error>> {
    Ok(match name {
        // The Unicode default rules (UAX #29): no abbreviations at all.
        "unicode-segmentation" => Box::new(|text| {
            text.split_sentence_bound_indices()
                .map(|(start, sentence)| start..start + sentence.len())
                .collect()
        }),
        // The same rules with CLDR's tailoring.
        "icu" => Box::new(|text| {
            let segmenter = SentenceSegmenter::new(SentenceBreakInvariantOptions::default());
            let breaks: Vec<usize> = segmenter.segment_str(text).collect();
            breaks.windows(2).map(|pair| pair[0]..pair[1]).collect()
        }),
        // Kiss and Strunk's unsupervised model, with the crate's compiled English data.
        #[cfg(feature = "punkt")]
        "punkt" => {
            let model = punkt::TrainingData::english();
            Box::new(move |text| {
                punkt::SentenceByteOffsetTokenizer::<punkt::params::Standard>::new(text, &model)
                    .map(|(start, end)| start..end)
                    .collect()
            })
        }
        "sentencex" => Box::new(|text| {
            sentencex::get_sentence_boundaries("en", text)
                .iter()
                .map(|sentence| sentence.start_byte..sentence.end_byte)
                .collect()
        }),
        // The rules are data: `data/segment.srx` (LanguageTool's) lies in the crate's own source package.
        "srx" => {
            let path = rules.ok_or("srx needs a rules file: peers srx RULES.srx")?;
            let rules = srx::SRX::from_str(&std::fs::read_to_string(path)?)?.language_rules("en");
            Box::new(move |text| rules.split_ranges(text))
        }
        _ => {
            return Err("usage: peers icu|punkt|sentencex|srx|unicode-segmentation [RULES.srx]".into());
        }
    })
}

/// The byte ranges between blank lines.
fn paragraphs(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split("\n\n").map(move |paragraph| {
        let range = start..start + paragraph.len();
        start = range.end + "\n\n".len();
        range
    })
}

fn trim(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let kept = text[range.clone()].trim_start();
    let start = range.end - kept.len();
    let kept = kept.trim_end();
    (!kept.is_empty()).then(|| start..start + kept.len())
}

/// Byte ranges, ascending, as code point ranges.
fn in_code_points(text: &str, ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let (mut byte, mut point) = (0, 0);
    let mut to_point = |offset: usize| {
        point += text[byte..offset].chars().count();
        byte = offset;
        point
    };
    ranges.iter().map(|range| to_point(range.start)..to_point(range.end)).collect()
}
