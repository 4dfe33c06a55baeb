//! How pages and files are read: cases of whole pages, phrases, and the examples of kinds.

mod asked;
mod calendar;
mod cases;
mod cited;
mod documents;
mod kinds;
mod readers;
