//! What a rule file says beyond its keys: which records it is for, when it is due, how it is parsed.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use jiff::civil::Date;

use crate::config::{Config, RuleOverrides};
use crate::embedded;
use crate::finding::{Fault, Faultless};
use crate::kind::Kind;
use crate::lazy::Lazy;
use crate::record::Record;
use crate::schema::{Schema, to_json};
use crate::syntax::{self, Format};
use crate::text::{Source, Span, capital, single_spaced};

use super::location::{locate, locate_key, locate_value};
use super::model::{
    ANY, CITING_FILE, EXAMPLE_DATE, Example, FILE, OWN, OWNED, POLICY_FILE, RESERVED, REVIEWED, Rule,
    RuleBody,
};

/// True for a name such as `garden/weeds`.
pub fn is_rule_id(name: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_name = |name: &str| name.split('-').all(is_word);
    name.split_once('/').is_some_and(|(family, name)| is_name(family) && is_name(name))
}

impl Rule {
    /// True for a rule about the policy itself, such as a right that a change grants.
    pub fn is_about_policy(&self) -> bool {
        // The facet of rules about changes of the policy.
        const POLICY_FACET: &str = "policy";
        self.facet == POLICY_FACET
    }

    pub fn settings<'c>(&self, config: &'c Config) -> RuleOverrides<'c> {
        config.rule_overrides(&self.id, self.preset, self.is_about_policy())
    }

    /// Parses a rule file with the identifier of its path; it may not state another one.
    ///
    /// # Errors
    /// All places at which the file is not valid by the schema.
    pub fn parse(source: &Arc<Source>, id: &str) -> Faultless<Rule> {
        let invalid = |fault: Fault| Fault { message: format!("invalid rule: {}", fault.message), ..fault };
        let yaml = parse(source).map_err(|faults| faults.into_iter().map(invalid).collect::<Vec<_>>())?;
        // The schema refuses all that serde can't read, at its place.
        let unread = |error: serde_yaml::Error| {
            vec![invalid(Fault::new(error.to_string()).at(source, source.line_span(source.bom_len())))]
        };
        let body: RuleBody = serde_yaml::from_str(&yaml).map_err(unread)?;
        let body = Arc::new(body.titled(id).into());
        let rule = Rule { body, ..serde_yaml::from_str(&yaml).map_err(unread)? };
        if !rule.id.is_empty() && *rule.id != *id {
            let message = format!("the rule's `id` is `{}`; expected `{id}`, as in its path", rule.id);
            let place = locate(source, "/id", Span::new(0, rule.id.len()));
            return Err(vec![Fault::new(message).at(source, place).help("remove `id`, or move the file")]);
        }
        Ok(Rule { id: id.into(), source: source.clone(), ..rule })
    }

    /// Reads a rule of the program itself. Its examples, which are no part of its JSON, are parsed on first use too.
    pub(super) fn embedded(path: &'static str, id: &'static str) -> Rule {
        let whole = move || Rule::parse(&embedded::source(path), id);
        let examples = move || whole().unwrap_or_else(|faults| panic!("{}", faults[0])).examples.to_vec();
        let examples = Arc::new(Lazy::new(examples));
        let body = move || RuleBody { examples, ..embedded::read(path) }.titled(id);
        let source = embedded::source(path);
        Rule { id: id.into(), source, body: Arc::new(Lazy::new(body)), ..embedded::read(path) }
    }

    /// True if `name` is the identifier (`garden/weeds`) or the family (`garden/*`) of the rule, or `*`.
    pub fn matches_name(&self, name: &str) -> bool {
        *self.id == *name
            || name == "*"
            || name.strip_suffix("/*").is_some_and(|family| family == self.family())
    }

    pub fn is_for_word(&self, word: &str) -> bool {
        self.kinds.iter().any(|kind| **kind == *word)
    }

    /// True if it is for the records of a kind by name, or because of what the kind says of them all.
    pub fn is_for(&self, kind: &Kind) -> bool {
        self.kinds.iter().any(|name| *name == kind.name || has_trait(kind, name))
    }

    /// Returns what it is for, in words: the kinds, or those of which something is true.
    pub fn subjects(&self) -> String {
        let subjects = self.kinds.iter().map(|name| match &**name {
            OWNED => "records that need an owner",
            REVIEWED => "records that say when they are reviewed",
            OWN => "records of kinds that do not come with the program",
            FILE => "files in which records are looked for, and pages that introduce a folder of them",
            CITING_FILE => "files that are no records and cite some",
            POLICY_FILE => "files that change the policy since `--policy-from`, or records since `--since`",
            kind => kind,
        });
        subjects.collect::<Vec<_>>().join(", ")
    }

    /// Returns true if it checks the record or would, were it adopted.
    pub fn is_for_record(&self, record: &Record) -> bool {
        self.is_for_word(ANY) || self.is_for(&record.kind)
    }

    /// Returns true if the rule is about consistency, or the record is adopted.
    pub fn holds_for(&self, record: &Record) -> bool {
        !self.practice || record.is_adopted
    }

    /// True if a record states the day of `due`: in the field that `due` is, or in the first of `at`, for which `due` has a substitute.
    pub fn is_day_stated(&self, record: &Record) -> bool {
        let due = self.due.as_deref().unwrap_or_default().trim();
        let field = due.strip_prefix("record.").or_else(|| due.strip_prefix("item."));
        let is_name = |name: &str| name.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
        let reads = |field: &str| due.contains(&format!("record.{}", field.replace('-', "_")));
        let first = self.at.first().filter(|field| self.at.len() > 1 && reads(field));
        field.is_some_and(is_name) || first.is_some_and(|field| record.field(field).is_some())
    }

    /// True if the expression of `each`, or a `let`, names a field.
    pub fn reads_for_each(&self, field: &str) -> bool {
        let field = field.replace('-', "_");
        let texts = self.each.iter().chain(self.lets.iter().map(|(_, text)| text));
        let mut words = texts.flat_map(|text| text.split(|c: char| !(c.is_alphanumeric() || c == '_')));
        words.any(|word| word == field)
    }

    pub fn is_for_kinds(&self) -> bool {
        !RESERVED.iter().any(|word| self.is_for_word(word))
    }

    /// True if it checks records, of some kinds or all, or files that should be records.
    pub fn is_for_records(&self) -> bool {
        ![FILE, POLICY_FILE, CITING_FILE].into_iter().any(|word| self.is_for_word(word))
    }

    /// The help, if it is the same for every finding.
    pub fn general_help(&self) -> Option<&str> {
        self.help.first().map(|help| help.trim()).filter(|help| !help.contains('{') && !help.is_empty())
    }

    /// The reason, or else the title.
    pub fn reason(&self) -> &str {
        self.why.as_deref().unwrap_or(&self.title)
    }

    /// The place of its name, else of the key that every rule has.
    pub fn name_span(&self) -> Span {
        locate_value(&self.source, "/id").unwrap_or_else(|| locate_key(&self.source, "/for"))
    }

    pub fn family(&self) -> &str {
        self.id.split('/').next().unwrap_or_default()
    }
}

impl RuleBody {
    fn titled(self, id: &str) -> RuleBody {
        let title = if self.title.is_empty() { title_of(&self.message, id) } else { self.title };
        RuleBody { title, ..self }
    }
}

/// Returns a rule file that is valid by the schema, with all keys and texts in quotes.
fn parse(source: &Arc<Source>) -> Faultless<String> {
    let document = syntax::parse_policy(source.clone(), Format::Yaml);
    let root = document.only_mapping()?;
    let violations = SCHEMA.violations_of_policy(root);
    let faults: Vec<Fault> = violations.into_iter().map(|it| it.into_fault(source)).collect();
    // `serde_yaml`, which takes any scalar as text, ends lines at U+0085 and U+2028, which end none here.
    let plain = |c: char| if matches!(c, ' '..='~') { c.into() } else { format!("\\U{:08x}", u32::from(c)) };
    if faults.is_empty() { Ok(to_json(root).to_string().chars().map(plain).collect()) } else { Err(faults) }
}

static SCHEMA: LazyLock<Schema> = LazyLock::new(|| Schema::embedded("schemas/rule.schema.json"));

fn has_trait(kind: &Kind, name: &str) -> bool {
    match name {
        OWNED => kind.needs_owner(),
        REVIEWED => kind.review.is_some(),
        OWN => !kind.is_built_in(),
        _ => false,
    }
}

/// A title from the message, without the name of a record at its beginning and with `…` for expressions; or from the identifier.
fn title_of(message: &str, id: &str) -> String {
    let mut parts = message.split('{');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        text.push('…');
        text.push_str(part.split_once('}').map_or("", |(_, after)| after));
    }
    let text = single_spaced(&text);
    let text = text.strip_prefix("`…`").or_else(|| text.strip_prefix('…')).unwrap_or(&text);
    let text = text.trim_start_matches([':', ',', ' ']).trim_end_matches('.').trim_end();
    match text.chars().filter(|c| c.is_alphabetic()).count() {
        0..=2 => capital(&id.rsplit('/').next().unwrap_or(id).replace('-', " ")),
        _ => capital(text),
    }
}

impl Example {
    pub fn date(&self) -> Date {
        self.as_of.map_or(EXAMPLE_DATE, |day| day.0)
    }

    /// The checked files: those of the last commit, replaced by those of the example.
    pub fn final_files(&self) -> BTreeMap<String, String> {
        let mut files: BTreeMap<String, String> = BTreeMap::new();
        for (path, text) in self.history.iter().flat_map(|commit| &commit.files) {
            match text {
                Some(text) => drop(files.insert(path.clone(), text.clone())),
                None => drop(files.remove(path)),
            }
        }
        files.extend(self.files.clone());
        files
    }
}
