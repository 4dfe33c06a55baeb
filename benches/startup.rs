//! The time of a run that reads almost nothing: `cargo bench --bench startup`.

#![allow(unreachable_pub, reason = "the modules of a program are not seen from outside")]

use std::process::{Command, Stdio};
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};

/// The program in a repository with one record.
fn one_file(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let record = "kpis:\n  - {id: churn, title: Churn, definition: Customers lost, unit: \"%\", direction: down, source: Billing, owner: ada}\n";
    std::fs::write(folder.path().join("kpis.yaml"), record).expect("the record is written");
    let mut group = criterion.benchmark_group("startup");
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(5));
    for (name, arguments) in [("check one file", &["check"][..]), ("print the version", &["--version"])] {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let mut command = Command::new(env!("CARGO_BIN_EXE_alignlint"));
                command
                    .current_dir(folder.path())
                    .args(arguments)
                    .stdout(Stdio::null())
                    .stderr(Stdio::null());
                let status = command.status().expect("the program starts");
                assert_eq!(status.code(), Some(0));
            });
        });
    }
}

criterion_group!(benches, one_file);
criterion_main!(benches);
