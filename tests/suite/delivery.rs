//! The program as a Git hook, as a GitHub Action and installed, with the files that Git, GitHub and package managers
//! read.

mod action;
mod hook;
mod install;
mod network;
#[path = "../../build/origin.rs"]
mod origin;

const ADA: (&str, &str) = ("governance/people/ada.yaml", "kind: person\nid: ada\nname: Ada Byron\n");
const CARL: (&str, &str) = ("governance/people/carl.yaml", "kind: person\nid: carl\nname: Carl Gauss\n");

const DECISIONS: &str = "governance/decisions.yaml";

/// A decision without mistakes, except for its owner if nobody has this name.
fn decision(owner: &str) -> String {
    format!(
        "decisions:\n  - id: D-1\n    title: Sell through partners\n    status: accepted\n    date: 2026-11-01\n    \
         owner: {owner}\n    options: [partners, own staff]\n    trade-offs: [margin]\n    context: why\n    consequences: [what]\n"
    )
}
