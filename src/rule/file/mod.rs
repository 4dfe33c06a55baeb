//! Rule files: the format, the checked program, and what is derived from it.

mod dependencies;
mod fix;
mod lets;
mod location;
mod model;
pub mod page;
pub mod params;
mod program;
mod rule;
mod rule_set;
mod section;
mod texts;

pub use dependencies::{Dependencies, EdgeKinds};
pub use fix::FixProgram;
pub use lets::{Let, Stage};
pub use model::{
    ANY, CITING_FILE, ColumnSpec, CommitSpec, Day, EXAMPLE_DATE, Example, Expected, FILE, FixSpec, GROUP,
    ITEM, OTHER, POLICY_FILE, ParamType, RelatedSpec, Rule, RuleParam, SUBJECT, SectionSpec, SeverityRule,
    Shown,
};
pub use program::{Form, Program, Subjects};
pub use rule::{is_rule_id, matches_pattern};
pub use rule_set::{RuleSet, embedded_rules, pack_rules, read_user_rules};
pub use section::Page;
pub use texts::ExpressionText;
