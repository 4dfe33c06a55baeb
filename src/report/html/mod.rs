//! A [`View`](crate::view::View) as one HTML file: no network, no scripts, drawings as SVG. Text from records passes only through `maud`, which
//! escapes it.

mod answers;
mod graph;
mod index;
mod page;
mod table;
mod time_line;
mod trend;
mod unfolded;

pub use page::{Links, Origin, write};
