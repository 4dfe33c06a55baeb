//! Decision pages as people write them: the workload that is meant by a number of pages in `docs/performance.md`.

use std::collections::BTreeMap;

use super::prose::{bullets, paragraph, sentence, title};
use super::random::Random;

const PEOPLE: usize = 200;
const TERMS: usize = 20;

/// The number of pages in a folder.
const FOLDER: usize = 500;

/// Returns so many decision pages of about 1.8 KB, each with front matter of five fields, a title and four sections, 200 people, and 20 terms
/// with two words to avoid. If `mixed`, every fifth page is in Nygard's form, every tenth decision is in a list of data, and there is a goal
/// for each hundred.
pub fn pages(count: usize, mixed: bool, seed: u64) -> BTreeMap<String, String> {
    let mut random = Random::new(seed);
    let mut files = BTreeMap::new();
    let (mut listed, mut goals) = (String::new(), String::new());
    for number in 1..=count {
        let title = format!("{} {number}", title(&mut random));
        let day = format!("2026-{:02}-{:02}", 1 + number % 10, 1 + number % 28);
        let owner = 1 + random.below(PEOPLE);
        if mixed && number % 100 == 0 {
            goals +=
                &format!("  - {{id: O-{number}, title: {title}, owner: person-{owner}, period: 2026-Q4}}\n");
        }
        if mixed && number % 10 == 0 {
            listed += &format!(
                "  - id: D-{number}\n    title: {title}\n    status: accepted\n    date: {day}\n    owner: person-{owner}\n    \
                 context: {:?}\n    options: [change it, leave it]\n    consequences: [{:?}]\n",
                sentence(&mut random),
                sentence(&mut random),
            );
            continue;
        }
        let folder = number / FOLDER;
        let slug = title.to_lowercase().replace(' ', "-");
        let text = match mixed && number % 5 == 1 {
            true => nygard(number, &title, (&day, owner), &mut random),
            false => madr(&title, &day, owner, &mut random),
        };
        files.insert(format!("docs/decisions/{folder:02}/{number:05}-{slug}.md"), text);
    }
    let lists = [
        ("decisions", listed),
        ("objectives", goals),
        (
            "people",
            (1..=PEOPLE).map(|it| format!("  - {{id: person-{it}, title: Person Number {it}}}\n")).collect(),
        ),
        ("terms", (1..=TERMS).map(term).collect()),
    ];
    for (name, text) in lists.into_iter().filter(|(_, text)| !text.is_empty()) {
        files.insert(format!("governance/{name}.yaml"), format!("{name}:\n{text}"));
    }
    files
}

fn term(number: usize) -> String {
    format!(
        "  - {{id: term-{number}, title: Fixed term {number}, definition: What it means here, avoid: [loose term {number}, vague term {number}]}}\n"
    )
}

fn madr(title: &str, day: &str, owner: usize, random: &mut Random) -> String {
    format!(
        "---\nstatus: accepted\ndate: {day}\nowner: person-{owner}\ndecision-makers: [person-{owner}]\ntags: [process]\n---\n\n# {title}\n\n\
         ## Context and Problem Statement\n\n{}\n## Considered Options\n\n{}\n## Decision Outcome\n\n{}\n\
         ## Consequences\n\n* Good, because {}\n* Bad, because {}\n{}",
        paragraph(random, 5),
        bullets(random, 3),
        paragraph(random, 5),
        sentence(random),
        sentence(random),
        bullets(random, 1),
    )
}

fn nygard(number: usize, title: &str, (day, owner): (&str, usize), random: &mut Random) -> String {
    format!(
        "# {number}. {title}\n\nDate: {day}\nOwner: person-{owner}\n\n## Status\n\nAccepted\n\n## Context\n\n{}\n## Decision\n\n{}\n## Consequences\n\n{}",
        paragraph(random, 7),
        paragraph(random, 9),
        paragraph(random, 5),
    )
}
