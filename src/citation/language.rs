//! Which files are searched for citations, and how their language writes comments.

use std::ops::Range;

use super::comments::{self, Marks};

/// How a file is written.
#[derive(Clone, Copy, Debug)]
pub enum Language {
    /// Only comments are searched.
    Code(&'static Syntax),
    /// All of it is prose.
    Prose,
}

/// The comments of a family of languages, and the names of its files.
#[derive(Debug)]
pub struct Syntax {
    marks: Marks,
    /// Extensions, and whole names of files without one; in lower case, with spaces between them.
    names: &'static str,
}

impl Language {
    /// Returns the language of a file by its name; `None` if it is not searched: an unknown language, or a file that
    /// others have written, or that tells of the past.
    pub fn of(path: &str) -> Option<Language> {
        if Language::is_skipped(path) {
            return None;
        }
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let stem = stem(&name);
        let extension = name.rsplit_once('.').map_or(&*name, |(_, extension)| extension);
        let by_name = |wanted: &str| SYNTAXES.iter().find(|syntax| is_one_of(syntax.names, wanted));
        match by_name(extension).or_else(|| by_name(stem)) {
            Some(syntax) => Some(Language::Code(syntax)),
            None => is_one_of(PROSE, extension).then_some(Language::Prose),
        }
    }

    /// Returns true for a file that others have written, or that tells of the past.
    pub fn is_skipped(path: &str) -> bool {
        let (folders, name) = path.rsplit_once('/').unwrap_or(("", path));
        let name = name.to_ascii_lowercase();
        let is_foreign =
            folders.split('/').any(|folder| is_one_of(SKIPPED_FOLDERS, &folder.to_ascii_lowercase()));
        is_foreign
            || is_one_of(SKIPPED_STEMS, stem(&name))
            || SKIPPED_ENDS.split(' ').any(|end| name.ends_with(end))
    }

    /// Returns a number that tells languages apart.
    pub fn number(self) -> u8 {
        let of = |syntax| SYNTAXES.iter().position(|other| std::ptr::eq(other, syntax));
        match self {
            Language::Code(syntax) => of(syntax).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX - 1),
            Language::Prose => u8::MAX,
        }
    }

    /// Returns the comments of a text; `None` for prose.
    pub(super) fn comments(self, text: &str) -> Option<Vec<Range<usize>>> {
        match self {
            Language::Code(syntax) => Some(comments::find(text, &syntax.marks)),
            Language::Prose => None,
        }
    }
}

fn is_one_of(names: &str, name: &str) -> bool {
    names.split(' ').any(|one| one == name)
}

fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or(name)
}

/// Folders of code that others wrote, of output, and of test data.
const SKIPPED_FOLDERS: &str = "node_modules bower_components vendor vendored third_party third-party thirdparty external \
    testdata test-data fixtures __fixtures__ __snapshots__ snapshots golden dist target \
    site-packages .git .venv";

/// Files that tell of the past.
const SKIPPED_STEMS: &str = "changelog changes history news releases release-notes upgrading";

/// Lock files and other output.
const SKIPPED_ENDS: &str = ".lock -lock.json -lock.yaml .lock.hcl go.sum .min.js .min.css .snap .map";

const PROSE: &str = "md markdown mdx txt rst rest mediawiki wiki adoc asciidoc";

const C_BLOCK: &[(&str, &str)] = &[("/*", "*/")];
const MARKUP: (&str, &str) = ("<!--", "-->");

static SYNTAXES: [Syntax; 13] = [
    // A single quote is a character or a lifetime.
    Syntax {
        marks: Marks { line: &["//"], block: C_BLOCK, quotes: "\"" },
        names: "rs go c h cc cpp cxx hpp hh hxx java kt kts scala sc cs swift proto zig m mm cu thrift \
            fs v sv glsl wgsl d rego cue",
    },
    Syntax {
        marks: Marks { line: &["//"], block: &[("/*", "*/"), MARKUP], quotes: "\"'`" },
        names: "js mjs cjs jsx ts mts cts tsx dart groovy gradle jenkinsfile sol jsonc json5 scss less \
            bicep vue svelte astro prisma pcss",
    },
    Syntax { marks: Marks { line: &[], block: C_BLOCK, quotes: "\"'" }, names: "css" },
    Syntax {
        marks: Marks { line: &["//", "#"], block: C_BLOCK, quotes: "\"'" },
        names: "php tf hcl nix jsonnet",
    },
    Syntax {
        marks: Marks { line: &["#"], block: &[("\"\"\"", "\"\"\""), ("'''", "'''")], quotes: "\"'" },
        names: "py pyi pyx bzl bazel star build workspace sconstruct jl ex exs",
    },
    Syntax {
        marks: Marks { line: &["#"], block: &[], quotes: "\"'" },
        names: "rb rake gemfile rakefile sh bash zsh fish yaml yml toml pl pm r cr conf cfg properties \
            dockerfile containerfile makefile mk cmake cmakelists graphql gql env gitignore \
            dockerignore gitattributes editorconfig codeowners justfile procfile tcl awk nim tpl \
            service",
    },
    Syntax { marks: Marks { line: &["#"], block: &[("<#", "#>")], quotes: "\"'" }, names: "ps1 psm1 psd1" },
    Syntax { marks: Marks { line: &["--"], block: C_BLOCK, quotes: "\"'" }, names: "sql psql ddl" },
    Syntax {
        marks: Marks { line: &["--"], block: &[("--[[", "]]")], quotes: "\"'" },
        names: "lua adb ads vhd vhdl",
    },
    Syntax {
        marks: Marks { line: &["--"], block: &[("{-", "-}")], quotes: "\"" },
        names: "hs elm purs lean",
    },
    Syntax {
        marks: Marks { line: &[";", "#"], block: &[], quotes: "\"" },
        names: "clj cljs cljc edn lisp el scm rkt asm s ini",
    },
    Syntax {
        marks: Marks { line: &[], block: &[MARKUP, ("{#", "#}")], quotes: "" },
        names: "html htm xml xhtml xsd xslt xaml csproj fsproj props targets jinja j2",
    },
    Syntax { marks: Marks { line: &["%"], block: &[], quotes: "" }, names: "tex erl hrl" },
];
