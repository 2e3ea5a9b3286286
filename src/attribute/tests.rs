use crate::attribute::{Reason, Speaker};
use crate::source::{Mark, MarkKind};
use crate::testing::{annotate, annotate_with, speakers};

#[test]
fn a_name_speaks_for_its_entity() {
    let doc = annotate(
        "{ORG The Washington Post} wrote it. {source {ORG The Post}} {cue reported} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["organisation The Washington Post"]);
}

#[test]
fn an_apposition_does_not_hide_the_name() {
    let doc =
        annotate("{source {PER Hugh Hill}, a doctor at {ORG Johns Hopkins},} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Hugh Hill"]);
    let doc = annotate("{source The mayor, {PER Ada Cole},} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn a_titled_name_after_a_comma_is_who_the_phrase_means() {
    let doc = annotate(
        "{source {PER Cole}’s running mate, {LOC Dalby} Gov. {PER Mira Ruiz},} {cue said} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["person Mira Ruiz"]);
}

#[test]
fn a_genitive_is_the_name_that_bears_it() {
    assert_eq!(
        speakers(&annotate("{source {PER Ada Cole}’s} {cue view} {content that it rained}.")),
        ["person Ada Cole"]
    );
}

#[test]
fn a_noun_that_nobody_bears_as_a_title_names_nobody() {
    let doc = annotate("{PER Ada Cole} left. {source The judge} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
}

#[test]
fn a_body_may_be_named_with_its_article_after_a_comma() {
    let doc = annotate(
        "{source The pilots' union, the {ORG Northmere Crew Alliance} (NCA),} {cue said} {content it rained}.",
    );
    assert_eq!(speakers(&doc), ["organisation Northmere Crew Alliance"]);
}

#[test]
fn a_name_after_the_whole_phrase_is_who_the_noun_means() {
    let doc = annotate("{source A lawyer for the news outlets, {PER David Lee},} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person David Lee"]);
}

#[test]
fn somebodys_spokesman_is_not_that_somebody() {
    let doc = annotate("{source {PER Ada Cole}’s spokesman} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
}

#[test]
fn nouns_tell_groups_documents_and_individuals_apart() {
    let text = "{source Officials} {cue said} {content that it rained}. {source A report} {cue found} {content that it snowed}. \
                {source A senior official} {cue said} {content that it hailed}.";
    assert_eq!(speakers(&annotate(text)), ["group", "document", "anonymous"]);
}

#[test]
fn one_of_several_is_somebody_and_two_of_them_are_a_group() {
    let text = "{source One of the sources for the article} {cue noted} {content that it rained}. {source Two of her aides} {cue said} {content so}.";
    assert_eq!(speakers(&annotate(text)), ["anonymous", "group"]);
}

#[test]
fn pronouns_go_to_the_nearest_person_of_their_gender() {
    let doc = annotate(
        "{PER Maria Cole} met {PER John Reed}. {source She} {cue said} {content that it rained}. {source He} {cue denied} {content it}.",
    );
    assert_eq!(speakers(&doc), ["person Maria Cole", "person John Reed"]);
}

#[test]
fn a_pronoun_without_anybody_before_it_is_unresolved() {
    let doc = annotate("{source She} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["unknown: pronoun_unresolved"]);
}

#[test]
fn speech_without_a_cue_is_the_running_speakers() {
    let doc = annotate("“It rained all day,” {source {PER Ada Cole}} {cue said}.\n\n“Nobody came to the bridge.”");
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
    assert_eq!(speakers(&annotate("“Nobody came to the bridge at all.”")), ["unknown: no_cue"]);
}

#[test]
fn a_paragraph_in_marks_is_the_running_speakers_even_if_it_is_set_off() {
    let set_off = |plain: &str| {
        let end = plain.find("\n\n").expect("two paragraphs");
        let (before, after) = (0..end, end + 2..plain.len());
        vec![
            Mark { range: before, kind: MarkKind::Body },
            Mark { range: after, kind: MarkKind::BlockQuote { block: 0 } },
        ]
    };
    let speech = "“It rained all day,” {source {PER Ada Cole}} {cue said}.";
    let doc = annotate_with(&format!("{speech}\n\n“Nobody came to the bridge.”"), set_off);
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
    let doc = annotate_with("It rained all day.\n\n“Nobody came to the bridge.”", set_off);
    assert_eq!(speakers(&doc), ["unknown: no_cue"]);
    // Without marks it is a block, and the paragraph before is about her.
    let doc = annotate_with(&format!("{speech}\n\nNobody came to the bridge."), set_off);
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
}

#[test]
fn a_title_points_at_who_bears_it() {
    let doc = annotate(
        "Senator {PER Ada Cole} left. {PER John Reed} stayed. {source The senator} {cue said} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
}

#[test]
fn the_writer_speaks_in_the_first_person_and_a_quoted_i_is_its_speaker() {
    let doc = annotate("{source I} {cue believe} {content that it rained}.");
    assert_eq!(speakers(&doc), ["author"]);
    let doc =
        annotate("{source {PER Ada Cole}} {cue wrote}:\n\n{source I} {cue said} {content that the sea corrects us}.");
    assert_eq!(speakers(&doc), ["person Ada Cole", "person Ada Cole"]);
}

#[test]
fn a_noun_means_who_bears_it_as_a_title_or_in_the_name() {
    let doc = annotate(
        "Sen. {PER Ada Cole} met Deputy Mayor {PER Tom Ruiz}. {source The senator} {cue said} {content that it rained}. {source The mayor} {cue said} {content that it snowed}.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole", "anonymous"]);
    let doc = annotate(
        "The {ORG Ministry of Health} and {ORG Northmere Rail} met. {source The ministry} {cue said} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["organisation Ministry of Health"]);
}

#[test]
fn a_headlines_noun_is_who_bears_it_in_the_article() {
    let doc =
        annotate("Mayor{cue :} “We will rebuild”\n\nThe flood came. Mayor {PER Carla Nwosu} climbed on to a skip.");
    assert_eq!(speakers(&doc), ["person Carla Nwosu"]);
}

#[test]
fn somebodys_lawyer_is_a_new_person() {
    let doc = annotate("{PER Ada Cole} resigned. {source Her lawyer} {cue said} {content that she was ill}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
}

#[test]
fn a_people_is_a_group() {
    let doc = annotate("{source Many {MISC Americans}} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["group"]);
}

#[test]
fn a_role_calls_somebody_again_who_bears_no_other_office() {
    let doc = annotate(
        "{PER Ada Cole} spoke for an hour in Northmere. {source The Republican nominee} {cue said} {content that it rained}.",
    );
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate("Mayor {PER Ada Cole} spoke. {source The spokesman} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
}

#[test]
fn a_document_is_its_makers_and_so_is_the_same_noun_later() {
    let doc = annotate(
        "{source A {ORG Northmere University} poll} {cue found} {content that it rained}. {source The poll} {cue said} {content so}.",
    );
    assert_eq!(speakers(&doc), ["organisation Northmere University", "organisation Northmere University"]);
    let doc = annotate("{source A study by {PER Ada Cole}} {cue found} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate("{source A survey of {ORG Northmere Rail}} {cue found} {content that it rained}.");
    assert_eq!(speakers(&doc), ["document"]);
}

#[test]
fn names_with_a_stroke_made_it_together() {
    let doc = annotate("{source The {ORG Northmere}/{ORG Ostley} poll} {cue found} {content that it rained}.");
    assert_eq!(speakers(&doc), ["organisation Northmere/Ostley"]);
}

#[test]
fn a_campaign_is_called_by_a_name_that_is_its_candidates() {
    let doc = annotate(
        "{source The {PER Cole} campaign} {cue said} {content that it rained}. {source The campaign} {cue denied} {content that}.",
    );
    assert_eq!(speakers(&doc), ["organisation Cole campaign", "organisation Cole campaign"]);
}

#[test]
fn several_organisations_without_a_name_are_a_group() {
    let doc = annotate("{source Human rights groups} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["group"]);
}

#[test]
fn an_answer_that_is_less_likely_right_than_asked_for_is_left_open() {
    let doc = annotate("{source {PER Ada Cole}} {cue said} {content that it rained}.");
    let answer = doc.quotes().next().unwrap().attribution();
    assert_eq!(answer.clone().at_least(answer.confidence.get()).speaker, answer.speaker);
    assert_eq!(answer.clone().at_least(1.1).speaker, Speaker::Unknown(Reason::LowConfidence));
}

#[test]
fn a_pronoun_means_the_one_to_whom_its_arc_leads() {
    let text =
        "{PER#1 Bea Stone} met {PER#2 Ann Ruiz} in {LOC Dalby}. {source {>N She}} {cue said} {content that it rained}.";
    assert_eq!(speakers(&annotate(&text.replace('N', "1"))), ["person Bea Stone"]);
    assert_eq!(speakers(&annotate(&text.replace('N', "2"))), ["person Ann Ruiz"]);
}

#[test]
fn a_pronoun_in_front_of_a_sentence_means_the_name_after_its_comma() {
    let meant = |text: &str| {
        let doc = annotate(text);
        doc.pronouns().iter().map(|p| p.ahead.map(|id| doc.entity(id).name().into_owned())).collect::<Vec<_>>()
    };
    let ada = || Some("Ada Cole".to_owned());
    assert_eq!(meant("After her second year, {PER Ada Cole} went home."), [ada()]);
    assert_eq!(meant("When she came, Deputy Sheriff {PER Ada Cole} sang."), [ada()]);
    assert_eq!(meant("While her sister {PER Mira Ruiz} wrote, {PER Ada Cole} sang."), [ada()]);
    assert_eq!(meant("When she came, it rained, {PER Ada Cole} said."), [None]);
    assert_eq!(meant("After {PER Mira Ruiz} met her, {PER Ada Cole} went home."), [None]);
    assert_eq!(meant("After his second year, {PER Ada Cole} went home."), [None]);
    assert_eq!(meant("The house was hers, {PER Ada Cole} said."), [None]);
}

#[test]
fn a_relative_pronoun_means_the_name_or_noun_before_its_clause() {
    let who =
        |before: &str| speakers(&annotate(&format!("{before} {{source who}} {{cue say}} {{content it rained}}.")));
    assert_eq!(who("We met {PER Ada Cole} —"), ["person Ada Cole"]);
    assert_eq!(who("We met {PER Ada Cole}, a former minister"), ["person Ada Cole"]);
    assert_eq!(who("We met {PER Ada Cole}, now the oldest senator,"), ["person Ada Cole"]);
    assert_eq!(who("{PER Ada Cole} left, and we met a minister"), ["anonymous"]);
    assert_eq!(who("We met officials in the capital,"), ["group"]);
    assert_eq!(who("We met {MISC Democrats} on {LOC Dalby Hill},"), ["group"]);
    assert_eq!(who("Officials said it was the rain"), ["unknown: pronoun_unresolved"]);
}

#[test]
fn a_noun_that_brings_somebody_in_shows_a_gender() {
    let candidates = |text: &str| {
        let doc = annotate(text);
        let pronouns = doc.pronouns();
        let last = pronouns.last().expect("there is a pronoun");
        last.candidates.iter().map(|c| doc.entity(c.entity).name().into_owned()).collect::<Vec<_>>()
    };
    let met = "{PER Tarn Ruiz} met";
    assert_eq!(candidates(&format!("{met} a girlfriend ({{PER Vell Cole}}). He left.")), ["Tarn Ruiz"]);
    assert_eq!(candidates(&format!("{met} Bo's wife, {{PER Vell Cole}}. He left.")), ["Tarn Ruiz"]);
    assert_eq!(candidates(&format!("{met} Bo's much older sister, {{PER Vell Cole}}. He left.")), ["Tarn Ruiz"]);
    assert_eq!(candidates(&format!("{met} a wife, {{PER Vell Cole}}. He left.")), ["Tarn Ruiz", "Vell Cole"]);
    assert_eq!(candidates(&format!("{met} {{PER Queen Vell}}. He left.")), ["Tarn Ruiz"]);
}

#[test]
fn what_stands_around_a_name_speaks_for_or_against_it() {
    // Joined, brought in, followed by a verb, in brackets, at a clause's beginning, past a comma, called so, called otherwise.
    let around = |text: &str| {
        let doc = annotate(text);
        let pronouns = doc.pronouns();
        let last = pronouns.last().expect("there is a pronoun");
        last.candidates
            .iter()
            .map(|c| c.features[24..32].iter().map(|&f| u8::from(f > 0.0)).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        around("His daughter {PER Ada Cole} walked in ({PER Mira Ruiz} too), and she sang."),
        [[0, 1, 1, 0, 1, 1, 0, 0], [0, 0, 0, 1, 1, 1, 0, 0]]
    );
    assert_eq!(around("{PER Ada Cole} and a friend sang to her."), [[1, 0, 0, 0, 0, 0, 0, 0]]);
    assert_eq!(around("{PER Tarn Cole} rose. She sang. She left.")[0][6..], [1, 0]);
    assert_eq!(around("{PER Tarn Cole} rose. She sang. He left.")[0][6..], [0, 1]);
}

#[test]
fn a_pronoun_within_a_name_means_nobody() {
    let doc = annotate("{PER Ada Cole} sang {MISC Call Her Home}. {PER His Holiness Pius} left. {PER Bo She} ran.");
    assert_eq!(doc.pronouns(), []);
}

#[test]
fn the_answers_of_an_interview_are_those_of_the_person_it_introduces() {
    let talk = "Q: Was it cold?\n\nA: Very. {PER Ada Cole} froze.\n\nQ: Why?\n\nA: It was winter.";
    let doc =
        annotate(&format!("{{PER Mira Ruiz}} swam. {{PER Ada Cole}} rowed, and {{PER Ruiz}} spoke to us.\n\n{talk}"));
    assert_eq!(speakers(&doc), ["person Mira Ruiz", "person Mira Ruiz"]);
    let doc = annotate(&format!("{{PER Mira Ruiz}} and {{PER Ada Cole}} spoke to us.\n\n{talk}"));
    assert_eq!(speakers(&doc), ["anonymous", "anonymous"]);
}

#[test]
fn the_spokesman_after_one_without_a_name_is_nobody_who_was_named() {
    let said = "{source the spokesman} {cue said} {content that it rained}.";
    let of = |before: &str| speakers(&annotate(&format!("{before} Later {said}")));
    assert_eq!(of("Mayor {PER Owen Cole} left. A spokesman for the mayor spoke."), ["anonymous"]);
    assert_eq!(of("Spokesman {PER Owen Cole} left. His spokesman stayed."), ["anonymous"]);
    assert_eq!(of("A spokesman spoke. Then spokesman {PER Owen Cole} did."), ["person Owen Cole"]);
    assert_eq!(of("Spokesman {PER Owen Cole} is a spokesman of the old school."), ["person Owen Cole"]);
}

#[test]
fn one_of_several_may_be_named_after_a_comma() {
    let doc = annotate("{source one of them, former Mayor {PER Ada Cole},} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Ada Cole"]);
    let doc = annotate("{source Another, {PER Ben Cole},} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Ben Cole"]);
}

#[test]
fn letters_after_a_name_belong_to_it() {
    let doc = annotate("{source The shadow minister, {PER Dawn Cole} MP,} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["person Dawn Cole"]);
}

#[test]
fn a_police_chief_of_a_headline_is_not_the_fire_chief() {
    let text = "Police chief{cue :} “We will rebuild”\n\nFire Chief {PER Bill Dorsey} came. Police Chief {PER Ana Ruiz} did not. Nobody said why.";
    assert_eq!(speakers(&annotate(text)), ["person Ana Ruiz"]);
}

#[test]
fn words_of_a_headline_are_whose_the_article_says_they_are() {
    for headline in ["{content ‘They saved my life’}: Hiker thanks rescuers", "Why {content “they saved my life”} fits"]
    {
        let doc = annotate(&format!(
            "{headline}\n\n{{PER Kevin Reed}} thanked them on Friday. “They saved my life,” {{source {{PER Reed}}}} {{cue said}}. It rained.",
        ));
        assert_eq!(speakers(&doc), ["person Kevin Reed", "person Kevin Reed"], "{headline}");
    }
}

#[test]
fn somebodys_bellringer_is_not_that_somebody() {
    let doc = annotate("{ORG The Trust} left. {source its bellringer} {cue said} {content that it rained}.");
    assert_eq!(speakers(&doc), ["anonymous"]);
}
