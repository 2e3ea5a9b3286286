//! Which articles are not English.
//!
//! Everything after reading is made for English and finds nonsense in other languages, so dumps that mix them are sorted
//! first. The two mistakes are not alike: an English article taken for German is lost, a German one taken for English is
//! only useless. So an article is foreign only if much speaks for it: it is long enough to tell, hardly any of its words
//! are among the commonest of English, and the crate `whatlang`, which compares groups of letters, is sure.

use whatlang::Lang;

use crate::scan::{BLOCK, block};

/// How much of a text is looked at, in bytes, from its beginning. Newspapers do not change language in mid-article.
const SAMPLE: usize = 2048;

/// After how much of it, in bytes, the answer may be known: mostly that is enough for English.
const GLANCE: usize = 192;

/// The fewest letters of a text that can be told from English.
const FEWEST_LETTERS: usize = 120;

/// Words that make up a quarter of any English text, even of a report of figures, and are not words of other languages (as
/// “in”, “an” and “die” are).
const COMMON: [&str; 38] = [
    "the", "of", "and", "to", "that", "with", "for", "is", "was", "are", "were", "his", "her", "he", "she", "they",
    "said", "have", "has", "would", "from", "by", "it", "which", "their", "been", "this", "its", "year", "two",
    "three", "after", "company", "billion", "loss", "share", "sales", "includes",
];

/// How long these words are at most, in bytes: as many as a number has.
const LONGEST: usize = 8;

/// The words as numbers, each in the slot that [`slot`] gives it or in one of those after it; 0 is no word. Every word of
/// every article is looked for here.
const COMMON_KEYS: [u64; SLOTS] = {
    let (mut keys, mut i) = ([0; SLOTS], 0);
    while i < COMMON.len() {
        let (word, mut letters, mut at) = (COMMON[i].as_bytes(), [0; LONGEST], 0);
        while at < word.len() {
            letters[at] = word[at];
            at += 1;
        }
        let key = u64::from_le_bytes(letters);
        let mut slot = slot(key);
        while keys[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        keys[slot] = key;
        i += 1;
    }
    keys
};

/// Some times as many as there are words.
const SLOTS: usize = 256;

/// Where the word of this number is looked for first.
const fn slot(key: u64) -> usize {
    (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 56) as usize % SLOTS
}

/// Whether the word is among the commonest whose letters, in lower case, are the bytes of `key`, the first the lowest.
fn is_common(key: u64) -> bool {
    let mut slot = slot(key);
    while COMMON_KEYS[slot] != 0 {
        if COMMON_KEYS[slot] == key {
            return true;
        }
        slot = (slot + 1) % SLOTS;
    }
    false
}

/// One word of how many is common in any English text. Tables and lists of names come near it; in other languages there
/// are such words only inside names and quotations.
const COMMON_SHARE: u32 = 12;

/// One word of how many is common so far in what is surely English.
const COMMON_SHARE_AT_A_GLANCE: u32 = 6;

/// The code of the language of `text` (ISO 639-1 where it has one, as `de`, and else 639-3) if that is surely not
/// English. Short texts are never sure. Takes a microsecond for English and a hundred for anything else, whatever the
/// length of the text.
///
/// ```
/// use whosaid::source::language;
///
/// let text = "Der Bürgermeister hat am Dienstag erklärt, die Brücke werde frühestens im Herbst wieder für den Verkehr \
///             freigegeben. „Wir brauchen mehr Zeit“, sagte er vor Journalisten, die ihn danach gefragt hatten.";
/// assert_eq!(language::foreign(text), Some("de"));
/// assert_eq!(language::foreign("The minister said on Monday that the bridge would open again in May."), None);
/// ```
#[must_use]
pub fn foreign(text: &str) -> Option<&'static str> {
    let sample = text.get(..text.floor_char_boundary(SAMPLE)).unwrap_or(text);
    if is_english(sample.as_bytes())
        || is_list(sample)
        || sample.chars().filter(|c| c.is_alphabetic()).count() < needed(sample)
    {
        return None;
    }
    let info = whatlang::detect(sample)?;
    (info.lang() != Lang::Eng && info.is_reliable()).then(|| code(info.lang()))
}

/// How many letters it takes: where a character is a word or a syllable, fewer.
fn needed(sample: &str) -> usize {
    let is_dense = |c: &char| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}');
    if sample.chars().filter(is_dense).count() > FEWEST_LETTERS / 3 { FEWEST_LETTERS / 3 } else { FEWEST_LETTERS }
}

/// Whether so many words are among the commonest of English, or were somewhere on the way, after the first lines.
fn is_english(sample: &[u8]) -> bool {
    let (mut words, mut common, mut goes_on) = (0, 0, 0);
    for base in (0..sample.len()).step_by(BLOCK) {
        let [letters, _] = block(sample, base, |byte, _| is_letter(byte));
        let mut begins = letters & !(letters << 1 | goes_on);
        goes_on = letters >> (BLOCK - 1);
        words += begins.count_ones();
        while begins != 0 {
            let begin = begins.trailing_zeros() as usize;
            let word = &sample[base + begin..];
            let mut length = (letters >> begin).trailing_ones() as usize;
            if begin + length == BLOCK {
                length = word.iter().take(LONGEST + 1).take_while(|&&byte| is_letter(byte) != 0).count();
            }
            common += u32::from(length <= LONGEST && is_common(key(word, length)));
            begins &= begins - 1;
        }
        if base + BLOCK >= GLANCE && words > 0 && common * COMMON_SHARE_AT_A_GLANCE >= words {
            return true;
        }
    }
    common * COMMON_SHARE >= words.max(1)
}

/// What is not ASCII is taken for a letter: this is asked of every article, and English is what it must know.
fn is_letter(byte: u8) -> u8 {
    u8::from((byte | SMALL).wrapping_sub(b'a') < 26) | byte >> 7
}

/// What makes a letter of ASCII small.
const SMALL: u8 = 0x20;

/// The number of the word that is the first `length` of these bytes, at most eight.
fn key(bytes: &[u8], length: usize) -> u64 {
    let mut letters = [0; LONGEST];
    match bytes.first_chunk() {
        Some(whole) => letters = *whole,
        None => letters[..bytes.len()].copy_from_slice(bytes),
    }
    let small = u64::from_le_bytes(letters) | u64::from_le_bytes([SMALL; LONGEST]);
    small & u64::MAX.unbounded_shr(u64::BITS - 8 * length as u32)
}

/// Whether most words are names or numbers, as in the results of a tournament: that is no language's prose.
fn is_list(sample: &str) -> bool {
    let (mut names, mut words) = (0_usize, 0_usize);
    for first in sample.split(|c: char| !c.is_alphanumeric()).filter_map(|word| word.chars().next()) {
        names += usize::from(first.is_uppercase() || first.is_numeric());
        words += usize::from(!first.is_uppercase() && !first.is_numeric());
    }
    names >= words
}

/// The code of a language, as it is written after `language:`.
fn code(language: Lang) -> &'static str {
    let long = language.code();
    let short = SHORT_CODES.binary_search_by_key(&long, |(long, _)| long).ok();
    short.and_then(|at| SHORT_CODES.get(at)).map_or(long, |(_, short)| short)
}

/// The codes of ISO 639-3 that `whatlang` gives, sorted, and those of ISO 639-1 that everybody writes.
const SHORT_CODES: [(&str, &str); 70] = [
    ("afr", "af"),
    ("aka", "ak"),
    ("amh", "am"),
    ("ara", "ar"),
    ("aze", "az"),
    ("bel", "be"),
    ("ben", "bn"),
    ("bul", "bg"),
    ("cat", "ca"),
    ("ces", "cs"),
    ("cmn", "zh"),
    ("cym", "cy"),
    ("dan", "da"),
    ("deu", "de"),
    ("ell", "el"),
    ("eng", "en"),
    ("epo", "eo"),
    ("est", "et"),
    ("fin", "fi"),
    ("fra", "fr"),
    ("guj", "gu"),
    ("heb", "he"),
    ("hin", "hi"),
    ("hrv", "hr"),
    ("hun", "hu"),
    ("hye", "hy"),
    ("ind", "id"),
    ("ita", "it"),
    ("jav", "jv"),
    ("jpn", "ja"),
    ("kan", "kn"),
    ("kat", "ka"),
    ("khm", "km"),
    ("kor", "ko"),
    ("lat", "la"),
    ("lav", "lv"),
    ("lit", "lt"),
    ("mal", "ml"),
    ("mar", "mr"),
    ("mkd", "mk"),
    ("mya", "my"),
    ("nep", "ne"),
    ("nld", "nl"),
    ("nob", "nb"),
    ("ori", "or"),
    ("pan", "pa"),
    ("pes", "fa"),
    ("pol", "pl"),
    ("por", "pt"),
    ("ron", "ro"),
    ("rus", "ru"),
    ("sin", "si"),
    ("slk", "sk"),
    ("slv", "sl"),
    ("sna", "sn"),
    ("spa", "es"),
    ("srp", "sr"),
    ("swe", "sv"),
    ("tam", "ta"),
    ("tel", "te"),
    ("tgl", "tl"),
    ("tha", "th"),
    ("tuk", "tk"),
    ("tur", "tr"),
    ("ukr", "uk"),
    ("urd", "ur"),
    ("uzb", "uz"),
    ("vie", "vi"),
    ("yid", "yi"),
    ("zul", "zu"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_a_tournament_are_in_no_language() {
        let results = "Norrvik, Nov 3. Women's singles, third round. 1 - Hu Lanying (Tarsk) beat Anneke de Vries 11-3 11-2; \
                       2 - Marit Ødegaard (Norrvik) beat Jelena Petrović 11-7 11-9; 3 - Pilar Núñez beat Ewa Kowalska.";
        assert_eq!(foreign(&results.repeat(2)), None);
    }

    #[test]
    fn news_in_other_languages_is_foreign() {
        let texts = [
            (
                "de",
                "Der Bürgermeister von Altwasser hat am Dienstag erklärt, die Brücke über die Lene werde frühestens im \
              Herbst wieder für den Verkehr freigegeben. „Wir brauchen mehr Zeit“, sagte er vor Journalisten.",
            ),
            (
                "fr",
                "Le maire de Valcombe a déclaré mardi que le pont sur la rivière ne serait pas rouvert avant \
              l'automne. « Nous avons besoin de plus de temps », a-t-il dit devant les journalistes réunis.",
            ),
            (
                "es",
                "El alcalde de Valhondo declaró el martes que el puente sobre el río no se abrirá antes del otoño. \
              «Necesitamos más tiempo», dijo ante los periodistas reunidos en el ayuntamiento de la ciudad.",
            ),
            (
                "nl",
                "De burgemeester van Oudwater heeft dinsdag verklaard dat de brug over de rivier pas in de herfst weer \
              open gaat voor het verkeer. „Wij hebben meer tijd nodig”, zei hij tegen journalisten.",
            ),
            (
                "ru",
                "Мэр Верхнеозёрска заявил во вторник, что мост через реку откроют не раньше осени. «Нам нужно больше \
              времени», — сказал он журналистам, собравшимся у здания городской администрации.",
            ),
            (
                "zh",
                "市长周二表示，河上的大桥最早要到秋天才能重新开放。“我们需要更多时间。”他对聚集在市政厅外的记者说，并补充说工程预算已经增加。",
            ),
            (
                "ar",
                "قال رئيس البلدية يوم الثلاثاء إن الجسر فوق النهر لن يفتح قبل الخريف. وأضاف أمام الصحفيين أن العمل \
              يحتاج إلى مزيد من الوقت والمال وأن المدينة سوف تدفع جزءا من التكاليف.",
            ),
        ];
        for (wanted, text) in texts {
            assert_eq!(foreign(text), Some(wanted), "{text}");
        }
    }

    #[test]
    fn english_news_is_not_foreign_whoever_is_quoted_in_it() {
        let texts = [
            "Halverg — Prime Minister Ilse Varga said on Tuesday that the border would stay open. “Wir schaffen das nicht \
             allein,” she told reporters, “but we will not close it.”",
            "MEN'S SINGLES: I. Varga bt M. Oduya 6-4 6-3; P. Lisboa bt K. Jansen 7-5 6-2; R. Nakagawa bt T. Okonkwo 6-1 \
             6-0; F. Dubois bt S. Petrov 6-4 3-6 7-5. Results from the second round of the Eastport Open.",
            "Zurich, Geneva, Basel, Lausanne, Lugano, Winterthur, St. Gallen, Lucerne: hotel prices rose everywhere, \
             figures show, led by Lugano (up 14 percent) and Basel (up 9 percent), Statistik Schweiz reported Monday.",
            "Bridge closed. Cars diverted via Northmere. Ferry fares doubled. Council silent. Residents furious. Mayor \
             Cole absent. Engineers baffled. Police patient. Shops empty. Schools shut until Friday.",
        ];
        for text in texts {
            assert_eq!(foreign(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_too_short_to_tell_is_taken_for_english() {
        assert_eq!(foreign(""), None);
        assert_eq!(foreign("Die Brücke bleibt geschlossen, sagte der Bürgermeister."), None);
        assert_eq!(foreign(&"1234 ".repeat(1000)), None);
    }

    #[test]
    fn a_sample_ends_between_characters() {
        for pad in 0..4 {
            let _ = foreign(&format!("{}{}", "a".repeat(pad), "é語😀".repeat(1000)));
        }
    }

    #[test]
    fn common_words_are_no_longer_than_is_said() {
        assert!(COMMON.iter().all(|word| word.len() <= LONGEST && !word.contains(char::is_uppercase)));
        assert_eq!(COMMON_KEYS.iter().filter(|key| **key != 0).count(), COMMON.len());
    }

    #[test]
    fn codes_are_sorted_and_all_there() {
        assert!(SHORT_CODES.is_sorted());
        for language in Lang::all() {
            assert!(SHORT_CODES.iter().any(|(long, _)| *long == language.code()), "{language:?}");
        }
    }
}
