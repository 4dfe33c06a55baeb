//! References are looked up by their position: linearly in records with few references, by binary search in those
//! with many.

use alignlint::rule::EvalError;

use super::world::{Plain, World};

const OTHERS: &str = "\
assumptions:
  - { id: churn, statement: They stay. }
  - { id: A-1, statement: They pay. }
  - { id: A-2, statement: They grow. }
kpis:
  - { id: churn, unit: people }
  - { id: A-1, unit: days }
people:
  - { id: ada, title: Ada Byron }
  - { id: bo, title: Bo Chen }
base: &base { owner: bo, supersedes: [D-0] }
decisions:
  - { id: D-0, title: The first }
";

/// A decision whose references are not in the order of its fields.
fn decision(id: &str, more: &str) -> String {
    format!(
        "  - id: {id}
    actions:
      - {{ what: call, owner: &who ada }}
      - {{ what: write, owner: stranger }}
      - {{ owner: bo, what: wait }}
    kpis: &both [churn, A-1, churn]
    assumptions: *both
    depends-on: [{more}]
    decision-makers: [*who, bo, *who]
    <<: *base
"
    )
}

#[test]
fn the_order_of_references_makes_no_difference() {
    let filling: Vec<String> = (0..60).rev().map(|number| format!("X-{number}")).collect();
    let decisions = [decision("few", ""), decision("many", &filling.join(", "))].concat();
    let world = World::new(&[("governance/all.yaml", &[OTHERS, &decisions].concat())]);
    let text = |text: &str| Plain::Text(text.to_owned());
    for id in ["few", "many"] {
        let ask = |expression: &str| world.ask("decision", id, expression).expect(expression);
        let list = |expression: &str, texts: &[&str]| {
            assert_eq!(ask(expression), Ok(Plain::List(texts.iter().map(|one| text(one)).collect())), "{id}");
        };
        list("record.kpis.map(one, one.unit)", &["people", "days", "people"]);
        list("record.assumptions.map(one, one.statement)", &["They stay.", "They pay.", "They stay."]);
        list("record.decision_makers.map(one, one.title)", &["Ada Byron", "Bo Chen", "Ada Byron"]);
        list("record.supersedes.map(one, one.title)", &["The first"]);
        assert_eq!(ask("record.actions[0].owner.title"), Ok(text("Ada Byron")), "{id}");
        assert_eq!(ask("record.actions[1].owner.title"), Err(EvalError::Indeterminate), "{id}");
        assert_eq!(ask("record.actions[2].owner.title"), Ok(text("Bo Chen")), "{id}");
        assert_eq!(ask("record.owner.title"), Ok(text("Bo Chen")), "{id}");
    }
}
