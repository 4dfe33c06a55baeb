//! What the program prints: reports, views, pages and lists.

mod agents;
mod due;
mod escaping;
mod estates;
mod html;
mod reports;
mod views;
mod why;
