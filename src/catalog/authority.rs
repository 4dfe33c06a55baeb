//! The records of one state with the authority records (people, teams, roles, rights) of another.

use std::collections::HashSet;
use std::sync::Arc;

use crate::record::Record;
use crate::syntax::Document;
use crate::text::{Source, Span};

use super::known_names::KnownNames;
use super::{Catalog, SourceFile, Target};

impl Catalog {
    /// Returns this catalog with the authority records of `base`, whose files are shown as `rev:path`.
    pub fn with_authority_of(&self, base: &Catalog, rev: &str) -> Catalog {
        let own = self.files.iter().map(|file| (file.clone(), self.records_in(file, false)));
        let theirs = base.files.iter().filter_map(|file| {
            let records = base.records_in(file, true);
            let is_relevant = !records.is_empty() || file.unreadable || file.is_incomplete();
            is_relevant.then(|| (file.at_revision(rev), records))
        });
        let mut files: Vec<(SourceFile, Vec<Record>)> = own.chain(theirs).collect();
        files.sort_unstable_by(|(a, _), (b, _)| a.path().cmp(b.path()));
        let names = KnownNames::read(&base.snapshot, &base.files);
        let (snapshot, kinds, config) = (self.snapshot.clone(), self.kinds.clone(), self.config.clone());
        let adoption = Some(self.adoption.clone());
        let mut catalog = Catalog::new(snapshot, kinds, config, files, names.into(), adoption, None);
        catalog.mark_not_in_base(self);
        catalog
    }

    fn mark_not_in_base(&mut self, state: &Catalog) {
        let mut known: HashSet<(&str, Span)> = HashSet::new();
        for record in &state.records {
            for reference in state.references(record) {
                if let Target::Record(id) = reference.target
                    && state.record(id).kind.authority
                {
                    known.insert((&record.path, reference.span));
                }
            }
        }
        for record in &self.records {
            let targets = Arc::make_mut(&mut self.references).targets_mut(record.number).iter_mut();
            for (target, mention) in targets.zip(record.mentions.iter()) {
                if matches!(target, Target::Unknown | Target::Inconclusive | Target::Unused)
                    && known.contains(&(&record.path, mention.span))
                {
                    *target = Target::NotInBase;
                }
            }
        }
    }

    fn records_in(&self, file: &SourceFile, authority: bool) -> Vec<Record> {
        let records = self.records_of(file).iter();
        records.filter(|record| record.kind.authority == authority).cloned().collect()
    }
}

impl SourceFile {
    fn at_revision(&self, rev: &str) -> SourceFile {
        let source = self.source();
        let path = format!("{rev}:{}", source.path());
        let source = Arc::new(Source::new(path, source.text().as_bytes().to_vec()));
        let document = Document::unparsed(source, self.document.format, self.document.problems.clone());
        SourceFile { document: Arc::new(document), notes: Vec::new(), ignores: Vec::new(), ..self.clone() }
    }
}
