//! The rows of a section as boxes that lines join.

use std::collections::{HashMap, HashSet};

use crate::check::FoundRow;
use crate::input::Input;
use crate::rule::SectionSpec;

use super::{Row, who};

/// The most boxes: more can't be read.
const MAX_BOXES: usize = 120;

/// Boxes, and which are joined. Lines lead from lower to higher levels and never back.
#[derive(Clone, Debug, Default)]
pub struct Graph {
    /// The rows, and the records that they are joined to.
    pub boxes: Vec<GraphBox>,
    /// Numbers of boxes.
    pub lines: Vec<(usize, usize)>,
    /// What a record can be to a row.
    pub relations: Vec<String>,
    /// How many boxes there would be more.
    pub left_out: usize,
}

/// A box of a graph.
#[derive(Clone, Debug)]
pub struct GraphBox {
    /// Which of the relations it has to rows; `None` if it is a row itself.
    pub relation: Option<usize>,
    /// The number of the row.
    pub row: Option<usize>,
    /// The record's identifier.
    pub id: String,
    /// The record's title, unless it is the identifier.
    pub title: String,
    /// Who answers for it.
    pub owner: String,
    /// True if there are findings about it.
    pub has_findings: bool,
}

/// Draws the rows of a section; `None` if no line joins any.
pub(super) fn draw(
    input: &Input,
    spec: &SectionSpec,
    (rows, sources): (&[Row], &[FoundRow]),
    with_findings: &HashSet<u32>,
) -> Option<Graph> {
    let relations = spec.links.iter().map(|link| link.title.clone()).collect();
    let graph = Graph { relations, ..Graph::default() };
    let (boxes, left_out) = (HashMap::new(), HashSet::new());
    let mut maker = GraphMaker { input, with_findings, graph, boxes, left_out };
    maker.add(rows, sources);
    let graph = Graph { left_out: maker.left_out.len(), ..maker.graph };
    (!graph.lines.is_empty()).then_some(graph)
}

struct GraphMaker<'a> {
    input: &'a Input,
    with_findings: &'a HashSet<u32>,
    graph: Graph,
    /// The boxes by the numbers of their records.
    boxes: HashMap<u32, usize>,
    left_out: HashSet<u32>,
}

impl GraphMaker<'_> {
    fn add(&mut self, rows: &[Row], sources: &[FoundRow]) {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&row| rows[row].depth);
        for &row in &order {
            if let Some(record) = sources[row].only_record() {
                self.add_box(record, Some(row), None);
            }
        }
        let mut lines = HashSet::new();
        for &row in &order {
            let source = &sources[row];
            let Some(&own) = source.only_record().and_then(|record| self.boxes.get(&record)) else {
                continue;
            };
            // A row on a cycle stands at the top: it has no line to the row that it would stand below.
            let above = source.below.filter(|_| rows[row].depth > 0);
            lines.extend(above.and_then(|above| Some((*self.boxes.get(&above)?, own))));
            for (relation, records) in source.links.iter().enumerate() {
                for &record in records {
                    let to = self.add_box(record, None, Some(relation));
                    // Only rows have lines to other boxes, so that no line leads back.
                    let to = to.filter(|&to| self.graph.boxes[to].row.is_none());
                    lines.extend(to.map(|to| (own, to)));
                }
            }
        }
        self.graph.lines = lines.into_iter().collect();
        self.graph.lines.sort_unstable();
    }

    /// Returns the box of a record, made if it is new; `None` if there is no room.
    fn add_box(&mut self, number: u32, row: Option<usize>, relation: Option<usize>) -> Option<usize> {
        if let Some(&known) = self.boxes.get(&number) {
            return Some(known);
        }
        if self.graph.boxes.len() == MAX_BOXES {
            self.left_out.insert(number);
            return None;
        }
        let record = self.input.record(number);
        let title = record.title.as_deref().filter(|title| **title != *record.id);
        let owners = self.input.owner_references(record);
        self.graph.boxes.push(GraphBox {
            relation,
            row,
            id: record.id.to_string(),
            title: title.unwrap_or_default().to_owned(),
            owner: owners.first().map(|owner| who::name(self.input, owner)).unwrap_or_default(),
            has_findings: self.with_findings.contains(&number),
        });
        self.boxes.insert(number, self.graph.boxes.len() - 1);
        Some(self.graph.boxes.len() - 1)
    }
}
