//! Any text is either refused as an expression, or evaluated within the limit of steps.

use std::sync::{Arc, LazyLock};

use alignlint::kind::Kinds;
use alignlint::rule::{Scope, Type};
use proptest::prelude::*;

use super::world::World;

static WORLD: LazyLock<World> = LazyLock::new(|| {
    World::new(&[
        (
            "governance/decisions.yaml",
            "decisions:\n  - { id: D-1, title: Grow, status: accepted, owner: p1, date: 2026-01-31, tags: [a, b],\n      \
             options: [{ title: Wait, pros: [cheap] }, Go], supersedes: [D-1, D-9] }\n",
        ),
        ("governance/people.yaml", "people: [{ id: p1, title: Ada, active-until: soon }]\n"),
    ])
});

/// Tokens of expressions, and some that are not.
const PIECES: &[&str] = &[
    "record",
    "record.id",
    "record.title",
    "record.tags",
    "record.owner",
    "record.owners",
    "record.date",
    "record.options",
    "record.supersedes",
    "record.references",
    "record.violations",
    "record.live",
    ".title",
    ".?owner",
    ".orValue(",
    ".hasValue()",
    ".all(x, ",
    ".exists(x, ",
    ".exists_one(y, ",
    ".filter(x, ",
    ".map(y, ",
    "x",
    "y",
    "x.id",
    "y.record",
    "today",
    "params",
    "has(",
    "size(",
    "age(",
    "sorted(",
    "distinct(",
    "string(",
    "int(",
    "quoted(",
    "date(",
    "duration(",
    "records('decision')",
    ".cited_by('decision')",
    ".in_cycle('supersedes')",
    ".ancestors('supersedes')",
    ".flat()",
    ".join(",
    ".lower()",
    ".matches('a+')",
    ".contains(",
    ".startsWith(",
    "'2026-01-31'",
    "'1 quarter'",
    "'a'",
    "\"é\"",
    "1",
    "2.5",
    "-1",
    "9223372036854775807",
    "true",
    "false",
    "null",
    "[",
    "]",
    "[]",
    "(",
    ")",
    ",",
    "+",
    "-",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    "!",
    "?",
    ":",
    " in ",
    " ",
    "\n",
    ".",
    "@",
    "'",
    "\"",
    "\\",
    "{",
    "}",
    "💥",
    "\u{0}",
    "// ",
    "r'",
    "b'",
    "1u",
    "0x",
    "1e999",
    "`",
    "review-by",
    "__",
    "all",
    "if",
];

fn text_of_pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat())
}

/// Compiles and, if that succeeds, evaluates an expression: neither panics.
fn survives(text: &str) {
    let _ = WORLD.ask("decision", "D-1", text);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_refused_or_evaluated(text in "\\PC{0,4096}") {
        survives(&text);
    }

    #[test]
    fn any_bytes_that_are_text_are_refused_or_evaluated(bytes in prop::collection::vec(any::<u8>(), 0..4096)) {
        survives(&String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn whatever_looks_like_an_expression_is_refused_or_evaluated(text in text_of_pieces()) {
        survives(&text);
    }

    #[test]
    fn any_message_is_refused_or_rendered(text in text_of_pieces()) {
        static KINDS: LazyLock<Kinds> = LazyLock::new(|| Kinds::load(&[]).unwrap());
        let mut scope = Scope::new(&KINDS, Vec::new());
        scope.declare("record", Type::Record([Arc::from("decision")].into()));
        if let Err(mistake) = alignlint::rule::Template::compile(&format!("a {{{text}}} b"), &mut scope) {
            prop_assert!(mistake.span.end as usize <= text.len() + 6);
        }
    }
}

#[test]
fn the_deepest_expressions_fit_a_threads_stack() {
    let many = 1_000;
    let all = [
        format!("{}1", "[\")\",".repeat(many / 3)),
        format!("{}1{}", "(".repeat(50), ")".repeat(50)),
        format!("{}1", "-".repeat(many)),
        format!("{}true", "!".repeat(many)),
        vec!["1"; 199].join("+"),
        format!("{}1", "true?1:".repeat(many / 7)),
        format!("{}1{}", "true?".repeat(many / 5), ":1".repeat(many / 5)),
        format!("record{}", ".owner".repeat(199)),
        vec!["true"; 199].join("||"),
    ];
    let ask = move || all.iter().for_each(|text| survives(text));
    std::thread::Builder::new()
        .stack_size(alignlint::linter::STACK_SIZE)
        .spawn(ask)
        .expect("a thread")
        .join()
        .expect("no overflow");
}
