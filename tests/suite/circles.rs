//! No file of the program imports, through others, a file that imports it.

use std::collections::{BTreeMap, BTreeSet};

use crate::kit::files_below;

/// The files that are still in a circle, until it is cut.
const KNOWN: &[&str] = &[];

type Modules = BTreeMap<String, String>;

/// Returns the files of the program by the path of their module: `catalog::links`.
fn modules() -> Modules {
    let named = files_below("src", Some("rs")).into_iter().map(|(path, text)| {
        let path = path.trim_start_matches("src/").trim_end_matches(".rs").replace('/', "::");
        (path.trim_end_matches("::mod").to_owned(), code(&text))
    });
    named.filter(|(path, _)| path != "lib" && path != "main").collect()
}

/// Returns the text without comments and without unit tests, which may import anything.
fn code(text: &str) -> String {
    let program = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    program.lines().map(|line| line.find("//").map_or(line, |at| &line[..at])).collect::<Vec<_>>().join("\n")
}

/// Returns the paths that begin at `crate`, `super` or `self`, those of braces one by one.
fn paths(text: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for start in ["crate", "super", "self"] {
        for (at, _) in text.match_indices(start) {
            let is_name = |c: char| c.is_alphanumeric() || c == '_';
            let is_path = text[at + start.len()..].starts_with("::");
            if !is_path || text[..at].ends_with(is_name) || text[..at].ends_with("::") {
                continue;
            }
            let rest = &text[at..];
            let end = rest.find(|c: char| !is_name(c) && c != ':').unwrap_or(rest.len());
            let (base, rest) = rest.split_at(end);
            let base_path = base.trim_end_matches(':');
            match rest.strip_prefix('{').filter(|_| base.ends_with("::")) {
                Some(rest) => _ = members(base_path, rest, &mut paths),
                None => paths.push(base_path.to_owned()),
            }
        }
    }
    paths
}

/// Adds the paths of a brace behind `base`, and returns what follows the brace.
fn members<'t>(base: &str, mut rest: &'t str, paths: &mut Vec<String>) -> &'t str {
    loop {
        let end = rest.find(['{', ',', '}']).unwrap_or(rest.len());
        let name = rest[..end].trim().split(" as ").next().unwrap_or_default().trim_end_matches(':');
        let path = format!("{base}::{name}");
        match rest[end..].chars().next() {
            Some('{') => rest = members(&path, &rest[end + 1..], paths),
            other => {
                if !name.is_empty() {
                    paths.push(path);
                }
                rest = rest.get(end + 1..).unwrap_or_default();
                if other != Some(',') {
                    return rest;
                }
            }
        }
    }
}

/// Returns the module in which a path of `module` ends.
fn target<'m>(path: &str, module: &str, modules: &'m Modules) -> Option<&'m str> {
    let mut at: Vec<&str> = match path.starts_with("crate") {
        true => Vec::new(),
        false => module.split("::").collect(),
    };
    for part in path.split("::") {
        match part {
            "crate" | "self" => {}
            "super" => drop(at.pop()),
            part => at.push(part),
        }
    }
    while !at.is_empty() {
        if let Some((name, _)) = modules.get_key_value(&at.join("::")) {
            return Some(name);
        }
        at.pop();
    }
    None
}

/// Returns what each module imports, parents and children aside: they share one room.
fn imports(modules: &Modules) -> BTreeMap<&str, BTreeSet<&str>> {
    let is_below = |one: &str, other: &str| {
        one.strip_prefix(other).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
    };
    let imported = |(module, text): (&'_ String, &String)| -> BTreeSet<&str> {
        let targets = paths(text).into_iter().filter_map(|path| target(&path, module, modules));
        targets.filter(|it| !is_below(it, module) && !is_below(module, it)).collect()
    };
    modules.iter().map(|entry| (&**entry.0, imported(entry))).collect()
}

/// Returns all that a module imports, directly or through others.
fn reached<'m>(module: &'m str, imports: &BTreeMap<&'m str, BTreeSet<&'m str>>) -> BTreeSet<&'m str> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![module]);
    while let Some(next) = open.pop() {
        open.extend(imports[next].iter().filter(|it| reached.insert(**it)));
    }
    reached
}

#[test]
fn no_file_imports_itself_through_others() {
    let modules = modules();
    let imports = imports(&modules);
    let all: BTreeMap<&str, BTreeSet<&str>> =
        imports.keys().map(|module| (*module, reached(module, &imports))).collect();
    let circles: BTreeSet<Vec<&str>> = all
        .iter()
        .filter(|(module, reached)| reached.contains(**module))
        .map(|(module, reached)| reached.iter().copied().filter(|it| all[*it].contains(module)).collect())
        .collect();
    let unknown: Vec<&Vec<&str>> =
        circles.iter().filter(|circle| !circle.iter().all(|module| KNOWN.contains(module))).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    let cut: Vec<&&str> =
        KNOWN.iter().filter(|module| !circles.iter().flatten().any(|it| it == *module)).collect();
    assert!(cut.is_empty(), "these are in no circle any more: {cut:?}");
}

#[test]
fn paths_in_braces_are_read_one_by_one() {
    let found = paths("use crate::a::{b::{C, D}, self as e, f};\nlet x = super::g(1);");
    assert_eq!(found, ["crate::a::b::C", "crate::a::b::D", "crate::a::self", "crate::a::f", "super::g"]);
}
