//! Input that nobody means well: hostile files, mutations, links in the way, and seeds of the fuzzer.

mod fuzz;
mod hostile;
mod mutated;
mod parsers;
#[cfg(unix)]
mod symbolic_links;
