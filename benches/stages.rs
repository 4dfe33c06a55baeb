//! The stages of a check, one after the other, over generated records: `cargo bench --bench stages`.

#![allow(unreachable_pub, reason = "the modules of a program are not seen from outside")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use alignlint::check::Check;
use alignlint::input::Input;
use alignlint::policy::Policy;
use alignlint::snapshot::Snapshot;
use alignlint::syntax::{self, Format};
use alignlint::text::Source;
use alignlint::{calendar, term};
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};

mod generator;

use generator::{AS_OF, Repository};

const RECORDS: usize = 10_000;

struct Stages {
    /// What was generated: `records` of all kinds, or `pages` as people write them.
    name: &'static str,
    /// Keeps the folder until the end.
    _folder: tempfile::TempDir,
    snapshot: Arc<Snapshot>,
    policy: Policy,
    input: Input,
    planted: usize,
}

impl Stages {
    fn new(name: &'static str, repository: &Repository) -> Stages {
        let folder = tempfile::tempdir().expect("a temporary folder");
        repository.write(folder.path()).expect("the repository is written");
        let snapshot = Snapshot::worktree(folder.path()).unwrap_or_else(|fault| panic!("{fault:?}"));
        let snapshot = Arc::new(snapshot);
        let policy = Policy::load(&snapshot, None).unwrap_or_else(|faults| panic!("{faults:?}"));
        let input = policy.read(&snapshot, policy.rules.rules());
        Stages { name, _folder: folder, snapshot, policy, input, planted: repository.defects.len() }
    }

    fn sources(&self, format: Format) -> Vec<Arc<Source>> {
        let files = self.snapshot.files().iter().filter(|file| Format::from_path(&file.path) == Some(format));
        files.map(|file| self.snapshot.read(file).expect("a file that was just written")).collect()
    }

    fn check(&self) -> usize {
        let today = calendar::parse_date(AS_OF).expect("a day");
        let check = Check { input: &self.input, config: &self.policy.config, today, diff: None };
        let outcome = check.run(self.policy.rules.rules());
        outcome.unwrap_or_else(|faults| panic!("{faults:?}")).findings.len()
    }
}

/// The throughput of the parser of each format, on one thread.
fn reading(criterion: &mut Criterion, stages: &Stages) {
    let mut group = brief(criterion, &format!("reading {}", stages.name));
    for format in [Format::Markdown, Format::Yaml] {
        let sources = stages.sources(format);
        let bytes: usize = sources.iter().map(|source| source.text().len()).sum();
        group.throughput(Throughput::Bytes(bytes as u64));
        group.bench_function(format!("{format:?}"), |bencher| {
            bencher.iter(|| {
                sources.iter().for_each(|source| drop(black_box(syntax::parse(source.clone(), format))));
            });
        });
    }
}

/// Reading and indexing all files, on all threads.
fn catalog(criterion: &mut Criterion, stages: &Stages) {
    let mut group = brief(criterion, &format!("catalog {}", stages.name));
    group.throughput(Throughput::Elements(stages.input.records().len() as u64));
    group.bench_function("all files", |bencher| {
        bencher.iter(|| stages.policy.read(&stages.snapshot, stages.policy.rules.rules()));
    });
}

/// All rules on all records, and the search for terms alone.
fn rules(criterion: &mut Criterion, stages: &Stages) {
    assert_eq!(stages.check(), stages.planted, "what is measured has to be right");
    let mut group = brief(criterion, &format!("rules {}", stages.name));
    group.throughput(Throughput::Elements(stages.input.records().len() as u64));
    group.bench_function("all rules", |bencher| bencher.iter(|| stages.check()));
    let vocabulary = term::Vocabulary::new(&stages.input);
    group.bench_function("terms", |bencher| {
        let uses = |file| vocabulary.uses(&stages.input, file).len();
        bencher.iter(|| stages.input.files().iter().map(uses).sum::<usize>());
    });
}

/// Few samples: one takes long, and the variance is small.
fn brief<'c>(
    criterion: &'c mut Criterion,
    name: &str,
) -> BenchmarkGroup<'c, criterion::measurement::WallTime> {
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).sampling_mode(SamplingMode::Flat);
    group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(8));
    group
}

fn all(criterion: &mut Criterion) {
    let pages = Repository::of_pages(RECORDS, true, 7);
    for (name, repository) in [("records", Repository::generate(RECORDS, 7)), ("pages", pages)] {
        let stages = Stages::new(name, &repository);
        reading(criterion, &stages);
        catalog(criterion, &stages);
        rules(criterion, &stages);
    }
}

criterion_group!(benches, all);
criterion_main!(benches);
