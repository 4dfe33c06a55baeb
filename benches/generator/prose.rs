//! Sentences like those of real records, as input for parsers and word searches.

use super::random::Random;

const ACTORS: &[&str] = &[
    "Sales",
    "Finance",
    "Support",
    "the platform team",
    "Operations",
    "every new customer",
    "the warehouse",
    "our largest account",
    "Legal",
    "the on-call engineer",
    "a site manager",
    "Procurement",
];
const THINGS: &[&str] = &[
    "order intake",
    "the price list",
    "the release calendar",
    "customer onboarding",
    "the data warehouse",
    "the quarterly forecast",
    "incident response",
    "the partner portal",
    "invoice matching",
    "the hiring plan",
    "stock planning",
    "the mobile application",
    "the returns process",
    "contract renewal",
    "the audit trail",
];
const VERBS: &[&str] = &["move", "split", "replace", "keep", "automate", "simplify", "measure", "hand over"];
const REASONS: &[&str] = &[
    "it removes a week of waiting from every change",
    "nobody could say who had the last word",
    "two teams had built the same thing without knowing",
    "the cost grows with each customer and the price does not",
    "the last three incidents began there",
    "half of the questions that reach support are about it",
    "it can be undone within a month if we turn out to be wrong",
];
const REMARKS: &[&str] = &[
    "The figures are in the *quarterly review*, and nobody disputed them.",
    "We looked at `config/limits.toml` and found four different values.",
    "This was raised twice before — in März and again in July — and put off both times.",
    "The change is small; what it rests on is not.",
    "A trial with **two teams** ran for six weeks.",
    "Everybody who was asked agreed, with one reservation noted below.",
    "What it costs is known to within ten per cent.",
];

/// A thing to decide on, such as `order intake`.
pub fn thing(random: &mut Random) -> &'static str {
    random.one_of(THINGS)
}

/// A title such as `Split order intake`.
pub fn title(random: &mut Random) -> String {
    capital(&format!("{} {}", random.one_of(VERBS), thing(random)))
}

pub fn sentence(random: &mut Random) -> String {
    let (actor, thing, other) = (random.one_of(ACTORS), thing(random), thing(random));
    let (verb, reason) = (random.one_of(VERBS), random.one_of(REASONS));
    capital(&match random.below(5) {
        0 => format!("{actor} waits for {thing} longer than for anything else."),
        1 => format!("If we {verb} {thing}, {other} has to follow within the quarter."),
        2 => format!("{actor} asked to {verb} {thing}, because {reason}."),
        3 => random.one_of(REMARKS).to_owned(),
        _ => format!("Today {thing} and {other} are handled by {actor}, although {reason}."),
    })
}

/// A paragraph, one sentence a line.
pub fn paragraph(random: &mut Random, sentences: usize) -> String {
    (0..sentences).map(|_| sentence(random) + "\n").collect()
}

/// A list with one sentence an item.
pub fn bullets(random: &mut Random, items: usize) -> String {
    (0..items).map(|_| format!("* {}\n", sentence(random))).collect()
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
