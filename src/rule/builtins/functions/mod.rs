//! All functions, in the order of the reference page. Adding a function is adding an entry to one of the groups.

mod dates;
mod lists;
mod records;
mod strings;
mod texts;

use std::sync::LazyLock;

use ahash::{HashMap, HashMapExt};

use crate::rule::runtime::Function;

pub static GROUPS: [(&str, &[Function]); 6] = [
    ("Records and references", records::FUNCTIONS),
    ("History and people", texts::HISTORY),
    ("Dates, durations, periods and amounts", dates::FUNCTIONS),
    ("Texts of files", texts::TEXTS),
    ("Strings", strings::FUNCTIONS),
    ("Lists", lists::FUNCTIONS),
];

pub fn all() -> impl Iterator<Item = &'static Function> {
    GROUPS.iter().flat_map(|(_, functions)| *functions)
}

/// The functions, or methods, called `name`; they differ in their parameters.
pub(crate) fn overloads(name: &str, is_method: bool) -> impl Iterator<Item = &'static Function> {
    static BY_NAME: LazyLock<HashMap<&str, Vec<&Function>>> = LazyLock::new(|| {
        let mut by_name: HashMap<&str, Vec<&Function>> = HashMap::new();
        all().for_each(|function| by_name.entry(function.name).or_default().push(function));
        by_name
    });
    let named = BY_NAME.get(name).into_iter().flatten().copied();
    named.filter(move |function| function.is_method == is_method)
}
