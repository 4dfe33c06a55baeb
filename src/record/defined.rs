//! Reads records that are a text below a name, such as terms: with a short form behind the name, and words at the end of the text.

use super::body::{self, TextSpans, text};
use super::builder::Builder;
use super::parts;
use crate::format::Names;
use crate::kind::{Field, FieldType, Initial, Kind};
use crate::layout::{Origin, Part, Shape, label_key};
use crate::node::{Entry, Key, MappingBuilder, Node};
use crate::text::Span;

impl<'r> Builder<'r> {
    /// Adds what a record of such a kind states without a label.
    pub(super) fn add_definition(&mut self) {
        let field = parts::text_field(self.kind).filter(|field| field.initial != Some(Initial::Title));
        let Some(field) = field else { return };
        let stated = below_name(self.part, self.names).and_then(|span| text(self.source(), span));
        if let Some(stated) = stated {
            self.state(field, stated.span, stated);
        }
        add_short_form(self.kind, &mut self.fields);
        let said = self.fields.get(&field.name).and_then(|text| self.words_at_end(text));
        if let Some((list, words)) = said {
            self.fields.fill(Entry::new(list.name.clone(), words.span, words));
        }
    }

    /// Reads the last sentence of a text, or what is in brackets there, as a list of words: `Avoid: client, account.`, `Never "dolly".`
    fn words_at_end(&self, node: &Node) -> Option<(&'r Field, Node)> {
        const MOST_WORDS: usize = 3;
        let is_mark = |c: char| c.is_whitespace() || "*_\"“”‘’`().".contains(c);
        let text = node.as_text()?.trim_end_matches(is_mark);
        let ends = [". ", "(", "\n"].iter().filter_map(|end| Some(text.rfind(end)? + end.len()));
        let sentence = &text[ends.max().unwrap_or(0)..];
        let (label, rest) = sentence
            .split_once(':')
            .or_else(|| sentence.split_at_checked(sentence.find(['"', '“', '‘', '`'])?))?;
        let key = label_key(label.trim_matches(is_mark));
        let list = self.names.fields_of(self.kind, &key).find(|field| is_list_of_text(field))?;
        let parts = rest.split([',', '/', ';']).flat_map(|part| part.split(" or "));
        let words = parts.flat_map(|part| part.split(" and ")).map(|word| word.trim_matches(is_mark));
        let words: Vec<&str> = words.collect();
        let is_name = |word: &&str| (1..=MOST_WORDS).contains(&word.split_whitespace().count());
        if !words.iter().all(is_name) {
            return None;
        }
        let spans = TextSpans::new(self.source(), node);
        Some((list, body::list(words.iter().map(|word| spans.part(word)).collect())?))
    }
}

/// Returns the text below the name of a section or a page, up to the first line with a label.
fn below_name(part: &Part<'_>, names: &Names) -> Option<Span> {
    let page = part.document.markdown.as_deref()?;
    let within = match part.shape {
        Shape::Section(heading) => heading.own_body,
        Shape::Page => {
            let start = page.front_matter.as_ref().map_or(0, |it| it.block.end);
            part.heading().map_or(Span { start, end: part.span.end }, |it| it.own_body)
        }
        _ => return None,
    };
    let lines = part.statements.iter().filter(|it| it.origin == Origin::Header && names.know(&it.key));
    let starts = lines.map(|it| it.label_span.start);
    let first = starts.filter(|start| within.start <= *start && *start < within.end).min();
    let source = &part.document.source;
    let end = first.map_or(within.end, |label| source.line_span(label as usize).start);
    Some(Span { end: end.max(within.start), ..within })
}

/// Adds the short form in a title to the other names of a record, and leaves it out: `Net revenue (NR)`.
fn add_short_form(kind: &Kind, fields: &mut MappingBuilder) {
    let other = kind.names.iter().filter_map(|name| kind.shape.field(name));
    let other = other.filter(|field| is_list_of_text(field)).find(|field| fields.get(&field.name).is_none());
    let title = fields.entries_mut().iter_mut().find(|entry| &*entry.key.name == "title");
    let (Some(other), Some(title)) = (other, title) else { return };
    let split = title.value.as_text().and_then(|text| {
        let (name, short) = text.strip_suffix(')')?.rsplit_once(" (")?;
        let is_short = short.starts_with(char::is_uppercase)
            && short.chars().skip(1).any(char::is_uppercase)
            && short.chars().all(|c| c.is_alphanumeric() || "&/-".contains(c));
        is_short.then(|| (name.trim().to_owned(), short.to_owned()))
    });
    let Some((name, short)) = split else { return };
    let span = title.value.span;
    title.value = Node::text(span, name);
    fields.push(Key { name: other.name.clone(), span }, Node::sequence(span, vec![Node::text(span, short)]));
}

fn is_list_of_text(field: &Field) -> bool {
    matches!(&field.ty, FieldType::List(item) if matches!(**item, FieldType::Text))
}
