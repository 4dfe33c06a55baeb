//! All limits of what is read. A file from a stranger can't exhaust the machine: each costs at most 5 seconds and 1 GiB.
//!
//! Limits count bytes, values and steps, never time, so that a result is the same on every machine. Past a limit of a
//! file, its records are dropped, a problem marks the place where the limit was reached, and everything else is checked.
//! A file of the policy past a limit is a fault, as any other broken one. `docs/limits.md` is written from [`ALL`].
//!
//! Limits of reports and of caches are not here: they follow from who reads them.

/// Bytes of a file. All offsets fit into 32 bits; the largest file takes a fraction of a second to read.
pub const FILE_BYTES: usize = 64 << 20;

/// Bytes of a configuration, rule, kind or profile.
pub const POLICY_FILE_BYTES: usize = 1 << 20;

/// Values of a file.
pub const VALUES: usize = 1_000_000;

/// Values that aliases, merge keys and the fields above a list of records add to a file.
pub const ADDED_VALUES: usize = 100_000;

/// Bytes of text that they add.
pub const ADDED_BYTES: usize = 16 << 20;

/// Values of a file below its anchors; nested anchors count each time.
pub const ANCHORED_VALUES: usize = 500_000;

/// Levels of lists and mappings.
pub const DEPTH: usize = 128;

/// Levels of one value or header of TOML, each dot of a key being one. A header counts twice, as each of its keys may be
/// an array of tables: the sum stays below [`DEPTH`] and the limit of the parser.
pub const TOML_DEPTH: usize = 40;

/// Levels of lists, fields and quotes in reStructuredText, and of lists and blocks in `AsciiDoc`.
pub const PAGE_DEPTH: usize = 64;

/// Comparisons of a line of a page with an open list or quote.
pub const BLOCK_COMPARISONS: usize = 100_000_000;

/// Records of a file.
pub const RECORDS: usize = 20_000;

/// References of a record.
pub const REFERENCES: usize = 5_000;

/// Problems of a file that don't end it, such as duplicate keys.
pub const PROBLEMS: usize = 1_000;

/// Violations of a record's schema.
pub const VIOLATIONS: usize = 1_000;

/// Violations of the schema in a file; see [`violations_of_each`].
pub const FILE_VIOLATIONS: usize = 20_000;

/// Returns the limit of violations for each of `records` records of a file.
pub fn violations_of_each(records: usize) -> usize {
    (FILE_VIOLATIONS / records.max(1)).clamp(1, VIOLATIONS)
}

/// Parses of a file that verify its fixes, at most; see [`fix_attempts`].
pub const FIX_ATTEMPTS: usize = 256;

/// Bytes that are parsed to verify the fixes of a file. At least one attempt is made.
pub const FIX_BYTES: usize = 4 << 20;

/// Returns the limit of parses to verify the fixes of a file of that many bytes.
pub fn fix_attempts(bytes: usize) -> usize {
    (FIX_BYTES / bytes.max(1)).clamp(1, FIX_ATTEMPTS)
}

/// Visits of values in the evaluation of a schema, for each value of the record.
pub const VISITS_PER_VALUE: usize = 500;

/// Subschemas of a kind that apply to one value, through `allOf`, `anyOf`, `oneOf`, `not`, `if` and `$ref`, with their
/// fields and required fields.
pub const SUBSCHEMAS: usize = 2_000;

/// Values in the `enum` of a kind.
pub const ENUM_VALUES: usize = 2_000;

/// Fields of a kind, with those of the mappings in it.
pub const FIELDS: usize = 10_000;

/// Levels of mappings in a kind whose fields have a type.
pub const FIELD_DEPTH: usize = 8;

/// Lines of `Key: value` at the start of a page.
pub const HEADER_LINES: usize = 10_000;

/// Ignore comments of a file.
pub const IGNORES: usize = 10_000;

/// Uses of terms in a page.
pub const TERMS: usize = 5_000;

/// Bytes of a file that is searched for citations of records.
pub const CITING_FILE_BYTES: usize = 4 << 20;

/// Citations of a file.
pub const CITATIONS: usize = 1_000;

/// Exports of other repositories that a configuration names.
pub const EXPORTS: usize = 1_000;

/// Globs of a configuration.
pub const GLOBS: usize = 10_000;

/// Bytes of a glob.
pub const GLOB_BYTES: usize = 1_024;

/// Bytes of a compiled regular expression.
pub const REGEX_BYTES: usize = 1 << 20;

/// Bytes of an expression in a rule.
pub const EXPRESSION_BYTES: usize = 2_048;

/// Levels of operators and brackets in an expression.
pub const EXPRESSION_DEPTH: usize = 200;

/// Levels of loops in an expression.
pub const LOOP_DEPTH: usize = 3;

/// Computed fields that read each other, one below the other.
pub const COMPUTED_DEPTH: usize = 32;

/// Bytes of a message or help in a rule.
pub const TEMPLATE_BYTES: usize = 8_192;

/// Steps that one rule may take in one run: one for each evaluated part of an expression, for each element that a
/// builtin visits, and for every 16 bytes of text.
pub const STEPS: u64 = 50_000_000;

/// Steps that one rule may take for each file and each record, where that is more than [`STEPS`]: a rule whose steps grow in
/// proportion to the repository judges one of any size.
pub const STEPS_OF_EACH: u64 = 1_000;

/// How many times the steps of a rule a section of a view may take, which shows each record in many columns.
pub const STEPS_OF_VIEW: u64 = 10;

/// Returns the steps that one rule may take over so many files and records.
pub fn steps(files: usize, records: usize) -> u64 {
    STEPS.max((files + records) as u64 * STEPS_OF_EACH)
}

/// Levels of a chain of managers or of references.
pub const CHAIN: usize = 100;

/// Files of a commit. A small repository can contain a tree that holds itself many times.
pub const TREE_ENTRIES: usize = 5_000_000;

/// Levels of folders in which the history is followed.
pub const TREE_DEPTH: usize = 128;

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

/// What happens past a limit.
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

const fn limit(
    subject: &'static str,
    value: usize,
    unit: Unit,
    past: Consequence,
    reason: &'static str,
) -> Limit {
    Limit { subject, value, unit, reason, past }
}

/// The limits in the order of the documentation.
pub const ALL: &[Limit] = &[
    limit(
        "a file",
        FILE_BYTES,
        Bytes,
        FileDropped,
        "offsets fit into 32 bits, and a file fits into memory many times",
    ),
    limit(
        "the values of a file: scalars, keys, lists and mappings; in TOML the words, and in a page the line ends and marks",
        VALUES,
        Count,
        FileDropped,
        "a parsed value takes about 100 bytes, ten times as many as in the file",
    ),
    limit("levels of lists and mappings", DEPTH, Count, FileDropped, "trees are walked by recursion"),
    limit("levels in a header or value of TOML", TOML_DEPTH, Count, FileDropped, "a header counts twice"),
    limit(
        "comparisons of lines with open lists and quotes in a page",
        BLOCK_COMPARISONS,
        Count,
        FileDropped,
        "the time for deep nesting is quadratic",
    ),
    limit(
        "levels of lists, fields and quotes in reStructuredText, and of lists and blocks in AsciiDoc",
        PAGE_DEPTH,
        Count,
        FileDropped,
        "each level reads its lines again",
    ),
    limit(
        "values that aliases, merge keys and shared fields add to a file",
        ADDED_VALUES,
        Count,
        FileDropped,
        "a few bytes can stand for any number of values",
    ),
    limit(
        "text that aliases, merge keys and shared fields add to a file",
        ADDED_BYTES,
        Bytes,
        FileDropped,
        "aliases share their text, but each record has an identifier and a title of its own",
    ),
    limit(
        "values below anchors, nested ones each time",
        ANCHORED_VALUES,
        Count,
        FileDropped,
        "an anchored value is kept for its aliases",
    ),
    limit(
        "records of a file",
        RECORDS,
        Count,
        FileDropped,
        "a record takes 2 bytes in a file (`{}`) and some KiB in memory",
    ),
    limit("references of a record", REFERENCES, Count, FileDropped, "each is compared with the others"),
    limit(
        "ignore comments of a file",
        IGNORES,
        Count,
        FileDropped,
        "each is looked up in all findings of the file",
    ),
    limit("problems of a file, such as duplicate keys", PROBLEMS, Count, FileDropped, "nobody reads more"),
    limit("violations of the schema in a record", VIOLATIONS, Count, RestNotListed, "nobody reads more"),
    limit(
        "violations of the schema in a file; divided by the number of its records",
        FILE_VIOLATIONS,
        Count,
        RestNotListed,
        "nobody reads more",
    ),
    limit(
        "visits of values by a schema, for each value of the record",
        VISITS_PER_VALUE,
        Count,
        RestNotListed,
        "schemas can multiply the work at each level",
    ),
    limit("header lines of a page (`Key: value`)", HEADER_LINES, Count, Ignored, "a header has a dozen"),
    limit(
        "uses of terms in a page; uses of words to avoid are counted by themselves",
        TERMS,
        Count,
        Ignored,
        "nobody reads more",
    ),
    limit(
        "a file that is searched for citations of records",
        CITING_FILE_BYTES,
        Bytes,
        Ignored,
        "nobody writes a longer one by hand",
    ),
    limit("citations of records in a file", CITATIONS, Count, Ignored, "a file has a handful"),
    limit(
        "parses of a file to verify its fixes",
        FIX_ATTEMPTS,
        Count,
        Ignored,
        "each failing fix takes some",
    ),
    limit("bytes parsed to verify the fixes of a file", FIX_BYTES, Bytes, Ignored, "some tenths of a second"),
    limit(
        "a configuration, rule, kind or profile",
        POLICY_FILE_BYTES,
        Bytes,
        PolicyRefused,
        "the largest built-in one has 10 KiB",
    ),
    limit(
        "exports of other repositories that a configuration names",
        EXPORTS,
        Count,
        PolicyRefused,
        "each is read as a whole",
    ),
    limit("globs in a configuration", GLOBS, Count, PolicyRefused, "a compiled glob takes about 20 KiB"),
    limit("a glob", GLOB_BYTES, Bytes, PolicyRefused, "braces are matched by recursion"),
    limit(
        "a compiled regular expression",
        REGEX_BYTES,
        Bytes,
        PolicyRefused,
        "repetitions multiply: `(a{1000}){1000}`",
    ),
    limit(
        "subschemas of a kind, and their fields, that apply to one value",
        SUBSCHEMAS,
        Count,
        PolicyRefused,
        "22 levels of two equal `$ref` apply four million times",
    ),
    limit("values of an `enum`", ENUM_VALUES, Count, PolicyRefused, "each violation repeats them"),
    limit(
        "fields of a kind, with those of its mappings",
        FIELDS,
        Count,
        PolicyRefused,
        "mappings that hold themselves",
    ),
    limit("levels of typed fields in a kind", FIELD_DEPTH, Count, Ignored, "a kind can refer to itself"),
    limit("an expression", EXPRESSION_BYTES, Bytes, PolicyRefused, "the parser is slow"),
    limit(
        "levels of an expression",
        EXPRESSION_DEPTH,
        Count,
        PolicyRefused,
        "expressions are evaluated by recursion",
    ),
    limit("levels of computed fields that read each other", COMPUTED_DEPTH, Count, Ignored, "the stack"),
    limit("levels of loops in an expression", LOOP_DEPTH, Count, PolicyRefused, "each multiplies the steps"),
    limit("a message or help of a rule", TEMPLATE_BYTES, Bytes, PolicyRefused, "each finding repeats it"),
    limit("evaluation steps of a rule", STEPS as usize, Count, RunFails, "some seconds"),
    limit(
        "evaluation steps of a rule for each file and each record, where that is more",
        STEPS_OF_EACH as usize,
        Count,
        RunFails,
        "a rule takes some hundred for a record",
    ),
    limit(
        "steps of a section of a view, in those of a rule",
        STEPS_OF_VIEW as usize,
        Count,
        RunFails,
        "it shows each record in many columns",
    ),
    limit("files of a commit", TREE_ENTRIES, Count, RunFails, "a tree can hold itself many times"),
    limit(
        "levels of folders in the history",
        TREE_DEPTH,
        Count,
        Ignored,
        "folders are compared by recursion",
    ),
    limit("levels of managers and of chains of references", CHAIN, Count, Ignored, "longer ones are cycles"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_may_take_more_steps_in_a_large_repository() {
        assert_eq!(steps(20, 30), STEPS);
        assert_eq!(steps(25_000, 25_000), STEPS);
        assert_eq!(steps(100_000, 150_000), 250_000_000);
    }
}
