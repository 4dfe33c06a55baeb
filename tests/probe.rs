use alignlint::{
    kind::Kinds,
    rule::{Rule, program::Program},
    text::Source,
};
use std::sync::Arc;
#[test]
fn probe() {
    let kinds = Kinds::load(&[]).unwrap();
    let text = std::fs::read_to_string("/tmp/exprs.txt").unwrap();
    for expr in text.lines().filter(|l| !l.is_empty()) {
        let quoted = expr.replace('\\', "\\\\").replace('"', "\\\"");
        let yaml = format!(
            "id: a/b\ntitle: t\nseverity: error\npreset: essential\nfacet: record\nfor: decision\nparams:\n  max-age: {{ type: duration, default: 1 day, description: x }}\nexpect: \"{quoted}\"\nmessage: m\nwhy: w\n"
        );
        let source = Arc::new(Source::new("policy/a/b.yaml", yaml.into_bytes()));
        let rule = Rule::read(&source, "a/b").unwrap();
        match Program::compile(&rule, &kinds) {
            Ok(_) => println!("{expr}\n    OK"),
            Err(faults) => {
                for f in faults {
                    let place = f.place.clone().unwrap();
                    println!(
                        "{expr}\n    {} [{}] help: {:?}",
                        f.message,
                        place.source.slice(place.span),
                        f.help
                    )
                }
            }
        }
    }
}
