//! The rule language: it says what CEL says of plain values; its own words about records; the faults of a rule, each at
//! its location.

mod cel_conformance;
mod faults;
mod fixes;
mod random;
mod references;
mod semantics;
mod texts;
mod world;
