use crate::document::QuoteView;
use crate::source::{Mark, MarkKind};
use crate::testing::{annotate, annotate_with, quotes};

#[test]
fn an_indirect_quotation_is_its_content_with_cue_and_source() {
    let doc = annotate("{source Officials} {cue said} {content that the bridge was closed}.");
    assert_eq!(quotes(&doc), ["indirect [that the bridge was closed] said / Officials"]);
}

#[test]
fn a_quotation_split_around_its_cue_is_one_quotation() {
    let doc = annotate("“I am,” {cue said} {source Ada}, “happy.” He left.");
    assert_eq!(quotes(&doc), ["direct [“I am,”] [“happy.”] said / Ada"]);
}

#[test]
fn words_in_marks_need_no_tagger_where_a_verb_of_speech_stands_beside_them() {
    let doc = annotate("\"The bridge will open in May,\" {PER Ada Cole} said. She smiled.");
    assert_eq!(quotes(&doc), ["direct [\"The bridge will open in May,\"] said / Ada Cole"]);
    let doc = annotate("{PER Ada Cole} said: ‘We’ll see.’");
    assert_eq!(quotes(&doc), ["direct [‘We’ll see.’] said / Ada Cole"]);
}

#[test]
fn content_with_a_few_words_in_marks_is_mixed() {
    let doc = annotate("{source She} {cue called} {content the plan “a bookmark with no book”}.");
    assert_eq!(quotes(&doc), ["mixed [the plan “a bookmark with no book”] called / She"]);
}

#[test]
fn content_snaps_to_the_marks_that_it_mostly_fills() {
    let doc = annotate("“It {content is the boys’ room that I cannot forgive}, ever,” {source she} {cue said}.");
    assert_eq!(quotes(&doc), ["direct [“It is the boys’ room that I cannot forgive, ever,”] said / she"]);
}

#[test]
fn who_is_named_after_by_is_the_source_whatever_else_is_near() {
    let doc = annotate("{cue Asked} by one reporter {content if it rained}, {source she} smiled.");
    assert_eq!(quotes(&doc), ["indirect [if it rained] Asked / one reporter"]);
    let doc = annotate("{source She}, {cue asked} by one reporter {content if it rained}, smiled.");
    assert_eq!(quotes(&doc), ["indirect [if it rained] asked / one reporter"]);
    let doc = annotate("It was {cue described} by {source a senior official} {content as late}.");
    assert_eq!(quotes(&doc), ["indirect [as late] described / a senior official"]);
}

#[test]
fn nicknames_titles_and_scare_quotes_are_nobodys_speech() {
    for text in [
        "A tweet about \"Crooked Hillary\" went out.",
        "She read “The Long Tide” again.",
        "He will tweet about \"fake news\" soon.",
    ] {
        assert_eq!(quotes(&annotate(text)), [""; 0], "{text}");
    }
}

#[test]
fn speech_over_several_paragraphs_is_one_quotation() {
    let doc = annotate(
        "“It was cold,” {source she} {cue said}. “We waited.\n\n“Then it rained.\n\n“And we left.” Nobody spoke.",
    );
    assert_eq!(quotes(&doc), ["direct [“It was cold,”] [“We waited.] [“Then it rained.] [“And we left.”] said / she"]);
}

#[test]
fn a_quotation_within_another_says_so() {
    let doc = annotate("{source Cole} {cue said} {content that {source officials} {cue said} the bridge was closed}.");
    assert_eq!(
        quotes(&doc),
        [
            "indirect [that officials said the bridge was closed] said / Cole",
            "indirect [the bridge was closed] said / officials"
        ]
    );
    assert_eq!(doc.quotes().nth(1).unwrap().raw().within, Some(doc.quotes().next().unwrap().id()));
}

#[test]
fn a_lead_in_opens_a_block_and_the_authors_voice_ends_it() {
    let doc = annotate(
        "{source The Post} {cue reported}:\n\nThe partner had given the material.\n\nThe partner was not asked about the material.\n\nBut the article says little more.",
    );
    assert_eq!(
        quotes(&doc),
        [
            "block [The partner had given the material.] [The partner was not asked about the material.] reported / The Post"
        ]
    );
}

#[test]
fn a_colon_alone_opens_nothing() {
    assert_eq!(quotes(&annotate("Here is what happened next:\n\nThe bridge fell into the river.")), [""; 0]);
    assert_eq!(quotes(&annotate("{PER Cole} {cue wrote}:\n\nAnd here are the pictures:\n\nThe end.")), [""; 0]);
}

#[test]
fn the_colon_of_a_lead_in_is_no_part_of_its_cue() {
    let doc = annotate("{source The Post} {cue reported:}\n\nThe partner had given the material.");
    assert_eq!(quotes(&doc), ["block [The partner had given the material.] reported / The Post"]);
}

/// Four paragraphs, of which those in the middle are marked up as a block.
fn marked_up(text: &str) -> Vec<Mark> {
    let kinds = [MarkKind::Body, MarkKind::BlockQuote { block: 0 }, MarkKind::BlockQuote { block: 0 }, MarkKind::Body];
    let mut at = 0;
    text.split("\n\n")
        .zip(kinds)
        .map(|(p, kind)| {
            let range = at..at + p.len();
            at += p.len() + 2;
            Mark { range, kind }
        })
        .collect()
}

#[test]
fn markup_makes_a_block_whatever_stands_before_it() {
    let doc = annotate_with("It rained.\n\nOne.\n\nTwo.\n\nIt stopped.", marked_up);
    assert_eq!(quotes(&doc), ["block [One.] [Two.] - / -"]);
}

#[test]
fn the_paragraph_after_a_block_may_say_whose_it_was() {
    let doc = annotate_with("It rained.\n\nOne.\n\nTwo.\n\nSo wrote {PER Ada Cole} in May.", marked_up);
    assert_eq!(quotes(&doc)[0], "block [One.] [Two.] wrote / Ada Cole");
}

#[test]
fn a_lead_in_without_a_verb_may_name_whose_words_follow() {
    for (lead_in, source) in [
        ("Here's {PER Ada Cole} in her new book:", "Ada Cole"),
        ("I have a line from the poet {PER Ada Cole} above my desk:", "Ada Cole"),
        ("Dr. {PER Ada Cole}'s letter to the board was short:", "Ada Cole"),
        (
            "{PER Ben}'s mother sobbed at a statement written by her daughter, {PER Ada Cole}, that was there:",
            "Ada Cole",
        ),
        ("I met a friend on the way:", "-"),
    ] {
        let doc = annotate_with(&format!("{lead_in}\n\nOne.\n\nTwo.\n\nIt stopped."), marked_up);
        assert_eq!(quotes(&doc)[0], format!("block [One.] [Two.] - / {source}"));
    }
}

#[test]
fn a_block_is_whose_the_paragraph_before_it_is_about() {
    for (lead_in, source) in [
        ("{PER Ada Cole} has a lovely piece about the ministry's last fax.", "Ada Cole"),
        ("My friend {PER Ada} rang me during the fifth run.", "Ada"),
        ("{PER Ada Cole} is ninety. He handed me two sheets of paper over the gate.", "He"),
        ("I put it to {PER Ada Cole}, who has worked on snails for thirty years. It rained.", "Ada Cole"),
        ("Here's the {ORG Pellworth Argus}:", "Pellworth Argus"),
        ("Judge {PER Ada Cole} reversed. From the opinion:", "Ada Cole"),
        ("From the opinion:", "the opinion"),
        ("This was in her notebook on Thursday:", "her"),
        ("I met {PER Ada Cole} on the way:", "Ada Cole"),
        ("The storm surprised the mayor.", "-"),
        ("{PER Ada Cole} at the bridge", "-"),
        ("Statement from the {ORG Northmere Trust}", "Northmere Trust"),
        ("A commenter on his post, who goes by another name, put it best.", "A commenter"),
        ("A second reader, {PER Ada Cole}, was on the other side of the counter.", "Ada Cole"),
        ("The best witness of them all was a man called {PER Ben Cole}:", "Ben Cole"),
        ("The mayor has had enough.", "The mayor"),
        ("From the minutes of the council:", "the minutes"),
        ("Our own code, which hangs outside, could hardly be plainer:", "Our own code"),
        ("The state inspector's report landed on Thursday.", "The state inspector's report"),
        ("In {ORG The Lantern}, columnist {PER Ada Cole} starts from the driver's seat.", "Ada Cole"),
        ("I have carried it into every meeting.", "-"),
        (
            "{PER Ada Cole} met {PER Ben Hale}’s {PER Mira}. It was the day when {PER Ada Cole} met {PER Ben Hale}.",
            "Ada Cole",
        ),
    ] {
        let doc = annotate_with(&format!("{lead_in}\n\nOne.\n\nTwo.\n\nIt stopped."), marked_up);
        assert_eq!(quotes(&doc)[0], format!("block [One.] [Two.] - / {source}"));
    }
}

#[test]
fn a_block_may_be_signed_without_a_dash_and_after_it() {
    let doc = annotate_with("It rained.\n\nOne.\n\nTwo.\n\n{PER Ada Cole}, Librarian, Pell Street", marked_up);
    assert_eq!(quotes(&doc)[0], "block [One.] [Two.] - / Ada Cole");
    let doc = annotate_with("It rained.\n\nOne.\n\nTwo.\n\n{PER Ada Cole}, the librarian, was late.", marked_up);
    assert_eq!(quotes(&doc)[0], "block [One.] [Two.] - / -");
    let doc = annotate_with("It rained.\n\nOne.\n\nTwo.\n\nSo {PER Ada Cole} went home.", marked_up);
    assert_eq!(quotes(&doc)[0], "block [One.] [Two.] - / -");
    let doc = annotate_with("It rained.\n\nOne.\n\nTwo.\n\nThus Sir {PER George Amory}, for the bench.", marked_up);
    assert_eq!(quotes(&doc)[0], "block [One.] [Two.] - / George Amory");
}

#[test]
fn a_signature_names_the_source_and_is_not_quoted() {
    let doc = annotate("“The work will be done by spring, and done well.”\n— {PER Jane Doe}, minister");
    assert_eq!(quotes(&doc), ["direct [“The work will be done by spring, and done well.”] - / Jane Doe"]);
}

#[test]
fn turns_of_an_interview_are_blocks_of_their_speakers() {
    let doc = annotate(
        "Q: Was it cold?\n\nSMITH: Very.\n\nAnd wet.\n\nQ: Why?\n\nSMITH: It was winter.\n\nThen the lights went out.",
    );
    assert_eq!(quotes(&doc), ["block [Very.] [And wet.] - / SMITH", "block [It was winter.] - / SMITH"]);
}

#[test]
fn who_asks_is_nobodys_source() {
    let doc = annotate(
        "{source Q}{cue :} {content Was it cold}?\n\nA: Very.\n\nQ: Why?\n\nA: It was winter.\n\nThen we left.",
    );
    assert_eq!(quotes(&doc)[0], "block [Very.] - / A");
}

#[test]
fn a_headline_can_name_its_speaker_behind_its_first_words() {
    let doc = annotate("“I fall over for a living”: {PER Ada Cole} on dancing\n\nIt rained.");
    assert_eq!(quotes(&doc), ["direct [“I fall over for a living”] - / Ada Cole"]);
    let doc = annotate("“I fall over for a living”: {PER Ada Cole} at sixty\n\nIt rained.");
    assert_eq!(quotes(&doc), ["direct [“I fall over for a living”] - / -"]);
}

#[test]
fn what_something_is_called_is_no_source() {
    let doc =
        annotate("{source The report} {cue questioned} {content the lounge, {cue calling} {source it} “a gift”}.");
    assert_eq!(quotes(&doc), ["mixed [the lounge, calling it “a gift”] questioned / The report"]);
    let doc = annotate("{content It rained}, {cue according to} {source him}.");
    assert_eq!(quotes(&doc), ["indirect [It rained] according to / him"]);
}

#[test]
fn a_headline_can_name_its_speaker_before_a_colon() {
    let doc = annotate("Mayor: “We will rebuild”\n\nThe flood came at night.");
    assert_eq!(quotes(&doc), ["direct [“We will rebuild”] - / Mayor"]);
}

#[test]
fn labels_that_name_nobody_and_do_not_come_back_are_no_turns() {
    let doc = annotate("WHAT: A concert.\n\nWHEN: On Friday.\n\nWHERE: The town hall.\n\nUPDATE: It is sold out.");
    assert_eq!(quotes(&doc), [""; 0]);
}

#[test]
fn a_quotation_before_a_marked_block_is_not_its_lead_in() {
    let marks = |text: &str| {
        let at = text.find("Look").unwrap();
        let block = MarkKind::BlockQuote { block: 0 };
        vec![Mark { range: 0..at - 2, kind: MarkKind::Body }, Mark { range: at..text.len(), kind: block }]
    };
    let doc = annotate_with("{content “We will rebuild,”} {source Cole} {cue said}.\n\nLook at this.", marks);
    assert_eq!(quotes(&doc), ["direct [“We will rebuild,”] said / Cole", "block [Look at this.] - / -"]);
}

#[test]
fn a_sentence_of_speech_that_is_tagged_in_part_is_quoted_whole() {
    let doc = annotate("“{content It rained.} Then the whole valley filled with water,” {source she} {cue said}.");
    assert_eq!(quotes(&doc), ["direct [“It rained. Then the whole valley filled with water,”] said / she"]);
}

#[test]
fn an_arc_leads_to_the_cue_past_a_nearer_one() {
    let text = "{source#2 The mayor} {cue#1>2 warned}, as {source#4 aides} {cue#3>4 said}, {content>1 that the bridge was closed}.";
    assert_eq!(quotes(&annotate(text)), ["indirect [that the bridge was closed] warned / The mayor"]);
    let arcs = [">1", ">2", ">4", "#1", "#2", "#3", "#4"];
    let by_distance = arcs.iter().fold(text.to_owned(), |text, mark| text.replace(mark, ""));
    assert_eq!(quotes(&annotate(&by_distance)), ["indirect [that the bridge was closed] said / aides"]);
}

#[test]
fn contents_whose_arcs_lead_to_two_cues_are_two_quotations() {
    let doc = annotate(
        "{source#2 She} {cue#1>2 saw} {content>1 no reason to wait} and {cue#3>2 said} {content>3 that work would begin}.",
    );
    let expected = ["indirect [no reason to wait] saw / She", "indirect [that work would begin] said / She"];
    assert_eq!(quotes(&doc), expected);
}

#[test]
fn a_cue_whose_arc_leads_nowhere_has_no_source() {
    let doc = annotate("{source The council} met. {PER Ada Cole} {cue#1>0 reportedly} {content>1 left the town}.");
    assert_eq!(quotes(&doc), ["indirect [left the town] reportedly / -"]);
}

fn first_source(marked: &str) -> Option<String> {
    let doc = annotate(marked);
    let source = doc.quotes().next().and_then(QuoteView::source);
    source.map(|source| doc.text()[source].to_owned())
}

#[test]
fn a_source_is_somebody_or_the_pronoun_of_a_clause_about_them() {
    let said = "{cue said} {content that it rained}.";
    for (tagged, wanted) in [
        ("{source {PER Ada Cole}, who} {cue said} {content that it rained}, left.", "Ada Cole"),
        ("There were {source some who} {cue said} {content that it rained}.", "who"),
        ("{source The film, titled “Rain”}, {cue said} {content that it rained}.", "The film, titled “Rain”,"),
        ("The bridge was closed, {source by officials} {cue said to think} {content that it shook}.", "officials"),
    ] {
        assert_eq!(first_source(tagged).as_deref(), Some(wanted), "{tagged}");
    }
    assert_eq!(first_source(&format!("{{source Most of whom}} {said}")).as_deref(), Some("Most of whom"));
    let doc = annotate(
        "{source His wife, who held a sign that} {cue read} {content “Fair pay”}, {cue said} {content it rained}.",
    );
    assert_eq!(
        quotes(&doc),
        ["direct [“Fair pay”] read / that", "indirect [it rained] said / His wife, who held a sign"]
    );
}

#[test]
fn nobody_reports_a_sentence_and_half_of_the_next() {
    let doc = annotate(
        "{content It rained on Friday. The bar had moved since} Tuesday, and {source Ada} {cue said} {content that it hailed}.",
    );
    assert_eq!(quotes(&doc), ["indirect [that it hailed] said / Ada"]);
}

#[test]
fn in_the_words_of_somebody_is_a_cue() {
    let doc = annotate("The plan is, in the words of {PER Jonah Pell}, “a bridge to nowhere with a toll.” It rained.");
    assert_eq!(quotes(&doc), ["direct [“a bridge to nowhere with a toll.”] in the words of / Jonah Pell"]);
    let doc = annotate("To quote {PER Jonah Pell}, “the money is gone for good.” It rained.");
    assert_eq!(quotes(&doc), ["direct [“the money is gone for good.”] To quote / Jonah Pell"]);
}

#[test]
fn a_source_ends_with_its_sentence() {
    let doc = annotate(
        "“Our members work doubles,” {cue said} {source its agent, {PER Mike Cole}. {PER Cole}} {cue said} {content that overtime had tripled}.",
    );
    assert_eq!(
        quotes(&doc),
        [
            "direct [“Our members work doubles,”] said / its agent, Mike Cole",
            "indirect [that overtime had tripled] said / Cole"
        ]
    );
}

#[test]
fn a_determiner_alone_is_no_source() {
    let doc = annotate("{source The} {ORG NTSB} {cue expects} {content to finish by autumn}.");
    assert_eq!(quotes(&doc), ["indirect [to finish by autumn] expects / The NTSB"]);
}

#[test]
fn a_signature_may_begin_with_a_title_and_stand_behind_the_marks() {
    let doc = annotate("“Clean water is a right of all of us.”\n\n— Dr. {PER Jane Doe}, Minister of Water");
    assert_eq!(quotes(&doc), ["direct [“Clean water is a right of all of us.”] - / Jane Doe"]);
    let doc = annotate("“Every member who voted for this should be ashamed.” – Sen. {PER Jim Barrow}, R-Tenn.");
    assert_eq!(quotes(&doc), ["direct [“Every member who voted for this should be ashamed.”] - / Jim Barrow"]);
}

#[test]
fn people_who_take_turns_are_an_interview_in_small_letters_too() {
    let interview = "{PER Marcus Boyle}: You turned back. Why?\n\n{PER Thea Lindgren}: My hands told me to.\n\n{PER Boyle}: Were you angry?\n\n{PER Lindgren}: Never.";
    assert_eq!(
        quotes(&annotate(interview)),
        [
            "block [You turned back. Why?] - / Marcus Boyle",
            "block [My hands told me to.] - / Thea Lindgren",
            "block [Were you angry?] - / Boyle",
            "block [Never.] - / Lindgren"
        ]
    );
    let list =
        "{PER Ada Cole}: a baker from Dalby.\n\n{PER Ben Ruiz}: a nurse from Marwick.\n\n{PER Tom Reed}: a pilot.";
    assert_eq!(quotes(&annotate(list)), [""; 0]);
}

#[test]
fn a_signature_ends_with_its_paragraph() {
    let doc = annotate("“Clean water is a right of all of us.” — The\n\n{PER Jane Doe} left.");
    assert_eq!(quotes(&doc), ["direct [“Clean water is a right of all of us.”] - / -"]);
}

#[test]
fn a_source_that_was_broken_off_is_made_whole() {
    for (marked, whole) in [
        (
            "{source {PER Ada Cole}, head of} {ORG Northmere Rail}, {cue said} {content that it rained}.",
            "Ada Cole, head of Northmere Rail,",
        ),
        (
            "{content “It rained,”} {cue said} {source {PER Ada Cole}, who led the} herd. Others left.",
            "Ada Cole, who led the herd",
        ),
        ("{content The bridge} was {cue called} by {source officials as} {content “unsafe”}.", "officials"),
    ] {
        assert_eq!(first_source(marked).as_deref(), Some(whole), "{marked}");
    }
}
