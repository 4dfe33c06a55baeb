//! Drawings of the rows of a section.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use crate::check::Drawn;
use crate::finding::Place;
use crate::input::Input;
use crate::rule::DrawingSpec;

use super::{Row, who};

/// The most boxes of a graph: more can't be read.
const MAX_BOXES: usize = 120;

/// A drawing of the rows of a section. Rows are named by their number in the section.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// How to read it, as a sentence.
    pub caption: String,
    /// What is drawn.
    pub shape: Shape,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub enum Shape {
    /// Boxes joined by lines.
    Graph(Graph),
    /// A bar for each row, between two days.
    TimeLine {
        /// What the last day of a row is.
        end: String,
        /// The rows that have a first day.
        spans: Vec<TimeSpan>,
    },
    /// A bar for each row.
    Bars {
        /// The column that says how long a bar is.
        column: usize,
        /// The rows with the lengths of their bars.
        bars: Vec<(usize, u64)>,
    },
}

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
    /// Where the record is written.
    pub place: Place,
    /// True if there are findings about it.
    pub has_findings: bool,
}

/// A row between two days.
#[derive(Clone, Copy, Debug)]
pub struct TimeSpan {
    /// The number of the row.
    pub row: usize,
    /// The first day.
    pub from: Date,
    /// The last day, if it has one.
    pub to: Option<Date>,
}

/// What a row was made from.
pub(super) struct RowSource {
    pub(super) record: Option<u32>,
    pub(super) below: Option<u32>,
    pub(super) drawn: Vec<Drawn>,
}

/// Draws the rows of a section; `None` if there is nothing to draw.
pub(super) fn draw(
    input: &Input,
    spec: &DrawingSpec,
    columns: &[super::Column],
    (rows, sources): (&[Row], &[RowSource]),
    has_findings: impl Fn(u32) -> bool,
    today: Date,
) -> Option<Drawing> {
    let (caption, shape) = match spec {
        DrawingSpec::Graph { caption, links } => {
            let mut maker = GraphMaker::new(input);
            maker.graph.relations = links.iter().map(|link| link.title.clone()).collect();
            maker.add(rows, sources, has_findings);
            (caption, Shape::Graph(Graph { left_out: maker.left_out.len(), ..maker.graph }))
        }
        DrawingSpec::TimeLine { caption, end, .. } => {
            (caption, Shape::TimeLine { end: end.clone(), spans: time_spans(sources) })
        }
        DrawingSpec::Bars { caption, column, .. } => {
            let column = columns.iter().position(|one| one.key == *column)?;
            (caption, Shape::Bars { column, bars: bars(sources, today) })
        }
    };
    let is_empty = match &shape {
        Shape::Graph(graph) => graph.lines.is_empty(),
        Shape::TimeLine { spans, .. } => spans.is_empty(),
        Shape::Bars { bars, .. } => bars.is_empty(),
    };
    (!is_empty).then(|| Drawing { caption: caption.clone(), shape })
}

fn time_spans(sources: &[RowSource]) -> Vec<TimeSpan> {
    let span = |(row, source): (usize, &RowSource)| match source.drawn[..] {
        [Drawn::Day(from), ref to, ..] => {
            let to = if let Drawn::Day(to) = to { Some(*to).filter(|to| *to >= from) } else { None };
            Some(TimeSpan { row, from, to })
        }
        _ => None,
    };
    sources.iter().enumerate().filter_map(span).collect()
}

fn bars(sources: &[RowSource], today: Date) -> Vec<(usize, u64)> {
    let length = |drawn: &Drawn| match drawn {
        Drawn::Day(day) => u64::try_from(today.duration_since(*day).as_hours() / 24).ok(),
        Drawn::Number(number) => u64::try_from(*number).ok(),
        Drawn::Records(_) | Drawn::Flag(_) | Drawn::Nothing => None,
    };
    let rows = sources.iter().enumerate();
    rows.filter_map(|(row, source)| Some((row, source.drawn.first().and_then(length)?))).collect()
}

struct GraphMaker<'a> {
    input: &'a Input,
    graph: Graph,
    /// The boxes by the numbers of their records.
    boxes: HashMap<u32, usize>,
    lines: HashSet<(usize, usize)>,
    left_out: HashSet<u32>,
}

impl<'a> GraphMaker<'a> {
    fn new(input: &'a Input) -> GraphMaker<'a> {
        GraphMaker {
            input,
            graph: Graph::default(),
            boxes: HashMap::new(),
            lines: HashSet::new(),
            left_out: HashSet::new(),
        }
    }

    fn add(&mut self, rows: &[Row], sources: &[RowSource], has_findings: impl Fn(u32) -> bool) {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&row| rows[row].depth);
        for &row in &order {
            if let Some(record) = sources[row].record {
                self.add_box(record, Some(row), None, &has_findings);
            }
        }
        for &row in &order {
            let Some(&to) = sources[row].record.and_then(|record| self.boxes.get(&record)) else { continue };
            // A row on a cycle stands at the top: it has no line to the row that it would stand below.
            let above = sources[row].below.filter(|_| rows[row].depth > 0);
            if let Some(&from) = above.and_then(|above| self.boxes.get(&above)) {
                self.graph.lines.push((from, to));
            }
        }
        for &row in &order {
            let Some(&from) = sources[row].record.and_then(|record| self.boxes.get(&record)) else {
                continue;
            };
            for (relation, drawn) in sources[row].drawn.iter().enumerate() {
                let Drawn::Records(records) = drawn else { continue };
                for &record in records {
                    self.add_link(from, record, relation, &has_findings);
                }
            }
        }
    }

    fn add_link(&mut self, from: usize, record: u32, relation: usize, has_findings: &impl Fn(u32) -> bool) {
        let to = self.add_box(record, None, Some(relation), has_findings);
        // Only rows have lines to other boxes, so that no line leads back.
        let Some(to) = to.filter(|&to| self.graph.boxes[to].row.is_none()) else { return };
        if self.lines.insert((from, to)) {
            self.graph.lines.push((from, to));
        }
    }

    /// Returns the box of a record, made if it is new; `None` if there is no room.
    fn add_box(
        &mut self,
        record: u32,
        row: Option<usize>,
        relation: Option<usize>,
        has_findings: &impl Fn(u32) -> bool,
    ) -> Option<usize> {
        if let Some(&known) = self.boxes.get(&record) {
            return Some(known);
        }
        if self.graph.boxes.len() == MAX_BOXES {
            self.left_out.insert(record);
            return None;
        }
        let (number, record) = (record, self.input.record(record));
        let title = record.title.as_deref().unwrap_or_default();
        let owners = who::owners(self.input, record);
        self.graph.boxes.push(GraphBox {
            relation,
            row,
            id: record.id.to_string(),
            title: if *title == *record.id { String::new() } else { title.to_owned() },
            owner: owners.first().map(|owner| who::name(self.input, owner)).unwrap_or_default(),
            place: self.input.place(record, record.name_span),
            has_findings: has_findings(number),
        });
        self.boxes.insert(number, self.graph.boxes.len() - 1);
        Some(self.graph.boxes.len() - 1)
    }
}
