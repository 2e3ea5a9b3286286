//! What the targets do: bytes become a file of a name that says what it is, and the file is read as a run reads it; or they
//! become an article, which is annotated.

use std::sync::{LazyLock, Once};

use whosaid::Pipeline;
use whosaid::source::dump::{Inputs, ItemError, Options};
use whosaid::source::language;
use whosaid::tag::ConvTagger;

/// Annotates `bytes` as a text, with the small model; panics if a stage does, or says something of what is not there.
pub fn annotate(bytes: &[u8]) {
    static PIPELINE: LazyLock<Pipeline> =
        LazyLock::new(|| Pipeline::builder().tagger(ConvTagger::embedded()).build());
    let text = String::from_utf8_lossy(bytes).into_owned();
    let doc = PIPELINE.annotate(text.as_str()).expect("a short text");
    assert_eq!(doc.text().as_str(), text);
    for quote in doc.quotes() {
        assert!(!quote.text().is_empty());
        let parts: Vec<_> = quote.parts().collect();
        assert!(parts.windows(2).all(|pair| pair[0].end() <= pair[1].start()), "parts overlap");
        assert!(parts.iter().all(|part| !doc.text()[*part].is_empty()));
    }
    for entity in doc.entities() {
        assert!(!entity.name().is_empty());
    }
}

/// Reads `bytes` as a file called `name`; panics if a reader does, or breaks what it promises.
pub fn read(name: &str, bytes: &[u8]) {
    // The fuzzer's hook ends the process at any panic, those included that a reader catches; one that gets out of this
    // function ends it all the same.
    static HOOK: Once = Once::new();
    HOOK.call_once(|| std::panic::set_hook(Box::new(|panic| eprintln!("{panic}"))));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("a temporary file");
    let options = Options { max_article_bytes: 1 << 16, ..Options::default() };
    let inputs = Inputs::resolve(&[path], options).expect("one file");
    let _ = inputs.describe();
    let mut damaged = 0;
    for raw in inputs.raws() {
        let item = raw.read();
        match item.article {
            Ok(article) => {
                assert_eq!(article.about.id, item.id);
                assert!(article.marks.iter().all(|mark| article.text.get(mark.range.clone()).is_some()));
                let _ = language::foreign(&article.text);
            }
            Err(ItemError::Panicked) => panic!("{}", item.place),
            Err(error) => {
                assert!(!error.to_string().is_empty());
                damaged += usize::from(matches!(error, ItemError::Damaged { .. }));
            }
        }
    }
    // Damage is one error; only members of an archive have one each.
    assert!(damaged <= 1 || name.ends_with("zip") || name.ends_with("tar"), "{damaged} errors over one stream");
}
