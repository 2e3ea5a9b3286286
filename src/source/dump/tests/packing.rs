//! Compression and archives.

use super::*;

#[test]
fn lines_are_articles_however_they_are_packed() {
    assert_eq!(told(&items("n.jsonl", LINES)), both());
    assert_eq!(told(&items("n.ndjson.gz", &gzip(LINES))), both());
    assert_eq!(told(&items("n.jsonl.zst", &zstd(LINES))), both());
    assert_eq!(told(&items("n.tar", &tar(&[("d/n.jsonl", LINES), ("d/pic.png", b"\x89PNG")]))), both());
    assert_eq!(told(&items("n.tgz", &gzip(&tar(&[("n.jsonl.zst", &zstd(LINES))])))), both());
    assert_eq!(told(&items("n.zip", &zip(&[("n.jsonl.gz", &gzip(LINES)), ("README", b"x")]))), both());
    assert_eq!(told(&items("n.tar.zst", &zstd(&tar(&[("n.zip", &zip(&[("n.jsonl", LINES)]))])))), both());
}

#[test]
fn what_a_file_is_packed_in_is_seen_from_its_bytes() {
    assert_eq!(told(&items("n.jsonl", &gzip(LINES))), both());
    assert_eq!(told(&items("unnamed", &gzip(&zstd(LINES)))), both());
    assert!(error(&items("n.jsonl.gz", LINES)[0]).starts_with("named as a gzip stream, but"));
    assert!(error(&items("n.jsonl.gz", b"")[0]).starts_with("named as a gzip stream, but"));
    assert!(error(&items("n.jsonl.xz", b"\xFD7zXZ\0 and so on")[0]).starts_with("packed as xz"));
}

#[test]
fn compressed_files_in_a_row_are_one() {
    let half = LINES.len() / 3;
    let gzipped = [gzip(&LINES[..half]), gzip(b""), gzip(&LINES[half..])].concat();
    assert_eq!(told(&items("n.jsonl.gz", &gzipped)), both());
    let skipped = b"\x50\x2A\x4D\x18\x04\0\0\0skip".to_vec();
    let frames = [skipped.clone(), zstd(&LINES[..half]), skipped, zstd(&LINES[half..])].concat();
    assert_eq!(told(&items("n.jsonl.zst", &frames)), both());
}

#[test]
fn a_member_of_an_archive_is_known_by_both_names() {
    let archive = zip(&[("b/two.txt", b"Two."), ("a/one.md", b"# One\n"), (".hidden.txt", b"x"), ("b/", b"")]);
    assert_eq!(told(&items("n.zip", &archive)), [ok("n.zip!b/two.txt", "Two."), ok("n.zip!a/one.md", "One")]);
    let place = &items("n.zip", &archive)[0].place;
    assert_eq!((place.to_string().as_str(), place.at), ("n.zip!b/two.txt", At::Whole));
}

#[test]
fn a_stream_cut_short_keeps_what_was_read_and_is_one_error() {
    let lines = noisy_lines(400);
    for (name, packed) in [("n.jsonl.gz", gzip(&lines)), ("n.jsonl.zst", zstd(&lines))] {
        let items = items(name, &packed[..packed.len() * 2 / 3]);
        let (last, before) = items.split_last().unwrap();
        assert!(before.len() > 50 && before.iter().all(|item| item.article.is_ok()), "{name}: {}", items.len());
        assert!(error(last).contains("stream is damaged or cut short: "), "{}", error(last));
        assert_eq!(last.place, Place { file: name.into(), at: At::Line(items.len() as u64) });
    }
}

#[test]
fn damage_ends_its_own_layer_and_no_other() {
    let bad = gzip(&noisy_lines(20));
    let cut = &bad[..bad.len() / 2];
    let archive = tar(&[("a.txt", b"A."), ("bad.txt.gz", cut), ("c.txt", b"C.")]);
    let met = told(&items("n.tar", &archive));
    assert_eq!((met.len(), &met[0], &met[2]), (3, &ok("n.tar!a.txt", "A."), &ok("n.tar!c.txt", "C.")));
    assert!(met[1].1.as_ref().unwrap_err().starts_with("the gzip stream is damaged"), "{met:?}");

    // The archive itself is cut, in its last member; then in the stream around it.
    let long = noisy_lines(100);
    let archive = tar(&[("a.txt", b"A."), ("long.txt", &long), ("c.txt", b"C.")]);
    let met = told(&items("n.tar", &archive[..archive.len() / 2]));
    assert_eq!((met.len(), &met[0]), (2, &ok("n.tar!a.txt", "A.")));
    assert!(met[1].1.as_ref().unwrap_err().starts_with("the tar archive is damaged"), "{met:?}");
    let packed = gzip(&archive);
    let met = told(&items("n.tar.gz", &packed[..packed.len() / 2]));
    assert_eq!((met.len(), &met[0]), (2, &ok("n.tar.gz!a.txt", "A.")));
    assert!(met[1].1.as_ref().unwrap_err().starts_with("the gzip stream is damaged"), "{met:?}");
}

#[test]
fn a_zip_archive_that_lost_its_table_keeps_what_stands_before() {
    let long = noisy_lines(50);
    let archive =
        zip(&[("a.txt", b"A."), ("x.png", b"x"), ("n.jsonl.gz", &gzip(LINES)), ("long.txt", &long), ("c.txt", b"C.")]);
    let wanted: Told = [vec![ok("n.zip!a.txt", "A.")], both()].concat();
    for (end, last) in [(archive.len() / 2, "n.zip!long.txt"), (archive.len() - 30, "n.zip")] {
        let met = told(&items("n.zip", &archive[..end]));
        assert_eq!(met[..3], wanted);
        let (id, told) = met.last().unwrap();
        assert_eq!((id.as_str(), met.iter().filter(|(_, told)| told.is_err()).count()), (last, 1), "{met:?}");
        assert!(told.as_ref().unwrap_err().starts_with("the zip archive is damaged"));
    }
}

#[test]
fn no_cut_and_no_wrong_byte_makes_an_archive_panic() {
    let archives = [
        ("n.tar", tar(&[("a.txt", b"A."), ("b.jsonl.gz", &gzip(LINES))])),
        ("n.zip", zip(&[("a.txt", b"A."), ("b.jsonl", LINES)])),
        ("n.jsonl.zst", zstd(LINES)),
        ("n.jsonl.gz", gzip(LINES)),
    ];
    for (name, archive) in archives {
        for at in (0..archive.len()).step_by(13) {
            let mut wrong = archive.clone();
            wrong[at] ^= 0x55;
            for bytes in [&archive[..at], &wrong] {
                let met = items(name, bytes);
                assert!(!met.iter().any(|item| matches!(item.article, Err(ItemError::Panicked))), "{name}, byte {at}");
            }
        }
    }
}

#[test]
fn archives_within_archives_have_an_end() {
    let mut archive = zip(&[("a.txt", b"A.")]);
    for _ in 0..6 {
        archive = zip(&[("n.zip", &archive)]);
    }
    assert!(error(&items("n.zip", &archive)[0]).starts_with("packed in more than 8 layers"));
}
