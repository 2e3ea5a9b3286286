//! The time of each stage and of the whole, over the articles of `data/articles`, in bytes and in articles a second.

use std::hint::black_box;
use std::path::Path;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use whosaid::attribute::{Attribute, RuleAttributer};
use whosaid::entity::{GroupEntities, RuleGrouper};
use whosaid::mention::{FindMentions, MentionFinder};
use whosaid::quote::{FindQuotes, QuoteFinder};
use whosaid::record::OffsetUnit;
use whosaid::segment::{RuleSegmenter, Segment, Segmented, Segments};
use whosaid::source::{Article, Format, read};
use whosaid::tag::{ConvTagger, Embedded, Tag};
use whosaid::{Pipeline, Text};

fn articles() -> Vec<Article> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/articles");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("the articles").map(|entry| entry.expect("a file").path()).collect();
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        read("", Format::of_path(path), &std::fs::read(path).expect("a readable file")).expect("a readable article")
    };
    paths.iter().map(read).collect()
}

fn stages(criterion: &mut Criterion) {
    let articles = articles();
    let bytes = articles.iter().map(|a| a.text.len() as u64).sum();
    let texts: Vec<Text> = articles.iter().map(|a| Text::new(a.text.as_str()).expect("a short text")).collect();
    let tagger = ConvTagger::embedded();
    let accurate = Embedded::Accurate.tagger();
    let layouts: Vec<_> = texts.iter().zip(&articles).map(|(t, a)| RuleSegmenter.segment(t, &a.marks)).collect();
    let segments: Vec<Segments> = layouts.iter().zip(&texts).map(|(layout, text)| layout.tokenized(text)).collect();
    let docs: Vec<Segmented<'_>> =
        texts.iter().zip(&segments).map(|(text, segments)| Segmented { text, segments }).collect();
    let tags: Vec<_> = docs.iter().map(|&doc| tagger.tag(doc).expect("tags")).collect();
    let mentions: Vec<_> = docs.iter().zip(&tags).map(|(&doc, tags)| MentionFinder.find(doc, tags)).collect();
    let entities: Vec<_> =
        docs.iter().zip(&mentions).map(|(&doc, mentions)| RuleGrouper.group(doc, mentions)).collect();
    let quotes: Vec<_> = docs
        .iter()
        .zip(&tags)
        .zip(&mentions)
        .map(|((&doc, tags), mentions)| QuoteFinder.find(doc, tags, mentions))
        .collect();
    let pipeline = Pipeline::default();
    let documents: Vec<_> = articles.iter().map(|a| pipeline.annotate(a.clone()).expect("a document")).collect();

    for (unit, throughput) in
        [("bytes", Throughput::Bytes(bytes)), ("articles", Throughput::Elements(articles.len() as u64))]
    {
        let mut group = criterion.benchmark_group(unit);
        group.throughput(throughput);
        let mut bench = |name: &str, run: &dyn Fn(usize)| {
            group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| (0..articles.len()).for_each(run)));
        };
        bench("1 segment", &|i| drop(black_box(RuleSegmenter.segment(&texts[i], &articles[i].marks))));
        bench("1 tokens", &|i| drop(black_box(layouts[i].tokenized(&texts[i]))));
        bench("2 tag, fast", &|i| drop(black_box(tagger.tag(docs[i]))));
        if let Some(accurate) = &accurate {
            bench("2 tag, accurate", &|i| drop(black_box(accurate.tag(docs[i]))));
        }
        bench("3 mention", &|i| drop(black_box(MentionFinder.find(docs[i], &tags[i]))));
        bench("4 entity", &|i| drop(black_box(RuleGrouper.group(docs[i], &mentions[i]))));
        bench("5 quote", &|i| drop(black_box(QuoteFinder.find(docs[i], &tags[i], &mentions[i]))));
        bench("6 attribute", &|i| {
            drop(black_box(RuleAttributer.attribute(docs[i], &tags[i].arcs, &mentions[i], &entities[i], &quotes[i])));
        });
        bench("7 record", &|i| drop(black_box(documents[i].record(OffsetUnit::Char))));
        bench("annotate", &|i| drop(black_box(pipeline.annotate(articles[i].clone()))));
        group.finish();
    }
}

criterion_group!(benches, stages);
criterion_main!(benches);
