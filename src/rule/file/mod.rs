//! Rule files: the format, the checked program, and what is derived from it.

mod dependencies;
mod fix;
mod location;
mod model;
pub mod page;
pub mod params;
mod program;
mod rule;
mod rule_set;

pub use dependencies::{Dependencies, EdgeKinds};
pub use fix::FixProgram;
pub use model::{
    ANY, CITING_FILE, ColumnSpec, CommitSpec, Day, EXAMPLE_DATE, Example, Expected, ExpressionText, FILE,
    FixSpec, GROUP, ITEM, OTHER, POLICY_FILE, Page, ParamType, RelatedSpec, Rule, RuleBody, RuleParam,
    SUBJECT, SectionSpec, SeverityRule, Shown, UNREAD_FILE,
};
pub use program::{Form, Let, Program, Stage, Subjects};
pub use rule::is_rule_id;
pub use rule_set::{RuleSet, embedded_rules, pack_rules, read_user_rules};
