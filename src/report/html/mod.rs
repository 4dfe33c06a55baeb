//! A [`View`](crate::view::View) as one HTML file: no network, no scripts, the drawing as SVG. Text from records passes only through
//! `maud`, which escapes it.

mod graph;
mod page;

pub use page::{Links, Origin, write};
