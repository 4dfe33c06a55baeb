//! Checks the expressions of computed fields when the kinds are loaded.

use std::sync::Arc;

use crate::finding::Fault;
use crate::kind::Kinds;
use crate::rule::language::compile_computed;
use crate::text::Source;

use super::location::locate;

/// Returns the faults of the computed fields of the kinds that these sources define.
pub fn computed_faults(kinds: &Kinds, sources: &[Arc<Source>]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (source, kind) in sources.iter().filter_map(|source| Some((source, kinds.of_source(source)?))) {
        for field in kind.shape.fields.iter().filter(|field| field.computed.is_some()) {
            let Err(error) = compile_computed(kinds, kind, field) else { continue };
            let place = locate(source, &format!("/properties/{}/x-computed", field.name), error.span);
            let fault = Fault::new(format!("field `{}`: {}", field.name, error.message)).at(source, place);
            faults.push(error.help.into_iter().fold(fault, Fault::help));
        }
    }
    faults
}
