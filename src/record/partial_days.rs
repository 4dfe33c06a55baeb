//! Days without a year in a record that is about one day: `by 6 November` in minutes of 2 November 2026.

use jiff::{ToSpan, civil::Date};

use crate::calendar::parse_unambiguous_date;
use crate::kind::{FieldType, Shape};
use crate::node::{Node, Value};

/// How long before the record's day such a day may be, in days; an earlier one is of the next year.
const MOST_DAYS_BEFORE: i64 = 60;

/// Adds the year to the days of the items in a list, as counted from the day of the record.
pub(super) fn complete(node: &mut Node, ty: &FieldType, day: Date) {
    let FieldType::List(of) = ty else { return };
    let (FieldType::Struct(shape), Value::Sequence(items)) = (&**of, &mut node.value) else { return };
    items.iter_mut().for_each(|item| complete_item(item, shape, day));
}

fn complete_item(item: &mut Node, shape: &Shape, day: Date) {
    let Value::Mapping(mapping) = &mut item.value else { return };
    for entry in mapping.entries_mut() {
        let is_day = shape.by_key(&entry.key.name).is_some_and(|field| matches!(field.ty, FieldType::Date));
        let complete = entry.value.as_text().filter(|_| is_day).and_then(|text| with_year(text, day));
        if let Some(complete) = complete {
            entry.value = Node::text(entry.value.span, complete.to_string());
        }
    }
}

/// Returns the date of a day without a year; `None` for other texts.
fn with_year(written: &str, from: Date) -> Option<Date> {
    if !written.contains(char::is_alphabetic) || parse_unambiguous_date(written).is_some() {
        return None;
    }
    let earliest = from.checked_sub(MOST_DAYS_BEFORE.days()).ok()?;
    (0..=1).find_map(|later| {
        let year = from.year().checked_add(later)?;
        let forms = [format!("{written} {year}"), format!("{written}, {year}")];
        let day = forms.iter().find_map(|form| parse_unambiguous_date(form))?;
        (day >= earliest).then_some(day)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::parse_date;

    #[test]
    fn the_year_is_that_of_the_next_such_day() {
        let on = |written, from| Some(with_year(written, parse_date(from)?)?.to_string());
        assert_eq!(on("6 November", "2026-11-02").as_deref(), Some("2026-11-06"));
        assert_eq!(on("November 6", "2026-11-09").as_deref(), Some("2026-11-06"));
        assert_eq!(on("8 Jan", "2026-12-14").as_deref(), Some("2027-01-08"));
        assert_eq!(on("6 November 2025", "2026-11-02"), None);
        assert_eq!(on("Friday", "2026-11-02"), None);
    }
}
