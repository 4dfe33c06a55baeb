//! All limits of what is read. A file from a stranger can't exhaust the machine: each costs at most 5 seconds and 1 GiB.
//!
//! Limits count bytes, values and steps, never time, so that a result is the same on every machine. Past a limit of a
//! file, its records are dropped, a problem marks the place where the limit was reached, and everything else is checked.
//! A file of the policy past a limit is a fault, as any other broken one. `docs/limits.md` is written from [`ALL`].
//!
//! Limits of reports and of caches are not here: they follow from who reads them.

/// A line of the table in `docs/limits.md`.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub subject: &'static str,
    pub value: usize,
    pub unit: Unit,
    pub reason: &'static str,
    pub past: Consequence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Bytes,
    Count,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consequence {
    /// The rest of the file is not read, and its records are dropped.
    FileDropped,
    /// What is past it is not listed, and a finding says so.
    RestNotListed,
    /// The file of the policy is refused.
    PolicyRefused,
    /// The run fails for this rule or repository.
    RunFails,
    /// Nothing is said: what is past it is of no use to anybody.
    Ignored,
}

use Consequence::{FileDropped, Ignored, PolicyRefused, RestNotListed, RunFails};
use Unit::{Bytes, Count};

/// Defines a constant for each limit, and the table of all in the order of the documentation.
macro_rules! limits {
    ($($name:ident: $type:ty = $value:expr, $unit:ident, $past:ident, $subject:literal, $reason:literal;)*) => {
        $(
            #[doc = concat!("The limit of ", $subject, ": ", $reason, ".")]
            pub const $name: $type = $value;
        )*

        pub const ALL: &[Limit] =
            &[$(Limit { subject: $subject, value: $name as usize, unit: $unit, reason: $reason, past: $past }),*];
    };
}

limits! {
    FILE_BYTES: usize = 64 << 20, Bytes, FileDropped,
        "a file", "offsets fit into 32 bits, and a file fits into memory many times";
    VALUES: usize = 1_000_000, Count, FileDropped,
        "the values of a file: scalars, keys, lists and mappings; in TOML the words, and in a page the line ends and marks",
        "a parsed value takes about 100 bytes, ten times as many as in the file";
    DEPTH: usize = 128, Count, FileDropped,
        "levels of lists and mappings", "trees are walked by recursion";
    TOML_DEPTH: usize = 40, Count, FileDropped,
        "levels in a header or value of TOML", "a header counts twice";
    BLOCK_COMPARISONS: usize = 100_000_000, Count, FileDropped,
        "comparisons of lines with open lists and quotes in a page", "the time for deep nesting is quadratic";
    PAGE_DEPTH: usize = 64, Count, FileDropped,
        "levels of lists, fields and quotes in reStructuredText, and of lists and blocks in AsciiDoc",
        "each level reads its lines again";
    ADDED_VALUES: usize = 100_000, Count, FileDropped,
        "values that aliases, merge keys and shared fields add to a file",
        "a few bytes can stand for any number of values";
    ADDED_BYTES: usize = 16 << 20, Bytes, FileDropped,
        "text that aliases, merge keys and shared fields add to a file",
        "aliases share their text, but each record has an identifier and a title of its own";
    ANCHORED_VALUES: usize = 500_000, Count, FileDropped,
        "values below anchors, nested ones each time", "an anchored value is kept for its aliases";
    RECORDS: usize = 20_000, Count, FileDropped,
        "records of a file", "a record takes 2 bytes in a file (`{}`) and some KiB in memory";
    REFERENCES: usize = 5_000, Count, FileDropped,
        "references of a record", "each is compared with the others";
    FILE_GLOB_BYTES: usize = 256 << 10, Bytes, FileDropped,
        "globs in the records of a file", "a compiled glob takes a thousand times its size";
    IGNORES: usize = 10_000, Count, FileDropped,
        "ignore comments of a file", "each is looked up in all findings of the file";
    PROBLEMS: usize = 1_000, Count, FileDropped,
        "problems of a file, such as duplicate keys", "nobody reads more";
    VIOLATIONS: usize = 1_000, Count, RestNotListed,
        "violations of the schema in a record", "nobody reads more";
    FILE_VIOLATIONS: usize = 20_000, Count, RestNotListed,
        "violations of the schema in a file; divided by the number of its records", "nobody reads more";
    VISITS_PER_VALUE: usize = 500, Count, RestNotListed,
        "visits of values by a schema, for each value of the record",
        "schemas can multiply the work at each level";
    HEADER_LINES: usize = 10_000, Count, Ignored,
        "header lines of a page (`Key: value`)", "a header has a dozen";
    TERMS: usize = 5_000, Count, Ignored,
        "uses of terms in a page; uses of words to avoid are counted by themselves", "nobody reads more";
    IGNORE_LINES: usize = 20_000, Count, Ignored,
        "lines of a `.gitignore`", "a compiled one takes about 10 KiB; links to what later ones leave out are broken";
    CITING_FILE_BYTES: usize = 4 << 20, Bytes, Ignored,
        "a file that is searched for citations of records", "nobody writes a longer one by hand";
    CITATIONS: usize = 1_000, Count, Ignored,
        "citations of records in a file", "a file has a handful";
    FIX_ATTEMPTS: usize = 256, Count, Ignored,
        "parses of a file to verify its fixes", "each failing fix takes some";
    FIX_BYTES: usize = 4 << 20, Bytes, Ignored,
        "bytes parsed to verify the fixes of a file", "some tenths of a second";
    POLICY_FILE_BYTES: usize = 1 << 20, Bytes, PolicyRefused,
        "a configuration, rule, kind or format", "the largest built-in one has 10 KiB";
    EXPORTS: usize = 1_000, Count, PolicyRefused,
        "exports of other repositories that a configuration names", "each is read as a whole";
    GLOBS: usize = 10_000, Count, PolicyRefused,
        "globs in a configuration", "a compiled glob takes about 20 KiB";
    GLOB_BYTES: usize = 1_024, Bytes, PolicyRefused,
        "a glob", "braces are matched by recursion";
    REGEX_BYTES: usize = 1 << 20, Bytes, PolicyRefused,
        "a compiled regular expression", "repetitions multiply: `(a{1000}){1000}`";
    SUBSCHEMAS: usize = 4_000, Count, PolicyRefused,
        "subschemas of a kind, and their fields, that apply to one value",
        "22 levels of two equal `$ref` apply four million times";
    ENUM_VALUES: usize = 2_000, Count, PolicyRefused,
        "values of an `enum`", "each violation repeats them";
    FIELDS: usize = 10_000, Count, PolicyRefused,
        "fields of a kind, with those of its mappings", "mappings that hold themselves";
    FIELD_DEPTH: usize = 8, Count, Ignored,
        "levels of typed fields in a kind", "a kind can refer to itself";
    EXPRESSION_BYTES: usize = 2_048, Bytes, PolicyRefused,
        "an expression", "the parser is slow";
    EXPRESSION_DEPTH: usize = 200, Count, PolicyRefused,
        "levels of an expression", "expressions are evaluated by recursion";
    LOOP_DEPTH: usize = 3, Count, PolicyRefused,
        "levels of loops in an expression", "each multiplies the steps";
    TEMPLATE_BYTES: usize = 8_192, Bytes, PolicyRefused,
        "a message or help of a rule", "each finding repeats it";
    STEPS: u64 = 50_000_000, Count, RunFails,
        "evaluation steps of a rule", "some seconds";
    STEPS_OF_EACH: u64 = 1_000, Count, RunFails,
        "evaluation steps of a rule for each file and each record, where that is more",
        "a rule takes some hundred for a record";
    STEPS_OF_VIEW: u64 = 10, Count, RunFails,
        "steps of a section of a view, in those of a rule", "it shows each record in many columns";
    TREE_ENTRIES: usize = 5_000_000, Count, RunFails,
        "files of a commit", "a tree can hold itself many times";
    FRAME_BYTES: usize = 64 << 20, Bytes, RunFails,
        "a message to `alignlint lsp`", "it may carry one file, which has the same limit";
    TREE_DEPTH: usize = 128, Count, Ignored,
        "levels of folders in the history", "folders are compared by recursion";
    CHAIN: usize = 100, Count, Ignored,
        "levels of managers and of chains of references", "longer ones are cycles";
}

/// Returns the limit of violations for each of `records` records of a file.
pub fn violations_of_each(records: usize) -> usize {
    (FILE_VIOLATIONS / records.max(1)).clamp(1, VIOLATIONS)
}

/// Returns the limit of parses to verify the fixes of a file of that many bytes.
pub fn fix_attempts(bytes: usize) -> usize {
    (FIX_BYTES / bytes.max(1)).clamp(1, FIX_ATTEMPTS)
}

/// Returns the steps that one rule may take over so many files and records.
pub fn steps(files: usize, records: usize) -> u64 {
    STEPS.max((files + records) as u64 * STEPS_OF_EACH)
}
