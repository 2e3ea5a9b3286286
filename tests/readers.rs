//! What a reader gets out of whole documents. The people, places and papers
//! in them are invented.

use std::path::Path;

use whosaid::source::{Article, Format, MarkKind, ReadError, read};

fn html(source: impl AsRef<[u8]>) -> Article {
    read("page", Format::Html, source.as_ref()).expect("HTML of ordinary depth is readable")
}

fn markdown(source: &str) -> Article {
    read("note", Format::Markdown, source.as_bytes()).expect("Markdown of ordinary depth")
}

/// The paragraphs of an article by slicing its marks.
fn paragraphs(article: &Article) -> Vec<(&str, MarkKind)> {
    article.marks.iter().map(|mark| (&article.text[mark.range.clone()], mark.kind)).collect()
}

fn of_kind(article: &Article, wanted: MarkKind) -> Vec<&str> {
    paragraphs(article).into_iter().filter(|(_, kind)| *kind == wanted).map(|(p, _)| p).collect()
}

const fn quote(block: u32) -> MarkKind {
    MarkKind::BlockQuote { block }
}

#[test]
fn the_extension_tells_the_format() {
    let format = |path: &str| Format::of_path(Path::new(path));
    assert_eq!(format("a/b.MD"), Format::Markdown);
    assert_eq!(format("b.markdown"), Format::Markdown);
    assert_eq!(format("b.Html"), Format::Html);
    assert_eq!(format("b.htm"), Format::Html);
    assert_eq!(format("b.xhtml"), Format::Html);
    assert_eq!(format("b.txt"), Format::Text);
    assert_eq!(format("html"), Format::Text);
}

#[test]
fn empty_input_is_an_article_with_empty_text() {
    for format in [Format::Text, Format::Markdown, Format::Html] {
        let article = read("nothing", format, b"").expect("nothing is readable");
        assert_eq!((article.about.id.as_str(), article.text.as_str()), ("nothing", ""));
        assert_eq!(article.marks, []);
    }
}

mod text {
    use super::*;

    #[test]
    fn text_is_kept_to_the_byte_and_has_no_marks() {
        let source = "  “No,” said Ada Quill.\r\n\r\n\u{a0}She left.\n";
        let article = read("a", Format::Text, source.as_bytes()).unwrap();
        assert_eq!(article.text, source);
        assert_eq!(article.marks, []);
    }

    #[test]
    fn a_byte_order_mark_is_not_text() {
        let article = read("a", Format::Text, "\u{feff}Hello".as_bytes()).unwrap();
        assert_eq!(article.text, "Hello");
    }

    #[test]
    fn what_is_not_utf8_is_refused_with_its_place() {
        for format in [Format::Text, Format::Markdown] {
            let error = read("a", format, b"She said \x93no\x94").unwrap_err();
            assert_eq!(error, ReadError::NotUtf8 { offset: 9, byte: 0x93 });
        }
    }
}

mod in_markdown {
    use super::*;

    #[test]
    fn inline_markup_is_dropped_and_its_text_kept() {
        let article = markdown(
            "The **mayor**, [Ada Quill](https://otter.example), ~~never~~ said `no`\n\
             and ![a boat](boat.png)meant *yes*.  \nTwice.\n",
        );
        assert_eq!(
            paragraphs(&article),
            [("The mayor, Ada Quill, never said no and meant yes.\nTwice.", MarkKind::Body)]
        );
    }

    #[test]
    fn punctuation_is_left_as_written() {
        assert_eq!(markdown("\"It's\" -- she said...").text, "\"It's\" -- she said...");
    }

    #[test]
    fn block_quotations_are_numbered_by_where_they_open() {
        let article = markdown(
            "> First.\n>\n> Still the first.\n>\n> > Nested.\n>\n> First again.\n\n\
             <!-- -->\n\n> Another.\n",
        );
        assert_eq!(
            paragraphs(&article),
            [
                ("First.", quote(0)),
                ("Still the first.", quote(0)),
                ("Nested.", quote(1)),
                ("First again.", quote(0)),
                ("Another.", quote(2)),
            ]
        );
    }

    #[test]
    fn raw_html_is_read_as_html() {
        let article = markdown(
            "Before.\n\n<blockquote>\n\nThe *harbour* is shut.\n\n</blockquote>\n\n\
             After, <q>at <b>last</b></q>.\n",
        );
        assert_eq!(
            paragraphs(&article),
            [("Before.", MarkKind::Body), ("The harbour is shut.", quote(0)), ("After, “at last”.", MarkKind::Body),]
        );
    }

    #[test]
    fn each_block_has_its_kind() {
        let article = markdown(
            "# Vote\n\n- one\n- two\n  - deeper\n\n1. loose\n\n   and long\n\n\
             ```\nlet x;\n\n  y();\n```\n\n| For | Against |\n|---|---|\n| 3 | *4* |\n",
        );
        assert_eq!(
            paragraphs(&article),
            [
                ("Vote", MarkKind::Heading),
                ("one", MarkKind::List),
                ("two", MarkKind::List),
                ("deeper", MarkKind::List),
                ("loose", MarkKind::List),
                ("and long", MarkKind::List),
                ("let x;\n  y();", MarkKind::Code),
                ("For\tAgainst", MarkKind::Table),
                ("3\t4", MarkKind::Table),
            ]
        );
    }

    #[test]
    fn the_first_heading_of_level_one_is_the_title() {
        let article = markdown("## Politics\n\n# The *Otter*\nbridge\n\nText\n=\n");
        assert_eq!(article.about.title.as_deref(), Some("The Otter"));
        assert_eq!(markdown("## Politics\n").about.title, None);
    }

    #[test]
    fn front_matter_outranks_the_heading_and_is_not_text() {
        let article = markdown("---\ntitle: Bridge shut\ndate: 2024-03-02\nurl: /bridge\n---\n\n# Otter Post\n");
        assert_eq!(article.about.title.as_deref(), Some("Bridge shut"));
        assert_eq!(article.about.date.as_deref(), Some("2024-03-02"));
        assert_eq!(article.about.url.as_deref(), Some("/bridge"));
        assert_eq!(article.text, "Otter Post");
    }

    #[test]
    fn endless_nesting_is_refused() {
        let source = format!("{}x", "> ".repeat(10_000));
        let error = read("a", Format::Markdown, source.as_bytes()).unwrap_err();
        assert!(matches!(error, ReadError::TooDeep { .. }));
    }
}

mod in_html {
    use super::*;

    #[test]
    fn a_news_page_is_its_story_and_no_more() {
        let article = html(include_bytes!("pages/news.html"));
        assert_eq!(article.about.title.as_deref(), Some("Ferry operator to cut winter sailings, islanders told"));
        assert_eq!(article.about.date.as_deref(), Some("2024-11-18T06:30:00Z"));
        assert_eq!(article.about.url.as_deref(), Some("https://otterpost.example/news/ferry-winter-sailings"));

        assert!(article.text.contains(
            "“We have looked at every other option, and there isn’t one,” said \
             Tomas\u{a0}Brandvold, the operator’s managing director"
        ));
        assert_eq!(
            of_kind(&article, quote(0)),
            [
                "Twice last winter I had a patient who could not wait for the morning boat. \
                 Both of them lived because there was an evening one.",
                "I do not know what I shall say to the third.",
            ]
        );
        assert_eq!(
            of_kind(&article, MarkKind::Caption),
            ["The MV Halcyon leaves Skerra in October. Photograph: Ida Rusk/The Otter Post"]
        );
        assert_eq!(of_kind(&article, MarkKind::Heading), ["A single boat on Sundays"]);
        assert_eq!(
            of_kind(&article, MarkKind::List),
            ["Weekday sailings fall from six to four.", "The Saturday evening boat is withdrawn."]
        );
        for chrome in ["Sport", "Sign up", "Share on", "Harbour wall", "Privacy", "dataLayer"] {
            assert!(!article.text.contains(chrome), "{chrome:?} survived");
        }
    }

    #[test]
    fn a_blog_post_keeps_its_block_quotations_apart() {
        let article = html(include_bytes!("pages/blog.html"));
        assert_eq!(article.about.title.as_deref(), Some("What the mayor did not say"));
        assert_eq!(article.about.date.as_deref(), Some("2023-05-04T19:12:00+00:00"));

        let first = of_kind(&article, quote(0));
        assert!(first[0].starts_with("This town has always looked outward."));
        assert_eq!(first[1], "Mayor Leopold Finch, 2 May");
        assert_eq!(of_kind(&article, quote(1)), ["He sees the horizon because there are no boats in front of it."]);
        assert_eq!(of_kind(&article, quote(2)), ["You can print that. I retire on Friday."]);
        assert!(article.text.contains("whose numbers they are.\nThe council says"));
        assert!(!article.text.contains("soup"), "a comment was taken for the post");
    }

    #[test]
    fn a_news_brief_is_told_from_the_page_around_it() {
        let article = html(include_bytes!("pages/brief.html"));
        assert_eq!(
            paragraphs(&article),
            [
                (
                    "The harbour bridge at Port Marrow was shut on Friday after a lorry struck \
                     the east tower.",
                    MarkKind::Body
                ),
                (
                    "“Nobody was hurt,” said Inspector Dov Carrick. “We hope to reopen it by \
                     noon.”",
                    MarkKind::Body
                ),
            ]
        );
    }

    #[test]
    fn a_page_in_windows_1252_has_its_quotation_marks() {
        let article = html(
            b"<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; \
              charset=windows-1252\"></head><body><p>\x93It\x92s caf\xE9 weather,\x94 said \
              Ida Rusk \x96 twice.</p></body></html>",
        );
        assert_eq!(article.text, "“It’s café weather,” said Ida Rusk – twice.");
    }

    #[test]
    fn entities_are_characters() {
        let article = html("<p>&#8220;R&amp;D&#x201D;&nbsp;&mdash; &lt;said&gt; &unheardof;</p>");
        assert_eq!(article.text, "“R&D”\u{a0}— <said> &unheardof;");
    }

    #[test]
    fn nested_block_quotations_resume() {
        let article = html(
            "<blockquote><p>I told him:</p><blockquote>Go home.</blockquote>\
             <p>And he went.</p></blockquote><p>So Wren Okafor.</p>",
        );
        assert_eq!(
            paragraphs(&article),
            [
                ("I told him:", quote(0)),
                ("Go home.", quote(1)),
                ("And he went.", quote(0)),
                ("So Wren Okafor.", MarkKind::Body),
            ]
        );
    }

    #[test]
    fn a_pull_quote_keeps_the_caption_that_names_its_speaker() {
        let article = html(
            "<figure><blockquote><p>The tide does not read.</p></blockquote>\
             <figcaption>— Senna Vale, harbour master</figcaption></figure>",
        );
        assert_eq!(
            paragraphs(&article),
            [("The tide does not read.", quote(0)), ("— Senna Vale, harbour master", MarkKind::Caption),]
        );
    }

    #[test]
    fn a_pull_quote_keeps_the_footer_that_names_its_speaker() {
        let story = "<p>The council, which owns the bridge, would not say when it might open.";
        let article = html(format!(
            "<article>{}<blockquote class=blockquote><p>The tide does not read.</p>\
             <footer class=blockquote-footer>Senna Vale</footer></blockquote>{story}</article>\
             <footer>© The Otter Post</footer>",
            story.repeat(8)
        ));
        assert_eq!(of_kind(&article, quote(0)), ["The tide does not read.", "Senna Vale"]);
        assert!(!article.text.contains('©'));
    }

    #[test]
    fn two_breaks_end_a_paragraph() {
        let article = html("<div>“One,” said Mo.<br>\n<br>“Two,” said Jo.<br>“Three.”</div>");
        assert_eq!(
            paragraphs(&article),
            [("“One,” said Mo.", MarkKind::Body), ("“Two,” said Jo.\n“Three.”", MarkKind::Body),]
        );
    }

    #[test]
    fn a_short_page_keeps_its_skip_link_rather_than_lose_its_text() {
        let article = html("<body><a href='#m'>Skip to main content</a><p id=m>“No,” said Ada Quill.</p></body>");
        assert_eq!(
            paragraphs(&article),
            [("Skip to main content", MarkKind::Body), ("“No,” said Ada Quill.", MarkKind::Body)]
        );
    }

    #[test]
    fn a_page_that_has_text_is_never_empty() {
        for source in [
            "No.",
            "<nav>No.</nav>",
            "<table><tr><td>No.",
            "<ul><li><a href=x>No.</a></ul>",
            "<body hidden><form>No.</form>",
            "<noscript>No.</noscript>",
            "<footer style='display:none'>No.</footer>",
        ] {
            assert_eq!(html(source).text, "No.", "from {source:?}");
        }
    }

    #[test]
    fn the_name_of_the_site_is_taken_off_a_title() {
        let article = html("<title>Harbour bridge shut after lorry strikes tower | The Otter Post</title><p>Yes.");
        assert_eq!(article.about.title.as_deref(), Some("Harbour bridge shut after lorry strikes tower"));
    }

    #[test]
    fn nesting_beyond_reason_is_refused_before_it_costs_anything() {
        let error = read("a", Format::Html, "<div>".repeat(100_000).as_bytes()).unwrap_err();
        assert_eq!(error.to_string(), "elements are nested more than 512 deep; wanted at most 512");
    }
}
