//! The splitter's behaviour, one decision a test. All sentences here are made up for the purpose.

use super::*;

fn split_str(paragraph: &str) -> Vec<&str> {
    split(paragraph).map(|range| &paragraph[range]).collect()
}

/// Asserts that each item is one sentence when the items are joined by spaces.
#[track_caller]
fn assert_sentences(sentences: &[&str]) {
    assert_eq!(split_str(&sentences.join(" ")), sentences);
}

#[test]
fn white_space_alone_holds_no_sentence() {
    assert_eq!(split("").count(), 0);
    assert_eq!(split(" \t\n \u{A0}").count(), 0);
}

#[test]
fn plain_sentences_are_trimmed() {
    assert_eq!(split_str("  It rained.  We stayed in.\t"), ["It rained.", "We stayed in."]);
}

#[test]
fn a_title_before_a_name_ends_nothing() {
    assert_sentences(&["Sen. Ada Cole spoke.", "She left."]);
    assert_sentences(&["Mr. and Mrs. Cole met Gen. Ira Holt and Lt.-Gov. Jo Marsh.", "Nobody spoke."]);
    assert_sentences(&["They flew to St. Ives with Dr. Holt.", "It was warm."]);
}

#[test]
fn country_initials_end_a_sentence_before_a_determiner_and_not_before_a_name() {
    assert_sentences(&["The family was sent back to the U.S.", "The president did not object."]);
    assert_sentences(&["She has lived in the U.S. since May.", "He has not."]);
    assert_sentences(&["They met in the U.S. Senate.", "Talks failed."]);
    assert_sentences(&["Acme Inc. shares fell.", "Rivals of Acme Corp. Holdings gained."]);
    assert_sentences(&["It opens at 9 a.m. Monday.", "It shuts at 5 p.m.", "We will be there."]);
}

#[test]
fn references_hold_their_numbers() {
    assert_sentences(&["He lives at No. 5 in the row.", "See pp. 10-12 and Vol. II for more."]);
    assert_sentences(&["Asked again, he said no.", "Cole said yes."]);
    assert_sentences(&["The vote is on Jan. 5 or on Feb. 6.", "Wait."]);
    assert_sentences(&["Fruit, e.g. Bramley apples, keeps; cf. Table 2.", "Meat does not."]);
}

#[test]
fn initials_belong_to_the_name() {
    assert_sentences(&["J. K. Marsh and George W. Holt met.", "A. A. Cole did not come."]);
    assert_sentences(&["Doctors advised vitamin D.", "She took it."]);
}

#[test]
fn decimals_and_addresses_are_whole() {
    assert_sentences(&[
        "Prices rose 2.5 per cent to $3.10.",
        "Write to press@example.com or see www.example.com/a.b?c=d now.",
    ]);
    assert_sentences(&["The server runs Node.js on U.S.A. lines.", "It works."]);
}

#[test]
fn closing_marks_stay_with_the_sentence_that_they_close() {
    assert_sentences(&["\"I am done.\"", "He left."]);
    assert_sentences(&["\u{201C}I am done.\u{201D}", "He left."]);
    assert_sentences(&["'I am done.'", "He left."]);
    assert_sentences(&["She wrote: \u{201C}He told me \u{2018}no.\u{2019}\u{201D}", "Then she left."]);
    assert_sentences(&["(See below.)", "Then turn left."]);
    assert_sentences(&["It went on.", "(It always does.)", "\"We know,\" she said."]);
}

#[test]
fn a_quotation_is_split_within() {
    assert_sentences(&["\"It is over.", "We lost,\" Cole said."]);
}

#[test]
fn a_quotation_that_asks_goes_on_to_its_speaker() {
    for quotation in ["\"Why?\"", "\u{201C}Why?\u{201D}", "\u{2018}Why?\u{2019}", "\"Stop!\"", "\"I thought...\""] {
        for attribution in [
            "she asked.",
            "Cole said.",
            "Sen. Ada Cole asked.",
            "Ms. Cole, 42, asked.",
            "Prime Minister Jo van Holt told reporters.",
        ] {
            assert_sentences(&[&format!("{quotation} {attribution}"), "Nobody answered."]);
        }
        assert_sentences(&[quotation, "Cole left the room."]);
        assert_sentences(&[quotation, "The minister asked again."]);
        assert_sentences(&[quotation, "\"Because,\" he said."]);
    }
}

#[test]
fn an_ellipsis_ends_a_sentence_before_a_capital_only() {
    assert_sentences(&["He waited... and waited.", "Then he left\u{2026}", "Nobody came."]);
    assert_sentences(&["He waited . . . and waited.", "It rained..."]);
    assert_sentences(&["We were \u{2026} let us say \u{2026} surprised.", "So were they."]);
}

#[test]
fn footnote_marks_belong_to_the_sentence_before() {
    assert_sentences(&["The tower fell.[3]", "It was rebuilt. [4][12]", "It fell again.\u{B2}", "Why?"]);
    assert_sentences(&["The tower fell.[citation needed]", "It stands again."]);
}

#[test]
fn pictographs_and_emoticons_belong_to_the_sentence_before() {
    assert_sentences(&["We won! \u{1F600}\u{1F3FD}", "See you \u{2026}!!! \u{2764}\u{FE0F}", "Bye."]);
    assert_sentences(&["The soup was good. :)", "We will be back :-)", "Prices are fair."]);
}

#[test]
fn list_numbers_belong_to_their_items() {
    assert_sentences(&["1. Buy bread.", "2. Buy milk."]);
    assert_sentences(&["a. Buy bread.", "b. Buy milk."]);
    assert_sentences(&["It closed in 2009.", "In 2012 it opened again."]);
}

#[test]
fn a_forgotten_space_still_ends_a_sentence() {
    assert_eq!(split_str("We came to the end.Then we left."), ["We came to the end.", "Then we left."]);
    assert_eq!(
        split_str("We ask the U.S.A. and Foo.Bar and Ask.Com here."),
        ["We ask the U.S.A. and Foo.Bar and Ask.Com here."]
    );
}

#[test]
fn names_with_an_exclamation_mark_go_on() {
    assert_sentences(&["Yahoo! Mail was down.", "Yahoo! said it knew."]);
}

#[test]
fn text_without_capitals_is_split_at_full_stops() {
    assert_sentences(&["the room was small.", "we left early!", "nobody cared."]);
    assert_sentences(&["The dept. of works and the assn. of cooks met."]);
}

#[test]
fn run_together_messages_are_split_where_they_leave_a_trace() {
    assert_sentences(&["The pages are at http://example.com/a/b", "Have a look."]);
    assert_sentences(&["I will send the list by noon", "Please call me"]);
    assert_sentences(&["Hi Ada,", "Can you send the list?"]);
    assert_sentences(&["Jo Holt", "03/15/2001 04:11 PM", "Good day to all."]);
    assert_sentences(&["The rooms were clean", "This is where we stay."]);
    assert_sentences(&["She read The Way We Were and saw The Way Back.", "\"Thanks, Ada,\" he said."]);
}

#[test]
fn a_hard_wrap_is_no_boundary() {
    let wrapped = "The council said on Monday that the bridge over the river\nMarle would stay shut until Sen. Ada Cole and the\nMinistry of Works had agreed on who should pay for it.\nNobody could say when.";
    assert_eq!(
        split_str(wrapped),
        [&wrapped[..wrapped.len() - "\nNobody could say when.".len()], "Nobody could say when."]
    );
}

#[test]
fn a_line_much_shorter_than_its_neighbours_is_a_headline() {
    assert_eq!(
        split_str(
            "Bridge Stays Shut\nThe council said on Monday that the bridge over the river Marle would stay shut."
        ),
        ["Bridge Stays Shut", "The council said on Monday that the bridge over the river Marle would stay shut."]
    );
}

#[test]
fn short_items_on_lines_of_their_own_are_sentences() {
    assert_eq!(split_str("Apples\nPears\nRed plums"), ["Apples", "Pears", "Red plums"]);
    assert_eq!(split_str("Bring:\n- warm clothes\n- a lamp"), ["Bring:", "- warm clothes", "- a lamp"]);
}

#[test]
fn one_sentence_a_line_is_kept() {
    assert_eq!(
        split_str("CRICKET - MARLE BEAT HOLT\nADA COLE\nMarle beat Holt by three runs on Friday .\nIt was close ."),
        ["CRICKET - MARLE BEAT HOLT", "ADA COLE", "Marle beat Holt by three runs on Friday .", "It was close ."]
    );
}

#[test]
fn windows_line_ends_leave_no_trace() {
    assert_eq!(
        split_str("Rain Ahead\r\nIt will rain on Monday in the whole of the north.\r\n"),
        ["Rain Ahead", "It will rain on Monday in the whole of the north."]
    );
}

/// Checks what [`split`] promises of any text.
#[track_caller]
fn assert_promises(text: &str) {
    let mut end = 0;
    for range in split(text) {
        assert!(range.start < range.end && range.start >= end, "{range:?} in {text:.80?}");
        assert!(text[end..range.start].trim().is_empty(), "{range:?} leaves text out in {text:.80?}");
        assert_eq!(text[range.clone()].trim(), &text[range.clone()], "{text:.80?}");
        end = range.end;
    }
    assert!(text[end..].trim().is_empty(), "the end is left out in {text:.80?}");
}

#[test]
fn any_text_is_covered_in_order_and_trimmed() {
    // Every piece that the rules look for, and a few that they do not expect, in every arrangement that a
    // fixed pseudo-random walk comes by.
    const PIECES: &[&str] = &[
        ".",
        "!",
        "?",
        "\u{2026}",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\0",
        "\"",
        "'",
        "\u{201D}",
        "\u{2019}",
        "\u{201C}",
        "(",
        ")",
        "[",
        "]",
        "[3]",
        " [12]",
        "[citation needed]",
        "U.S",
        "Mr",
        "A",
        "a",
        "I",
        "The",
        "the",
        "said",
        "Cole",
        "1",
        "03/15/2001 04:11 PM",
        ":)",
        "http://",
        "www.",
        "-----",
        "- ",
        ",",
        ":",
        "Hi",
        "Thanks",
        "\u{1F600}",
        "\u{200D}",
        "\u{FE0F}",
        "\u{301}",
        "\u{B2}",
        "\u{A0}",
        "\u{2028}",
        "\u{FEFF}",
        "\u{E9}",
        "\u{C9}",
        "\u{10FFFF}",
        "\u{4E2D}",
        "\u{2022}",
        "\u{2014}",
        "\u{1C5}",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut next = |bound: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap_or(0) % bound
    };
    for _ in 0..20_000 {
        let len = 1 + next(24);
        let text: String = (0..len).map(|_| PIECES[next(PIECES.len())]).collect();
        assert_promises(&text);
    }
}

#[test]
fn huge_runs_take_linear_time() {
    // In quadratic time any of these would take minutes.
    for unit in [
        ".",
        "a",
        " ",
        "\n",
        "\r\n",
        ". ",
        "! ",
        "\"",
        ".\"",
        ")",
        "[",
        "[1]",
        ".[1] ",
        "\u{2026}",
        "\u{1F600}",
        ".\u{1F600} ",
        "Mr. ",
        "A. ",
        "a\n",
        "? Al ",
        "\u{301}",
        "- ",
        "\u{E9}",
    ] {
        assert_promises(&unit.repeat(60_000));
    }
    let (dashes, words) = ("-".repeat(300_000), "a. a ".repeat(60_000));
    assert_promises(&format!("{dashes}{words}"));
    assert_promises(&format!("{words}{dashes}\n{words}"));
    assert_promises(&"a".repeat(1_000_000));
}
