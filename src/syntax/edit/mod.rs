//! Edits of the trees in a file that preserve everything else: comments, order, indentation, quotes, line ends. Each edit
//! states its effect on the tree, so that a file is only changed if parsing the result gives the expected tree.

use super::{Document, Format};
use crate::node::{Entry, Key, Node, Scalar, ScalarKind, Value, edit_list};
use crate::text::{Edit, Span};
use page::Layout;

pub mod page;
pub mod record;

#[derive(Clone, Debug, PartialEq)]
pub struct NewScalar {
    pub text: String,
    pub ty: ScalarType,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarType {
    Text,
    Date,
    /// Written without quotes.
    Bare,
}

#[derive(Clone, Debug, PartialEq)]
pub enum NewValue {
    Scalar(NewScalar),
    List(NewScalar),
}

/// The index of a tree, then of the entry or item at each level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodePath {
    root: usize,
    steps: Vec<usize>,
}

/// An edit of a file's bytes, and its effect on the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeEdit {
    pub edit: Edit,
    target: NodePath,
    effect: Effect,
}

#[derive(Clone, Debug, PartialEq)]
enum Effect {
    Value(Node),
    Key(String),
    Entry(usize, String, Node),
    Item(Node),
}

impl TreeEdit {
    pub fn is_rename(&self) -> bool {
        matches!(self.effect, Effect::Key(_))
    }
}

pub struct Editor<'d> {
    document: &'d Document,
    layout: Layout<'d>,
}

impl<'d> Editor<'d> {
    /// None for a document with a fatal problem, and for one in another encoding than that which is written.
    pub fn new(document: &'d Document) -> Option<Editor<'d>> {
        let layout = Layout { text: document.source.text() };
        let may_edit = !document.has_fatal_problem() && document.source.invalid_at().is_none();
        may_edit.then_some(Editor { document, layout })
    }

    pub fn node(&self, path: &NodePath) -> Option<&'d Node> {
        let root = self.document.roots.get(path.root)?;
        path.steps.iter().try_fold(root, |node, &at| child(node, at))
    }

    /// Returns the scalar with exactly this span, unless an alias or merge key copied it.
    pub fn scalar_at(&self, span: Span) -> Option<NodePath> {
        self.find(&|node, _| node.span == span && node.as_scalar().is_some() && !node.is_null(), span)
    }

    /// Returns the innermost scalar that contains `span`.
    pub fn scalar_containing(&self, span: Span) -> Option<NodePath> {
        self.find(&|node, _| node.span.contains(span) && node.as_scalar().is_some(), span)
    }

    pub fn key_at(&self, span: Span) -> Option<NodePath> {
        self.find(&|_, key| key.is_some_and(|key| key.span == span), span)
    }

    /// Returns the innermost mapping inside `within` that directly has one of these keys.
    pub fn mapping_with(&self, within: Span, keys: &[Span]) -> Option<NodePath> {
        keys.iter().filter(|key| within.contains(**key)).find_map(|key| {
            let mut path = self.key_at(*key)?;
            path.steps.pop();
            within.contains(self.node(&path)?.span).then_some(path)
        })
    }

    /// Returns the mapping at the root of the file, such as front matter.
    pub fn root(&self) -> Option<NodePath> {
        self.document.roots.first()?.as_mapping().map(|_| NodePath { root: 0, steps: Vec::new() })
    }

    pub fn entry(&self, mapping: &NodePath, at: usize) -> NodePath {
        let mut path = mapping.clone();
        path.steps.push(at);
        path
    }

    /// Follows the nodes that contain `span`; a child outside of its parent was copied by an alias.
    fn find(&self, is_it: &dyn Fn(&Node, Option<&Key>) -> bool, span: Span) -> Option<NodePath> {
        // An alias: no plain scalar of YAML and no value of JSON or TOML begins like one.
        if self.document.source.slice(span).starts_with('*') {
            return None;
        }
        let roots = &self.document.roots;
        let end = roots.partition_point(|root| root.span.start <= span.start);
        for (root, node) in roots.iter().enumerate().take(end).rev().take(2) {
            let mut path = NodePath { root, steps: Vec::new() };
            let mut here = node;
            let mut found = is_it(node, None).then(|| path.clone());
            while let Some((at, key, next)) = child_containing(here, span) {
                path.steps.push(at);
                if is_it(next, key) {
                    found = Some(path.clone());
                }
                here = next;
            }
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Replaces a scalar, an empty list or mapping, or the missing value of a key; `None` if a comment is inside.
    pub fn set(&self, path: &NodePath, new: &NewValue) -> Option<TreeEdit> {
        let node = self.node(path)?;
        let in_flow = self.is_in_flow(path);
        let span = node.span;
        let written = self.document.source.slice(span);
        let edit = match self.missing_value_offset(path, node) {
            Some(at) => {
                Edit { span: Span::at(at), replacement: format!(" {}", self.format_flow(new, "", in_flow)?) }
            }
            None if !is_replaceable(node, written) => return None,
            None => Edit { span, replacement: self.format_flow(new, written, in_flow)? },
        };
        Some(TreeEdit { edit, target: path.clone(), effect: Effect::Value(new.node()) })
    }

    /// Replaces a part of a scalar that is written without escapes.
    pub fn replace_text(&self, path: &NodePath, span: Span, new: &str) -> Option<TreeEdit> {
        let node = self.node(path).filter(|node| node.span.contains(span))?;
        let (text, words) = (node.as_text()?, self.document.source.slice(span));
        let before = self.layout.slice(node.span.start as usize, span.start as usize);
        let at = text.match_indices(words).nth(before.matches(words).count())?.0;
        let text = format!("{}{new}{}", &text[..at], &text[at + words.len()..]);
        let edit = Edit { span, replacement: new.to_owned() };
        let effect = Effect::Value(Node::text(Span::default(), text));
        Some(TreeEdit { edit, target: path.clone(), effect })
    }

    pub fn rename_key(&self, entry: &NodePath, name: &str) -> Option<TreeEdit> {
        let span = self.key(entry)?.span;
        let replacement = self.format_key(name, self.document.source.slice(span), self.is_in_flow(entry))?;
        let effect = Effect::Key(name.to_owned());
        Some(TreeEdit { edit: Edit { span, replacement }, target: entry.clone(), effect })
    }

    /// Adds a key to a mapping, after the first of the entries `after` where that is possible.
    pub fn insert_entry(
        &self,
        mapping: &NodePath,
        after: &[usize],
        key: &str,
        new: &NewValue,
    ) -> Option<TreeEdit> {
        let node = self.node(mapping)?;
        let entries = node.as_mapping()?.entries();
        let in_flow = self.is_bracketed(node);
        after.iter().find_map(|&at| {
            let sibling = entries.get(at).filter(|entry| node.span.contains(entry.key.span))?;
            let edit = match in_flow {
                true => self.insert_member(entries, at, key, new)?,
                false => self.insert_line(node, sibling, key, new)?,
            };
            let effect = Effect::Entry(at + 1, key.to_owned(), new.node());
            Some(TreeEdit { edit, target: mapping.clone(), effect })
        })
    }

    /// Adds an item to a list, or turns a single value into a list.
    pub fn append_item(&self, list: &NodePath, new: &NewScalar) -> Option<TreeEdit> {
        let node = self.node(list)?;
        let Some(items) = node.as_sequence() else { return self.convert_to_list(list, node, new) };
        let Some(last) = items.last() else { return self.set(list, &NewValue::List(new.clone())) };
        let like = self.document.source.slice(last.span);
        let edit = if self.is_bracketed(node) {
            let members: Vec<Span> = items.iter().map(|item| item.span).collect();
            self.layout.insert_member_after(
                &members,
                items.len() - 1,
                &self.format_scalar(new, like, true)?,
            )?
        } else {
            self.insert_item_line(list, last, &self.format_scalar(new, like, false)?)?
        };
        let effect = Effect::Item(NewScalar::node(new));
        Some(TreeEdit { edit, target: list.clone(), effect })
    }

    fn convert_to_list(&self, path: &NodePath, node: &Node, new: &NewScalar) -> Option<TreeEdit> {
        if node.is_null() {
            return self.set(path, &NewValue::List(new.clone()));
        }
        let written = self.document.source.slice(node.span);
        let replacement = format!("[{written}, {}]", self.format_scalar(new, written, true)?);
        let both = Node::sequence(Span::default(), vec![node.clone(), new.node()]);
        let edit = Edit { span: node.span, replacement };
        Some(TreeEdit { edit, target: path.clone(), effect: Effect::Value(both) })
    }

    fn format(&self) -> Format {
        let is_toml = self.document.front_matter().is_some_and(|block| block.language == Format::Toml);
        if is_toml { Format::Toml } else { self.document.format }
    }

    fn format_scalar(&self, new: &NewScalar, neighbour: &str, in_flow: bool) -> Option<String> {
        format_scalar(self.format(), new, neighbour, in_flow)
    }

    fn format_flow(&self, new: &NewValue, neighbour: &str, in_flow: bool) -> Option<String> {
        Some(match new {
            NewValue::Scalar(new) => self.format_scalar(new, neighbour, in_flow)?,
            NewValue::List(item) => format!("[{}]", self.format_scalar(item, neighbour, true)?),
        })
    }

    fn key(&self, entry: &NodePath) -> Option<&'d Key> {
        let (at, parent) = entry.steps.split_last()?;
        let parent = self.node(&NodePath { root: entry.root, steps: parent.to_vec() })?;
        Some(&parent.as_mapping()?.entries().get(*at)?.key)
    }

    fn missing_value_offset(&self, path: &NodePath, node: &Node) -> Option<usize> {
        let key = self.key(path).filter(|key| node.is_null() && key.span == node.span)?;
        let rest = self.layout.text.get(key.span.end as usize..)?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest[blank..].starts_with(':').then_some(key.span.end as usize + blank + 1)
    }

    fn is_bracketed(&self, node: &Node) -> bool {
        let written = self.document.source.slice(node.span);
        match &node.value {
            Value::Mapping(_) => written.starts_with('{'),
            Value::Sequence(_) => written.starts_with('['),
            Value::Scalar(_) => false,
        }
    }

    fn is_in_flow(&self, path: &NodePath) -> bool {
        let ends = 0..path.steps.len();
        let around = |end: usize| self.node(&NodePath { root: path.root, steps: path.steps[..end].to_vec() });
        ends.filter_map(around).any(|node| self.is_bracketed(node))
    }

    fn insert_member(&self, entries: &[Entry], at: usize, key: &str, new: &NewValue) -> Option<Edit> {
        let Entry { key: sibling, value } = &entries[at];
        if value.span.start < sibling.span.end {
            return None; // nothing is written there
        }
        let written = self.document.source.slice(sibling.span);
        let key = self.format_key(key, written, true)?;
        let between = self.layout.slice(sibling.span.end as usize, value.span.start as usize);
        let usual = if self.format() == Format::Toml { " = " } else { ": " };
        let between =
            if matches!(between.trim(), ":" | "=") && !between.contains('\n') { between } else { usual };
        let value = self.format_flow(new, self.quote_model(entries), true)?;
        let members: Vec<Span> = entries.iter().map(|entry| entry.key.span.to(entry.value.span)).collect();
        self.layout.insert_member_after(&members, at, &format!("{key}{between}{value}"))
    }

    fn format_key(&self, key: &str, like: &str, in_flow: bool) -> Option<String> {
        match self.format() {
            Format::Toml if !like.starts_with(['"', '\'']) => is_bare_key(key).then(|| key.to_owned()),
            _ => self.format_scalar(&NewScalar::text(key), like, in_flow),
        }
    }

    /// The text whose quotes a new one copies, if all texts have them: JSON and TOML quote all texts, YAML only some.
    fn quote_model(&self, entries: &[Entry]) -> &'d str {
        let is_text = |entry: &&Entry| {
            entry.value.as_scalar().is_some_and(|scalar| scalar.kind() == ScalarKind::Text)
                && entry.value.span.start > entry.key.span.end
        };
        let texts = entries.iter().filter(is_text);
        let mut texts = texts.map(|entry| self.document.source.slice(entry.value.span));
        let first = texts.next().unwrap_or_default();
        let quotes = if self.format() == Format::Toml { &["'"][..] } else { &["'", "\""] };
        let quote = quotes.iter().find(|quote| first.starts_with(**quote));
        if quote.is_some_and(|quote| texts.all(|text| text.starts_with(quote))) { first } else { "" }
    }

    fn insert_line(&self, mapping: &Node, sibling: &Entry, key: &str, new: &NewValue) -> Option<Edit> {
        let entries = mapping.as_mapping()?.entries();
        let prefix = self.layout.line_prefix(sibling.key.span.start as usize);
        let end = sibling.value.span.end.max(sibling.key.span.end) as usize;
        let neighbour = self.quote_model(entries);
        if self.format() == Format::Toml {
            let after_key = self.layout.text.get(sibling.key.span.end as usize..)?.trim_start();
            let is_line = prefix.trim().is_empty() && after_key.starts_with('=');
            let line = format!("{prefix}{key} = {}", self.format_flow(new, neighbour, false)?);
            return (is_line && is_bare_key(key)).then(|| self.layout.insert_line_after(end, &line));
        }
        if prefix.chars().any(|c| !matches!(c, ' ' | '-')) {
            return None;
        }
        let indentation = " ".repeat(prefix.len());
        let newline = self.layout.newline(end);
        let value = match (new, self.list_model(entries)) {
            (NewValue::List(item), Some((dash, first))) => {
                let like = if first.starts_with(['"', '\'']) { first } else { neighbour };
                format!("{newline}{indentation}{dash}{}", self.format_scalar(item, like, false)?)
            }
            _ => format!(" {}", self.format_flow(new, neighbour, false)?),
        };
        let key = self.format_key(key, "", false)?;
        let end = self.layout.end_of_comments(end, prefix.len());
        Some(self.layout.insert_line_after(end, &format!("{indentation}{key}:{value}")))
    }

    /// The text from the column of the keys to the first item of a list with one item per line, and that item.
    fn list_model(&self, entries: &[Entry]) -> Option<(&'d str, &'d str)> {
        entries.iter().find_map(|entry| {
            let items = entry.value.as_sequence().filter(|_| !self.is_bracketed(&entry.value))?;
            let column = self.layout.line_prefix(entry.key.span.start as usize).len();
            let first = items.first().filter(|_| items.iter().all(|item| item.as_scalar().is_some()))?;
            let dash = self.layout.line_prefix(first.span.start as usize);
            let dash = dash.get(column..).filter(|_| dash.trim() == "-")?;
            Some((dash, self.document.source.slice(first.span)))
        })
    }

    fn insert_item_line(&self, list: &NodePath, last: &Node, item: &str) -> Option<Edit> {
        let prefix = self.layout.line_prefix(last.span.start as usize);
        let is_dashes = prefix.contains('-') && prefix.chars().all(|c| matches!(c, ' ' | '-'));
        let dash = prefix.rfind('-').filter(|_| is_dashes)?;
        let prefix = format!("{}{}", " ".repeat(dash), &prefix[dash..]);
        let column =
            self.key(list).map_or(dash, |key| self.layout.line_prefix(key.span.start as usize).len());
        let end = self.layout.end_of_comments(last.span.end as usize, column.min(dash));
        Some(self.layout.insert_line_after(end, &format!("{prefix}{item}")))
    }
}

/// Writes a text as a scalar of block YAML.
pub fn yaml_text(text: &str) -> String {
    format_scalar(Format::Yaml, &NewScalar::text(text), "", false).unwrap_or_default()
}

impl NewScalar {
    pub fn text(text: impl Into<String>) -> NewScalar {
        NewScalar { text: text.into(), ty: ScalarType::Text }
    }

    fn node(&self) -> Node {
        Node::text(Span::default(), self.text.as_str())
    }
}

impl NewValue {
    fn node(&self) -> Node {
        match self {
            NewValue::Scalar(new) => new.node(),
            NewValue::List(item) => Node::sequence(Span::default(), vec![item.node()]),
        }
    }
}

/// True for a scalar or an empty collection without a comment inside, such as behind the mark of a block scalar.
fn is_replaceable(node: &Node, written: &str) -> bool {
    let hashes = |text: &str| text.matches('#').count();
    match &node.value {
        Value::Scalar(scalar) => hashes(written) <= hashes(scalar.text()),
        Value::Sequence(items) => items.is_empty() && hashes(written) == 0,
        Value::Mapping(mapping) => mapping.is_empty() && hashes(written) == 0,
    }
}

fn is_bare_key(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

fn child(node: &Node, at: usize) -> Option<&Node> {
    match &node.value {
        Value::Sequence(items) => items.get(at),
        Value::Mapping(mapping) => mapping.entries().get(at).map(|entry| &entry.value),
        Value::Scalar(_) => None,
    }
}

fn child_containing(node: &Node, span: Span) -> Option<(usize, Option<&Key>, &Node)> {
    match &node.value {
        Value::Sequence(items) => {
            // An empty item or document may start where the next one does.
            let end = items.partition_point(|item| item.span.start <= span.start);
            let at = (0..end).rev().take(2).find(|&at| items[at].span.contains(span))?;
            Some((at, None, &items[at]))
        }
        Value::Mapping(mapping) => {
            let contains = |entry: &Entry| {
                let own = node.span.contains(entry.key.span);
                own && (entry.key.span.contains(span) || entry.value.span.contains(span))
            };
            let entries = mapping.entries();
            // Keys are sorted by position, except for merged ones and TOML tables that are extended later.
            let end = entries.partition_point(|entry| entry.key.span.start <= span.start);
            let near = end.checked_sub(1).filter(|&at| contains(&entries[at]));
            let at = near.or_else(|| entries.iter().position(contains))?;
            let entry = &entries[at];
            Some((at, Some(&entry.key), &entry.value))
        }
        Value::Scalar(_) => None,
    }
}

/// True if `after` has the trees that the edits of `before` were to produce.
pub fn is_expected_result<'e>(
    before: &Document,
    edits: impl IntoIterator<Item = &'e TreeEdit>,
    after: &Document,
) -> bool {
    let mut roots = before.roots.clone();
    let mut edits: Vec<&TreeEdit> = edits.into_iter().collect();
    // From last to first, so that insertions don't move nodes that are edited later.
    let order = |edit: &TreeEdit| (edit.target.clone(), edit.effect.position(), edit.edit.clone());
    edits.sort_by_key(|edit| std::cmp::Reverse(order(edit)));
    for edit in edits {
        let Some(node) = roots.get_mut(edit.target.root) else { return false };
        if apply(node, &edit.target.steps, &edit.effect).is_none() {
            return false;
        }
    }
    roots.len() == after.roots.len() && roots.iter().zip(&after.roots).all(|(a, b)| same_tree(a, b))
}

impl Effect {
    fn position(&self) -> usize {
        match self {
            Effect::Value(_) | Effect::Key(_) => 0,
            Effect::Entry(at, ..) => *at,
            Effect::Item(_) => usize::MAX,
        }
    }
}

fn apply(node: &mut Node, path: &[usize], effect: &Effect) -> Option<()> {
    if let (Effect::Key(name), [at]) = (effect, path) {
        let Value::Mapping(mapping) = &mut node.value else { return None };
        mapping.entries_mut().get_mut(*at)?.key.name = name.as_str().into();
        return Some(());
    }
    if let [at, rest @ ..] = path {
        let next = match &mut node.value {
            Value::Sequence(items) => items.get_mut(*at)?,
            Value::Mapping(mapping) => &mut mapping.entries_mut().get_mut(*at)?.value,
            Value::Scalar(_) => return None,
        };
        return apply(next, rest, effect);
    }
    match (effect, &mut node.value) {
        (Effect::Value(new), value) => *value = new.value.clone(),
        (Effect::Entry(at, key, new), Value::Mapping(mapping)) => {
            let key = Key { name: key.as_str().into(), span: Span::default() };
            mapping.edit(|entries| entries.insert(*at, Entry { key, value: new.clone() }));
        }
        (Effect::Item(new), Value::Sequence(items)) => {
            edit_list(items, |items| items.push(new.clone()));
        }
        _ => return None,
    }
    Some(())
}

/// Compares two trees without spans; numbers by their text.
pub fn same_tree(a: &Node, b: &Node) -> bool {
    let is_null = |scalar: &Scalar| scalar.kind() == ScalarKind::Null;
    a.is_same(b, &|one, other| one.text() == other.text() && is_null(one) == is_null(other))
}

/// Formats a scalar in the style of `neighbour`, a value as written. `None` if the format can't write it on one line.
fn format_scalar(format: Format, new: &NewScalar, neighbour: &str, in_flow: bool) -> Option<String> {
    match format {
        Format::Json => Some(format_json(new, neighbour)),
        Format::Toml => format_toml(new, neighbour),
        _ => Some(format_yaml(new, neighbour, in_flow)),
    }
}

fn format_yaml(new: &NewScalar, neighbour: &str, in_flow: bool) -> String {
    let text = &*new.text;
    match (new.ty, neighbour.chars().next()) {
        (ScalarType::Bare, _) => text.to_owned(),
        (_, Some('"')) => double_quoted(text),
        (_, Some('\'')) => single_quoted(text),
        _ if is_plain(text, in_flow) => text.to_owned(),
        _ => single_quoted(text),
    }
}

fn is_plain(text: &str, in_flow: bool) -> bool {
    const INDICATORS: &str = "-?:,[]{}#&*!|>'\"%@`=";
    // Includes the booleans of YAML 1.1, which other tools still use.
    const WORDS: [&str; 12] = ["null", "~", "true", "false", "yes", "no", "on", "off", "y", "n", "nan", "<<"];
    let starts_plain = text.chars().next().is_some_and(|first| !INDICATORS.contains(first));
    let one_line = !text.chars().any(char::is_control) && text.trim() == text;
    let no_comment = !text.contains(" #") && !text.contains(": ") && !text.ends_with(':');
    let fits_flow = !in_flow || !text.contains([',', '[', ']', '{', '}']);
    let is_text = !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text));
    starts_plain && one_line && no_comment && fits_flow && is_text
}

fn single_quoted(text: &str) -> String {
    if text.chars().any(char::is_control) {
        return double_quoted(text);
    }
    format!("'{}'", text.replace('\'', "''"))
}

/// The escapes of JSON are those of YAML and TOML too.
fn double_quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

fn format_json(new: &NewScalar, neighbour: &str) -> String {
    let is_number = |text: &str| serde_json::from_str::<serde_json::Number>(text).is_ok();
    let is_bare = new.ty == ScalarType::Bare || is_number(neighbour) && is_number(&new.text);
    if is_bare { new.text.clone() } else { double_quoted(&new.text) }
}

fn format_toml(new: &NewScalar, neighbour: &str) -> Option<String> {
    let text = &*new.text;
    let is_whole = |text: &str| text.parse::<i64>().is_ok_and(|number| number.to_string() == text);
    let bare = match new.ty {
        ScalarType::Bare => true,
        ScalarType::Date => !neighbour.starts_with(['"', '\'']),
        ScalarType::Text => is_whole(neighbour) && is_whole(text),
    };
    match neighbour.chars().next() {
        _ if bare => Some(text.to_owned()),
        _ if neighbour.starts_with("\"\"\"") || neighbour.starts_with("'''") => None,
        Some('\'') if !text.contains('\'') && !text.chars().any(char::is_control) => {
            Some(format!("'{text}'"))
        }
        _ => Some(double_quoted(text)),
    }
}
