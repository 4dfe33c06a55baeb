//! Rule files: the format, the checked program, and what is derived from it.

mod dependencies;
mod fix;
mod location;
pub mod page;
pub mod params;
mod program;
mod rule;
mod rule_set;
mod slots;

pub use dependencies::{Dependencies, EdgeKinds, KindFilter, Reads};
pub use fix::FixProgram;
pub use program::{Form, KeyField, Let, Program, Stage, Subjects};
pub use rule::{
    ANY, Commit, EXAMPLE_DATE, Example, Expected, FILE, Fix, POLICY_FILE, Param, ParamType, Related, Rule,
    Text, matches_pattern,
};
pub use rule_set::{RuleSet, builtin_rules, read_user_rules};
pub use slots::{GROUP, ITEM, OTHER, SUBJECT};
