//! The rules of a run: built-in and user rules.

use std::sync::{Arc, LazyLock};

use rayon::iter::Either;
use rayon::prelude::*;

use crate::embedded;
use crate::finding::{Fault, Faultless};
use crate::kind::Kinds;
use crate::schema::nearest;
use crate::text::Source;

use super::model::Rule;

#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    rules: Vec<Arc<Rule>>,
}

impl RuleSet {
    pub fn new(mut rules: Vec<Arc<Rule>>) -> RuleSet {
        rules.sort_by(|a, b| a.id.cmp(&b.id));
        RuleSet { rules }
    }

    /// Combines the built-in rules with those of packs and the user's, of which none may have the identifier of another.
    pub fn with_embedded(packs: &[&str], user_rules: Vec<Arc<Rule>>) -> Faultless<RuleSet> {
        let built_in = embedded_rules().iter().cloned().chain(packs.iter().flat_map(|pack| pack_rules(pack)));
        // The order is stable: the user's rule is the second of two.
        let set = RuleSet::new(built_in.chain(user_rules).collect());
        let duplicates = set.rules.windows(2).filter(|pair| pair[0].id == pair[1].id).map(|pair| {
            let (id, source) = (&pair[1].id, &pair[1].source);
            let (other, help) = match pair[0].is_own {
                true => (format!("`{}` has the same id", pair[0].source.path()), "rename one of the files".into()),
                false => (
                    "a built-in rule has the same id".to_owned(),
                    format!("rename this file; `rules: {{ {id}: off }}` in `alignlint.yaml` switches the built-in rule off"),
                ),
            };
            let message = format!("duplicate rule id `{id}`: {other}");
            Fault::new(message).at(source, pair[1].name_span()).help(help)
        });
        let duplicates: Vec<Fault> = duplicates.collect();
        if duplicates.is_empty() { Ok(set) } else { Err(duplicates) }
    }

    pub fn rules(&self) -> &[Arc<Rule>] {
        &self.rules
    }

    pub fn get(&self, id: &str) -> Option<&Arc<Rule>> {
        self.rules.binary_search_by(|rule| (*rule.id).cmp(id)).ok().map(|at| &self.rules[at])
    }

    pub fn ids(&self) -> Vec<&str> {
        self.rules.iter().map(|rule| &*rule.id).collect()
    }

    /// Returns the rule that is meant by a name which none has: one whose family was left out, or a similar one.
    pub fn meant(&self, name: &str) -> Option<&str> {
        let mut ids = self.rules.iter().map(|rule| &*rule.id);
        let bare = ids.find(|id| id.split_once('/').is_some_and(|(_, own)| own == name));
        bare.or_else(|| nearest(name, self.ids()))
    }
}

pub fn embedded_rules() -> &'static [Arc<Rule>] {
    static RULES: LazyLock<Vec<Arc<Rule>>> = LazyLock::new(|| read_embedded(FOLDER));
    &RULES
}

/// The rules of a pack, whether or not it is switched on.
pub fn pack_rules(pack: &str) -> Vec<Arc<Rule>> {
    read_embedded(&format!("{}/{FOLDER}", embedded::pack_folder(pack)))
}

fn read_embedded(folder: &str) -> Vec<Arc<Rule>> {
    let id = |path: &'static str| path[folder.len() + 1..].trim_end_matches(".yaml");
    embedded::paths(folder).map(|path| Arc::new(Rule::embedded(path, id(path)))).collect()
}

const FOLDER: &str = "rules";

/// Parses and compiles user rules, each with the identifier of its path.
pub fn read_user_rules(files: &[(Arc<Source>, String)], kinds: &Arc<Kinds>) -> Faultless<Vec<Arc<Rule>>> {
    let read = files.par_iter().map(|(source, id)| {
        let rule = Rule { is_own: true, ..Rule::parse(source, id)? };
        rule.program(kinds)?;
        Ok(Arc::new(rule))
    });
    let (faults, rules): (Vec<Vec<Fault>>, Vec<Arc<Rule>>) = read.partition_map(Either::from);
    if faults.is_empty() { Ok(rules) } else { Err(faults.concat()) }
}
