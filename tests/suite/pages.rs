//! Pages of the documentation that say what the program prints.

mod adoption;
mod book;
mod cli;
mod configuration;
mod first_rule;
mod formats;
mod limits;
mod picture;
mod rule_language;
mod start;
mod views;
