//! The pages about records, in `schemas/views/`. A section of a page is written like a rule: which records it is about, and
//! what it says about each, in columns instead of a message.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::embedded;
use crate::finding::Fault;
use crate::text::Source;

use super::model::{Rule, RuleParam, ordered};
use super::texts::{ExpressionText, one_or_more};

const FOLDER: &str = "schemas/views";
/// The names for expressions that several sections share.
const LETS: &str = "schemas/lets";

/// A page: the name of its file, and what the file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Page {
    #[serde(skip)]
    pub name: &'static str,
    /// The subcommand that shows it.
    pub command: String,
    pub title: String,
    /// What the page says, in one sentence.
    pub about: String,
    /// Where it stands among those of its subcommand.
    #[serde(default)]
    pub order: u32,
    /// The kind of the record that the command line names; the parameter `subject` is its identifier.
    pub subject: Option<Arc<str>>,
    /// What the command line sets.
    #[serde(default)]
    pub params: BTreeMap<String, RuleParam>,
    pub sections: Vec<SectionSpec>,
}

/// A section: the records that it is about, and the columns.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionSpec {
    pub title: String,
    /// The sentence in place of rows; without it, a section without rows is left out.
    pub empty: Option<String>,
    /// What its rows are, where a page begins with their number.
    pub tally: Option<String>,
    #[serde(rename = "for", deserialize_with = "one_or_more")]
    pub kinds: Vec<Arc<str>>,
    /// The files of `schemas/lets/` whose names its expressions use.
    #[serde(default, deserialize_with = "one_or_more")]
    pub uses: Vec<Arc<str>>,
    #[serde(default, rename = "let", deserialize_with = "ordered")]
    pub lets: Vec<(String, String)>,
    pub when: Option<String>,
    pub each: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub group_by: Vec<Arc<str>>,
    /// True if it has only the rows about which there are findings, each finding once.
    #[serde(default)]
    pub only_found: bool,
    /// The courses of the key results that it shows; all if it names none.
    #[serde(default, deserialize_with = "one_or_more")]
    pub courses: Vec<Arc<str>>,
    /// Expressions; the first that differs orders two rows.
    #[serde(default, deserialize_with = "one_or_more")]
    pub sort: Vec<Arc<str>>,
    /// Expressions for the people, roles and teams that a row concerns besides its owners.
    #[serde(default, deserialize_with = "one_or_more")]
    pub concerns: Vec<Arc<str>>,
    /// The record whose row this one stands below.
    pub below: Option<String>,
    /// The records that a drawing of the rows joins to them.
    #[serde(default)]
    pub links: Vec<LinkSpec>,
    /// True if its rows stand side by side in a terminal: each is short.
    #[serde(default)]
    pub table: bool,
    #[serde(default)]
    pub columns: Vec<ColumnSpec>,
}

/// Records that rows are joined to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LinkSpec {
    /// What they are to the row.
    pub title: String,
    pub to: String,
}

/// A column of a section.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ColumnSpec {
    pub key: Arc<str>,
    pub title: String,
    /// True if it says what a row is about.
    #[serde(default)]
    pub head: bool,
    /// What it says, with expressions in braces. Without it, the messages of the findings about the record.
    pub text: Option<String>,
    /// What the program says there instead.
    pub shows: Option<Shown>,
    /// The field that says so.
    pub at: Option<Arc<str>>,
    /// The facets of the rules that ask for it: findings about the record make the answer one in part.
    #[serde(default, deserialize_with = "one_or_more")]
    pub facet: Vec<Arc<str>>,
}

/// What the program says of a key result, a metric or a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// Whether the key result will be reached.
    Course,
    /// Its numbers.
    Numbers,
    /// The share of the way to its target, in words also that of the time.
    Way,
    /// The share of the time of its goal, as a bar.
    Time,
    /// The last reading of a metric.
    Reading,
    /// All key results of a goal, with their numbers and courses.
    Results,
    /// Who stands above the owners of the records that a finding shows.
    Settlers,
}

impl ColumnSpec {
    /// True if it has the messages of findings.
    pub fn lists_findings(&self) -> bool {
        self.text.is_none() && self.shows.is_none()
    }

    /// True if the records answer it or not.
    pub fn is_question(&self) -> bool {
        self.text.is_some() && !self.facet.is_empty()
    }
}

impl Page {
    /// Reads the pages of a subcommand, in their order.
    ///
    /// # Errors
    /// A file is invalid.
    pub fn of_command(command: &str) -> Result<Vec<Page>, Fault> {
        let pages = embedded::files(FOLDER).map(|(path, _)| Page::parse(path));
        let mut pages = pages.collect::<Result<Vec<Page>, Fault>>()?;
        pages.retain(|page| page.command == command);
        pages.sort_by_key(|page| page.order);
        Ok(pages)
    }

    /// Returns the subcommand with the name of the page, if it has several.
    pub fn full_command(&self) -> String {
        if self.command == self.name {
            self.command.clone()
        } else {
            format!("{} {}", self.command, self.name)
        }
    }

    /// True if a column says what rules have found.
    pub fn shows_findings(&self) -> bool {
        let mut columns = self.sections.iter().flat_map(|section| &section.columns);
        columns.any(|column| column.lists_findings() || column.is_question())
    }

    fn parse(path: &'static str) -> Result<Page, Fault> {
        let fault = |error| Fault::new(format!("invalid page `{path}`: {error}"));
        let mut page: Page =
            serde_json::from_str(embedded::as_json(path).unwrap_or_default()).map_err(fault)?;
        page.name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml");
        for section in &mut page.sections {
            for name in &section.uses {
                let json = embedded::as_json(&format!("{LETS}/{name}.yaml")).unwrap_or_default();
                let Lets(lets) = serde_json::from_str(json).map_err(fault)?;
                section.lets.extend(lets);
            }
        }
        Ok(page)
    }

    /// Returns the sections as rules that find a row wherever they apply.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.sections.iter().enumerate().map(|(number, section)| Rule {
            kinds: section.kinds.clone(),
            params: self.params.clone(),
            lets: section.lets.clone(),
            when: section.when.clone(),
            each: section.each.clone(),
            group_by: section.group_by.clone(),
            expect: Some(ExpressionText("false".to_owned())),
            section: Some(Arc::new(section.clone())),
            ..Rule::empty(
                &format!("{}/{number}", self.name),
                Source::new(format!("{FOLDER}/{}.yaml", self.name), Vec::new()),
            )
        })
    }
}

/// Names for expressions, in their order.
#[derive(Deserialize)]
struct Lets(#[serde(deserialize_with = "ordered")] Vec<(String, String)>);
