//! The files of the repository, whether or not they hold records.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use crate::catalog::SourceFile;
use crate::config::Globs;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactType, MemberType, Value, Written,
};
use crate::text::{Source, Span};

pub(super) static PATH: FactType = FactType {
    is_searchable: true,
    name: "a path",
    members: &[
        ("path", MemberType::String),
        ("folder", MemberType::String),
        ("name", MemberType::String),
        ("is-read", MemberType::Bool),
    ],
};

/// Paths that are compared in one step: the catalog compares each glob once.
const PATHS_PER_STEP: usize = 64;

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
    let paths = cx.catalog.matching_paths(glob, &globs);
    cx.step(1 + paths.compared() / PATHS_PER_STEP)?;
    let mut found = Vec::new();
    for at in cx.catalog.paths_of(&paths) {
        cx.step(ELEMENT_COST)?;
        found.push(path(cx, at));
    }
    Ok(Value::list(found))
}

fn path<'a>(cx: &Context<'a>, path: &'a Arc<str>) -> Value<'a> {
    let source = cx.catalog.file_at(path).map(SourceFile::source);
    let source = source.or_else(|| cx.catalog.template(path));
    let written =
        |source: &'a Arc<Source>| Written { source, text: Span::new(source.bom_len(), source.text().len()) };
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let members = vec![
        ("path", Value::string(&**path)),
        ("folder", Value::string(folder)),
        ("name", Value::string(name)),
        ("is-read", Value::Bool(source.is_some())),
    ];
    let identity = FactIdentity::Members(&["path"]);
    Fact { path: Some(path), written: source.map(written), ..Fact::new(members, Span::at(0), identity) }
        .into()
}
