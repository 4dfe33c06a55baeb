//! Names of months in other languages than English.

/// For each month its names, in lower case; an abbreviation may have a full stop after it.
const MONTHS: [(&str, &[&str]); 12] = [
    ("January", &["januar", "jänner", "janvier", "enero", "gennaio", "januari", "janeiro", "jan"]),
    (
        "February",
        &["februar", "feber", "février", "febrero", "febbraio", "februari", "fevereiro", "feb", "févr"],
    ),
    ("March", &["märz", "maerz", "mars", "marzo", "maart", "março", "marts", "mär", "mrz"]),
    ("April", &["avril", "abril", "aprile", "apr", "avr"]),
    ("May", &["mai", "mayo", "maggio", "mei", "maio", "maj"]),
    ("June", &["juni", "juin", "junio", "giugno", "junho", "jun"]),
    ("July", &["juli", "juillet", "julio", "luglio", "julho", "jul", "juil"]),
    ("August", &["août", "agosto", "augusti", "augustus", "aug"]),
    ("September", &["septembre", "septiembre", "settembre", "setembro", "sept", "sep"]),
    ("October", &["oktober", "octobre", "octubre", "ottobre", "outubro", "okt", "oct"]),
    ("November", &["novembre", "noviembre", "novembro", "nov"]),
    ("December", &["dezember", "décembre", "diciembre", "dicembre", "december", "dezembro", "dez", "déc"]),
];

/// The text with the English name of its month, whole and in three letters: `14. March 2026` for `14. März 2026`. Empty if it
/// names no month.
pub(super) fn in_english(text: &str) -> Vec<String> {
    let is_letter = |c: char| c.is_alphabetic();
    let text = text.replace(" de ", " ");
    let start = text.find(is_letter).unwrap_or(text.len());
    let end = text[start..].find(|c| !is_letter(c)).map_or(text.len(), |length| start + length);
    let word = text[start..end].to_lowercase();
    let Some((english, _)) = MONTHS.iter().find(|(_, names)| names.contains(&&*word)) else {
        return Vec::new();
    };
    let rest = text[end..].strip_prefix('.').unwrap_or(&text[end..]);
    [*english, &english[..3]].map(|month| format!("{}{month}{rest}", &text[..start])).into()
}

/// Returns the number of the month that a word names. English names begin with a capital: `may` is another word.
pub(super) fn number_of(word: &str) -> Option<i8> {
    let lower = word.to_lowercase();
    let is_english = |english: &str| word == english || word == &english[..3];
    let is_other = |names: &[&str]| names.contains(&&*lower) && !(lower.len() == 3 && lower == *word);
    let at = MONTHS.iter().position(|(english, names)| is_english(english) || is_other(names))?;
    i8::try_from(at + 1).ok()
}
