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
type Work = fn(&[u8]);

/// The targets by name, each with what it does with its input. The first byte of an input chooses among these.
pub const TARGETS: [(&str, &[(&str, Work)]); 5] = [
    (
        "document",
        &[
            ("yaml", readers::yaml),
            ("json", readers::json),
            ("toml", readers::toml),
            ("markdown", readers::markdown),
            ("rst", readers::rst),
            ("mediawiki", readers::mediawiki),
            ("asciidoc", readers::asciidoc),
        ],
    ),
    ("edit", &[("edit", edits::edit), ("header", edits::header)]),
    ("fix", &[("fix", edits::fix)]),
    (
        "policy",
        &[
            ("config", policies::config),
            ("rule", policies::rule),
            ("kind", policies::kind),
            ("format", policies::format),
            ("baseline", policies::baseline),
            ("expression", expressions::expression),
        ],
    ),
    ("stored", &[("cache", caches::cache), ("reftable", readers::reftable)]),
];

/// The target that does this, and the byte with which its inputs for it begin.
fn target_of(work: &str) -> (&'static str, u8) {
    let place = |works: &[(&str, Work)]| works.iter().position(|(name, _)| *name == work);
    let found = TARGETS.iter().find_map(|(target, works)| Some((*target, place(works)? as u8)));
    found.unwrap_or_else(|| panic!("no target does `{work}`"))
}

/// Runs a target.
pub fn run(target: &str, data: &[u8]) {
    let (_, works) = TARGETS.iter().find(|(name, _)| *name == target).expect("there is such a target");
    let Some((choice, input)) = data.split_first() else { return };
    perform(works[usize::from(*choice) % works.len()].0, input);
}

/// Does what is named so with an input, in a pool of threads with the stack that the linter asks for.
pub fn perform(work: &str, input: &[u8]) {
    static THREADS: std::sync::Once = std::sync::Once::new();
    THREADS.call_once(|| {
        let threads = rayon::ThreadPoolBuilder::new().num_threads(2);
        let _ = threads.stack_size(alignlint::linter::STACK_SIZE).build_global();
    });
    let mut works = TARGETS.iter().flat_map(|(_, works)| *works);
    works.find(|(name, _)| *name == work).expect("a target does this").1(input);
}
