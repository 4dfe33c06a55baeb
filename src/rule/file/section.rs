//! The pages about records, in `schemas/views/`. A section of a page is written like a rule: which records it is about, and
//! what it says about each, in columns instead of a message.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use crate::embedded;
use crate::finding::Fault;
use crate::text::Source;

use super::model::{Rule, RuleParam, SectionSpec};
use super::texts::{ExpressionText, ordered};

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
            id: format!("{}/{number}", self.name).into(),
            source: Arc::new(Source::new(format!("{FOLDER}/{}.yaml", self.name), Vec::new())),
            ..Rule::default()
        })
    }
}

/// Names for expressions, in their order.
#[derive(Deserialize)]
struct Lets(#[serde(deserialize_with = "ordered")] Vec<(String, String)>);
