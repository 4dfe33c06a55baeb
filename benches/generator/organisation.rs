//! The records of an invented organisation, without contradictions.

use super::draft::Draft;
use super::prose::{bullets, paragraph, sentence, thing, title};
use super::random::Random;

/// The number of records of each kind.
#[derive(Clone, Copy)]
struct Counts {
    decisions: usize,
    assumptions: usize,
    objectives: usize,
    kpis: usize,
    people: usize,
    teams: usize,
    terms: usize,
    exceptions: usize,
}

impl Counts {
    /// So many decisions, and a plausible number of everything else, but enough of each kind to spoil `spoilt` of it.
    fn of(records: usize, spoilt: impl Fn(&str) -> usize) -> Counts {
        let count = |kind, plausible: usize| plausible.max(with_spare(spoilt(kind)));
        Counts {
            decisions: count("decision", records),
            assumptions: count("assumption", (records / 8).max(60)),
            objectives: count("objective", (records / 10).max(50)),
            kpis: count("kpi", (records / 16).max(40)),
            people: count("person", (records / 5).max(60)),
            teams: count("team", (records / 160).max(4)),
            terms: count("term", (records / 500).max(20)),
            exceptions: count("exception", (records / 20).max(30)),
        }
    }
}

/// All records, grouped by kind. Of each kind, `spoilt` are spare at least.
pub fn records(decisions: usize, spoilt: impl Fn(&str) -> usize, random: &mut Random) -> Vec<Draft> {
    let organisation = Organisation { counts: Counts::of(decisions, spoilt) };
    let Counts { decisions, assumptions, objectives, kpis, people, teams, terms, exceptions } =
        organisation.counts;
    let mut drafts: Vec<Draft> = Vec::new();
    let mut add = |count: usize, draft: &mut dyn FnMut(usize) -> Draft| {
        for at in 0..count {
            let mut draft = draft(at);
            draft.spare = is_spare(at, count);
            drafts.push(draft);
        }
    };
    add(people, &mut |at| organisation.person(at));
    add(teams, &mut |at| organisation.team(at));
    add(kpis, &mut |at| organisation.kpi(at, random));
    add(terms, &mut term);
    add(assumptions, &mut |at| organisation.assumption(at, random));
    add(objectives, &mut |at| organisation.objective(at, random));
    add(decisions, &mut |at| organisation.decision(at, random));
    add(exceptions, &mut |at| organisation.exception(at));
    drafts
}

/// True for every third record of the last two thirds: the first ones are referred to by others.
fn is_spare(at: usize, count: usize) -> bool {
    at >= count / 3 && at % 3 == 2
}

/// A number of records with at least so many spare ones.
fn with_spare(spare: usize) -> usize {
    if spare == 0 { 0 } else { spare * 9 / 2 + 6 }
}

struct Organisation {
    counts: Counts,
}

fn id(prefix: &str, at: usize) -> String {
    format!("{prefix}-{:04}", at + 1)
}

/// A record that is not spare, chosen from `count` of them.
fn settled(count: usize, draw: usize) -> usize {
    let at = draw % count;
    if is_spare(at, count) { at - 1 } else { at }
}

impl Organisation {
    fn owner(&self, draw: usize) -> String {
        id("person", settled(self.counts.people, draw))
    }

    fn person(&self, at: usize) -> Draft {
        Draft::new("person", &id("person", at))
            .with("title", format!("Person Number {}", at + 1))
            .with("email", format!("person{}@example.org", at + 1))
            .with("team", id("team", settled(self.counts.teams, at)))
            .with("active-from", format!("20{:02}-04-01", 10 + at % 15))
    }

    fn team(&self, at: usize) -> Draft {
        let draft = Draft::new("team", &id("team", at))
            .with("title", format!("Team Number {}", at + 1))
            .with("lead", self.owner(at));
        if at == 0 { draft } else { draft.with("parent", id("team", settled(self.counts.teams, at / 4))) }
    }

    fn kpi(&self, at: usize, random: &mut Random) -> Draft {
        Draft::new("kpi", &id("kpi", at))
            .with("title", format!("Lead time {}", at + 1))
            .with("definition", format!("Days from order to delivery in region {}, at the median.", at + 1))
            .with("source", format!("Warehouse, table `lead_time_{}`", at + 1))
            .with("unit", "days")
            .with("direction", if at.is_multiple_of(2) { "up" } else { "down" })
            .with("target", if at.is_multiple_of(2) { "30 days" } else { "3 days" })
            .with("owner", self.owner(at))
            .with("on-miss", "\n  threshold: 12 days\n  action: Planning stops new work.\n  within: 2 weeks")
            .with("notes", format!("{:?}", sentence(random)))
    }

    fn assumption(&self, at: usize, random: &mut Random) -> Draft {
        let retired = at % 10 == 9 && !is_spare(at, self.counts.assumptions);
        Draft::new("assumption", &id("assumption", at))
            .with("title", format!("Belief {} about {}", at + 1, thing(random)))
            .with("statement", format!("{:?}", sentence(random)))
            .with("subject", format!("subject-{}", at + 1))
            .with("value", format!("{}%", 5 + random.below(90)))
            .with("owner", self.owner(at))
            .with("status", if retired { "retired" } else { "open" })
            .with("last-validated", format!("2026-10-{:02}", 1 + random.below(28)))
            .with("method", format!("{:?}", sentence(random)))
    }

    fn objective(&self, at: usize, random: &mut Random) -> Draft {
        let count = self.counts.objectives;
        let companies = (count / 20).max(2);
        let kpi = settled(self.counts.kpis, random.next() as usize);
        let (baseline, target) = if kpi.is_multiple_of(2) { (10, 20) } else { (10, 5) };
        let draft = Draft::new("objective", &id("objective", at))
            .with("title", format!("{} in area {}", title(random), at + 1))
            .with("owner", self.owner(at * 7 + 3))
            .with("period", "2026-Q4")
            .with("status", "active")
            .with(
                "key-results",
                format!(
                    "\n  - {{kpi: {}, baseline: {baseline} days, target: {target} days, updated: 2026-11-{:02}}}",
                    id("kpi", kpi),
                    1 + random.below(19)
                ),
            );
        if at < companies {
            let draft = draft.with("level", "company").with("rank", (at + 1).to_string());
            return if at == 0 { draft.with("focus", "true") } else { draft };
        }
        // One focus per team: its first objective.
        let focus = at - companies < self.counts.teams;
        draft
            .with("level", "team")
            .with("team", id("team", (at - companies) % self.counts.teams))
            .with("parent", id("objective", settled(count, random.below(at.min(count / 3)))))
            .with("focus", if focus { "true" } else { "false" })
    }

    fn decision(&self, at: usize, random: &mut Random) -> Draft {
        let count = self.counts.decisions;
        let draft = at % 12 == 7 && !is_spare(at, count);
        let draft = Draft::new("decision", &format!("{:05}", at + 1))
            // No two decisions have one title.
            .with("title", format!("{} in case {}", title(random), at + 1))
            .with("status", if draft { "draft" } else { "accepted" })
            .with(
                "date",
                format!("20{:02}-{:02}-{:02}", 20 + at % 6, 1 + random.below(12), 1 + random.below(28)),
            )
            .with("owner", self.owner(at * 5 + 1))
            .with("decision-makers", format!("[{}, {}]", self.owner(at), self.owner(at + 1)))
            .with("consulted", format!("[{}]", self.owner(at + 2)))
            .with("informed", format!("[{}]", id("team", settled(self.counts.teams, at))))
            .with("topic", format!("topic-{}", at + 1))
            .with("objectives", format!("[{}]", id("objective", settled(self.counts.objectives, at))))
            .with("kpis", format!("[{}]", id("kpi", settled(self.counts.kpis, at))))
            .with("tags", "[architecture, policy]")
            .with("review-by", format!("20{:02}-03-31", 27 + at % 3));
        self.related(draft, at, random)
            .with_section("Context and Problem Statement", paragraph(random, 4))
            .with_section("Decision Drivers", bullets(random, 3))
            .with_section("Considered Options", bullets(random, 3))
            .with_section("Trade-offs", "- The first sites wait a week longer.\n".to_owned())
            .with_section(
                "Decision Outcome",
                paragraph(random, 3)
                    + "\n### Consequences\n\n- The teams work by it from the next quarter.\n",
            )
            .with_section("More Information", paragraph(random, 2))
    }

    /// Some decisions supersede the one before, and many refer to an earlier one.
    fn related(&self, draft: Draft, at: usize, random: &mut Random) -> Draft {
        let number = |at: usize| format!("[{:05}]", at + 1);
        let replaced = |at: usize| {
            at % 30 == 18 && !is_spare(at, self.counts.decisions) && at + 1 < self.counts.decisions
        };
        if replaced(at) {
            return draft.with("superseded-by", number(at + 1)).with("status", "superseded");
        }
        if at > 0 && replaced(at - 1) {
            return draft.with("supersedes", number(at - 1));
        }
        let earlier = settled(self.counts.decisions, random.below(at + 1));
        if at.is_multiple_of(2) && earlier != at { draft.with("related", number(earlier)) } else { draft }
    }

    fn exception(&self, at: usize) -> Draft {
        Draft::new("exception", &id("exception", at))
            .with("title", format!("Exception {}", at + 1))
            .with("rule", "policy/travel")
            .with("owner", self.owner(at))
            .with("approved-by", self.owner(at + 1))
            .with("reason", "The vendor's contract runs on.")
            .with("expires", "2027-06-30")
    }
}

const TERMS: &[(&str, &str)] = &[
    ("account manager", "key accountant"),
    ("backlog", "wish pile"),
    ("carrier", "haulage firm"),
    ("churn", "walk-away rate"),
    ("consignment", "parcel bundle"),
    ("cut-off time", "closing bell"),
    ("delivery window", "drop slot"),
    ("depot", "storage shed"),
    ("dispatcher", "fleet boss"),
    ("forwarder", "freight middleman"),
    ("gross margin", "raw profit"),
    ("handover", "baton pass"),
    ("incident", "mishap event"),
    ("order line", "basket row"),
    ("pallet", "wooden tray"),
    ("proof of delivery", "drop receipt"),
    ("reorder point", "refill mark"),
    ("shipment", "sendout"),
    ("stock-out", "shelf gap"),
    ("surcharge", "price bump"),
];

fn term(at: usize) -> Draft {
    let draft = Draft::new("term", &id("term", at));
    let draft = match TERMS.get(at) {
        Some((name, avoid)) => draft.with("title", *name).with("avoid", format!("[{avoid}]")),
        None => draft.with("title", format!("notion {at}")).with("avoid", format!("[conceit {at}]")),
    };
    draft.with("definition", format!("What the handbook says in chapter {}.", at + 1))
}
