//! Reads the fields of a record from a part of a page: by the names that its format and its kind have for them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::body::{Body, list, people_in, place, trimmed};
use super::builder::Builder;
use super::identity::is_code;
use super::{days, items, mistakes};
use crate::calendar::parse_date;
use crate::format::{Format, place_name};
use crate::kind::{DayOfPeriod, Field, FieldType, Initial, Kind, WHO};
use crate::layout::{self, Content, Origin, Shape, Statement, label_key};
use crate::node::{Entry, Node};
use crate::schema::Violation;
use crate::syntax::markdown::Cell;
use crate::text::{Source, Span, range_in, single_spaced};
use crate::value::date::{self, Order};
use crate::value::identifier::{self, Identifier};
use crate::value::status::{self, Reading};
use crate::value::{
    is_none, is_placeholder, is_template_text, names_nothing, reference, says_nothing, words,
};

/// Adds the fields that a record lacks: in the native format, front matter states them first.
pub(super) fn add_stated(builder: &mut Builder<'_>) {
    let fields = builder.kind.shape.fields.iter().enumerate();
    let (names, others): (Vec<_>, Vec<_>) =
        fields.partition(|(_, field)| matches!(&*field.name, "id" | "title"));
    let mut reader = Reader {
        to: builder,
        order: Order::Unknown,
        said: Vec::new(),
        named: Vec::new(),
        gave: BTreeMap::new(),
        empty_status: None,
    };
    reader.collect();
    for (at, field) in names {
        match &*field.name {
            "id" => reader.read_id(at, field),
            _ => reader.read_title(at, field),
        }
    }
    reader.collect_misspelt();
    others.into_iter().for_each(|(at, field)| reader.read_field(at, field));
    for entry in std::mem::take(&mut reader.said) {
        reader.to.fields.fill(entry);
    }
    reader.give_back();
}

fn texts(node: &Node) -> Vec<&str> {
    node.items().iter().filter_map(Node::as_text).collect()
}

fn says_all_of(known: &Node, other: &Node) -> bool {
    let known: Vec<String> = texts(known).into_iter().map(str::to_lowercase).collect();
    texts(other).into_iter().all(|text| known.contains(&text.to_lowercase()))
}

/// Returns true if each of two values has a text of its own, and none is a sentence. An identifier may be that of a person with a name.
fn contradict(field: &Field, one: &Node, other: &Node) -> bool {
    let item = if let FieldType::List(item) = &field.ty { &**item } else { &field.ty };
    let is_person = names_people(item);
    let is_exact = matches!(item, FieldType::Date) || !field.values.is_empty();
    if field.prose || !(is_person || is_exact || matches!(item, FieldType::Text)) {
        return false;
    }
    let is_short = |text: &&str| !text.ends_with('.') && text.split_whitespace().nth(8).is_none();
    let is_name = |text: &str| text.contains(' ') && !text.contains('@');
    let are_alike = |one: &str, other: &str| {
        let (one, other) = (one.to_lowercase(), other.to_lowercase());
        one == other
            || !is_exact && (one.contains(&other) || other.contains(&one))
            || is_person && is_name(&one) != is_name(&other)
    };
    let lacks = |all: &[&str], one: &&str| !all.iter().any(|other| are_alike(one, other));
    let (one, other) = (texts(one), texts(other));
    one.iter().chain(&other).all(is_short)
        && one.iter().any(|text| lacks(&other, text))
        && other.iter().any(|text| lacks(&one, text))
}

/// Returns true if two statuses are words of the kind, and not both open: a site may call a page a draft until its proposal is decided.
fn are_decided(kind: &Kind, field: &Field, one: &Node, other: &Node) -> bool {
    let is_open = |word: &str| kind.draft_statuses.iter().any(|draft| **draft == *word) || word == "proposed";
    let is_known = |word: &&str| field.values.is_empty() || field.values.iter().any(|it| **it == **word);
    let words = [one, other].map(|it| it.as_text().unwrap_or_default());
    words.iter().all(is_known) && !words.iter().all(|word| is_open(word))
}

/// Returns true for the word of a status that begins a sentence about something else: `rejected requests are shown in red`.
fn is_adjective(source: &Source, word: Span, whole: Span) -> bool {
    const DETAILS: [&str; 6] =
        ["by", "before-dates", "before-ends", "before-reasons", "conjunctions", "in-part"];
    let behind = source.text().get(word.end as usize..whole.end as usize).unwrap_or_default();
    let mut next = behind.strip_prefix(' ').unwrap_or_default().split_whitespace();
    let is_own = |word: &str| !DETAILS.iter().any(|list| words::is_in(list, word));
    next.next().is_some_and(|word| word.starts_with(char::is_lowercase) && is_own(word))
        && next.any(|word| words::is_in("verbs", word))
}

struct Reader<'b, 'r> {
    to: &'b mut Builder<'r>,
    order: Order,
    /// What a status says besides: it counts after what is stated under a name.
    said: Vec<Entry>,
    /// For each field the statements under its names, the best one first.
    named: Vec<Vec<usize>>,
    /// The statements that were read, and whether one of their fields has a value of it.
    gave: BTreeMap<usize, bool>,
    /// The first place that is to state the status and has no value.
    empty_status: Option<Span>,
}

impl<'r> Reader<'_, 'r> {
    /// Returns true where references are written as in the native format: also on pages of several records that have no form of their own.
    fn cites_freely(&self) -> bool {
        self.to.format.is_none_or(|format| format.signs.several && format.definition.cites.is_empty())
    }

    fn statement(&self, at: usize) -> &'r Statement<'r> {
        &self.to.part.statements[at]
    }

    /// Assigns the statements to the fields that their labels name.
    fn collect(&mut self) {
        let (part, kind, names) = (self.to.part, self.to.kind, self.to.names);
        let mut named = vec![Vec::new(); kind.shape.fields.len()];
        for (at, statement) in part.statements.iter().enumerate().filter(|(_, it)| !it.key.is_empty()) {
            let origin = statement.origin;
            let is_key = origin == Origin::FrontMatter;
            // The native format reads keys as the schema has them.
            if is_key && self.to.is_native() && matches!(part.shape, Shape::Page) {
                continue;
            }
            for it in names.fields(&statement.key).filter(|it| !is_key || it.is_key) {
                named[it.field].push((origin, it.rank, at));
            }
        }
        for (field, mut ranked) in kind.shape.fields.iter().zip(named) {
            ranked.sort_unstable();
            let statements: Vec<usize> = ranked.into_iter().map(|(.., at)| at).collect();
            if matches!(field.ty, FieldType::Date) && self.order == Order::Unknown {
                let texts = statements.iter().map(|at| part.statements[*at].text(&part.document.source));
                self.order = date::order_of(texts);
            }
            self.to.taken.extend(&statements);
            self.named.push(statements);
        }
    }

    /// Assigns the statements under misspelt labels to the fields that nothing else states, so that a typing error is one finding.
    fn collect_misspelt(&mut self) {
        let mut statements: Vec<_> = self.to.part.statements.iter().enumerate().collect();
        statements.sort_by_key(|(_, it)| it.origin);
        for (at, statement) in statements {
            let origin = statement.origin;
            let is_key = origin == Origin::FrontMatter && self.to.is_native();
            let is_plain = !is_key && !matches!(origin, Origin::Cell | Origin::FileName);
            if self.to.taken.contains(&at) || !is_plain || !mistakes::is_label(statement) {
                continue;
            }
            let Some((label, mut fields)) = mistakes::of_statement(self.to, statement) else { continue };
            let is_of_name = |at: &usize| self.statement(*at).origin == Origin::FileName;
            fields.retain(|field| self.named[*field].iter().all(is_of_name));
            if fields.is_empty() {
                continue;
            }
            fields.into_iter().for_each(|field| self.named[field].insert(0, at));
            // A line above several records is reported at the first one.
            match origin {
                Origin::Title => drop(self.to.taken.insert(at)),
                _ => drop(self.to.misspelt.insert(at, label.into())),
            }
        }
    }

    /// Takes back the statements under a label that say something of which no field has the value: `Review: yearly`, a second owner.
    fn give_back(&mut self) {
        for at in self.gave.iter().filter(|(_, gave)| !**gave).map(|(at, _)| *at) {
            let statement = self.statement(at);
            let text = statement.text(self.to.source());
            let is_text = matches!(statement.content, Content::Nothing | Content::Section(_))
                || statement.origin >= Origin::Title;
            let is_nobody = words::is_in("no-names", text.trim());
            if !(is_text || is_none(&text) || is_nobody || is_template_text(&text) || says_nothing(&text)) {
                self.to.taken.remove(&at);
            }
        }
    }

    fn push(&mut self, field: &Field, statement: &Statement<'_>, value: Node) {
        self.to.fields.fill(Entry::new(field.name.clone(), statement.label_span, value));
    }

    fn read_field(&mut self, at: usize, field: &Field) {
        let is_status = self.to.kind.is_status(&field.name) && !field.values.is_empty();
        let known = self.to.fields.get(&field.name).filter(|value| !value.is_empty());
        // The place of the value, and its label unless that is a key of the native format.
        let mut first: Option<(Span, Option<&str>)> = known.map(|value| (value.span, None));
        for at in self.named[at].clone() {
            let statement = self.statement(at);
            let value = match is_status {
                true => self.status(field, statement, first.is_none()),
                false => self.value(field, statement),
            };
            let gave = self.gave.entry(at).or_default();
            let Some(value) = value else { continue };
            match first {
                None => {
                    *gave = true;
                    self.push(field, statement, value);
                    first = Some((statement.span, Some(&statement.key)));
                }
                Some(used) => {
                    *gave |= self.to.fields.get(&field.name).is_some_and(|known| says_all_of(known, &value));
                    if self.compare(field, used, statement, &value) {
                        self.gave.insert(at, true);
                    }
                }
            }
        }
        if let Some(span) = self.empty_status.take().filter(|_| first.is_none()) {
            self.to.canonical.add_unfilled(field, span);
        }
    }

    /// Reports what another statement contradicts: in the front matter and below the title, on two lines, in a cell and a section.
    fn compare(
        &mut self,
        field: &Field,
        (used, key): (Span, Option<&str>),
        other: &Statement<'_>,
        value: &Node,
    ) -> bool {
        let (source, kind, name) = (self.to.source(), self.to.kind, &field.name);
        let is_status = kind.is_status(name);
        if is_status && is_adjective(source, value.span, other.span) {
            return true;
        }
        let Some(stated) = self.to.fields.get(name) else { return false };
        // Two labels on a page of others may differ in meaning, but the day of a status is one.
        let has_one_meaning = is_status
            || self.to.is_native()
            || key.is_none_or(|key| *key == *other.key)
            || kind.status_since.iter().any(|since| **since == **name);
        if !has_one_meaning
            || !contradict(field, stated, value)
            || is_status && !are_decided(kind, field, stated, value)
            || self.to.violations.iter().any(|it| &*it.keyword == "repeated-key" && *it.field == **name)
        {
            return false;
        }
        let mut places = [(used, texts(stated).join(", ")), (other.span, texts(value).join(", "))];
        places.sort();
        let [(first, there), (second, here)] = places;
        let line = source.position(first.start as usize).line;
        let message = format!("`{name}` is {here} here and {there} in line {line}");
        self.to.violations.push(Violation {
            help: Some("remove the one that is out of date, or make both alike".to_owned()),
            related: Some((first, format!("another {name}"))),
            ..Violation::of_field("repeated-key", name, second, message)
        });
        true
    }

    fn status(&mut self, field: &Field, statement: &Statement<'_>, counts: bool) -> Option<Node> {
        let closed = self.to.format.and_then(|format| format.words(&field.name));
        let vocabulary = match closed {
            Some(words) => &words.vocabulary,
            None => self.to.names.vocabulary(field),
        };
        let source = self.to.source();
        let text = statement.text(source);
        let stated = match status::read(&text, vocabulary, self.order) {
            Reading::Stated(stated) => stated,
            // None of several words is chosen, or all of it is the text of a template.
            Reading::Placeholder if !is_placeholder(&text) || is_template_text(&text) => {
                let value = trimmed(source, statement.span, &text);
                self.to.canonical.add_unfilled(field, value.span);
                return None;
            }
            Reading::Placeholder | Reading::Nothing => {
                let is_empty = text.trim().is_empty();
                // A site fills in `{{ page.status }}`.
                let says_nothing = || names_nothing(&text) && !text.trim_start().starts_with(['{', '$']);
                let place = match is_empty {
                    true => Some(statement.label_span).filter(|_| !self.has_parts(statement)),
                    false => says_nothing().then(|| trimmed(source, statement.span, &text).span),
                };
                self.empty_status = self.empty_status.or(place);
                return None;
            }
        };
        let at = |range: &Range<usize>| place(source, statement.span, &text, range);
        if counts {
            self.read_detail(&stated, statement, &text);
        }
        // A format with words of its own allows nothing behind them, but a remark in brackets on a page.
        let is_remark = || {
            let (word, remark) = text.trim().split_once(" (").unwrap_or_default();
            let is_known = closed.is_some_and(|words| words.vocabulary.value_of(word).is_some());
            self.to.part.document.markdown.is_some() && is_known && remark.ends_with(')')
        };
        let is_whole = closed.is_none()
            || is_remark()
            || stated.written.len() == text.trim().trim_matches(['*', '_', '`', '"', '.', '!']).len();
        let written = if is_whole { stated.written } else { text.trim() };
        let known = stated.value.as_deref().filter(|_| is_whole);
        let value = Node::text(at(&stated.range), known.unwrap_or(written));
        // A word that the kind has and the community lacks. Any other is reported with the one that it misspells.
        if counts
            && known.is_none()
            && field.values.iter().any(|it| **it == *written)
            && let Some(words) = closed
        {
            let words: Vec<&str> = words.iter().collect();
            self.to.violations.push(mistakes::unknown_status(&value, &field.name, &words, None));
        }
        (closed.is_none() || known != Some("absent")).then_some(value)
    }

    /// Reads the day and the successor beside a status.
    fn read_detail(&mut self, stated: &status::Status<'_>, statement: &Statement<'_>, text: &str) {
        let (source, kind) = (self.to.source(), self.to.kind);
        let at = |range: &Range<usize>| place(source, statement.span, text, range);
        let successor = stated.successor.as_ref().filter(|_| !stated.in_part);
        let of = |name: Option<&str>| kind.shape.field(name?);
        let mut said = days::beside_status(kind, (stated, text), at, || self.day());
        let referred = [
            (of(kind.successor.as_deref()), successor.map_or(&[][..], std::slice::from_ref)),
            (of(kind.predecessor.as_deref()), &stated.predecessors),
        ];
        for (field, ranges) in referred.into_iter().filter_map(|(field, ranges)| Some((field?, ranges))) {
            let references = |range: &Range<usize>| {
                let range = with_link(text, range);
                let inner = |inner: Range<usize>| at(&(range.start + inner.start..range.start + inner.end));
                self.references(&field.ty, &text[range.clone()], inner)
            };
            said.extend(list(ranges.iter().flat_map(references).collect()).map(|it| (field, it)));
        }
        let entry = |(field, value): (&Field, _)| Entry::new(field.name.clone(), statement.label_span, value);
        self.said.extend(said.into_iter().map(entry));
    }

    /// Returns the day of the record, which may be read later.
    fn day(&mut self) -> Option<Date> {
        let fields = &self.to.kind.shape.fields;
        let at = fields.iter().position(|field| *field.name == *"date")?;
        let (known, named) = (self.to.fields.get("date").cloned(), self.named[at].clone());
        let stated = || named.into_iter().find_map(|it| self.value(&fields[at], self.statement(it)));
        parse_date(known.or_else(stated)?.as_text()?)
    }

    /// Returns the references of a text as written; of a link, its destination. `place` is that of a part of the text.
    fn references(&self, ty: &FieldType, text: &str, place: impl Fn(Range<usize>) -> Span) -> Vec<Node> {
        let is_of_kind = referred_kinds(ty).iter().any(|name| **name == *self.to.kind.name);
        let is_whole = |range: &Range<usize>| {
            let (before, behind) = (text[..range.start].trim_end(), text[range.end..].trim_start());
            (before.is_empty() || before.ends_with([',', ';']))
                && (behind.is_empty() || behind.starts_with([',', ';']))
        };
        let is_meant = |found: &reference::Reference<'_>| match found.target {
            // Words beside others say something else than a reference, and of a page of the same kind they are no identifier.
            reference::Target::Name(_) => is_whole(&found.range) && (!is_of_kind || self.cites_freely()),
            // `ADR-4` is no assumption.
            reference::Target::Number(letters, _) => {
                is_of_kind || letters.is_empty() || self.to.format.is_none_or(|it| !is_prefix(it, letters))
            }
            _ => true,
        };
        let found = reference::read_all(text).into_iter().filter(|found| !found.in_part && is_meant(found));
        found.map(|found| items::referred(found, text, &place)).collect()
    }

    /// Returns the names of `Ada Byron, 2 November 2026`, and keeps the day for the field that it is for.
    fn without_day<'s>(&mut self, field: &Field, statement: &Statement<'s>) -> Option<Statement<'s>> {
        let mut days = self.to.kind.shape.fields.iter();
        let day = days.find(|day| day.day_of.as_deref() == Some(&*field.name))?;
        let source = self.to.source();
        let text = matches!(statement.content, Content::Text).then(|| source.slice(statement.span))?;
        let found = date::find(text, self.order).filter(|found| found.range.end == text.trim_end().len())?;
        let names = text[..found.range.start].trim_end_matches([' ', ',', '(']);
        let names = names.strip_suffix(" on").unwrap_or(names);
        let value = Node::text(statement.span.part(found.range.clone()), found.day()?.to_string());
        self.said.push(Entry::new(day.name.clone(), statement.label_span, value));
        Some(Statement { span: statement.span.part(0..names.len()), ..statement.clone() })
    }

    /// Keeps the names of `2 November 2026 by Ada Byron` for the field that they are for.
    fn keep_names(&mut self, field: &Field, statement: &Statement<'_>, rest: Range<usize>, text: &str) {
        let who = field.day_of.as_deref().and_then(|who| self.to.kind.shape.field(who));
        let (Some(who), Some((word, names))) = (who, text[rest].trim_start().split_once(' ')) else { return };
        if !words::is_in("by", word) || names.trim().is_empty() {
            return;
        }
        let source = self.to.source();
        let names = people_in(source, names, place(source, statement.span, text, &range_in(text, names)));
        let value = if matches!(who.ty, FieldType::List(_)) { list(names) } else { names.into_iter().next() };
        self.said.extend(value.map(|value| Entry::new(who.name.clone(), statement.label_span, value)));
    }

    fn value(&mut self, field: &Field, statement: &Statement<'_>) -> Option<Node> {
        let undated = self.without_day(field, statement);
        let statement = undated.as_ref().unwrap_or(statement);
        let source = self.to.source();
        let is_named = matches!(field.ty, FieldType::Date) || refers(&field.ty);
        if let Content::Data(node) = &statement.content {
            for item in node.items() {
                if item.as_sequence().is_none() && is_template_text(source.slice(item.span)) {
                    self.to.canonical.add_unfilled(field, item.span);
                }
            }
            if !is_named || node.as_sequence().is_some_and(<[Node]>::is_empty) {
                return self.of_data(field, node);
            }
        }
        let text = match &statement.content {
            // The text of a cell over several lines is in none of them.
            Content::Cell(cell) if !refers(&field.ty) || is_split(source, cell) => {
                words_of(statement, source)
            }
            _ => statement.text(source),
        };
        let text = match self.to.format {
            Some(format) => Cow::from(format.matched(&field.name, &text)?.to_owned()),
            None => text,
        };
        let has_parts = text.trim().is_empty() && self.has_parts(statement);
        if matches!(statement.content, Content::Nothing)
            || !has_parts && (text.trim().is_empty() || is_placeholder(&text))
        {
            if is_template_text(&text) {
                self.to.canonical.add_unfilled(field, statement.span);
            }
            return None;
        }
        if let Content::Section(section) = &statement.content
            && !matches!(field.ty, FieldType::Date)
        {
            let body = Body::new(self.to.part.document, section)?;
            let may_list_people = matches!(field.ty, FieldType::List(_)) && names_people(&field.ty);
            let value = match may_list_people && (!self.to.is_native() || body.column_of_people().is_some()) {
                true => body.people(),
                false => body.read(field, |kinds| self.to.all_names.is_by_title(kinds)),
            };
            let value = value.map(|value| if self.to.is_native() { value } else { without_none(value) });
            return value.and_then(|value| self.to.canonical.prose_field(value, field));
        }
        match &field.ty {
            FieldType::Date => self.date(field, statement, &text),
            FieldType::Reference(kinds)
                if self.cites_freely()
                    && !matches!(statement.content, Content::List(_) | Content::Data(_)) =>
            {
                let whole = trimmed(source, statement.span, &text);
                let by_title = self.to.all_names.is_by_title(kinds);
                let value = match &items::references(source, whole.clone(), by_title)[..] {
                    [only] if !names_people(&field.ty) => only.clone(),
                    _ => whole,
                };
                self.to.canonical.prose_field(value, field)
            }
            FieldType::Reference(_) if names_people(&field.ty) => {
                let names = self.people(statement, &text);
                if names.len() > 1 && field.may_be_list { list(names) } else { names.into_iter().next() }
            }
            FieldType::Reference(_) => {
                let at = |range| place(source, statement.span, &text, &range);
                self.references(&field.ty, &text, at).into_iter().next()
            }
            FieldType::List(item) => self.list(field, item, statement, &text),
            _ if is_none(&text) && !self.to.is_native() => None,
            _ => self.to.canonical.prose_field(trimmed(source, statement.span, &text), field),
        }
    }

    /// Returns true for a section that holds something, such as other sections.
    fn has_parts(&self, statement: &Statement<'_>) -> bool {
        matches!(&statement.content, Content::Section(section) if !self.to.source().slice(section.body).trim().is_empty())
    }

    fn list(&mut self, field: &Field, of: &FieldType, statement: &Statement<'_>, text: &str) -> Option<Node> {
        let source = self.to.source();
        let items = || {
            let items = statement.items(source).into_iter();
            items.map(|(text, span)| trimmed(source, span, &text)).collect::<Vec<_>>()
        };
        match of {
            // Lists below a line are read with their forms.
            FieldType::Struct(_) if matches!(statement.content, Content::List(_)) => None,
            FieldType::Reference(_) if names_people(of) => list(self.people(statement, text)),
            FieldType::Reference(kinds) if self.cites_freely() => {
                let by_title = self.to.all_names.is_by_title(kinds);
                let named = items().into_iter().flat_map(|it| items::references(source, it, by_title));
                self.to.canonical.prose_field(list(named.collect())?, field)
            }
            FieldType::Reference(_) => {
                let items = statement.items(source).into_iter();
                let named = items.flat_map(|(text, span)| {
                    self.references(of, &text, |range| place(source, span, &text, &range))
                });
                list(named.collect())
            }
            _ => {
                let is_mapping = matches!(of, FieldType::Struct(_));
                let text_field = field.item_shape().and_then(|shape| shape.field(shape.text.as_deref()?));
                let names_record = text_field.is_some_and(|it| matches!(it.ty, FieldType::Reference(_)));
                let separators: &[&str] = match statement.content {
                    // Items of a list are whole.
                    Content::Cell(_) | Content::Text if names_record => &[",", ";"],
                    Content::Cell(_) | Content::Text if is_mapping => &[";"],
                    _ if is_mapping || field.prose && statement.origin != Origin::Cell => &[],
                    _ if !field.values.is_empty() => &[",", ";", "/", " and ", " & "],
                    _ if field.prose => &[";"],
                    _ => &[",", ";"],
                };
                let parts = |node: Node| items::parts_between(source, &node, separators);
                let value = list(items().into_iter().flat_map(parts).collect())?;
                self.to.canonical.prose_field(value, field)
            }
        }
    }

    fn people(&self, statement: &Statement<'_>, text: &str) -> Vec<Node> {
        let source = self.to.source();
        match &statement.content {
            Content::List(_) | Content::Data(_) => {
                let items = statement.items(source);
                items.iter().flat_map(|(text, span)| people_in(source, text, *span)).collect()
            }
            _ => people_in(source, text, statement.span),
        }
    }

    /// Reads the value of a key in front matter or in a file of data, for a field that names nobody and nothing.
    fn of_data(&mut self, field: &Field, node: &Node) -> Option<Node> {
        if node.as_sequence().is_some_and(<[Node]>::is_empty) {
            return Some(node.clone());
        }
        // What another community means by a mapping is not known.
        let fits = match node.as_scalar() {
            Some(scalar) => !is_placeholder(scalar.text()),
            None => matches!(
                field.ty,
                FieldType::Any | FieldType::List(_) | FieldType::Struct(_) | FieldType::Map(_)
            ),
        };
        fits.then(|| self.to.canonical.prose_field(node.clone(), field)).flatten()
    }

    fn date(&mut self, field: &Field, statement: &Statement<'_>, text: &str) -> Option<Node> {
        let source = self.to.source();
        let is_section = matches!(statement.content, Content::Section(_));
        let whole = date::read(text, self.order);
        let is_impossible = matches!(whole, Err(date::Unreadable::Impossible { .. }));
        let stated = whole.ok().or_else(|| date::find(text, self.order).filter(|_| !is_section));
        if let Some(stated) = stated.filter(|it| it.day().is_some() || field.day_of_period.is_some()) {
            let is_last = field.day_of_period == Some(DayOfPeriod::Last);
            let day = if is_last { stated.last } else { stated.first };
            self.keep_names(field, statement, stated.range.end..text.len(), text);
            return Some(Node::text(place(source, statement.span, text, &stated.range), day.to_string()));
        }
        // On a page of others, what has no form of a date says something else.
        let is_key = statement.origin == Origin::FrontMatter && !text.contains("://");
        // `202-10-13` lacks a digit.
        let parts: Vec<&str> = text.trim().split(['-', '.', '/']).collect();
        let is_numeric = parts.len() == 3 && parts.iter().all(|part| part.parse::<u32>().is_ok());
        let is_meant = self.to.is_native() || is_key || is_impossible || is_numeric;
        (is_meant && !is_section && !is_none(text)).then(|| trimmed(source, statement.span, text))
    }

    fn read_title(&mut self, at: usize, field: &Field) {
        if self.to.fields.get("title").is_some() {
            return;
        }
        let (source, part, format) = (self.to.source(), self.to.part, self.to.format);
        let plain = |text: &str| match format {
            Some(format) => title_without_number(format, text).to_owned(),
            None => text.to_owned(),
        };
        for at in self.named[at].clone() {
            let statement = self.statement(at);
            let text = single_spaced(&words_of(statement, source));
            if text.is_empty() || is_placeholder(&text) || statement.origin == Origin::Section {
                continue;
            }
            let value = Node::text(statement.span, plain(&text));
            let Some(value) = self.to.canonical.prose_field(value, field) else { continue };
            return self.push(field, statement, value);
        }
        let Some(title) = &part.title else { return };
        let is_about_day = self.to.kind.shape.fields.iter().any(|field| field.initial == Some(Initial::Day));
        let text = plain(&title.text);
        let text = if self.to.is_page() || is_about_day { &text } else { without_day(&text) }.trim();
        if self.to.is_page() && is_template_text(text) {
            self.to.canonical.add_unfilled(field, title.span);
        }
        if !text.is_empty() {
            let start = source.slice(title.span).find(text).unwrap_or_default();
            let is_part = text.len() < title.text.trim().len();
            let span = if is_part { title.span.part(start..start + text.len()) } else { title.span };
            self.to.fields.fill(Entry::new(field.name.clone(), title.span, Node::text(span, text)));
        }
    }

    /// Reads the identifier from the first place that has one.
    fn read_id(&mut self, at: usize, field: &Field) {
        if self.to.fields.get(&field.name).is_some_and(|value| !value.is_empty()) {
            return;
        }
        let Some(format) = self.to.format else {
            let stated = self.named[at].first().map(|at| self.statement(*at));
            if let Some(statement) = stated
                && let Some(value) = self.value(field, statement)
            {
                self.push(field, statement, value);
            }
            return;
        };
        let path = self.to.part.document.source.path().clone();
        let name = place_name(&path);
        for place in &format.definition.id {
            let found = match &**place {
                "title-number" => self.title_id(format, name),
                "file-number" | "folder-number" if format.pattern_of("id").is_none() => {
                    self.name_identifier(format, name).map(|it| (written(format, name, &it), self.to.anchor))
                }
                "file" | "folder" | "file-number" | "folder-number" => {
                    let id = format.matched("id", name).filter(|id| !id.is_empty());
                    id.map(|id| (id.into(), self.to.anchor))
                }
                key => self.stated_id(format, key),
            };
            if let Some((id, span)) = found {
                return self.to.fields.fill(Entry::new(field.name.clone(), span, Node::text(span, id)));
            }
        }
    }

    fn name_identifier<'n>(&self, format: &Format, name: &'n str) -> Option<Identifier<'n>> {
        // `bf16` is a word, unless the letters are the format's.
        let is_apart = |it: &Identifier<'_>| {
            it.prefix.is_empty()
                || !name[it.prefix.len()..].starts_with(|c: char| c.is_ascii_digit())
                || is_prefix(format, it.prefix)
        };
        // Communities number their templates and new proposals 0; a first ADR may have this number.
        let counts_from_zero =
            format.is_by_place() || format.prefixes().iter().any(|prefix| **prefix == *"ADR");
        let is_counted = |it: &Identifier<'_>| counts_from_zero || !is_zero(it.number);
        identifier::in_name(name).filter(|it| {
            is_apart(it) && is_counted(it) && (!it.is_year_of_word() || is_prefix(format, it.prefix))
        })
    }

    /// Returns the identifier with which the title begins. Where the file has another number, the heading was copied from another page.
    fn title_id(&self, format: &Format, name: &str) -> Option<(Box<str>, Span)> {
        let cell = || {
            let is_title = |it: &&Statement<'_>| it.origin == Origin::Cell && *it.key == *"title";
            let cell = self.to.part.statements.iter().find(is_title)?;
            Some(layout::Title { text: cell.text(self.to.source()), span: cell.span })
        };
        let title = &self.to.part.title.clone().or_else(cell)?;
        if format.pattern_of("id").is_some() {
            let id = format.matched("id", &title.text).filter(|id| !id.is_empty())?;
            return Some((id.into(), title.span));
        }
        let Shape::Page = self.to.part.shape else {
            let (id, _) = super::identity::split_heading(&title.text, self.to.kind)?;
            return Some((id.into(), title.span));
        };
        let found = title_identifier(format, &title.text)?;
        let value = |number: &str| number.parse::<u64>().ok();
        let Some(of_name) = self.name_identifier(format, name).filter(|it| value(it.number).is_some()) else {
            return Some((written(format, &title.text, &found), title.span));
        };
        // `D-1` is a number of an organisation's own; others are written as the name of the file spells them.
        let is_same = value(of_name.number) == value(found.number);
        (is_same && is_own_code(format, &found)).then(|| (found.spelled(&title.text).into(), title.span))
    }

    fn stated_id(&mut self, format: &Format, key: &str) -> Option<(Box<str>, Span)> {
        let key = label_key(key);
        if key.is_empty() {
            return None;
        }
        let mut stated = self.to.part.statements.iter().enumerate();
        let (at, statement) = stated.find(|(_, it)| it.origin != Origin::Section && *it.key == *key)?;
        self.to.taken.insert(at);
        let whole = words_of(statement, self.to.source());
        let text = format.matched("id", whole.trim())?.trim();
        if text.is_empty() || is_zero(text) || is_placeholder(text) || text.contains(['?', '<']) {
            return None;
        }
        // Without a digit it is the address of the page on a site.
        let is_key = key == "id" && statement.origin == Origin::FrontMatter;
        if is_key && format.own_path.is_none() && !text.contains(|c: char| c.is_ascii_digit()) {
            return None;
        }
        let id: Box<str> =
            identifier::in_value(text).map_or_else(|| text.into(), |found| written(format, text, &found));
        let written = text.rfind(&*id).map_or(text, |at| &text[at..at + id.len()]);
        let span = place(self.to.source(), statement.span, &whole, &range_in(&whole, written));
        Some((id, span))
    }
}

/// Returns the text of a statement, without marks if it is a cell.
fn words_of<'s>(statement: &'s Statement<'_>, source: &'s Source) -> Cow<'s, str> {
    match statement.content {
        Content::Cell(cell) => Cow::from(&*cell.text),
        _ => statement.text(source),
    }
}

/// Returns a title without the number that its format puts before it.
fn title_without_number<'t>(format: &Format, text: &'t str) -> &'t str {
    let is_numbered = format.definition.id.iter().any(|place| **place == *"title-number");
    let found = identifier::in_title(text).filter(|it| !it.prefix.is_empty());
    let is_own = found
        .as_ref()
        .is_some_and(|it| format.prefixes().iter().any(|prefix| prefix.eq_ignore_ascii_case(it.prefix)));
    let is_prose = found.is_some() && title_identifier(format, text).is_none();
    match format.pattern_of("id").and_then(|pattern| pattern.value_and_rest(text)) {
        Some((_, rest)) if is_numbered => identifier::without_separators(rest),
        None if is_numbered && !is_prose || is_own => identifier::title_without(text),
        _ => text,
    }
}

/// Returns the title of a part behind the day that it begins with: `2024-03-01: One queue`.
fn without_day(title: &str) -> &str {
    let day = date::read(title, Order::Unknown).ok().filter(|it| it.day().is_some() && it.range.start == 0);
    let rest = day.map_or(title, |day| title[day.range.end..].trim_start_matches([' ', ':', '-', '–', '—']));
    if rest.is_empty() { title } else { rest }
}

/// Returns a range with the rest of the links whose texts it begins and ends with.
fn with_link(text: &str, range: &Range<usize>) -> Range<usize> {
    // In reStructuredText: `ADR 3 <0003-use-mysql.rst>`_.
    let target = text[range.end..].strip_prefix(" <").and_then(|rest| rest.find('>'));
    if let Some(length) = target.filter(|_| text[..range.start].ends_with('`')) {
        let start = range.end + " <".len();
        return start..start + length;
    }
    let behind = text[range.end..].strip_prefix("](").and_then(|rest| rest.find(')'));
    let end = behind.map_or(range.end, |length| range.end + "](".len() + length + 1);
    range.start - usize::from(text[..range.start].ends_with('['))..end
}

/// Returns the identifier in the name of a file as a format writes it.
pub(super) fn number(format: &Format, name: &str) -> Box<str> {
    identifier::in_name(name).map_or_else(|| name.into(), |found| written(format, name, &found))
}

/// Returns a number of a text, with its letters where these are not the format's.
fn written(format: &Format, text: &str, found: &Identifier<'_>) -> Box<str> {
    let prefixes = format.prefixes();
    let is_own = found.prefix.is_empty()
        || (prefixes.is_empty() && format.own_path.is_none() && !format.signs.several)
        || prefixes.iter().any(|it| it.eq_ignore_ascii_case(found.prefix));
    match is_own && !is_own_code(format, found) {
        true => found.number.into(),
        // As it is written: `G1`.
        false if found.spelled(text).starts_with(found.prefix) => found.spelled(text).into(),
        false => format!("{}-{}", found.prefix, found.number).into(),
    }
}

/// Returns the identifier that a title begins with. Letters of another series need a sign or a capital behind: `D-1 of the offers` is none.
fn title_identifier<'t>(format: &Format, title: &'t str) -> Option<Identifier<'t>> {
    let is_year =
        |it: &Identifier<'_>| it.may_be_year || it.is_year_of_word() && !is_prefix(format, it.prefix);
    let found = identifier::in_title(title).filter(|it| !is_year(it) && !it.is_bare)?;
    let is_signed = title[found.range.end..found.rest].contains(|c: char| !c.is_whitespace());
    let is_text = title[found.rest..].starts_with(char::is_lowercase);
    (!is_own_code(format, &found) || is_signed || !is_text).then_some(found)
}

/// Returns true for a code of few letters that are not the format's, or of two parts: `D-1`, `DR-1`, `ADR-CLI-1`.
fn is_own_code(format: &Format, found: &Identifier<'_>) -> bool {
    // `D-1` and `DR-1` are identifiers of an organisation's own, while more letters name a series.
    const MOST_OWN_LETTERS: usize = 2;
    match found.prefix.split_once('-') {
        Some((series, _)) => is_prefix(format, series) || is_code(found.prefix),
        None => (1..=MOST_OWN_LETTERS).contains(&found.prefix.len()) && !is_prefix(format, found.prefix),
    }
}

fn is_prefix(format: &Format, letters: &str) -> bool {
    format.prefixes().iter().any(|prefix| prefix.eq_ignore_ascii_case(letters))
        || letters.eq_ignore_ascii_case("adr")
}

fn is_zero(number: &str) -> bool {
    !number.is_empty() && number.bytes().all(|digit| digit == b'0')
}

fn names_people(ty: &FieldType) -> bool {
    referred_kinds(ty).iter().any(|kind| WHO.contains(&&**kind))
}

fn is_split(source: &Source, cell: &Cell) -> bool {
    !cell.text.is_empty()
        && !source.slice(cell.span).contains(cell.text.split_whitespace().last().unwrap_or_default())
}

fn refers(ty: &FieldType) -> bool {
    !referred_kinds(ty).is_empty()
}

fn referred_kinds(ty: &FieldType) -> &[Arc<str>] {
    ty.referred().unwrap_or_default()
}

/// Removes the items of a list that say that there is none.
fn without_none(value: Node) -> Node {
    let Some(items) = value.as_sequence() else { return value };
    let is_said = |item: &&Node| !item.as_text().is_some_and(is_none);
    Node::sequence(value.span, items.iter().filter(is_said).cloned().collect())
}

/// Reports the fields that a format requires and a record lacks. Of those whom the kind takes for accountable, one suffices.
pub(super) fn required(record: &super::RecordContent, format: &Format) -> Vec<Violation> {
    let has = |name: &str| record.field(name).is_some();
    let is_accountable = |name: &str| record.kind.accountable.iter().any(|known| **known == *name);
    let is_stated =
        |name: &str| has(name) || is_accountable(name) && record.accountable().iter().any(|name| has(name));
    let violation = |name: &str| Violation {
        missing: true,
        ..Violation::of_field("required", name, record.name_span, format!("`{name}` is missing"))
    };
    let is_unfilled =
        |name: &str| record.format_violations.iter().any(|it| it.is_unfilled() && *it.field == *name);
    let missing = format.definition.requires.iter().filter(|name| !is_stated(name) && !is_unfilled(name));
    missing.map(|name| violation(name)).collect()
}
