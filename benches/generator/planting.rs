//! Plants the defects of `defects.yaml` in records.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::Defect;
use super::draft::{Draft, Written};

/// One entry of `defects.yaml`.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Plan {
    File {
        rule: String,
        file: String,
        text: String,
        line: usize,
    },
    Records {
        rule: String,
        #[serde(flatten)]
        spoil: Spoil,
        #[serde(default)]
        others: Vec<Spoil>,
        at: String,
        #[serde(default)]
        below: usize,
    },
}

impl Plan {
    fn spoils(&self) -> Vec<&Spoil> {
        match self {
            Plan::File { .. } => Vec::new(),
            Plan::Records { spoil, others, .. } => std::iter::once(spoil).chain(others).collect(),
        }
    }
}

#[derive(Deserialize)]
pub struct Spoil {
    r#in: String,
    #[serde(default)]
    set: BTreeMap<String, String>,
    #[serde(default)]
    remove: Vec<String>,
    drop: Option<String>,
    append: Option<String>,
}

/// A defect in records that are not written yet.
struct Planted {
    rule: String,
    /// The changed records, as indices of the drafts.
    records: Vec<usize>,
    at: String,
    below: usize,
}

/// The planted defects, and the files that consist of one defect.
#[derive(Default)]
pub struct Planting {
    planted: Vec<Planted>,
    pub files: BTreeMap<String, String>,
    whole: Vec<Defect>,
}

/// The entries of `defects.yaml`.
pub fn plans() -> Vec<Plan> {
    serde_yaml::from_str(include_str!("defects.yaml")).expect("defects.yaml is read")
}

/// How many records of a kind are spoilt to plant every defect once.
pub fn spoilt(plans: &[Plan], kind: &str) -> usize {
    let kinds = plans.iter().flat_map(Plan::spoils).map(|spoil| &spoil.r#in);
    kinds.filter(|other| *other == kind).count()
}

/// Plants every defect `times` times in spare records, which are spare no longer.
///
/// # Panics
/// There are not enough spare records of a kind.
pub fn plant(plans: &[Plan], drafts: &mut [Draft], times: usize) -> Planting {
    let mut planting = Planting::default();
    for time in 1..=times {
        for plan in plans {
            planting.add(plan, drafts, time);
        }
    }
    planting
}

impl Planting {
    fn add(&mut self, plan: &Plan, drafts: &mut [Draft], time: usize) {
        match plan {
            Plan::File { rule, file, text, line } => {
                let path = file.replace("{n}", &time.to_string());
                self.files.insert(path.clone(), text.clone());
                self.whole.push(Defect { rule: rule.clone(), path, line: *line });
            }
            Plan::Records { rule, at, below, .. } => {
                let spoils = plan.spoils();
                let records: Vec<usize> =
                    spoils.iter().map(|spoil| take_spare(drafts, &spoil.r#in)).collect();
                let ids: Vec<String> = records.iter().map(|&at| drafts[at].id().to_owned()).collect();
                for (spoil, &record) in spoils.into_iter().zip(&records) {
                    spoil.apply(&mut drafts[record], &ids);
                }
                self.planted.push(Planted { rule: rule.clone(), records, at: at.clone(), below: *below });
            }
        }
    }

    /// The locations of the defects in the written records.
    pub fn places(self, written: &[Written]) -> Vec<Defect> {
        let placed = self.planted.into_iter().map(|planted| {
            let places: Vec<&Written> = planted.records.iter().map(|&record| &written[record]).collect();
            let (place, part) = match planted.at.split_once('.') {
                Some(("last", part)) => (last(&places[..2], part), part),
                Some((number, part)) => (places[number.parse::<usize>().expect("a record's number")], part),
                None => (places[0], &*planted.at),
            };
            Defect { rule: planted.rule, path: place.path.clone(), line: place.line(part) + planted.below }
        });
        let mut defects: Vec<Defect> = placed.chain(self.whole).collect();
        defects.sort();
        defects
    }
}

fn last<'w>(places: &[&'w Written], part: &str) -> &'w Written {
    places.iter().max_by_key(|place| (&place.path, place.line(part))).expect("two places")
}

fn take_spare(drafts: &mut [Draft], kind: &str) -> usize {
    let found = drafts.iter().position(|draft| draft.spare && draft.kind == kind);
    let at = found.unwrap_or_else(|| panic!("no {kind} is left to spoil"));
    drafts[at].spare = false;
    at
}

impl Spoil {
    fn apply(&self, draft: &mut Draft, ids: &[String]) {
        for (name, value) in &self.set {
            let named = |value: String, (at, id): (usize, &String)| value.replace(&format!("{{{at}}}"), id);
            draft.set(name, ids.iter().enumerate().fold(value.clone(), named));
        }
        for name in &self.remove {
            draft.remove(name);
        }
        if let Some(dropped) = &self.drop {
            draft.sections.retain(|(heading, _)| heading != dropped);
        }
        if let (Some(sentence), Some((_, text))) = (&self.append, draft.sections.last_mut()) {
            text.push_str(&format!("\n{sentence}\n"));
        }
    }
}
