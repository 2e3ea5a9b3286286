//! What holds of every input: no panic, and marks that keep their promises.

use proptest::prelude::*;
use whosaid::source::{Article, Format, read};

/// The promises of `Article::marks`.
fn check(article: &Article) {
    let mut end = 0;
    for mark in &article.marks {
        assert!(end <= mark.range.start, "marks overlap or are out of order: {article:?}");
        assert!(!article.text[mark.range.clone()].trim().is_empty(), "empty mark: {article:?}");
        end = mark.range.end;
    }
}

/// The further promise of rendered text: it is its paragraphs and nothing else.
fn check_rendered(article: &Article) {
    check(article);
    let marked: Vec<&str> = article.marks.iter().map(|m| &article.text[m.range.clone()]).collect();
    assert_eq!(article.text, marked.join("\n\n"));
    assert!(marked.iter().all(|paragraph| !paragraph.contains("\n\n")));
}

/// Pieces of which tag soup is made.
fn soup() -> impl Strategy<Value = String> {
    let names = "(p|div|blockquote|q|li|ul|table|tr|td|h1|h2|pre|figure|figcaption|br|b|a|nav|\
                 script|style|title|svg|template|textarea|select|noscript|footer|body|head|html|frameset)";
    let piece = prop_oneof![
        3 => names.prop_map(|name| format!("<{name}>")),
        2 => names.prop_map(|name| format!("</{name}>")),
        1 => names.prop_map(|name| format!("<{name} class='comment x' hidden/>")),
        3 => "[ \n\ta-z“”.&;#\u{a0}\r>-]{0,12}",
        1 => "\\PC{0,6}",
        1 => Just("<!--".to_owned()),
        1 => Just("&nbsp;".to_owned()),
        1 => Just("“We will see,” said the mayor of Port Marrow, who saw. ".repeat(8)),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Pieces of which Markdown is made.
fn marked_down() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "(> |- |1\\. |# |    |```|---|\\||\\*|_|`|~~|\\[x\\]\\(y\\)|!\\[|\\\\|  \n|\r\n|\t)",
        "[ \na-z“”.&;<>/:-]{0,12}",
        Just("\n\n".to_owned()),
        Just("\n|a|b|\n|-|-|\n".to_owned()),
        Just("---\ntitle: x\n---\n".to_owned()),
        Just("<blockquote>".to_owned()),
        Just("</blockquote>\n\n".to_owned()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for format in [Format::Text, Format::Markdown, Format::Html] {
            if let Ok(article) = read("any", format, &bytes) {
                check(&article);
            }
        }
    }

    #[test]
    fn any_string_is_its_own_text(source in "\\PC*") {
        let article = read("any", Format::Text, source.as_bytes()).unwrap();
        prop_assert_eq!(article.text, source.strip_prefix('\u{feff}').unwrap_or(&source));
        prop_assert!(article.marks.is_empty());
    }

    #[test]
    fn any_string_renders_to_its_paragraphs(source in any::<String>()) {
        check_rendered(&read("any", Format::Markdown, source.as_bytes()).unwrap());
        check_rendered(&read("any", Format::Html, source.as_bytes()).unwrap());
    }

    #[test]
    fn tag_soup_renders_to_its_paragraphs(source in soup()) {
        check_rendered(&read("soup", Format::Html, source.as_bytes()).unwrap());
        check_rendered(&read("soup", Format::Markdown, source.as_bytes()).unwrap());
    }

    #[test]
    fn markdown_renders_to_its_paragraphs(source in marked_down()) {
        check_rendered(&read("note", Format::Markdown, source.as_bytes()).unwrap());
    }
}
