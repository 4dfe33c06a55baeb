//! How pages and files are read: cases of whole pages, phrases, and the examples of kinds.

mod cases;
mod documents;
mod kinds;
mod readers;
