//! How pages and files are read: cases of whole pages, phrases, and the examples of kinds.

mod cases;
mod kinds;
mod readers;
