//! Rules: what they judge and find, and what is promised of all of them.

mod adoption;
mod catalogue;
mod causes;
mod citations;
mod examples;
mod many_pages;
mod not_judged;
mod organisations;
mod pairs;
mod policy;
mod principles;
mod structure;
mod traces;
