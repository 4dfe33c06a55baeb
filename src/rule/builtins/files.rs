//! The files of the repository, whether or not they hold records.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use crate::catalog::SourceFile;
use crate::config::Globs;
use crate::rule::runtime::{
    Context, ELEMENT_COST, EvalError, EvalResult, Fact, FactIdentity, FactMember, FactType, MemberType,
    Value, Written,
};
use crate::text::{Source, Span};

pub(super) static PATH: FactType = FactType {
    name: "a path",
    is_searchable: true,
    members: &[
        FactMember("path", MemberType::String, "the path from the root of the repository", ""),
        FactMember("folder", MemberType::String, "the path of its folder; empty at the root", ""),
        FactMember("name", MemberType::String, "the name of the file", ""),
        FactMember(
            "is-read",
            MemberType::Bool,
            "true for a page or a structured file that the program reads, and for a template in a folder of records; `find_all` searches only such a file",
            "",
        ),
    ],
    examples: &[
        r#"files("docs/adr/0002*")[0].path == "docs/adr/0002-price.md" && files("docs/adr/0002*")[0].folder == "docs/adr""#,
        r#"files("**/0002*")[0].name == "0002-price.md""#,
        r#"files("docs/adr/0002*").filter(f, f.is_read).exists(f, size(f.find_all("(?m)^#")) > 0)"#,
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
    Value::Fact(Arc::new(Fact {
        members,
        path: Some(path),
        span: Span::at(0),
        related: None,
        written: source.map(written),
        identity,
    }))
}
