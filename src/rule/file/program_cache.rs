//! The cache of compiled rules: a process that checks several states compiles each rule once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use crate::finding::Fault;
use crate::kind::Kinds;

use super::program::Program;
use super::replaced_types::at_own_kinds;
use super::rule::Rule;

/// The program of a rule for the kinds that it was last compiled for. A clone of the rule may differ from it, so its cache is
/// empty.
#[derive(Default)]
pub struct ProgramCache(Mutex<Option<(Weak<Kinds>, Arc<Program>)>>);

impl Rule {
    /// Returns the compiled rule.
    ///
    /// # Errors
    /// As [`Program::compile`]; those of the user's kinds if one of the program's rules does not fit them.
    pub fn program(&self, kinds: &Arc<Kinds>) -> Result<Arc<Program>, Vec<Fault>> {
        let ProgramCache(cache) = &self.program;
        let lock = || cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known_kinds, program)) = &*lock()
            && known_kinds.as_ptr() == Arc::as_ptr(kinds)
        {
            return Ok(program.clone());
        }
        let program = Program::compile(self, kinds).map_err(|faults| at_own_kinds(self, kinds, faults))?;
        let program = Arc::new(program);
        *lock() = Some((Arc::downgrade(kinds), program.clone()));
        Ok(program)
    }
}

impl Clone for ProgramCache {
    fn clone(&self) -> ProgramCache {
        ProgramCache::default()
    }
}

impl fmt::Debug for ProgramCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ProgramCache")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::embedded_rules;

    #[test]
    fn a_rule_is_compiled_again_for_other_kinds_only_and_a_clone_by_itself() {
        let kinds = || Arc::new(Kinds::load(&[]).expect("the embedded kinds"));
        let rule = &embedded_rules().expect("the embedded rules")[0].clone();
        let rule = &Rule::clone(rule);
        let compiled = |rule: &Rule, kinds: &Arc<Kinds>| rule.program(kinds).expect("a program");
        let (known, others) = (kinds(), kinds());
        let first = compiled(rule, &known);
        assert!(Arc::ptr_eq(&first, &compiled(rule, &known)));
        assert!(!Arc::ptr_eq(&first, &compiled(rule, &others)));
        let other = Rule { message: "Changed.".to_owned(), ..rule.clone() };
        assert!(!Arc::ptr_eq(&compiled(rule, &others), &compiled(&other, &others)));
    }
}
