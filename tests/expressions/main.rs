//! The rule language from outside: it says what CEL says of plain values, what its own words mean of
//! records, and what is wrong with a rule, in words and at its place.

mod faults;
mod like_cel;
mod meaning;
mod references;
mod remedies;
mod robust;
mod world;
