//! The program's rules that read a field in another type than a user's kind gives it: the mistake is in the kind.

use std::mem::discriminant;
use std::sync::Arc;

use crate::finding::Fault;
use crate::kind::{Kind, Kinds};
use crate::node::Mapping;
use crate::syntax::{self, Format};
use crate::text::{Source, Span};

use super::rule::Rule;

/// Returns the faults of a rule, or those of the kinds that cause them if the rule is the program's own.
pub(super) fn at_own_kinds(rule: &Rule, kinds: &Kinds, faults: Vec<Fault>) -> Vec<Fault> {
    if rule.is_own {
        return faults;
    }
    let of_kinds: Vec<Fault> = kinds.iter().filter_map(|kind| retyped(rule, kind)).flatten().collect();
    if of_kinds.is_empty() { faults } else { of_kinds }
}

/// The fields that a rule names and that a kind gives another type than the built-in kind of its name.
fn retyped(rule: &Rule, kind: &Kind) -> Option<Vec<Fault>> {
    let source = kind.own_source.as_ref()?;
    let built_in = Kinds::load(&[]).ok()?;
    let built_in = built_in.get(&kind.name)?;
    let text = rule.source.text();
    let is_retyped = |name: &str| {
        let types = built_in.shape.field(name).zip(kind.shape.field(name));
        types.is_some_and(|(known, own)| discriminant(&known.ty) != discriminant(&own.ty))
    };
    let fields = kind.shape.fields.iter().map(|field| &*field.name);
    let fields = fields.filter(|name| is_retyped(name) && text.contains(&name.replace('-', "_")));
    let fault = |name: &str| {
        let message = format!(
            "`{name}` has another type than in the built-in kind `{}`, whose rules read it",
            kind.name
        );
        let help = "keep the type, or call the field otherwise";
        Fault::new(message).help(help).at(source, place_of_field(source, name))
    };
    let removed = built_in.shape.fields.iter().map(|field| &*field.name);
    let removed =
        removed.filter(|name| kind.shape.field(name).is_none() && text.contains(&name.replace('-', "_")));
    let removed =
        removed.filter_map(|name| Some((name, stated_place_of_field(source, name)?))).map(|(name, place)| {
            let message =
                format!("`{name}` can't be removed: rules about the built-in kind `{}` read it", kind.name);
            Fault::new(message)
                .help("remove the line; a field that no record states is not asked for")
                .at(source, place)
        });
    Some(fields.map(fault).chain(removed).collect())
}

fn place_of_field(source: &Arc<Source>, name: &str) -> Span {
    stated_place_of_field(source, name).unwrap_or_else(|| source.line_span(source.bom_len()))
}

fn stated_place_of_field(source: &Arc<Source>, name: &str) -> Option<Span> {
    let document = syntax::parse(source.clone(), Format::Yaml);
    let fields = document.roots.first().and_then(|root| root.get("properties")?.as_mapping());
    let mut entries = fields.into_iter().flat_map(Mapping::entries);
    entries.find(|entry| *entry.key.name == *name).map(|entry| entry.key.span)
}
