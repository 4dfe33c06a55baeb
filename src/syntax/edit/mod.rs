//! Edits of a tree in a file that leave everything else as it is: comments, order, indentation, quotes, line
//! ends. Each edit knows what the tree is to be afterwards, so that a file is only changed where reading
//! it again gives just that.

use super::{Document, Format};
use crate::node::{Entry, Key, Mapping, Node, Scalar, ScalarKind, Value};
use crate::text::{Edit, Span};
use layout::Layout;

pub mod header;
mod layout;
pub mod page;
mod scalar;

/// A value to be written.
#[derive(Clone, Debug, PartialEq)]
pub struct NewScalar {
    pub text: String,
    pub ty: ScalarType,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScalarType {
    Text,
    Date,
    /// A number or a truth value, which stands in no quotes.
    Bare,
}

/// What a key is to hold.
#[derive(Clone, Debug, PartialEq)]
pub enum NewValue {
    Scalar(NewScalar),
    /// A list of this alone.
    List(NewScalar),
}

/// Where a node stands: the number of its tree, then of the entry or item at each level.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NodePath {
    root: usize,
    path: Vec<usize>,
}

/// An edit of a file's bytes, and what it does to the tree.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeEdit {
    pub edit: Edit,
    spot: NodePath,
    effect: Effect,
}

#[derive(Clone, Debug, PartialEq)]
enum Effect {
    /// The node becomes another.
    Value(Node),
    /// The entry's key gets another name.
    Key(String),
    /// The mapping gets an entry at this place.
    Entry(usize, String, Node),
    /// The list gets an item at its end.
    Item(Node),
}

impl TreeEdit {
    /// Whether it gives a key another name, so that another field has its value.
    pub fn is_rename(&self) -> bool {
        matches!(self.effect, Effect::Key(_))
    }
}

/// Edits the trees of a document.
pub struct Editor<'d> {
    document: &'d Document,
    layout: Layout<'d>,
}

impl<'d> Editor<'d> {
    /// None for a document that can't be read to its end.
    pub fn new(document: &'d Document) -> Option<Editor<'d>> {
        let layout = Layout { text: document.source.text() };
        (!document.has_fatal_problem()).then_some(Editor { document, layout })
    }

    pub fn node(&self, spot: &NodePath) -> Option<&'d Node> {
        let root = self.document.roots.get(spot.root)?;
        spot.path.iter().try_fold(root, |node, &at| child(node, at))
    }

    /// The scalar at exactly this place. What an alias or a merge key stands for is not found.
    pub fn scalar_at(&self, span: Span) -> Option<NodePath> {
        self.find(&|node, _| node.span == span && node.as_scalar().is_some() && !node.is_null(), span)
    }

    /// The innermost scalar that a place is part of.
    pub fn scalar_containing(&self, span: Span) -> Option<NodePath> {
        self.find(&|node, _| node.span.contains(span) && node.as_scalar().is_some(), span)
    }

    /// The entry whose key stands at exactly this place.
    pub fn key_at(&self, span: Span) -> Option<NodePath> {
        self.find(&|_, key| key.is_some_and(|key| key.span == span), span)
    }

    /// The innermost mapping inside `within` that has one of these keys of its own.
    pub fn mapping_with(&self, within: Span, keys: &[Span]) -> Option<NodePath> {
        keys.iter().filter(|key| within.contains(**key)).find_map(|key| {
            let mut spot = self.key_at(*key)?;
            spot.path.pop();
            within.contains(self.node(&spot)?.span).then_some(spot)
        })
    }

    /// The mapping at the root of the file, such as front matter.
    pub fn root(&self) -> Option<NodePath> {
        self.document.roots.first()?.as_mapping().map(|_| NodePath { root: 0, path: Vec::new() })
    }

    /// The entry of a mapping, by its number.
    pub fn entry(&self, mapping: &NodePath, at: usize) -> NodePath {
        let mut spot = mapping.clone();
        spot.path.push(at);
        spot
    }

    /// Goes down only where `span` lies; what stands elsewhere than its parent was copied there by an alias.
    fn find(&self, is_it: &dyn Fn(&Node, Option<&Key>) -> bool, span: Span) -> Option<NodePath> {
        // Documents stand in order; of two, one may be empty, where the other begins.
        let roots = &self.document.roots;
        let end = roots.partition_point(|root| root.span.start <= span.start);
        for (root, node) in roots.iter().enumerate().take(end).rev().take(2) {
            let mut spot = NodePath { root, path: Vec::new() };
            let mut here = node;
            let mut found = is_it(node, None).then(|| spot.clone());
            while let Some((at, key, next)) = part_around(here, span) {
                spot.path.push(at);
                if is_it(next, key) {
                    found = Some(spot.clone());
                }
                here = next;
            }
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Puts a value in the place of a scalar, an empty list, or a key's missing value.
    pub fn set(&self, spot: &NodePath, new: &NewValue) -> Option<TreeEdit> {
        let node = self.node(spot)?;
        if let Value::Sequence(items) = &node.value
            && !items.is_empty()
        {
            return None;
        }
        let in_flow = self.is_in_flow(spot);
        let span = node.span;
        let written = self.document.source.slice(span);
        let edit = match self.unwritten_at(spot, node) {
            Some(at) => {
                Edit { span: Span::at(at), replacement: format!(" {}", self.flow(new, "", in_flow)?) }
            }
            None => Edit { span, replacement: self.flow(new, written, in_flow)? },
        };
        Some(TreeEdit { edit, spot: spot.clone(), effect: Effect::Value(new.node()) })
    }

    /// Replaces some bytes inside a scalar, which have to stand in its text as they are.
    pub fn replace_text(&self, spot: &NodePath, span: Span, new: &str) -> Option<TreeEdit> {
        let node = self.node(spot).filter(|node| node.span.contains(span))?;
        let (text, words) = (node.as_text()?, self.document.source.slice(span));
        let before = self.layout.slice(node.span.start as usize, span.start as usize);
        let at = text.match_indices(words).nth(before.matches(words).count())?.0;
        let text = format!("{}{new}{}", &text[..at], &text[at + words.len()..]);
        let edit = Edit { span, replacement: new.to_owned() };
        let effect = Effect::Value(Node::text(Span::default(), text));
        Some(TreeEdit { edit, spot: spot.clone(), effect })
    }

    /// Gives the key of an entry another name.
    pub fn rename_key(&self, entry: &NodePath, name: &str) -> Option<TreeEdit> {
        let span = self.key(entry)?.span;
        let new = NewScalar { text: name.to_owned(), ty: ScalarType::Text };
        let written = self.document.source.slice(span);
        let replacement = match self.format() {
            Format::Toml if !written.starts_with(['"', '\'']) => {
                is_bare_key(name).then(|| name.to_owned())?
            }
            format => scalar::spelled(format, &new, written, self.is_in_flow(entry))?,
        };
        let effect = Effect::Key(name.to_owned());
        Some(TreeEdit { edit: Edit { span, replacement }, spot: entry.clone(), effect })
    }

    /// Adds a key to a mapping, after the first of the entries `after` that a key can be put after.
    pub fn insert_entry(
        &self,
        mapping: &NodePath,
        after: &[usize],
        key: &str,
        new: &NewValue,
    ) -> Option<TreeEdit> {
        let node = self.node(mapping)?;
        let entries = node.as_mapping()?.entries();
        let in_flow = self.is_in_brackets(node);
        after.iter().find_map(|&at| {
            let sibling = entries.get(at).filter(|entry| node.span.contains(entry.key.span))?;
            let edit = match in_flow {
                true => self.member(entries, at, key, new)?,
                false => self.line(node, sibling, key, new)?,
            };
            let effect = Effect::Entry(at + 1, key.to_owned(), new.node());
            Some(TreeEdit { edit, spot: mapping.clone(), effect })
        })
    }

    /// Adds an item to a list, or makes a list of the one value that stands in its place.
    pub fn append_item(&self, list: &NodePath, new: &NewScalar) -> Option<TreeEdit> {
        let node = self.node(list)?;
        let Some(items) = node.as_sequence() else { return self.widen(list, node, new) };
        let Some(last) = items.last() else { return self.set(list, &NewValue::List(new.clone())) };
        let like = self.document.source.slice(last.span);
        let edit = if self.is_in_brackets(node) {
            let members: Vec<Span> = items.iter().map(|item| item.span).collect();
            self.layout.member_after(&members, items.len() - 1, &self.spelled(new, like, true)?)?
        } else {
            self.item_line(list, last, &self.spelled(new, like, false)?)?
        };
        let effect = Effect::Item(NewScalar::node(new));
        Some(TreeEdit { edit, spot: list.clone(), effect })
    }

    fn widen(&self, spot: &NodePath, node: &Node, new: &NewScalar) -> Option<TreeEdit> {
        if node.is_null() {
            return self.set(spot, &NewValue::List(new.clone()));
        }
        let written = self.document.source.slice(node.span);
        let replacement = format!("[{written}, {}]", self.spelled(new, written, true)?);
        let both = Node::sequence(Span::default(), vec![node.clone(), new.node()]);
        let edit = Edit { span: node.span, replacement };
        Some(TreeEdit { edit, spot: spot.clone(), effect: Effect::Value(both) })
    }

    fn format(&self) -> Format {
        let front_matter = self.document.markdown.as_ref().and_then(|page| page.front_matter.as_ref());
        let fence = front_matter.map(|block| self.document.source.slice(block.block));
        if fence.is_some_and(|fence| fence.starts_with("+++")) { Format::Toml } else { self.document.format }
    }

    fn spelled(&self, new: &NewScalar, neighbour: &str, in_flow: bool) -> Option<String> {
        scalar::spelled(self.format(), new, neighbour, in_flow)
    }

    /// The value on one line.
    fn flow(&self, new: &NewValue, neighbour: &str, in_flow: bool) -> Option<String> {
        Some(match new {
            NewValue::Scalar(new) => self.spelled(new, neighbour, in_flow)?,
            NewValue::List(item) => format!("[{}]", self.spelled(item, neighbour, true)?),
        })
    }

    fn key(&self, entry: &NodePath) -> Option<&'d Key> {
        let (at, path) = entry.path.split_last()?;
        let parent = self.node(&NodePath { root: entry.root, path: path.to_vec() })?;
        Some(&parent.as_mapping()?.entries().get(*at)?.key)
    }

    /// Where the value of a key goes that has none: after its colon.
    fn unwritten_at(&self, spot: &NodePath, node: &Node) -> Option<usize> {
        let key = self.key(spot).filter(|key| node.is_null() && key.span == node.span)?;
        let rest = self.layout.text.get(key.span.end as usize..)?;
        let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        rest[blank..].starts_with(':').then_some(key.span.end as usize + blank + 1)
    }

    fn is_in_brackets(&self, node: &Node) -> bool {
        let written = self.document.source.slice(node.span);
        match &node.value {
            Value::Mapping(_) => written.starts_with('{'),
            Value::Sequence(_) => written.starts_with('['),
            Value::Scalar(_) => false,
        }
    }

    fn is_in_flow(&self, spot: &NodePath) -> bool {
        let ends = 0..spot.path.len();
        let around = |end: usize| self.node(&NodePath { root: spot.root, path: spot.path[..end].to_vec() });
        ends.filter_map(around).any(|node| self.is_in_brackets(node))
    }

    /// A key of a mapping in braces.
    fn member(&self, entries: &[Entry], at: usize, key: &str, new: &NewValue) -> Option<Edit> {
        let Entry { key: sibling, value } = &entries[at];
        if value.span.start < sibling.span.end {
            return None; // nothing is written there
        }
        let written = self.document.source.slice(sibling.span);
        let key = self.key_like(key, written)?;
        let between = self.layout.slice(sibling.span.end as usize, value.span.start as usize);
        let usual = if self.format() == Format::Toml { " = " } else { ": " };
        let between =
            if matches!(between.trim(), ":" | "=") && !between.contains('\n') { between } else { usual };
        let value = self.flow(new, self.neighbour(entries), true)?;
        let members: Vec<Span> = entries.iter().map(|entry| entry.key.span.to(entry.value.span)).collect();
        self.layout.member_after(&members, at, &format!("{key}{between}{value}"))
    }

    fn key_like(&self, key: &str, sibling: &str) -> Option<String> {
        let new = NewScalar { text: key.to_owned(), ty: ScalarType::Text };
        match self.format() {
            Format::Toml => is_bare_key(key).then(|| key.to_owned()),
            format => scalar::spelled(format, &new, sibling, true),
        }
    }

    /// A text beside which a new one stands: in JSON and TOML all are quoted, in YAML people quote by need.
    fn neighbour(&self, entries: &[Entry]) -> &'d str {
        let text = |entry: &&Entry| {
            matches!(entry.value.as_scalar(), Some(scalar) if scalar.kind == ScalarKind::Text)
                && entry.value.span.start > entry.key.span.end
        };
        let texts = entries.iter().filter(text).map(|entry| self.document.source.slice(entry.value.span));
        match self.format() {
            Format::Toml => texts.clone().find(|text| text.starts_with('\'')).filter(|_| {
                texts.clone().filter(|text| text.starts_with(['"', '\''])).all(|text| text.starts_with('\''))
            }),
            _ => texts.clone().next().filter(|first| {
                let quote = first.chars().next().filter(|quote| matches!(quote, '"' | '\''));
                quote.is_some_and(|quote| texts.clone().all(|text| text.starts_with(quote)))
            }),
        }
        .unwrap_or("")
    }

    /// A key on a line of its own.
    fn line(&self, mapping: &Node, sibling: &Entry, key: &str, new: &NewValue) -> Option<Edit> {
        let entries = mapping.as_mapping()?.entries();
        let prefix = self.layout.before(sibling.key.span.start as usize);
        let end = sibling.value.span.end.max(sibling.key.span.end) as usize;
        let neighbour = self.neighbour(entries);
        if self.format() == Format::Toml {
            let after_key = self.layout.text.get(sibling.key.span.end as usize..)?.trim_start();
            let is_line = prefix.trim().is_empty() && after_key.starts_with('=');
            let line = format!("{prefix}{key} = {}", self.flow(new, neighbour, false)?);
            return (is_line && is_bare_key(key)).then(|| self.layout.line_after(end, &line));
        }
        if prefix.chars().any(|c| !matches!(c, ' ' | '-')) {
            return None;
        }
        let indentation = " ".repeat(prefix.len());
        let newline = self.layout.newline(end);
        let value = match (new, self.dash_of(entries)) {
            (NewValue::List(item), Some(dash)) => {
                let item = self.spelled(item, self.quoted_item(entries).unwrap_or(neighbour), false)?;
                format!("{newline}{indentation}{dash}{item}")
            }
            _ => format!(" {}", self.flow(new, neighbour, false)?),
        };
        let key = self.spelled(&NewScalar { text: key.to_owned(), ty: ScalarType::Text }, "", false)?;
        let end = self.layout.past_comments(end, prefix.len());
        Some(self.layout.line_after(end, &format!("{indentation}{key}:{value}")))
    }

    /// What stands before an item where the lists of a mapping have a line for each: relative to the keys.
    fn dash_of(&self, entries: &[Entry]) -> Option<String> {
        let mut lists = entries.iter().filter_map(|entry| {
            let items = entry.value.as_sequence()?;
            let scalars = items.iter().all(|item| item.as_scalar().is_some());
            let plain = scalars && !self.is_in_brackets(&entry.value);
            let column = self.layout.before(entry.key.span.start as usize).len();
            let dash = self.layout.before(items.first()?.span.start as usize);
            (plain && dash.trim() == "-").then(|| dash.get(column..).map(str::to_owned)).flatten()
        });
        lists.next()
    }

    /// An item of a list beside that is in quotes and would not need them.
    fn quoted_item(&self, entries: &[Entry]) -> Option<&'d str> {
        let items = entries.iter().filter_map(|entry| entry.value.as_sequence()).flatten();
        let mut scalars =
            items.filter_map(|item| Some((item.as_text()?, self.document.source.slice(item.span))));
        let is_quoted = |(text, written): &(&str, &str)| {
            written.starts_with(['"', '\'']) && scalar::is_plain(text, false)
        };
        scalars.find(is_quoted).map(|(_, written)| written)
    }

    /// An item on a line of its own, after the last one.
    fn item_line(&self, list: &NodePath, last: &Node, item: &str) -> Option<Edit> {
        let prefix = self.layout.before(last.span.start as usize);
        let is_dashes = prefix.contains('-') && prefix.chars().all(|c| matches!(c, ' ' | '-'));
        let dash = prefix.rfind('-').filter(|_| is_dashes)?;
        let prefix = format!("{}{}", " ".repeat(dash), &prefix[dash..]);
        let column = self.key(list).map_or(dash, |key| self.layout.before(key.span.start as usize).len());
        let end = self.layout.past_comments(last.span.end as usize, column.min(dash));
        Some(self.layout.line_after(end, &format!("{prefix}{item}")))
    }
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

/// The part of a node that a place lies in: with its number, and its key where it has one.
fn part_around(node: &Node, span: Span) -> Option<(usize, Option<&Key>, &Node)> {
    match &node.value {
        Value::Sequence(items) => {
            // Items stand in order, an alias where it is written. One with nothing in it may stand where the next begins.
            let end = items.partition_point(|item| item.span.start <= span.start);
            let at = (0..end).rev().take(2).find(|&at| items[at].span.contains(span))?;
            Some((at, None, &items[at]))
        }
        Value::Mapping(mapping) => {
            let holds = |entry: &Entry| {
                let own = node.span.contains(entry.key.span);
                own && (entry.key.span.contains(span) || entry.value.span.contains(span))
            };
            let entries = mapping.entries();
            // Keys stand in order, but for those that a merge key brings in, and tables that TOML takes up again.
            let end = entries.partition_point(|entry| entry.key.span.start <= span.start);
            let near = end.checked_sub(1).filter(|&at| holds(&entries[at]));
            let at = near.or_else(|| entries.iter().position(holds))?;
            let entry = &entries[at];
            Some((at, Some(&entry.key), &entry.value))
        }
        Value::Scalar(_) => None,
    }
}

/// Whether reading `after` gave just what these edits were to do to the trees of `before`.
pub fn is_expected_result<'e>(
    before: &Document,
    edits: impl IntoIterator<Item = &'e TreeEdit>,
    after: &Document,
) -> bool {
    let mut roots = before.roots.clone();
    let mut edits: Vec<&TreeEdit> = edits.into_iter().collect();
    // From the last to the first, so that what is put in moves nothing that is still to be found; in one place, in
    // the order of the text.
    let order = |edit: &TreeEdit| (edit.spot.clone(), edit.effect.place(), edit.edit.clone());
    edits.sort_by_key(|edit| std::cmp::Reverse(order(edit)));
    for edit in edits {
        let Some(node) = roots.get_mut(edit.spot.root) else { return false };
        if apply(node, &edit.spot.path, &edit.effect).is_none() {
            return false;
        }
    }
    roots.len() == after.roots.len() && roots.iter().zip(&after.roots).all(|(a, b)| same_tree(a, b))
}

impl Effect {
    fn place(&self) -> usize {
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
            mapping.entries_mut().insert(*at, Entry { key, value: new.clone() });
        }
        (Effect::Item(new), Value::Sequence(items)) => items.push(new.clone()),
        _ => return None,
    }
    Some(())
}

/// Whether two trees say the same, wherever it stands. A number is the text that it is written as.
pub fn same_tree(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Scalar(a), Value::Scalar(b)) => same_scalar(a, b),
        (Value::Sequence(a), Value::Sequence(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_tree(a, b))
        }
        (Value::Mapping(a), Value::Mapping(b)) => same_mapping(a, b),
        _ => false,
    }
}

fn same_scalar(a: &Scalar, b: &Scalar) -> bool {
    let is_null = |scalar: &Scalar| scalar.kind == ScalarKind::Null;
    a.text == b.text && is_null(a) == is_null(b)
}

fn same_mapping(a: &Mapping, b: &Mapping) -> bool {
    let pairs = || a.entries().iter().zip(b.entries());
    a.len() == b.len() && pairs().all(|(a, b)| a.key.name == b.key.name && same_tree(&a.value, &b.value))
}

#[cfg(test)]
mod tests;
