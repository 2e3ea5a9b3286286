//! The closed classes of words and marks that rules ask for: few, known to every reader, and the same everywhere. Open classes
//! stand in lists (`lexicon`).
//!
//! Words are given in small letters.

/// "the", "a", "an".
pub(crate) fn is_article(word: &str) -> bool {
    matches!(word, "the" | "a" | "an")
}

/// "her", "its": a pronoun that says whose something is.
pub(crate) fn is_possessive_pronoun(word: &str) -> bool {
    matches!(word, "his" | "her" | "its" | "their" | "my" | "our" | "your")
}

/// What a noun phrase begins with: an article, a possessive pronoun, "this".
pub(crate) fn is_determiner(word: &str) -> bool {
    is_article(word) || is_possessive_pronoun(word) || matches!(word, "this" | "that" | "these" | "those")
}

/// "other", "several", "two": a word for how many, before a noun without a determiner.
pub(crate) fn is_quantifier(word: &str) -> bool {
    matches!(word, "other" | "another" | "some" | "many" | "several" | "most" | "two" | "three" | "four" | "five")
}

/// "of", "with", "about".
pub(crate) fn is_preposition(word: &str) -> bool {
    matches!(
        word,
        "of" | "for"
            | "to"
            | "by"
            | "with"
            | "from"
            | "at"
            | "in"
            | "on"
            | "about"
            | "against"
            | "among"
            | "around"
            | "within"
    )
}

/// "who", "which", "that".
pub(crate) fn is_relative_pronoun(word: &str) -> bool {
    matches!(word, "who" | "whom" | "whose" | "which" | "that")
}

/// A dash between words, as typographers or typewriters set it; a hyphen may stand within a word.
pub(crate) fn is_dash(mark: &str) -> bool {
    matches!(mark, "—" | "–" | "--" | "―")
}

/// A dash, or a hyphen in its place.
pub(crate) fn is_dash_or_hyphen(mark: &str) -> bool {
    is_dash(mark) || mark == "-"
}
