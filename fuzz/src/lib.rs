//! What the fuzz targets do with their input. Each target is a function that panics if the program does not keep a promise.
//! The tests of the program run them over the seeds.

mod caches;
mod edits;
mod expressions;
mod policies;
mod readers;
mod seeds;

pub use seeds::seeds;

/// A function that panics if something is wrong with what the program makes of these bytes.
pub type Target = fn(&[u8]);

/// The targets by name.
pub const TARGETS: [(&str, Target); 18] = [
    ("asciidoc", readers::asciidoc),
    ("baseline", policies::baseline),
    ("cache", caches::cache),
    ("config", policies::config),
    ("edit", edits::edit),
    ("expression", expressions::expression),
    ("fix", edits::fix),
    ("format", policies::format),
    ("header", edits::header),
    ("json", readers::json),
    ("kind", policies::kind),
    ("markdown", readers::markdown),
    ("mediawiki", readers::mediawiki),
    ("reftable", readers::reftable),
    ("rst", readers::rst),
    ("rule", policies::rule),
    ("toml", readers::toml),
    ("yaml", readers::yaml),
];

/// Runs a target in a pool of threads with the stack that the linter asks for.
pub fn run(target: &str, data: &[u8]) {
    static THREADS: std::sync::Once = std::sync::Once::new();
    THREADS.call_once(|| {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(2);
        let _ = threads.stack_size(alignlint::linter::STACK_SIZE).build_global();
    });
    let (_, work) = TARGETS.iter().find(|(name, _)| *name == target).expect("there is such a target");
    work(data);
}
