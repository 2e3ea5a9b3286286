//! Says whether the large model is there to be compiled in (the package of the crate registry is made without it), and makes
//! one automaton of the lists of names.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::{env, fs};

#[path = "src/tag/gazetteer/lists.rs"]
mod lists;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rustc-check-cfg=cfg(accurate_model)");
    println!("cargo::rerun-if-changed=models/accurate");
    if Path::new("models/accurate/weights.safetensors").exists() {
        println!("cargo::rustc-cfg=accurate_model");
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("names.fst"), names()?)?;
    Ok(())
}

/// The automaton: from the folded form of each name to the sorts of entries that it is, a bit each: two for each list, the
/// second for doubtful entries.
fn names() -> Result<Vec<u8>, Box<dyn Error>> {
    println!("cargo::rerun-if-changed=src/tag/gazetteer/lists.rs");
    let mut sorts: BTreeMap<String, u64> = BTreeMap::new();
    for (number, list) in lists::LISTS.into_iter().enumerate() {
        let path = format!("data/lexicon/{list}.txt");
        println!("cargo::rerun-if-changed={path}");
        for line in fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?.lines() {
            let (name, about) = line.split_once('\t').unwrap_or((line, ""));
            let mut key = String::new();
            lists::fold(name, &mut key);
            *sorts.entry(key).or_default() |= 1 << (2 * number + usize::from(about == "?"));
        }
    }
    let mut map = fst::MapBuilder::memory();
    for (name, sorts) in sorts {
        map.insert(name, sorts)?;
    }
    Ok(map.into_inner()?)
}
