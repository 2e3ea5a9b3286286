use crate::testing::{annotate, entities};

#[test]
fn a_surname_and_a_nickname_join_the_full_name() {
    let doc = annotate("{PER Michael Flynn} left. {PER Flynn} smiled. {PER Mike Flynn} waved.");
    assert_eq!(entities(&doc), ["PER Michael Flynn = Flynn = Mike Flynn"]);
}

#[test]
fn a_nickname_alone_is_whose_given_name_it_is_short_for() {
    let doc = annotate("{PER Robert Flynn} left. {PER Bob} smiled.");
    assert_eq!(entities(&doc), ["PER Robert Flynn = Bob"]);
    let doc = annotate("{PER Robert Flynn} left with {PER Bob Cole}. {PER Bob} smiled.");
    assert_eq!(entities(&doc), ["PER Robert Flynn", "PER Bob Cole = Bob"]);
    let doc = annotate("{PER Kimberly Jones} met President {PER Kim}.");
    assert_eq!(entities(&doc).len(), 2);
    let doc = annotate("{PER Robert Flynn} left with his son {PER Bob}.");
    assert_eq!(entities(&doc), ["PER Robert Flynn", "PER Bob"]);
}

#[test]
fn an_acronym_in_brackets_is_the_organisation_before_them() {
    let doc = annotate("The {ORG Congress of Southern Trade Unions} ({ORG Costu}) met. {ORG Costu} said so.");
    assert_eq!(entities(&doc), ["ORG Congress of Southern Trade Unions = Costu"]);
    let doc = annotate("The {ORG Freight Union} ({ORG Dalby}) met {PER Ada Cole} ({ORG Gazette}).");
    assert_eq!(entities(&doc)[..2], ["ORG Freight Union", "ORG Dalby"]);
}

#[test]
fn a_shared_surname_goes_by_title_and_then_by_who_was_named_last() {
    let doc = annotate("{PER Bill Hale} met {PER Ruth Hale}. Mr. {PER Hale} left. Mrs. {PER Hale} stayed.");
    assert_eq!(doc.entities().map(|e| e.mentions().len()).collect::<Vec<_>>(), [2, 2]);
    let doc = annotate("{PER Tom Reed} spoke. {PER Reed} left. {PER Ann Reed} spoke. {PER Reed} left.");
    assert_eq!(doc.entities().map(|e| e.mentions().len()).collect::<Vec<_>>(), [2, 2]);
}

#[test]
fn acronyms_and_short_names_join_their_organisation() {
    let doc = annotate(
        "The {ORG Central Intelligence Agency} and {ORG The Washington Post}. {ORG CIA} said. {ORG The Post} said.",
    );
    assert_eq!(entities(&doc), ["ORG Central Intelligence Agency = CIA", "ORG The Washington Post = The Post"]);
}

#[test]
fn a_place_is_not_the_organisation_that_bears_its_name() {
    let doc = annotate("{LOC Washington} reads the {ORG Washington Post}.");
    assert_eq!(entities(&doc).len(), 2);
}

#[test]
fn titles_and_affiliations_stand_beside_the_name() {
    let doc =
        annotate("{MISC Russian} Foreign Minister {PER Ivan Petrov} met {ORG The Harbour Gazette}’s {PER Ana Ruiz}.");
    assert_eq!(entities(&doc)[1], "PER Ivan Petrov, Russian Foreign Minister");
    assert_eq!(entities(&doc)[3], "PER Ana Ruiz (The Harbour Gazette)");
    let doc = annotate("{ORG The Post}'s {PER Greg Miller} and {PER Greg Jaffe} wrote it.");
    assert_eq!(entities(&doc)[1..], ["PER Greg Miller (The Post)", "PER Greg Jaffe (The Post)"]);
    let doc = annotate(
        "{PER Hugh Adeyemi}, a doctor at {ORG Lindqvist Hospital}, left with Professor {PER Lena Hoff} of the {ORG University of Dalby}.",
    );
    assert_eq!(
        entities(&doc),
        [
            "PER Hugh Adeyemi, doctor (Lindqvist Hospital)",
            "ORG Lindqvist Hospital",
            "PER Lena Hoff, Professor (University of Dalby)",
            "ORG University of Dalby"
        ]
    );
}

#[test]
fn a_role_in_apposition_is_the_title_on_either_side_of_the_name() {
    let doc = annotate(
        "Its borough treasurer, {PER Edith Nakagawa}, left. Then the naturalist {PER Cornelius Abbey} and her mother, {PER Dolores Hale}, spoke.",
    );
    assert_eq!(
        entities(&doc),
        ["PER Edith Nakagawa, borough treasurer", "PER Cornelius Abbey, naturalist", "PER Dolores Hale"]
    );
    let doc = annotate(
        "The minister for maritime affairs, {PER Bastien Roux}, met {PER Marcus Teo}, the {ORG Terns}' captain, and {PER Oona Lind}, a professor of plant ecology at {ORG Karlsby University}.",
    );
    assert_eq!(
        entities(&doc)[..2],
        ["PER Bastien Roux, minister for maritime affairs", "PER Marcus Teo, captain (Terns)"]
    );
    assert_eq!(entities(&doc)[3], "PER Oona Lind, professor of plant ecology (Karlsby University)");
}

#[test]
fn a_name_after_a_comma_that_begins_a_clause_has_no_title() {
    let doc = annotate("He met the mayor, {PER Ada Cole} said.");
    assert_eq!(entities(&doc), ["PER Ada Cole"]);
}

#[test]
fn what_somebody_does_to_a_person_is_no_title() {
    let doc = annotate("A woman in the back accused {PER Ada Cole} of it. The lawyer {PER Ben Hale} left.");
    assert_eq!(entities(&doc), ["PER Ada Cole", "PER Ben Hale, lawyer"]);
}

#[test]
fn an_honorific_is_the_title_only_where_nothing_says_more() {
    let doc = annotate("Ms. {PER Ana Ruiz} spoke. Mayor {PER Ruiz} left.");
    assert_eq!(entities(&doc), ["PER Ana Ruiz = Ruiz, Mayor"]);
}

#[test]
fn an_ambassador_is_of_the_place_before_the_name() {
    let doc = annotate("{MISC Russian} Ambassador to the {LOC U.S.} {PER Ivan Petrov} left.");
    assert_eq!(entities(&doc)[2], "PER Ivan Petrov, Russian Ambassador to the U.S.");
}

#[test]
fn one_surname_with_titles_of_both_genders_is_two_people() {
    let doc = annotate("Mr. {PER Clinton} joined {PER Hillary Clinton}. Mrs. {PER Clinton} waved.");
    assert_eq!(entities(&doc), ["PER Clinton, Mr.", "PER Hillary Clinton = Clinton, Mrs."]);
}

#[test]
fn a_title_of_the_other_gender_is_somebody_else() {
    let doc = annotate("Mr. {PER Obama} spoke. {PER Michelle Obama} listened. Mr. {PER Obama} left.");
    assert_eq!(entities(&doc), ["PER Obama, Mr.", "PER Michelle Obama"]);
}

#[test]
fn a_surname_that_is_a_common_word_is_not_found_again_as_one() {
    let doc = annotate(
        "{PER Theresa May} met {PER Allen West} and {PER Tom Price}. It opens in May. He warned the West. A price rose. Price rises hurt.",
    );
    assert_eq!(entities(&doc), ["PER Theresa May", "PER Allen West", "PER Tom Price"]);
    let doc = annotate("{PER Ada Cole} left. Yesterday Cole spoke.");
    assert_eq!(entities(&doc), ["PER Ada Cole = Cole"]);
}

#[test]
fn a_surname_alone_is_not_that_of_a_relative_who_is_brought_in() {
    let text = "{PER Cole} was born in {LOC Dalby}, the daughter of {PER Ruth Moss}, a baker, and {PER Ben Cole}.";
    assert_eq!(entities(&annotate(text)), ["PER Cole", "LOC Dalby", "PER Ruth Moss", "PER Ben Cole"]);
    let text = "{PER Ada Cole} spoke. Her husband, {PER Ben Cole}, smiled. {PER Cole} left.";
    assert_eq!(entities(&annotate(text)), ["PER Ada Cole = Cole", "PER Ben Cole"]);
    let text = "{PER Cole} spoke. Her mother met {PER Ada Cole} there.";
    assert_eq!(entities(&annotate(text)), ["PER Ada Cole = Cole"]);
    let text = "She thanked her husband, {PER Ben Cole}. {PER Cole} smiled.";
    assert_eq!(entities(&annotate(text)), ["PER Ben Cole = Cole"]);
}

#[test]
fn a_title_moves_only_the_names_that_bear_it() {
    let doc = annotate(
        "{PER Hillary Clinton} left. {PER Clinton} was tired. Her husband, {PER Bill Clinton}, stayed. Mr. {PER Clinton} agreed. {PER Clinton} wrote a book.",
    );
    assert_eq!(doc.entities().map(|e| e.mentions().len()).collect::<Vec<_>>(), [3, 2]);
    let doc =
        annotate("{PER Barack Obama} left. {PER Obama} was tired. Mrs. {PER Obama} stayed. {PER Obama} wrote a book.");
    assert_eq!(doc.entities().map(|e| e.mentions().len()).collect::<Vec<_>>(), [3, 1]);
}

#[test]
fn of_two_bodies_the_one_with_the_shorter_name_is_meant_by_their_first_word() {
    let doc = annotate("{ORG Norvane Air} grew. The {ORG Norvane Crew Alliance} met. {ORG Norvane} rose.");
    assert_eq!(entities(&doc), ["ORG Norvane Air = Norvane", "ORG Norvane Crew Alliance"]);
}

#[test]
fn a_title_has_neither_article_nor_conjunction_nor_adverb() {
    for text in [
        "{PER Ada Cole}, formerly a deputy mayor, left.",
        "{PER Ada Cole}, another deputy mayor, left.",
        "{PER Ben Hale} and deputy mayor {PER Ada Cole} left.",
    ] {
        let doc = annotate(text);
        assert!(entities(&doc).contains(&"PER Ada Cole, deputy mayor".to_owned()), "{text}: {:?}", entities(&doc));
    }
}
