//! The files of the repository, whether or not they hold records.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use crate::config::Globs;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactMember, FactType, MemberType, Value,
};
use crate::text::Span;

pub(super) static PATH: FactType = FactType {
    name: "a path",
    is_searchable: false,
    members: &[
        FactMember("path", MemberType::String, "the path from the root of the repository", ""),
        FactMember("folder", MemberType::String, "the path of its folder; empty at the root", ""),
        FactMember("name", MemberType::String, "the name of the file", ""),
        FactMember("stem", MemberType::String, "the name without its last extension", ""),
    ],
    examples: &[
        r#"files("docs/adr/0002*")[0].path == "docs/adr/0002-price.md" && files("docs/adr/0002*")[0].folder == "docs/adr""#,
        r#"files("**/0002*")[0].name == "0002-price.md" && files("**/0002*")[0].stem == "0002-price""#,
    ],
};

/// Compiles a glob, or returns it from the cache.
///
/// # Errors
/// The glob is invalid.
pub(crate) fn compile(glob: &str) -> Result<Arc<Globs>, String> {
    static COMPILED: OnceLock<Mutex<HashMap<String, Arc<Globs>>>> = OnceLock::new();
    let compiled = COMPILED.get_or_init(Mutex::default);
    if let Ok(globs) = compiled.lock()
        && let Some(globs) = globs.get(glob)
    {
        return Ok(globs.clone());
    }
    let globs = Arc::new(Globs::parse(glob)?);
    if let Ok(mut all) = compiled.lock() {
        all.insert(glob.to_owned(), globs.clone());
    }
    Ok(globs)
}

/// The files that match a glob, sorted by path. Only the paths that begin like the glob are compared.
pub(super) fn matching<'a>(cx: &Context<'a>, glob: &str) -> EvalResult<'a> {
    let globs = compile(glob).map_err(|_| EvalError::Indeterminate)?;
    let glob = glob.trim_start_matches("./");
    let start = &glob[..glob.find(['*', '?', '[', '{', '\\']).unwrap_or(glob.len())];
    let files = cx.catalog.snapshot().files();
    let first = files.partition_point(|file| *file.path < *start);
    let candidates = files[first..].iter().take_while(|file| file.path.starts_with(start));
    let mut found = Vec::new();
    for file in candidates {
        cx.step(1)?;
        if globs.matches(&file.path) {
            cx.step(ELEMENT_COST)?;
            found.push(path(&file.path));
        }
    }
    Ok(Value::list(found))
}

fn path(path: &Arc<str>) -> Value<'_> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let members = vec![
        ("path", Value::string(&**path)),
        ("folder", Value::string(folder)),
        ("name", Value::string(name)),
        ("stem", Value::string(stem)),
    ];
    let identity = FactIdentity::Members(&["path"]);
    Value::Fact(Arc::new(Fact {
        members,
        path: Some(path),
        span: Span::at(0),
        related: None,
        written: None,
        identity,
    }))
}
