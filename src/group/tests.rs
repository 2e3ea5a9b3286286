use std::fs;

use super::*;

const HEADER: &str = "doc_id,text,speaker,quote_key\n";

fn groups(folder: &Path, memory: usize, min_articles: u64) -> Vec<Group> {
    let inputs = GroupInputs::resolve(&[folder.to_owned()]).unwrap();
    let options = GroupOptions { min_articles, memory, temporary: folder.to_owned() };
    let mut lines = Vec::new();
    let groups = Groups::of(&inputs, &options).unwrap();
    groups.write(GroupFormat::JsonLines, Output::stream("memory", &mut lines)).unwrap();
    lines
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).unwrap())
        .collect()
}

#[test]
fn a_statement_in_many_articles_is_one_group_with_all_its_speakers() {
    let folder = tempfile::tempdir().unwrap();
    let rows = "a,“Yes.”,Ada Cole,k1\na,“Yes”,,k1\nb,yes,Cole,k1\nc,“YES”,Ada Cole,k1\nc,“No.”,Bo|Li,k2\n";
    fs::write(folder.path().join("quotes-00000.csv"), HEADER.to_owned() + rows).unwrap();
    fs::write(folder.path().join("quotes-00001.csv"), HEADER.to_owned() + "d,Yes!,Ada Cole,k1\n").unwrap();
    let all = groups(folder.path(), 1 << 20, 1);
    assert_eq!(
        all.iter().map(|g| (g.quote_key.as_str(), g.n_articles, g.n_quotes)).collect::<Vec<_>>(),
        [("k1", 4, 5), ("k2", 1, 1)]
    );
    assert_eq!((all[0].text.as_str(), all[0].doc_id.as_str()), ("“Yes.”", "a"));
    let speakers: Vec<_> = all[0].speakers.iter().map(|s| (s.name.as_str(), s.n_quotes)).collect();
    assert_eq!((all[0].speaker.as_deref(), speakers), (Some("Ada Cole"), vec![("Ada Cole", 3), ("Cole", 1)]));
    // What does not fit into memory gives the same.
    assert_eq!(groups(folder.path(), 0, 1), all);
    assert_eq!(groups(folder.path(), 0, 2), all[..1]);
}

#[test]
fn groups_as_a_table_have_a_header_and_lists_with_bars() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("quotes.csv"), HEADER.to_owned() + "c,“No.”,Bo|Li,k2\n").unwrap();
    let inputs = GroupInputs::resolve(&[folder.path().to_owned()]).unwrap();
    let options = GroupOptions { min_articles: 1, memory: 0, temporary: folder.path().to_owned() };
    let mut bytes = Vec::new();
    Groups::of(&inputs, &options).unwrap().write(GroupFormat::Csv, Output::stream("memory", &mut bytes)).unwrap();
    assert_eq!(
        String::from_utf8(bytes).unwrap(),
        "quote_key,n_articles,n_quotes,speaker,speakers,speaker_quotes,text,doc_id\nk2,1,1,Bo|Li,Bo\\|Li,1,“No.”,c\n"
    );
}

#[test]
fn what_holds_no_quotations_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    assert!(GroupInputs::resolve(&[folder.path().to_owned()]).unwrap_err().to_string().contains("no quotes*.parquet"));
    let path = folder.path().join("quotes.csv");
    fs::write(&path, "a,b\n1,2\n").unwrap();
    let options = GroupOptions { min_articles: 1, memory: 0, temporary: folder.path().to_owned() };
    let error = Groups::of(&GroupInputs::resolve(&[path]).unwrap(), &options).unwrap_err().to_string();
    assert!(error.contains("its columns are not quote_key"), "{error}");
}
