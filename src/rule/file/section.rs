//! The pages about records, in `schemas/views/`. A section of a page is written like a rule: which records it is about, and
//! what it says about each, in columns instead of a message.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use crate::embedded;
use crate::finding::Fault;
use crate::text::Source;

use super::model::{Rule, RuleParam, ordered};
use super::texts::{ExpressionText, one_or_more};

const FOLDER: &str = "schemas/views";
/// The names for expressions that several sections share.
const LETS: &str = "schemas/lets";
/// The columns that several sections share.
const COLUMNS: &str = "schemas/columns";

/// A page: the name of its file, and what the file says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Page {
    #[serde(skip)]
    pub name: &'static str,
    /// The subcommand that shows it.
    pub command: String,
    /// The heading.
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
    /// The rules whose findings are not counted.
    #[serde(default)]
    pub leaves_out: Vec<Arc<str>>,
    /// True if it ends with the findings that comments and the baseline suppress.
    #[serde(default)]
    pub suppressions: bool,
    /// The rules with `due` whose task is to keep the records up to date.
    #[serde(default)]
    pub upkeep: Vec<Arc<str>>,
    pub sections: Vec<SectionSpec>,
}

/// Names for expressions, in their order.
#[derive(Deserialize)]
struct Lets(#[serde(deserialize_with = "ordered")] Vec<(String, String)>);

/// A section: the records that it is about, and the columns.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SectionSpec {
    pub title: String,
    /// The sentence in place of rows.
    pub empty: Option<String>,
    /// The only row if no record is in the section: its questions are open.
    pub otherwise: Option<String>,
    #[serde(rename = "for", deserialize_with = "one_or_more")]
    pub kinds: Vec<Arc<str>>,
    /// The files of `schemas/lets/` whose names its expressions use.
    #[serde(default, deserialize_with = "one_or_more")]
    pub uses: Vec<Arc<str>>,
    #[serde(default, rename = "let", deserialize_with = "ordered")]
    pub lets: Vec<(String, String)>,
    /// A condition that comes before `when` and does not depend on the subject of the page.
    pub among: Option<String>,
    pub when: Option<String>,
    pub each: Option<String>,
    /// Which items are shown.
    #[serde(rename = "where")]
    pub filter: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub group_by: Vec<Arc<str>>,
    /// True if it has only the rows about which there are findings, each finding once.
    #[serde(default)]
    pub only_found: bool,
    /// True if each finding is shown once: in the row of its own record, else in the first row of a record that it shows.
    #[serde(default)]
    pub each_once: bool,
    /// True if it has no findings that only show its records and are about others.
    #[serde(default)]
    pub own_findings: bool,
    /// The most names in a row: the rows about records of one kind that agree in all cells after the second become one, whose
    /// first cell counts them and whose second one has the names.
    pub fold: Option<usize>,
    /// Expressions; the first that differs orders two rows.
    #[serde(default, deserialize_with = "one_or_more")]
    pub sort: Vec<Arc<str>>,
    /// Expressions for the people, roles and teams that a row concerns besides its owners. An expression without a result
    /// does not affect the others.
    #[serde(default, deserialize_with = "one_or_more")]
    pub concerns: Vec<Arc<str>>,
    /// The record whose row this one stands below.
    pub below: Option<String>,
    pub drawing: Option<DrawingSpec>,
    pub measure: Option<MeasureSpec>,
    /// True if a page for the browser shows the rows as a table: each is short.
    #[serde(default)]
    pub table: bool,
    /// The column by whose texts the rows are counted.
    pub count_by: Option<Arc<str>>,
    /// What is counted where a page begins with numbers.
    pub tally: Option<String>,
    /// The form of its rows in a column of another page.
    pub brief: Option<BriefSpec>,
    /// The page about the record of a row, which a page for the browser has below it.
    pub unfolds: Option<String>,
    /// A text in their place is a file of `schemas/columns/`.
    #[serde(default, deserialize_with = "columns")]
    pub columns: Vec<ColumnSpec>,
}

/// The form of a row of a section in a column of another page.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BriefSpec {
    /// The key of the column.
    pub key: Arc<str>,
    /// Written like that of a column.
    pub text: String,
}

/// How the rows of a section are drawn.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum DrawingSpec {
    /// A box for each row, joined to the row that it stands below and to the records that `links` name.
    Graph { caption: String, links: Vec<LinkSpec> },
    /// A bar for each row, from a day to another one, which `end` names.
    TimeLine { caption: String, from: String, to: String, end: String },
    /// A bar for each row, as long as a number, or as the days since a date; a column says how long.
    Bars { caption: String, length: String, column: Arc<str> },
}

/// Which number a section comes down to.
#[derive(Clone, Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum MeasureSpec {
    /// The number of rows, or of those for which `only` is true: then a state without a row has no number. With `base`, the
    /// trend also counts the findings for each hundred of them.
    Count {
        #[serde(default)]
        base: bool,
        only: Option<String>,
    },
    /// The median of the days between two dates.
    Days { from: String, to: String },
}

/// Records that rows are joined to.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LinkSpec {
    /// What they are to the row.
    pub title: String,
    pub to: String,
}

impl SectionSpec {
    /// True if its first rows say the same without the others.
    pub fn has_independent_rows(&self) -> bool {
        !(self.fold.is_some() || self.count_by.is_some() || self.only_found || self.each_once)
    }

    /// The expressions that say what is drawn or measured of a row.
    pub fn drawn(&self) -> Vec<&str> {
        match (&self.drawing, &self.measure) {
            (Some(drawing), _) => drawing.expressions(),
            (None, Some(MeasureSpec::Days { from, to })) => vec![from, to],
            (None, Some(MeasureSpec::Count { only, .. })) => only.as_deref().into_iter().collect(),
            (None, None) => Vec::new(),
        }
    }
}

impl DrawingSpec {
    fn expressions(&self) -> Vec<&str> {
        match self {
            DrawingSpec::Graph { links, .. } => links.iter().map(|link| &*link.to).collect(),
            DrawingSpec::TimeLine { from, to, .. } => vec![from, to],
            DrawingSpec::Bars { length, .. } => vec![length],
        }
    }
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
    /// The page about the record of the row whose sections have a `brief` with its key: it lists their rows.
    pub from: Option<Arc<str>>,
    /// True if it lists items that are overdue or due within a month for the person in the first cell.
    #[serde(default)]
    pub due: bool,
    /// True if it names the nearest person above the owners of all records of a finding.
    #[serde(default)]
    pub settles: bool,
    /// True if it names the other records of the findings, with their teams and owners.
    #[serde(default)]
    pub others: bool,
    /// The people and teams that it names, where a page for the browser lists its rows by them.
    pub index: Option<NameSpec>,
    /// The field that says so.
    #[serde(default, deserialize_with = "one_or_more")]
    pub at: Vec<Arc<str>>,
    /// The record with that field, or a list of which the first counts, if it is not that of the row.
    pub of: Option<String>,
    /// Findings that count besides those about the record of the row.
    pub with: Option<WithSpec>,
    /// The facets of the rules that ask for it: findings about the record make the answer one in part.
    #[serde(default, deserialize_with = "one_or_more")]
    pub facet: Vec<Arc<str>>,
    /// Rules of other facets that ask for it; named where there is no answer. Rules that a column names count for no other.
    #[serde(default, deserialize_with = "one_or_more")]
    pub rules: Vec<Arc<str>>,
    /// True if it is no gap that there is no answer, unless a rule finds one.
    #[serde(default)]
    pub optional: bool,
}

/// How the text of a column names people and teams.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NameSpec {
    /// It is a name, also where the directory does not have it, or a list of names of the directory.
    Name,
    /// It is a list of names of the directory.
    People,
    /// It names people, roles or teams of the directory among other words.
    Named,
    /// It begins with the name of a team.
    Team,
    /// It is a list of the members of the team that the first column names.
    Members,
}

/// Findings about other records that a column asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct WithSpec {
    /// The records, or one.
    pub of: String,
    #[serde(deserialize_with = "one_or_more")]
    pub rules: Vec<Arc<str>>,
}

/// A column, or the name of a file of columns.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrShared {
    Shared(String),
    One(Box<ColumnSpec>),
}

fn columns<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ColumnSpec>, D::Error> {
    let mut columns = Vec::new();
    for column in Vec::<OneOrShared>::deserialize(deserializer)? {
        match column {
            OneOrShared::One(column) => columns.push(*column),
            OneOrShared::Shared(name) => {
                let json = embedded::as_json(&format!("{COLUMNS}/{name}.yaml")).unwrap_or_default();
                let shared: Vec<ColumnSpec> = serde_json::from_str(json)
                    .map_err(|error| D::Error::custom(format!("columns `{name}`: {error}")))?;
                columns.extend(shared);
            }
        }
    }
    Ok(columns)
}

impl ColumnSpec {
    /// A column that only says something.
    fn plain(key: &Arc<str>, text: &str) -> ColumnSpec {
        ColumnSpec {
            key: key.clone(),
            title: String::new(),
            head: false,
            text: Some(text.to_owned()),
            from: None,
            due: false,
            settles: false,
            others: false,
            index: None,
            at: Vec::new(),
            of: None,
            with: None,
            facet: Vec::new(),
            rules: Vec::new(),
            optional: false,
        }
    }

    /// True if it has the messages of findings.
    pub fn lists_findings(&self) -> bool {
        self.text.is_none() && self.from.is_none() && !self.settles && !self.others
    }

    /// True if rules ask for what it says.
    pub fn asks(&self) -> bool {
        !(self.facet.is_empty() && self.rules.is_empty())
    }
}

impl Page {
    /// Reads the pages of a subcommand, in their order.
    ///
    /// # Errors
    /// A file is invalid.
    pub fn of_command(command: &str) -> Result<Vec<Page>, Fault> {
        let pages = embedded::files(FOLDER).map(|(path, _)| Page::parse(path));
        let pages = pages.collect::<Result<Vec<Page>, Fault>>()?;
        let mut pages: Vec<Page> = pages.into_iter().filter(|page| page.command == command).collect();
        pages.sort_by_key(|page| page.order);
        Ok(pages)
    }

    /// Reads a page.
    ///
    /// # Errors
    /// The file is invalid, or there is none.
    pub fn named(name: &str) -> Result<Page, Fault> {
        let path = format!("{FOLDER}/{name}.yaml");
        let file = embedded::files(FOLDER).find(|(known, _)| *known == path);
        Page::parse(file.ok_or_else(|| Fault::new(format!("no page `{path}`")))?.0)
    }

    /// Returns the subcommand with the name of the page, if it has several.
    pub fn full_command(&self) -> String {
        if self.command == self.name {
            self.command.clone()
        } else {
            format!("{} {}", self.command, self.name)
        }
    }

    /// Returns the numbers of the sections with a `brief` of the key, as rules whose rows have that as their only column.
    pub fn briefs(&self, key: &str) -> impl Iterator<Item = (usize, Rule)> {
        let sections = self.sections.iter().enumerate();
        sections.filter_map(move |(number, section)| {
            let brief = section.brief.as_ref().filter(|brief| *brief.key == *key)?;
            let columns = vec![ColumnSpec::plain(&brief.key, &brief.text)];
            let section =
                SectionSpec { columns, concerns: Vec::new(), below: None, drawing: None, ..section.clone() };
            Some((number, self.rule(number, &section)))
        })
    }

    /// Returns a section as a rule whose rows have their `brief`, if any, as a further column; and the key of that.
    pub fn with_brief(&self, number: usize) -> (Rule, Option<Arc<str>>) {
        let mut section = self.sections[number].clone();
        let brief = section.brief.clone();
        section.columns.extend(brief.as_ref().map(|brief| ColumnSpec::plain(&brief.key, &brief.text)));
        (self.rule(number, &section), brief.map(|brief| brief.key))
    }

    /// Returns the rule whose rows are the records that the `among` of a section leaves.
    pub fn among(&self, number: usize) -> Option<Rule> {
        let section = &self.sections[number];
        section.among.as_ref()?;
        let among = SectionSpec {
            when: None,
            filter: None,
            sort: Vec::new(),
            columns: Vec::new(),
            concerns: Vec::new(),
            below: None,
            drawing: None,
            ..section.clone()
        };
        Some(self.rule(number, &among))
    }

    /// True if a column says what rules have found.
    pub fn shows_findings(&self) -> bool {
        let mut columns = self.sections.iter().flat_map(|section| &section.columns);
        columns.any(|column| column.lists_findings() || column.asks())
    }

    fn parse(path: &'static str) -> Result<Page, Fault> {
        let fault = |error| Fault::new(format!("invalid page `{path}`: {error}"));
        let json = embedded::as_json(path).unwrap_or_default();
        let mut page: Page = serde_json::from_str(json).map_err(fault)?;
        page.name = path.rsplit('/').next().unwrap_or(path).trim_end_matches(".yaml");
        for section in &mut page.sections {
            let mut lets = Vec::new();
            for name in &section.uses {
                let path = format!("{LETS}/{name}.yaml");
                let json = embedded::as_json(&path).unwrap_or_default();
                let shared: Lets = serde_json::from_str(json)
                    .map_err(|error| Fault::new(format!("invalid file `{path}`: {error}")))?;
                lets.extend(shared.0);
            }
            lets.append(&mut section.lets);
            section.lets = lets;
        }
        Ok(page)
    }

    /// True if a column lists due items.
    pub fn shows_due(&self) -> bool {
        self.sections.iter().flat_map(|section| &section.columns).any(|column| column.due)
    }

    /// Returns the sections as rules that find a row wherever they apply.
    pub fn rules(&self) -> impl Iterator<Item = Rule> {
        self.sections.iter().enumerate().map(|(number, section)| self.rule(number, section))
    }

    fn rule(&self, number: usize, section: &SectionSpec) -> Rule {
        Rule {
            kinds: section.kinds.clone(),
            params: self.params.clone(),
            lets: section.lets.clone(),
            when: match (&section.among, &section.when) {
                (Some(among), Some(when)) => Some(format!("({among}) && ({when})")),
                (among, when) => among.as_ref().or(when.as_ref()).cloned(),
            },
            each: section.each.clone(),
            group_by: section.group_by.clone(),
            expect: Some(ExpressionText(match &section.filter {
                Some(filter) => format!("!({filter})"),
                None => "false".to_owned(),
            })),
            section: Some(Arc::new(section.clone())),
            ..Rule::empty(
                &format!("{}/{number}", self.name),
                Source::new(format!("{FOLDER}/{}.yaml", self.name), Vec::new()),
            )
        }
    }
}
