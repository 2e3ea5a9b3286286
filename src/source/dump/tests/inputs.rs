//! Which files are read, and what is told of them.

use super::*;

#[test]
fn a_file_that_cannot_be_read_is_an_item() {
    let items = items_of(&["no/such.jsonl".into()], Options::default());
    assert_eq!(items[0].id, "no/such.jsonl");
    assert!(error(&items[0]).starts_with("cannot be read: "));
}

#[test]
fn folders_and_patterns_are_their_files_sorted() {
    let folder = TempDir::new().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("b/deep")).unwrap();
    for name in ["c.txt", "a.txt", "b/z.md", "b/deep/y.html", "b/notes.doc", ".hidden.txt"] {
        std::fs::write(root.join(name), "Ada.").unwrap();
    }
    let names = |argument: &Path| -> Vec<String> {
        let inputs = Inputs::resolve(&[argument.to_owned()], Options::default()).unwrap();
        let name = |input: &Input| input.name().strip_prefix(root.to_str().unwrap()).unwrap().to_owned();
        inputs.files().iter().map(name).collect()
    };
    assert_eq!(names(root), ["/a.txt", "/b/deep/y.html", "/b/z.md", "/c.txt"]);
    assert_eq!(names(&root.join("*.txt")), ["/a.txt", "/c.txt"]);
    assert_eq!(names(&root.join("*")), ["/a.txt", "/b/deep/y.html", "/b/z.md", "/c.txt"]);
    let refused = |argument: PathBuf| Inputs::resolve(&[argument], Options::default()).unwrap_err().to_string();
    assert!(refused(root.join("*.csv")).starts_with("no file is called "));
    std::fs::create_dir(root.join("empty")).unwrap();
    assert!(refused(root.join("empty")).contains("has no article or dump in it (0 files"));
    assert!(Inputs::resolve(&["-".into(), "-".into()], Options::default()).is_err());
}

#[test]
fn inputs_say_what_they_are_without_being_read() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("n.tar.gz");
    std::fs::write(&path, gzip(&tar(&[("x.png", b""), ("n.csv", b"Title,Body,n\na,b,c\n")]))).unwrap();
    let inputs = Inputs::resolve(&[path.clone(), "-".into()], Options::default()).unwrap();
    assert_eq!(inputs.total_bytes(), None);
    let described = inputs.describe();
    assert_eq!(described[0].packings, [Packing::Gzip, Packing::Tar]);
    assert_eq!((described[0].format, described[1].format), (Some(DumpFormat::Csv), None));
    let mapping = described[0].mapping.as_ref().unwrap();
    assert_eq!(mapping.columns, ["Title", "Body", "n"]);
    assert_eq!(mapping.fields[0], Mapped { field: Field::Text, column: "Body".to_owned(), guessed: true });
    assert_eq!(mapping.file, format!("{}!n.csv", path.display()));
}

#[test]
fn progress_and_guesses_are_told_along_the_way() {
    let folder = TempDir::new().unwrap();
    for name in ["1.jsonl", "2.jsonl"] {
        std::fs::write(folder.path().join(name), LINES).unwrap();
    }
    std::fs::write(folder.path().join("3.jsonl.gz"), gzip(b"{\"content\": \"x\"}")).unwrap();
    let inputs = Inputs::resolve(&[folder.path().to_owned()], Options::default()).unwrap();
    let mut raws = inputs.raws();
    assert!(raws.next().is_some());
    assert!(!raws.mappings().is_empty());
    while raws.next().is_some() {}
    assert_eq!(raws.bytes_read(), inputs.total_bytes().unwrap());
    assert!(raws.mappings().len() <= 1);
}

#[test]
fn whoever_takes_only_the_first_stops_the_reading() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("n.jsonl");
    std::fs::write(&path, noisy_lines(2000)).unwrap();
    let mut raws = Inputs::resolve(&[path], Options::default()).unwrap().raws();
    assert_eq!(raws.next().unwrap().place().at, At::Line(1));
}

#[test]
fn pieces_can_be_sent_to_other_threads() {
    fn is_sent<T: Send>(_: &T) {}
    let raws = Inputs::resolve(&["no/such.txt".into()], Options::default()).unwrap().raws();
    is_sent(&raws);
    for raw in raws {
        is_sent(&raw);
        is_sent(&raw.read());
    }
}
