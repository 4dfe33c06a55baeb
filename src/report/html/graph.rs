//! A graph as SVG: levels from left to right, as `rust-sugiyama` lays them out.

use std::collections::HashSet;

use maud::{Markup, html};
use rust_sugiyama::configure::Config;

use super::super::terminal::clip;
use crate::view::{Graph, GraphBox};

const BOX_WIDTH: f64 = 216.0;
const BOX_HEIGHT: f64 = 78.0;
/// Between boxes of one level.
const GAP: f64 = 14.0;
/// Between levels.
const LEVEL_GAP: f64 = 56.0;
const MARGIN: f64 = 4.0;
/// Boxes without a line stand in rows of so many.
const BOXES_IN_ROW: usize = 4;
const LINE: f64 = 16.0;
/// The columns of a terminal that fit into a box.
const COLUMNS: usize = 27;
const BOLD_COLUMNS: usize = 23;

struct Layout {
    corners: Vec<(f64, f64)>,
    width: f64,
    height: f64,
}

impl Layout {
    /// Lays out the connected boxes one group below the other, and below them those without a line.
    fn of(graph: &Graph) -> Layout {
        // The boxes with lines, in the order of these.
        let mut joined: Vec<usize> = graph.lines.iter().flat_map(|(from, to)| [*from, *to]).collect();
        let mut seen = HashSet::new();
        joined.retain(|number| seen.insert(*number));
        let mut layout = Layout { corners: vec![(0.0, 0.0); graph.boxes.len()], width: 0.0, height: MARGIN };
        layout.place_joined(graph, &joined);
        let single: Vec<usize> = (0..graph.boxes.len()).filter(|number| !joined.contains(number)).collect();
        for row in single.chunks(BOXES_IN_ROW) {
            for (column, &number) in row.iter().enumerate() {
                let left = column as f64 * (BOX_WIDTH + GAP);
                layout.put(number, left, layout.height);
            }
            layout.height += BOX_HEIGHT + GAP;
        }
        layout.height += MARGIN - GAP;
        layout.width += MARGIN;
        layout
    }

    fn place_joined(&mut self, graph: &Graph, joined: &[usize]) {
        // The library lays levels out from the top to the bottom: height and width change places.
        let size = (BOX_HEIGHT, BOX_WIDTH + LEVEL_GAP - GAP);
        let vertices: Vec<(u32, _)> = (0..joined.len() as u32).map(|vertex| (vertex, size)).collect();
        let vertex_of = |number: usize| joined.iter().position(|it| *it == number).unwrap_or_default() as u32;
        let edges: Vec<(u32, u32)> =
            graph.lines.iter().map(|&(from, to)| (vertex_of(from), vertex_of(to))).collect();
        let config = Config { vertex_spacing: GAP, ..Config::default() };
        let mut groups = rust_sugiyama::from_vertices_and_edges(&vertices, &edges, &config);
        for (group, ..) in &mut groups {
            group.retain(|(vertex, _)| *vertex < joined.len());
            group.sort_unstable_by_key(|(vertex, _)| *vertex);
        }
        groups.sort_by_key(|(group, ..)| group.first().map(|(vertex, _)| *vertex));
        for (group, ..) in groups {
            let least =
                |of: fn(&(f64, f64)) -> f64| group.iter().map(|it| of(&it.1)).fold(f64::MAX, f64::min);
            let (top, left) = (least(|at| at.0), least(|at| at.1));
            let mut bottom = self.height;
            for (vertex, (y, x)) in &group {
                let corner = (x - left, self.height + y - top);
                self.put(joined[*vertex], corner.0, corner.1);
                bottom = bottom.max(corner.1);
            }
            self.height = bottom + BOX_HEIGHT + 2.0 * GAP;
        }
    }

    fn put(&mut self, number: usize, left: f64, top: f64) {
        self.corners[number] = (left + MARGIN, top);
        self.width = self.width.max(left + MARGIN + BOX_WIDTH);
    }
}

/// Draws a graph, with links from its boxes to the rows; `anchors` are their names.
pub(super) fn draw(graph: &Graph, row_title: &str, title: &str, anchors: &[String]) -> Markup {
    let layout = Layout::of(graph);
    let relations = std::iter::once(row_title).chain(graph.relations.iter().map(String::as_str));
    let (width, height) = (format!("{:.0}", layout.width), format!("{:.0}", layout.height));
    html! {
        ul .legend {
            @for (number, title) in relations.enumerate() {
                li { span .swatch.{ "r" (number) } {} (title) }
            }
            @if graph.boxes.iter().any(|one| one.has_findings) { li { span .flag { "!" } " has findings" } }
        }
        div .scroll tabindex="0" role="region" aria-label=(title) {
            svg .graph width=(width) height=(height) viewBox={ "0 0 " (width) " " (height) } role="group" aria-label=(title) {
                @for (from, to) in &graph.lines { path d=(curve(layout.corners[*from], layout.corners[*to])) {} }
                @for (one, corner) in graph.boxes.iter().zip(&layout.corners) { (draw_box(one, *corner, anchors)) }
            }
        }
        @if graph.left_out > 0 {
            p .note { (graph.left_out) " more are left out of the drawing; the table below has all." }
        }
    }
}

fn draw_box(one: &GraphBox, (left, top): (f64, f64), anchors: &[String]) -> Markup {
    let class = format!("r{}", one.relation.map_or(0, |relation| relation + 1));
    let link = one.row.and_then(|row| anchors.get(row)).map(|anchor| format!("#{anchor}"));
    let name = [&*one.id, &*one.title, &*one.owner].into_iter().filter(|part| !part.is_empty());
    let name = name.collect::<Vec<_>>().join(", ") + if one.has_findings { ", has findings" } else { "" };
    let lines = two_lines(&one.title);
    let y = |number: usize| format!("{:.0}", 20.0 + LINE * (number + 1) as f64);
    let content = html! {
        title { (name) }
        rect x="0.5" y="0.5" width=(BOX_WIDTH - 1.0) height=(BOX_HEIGHT - 1.0) rx="6" {}
        text .id x="12" y="20" { (clip(&one.id, BOLD_COLUMNS)) @if one.has_findings { tspan .flag dx="5" { "!" } } }
        @for (number, line) in lines.iter().enumerate() { text x="12" y=(y(number)) { (line) } }
        text .owner x="12" y=(y(lines.len())) { (clip(&one.owner, COLUMNS)) }
    };
    let place = format!("translate({left:.1} {top:.1})");
    html! {
        @match link {
            Some(link) => a href=(link) class=(class) transform=(place) { (content) },
            None => g class=(class) transform=(place) { (content) },
        }
    }
}

fn two_lines(title: &str) -> Vec<String> {
    let lines = textwrap::wrap(title, COLUMNS);
    let rest = lines.iter().skip(1).map(|line| &**line).collect::<Vec<_>>().join(" ");
    let first = lines.first().map(ToString::to_string);
    first.into_iter().chain([clip(&rest, COLUMNS).into_owned()]).filter(|line| !line.is_empty()).collect()
}

/// A line from the right side of a box to the left side of another.
fn curve(from: (f64, f64), to: (f64, f64)) -> String {
    let (start, end) = ((from.0 + BOX_WIDTH, from.1 + BOX_HEIGHT / 2.0), (to.0, to.1 + BOX_HEIGHT / 2.0));
    let middle = f64::midpoint(start.0, end.0);
    format!(
        "M{:.1} {:.1}C{middle:.1} {:.1} {middle:.1} {:.1} {:.1} {:.1}",
        start.0, start.1, start.1, end.1, end.0, end.1
    )
}
