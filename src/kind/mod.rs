//! Kinds of records. A kind is a JSON Schema in YAML with annotations (`x-…`) for what JSON Schema can't express, such as
//! references. `schemas/kind.schema.json` describes them.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, OnceLock};

use ahash::HashMap;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::citation::Form;
use crate::embedded;
use crate::finding::Fault;
use crate::layout::label_key;
use crate::lazy::Lazy;
use crate::limits;
use crate::node::{self, Entry, Node};
use crate::schema::{Schema, Violation, did_you_mean, name_help, nearest, to_json};
use crate::syntax::{Format, parse_policy};
use crate::text::{Source, Span, bare_name, kebab};

mod base;
mod check;
pub mod editor;
mod example;
mod shape;

use base::merged;
pub use shape::{
    AbsentValues, DayOfPeriod, Field, FieldHash, FieldType, Initial, MapType, ReferencePlace, Shape, WHO,
    fold_name,
};

/// The folder of the embedded kinds.
const KINDS: &str = "schemas/kinds";

/// What all kinds have in common.
const COMMON: &str = "schemas/record.yaml";

#[derive(Debug, Default)]
pub struct Kinds {
    kinds: Vec<Arc<Kind>>,
    by_key: HashMap<String, usize>,
    digest: u64,
}

#[derive(Debug, Default)]
pub struct Kind {
    pub name: Arc<str>,
    /// The user's file that defines it; `None` for a kind of the program.
    pub own_source: Option<Arc<Source>>,
    /// The key of a list of such records in a file.
    pub plural: Box<str>,
    pub aliases: Vec<Box<str>>,
    pub description: Box<str>,
    /// The fields, read on first use.
    pub shape: Lazy<Arc<Shape>>,
    /// The schema, merged with the common one of all records, read on first use.
    pub json: Arc<Lazy<Value>>,
    pub status: Option<Box<str>>,
    /// The statuses in which a record is in force or under way.
    pub live_statuses: Vec<Box<str>>,
    /// The statuses of a record that is still being written.
    pub draft_statuses: Vec<Box<str>>,
    /// The fields that name who is accountable for a record, by priority.
    pub accountable: Vec<Box<str>>,
    /// True if its records may lack such a name.
    pub owner_is_optional: bool,
    pub review: Option<Review>,
    pub required: Vec<Box<str>>,
    /// Those of them by which a record is recognised: what a kind demands besides its base tells nothing of that.
    pub recognised_by: Vec<Box<str>>,
    /// The field that a value in place of a record, such as a list, is assigned to.
    pub value_field: Option<Box<str>>,
    /// The fields, besides `id`, whose texts may be used in references.
    pub names: Vec<Box<str>>,
    /// The folded names of folders of its pages, besides its own names.
    folders: Vec<String>,
    /// The field with the last day of what a record stands for.
    pub until: Option<Box<str>>,
    /// The field with the paths that a record governs.
    pub governs: Option<Box<str>>,
    /// The field that names the records which supersede a record, and the one that names those which it supersedes.
    pub successor: Option<Box<str>>,
    pub predecessor: Option<Box<str>>,
    /// The dates of a record that say since when it has its status, unless its format names others; the first with a value counts.
    pub status_since: Vec<Box<str>>,
    /// How identifiers of the program's own format are cited.
    pub cited_as: Vec<Form>,
    /// Practices that are suggested where some records of a foreign format follow them.
    pub adopts: Adopts,
    /// How rows of a table are records, if they are.
    pub rows: Option<Rows>,
    /// True if the records grant rights.
    pub authority: bool,
    schema: OnceLock<Result<Schema, Fault>>,
    reference_places: OnceLock<Vec<Arc<ReferencePlace>>>,
    /// The fields by the keys of sections that state them, as indexes into those of the shape.
    sections: OnceLock<HashMap<String, usize>>,
}

#[derive(Debug)]
pub struct Review {
    /// The day of the next review.
    pub due: Option<Box<str>>,
    /// The day of the last review, and the longest time between two.
    pub cadence: Option<(Box<str>, Box<str>)>,
}

impl Review {
    fn read(json: &Value) -> Option<Review> {
        let cadence = shape::text(&json["last"]).zip(shape::text(&json["every"]));
        json.is_object().then(|| Review { due: shape::text(&json["due"]), cadence })
    }
}

/// Where records of a kind show that practice rules are meant for the whole repository.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adopts {
    /// Projects have such records too.
    #[default]
    Nothing,
    /// In a data file.
    Data,
    /// In a data file, or on a page below a folder of governance, strategy or goals.
    DataAndPages,
}

impl Kinds {
    /// Loads the embedded kinds and those of `sources`, which may replace embedded ones. A kind is named after its file.
    ///
    /// # Errors
    /// All faults of `sources`.
    pub fn load(sources: &[Arc<Source>]) -> Result<Kinds, Vec<Fault>> {
        let mut hasher = DefaultHasher::new();
        sources.iter().for_each(|source| (&**source.path(), source.text()).hash(&mut hasher));
        let (mut kinds, mut faults) = (Kinds { digest: hasher.finish(), ..Kinds::default() }, Vec::new());
        let common = embedded::read::<Head>(COMMON).rest;
        for path in embedded::paths(KINDS) {
            let head = merged(embedded::read::<Head>(path).rest, &common);
            let json = Lazy::new(move || merged(embedded::read(path), &embedded::read(COMMON)));
            kinds.insert(Kind::new(bare_name(path), &head, json));
        }
        // Only kinds of the user's own are compared with all that the others refer to.
        let mut names = if sources.is_empty() { Vec::new() } else { kinds.referable() };
        names.extend(sources.iter().map(|source| kebab(bare_name(source.path()))));
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for source in sources {
            match user_kind(source, &names) {
                Ok(kind) => kinds.insert(kind),
                Err(found) => faults.extend(found),
            }
        }
        faults.extend(kinds.index());
        if faults.is_empty() { Ok(kinds) } else { Err(faults) }
    }

    /// A hash of the kinds that the program does not have itself.
    pub fn digest(&self) -> u64 {
        self.digest
    }

    pub fn get(&self, name: &str) -> Option<&Arc<Kind>> {
        let at = self.kinds.binary_search_by(|kind| (*kind.name).cmp(name)).ok()?;
        Some(&self.kinds[at])
    }

    /// Returns the kind with this name, plural or alias, ignoring case and separators.
    pub fn by_key(&self, key: &str) -> Option<&Arc<Kind>> {
        self.by_key.get(&fold_name(key)).map(|at| &self.kinds[*at])
    }

    /// Returns the kind for whose records a folder is named.
    pub fn by_folder(&self, name: &str) -> Option<&Arc<Kind>> {
        let folded = fold_name(name);
        self.by_key(name).or_else(|| self.iter().find(|kind| kind.folders.contains(&folded)))
    }

    /// Returns the kind with this name, plural or alias, as a user types it. `others` are names that are allowed besides.
    ///
    /// # Errors
    /// There is none; with the nearest name.
    pub fn find(&self, name: &str, others: &[&str]) -> Result<&Arc<Kind>, Fault> {
        self.get(name).or_else(|| self.by_key(name)).ok_or_else(|| {
            let called = self.iter().flat_map(|kind| kind.called()).chain(others.iter().copied());
            let names = || self.iter().map(|kind| format!("`{}`", kind.name)).collect::<Vec<_>>().join(", ");
            let help =
                nearest(name, called).map_or_else(|| format!("the kinds are {}", names()), did_you_mean);
            Fault::new(format!("unknown kind `{name}`")).help(help)
        })
    }

    /// Returns the name of the kind that a policy means by an unknown one: its plural or an alias, or else the nearest.
    pub fn meant(&self, name: &str) -> Option<&str> {
        let called = self.by_key(name).map(|kind| &*kind.name);
        called.or_else(|| nearest(name, self.iter().map(|kind| &*kind.name)))
    }

    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Kind>> {
        self.kinds.iter()
    }

    /// Returns what `x-ref` may name: a kind, `who`, `any`, and kinds that a user may define because these kinds refer to them.
    fn referable(&self) -> Vec<String> {
        let mut names: Vec<String> = ["any", "who"].map(str::to_owned).into();
        for kind in self.iter() {
            names.push(kind.name.to_string());
            let kinds = kind.reference_places().iter().flat_map(|place| place.kinds.iter());
            names.extend(kinds.map(ToString::to_string));
        }
        names
    }

    fn insert(&mut self, kind: Kind) {
        match self.kinds.binary_search_by(|known| known.name.cmp(&kind.name)) {
            Ok(at) => self.kinds[at] = Arc::new(kind),
            Err(at) => self.kinds.insert(at, Arc::new(kind)),
        }
    }

    /// Fills `by_key`. A name of two kinds is a fault of the second one.
    fn index(&mut self) -> Vec<Fault> {
        let mut clashes = Vec::new();
        for (at, kind) in self.kinds.iter().enumerate() {
            for name in kind.called() {
                let owner = *self.by_key.entry(fold_name(name)).or_insert(at);
                if owner != at {
                    let message = format!(
                        "duplicate kind name `{name}` in `{}` and `{}`",
                        self.kinds[owner].name, kind.name
                    );
                    let fault = Fault::new(message).help("choose another `x-plural` or alias");
                    let source = kind.own_source.iter().chain(&self.kinds[owner].own_source).next();
                    clashes.push(match source {
                        Some(source) => fault.at(source, Span::at(source.bom_len())),
                        None => fault,
                    });
                }
            }
        }
        clashes
    }
}

pub fn is_built_in(kind: &str) -> bool {
    embedded::as_json(&format!("schemas/kinds/{kind}.yaml")).is_some()
}

impl Kind {
    pub fn section_field(&self, title: &str) -> Option<&Field> {
        let fields = || self.shape.fields.iter().enumerate();
        let sections = self.sections.get_or_init(|| {
            let titles = fields().flat_map(|(at, field)| field.headings.iter().map(move |it| (it, at)));
            titles.map(|(title, at)| (label_key(title), at)).collect()
        });
        self.shape.fields.get(*sections.get(&label_key(title))?)
    }

    /// Returns true for a kind that comes with the program, also if the user's file of its name replaces it.
    pub fn is_built_in(&self) -> bool {
        is_built_in(&self.name)
    }

    /// Returns true if each of its active records needs an owner.
    pub fn needs_owner(&self) -> bool {
        !self.accountable.is_empty() && !self.owner_is_optional
    }

    pub fn status_field(&self) -> Option<&Field> {
        self.shape.field(self.status.as_deref()?)
    }

    pub fn is_status(&self, field: &str) -> bool {
        self.status.as_deref() == Some(field)
    }

    /// Returns true for the name, the plural or an alias of the kind, ignoring case and separators.
    pub fn is_called(&self, name: &str) -> bool {
        let name = fold_name(name);
        self.called().any(|own| fold_name(own) == name)
    }

    /// The names of the kind and of a list of such records: the kind, the plural and the aliases.
    pub fn called(&self) -> impl Iterator<Item = &str> {
        [&*self.name, &self.plural].into_iter().chain(self.aliases.iter().map(|alias| &**alias))
    }

    /// `head` are the keys of the schema that are read at once.
    fn new(name: &str, head: &Value, schema: Lazy<Value>) -> Kind {
        let json = Arc::new(schema);
        let schema = json.clone();
        // A field that says whether a record is active is its status, and `true` the live one.
        let live_field = shape::text(&head["x-live"]["field"]);
        let live_statuses = match live_field {
            Some(_) => ["true", "True", "TRUE"].map(Box::from).into(),
            None => shape::texts(&head["x-live"]),
        };
        Kind {
            name: name.into(),
            plural: shape::text(&head["x-plural"]).unwrap_or_default(),
            aliases: shape::texts(&head["x-aliases"]),
            description: shape::text(&head["description"]).unwrap_or_default(),
            shape: Lazy::new(move || Arc::new(Shape::new(&schema, &schema))),
            status: live_field.or_else(|| shape::text(&head["x-status"])),
            live_statuses,
            draft_statuses: shape::texts(&head["x-draft"]),
            accountable: shape::texts(&head["x-owner"]),
            owner_is_optional: head["x-owner-optional"] == true,
            review: Review::read(&head["x-review"]),
            required: shape::texts(&head["required"]),
            recognised_by: shape::texts(&head["required"]),
            value_field: shape::text(&head["x-value"]),
            names: shape::texts(&head["x-names"]),
            folders: shape::texts(&head["x-folders"]).iter().map(|name| fold_name(name)).collect(),
            until: shape::text(&head["x-until"]),
            governs: shape::text(&head["x-governs"]),
            successor: shape::text(&head["x-successor"]),
            predecessor: shape::text(&head["x-predecessor"]),
            status_since: shape::texts(&head["x-status-since"]),
            cited_as: shape::texts(&head["x-cited-as"])
                .iter()
                .filter_map(|form| Form::parse(form).ok())
                .collect(),
            adopts: Adopts::deserialize(&head["x-adopts"]).unwrap_or_default(),
            rows: Rows::read(&head["x-rows"]),
            authority: head["x-authority"] == true,
            json,
            ..Kind::default()
        }
    }

    pub fn reference_places(&self) -> &[Arc<ReferencePlace>] {
        self.reference_places.get_or_init(|| ReferencePlace::all_of(&self.shape))
    }

    /// Returns whether a record with this status is active; `None` if the kind does not know the status.
    pub fn is_live(&self, status: &str) -> Option<bool> {
        let is_one_of = |statuses: &[Box<str>]| statuses.iter().any(|one| **one == *status);
        if is_one_of(&self.live_statuses) {
            return Some(true);
        }
        let field = self.status_field();
        let known = field.map_or(&[][..], |field| &field.values);
        (known.is_empty() || is_one_of(known)).then_some(false)
    }

    /// Returns at most `limit` violations of the schema; see [`Schema::violations`].
    pub fn violations(&self, limit: usize, fields: &Node) -> Vec<Violation> {
        let Ok(schema) = self.schema() else { return Vec::new() };
        let mut violations = schema.violations_within(limit, fields);
        let room = limit.saturating_sub(violations.len());
        violations.extend(schema.unknown_keys_without_value(limit, fields).into_iter().take(room));
        violations
    }

    /// Compiles the schema on first use, since most runs need few kinds.
    fn schema(&self) -> Result<&Schema, &Fault> {
        self.schema.get_or_init(|| Schema::compile(&self.json)).as_ref()
    }

    /// Returns true for the name of a page that holds a table of such records.
    pub fn has_rows_on(&self, page: &str) -> bool {
        let mut pages = self.rows.iter().flat_map(|rows| &rows.pages);
        pages.any(|name| fold_name(name) == fold_name(page))
    }

    /// Returns the field that a column of a table of such records states.
    pub fn field_of_column(&self, column: &str) -> Option<&Field> {
        let columns = self.rows.iter().flat_map(|rows| &rows.columns);
        let mut named = columns.filter(|(name, _)| fold_name(name) == fold_name(column));
        match named.next() {
            Some((_, field)) => self.shape.field(field),
            None => self.shape.by_key(column),
        }
    }

    /// Returns the columns that mean another field than a key of that name, each with that field.
    pub fn named_columns(&self) -> impl Iterator<Item = (&str, &Field)> {
        let columns = self.rows.iter().flat_map(|rows| &rows.columns);
        columns.filter_map(|(name, field)| Some((&**name, self.shape.field(field)?)))
    }

    /// Returns the field that a cell of a column states if it is one of the field's words.
    pub fn field_of_words_in(&self, column: &str) -> Option<&Field> {
        let mut columns = self.rows.iter().flat_map(|rows| &rows.words);
        let (_, field) = columns.find(|(name, _)| fold_name(name) == fold_name(column))?;
        self.shape.field(field)
    }

    /// Returns the list of which each row of a table states one item.
    pub fn list_in_rows(&self) -> Option<&Field> {
        self.shape.field(self.rows.as_ref()?.item_of.as_deref()?)
    }
}

/// Loads a kind of the user's own. `kinds` are all names that it may refer to.
fn user_kind(source: &Arc<Source>, kinds: &[&str]) -> Result<Kind, Vec<Fault>> {
    let document = parse_policy(source.clone(), Format::from_path(source.path()).unwrap_or(Format::Yaml));
    let root = document.only_mapping()?;
    let (name, right) = (bare_name(source.path()), kebab(bare_name(source.path())));
    if *name != *right {
        let message = format!("a kind is called like its file, in lower case: `{right}`, not `{name}`");
        let help = format!("rename the file to `{right}.yaml`");
        return Err(vec![Fault::new(message).help(help).at(source, source.line_span(source.bom_len()))]);
    }
    let extended = extended(source, root).map_err(|fault| vec![fault])?;
    let root = extended.as_ref().unwrap_or(root);
    let violations = Schema::embedded("schemas/kind.schema.json").violations_of_policy(root);
    if !violations.is_empty() {
        return Err(violations.into_iter().map(|violation| violation.into_fault(source)).collect());
    }
    let mut json = to_json(root);
    base::drop_removed_words(&mut json);
    let common: Value = embedded::read(COMMON);
    let json = base::merged_own(json, &common);
    let mut kind = Kind::new(&right, &json, json.clone().into());
    // Its base may have statuses that it does not allow.
    let status = json["x-status"].as_str().and_then(|name| Some(kind.shape.field(name)?.values.clone()));
    let is_known = |one: &_| status.iter().all(|values| values.is_empty() || values.contains(one));
    kind.draft_statuses.retain(is_known);
    kind.live_statuses.retain(|one| !json["x-live"].is_array() || is_known(one));
    kind.own_source = Some(source.clone());
    if matches!(kind.json["x-rows"], Value::Null | Value::Bool(true)) {
        kind.rows = Some(Rows::of_own(&kind));
    }
    let base = document.roots.first().and_then(|stated| stated.get("base"));
    if let Some(base) = base.and_then(|base| base::embedded_kind(base.as_text()?)) {
        kind.recognised_by = shape::texts(&to_json(&base)["required"]);
    }
    if !kind.shape.is_complete {
        let place = root.get("properties").map_or(root.span, |fields| Span::at(fields.span.start as usize));
        return Err(vec![
            Fault::new(format!("the kind has more than {} fields", limits::FIELDS)).at(source, place),
        ]);
    }
    let mut faults = check::faults(source, root, base.map(|base| base.span), &kind, kinds);
    // In a file, this key names the kind of the record.
    let fields = root.get("properties").and_then(Node::as_mapping);
    let field = fields.and_then(|fields| fields.entry("kind"));
    if let Some(field) = field.filter(|field| to_json(&field.value) != common["properties"]["kind"]) {
        faults.push(Fault::new("`kind` can't be a field").at(source, field.key.span));
    }
    if let Err(fault) = kind.schema() {
        faults.push(fault.clone().at(source, Span::at(root.span.start as usize)));
    }
    if faults.is_empty() { Ok(kind) } else { Err(faults) }
}

/// The kind with that of its `base` below it, whose plural and aliases it does not have under another name.
fn extended(source: &Arc<Source>, root: &Node) -> Result<Option<Node>, Fault> {
    let own_name = bare_name(source.path());
    let find = |name: &str| {
        let mut base = base::embedded_kind(name)?;
        if let (true, node::Value::Mapping(mapping)) = (name != own_name, &mut base.value) {
            let is_other_name = |entry: &Entry| matches!(&*entry.key.name, "x-plural" | "x-aliases");
            mapping.edit(|entries| entries.retain(|entry| !is_other_name(entry)));
            base::refer_to(&mut base, name, own_name);
        }
        Some(base)
    };
    root.extending(find).map_err(|base| {
        let name = base.as_text().unwrap_or_default();
        let names = embedded::paths(KINDS).map(bare_name);
        let fault = Fault::new(format!("unknown base `{name}`: no built-in kind has this name"));
        let names: Vec<&str> = names.collect();
        fault.help(name_help(name, &names)).at(source, base.span)
    })
}

/// The keys of a kind but for its fields and examples, which are read on first use.
#[derive(Deserialize)]
struct Head {
    #[serde(rename = "properties")]
    _fields: IgnoredAny,
    #[serde(rename = "x-examples", default)]
    _examples: IgnoredAny,
    #[serde(flatten)]
    rest: Value,
}

/// The tables whose rows are records.
#[derive(Debug, Default)]
pub struct Rows {
    /// Other pages than those named after the kind that hold such tables, by their names without the ending.
    pages: Vec<Box<str>>,
    /// Columns that mean another field than a key of that name.
    columns: Vec<(Box<str>, Box<str>)>,
    /// Columns about something else, whose cells state another field where they are one of its words.
    words: Vec<(Box<str>, Box<str>)>,
    /// The list of which each row states one item, in columns for its parts.
    item_of: Option<Box<str>>,
    /// The fewest columns besides the name.
    pub fewest: usize,
}

impl Rows {
    fn read(annotation: &Value) -> Option<Rows> {
        let rows = || Rows {
            pages: shape::texts(&annotation["pages"]),
            columns: shape::pairs(&annotation["columns"]),
            words: shape::pairs(&annotation["words"]),
            item_of: shape::text(&annotation["item-of"]),
            fewest: annotation["fewest"].as_u64().map_or(2, |fewest| fewest as usize),
        };
        (*annotation == true || annotation.is_object()).then(rows)
    }

    /// Those of a kind of the user's own: a column with the name of the kind has the titles.
    fn of_own(kind: &Kind) -> Rows {
        let is_free = kind.shape.by_key(&kind.name).is_none();
        let columns = is_free.then(|| (kind.name.as_ref().into(), "title".into())).into_iter().collect();
        let pages = ["log", "register"].map(|word| format!("{}-{word}", kind.name).into()).into();
        Rows { pages, columns, fewest: 2, ..Rows::default() }
    }
}
