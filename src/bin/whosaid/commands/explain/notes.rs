//! What is said of quotations and entities, in words.

use whosaid::record::{ArticleRecord, EntityRecord, QuoteRecord, SpanRecord, SpeakerRecord};

use super::{QUIET, bracket_style, name_style, plain};

/// The line under a paragraph for a quotation that begins in it.
pub(super) fn quote(quote: &QuoteRecord) -> String {
    let words =
        |name: &str, span: &Option<SpanRecord>| span.as_ref().map(|span| format!("{name} “{}”", one_line(&span.text)));
    let said = [
        Some(speaker(&quote.speaker)),
        (!quote.co_speakers.is_empty()).then(|| format!("also said by {}", co_speakers(quote))),
        words("cue", &quote.cue),
        words("source", &quote.source),
        Some(format!("confidence {:.2}", quote.confidence)),
        (quote.evidence != "none").then(|| format!("evidence {}", quote.evidence)),
        quote.within.map(|outer| format!("inside {outer}")),
    ];
    let said: Vec<_> = said.into_iter().flatten().collect();
    let style = bracket_style(quote.kind);
    format!("    {style}[{}]{style:#} {}: {}\n", quote.id, quote.kind.as_str(), said.join(" · "))
}

fn co_speakers(quote: &QuoteRecord) -> String {
    quote.co_speakers.iter().map(speaker).collect::<Vec<_>>().join(" and ")
}

fn speaker(speaker: &SpeakerRecord) -> String {
    if let Some(reason) = &speaker.reason {
        return format!("no speaker, because {}", because(reason));
    }
    let who = match &speaker.name {
        Some(name) => format!("{} ({})", plain(name), speaker.kind.as_str()),
        None => format!("an unnamed speaker ({})", speaker.kind.as_str()),
    };
    let more = [("title", &speaker.title), ("affiliation", &speaker.affiliation)];
    more.into_iter().fold(who, |who, (name, value)| match value {
        Some(value) => format!("{who} · {name} {}", one_line(value)),
        None => who,
    })
}

/// A reason as a sentence would have it, with its word in records.
fn because(reason: &str) -> String {
    let words = match reason {
        "no_cue" => "nothing says who it comes from",
        "pronoun_unresolved" => "it is not clear whom the pronoun means",
        "ambiguous" => "several speakers are as likely",
        "low_confidence" => "the answer is less likely right than was asked for",
        other => return other.to_owned(),
    };
    format!("{words} ({reason})")
}

/// The list of entities after the article.
pub(super) fn entities(record: &ArticleRecord) -> String {
    if record.entities.is_empty() {
        return format!("{QUIET}No names were found{QUIET:#}\n");
    }
    let width = record.entities.iter().map(|entity| entity.label.chars().count()).max().unwrap_or_default();
    let lines = record.entities.iter().map(|entity| {
        let says = |quote: &&QuoteRecord| quote.speakers().any(|speaker| speaker.entity == Some(entity.id));
        let quotes = record.quotes.iter().filter(says).count();
        format!("  {}\n", described(entity, width, quotes))
    });
    format!("{QUIET}Entities{QUIET:#}\n{}", lines.collect::<String>())
}

fn described(entity: &EntityRecord, width: usize, quotes: usize) -> String {
    let style = name_style(&entity.label);
    let aliases: Vec<_> = entity.aliases.iter().map(|alias| plain(alias)).collect();
    let said = [
        Some(format!("{style}{:width$}{style:#}  {}", entity.label, plain(&entity.name))),
        (!aliases.is_empty()).then(|| format!("also {}", aliases.join(", "))),
        entity.title.as_ref().map(|title| format!("title {}", one_line(title))),
        entity.affiliation.as_ref().map(|affiliation| format!("affiliation {}", one_line(affiliation))),
        Some(counted(entity.mentions.len(), "mention")),
        (quotes > 0).then(|| counted(quotes, "quotation")),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn one_line(text: &str) -> String {
    plain(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}
