//! A rule that takes too much, soon.

/// The rule `house/heavy`. After its `let`s this goes on: `heavy` is a text of which fifty million steps are soon taken. Ten
/// records can all be looked at from each of them, twenty can't.
pub fn rule(kind: &str, rest: &str) -> String {
    let times = |text: &str, count| vec![text; count].join(" + ");
    let lets = [
        format!("  a: \"'{}'\"\n", "0123456789abcdef".repeat(2)),
        format!("  b: {}\n  c: {}\n  d: {}\n", times("a", 8), times("b", 8), times("c", 8)),
        format!("  e: {}\n  heavy: {}\n", times("d", 8), times("e", 4)),
    ];
    format!(
        "# Ours.\nid: house/heavy\ntitle: Ours\nseverity: error\npreset: essential\nfacet: outcome\nfor: {kind}\nlet:\n{}{rest}\
         message: \"`{{record.id}}` is not up to it\"\nwhy: It is.\n",
        lets.concat()
    )
}
