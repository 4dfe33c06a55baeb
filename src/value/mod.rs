//! Reads values from the text that states them: statuses, dates, identifiers, references and names of people, in the words of
//! `schemas/words.yaml`. Each reader returns what it read with its place in the text, or says what it could not read. None knows a kind of
//! record or a format.

pub mod date;
pub mod identifier;
mod nearest;
pub mod people;
pub mod phrase;
mod placeholder;
pub mod reference;
pub mod status;
mod token;
pub mod words;

pub use nearest::{in_ascii, is_disguised, nearest, odd_character, only_meaning};
pub use phrase::Found;
pub use placeholder::{is_none, is_placeholder, is_template_text, names_nothing, says_nothing};
