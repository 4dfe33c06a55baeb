//! All functions, in the order of the reference page. Adding a function is adding an entry to one of the groups.

mod convert;
mod dates;
mod files;
mod lists;
mod mappings;
mod occurrences;
mod people;
mod records;
mod strings;
mod texts;

use crate::rule::runtime::Function;

pub(crate) static GROUPS: [(&str, &[Function]); 10] = [
    ("Records and references", records::FUNCTIONS),
    ("History and people", people::FUNCTIONS),
    ("Dates, durations and periods", dates::FUNCTIONS),
    ("Texts of files", texts::FUNCTIONS),
    ("Strings", strings::FUNCTIONS),
    ("Lists", lists::FUNCTIONS),
    ("Many strings in one search", occurrences::FUNCTIONS),
    ("Mappings", mappings::FUNCTIONS),
    ("Files", files::FUNCTIONS),
    ("Conversions", convert::FUNCTIONS),
];

pub(crate) fn all() -> impl Iterator<Item = &'static Function> {
    GROUPS.iter().flat_map(|(_, functions)| *functions)
}

/// The functions, or methods, called `name`; they differ in their parameters.
pub(crate) fn overloads(name: &str, is_method: bool) -> impl Iterator<Item = &'static Function> {
    all().filter(move |function| function.name == name && function.is_method == is_method)
}
