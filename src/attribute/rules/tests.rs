use crate::source::{Mark, MarkKind};
use crate::testing::{annotate, annotate_with, speakers};

#[test]
fn an_age_means_who_is_so_old_or_was_named_last() {
    let doc =
        annotate("{PER Ada Cole}, 43, met {PER Ben Hale}. {source The 43-year-old} {cue said} {content it rained}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate("{PER Ada Cole} runs the inn. {source The 34-year-old} {cue said} {content it rained}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate("{PER Ada Cole}, 43, runs the inn. {source The 34-year-old} {cue said} {content it rained}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
    let doc =
        annotate("43-year-old {PER Ada Cole} met {PER Ben Hale}. {source The 43-year-old} {cue said} {content so}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn an_age_goes_on_with_somebody_unnamed_who_spoke_before() {
    let doc = annotate(
        "{PER Ada Cole} met {PER Ben Hale}. {source Her sister} {cue said} {content it rained}.\n\n{content “It was cold,”} {source the 20-year-old} {cue said}.",
    );
    assert_eq!(speakers(&doc), ["anonymous", "anonymous"]);
}

#[test]
fn a_pronoun_means_whom_a_sentence_without_a_name_is_about() {
    let doc = annotate(
        "{PER Ada Cole} was there.\n\nA woman who lives nearby heard it from her kitchen.\n\n{content “I woke up,”} {source she} {cue said}.",
    );
    assert_eq!(speakers(&doc), ["anonymous"]);
    let doc = annotate(
        "Judge {PER Alan Pym} sat. {PER Ben Cole} spoke for him.\n\nThe judge was not persuaded. {content “It was late,”} {source he} {cue said}.",
    );
    assert_eq!(speakers(&doc), ["person Alan Pym"]);
    let doc =
        annotate("A spokesman for Mr. {PER Ben Cole} denied it. {content “It was late,”} {source he} {cue said}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
    let doc = annotate(
        "{PER Ada Cole} asked.\n\nTeachers talked. One, whose name I leave out, works in {LOC Dalby}. {content “I was late,”} {source she} {cue said}.",
    );
    assert_eq!(speakers(&doc), ["anonymous"]);
    let doc = annotate("A man left. {PER Ben Cole} stayed. {content “It was late,”} {source he} {cue said}.");
    assert_eq!(speakers(&doc), ["person Ben Cole"]);
}

#[test]
fn it_goes_on_with_the_document_that_spoke_before() {
    let doc = annotate(
        "{source A report} {cue says} {content that it rained}. {source It} {cue says} {content it was cold}.",
    );
    assert_eq!(speakers(&doc), ["document", "document"]);
}

#[test]
fn a_letter_with_a_pronoun_before_it_is_hers() {
    let doc = annotate("{PER Ada Cole} wrote to the council. {source Her letter} {cue says} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate(
        "{PER Ada Cole} cried. {source A statement written by her daughter, {PER Mira Cole},} {cue said} {content it rained}.",
    );
    assert_eq!(speakers(&doc), ["person Mira Cole"]);
}

#[test]
fn an_office_with_what_it_is_over_may_stand_before_its_name() {
    for (source, speaker) in [
        ("Leader of opposition {PER Ada Cole}", "person Ada Cole"),
        ("{LOC Northmere} Secretary of State {PER Ada Cole}", "person Ada Cole"),
        ("Chancellor of the Exchequer {PER Ada Cole}", "person Ada Cole"),
        ("Special Representative for {LOC Dalby} {PER Ada Cole}", "person Ada Cole"),
        ("Mayor of {LOC Dalby} {PER Ada Cole} (no relation)", "person Ada Cole"),
        ("Member of Parliament (MP) {PER Ada Cole} of the {ORG Green Party}", "person Ada Cole"),
        ("The brother of former mayor {PER Ada Cole}", "anonymous"),
        ("A spokesman for {ORG Dalby} {PER Ada Cole}", "anonymous"),
        ("An adviser to Finance Minister {PER Ada Cole}", "anonymous"),
        ("The leader of farmers {PER Ada Cole}", "anonymous"),
        ("The director of {LOC Dalby}'s {PER Ada Cole}", "anonymous"),
    ] {
        let doc = annotate(&format!("{{source {source}}} {{cue said}} {{content that it rained}}."));
        assert_eq!(speakers(&doc), [speaker], "{source}");
    }
}

#[test]
fn one_person_may_be_two_things_at_once() {
    for (source, speaker) in [
        ("{ORG Green Party} leader and Prime Minister {PER Ada Cole}", "person Ada Cole"),
        ("Study co-author and geochemist {PER Ada Cole}", "person Ada Cole"),
        ("Officials and Prime Minister {PER Ada Cole}", "group & person Ada Cole"),
        ("His mother and brother {PER Ben}", "anonymous"),
        ("The mayor and the poet {PER Ada Cole}", "anonymous & person Ada Cole"),
    ] {
        let doc = annotate(&format!("{{source {source}}} {{cue said}} {{content that it rained}}."));
        assert_eq!(speakers(&doc), [speaker], "{source}");
    }
}

#[test]
fn one_of_a_people_may_be_named_after_a_comma() {
    let said = "{cue said} {content that it rained}.";
    let doc = annotate(&format!("{{source A {{MISC Republican}}, {{PER Ada Cole}},}} {said}"));
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate(&format!("{{source Some {{MISC Republicans}}, such as Senator {{PER Ada Cole}},}} {said}"));
    assert_eq!(speakers(&doc), ["group Ada Cole"]);
    let doc = annotate(&format!("{{source One of the study's authors, herpetologist {{PER Ada Cole}},}} {said}"));
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn a_noun_means_whom_it_stood_beside() {
    let doc = annotate(
        "The teachers union, the {ORG Northmere Alliance}, met {ORG Dalby Rail}. {source The union} {cue said} {content it rained}.",
    );
    assert_eq!(speakers(&doc), ["organisation Northmere Alliance"]);
    let doc = annotate(
        "The governorship candidate of the {ORG Green Alliance} in {LOC Dalby}, Dr. {PER Ada Cole}, met {PER Ben Hale}. {source The candidate} {cue said} {content it rained}.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn the_manager_of_one_side_is_not_that_of_the_other() {
    let doc = annotate(
        "{PER Bob Lund}, the {ORG Vale} manager, left. {source The {ORG Dalby} manager} {cue said} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["anonymous"]);
    let doc = annotate(
        "{PER Bob Lund}, the {ORG Vale} manager, left. {source The {ORG Vale} manager} {cue said} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["person Bob Lund"]);
}

#[test]
fn answers_are_those_of_the_only_person_in_the_introduction() {
    let doc = annotate(
        "{PER Ben Hale} won. {PER Ben Hale} smiled.\n\n{PER Ada Cole} took questions.\n\nQ: Did you win?\n\nA: We did.\n\nQ: Will you again?\n\nA: We will.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
}

#[test]
fn a_source_that_ends_with_the_subject_of_its_clause_is_that() {
    let doc =
        annotate("{PER Ben Hale} spoke. {source When the councillor went on he} {cue said} {content “Sit down!”}");
    assert_eq!(speakers(&doc), ["person Ben Hale"]);
}

#[test]
fn the_company_is_the_only_one_whose_name_says_that_it_is_one() {
    let doc = annotate(
        "{ORG Cole Tool Inc.} grew. {ORG Keel Research} was there. {source The company} {cue said} {content it rained}.",
    );
    assert_eq!(speakers(&doc), ["organisation Cole Tool Inc."]);
    let doc = annotate(
        "{ORG Cole Tool Inc.} met {ORG Hale Steel Ltd}. {source The company} {cue said} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["organisation"]);
}

#[test]
fn a_pronoun_with_nobody_in_reach_goes_on_with_the_last_of_its_gender() {
    let rain = "It rained. ".repeat(8);
    let doc = annotate(&format!(
        "{{PER Ada Cole}} rose. She was there.\n\n{rain}\n\n{{content “It was cold,”}} {{source she}} {{cue said}}."
    ));
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn a_name_stands_beside_a_role_that_no_list_has() {
    let doc = annotate("{source Our security lead, {PER Ada Cole},} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn a_headline_that_stands_twice_is_answered() {
    let headline = "{content “We were the last to know about it”}: {source Parents} {cue protest}";
    let doc = annotate(&format!("{headline}\n\n{headline}\n\nIt rained all day in the town and nobody came."));
    assert_eq!(speakers(&doc), ["group", "group"]);
}

#[test]
fn a_headline_may_repeat_what_stands_in_a_quotation_that_is_not_answered_yet() {
    let marks = |plain: &str| {
        let at = plain.rfind("\n\n").expect("three paragraphs") + 2;
        vec![Mark { range: at..plain.len(), kind: MarkKind::BlockQuote { block: 0 } }]
    };
    let doc = annotate_with(
        "{content “We were the last to know about it”}: {source Parents} {cue protest}\n\nIt rained.\n\n{content {source I} {cue said}, “We were the last to know about it,” and left}.",
        marks,
    );
    assert_eq!(speakers(&doc)[0], "group");
}

#[test]
fn the_subject_of_the_next_clause_is_not_in_apposition() {
    let doc = annotate("In talks with {PER Ada Cole}, {source the driver} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
    let doc = annotate(
        "Officers stopped the driver, Sheriff {PER Ada Cole} said. {source The driver} {cue said} {content so}.",
    );
    assert_eq!(speakers(&doc), ["anonymous"]);
}

#[test]
fn who_is_named_in_the_paragraph_is_meant_rather_than_somebody_unnamed() {
    let doc = annotate(
        "{PER Ada Cole} has run the shelter for years. A volunteer brings food. {content “We need it,”} {source she} {cue said}.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate(
        "{PER Ada Cole} owns three dogs. One, a collie, bit the postman. {content “He never does,”} {source she} {cue said}.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn who_is_named_in_a_question_is_not_interviewed() {
    let doc = annotate(
        "{PER Ada Cole} took questions.\n\nQ: What of {PER Ben Hale}?\n\nA: He won.\n\nQ: Will you again?\n\nA: We will.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
}

#[test]
fn a_body_that_has_no_other_name_is_the_one_that_spoke_before() {
    let first = "{source The {ORG Caldera Port Authority}} {cue said} {content that it rained}.";
    let agency = "{content “We are sorry,”} {source the agency} {cue said}.";
    assert_eq!(speakers(&annotate(&format!("{first} {agency}"))), ["organisation Caldera Port Authority"; 2]);
    let company = "{content “We are sorry,”} {source the company} {cue said}.";
    let doc = annotate(&format!("{first} {company}"));
    assert_eq!(speakers(&doc), ["organisation Caldera Port Authority", "organisation"]);
    for other in ["court", "lender"] {
        let doc = annotate(&format!("{first} {{content “We are sorry,”}} {{source the {other}}} {{cue said}}."));
        assert_eq!(speakers(&doc), ["organisation Caldera Port Authority", "organisation"], "{other}");
    }
    let another = "{content “We are sorry,”} {source the {LOC Northmere} agency} {cue said}.";
    let doc = annotate(&format!("{first} {another}"));
    assert_eq!(speakers(&doc), ["organisation Caldera Port Authority", "organisation"]);
}

#[test]
fn who_asks_is_silent_afterwards() {
    let said = "{content “We lost,”} {source {PER Ada Cole}} {cue said}. ";
    let asked = "{cue Asked} by {source reporters} {content whether it rained}, {PER Cole} shrugged.";
    let doc = annotate(&format!("{said}{asked} {{content “We play on.”}}"));
    assert_eq!(speakers(&doc), ["person Ada Cole", "group", "person Ada Cole"]);
}

#[test]
fn words_in_marks_that_begin_a_paragraph_are_whose_the_one_before_is_about() {
    let doc = annotate(
        "{PER Ben Hale} left.\n\nAsked about it, {PER Ada Cole} shrugged.\n\n{content “We play eleven, we play ten.”}",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate("{PER Ada Cole} shrugged.\n\nIt rained.\n\n{content “We play eleven, we play ten.”}");
    assert_eq!(speakers(&doc), ["unknown: no_cue"]);
}

#[test]
fn a_pronoun_goes_on_with_somebody_unnamed_who_spoke_in_the_sentence_before() {
    let first = "{PER Ada Cole} left.\n\nJurors met. {source One of them, a baker who asked not to be named,} {cue said} {content it rained}. ";
    let doc = annotate(&format!("{first}{{content “It was cold,”}} {{source she}} {{cue said}}."));
    assert_eq!(speakers(&doc), ["anonymous", "anonymous"]);
    let doc =
        annotate(&format!("{first}{{PER Ruth Hale}} nodded. {{content “It was cold,”}} {{source she}} {{cue said}}."));
    assert_eq!(speakers(&doc), ["anonymous", "person Ruth Hale"]);
    let hers = "{PER Ada Cole} fell. {source Her surgeon} {cue said} {content it would heal}. ";
    let doc = annotate(&format!("{hers}{{content “It did not,”}} {{source she}} {{cue said}}."));
    assert_eq!(speakers(&doc), ["anonymous", "person Ada Cole"]);
}

#[test]
fn the_surgeon_is_whoever_spoke_before_and_the_man_is_not() {
    let said =
        "{source {PER Ada Cole}} {cue said} {content it rained}.\n\n{content “We had six theatres,”} {cue said} ";
    let doc = annotate(&format!("{said}{{source the surgeon}}."));
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
    let doc = annotate(&format!("{said}{{source the witness}}."));
    assert_eq!(speakers(&doc), ["person Ada Cole", "anonymous"]);
    let doc = annotate(&format!("Dr {said}{{source the surgeon}}."));
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
    let doc = annotate(&format!("Captain {said}{{source the surgeon}}."));
    assert_eq!(speakers(&doc), ["person Ada Cole", "anonymous"]);
    let doc = annotate(&format!("{said}{{source the {{ORG Dalby}} surgeon}}."));
    assert_eq!(speakers(&doc), ["person Ada Cole", "anonymous"]);
}

#[test]
fn the_prime_minister_is_no_other_minister() {
    let article = "Transport minister {PER Ben Hale} resigned on Monday. It rained. ";
    let doc = annotate(&format!("{article}{{source The minister}} {{cue said}} {{content so}}."));
    assert_eq!(speakers(&doc), ["person Ben Hale"]);
    let doc = annotate(&format!("{article}{{source The former minister}} {{cue said}} {{content so}}."));
    assert_eq!(speakers(&doc), ["person Ben Hale"]);
    let doc = annotate(&format!("{article}{{source The prime minister}} {{cue said}} {{content so}}."));
    assert_eq!(speakers(&doc), ["anonymous"]);
}

#[test]
fn a_short_lead_in_goes_on_with_the_block_before() {
    let quoted = |plain: &str| {
        let kind = |n: usize| if n % 2 == 1 { MarkKind::BlockQuote { block: n as u32 } } else { MarkKind::Body };
        let mut at = 0;
        let paragraphs = plain.split("\n\n").enumerate();
        paragraphs
            .map(|(n, p)| {
                let range = at..at + p.len();
                at += p.len() + 2;
                Mark { range, kind: kind(n) }
            })
            .collect()
    };
    let lead_in = "{source {PER Ada Cole}} {cue wrote}:\n\nIt rained all day.\n\n";
    for (next, speaker) in [
        ("Later in the same piece:", "person Ada Cole"),
        ("It is not at all what anybody had told me:", "unknown: no_cue"),
    ] {
        let text = format!("{lead_in}{next}\n\nIt was cold.");
        let doc = annotate_with(&text, quoted);
        assert_eq!(speakers(&doc), ["person Ada Cole", speaker], "{next}");
    }
}

#[test]
fn a_body_before_a_titled_name_is_whose_title_it_is() {
    for (source, speaker) in [
        ("{ORG Dalby Commission}, {ORG DC}, chairwoman {PER Ada Cole}", "person Ada Cole"),
        ("{ORG Dalby Commission}, {PER Ada Cole}", "organisation Dalby Commission"),
    ] {
        let doc = annotate(&format!("{{source {source}}} {{cue said}} {{content that it rained}}."));
        assert_eq!(speakers(&doc), [speaker], "{source}");
    }
}

#[test]
fn people_of_a_place_are_not_the_place() {
    let doc = annotate("{source {LOC Northmere} exporters} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["group"]);
    let doc = annotate("{source {LOC Northmere}} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["organisation Northmere"]);
}

#[test]
fn a_medium_may_stand_before_the_noun_that_says_what_it_is() {
    for (source, speaker) in [
        ("The {ORG Northmere Wire} news agency", "organisation Northmere Wire"),
        ("{ORG Dalby Gazette} newspaper", "organisation Dalby Gazette"),
        ("A {ORG Dalby Mills} newspaper", "organisation"),
        ("The {ORG Dalby Union} agency", "organisation"),
    ] {
        let doc = annotate(&format!("{{source {source}}} {{cue said}} {{content that it rained}}."));
        assert_eq!(speakers(&doc), [speaker], "{source}");
    }
}
