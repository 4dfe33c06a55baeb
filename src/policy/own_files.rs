//! The user's own kinds, profiles and rules: the YAML files in the folders of `extends`.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::config::{Config, POLICY_PARTS, PolicyFolder, policy_folder_around};
use crate::embedded;
use crate::finding::Fault;
use crate::output;
use crate::rule::is_rule_id;
use crate::schema::nearest;
use crate::snapshot::{CONFIG_FILES, FileEntry, Snapshot};
use crate::syntax::{self, Format};
use crate::text::{Source, kebab};

const KINDS: &str = "kinds/";
const PROFILES: &str = "profiles/";
const RULES: &str = "rules/";

/// The files of a policy that are not built in: the user's own and those of packs.
#[derive(Clone, Default)]
pub struct OwnFiles {
    pub kinds: Vec<Arc<Source>>,
    pub profiles: Vec<Arc<Source>>,
    pub pack_profiles: Vec<Arc<Source>>,
    /// Each with the identifier of its path.
    pub rules: Vec<(Arc<Source>, String)>,
}

impl OwnFiles {
    /// Returns the line of a field under a key of a profile, such as `fields`, from 1.
    pub fn line_of_field(&self, path: &str, key: &str, field: &str) -> Option<usize> {
        let source = self.profiles.iter().find(|source| &**source.path() == path)?;
        let document = syntax::parse(source.clone(), Format::from_path(path)?);
        let fields = document.roots.first()?.get(key)?.as_mapping()?;
        let entry = fields.entries().iter().find(|entry| &*entry.key.name == field)?;
        Some(source.position(entry.key.span.start as usize).line)
    }

    /// Reads the files in the folders of `extends`.
    ///
    /// # Errors
    /// A file can't be read, or a rule is in the wrong place.
    pub(super) fn find(snapshot: &Snapshot, config: &Config) -> Result<OwnFiles, Vec<Fault>> {
        let mut own = OwnFiles::default();
        let mut faults = Vec::new();
        // A folder of `extends` may contain another.
        let mut known = HashSet::new();
        own.add_packs(&config.packs, KINDS);
        for folder in &config.folders {
            let links = snapshot.links().filter(|link| within(folder, link).is_some());
            faults.extend(
                links.map(|link| output::Error::Link(link.into()).into_fault("can't read the policy")),
            );
            let mut listed = OwnFiles::listed(snapshot, folder).peekable();
            if listed.peek().is_none() && !config.folders.iter().any(|other| is_below(other, folder)) {
                faults.extend(config.source.as_ref().map(|source| no_policy(folder).at(source, folder.span)));
            }
            let mut misnamed = HashSet::new();
            for (file, _) in listed {
                let Some(name) = within(folder, &file.path) else { continue };
                if !known.insert(&file.path) {
                    continue;
                }
                if let Some((wrong, right)) = misnamed_folder(name) {
                    if misnamed.insert(wrong) {
                        faults.push(in_misnamed_folder(
                            folder,
                            wrong,
                            right,
                            snapshot.has_folder(&format!("{}/{}", folder.path, right.trim_end_matches('/'))),
                            snapshot.read(file).ok().as_ref(),
                        ));
                    }
                    continue;
                }
                match snapshot.read(file) {
                    Ok(source) => faults.extend(own.add(folder, name, source).err()),
                    Err(problem) => faults.push(Fault::new(format!("`{}`: {}", file.path, problem.message))),
                }
            }
        }
        // The first profile that recognises a file reads it, and the last kind of a name is used.
        own.add_packs(&config.packs, PROFILES);
        if faults.is_empty() { Ok(own) } else { Err(faults) }
    }

    pub(super) fn is_empty(&self) -> bool {
        let OwnFiles { kinds, profiles, pack_profiles, rules } = self;
        kinds.is_empty() && profiles.is_empty() && pack_profiles.is_empty() && rules.is_empty()
    }

    /// Adds those of another policy, except where a file has the same name.
    pub(super) fn add_missing(&mut self, other: &OwnFiles) {
        let of_same_name = |one: &Source, two: &Source| file_stem(one.path()) == file_stem(two.path());
        let lists = [
            (&mut self.kinds, &other.kinds),
            (&mut self.profiles, &other.profiles),
            (&mut self.pack_profiles, &other.pack_profiles),
        ];
        for (own, others) in lists {
            let missing: Vec<_> = others
                .iter()
                .filter(|other| !own.iter().any(|own| of_same_name(own, other)))
                .cloned()
                .collect();
            own.splice(0..0, missing);
        }
        let has = |id: &str| self.rules.iter().any(|(_, own)| own == id);
        let missing: Vec<_> = other.rules.iter().filter(|(_, id)| !has(id)).cloned().collect();
        self.rules.extend(missing);
    }

    /// Adds the kinds or the profiles of packs.
    fn add_packs(&mut self, packs: &[&str], part: &str) {
        for pack in packs {
            let folder = format!("{}/{}", embedded::pack_folder(pack), part.trim_end_matches('/'));
            let sources = embedded::files(&folder).map(|(path, text)| Arc::new(Source::embedded(path, text)));
            match part {
                KINDS => self.kinds.extend(sources),
                _ => self.pack_profiles.extend(sources),
            }
        }
    }

    /// Returns the files of a folder, each as `kind`, `profile` or `rule`.
    pub(super) fn listed<'s>(
        snapshot: &'s Snapshot,
        folder: &'s PolicyFolder,
    ) -> impl Iterator<Item = (&'s FileEntry, &'static str)> {
        snapshot.files().iter().filter_map(|file| Some((file, file_type(within(folder, &file.path)?))))
    }

    fn add(&mut self, folder: &PolicyFolder, name: &str, source: Arc<Source>) -> Result<(), Fault> {
        let ty = file_type(name);
        let id = name.strip_prefix(RULES).unwrap_or(name);
        let written = written_type(&source);
        if written.is_some_and(|written| written != ty) || (ty == "rule" && !is_rule_id(id)) {
            return Err(misplaced(folder, name, written.unwrap_or("rule"), &source));
        }
        match ty {
            "kind" => self.kinds.push(source),
            "profile" => self.profiles.push(source),
            _ => {
                let id = id.to_owned();
                self.rules.push((source, id));
            }
        }
        Ok(())
    }
}

/// A folder of files that is called almost like one that is read, with the right name.
fn misnamed_folder(name: &str) -> Option<(&str, &'static str)> {
    const PARTS: [&str; 3] = [KINDS, PROFILES, RULES];
    let (folder, _) = name.split_once('/')?;
    let without_slash = |part: &'static str| part.trim_end_matches('/');
    let in_one = || folder.to_lowercase().trim_end_matches('s').to_owned();
    let singular = || PARTS.into_iter().find(|part| in_one() == without_slash(part).trim_end_matches('s'));
    // A folder with files of its own may be a family of rules.
    let misspelt = || {
        let near = nearest(folder, PARTS.map(without_slash)).filter(|_| !is_rule_id(name))?;
        PARTS.into_iter().find(|part| without_slash(part) == near)
    };
    let is_right = PARTS.into_iter().any(|part| without_slash(part) == folder);
    let right = (!is_right).then(|| singular().or_else(misspelt))??;
    Some((folder, right))
}

fn in_misnamed_folder(
    folder: &PolicyFolder,
    wrong: &str,
    right: &str,
    is_right_there: bool,
    source: Option<&Arc<Source>>,
) -> Fault {
    let path = &folder.path;
    let what = right.trim_end_matches('/');
    let fault = Fault::new(format!("{what} are read from `{path}/{right}`, not from `{path}/{wrong}/`"));
    let fault = fault.help(match is_right_there {
        true => format!("move its files to the same places below `{path}/{right}`"),
        false => format!("rename the folder to `{path}/{what}`"),
    });
    match source {
        Some(source) => fault.at(source, source.line_span(source.bom_len())),
        None => fault,
    }
}

fn no_policy(folder: &PolicyFolder) -> Fault {
    let path = &folder.path;
    let fault = Fault::new(format!("there are no rules, kinds or profiles in folder `{path}`"));
    if let Some(whole) = policy_folder_around(path) {
        return fault.help(format!("write `./{whole}`: rules, kinds and profiles are folders in it"));
    }
    fault.help(format!(
        "write `{path}/rules/FAMILY/NAME.yaml`, `{path}/kinds/NAME.yaml` or `{path}/profiles/NAME.yaml`, or remove the folder here"
    ))
}

fn is_below(inner: &PolicyFolder, outer: &PolicyFolder) -> bool {
    inner.path.strip_prefix(&*outer.path).is_some_and(|rest| rest.starts_with('/'))
}

fn file_type(name: &str) -> &'static str {
    if name.starts_with(KINDS) {
        "kind"
    } else if name.starts_with(PROFILES) {
        "profile"
    } else {
        "rule"
    }
}

pub(super) fn file_stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.split_once('.').map_or(name, |(stem, _)| stem)
}

/// The path of a YAML file below a folder, without its extension.
fn within<'p>(folder: &PolicyFolder, path: &'p str) -> Option<&'p str> {
    let name = path.strip_prefix(&*folder.path)?.strip_prefix('/')?;
    name.strip_suffix(".yaml").or_else(|| name.strip_suffix(".yml"))
}

/// What is not read though it lies beside what the configuration names: kinds beside rules; a policy that no configuration
/// names.
pub fn unread_policy(snapshot: &Snapshot, config: &Config) -> Option<String> {
    if let Some((_, unread, whole)) = part_of_folder(snapshot, config) {
        return has_policy(snapshot, &unread)
            .then(|| format!("`{unread}` is not read; in `extends`, name the folder of both: `./{whole}`"));
    }
    let parts: Vec<&str> = POLICY_PARTS
        .into_iter()
        .filter(|part| !config.excludes(&format!("{part}/")) && has_policy(snapshot, part))
        .collect();
    let other_folders = folders_of_parts(snapshot, config);
    let mut other_folders = other_folders.into_iter().filter(|(folder, _)| {
        let has_config = CONFIG_FILES.iter().any(|name| snapshot.get(&format!("{folder}/{name}")).is_some());
        !has_config || config.source.is_none()
    });
    if let Some(folder) = config.folders.first() {
        if !parts.is_empty() {
            let path = &folder.path;
            let (are, their) = if parts.len() > 1 { ("are", "their") } else { ("is", "its") };
            let parts = parts.join("/` and `");
            return Some(format!(
                "`{parts}/` {are} not read; move {their} files to the same places in `{path}/`"
            ));
        }
        let holds = |(folder, parts): &(&str, Vec<&str>)| {
            parts.iter().any(|part| has_policy(snapshot, &format!("{folder}/{part}")))
        };
        let other = other_folders.find(holds).map(|(folder, parts)| {
            format!(
                "`{folder}/` holds {}, which are not read; add `./{folder}` to `extends`",
                parts.join(" and ")
            )
        });
        return other.or_else(|| json_policy(snapshot, config));
    }
    if !parts.is_empty() {
        return Some(format!(
            "`{}/` {} not read; move {} into a folder such as `policy/`, and write `extends: [{}, ./policy]` into `{}`",
            parts.join("/` and `"),
            if parts.len() > 1 { "are" } else { "is" },
            if parts.len() > 1 { "them" } else { "it" },
            [&[config.preset.name()], &*config.packs].concat().join(", "),
            CONFIG_FILES[0]
        ));
    }
    let folder = other_folders
        .find(|(folder, parts)| parts.iter().any(|part| has_policy(snapshot, &format!("{folder}/{part}"))));
    folder.map(|(folder, parts)| {
        format!(
            "`{folder}/` holds {}, which are not read; write `extends: [{}, ./{folder}]` into `{}`",
            parts.join(" and "),
            [&[config.preset.name()], &*config.packs].concat().join(", "),
            CONFIG_FILES[0]
        )
    })
}

/// A rule, kind or profile in a file that is not called YAML.
fn json_policy(snapshot: &Snapshot, config: &Config) -> Option<String> {
    let is_policy = |path: &&str| {
        let name = path.strip_suffix(".json").unwrap_or_default();
        config.folders.iter().any(|folder| {
            let inner = name.strip_prefix(&*folder.path).and_then(|rest| rest.strip_prefix('/'));
            inner.is_some_and(|inner| POLICY_PARTS.iter().any(|part| is_below_folder(inner, part)))
        })
    };
    let path = snapshot.files().iter().map(|file| &*file.path).find(is_policy)?;
    Some(format!("`{path}` is not read; rename it to `{}`: JSON is YAML", path.replace(".json", ".yaml")))
}

/// The folders at the root with folders of rules, kinds or profiles in them.
fn folders_of_parts<'s>(snapshot: &'s Snapshot, config: &Config) -> BTreeMap<&'s str, Vec<&'static str>> {
    let mut folders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in snapshot.files().iter().filter(|file| is_yaml(&file.path)) {
        let Some((folder, rest)) = file.path.split_once('/') else { continue };
        let Some(part) = POLICY_PARTS.into_iter().find(|part| is_below_folder(rest, part)) else { continue };
        let known = folders.entry(folder).or_default();
        if !known.contains(&part) && !config.excludes(&file.path) {
            known.push(part);
        }
    }
    folders
}

fn is_below_folder(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn is_yaml(path: &str) -> bool {
    path.ends_with(".yaml") || path.ends_with(".yml")
}

/// The most files of a folder that are read to learn what they are.
const READ_FILES: usize = 8;

/// True if a folder `rules`, `kinds` or `profiles` holds such files. Others use these names too.
fn has_policy(snapshot: &Snapshot, folder: &str) -> bool {
    let part = folder.rsplit('/').next().unwrap_or(folder);
    let files = snapshot.files().iter();
    let mut files =
        files.filter(|file| is_below_folder(&file.path, folder) && is_yaml(&file.path)).take(READ_FILES);
    files.any(|file| {
        let source = snapshot.read(file).ok();
        let written = source.as_ref().and_then(|source| written_type(source));
        let is_kind = || source.as_ref().is_some_and(|source| has_key(source, &["x-plural", "base"]));
        written == Some(part.trim_end_matches('s')) && (written != Some("kind") || is_kind())
    })
}

/// The fault of a folder of rules whose kinds or profiles, beside it, are not read.
pub(super) fn partial_folder(snapshot: &Snapshot, config: &Config) -> Option<Fault> {
    let (folder, unread, whole) = part_of_folder(snapshot, config)?;
    let fault = Fault::new(format!("`{unread}` is not read, and `{}` needs what is there", folder.path));
    let fault = fault.help(format!("name the folder of both: `./{whole}`"));
    Some(config.source.iter().fold(fault, |fault, source| fault.at(source, folder.span)))
}

/// A folder of `extends` that is a part of a policy, another part of it that is not read, and the folder of both.
fn part_of_folder<'c>(
    snapshot: &Snapshot,
    config: &'c Config,
) -> Option<(&'c PolicyFolder, String, &'c str)> {
    let parts = POLICY_PARTS;
    config.folders.iter().find_map(|folder| {
        let (whole, part) = folder.path.rsplit_once('/').filter(|(_, part)| parts.contains(part))?;
        let is_read =
            |path: &str| config.folders.iter().any(|other| *other.path == *path || *other.path == *whole);
        let unread = parts.iter().map(|other| format!("{whole}/{other}"));
        let unread = unread
            .filter(|path| !path.ends_with(part))
            .find(|path| snapshot.has_folder(path) && !is_read(path))?;
        Some((folder, unread, whole))
    })
}

/// What a file is, by keys that no other type of file has.
fn written_type(source: &Source) -> Option<&'static str> {
    let has = |keys: &[&str]| has_key(source, keys);
    let types = [
        ("rule", has(&["expect", "due", "against"]) && has(&["message"])),
        ("profile", has(&["recognise"]) || (has(&["base"]) && has(&["fields", "values", "dates", "lacks"]))),
        ("kind", has(&["properties"])),
    ];
    let mut written = types.into_iter().filter(|(_, is_written)| *is_written).map(|(name, _)| name);
    written.next().filter(|_| written.next().is_none())
}

/// True if a line begins with one of these keys.
fn has_key(source: &Source, keys: &[&str]) -> bool {
    let is_key =
        |line: &str| keys.iter().any(|key| line.strip_prefix(key).is_some_and(|it| it.starts_with(':')));
    source.text().lines().any(is_key)
}

/// Returns the fault of a file in a folder for another type, or of a rule whose path is not a valid identifier.
fn misplaced(folder: &PolicyFolder, name: &str, ty: &str, source: &Arc<Source>) -> Fault {
    let last = name.rsplit('/').next().unwrap_or(name);
    let (message, place) = match ty {
        "profile" => ("a profile is a file `NAME.yaml` in `profiles/`", format!("{PROFILES}{last}")),
        "kind" => ("a kind is a file `NAME.yaml` in `kinds/`", format!("{KINDS}{last}")),
        _ => {
            // The folder may itself be called `rules`.
            let folder_of_rules = if is_rules(&folder.path) { "" } else { RULES };
            let document = syntax::parse_policy(source.clone(), Format::Yaml);
            let id = document.roots.first().and_then(|root| root.get("id")?.as_text());
            let id = id.filter(|id| is_rule_id(id)).map_or_else(|| id_of(name), str::to_owned);
            (
                "a rule is a file `FAMILY/NAME.yaml` in `rules/`, in lower case",
                format!("{folder_of_rules}{id}"),
            )
        }
    };
    let at = source.line_span(source.bom_len());
    let help = match policy_folder_around(&folder.path) {
        Some(whole) => format!("in `extends`, write `./{whole}`"),
        None => format!("move this file to `{}/{place}.yaml`", folder.path),
    };
    Fault::new(message).at(source, at).help(help)
}

fn is_rules(folder: &str) -> bool {
    folder.rsplit('/').next() == Some(RULES.trim_end_matches('/'))
}

/// The identifier of a rule that is most like this path: the first folder below the last `rules/`, else the last folder is the family.
fn id_of(name: &str) -> String {
    let below = name.rsplit_once(&format!("/{RULES}")).map(|(_, below)| below).or(name.strip_prefix(RULES));
    // A folder of another name around that of the family is meant to be `rules/`.
    let last_two = || name.rmatch_indices('/').nth(1).map_or(name, |(at, _)| &name[at + 1..]);
    let name = below.unwrap_or_else(last_two);
    let words = |part: &str| {
        let lower = kebab(part);
        let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        words.collect::<Vec<_>>().join("-")
    };
    match name.split_once('/') {
        Some((family, rest)) => format!("{}/{}", words(family), words(rest)),
        None => format!("FAMILY/{}", words(name)),
    }
}
