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
fn a_listed_name_is_whole_where_the_tagger_saw_its_first_word() {
    assert_eq!(names("The {MISC Islamic} State lost ground."), ["ORG Islamic State"]);
    assert_eq!(names("The {MISC Islamic} calendar begins."), ["MISC Islamic"]);
}
