use crate::testing::annotate;

fn names(marked: &str) -> Vec<String> {
    let doc = annotate(marked);
    doc.mentions().iter().map(|(_, m)| format!("{} {}", m.label.as_str(), doc.segmented().text_of(m.tokens))).collect()
}

#[test]
fn a_given_name_before_an_initial_belongs_to_the_name() {
    assert_eq!(names("Speaker Paul {PER D. Harwick} left."), ["PER Paul D. Harwick"]);
    assert_eq!(names("He met J. {PER K. Marsh} there."), ["PER J. K. Marsh"]);
    assert_eq!(names("Yesterday {PER D. Harwick} left."), ["PER D. Harwick"]);
    assert_eq!(names("They say that Donald {PER Harwick} left."), ["PER Donald Harwick"]);
    assert_eq!(names("Will {PER Harwick} leave?"), ["PER Harwick"]);
}

#[test]
fn a_nickname_in_marks_stands_inside_its_name() {
    assert_eq!(names("{PER Robert C.} \"{PER Bobby}\" {PER Harwick} left."), ["PER Robert C. \"Bobby\" Harwick"]);
    assert_eq!(names("{PER Marcia} “Cia” {PER Doyle} left."), ["PER Marcia “Cia” Doyle"]);
    assert_eq!(names("{PER Ada Cole} said \"Yes\" to {PER Harwick}."), ["PER Ada Cole", "PER Harwick"]);
}

#[test]
fn a_firm_may_be_called_by_two_letters() {
    for marked in
        ["{PER S} and {PER P} cut it.", "{ORG S} and P cut it.", "S {ORG and P} cut it.", "{ORG S and P} cut it."]
    {
        assert_eq!(names(marked), ["ORG S and P"], "{marked}");
    }
    assert_eq!(names("{ORG S} and {PER Ada Cole} left."), ["ORG S", "PER Ada Cole"]);
}

#[test]
fn a_listed_name_is_whole_where_the_tagger_saw_its_first_word() {
    assert_eq!(names("The {MISC Islamic} State lost ground."), ["ORG Islamic State"]);
    assert_eq!(names("The {MISC Islamic} calendar begins."), ["MISC Islamic"]);
}

#[test]
fn a_companys_legal_form_belongs_to_its_name() {
    assert_eq!(
        names("{ORG Cole & Ruiz}, Inc. grew. {ORG Dalby Mills} Ltd. did not."),
        ["ORG Cole & Ruiz, Inc.", "ORG Dalby Mills Ltd."]
    );
    assert_eq!(names("{ORG Cole}, incidentally, grew. {PER Ada Cole}, LLC owner, left."), ["ORG Cole", "PER Ada Cole"]);
}

#[test]
fn an_address_is_nobodys_name() {
    assert_eq!(names("Write to {PER ada.cole@example.com} or {PER @adacole}."), ["PER @adacole"]);
}

#[test]
fn a_headline_in_capitals_calls_a_name_what_the_text_calls_it() {
    let text = "\n\n{PER Ada Cole} left. {PER Cole} sang.";
    assert_eq!(names(&format!("{{ORG? COLE}} FREED{text}")), ["PER COLE", "PER Ada Cole", "PER Cole"]);
    assert_eq!(names(&format!("{{ORG COLE}} FREED{text}")), ["ORG COLE", "PER Ada Cole", "PER Cole"]);
}

#[test]
fn the_place_of_a_dateline_belongs_to_no_persons_name() {
    let names_of = |first: &str| names(&format!("{first} left. {{PER Mary-Kate Hale}} stayed."));
    assert_eq!(names_of("DALBY, {PER Northmere - Ada Cole}"), ["PER Ada Cole", "PER Mary-Kate Hale"]);
    assert_eq!(names_of("{PER DALBY — Ada Cole}"), ["PER Ada Cole", "PER Mary-Kate Hale"]);
    assert_eq!(names_of("{PER Al - Zubair}"), ["PER Al - Zubair", "PER Mary-Kate Hale"]);
    assert_eq!(names_of("DALBY: {PER Smith-Cole}"), ["PER Smith-Cole", "PER Mary-Kate Hale"]);
}

#[test]
fn the_first_word_of_a_bodys_name_is_short_for_it_where_nobody_bears_it() {
    let air = "{ORG Norvane Air} grew.";
    assert_eq!(names(&format!("{air} {{PER? Norvane}} rose.")), ["ORG Norvane Air", "ORG Norvane"]);
    assert_eq!(names(&format!("{air} {{PER Norvane}} rose.")), ["ORG Norvane Air", "PER Norvane"]);
    let ada = names(&format!("{air} {{PER Ada Norvane}} left. {{PER? Norvane}} rose."));
    assert_eq!(ada, ["ORG Norvane Air", "PER Ada Norvane", "PER Norvane"]);
    assert_eq!(names("{ORG Victoria Mills} grew. {PER? Victoria} rose."), ["ORG Victoria Mills", "PER Victoria"]);
}

#[test]
fn a_name_does_not_end_with_a_preposition_or_an_article() {
    assert_eq!(names("The {ORG Supreme Court of the} three sat."), ["ORG Supreme Court"]);
    assert_eq!(names("The {ORG Bank of Dalby} lent."), ["ORG Bank of Dalby"]);
}
