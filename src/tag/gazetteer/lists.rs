//! The lists of names and how their entries are compared with words. The build script, which makes one automaton of all
//! lists, is compiled with this file.

/// The files of `data/lexicon` whose entries are names, in the order of their numbers. In the first of two columns stands a
/// name; `?` in the second says that, alone, it is at least as often something else.
pub(crate) const LISTS: [&str; 5] = ["places", "organisations", "other_names", "surnames", "given_names"];

/// Appends a form as it is compared: lower case, digits as 0, typewriter apostrophes and marks.
pub(crate) fn fold(form: &str, into: &mut String) {
    into.extend(form.chars().flat_map(char::to_lowercase).map(|c| match c {
        c if c.is_numeric() => '0',
        '’' | '‘' => '\'',
        '“' | '”' | '«' | '»' | '„' => '"',
        c => c,
    }));
}
