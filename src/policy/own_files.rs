//! The user's own kinds, formats and rules: the YAML files in the folders of `extends`.

use std::collections::HashSet;
use std::sync::Arc;

use crate::config::{Config, PolicyFolder};
use crate::embedded;
use crate::finding::Fault;
use crate::output;
use crate::rule::is_rule_id;
use crate::snapshot::{FileEntry, Snapshot};
use crate::text::{Source, stem};

/// The files of a policy that are not built in: the user's own and those of packs.
#[derive(Clone, Default)]
pub struct OwnFiles {
    pub kinds: Vec<Arc<Source>>,
    pub formats: Vec<Arc<Source>>,
    pub pack_formats: Vec<Arc<Source>>,
    /// Each with the identifier of its path.
    pub rules: Vec<(Arc<Source>, String)>,
}

impl OwnFiles {
    pub(super) fn find(snapshot: &Snapshot, config: &Config) -> Result<OwnFiles, Vec<Fault>> {
        // The last kind of a name is used, and the first format that recognises a file reads it.
        let (kinds, pack_formats) = (of_packs(&config.packs, "kinds"), of_packs(&config.packs, "formats"));
        let mut own = OwnFiles { kinds, pack_formats, ..OwnFiles::default() };
        let mut faults = Vec::new();
        // A folder of `extends` may contain another.
        let mut known = HashSet::new();
        for folder in &config.folders {
            let links = snapshot.links().filter(|link| within(folder, link).is_some());
            faults.extend(
                links.map(|link| output::Error::Link(link.into()).into_fault("can't read the policy")),
            );
            let mut listed = OwnFiles::listed(snapshot, folder).peekable();
            if listed.peek().is_none() && !config.folders.iter().any(|other| folder.contains(&other.path)) {
                faults.extend(config.source.as_ref().map(|source| no_policy(folder).at(source, folder.span)));
            }
            for (file, ty) in listed {
                let Some(name) = within(folder, &file.path).filter(|_| known.insert(&file.path)) else {
                    continue;
                };
                match snapshot.read(file) {
                    Ok(source) => faults.extend(own.add(ty, name, source).err()),
                    Err(problem) => faults.push(Fault::new(format!("`{}`: {}", file.path, problem.message))),
                }
            }
        }
        if faults.is_empty() { Ok(own) } else { Err(faults) }
    }

    pub(super) fn is_empty(&self) -> bool {
        let OwnFiles { kinds, formats, pack_formats, rules } = self;
        kinds.is_empty() && formats.is_empty() && pack_formats.is_empty() && rules.is_empty()
    }

    /// Adds those of another policy, except where a file has the same name.
    pub(super) fn add_missing(&mut self, other: &OwnFiles) {
        let add = |own: &mut Vec<Arc<Source>>, others: &[Arc<Source>]| {
            let is_known = |other: &Source| own.iter().any(|own| stem(own.path()) == stem(other.path()));
            let missing: Vec<_> = others.iter().filter(|other| !is_known(other)).cloned().collect();
            own.splice(0..0, missing);
        };
        add(&mut self.kinds, &other.kinds);
        add(&mut self.formats, &other.formats);
        add(&mut self.pack_formats, &other.pack_formats);
        let is_known = |id: &str| self.rules.iter().any(|(_, own)| own == id);
        let missing: Vec<_> = other.rules.iter().filter(|(_, id)| !is_known(id)).cloned().collect();
        self.rules.extend(missing);
    }

    /// Returns the files of a folder, each as `kind`, `format` or `rule`.
    pub(super) fn listed<'s>(
        snapshot: &'s Snapshot,
        folder: &'s PolicyFolder,
    ) -> impl Iterator<Item = (&'s FileEntry, &'static str)> {
        let file_type = |name: &str| match name.split_once('/') {
            Some(("kinds", _)) => "kind",
            Some(("formats", _)) => "format",
            _ => "rule",
        };
        snapshot.files().iter().filter_map(move |file| Some((file, file_type(within(folder, &file.path)?))))
    }

    fn add(&mut self, ty: &str, name: &str, source: Arc<Source>) -> Result<(), Fault> {
        // A folder of `extends` may also hold the families of rules itself.
        let id = name.strip_prefix("rules/").unwrap_or(name);
        match ty {
            "kind" => self.kinds.push(source),
            "format" => self.formats.push(source),
            _ if is_rule_id(id) => self.rules.push((source, id.to_owned())),
            _ => {
                let fault = Fault::new("a rule is a file `FAMILY/NAME.yaml` in `rules/`, in lower case");
                let help =
                    "move the file; kinds and formats are files `NAME.yaml` in `kinds/` and `formats/`";
                return Err(fault.at(&source, source.line_span(source.bom_len())).help(help));
            }
        }
        Ok(())
    }
}

fn of_packs(packs: &[&str], part: &str) -> Vec<Arc<Source>> {
    let mut sources = Vec::new();
    for pack in packs {
        let files = format!("{}/{part}", embedded::pack_folder(pack));
        let files = embedded::files(&files).map(|(path, text)| Arc::new(Source::embedded(path, text)));
        sources.extend(files);
    }
    sources
}

fn no_policy(folder: &PolicyFolder) -> Fault {
    let path = &folder.path;
    Fault::new(format!("there are no rules, kinds or formats in folder `{path}`")).help(format!(
        "write `{path}/rules/FAMILY/NAME.yaml`, `{path}/kinds/NAME.yaml` or `{path}/formats/NAME.yaml`, or remove the folder here"
    ))
}

/// The path of a YAML file below a folder, without its extension.
fn within<'p>(folder: &PolicyFolder, path: &'p str) -> Option<&'p str> {
    let name = path.strip_prefix(&*folder.path)?.strip_prefix('/')?;
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}
