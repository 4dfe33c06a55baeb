//! Any text is refused as an expression or as a message, or evaluated within the limit of steps.

use std::sync::atomic::AtomicU64;
use std::sync::{Arc, LazyLock};

use alignlint::input::Input;
use alignlint::policy::Policy;
use alignlint::rule::{Evaluator, Scope, Template, Type, Value};
use alignlint::snapshot::Snapshot;

use super::policies::world;

static WORLD: LazyLock<Input> = LazyLock::new(|| {
    let snapshot = Arc::new(Snapshot::in_memory(world()));
    let policy = Policy::load(&snapshot, None).expect("the built-in policy has no faults");
    policy.read(&snapshot, policy.rules.rules())
});

pub fn expression(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut scope = Scope::new(WORLD.kinds(), Vec::new());
    let slot = scope.declare("record", Type::Record([Arc::from("decision")].into()));
    let expression = scope.compile(text);
    let template = Template::compile(text, &mut scope);
    for mistake in [expression.as_ref().err(), template.as_ref().err()].into_iter().flatten() {
        assert!(text.get(mistake.span.range()).is_some(), "{:?} is not in the text", mistake.span);
    }
    for number in WORLD.of_kind("decision") {
        let steps = AtomicU64::new(0);
        let mut evaluator = Evaluator::new(&WORLD, jiff::civil::date(2026, 11, 20), &[], &steps);
        evaluator.bind(slot, Ok(Value::Record(WORLD.record(*number))));
        if let Ok(expression) = &expression
            && let Ok(value) = evaluator.evaluate(&expression.root)
        {
            let _ = evaluator.show(&value);
        }
        if let Ok(template) = &template {
            let _ = template.render(&mut evaluator);
        }
    }
}
