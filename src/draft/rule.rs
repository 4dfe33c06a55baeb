//! The first draft of a rule of the user's own.

use crate::embedded;
use crate::finding::Fault;
use crate::linter::{Error, Linter};
use crate::node::Node;
use crate::snapshot::{CONFIG_FILES, Snapshot};
use crate::syntax::{self, Format};

use super::{Written, create};

/// A rule to write.
#[derive(Clone, Debug)]
pub struct RuleRequest {
    /// `family/name`.
    pub id: String,
    pub severity: String,
}

/// The folder of the user's own rules if the configuration names none.
const FOLDER: &str = "policy";

/// Writes a rule with two examples to fill in, into the first folder that the configuration names.
///
/// # Errors
/// The name is not that of a rule or is taken, or the file can't be written.
pub fn write_rule(linter: &Linter, request: &RuleRequest) -> Result<Written, Error> {
    let RuleRequest { id, severity } = request;
    let is_word = |word: &str| {
        let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        word.starts_with(|c: char| c.is_ascii_lowercase()) && word.chars().all(is_letter)
    };
    let family = match id.split_once('/') {
        Some((family, name)) if is_word(family) && is_word(name) => family,
        _ => {
            let fault = Fault::new(format!("`{id}` is not the name of a rule"));
            return Err(fault
                .help("write it as `family/name`, in small letters, such as `pricing/names-a-kpi`")
                .into());
        }
    };
    let policy = linter.policy();
    if let Some(rule) = policy.rules.get(id) {
        return Err(Fault::new(format!("there is a rule `{id}` already, in `{}`", rule.source.path())).into());
    }
    let folder = policy.config.folders.first().map(|folder| folder.path.to_string());
    let folder = folder.or_else(|| named_folder(linter.snapshot()));
    let mut notices = Vec::new();
    if folder.is_none() {
        notices.push(format!("add `./{FOLDER}` to `extends` in `alignlint.yaml`, so that the rule is used: `extends: [recommended, ./{FOLDER}]`"));
    }
    let folder = folder.as_deref().unwrap_or(FOLDER);
    let path = format!("{folder}/rules/{id}.yaml");
    let template = embedded::file("schemas/starter/rule.yaml").unwrap_or_default();
    let text = template.replace("{id}", id).replace("{family}", family).replace("{folder}", folder);
    let text = text.replace("{severity}", severity);
    create(linter.snapshot(), &path, &text, "edit that file, or give the rule another name")?;
    Ok(Written { path, line: 1, others: Vec::new(), notices })
}

/// Returns true if the configuration names a folder that has no files yet: until it has some, there is no policy to load.
pub fn begins_policy(snapshot: &Snapshot) -> bool {
    named_folder(snapshot).is_some_and(|folder| !snapshot.has_folder(&folder))
}

/// The first folder under `extends`, whether or not it has files.
fn named_folder(snapshot: &Snapshot) -> Option<String> {
    let source = CONFIG_FILES.into_iter().find_map(|path| snapshot.read_path(path))?;
    let document = syntax::parse_policy(source, Format::Yaml);
    let extends = document.roots.first()?.get("extends")?;
    let names = extends.items().iter().filter_map(Node::as_text);
    let mut folders = names.filter_map(|name| name.strip_prefix("./")).map(|name| name.trim_end_matches('/'));
    folders.find(|name| !name.is_empty() && !name.split('/').any(|part| part == "..")).map(str::to_owned)
}
