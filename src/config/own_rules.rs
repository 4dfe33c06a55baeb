//! What a key of the configuration means by the rules that come with the program, and by those of the user's own folders.

use crate::embedded;
use crate::node::Node;
use crate::schema::Violation;
use crate::snapshot::Snapshot;
use crate::syntax::{self, Format};
use crate::text::Source;

use super::globs::one_or_more;

/// The rules in the folders that a configuration names.
pub(super) struct OwnRules<'a> {
    pub root: &'a Node,
    pub snapshot: &'a Snapshot,
}

impl OwnRules<'_> {
    /// Adds to a violation which rule its key means.
    pub(super) fn add_to(&self, violation: Violation) -> Violation {
        let name = &violation.field;
        let help = match name.contains('/') {
            false if violation.message.starts_with("invalid rule name") => self.with_family(name),
            true if violation.message.starts_with("invalid name of a practice") => self.with_practice(name),
            _ => None,
        };
        match help {
            Some(help) => Violation { help: Some(help), ..violation },
            None => violation,
        }
    }

    /// The rule of the user's own that a key without a family means.
    fn with_family(&self, name: &str) -> Option<String> {
        let ending = format!("/{name}");
        let mut ids = self.files().map(|(id, _)| id).filter(|id| id.ends_with(&ending));
        ids.next().map(|id| format!("write it with its family: `{id}`"))
    }

    /// The practice that belongs to a rule, in whose place the rule is named.
    fn with_practice(&self, rule: &str) -> Option<String> {
        let practice = self.practice_of(rule)?;
        Some(match practice {
            Some(practice) => format!("this is a rule; write its practice: `{practice}: …`"),
            None => "this is a rule, and has no practice; set it for some files under `overrides`".to_owned(),
        })
    }

    /// Returns the practice of a rule, which may have none; `None` if no rule has this id.
    fn practice_of(&self, rule: &str) -> Option<Option<String>> {
        let built_in = embedded::file(&format!("rules/{rule}.yaml"));
        let own = || {
            let (_, path) = self.files().find(|(id, _)| id == rule)?;
            Some(self.snapshot.read_path(path)?.text().to_owned())
        };
        let text = built_in.map(str::to_owned).or_else(own)?;
        let source = Source::new("rule.yaml", text.into_bytes());
        let document = syntax::parse(source.into(), Format::Yaml);
        let root = document.roots.first();
        Some(root.and_then(|root| root.get("practice")?.as_text().map(str::to_owned)))
    }

    /// The ids of the rules in those folders, each with the path of its file.
    fn files(&self) -> impl Iterator<Item = (String, &str)> {
        let folders = self.root.get("extends").map(one_or_more).unwrap_or_default();
        let folders = folders.iter().filter_map(|folder| folder.as_text()?.strip_prefix("./"));
        folders.flat_map(|folder| {
            let rules = format!("{}/rules/", folder.trim_end_matches('/'));
            self.snapshot.files().iter().filter_map(move |file| {
                let id = file.path.strip_prefix(&rules)?.strip_suffix(".yaml")?;
                Some((id.to_owned(), &*file.path))
            })
        })
    }
}
