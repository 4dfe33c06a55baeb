//! Rules that hold for each group of one record. Most groups are such.

use crate::rule::language::{ComparisonOperator, Literal, TermNode, TypedExpr};

use super::lets::Stage;
use super::program::{Form, Program};
use super::slots::GROUP;

impl Program {
    /// Returns true if `expect` is true for each group of one record, whatever else it says:
    /// `size(group.records) == 1 || …`.
    pub fn passes_groups_of_one(&self) -> bool {
        let has_condition = matches!(self.when, Some((Stage::Group, _)));
        match &self.form {
            Form::Expect(expect) => !has_condition && holds_for_one(&expect.root),
            Form::Due(_) | Form::Against(_) => false,
        }
    }
}

fn holds_for_one(term: &TypedExpr) -> bool {
    match &term.node {
        // One true side is enough, even if the other has no value.
        TermNode::Or(left, right) => holds_for_one(left) || holds_for_one(right),
        TermNode::Compare(operator, size, number) => {
            let TermNode::Literal(Literal::Int(number)) = number.node else { return false };
            let holds = match operator {
                ComparisonOperator::Equal => number == 1,
                ComparisonOperator::Less => number > 1,
                ComparisonOperator::LessOrEqual => number >= 1,
                _ => false,
            };
            holds && is_size_of_group(size)
        }
        _ => false,
    }
}

fn is_size_of_group(term: &TypedExpr) -> bool {
    let TermNode::Call(function, args) = &term.node else { return false };
    let [TypedExpr { node: TermNode::Member(group, records), .. }] = args.as_slice() else { return false };
    function.name == "size" && records.name == "records" && matches!(group.node, TermNode::Variable(GROUP))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::kind::Kinds;
    use crate::rule::embedded_rules;
    use crate::rule::file::rule::Rule;
    use crate::rule::file::texts::ExpressionText;

    #[test]
    fn a_condition_that_is_true_for_one_record_is_known() {
        let kinds = Arc::new(Kinds::load(&[]).expect("the embedded kinds"));
        let rules = embedded_rules().expect("the embedded rules");
        let mut grouped = rules
            .iter()
            .filter(|rule| !rule.group_by.is_empty() && rule.expect.is_some() && rule.lets.is_empty());
        let grouped = grouped.next().expect("a rule that groups records");
        let passes = |expect: &str| {
            let rule = Rule { expect: Some(ExpressionText(expect.to_owned())), ..Rule::clone(grouped) };
            rule.program(&kinds).expect("a program").passes_groups_of_one()
        };
        for expect in
            ["size(group.records) == 1", "group.records.size() < 2", "false || size(group.records) <= 1"]
        {
            assert!(passes(expect), "{expect}");
        }
        for expect in [
            "size(group.records) == 2",
            "size(group.records) > 1",
            "false && size(group.records) == 1",
            "size(record.id) == 1",
        ] {
            assert!(!passes(expect), "{expect}");
        }
    }
}
