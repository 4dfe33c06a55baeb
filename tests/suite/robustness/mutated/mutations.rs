//! Changes of single files and of whole repositories, as people, merges, editors and attackers make them.

use super::files::{Entry, Files};
use crate::generated::generator::random::Random;

/// Changes the bytes of a file. `other` are those of another file.
type Change = fn(bytes: &mut Vec<u8>, other: &[u8], random: &mut Random);

const CHANGES: &[Change] = &[
    // Bytes.
    |bytes, _, random| {
        if let Some(at) = place(bytes, random) {
            bytes[at] ^= 1 << random.below(8);
        }
    },
    |bytes, _, random| insert(bytes, random, |random| vec![random.below(256) as u8]),
    |bytes, _, random| insert(bytes, random, |random| random.one_of(&CHARACTERS).as_bytes().to_vec()),
    |bytes, _, random| {
        let start = random.below(bytes.len() + 1);
        let end = (start + random.below(40)).min(bytes.len());
        bytes.drain(start..end);
    },
    |bytes, _, random| bytes.truncate(random.below(bytes.len() + 1)),
    |bytes, other, random| {
        let start = random.below(other.len() + 1);
        let part = other[start..(start + random.below(200)).min(other.len())].to_vec();
        insert(bytes, random, |_| part);
    },
    // Lines.
    |bytes, _, random| lines(bytes, random, |lines, at, _| drop(lines.remove(at))),
    |bytes, _, random| lines(bytes, random, |lines, at, _| lines.insert(at, lines[at].clone())),
    |bytes, _, random| {
        lines(bytes, random, |lines, at, random| {
            let to = random.below(lines.len());
            lines.swap(at, to);
        });
    },
    |bytes, _, random| {
        lines(bytes, random, |lines, at, random| {
            let line = lines.remove(at);
            lines.insert(random.below(lines.len() + 1), line);
        });
    },
    |bytes, _, random| {
        lines(bytes, random, |lines, at, random| {
            let start = *random.one_of(&[&"  ", &"\t", &"# ", &"- ", &"> ", &"## ", &"<!-- ", &"    "]);
            lines[at].splice(0..0, start.bytes());
        });
    },
    |bytes, _, random| {
        lines(bytes, random, |lines, at, _| {
            let blank = lines[at].iter().take_while(|byte| **byte == b' ').count();
            lines[at].drain(..blank.min(2));
        });
    },
    |bytes, _, random| {
        lines(bytes, random, |lines, at, random| {
            let text = random.one_of(&LINES);
            let indent = lines[at].iter().take_while(|byte| **byte == b' ').count();
            lines.insert(at, format!("{}{text}\n", " ".repeat(indent)).into());
        });
    },
    |bytes, other, random| {
        let from: Vec<&[u8]> = other.split_inclusive(|byte| *byte == b'\n').collect();
        lines(bytes, random, |lines, at, random| {
            if !from.is_empty() {
                lines.insert(at, from[random.below(from.len())].to_vec());
            }
        });
    },
    // Keys and values.
    |bytes, _, random| values(bytes, random, |_, _, random| random.one_of(&VALUES).as_bytes().to_vec()),
    |bytes, other, random| {
        let mut other = other.to_vec();
        let mut found = Vec::new();
        values(&mut other, random, |_, value, _| {
            found = value.to_vec();
            value.to_vec()
        });
        values(bytes, random, |_, _, _| found);
    },
    |bytes, _, random| {
        keys(bytes, random, |key, random| match random.below(4) {
            0 => key.to_ascii_uppercase(),
            1 => [key, b"x"].concat(),
            2 => key[..key.len().saturating_sub(1)].to_vec(),
            _ => random.one_of(&KEYS).as_bytes().to_vec(),
        });
    },
    |bytes, _, random| values(bytes, random, |key, value, _| [value, b"\n", key, b": ", value].concat()),
    |bytes, _, random| values(bytes, random, |_, value, _| [b"[", value, b"]"].concat()),
    |bytes, _, random| values(bytes, random, |_, value, _| [b"{ ", value, b" }"].concat()),
    |bytes, _, random| values(bytes, random, |_, value, _| [b"\"", value, b"\""].concat()),
    |bytes, _, random| values(bytes, random, |_, value, _| [b"&a ", value].concat()),
    // The whole file.
    |bytes, _, _| bytes.clear(),
    |bytes, _, _| drop(bytes.splice(0..0, "\u{feff}".bytes())),
    |bytes, _, _| *bytes = replaced(bytes, b"\n", b"\r\n"),
    |bytes, _, _| *bytes = replaced(bytes, b"\n", b"\r"),
    |bytes, _, _| *bytes = bytes.trim_ascii_end().to_vec(),
    |bytes, _, _| bytes.extend_from_within(..),
    |bytes, other, _| bytes.extend_from_slice(other),
    |bytes, other, _| *bytes = other.to_vec(),
    |bytes, _, random| {
        let (open, close) =
            *random.one_of(&[&("[", "]"), &("{a: ", "}"), &("> ", ""), &("- ", ""), &("(", ")")]);
        let depth = 1 << random.below(12);
        bytes.extend(format!("\nx: {}{}\n", open.repeat(depth), close.repeat(depth)).bytes());
    },
    |bytes, _, random| bytes.extend(format!("\nx: {}\n", "a ".repeat(1 << random.below(16))).bytes()),
];

const CHARACTERS: [&str; 20] = [
    "\0",
    "\u{1b}[31m",
    "\u{9b}",
    "\u{202e}",
    "\u{2028}",
    "\u{feff}",
    "\u{1f}",
    "\u{fffd}",
    "é",
    "💥",
    "\t",
    "\r",
    "\"",
    "'",
    "`",
    "{",
    "[",
    "<",
    "|",
    "\\",
];

const VALUES: [&str; 40] = [
    "",
    "null",
    "~",
    "[]",
    "{}",
    "\"\"",
    "''",
    "true",
    "no",
    "0",
    "-1",
    "1e999",
    "0x1F",
    "99999999999999999999",
    ".nan",
    "2026-02-30",
    "2026-01-31",
    "9999-12-31",
    "0000-01-01",
    "TBD",
    "<owner>",
    "{name}",
    "*",
    "*a",
    "&a",
    "!!binary aGk=",
    "|",
    ">-",
    "# gone",
    "\"\\u001b[31m\\u0007\"",
    "D-1",
    "decision/D-1",
    "../../x",
    "**",
    "a, b",
    "accepted",
    "Superseded by D-1",
    "6 months",
    "\u{202e}evil",
    "[a, [b, {c: d}]]",
];

const KEYS: [&str; 22] = [
    "id",
    "title",
    "name",
    "status",
    "state",
    "owner",
    "owners",
    "date",
    "supersedes",
    "superseded-by",
    "scope",
    "governs",
    "rule",
    "until",
    "because",
    "decisions",
    "kind",
    "$schema",
    "<<",
    "extends",
    "exclude",
    "records",
];

const LINES: [&str; 18] = [
    "# alignlint: ignore schema/* because it moves until 2027-01-31",
    "<!-- alignlint: ignore decision/* until 2027-01-31 because it moves -->",
    "# alignlint: ignore-file */*",
    "extends: [all, ./policy]",
    "exclude: ['**']",
    "records: { decision: '**/*.yaml' }",
    "rules: { decision/*: off }",
    "baseline: other.yaml",
    "<<: *a",
    "---",
    "...",
    "```",
    "status: superseded",
    "supersedes: [D-1, D-2, 7]",
    "kind: term",
    "template: true",
    "| a | b |",
    "[x](../x.md#y 'z')",
];

fn place(bytes: &[u8], random: &mut Random) -> Option<usize> {
    (!bytes.is_empty()).then(|| random.below(bytes.len()))
}

fn insert(bytes: &mut Vec<u8>, random: &mut Random, new: impl FnOnce(&mut Random) -> Vec<u8>) {
    let at = random.below(bytes.len() + 1);
    let new = new(random);
    bytes.splice(at..at, new);
}

/// Changes the lines of a file, of which one is chosen.
fn lines(
    bytes: &mut Vec<u8>,
    random: &mut Random,
    change: impl FnOnce(&mut Vec<Vec<u8>>, usize, &mut Random),
) {
    let mut lines: Vec<Vec<u8>> = bytes.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    if !lines.is_empty() {
        let at = random.below(lines.len());
        change(&mut lines, at, random);
        *bytes = lines.concat();
    }
}

/// Changes what stands behind the colon in a line.
fn values(
    bytes: &mut Vec<u8>,
    random: &mut Random,
    change: impl FnOnce(&[u8], &[u8], &mut Random) -> Vec<u8>,
) {
    let Some((start, colon)) = colon(bytes, random) else { return };
    let end = bytes[colon..]
        .iter()
        .position(|byte| matches!(byte, b'\n' | b',' | b'}'))
        .map_or(bytes.len(), |end| colon + end);
    let new =
        change(bytes[start..colon].trim_ascii(), bytes[colon + 1..end.max(colon + 1)].trim_ascii(), random);
    bytes.splice(colon + 1..end.max(colon + 1), [b" ", &new[..]].concat());
}

/// Changes what stands before the colon in a line.
fn keys(bytes: &mut Vec<u8>, random: &mut Random, change: impl FnOnce(&[u8], &mut Random) -> Vec<u8>) {
    let Some((start, colon)) = colon(bytes, random) else { return };
    let new = change(&bytes[start..colon], random);
    bytes.splice(start..colon, new);
}

/// A colon, and where the word before it starts.
fn colon(bytes: &[u8], random: &mut Random) -> Option<(usize, usize)> {
    let colons: Vec<usize> = (0..bytes.len()).filter(|at| bytes[*at] == b':').collect();
    let colon = *colons.get(place(&colons.iter().map(|_| 0).collect::<Vec<u8>>(), random)?)?;
    let word = bytes[..colon]
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'$' | b'_'));
    Some((colon - word.count(), colon))
}

fn replaced(bytes: &[u8], old: &[u8], new: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = bytes.split(|byte| [*byte] == *old).collect();
    parts.join(new)
}

type Move = fn(files: &mut Files, path: &[u8], other: &[u8], random: &mut Random);

/// Changes which files there are.
const MOVES: &[Move] = &[
    |files, path, _, _| drop(files.remove(path)),
    |files, path, _, random| move_to(files, path, renamed(path, random)),
    |files, path, _, random| {
        let entry = files[path].clone();
        files.insert(renamed(path, random), entry);
    },
    |files, path, _, random| move_to(files, path, in_folder(path, random)),
    |files, path, other, _| {
        let (one, two) = (files[path].clone(), files[other].clone());
        files.insert(path.to_vec(), two);
        files.insert(other.to_vec(), one);
    },
    |files, path, other, random| {
        let target = match random.below(5) {
            0 => other.to_vec(),
            1 => path.to_vec(),
            2 => b"/etc/passwd".to_vec(),
            3 => b"../..".to_vec(),
            _ => other.rsplit(|byte| *byte == b'/').next().unwrap_or_default().to_vec(),
        };
        files.insert(path.to_vec(), Entry::Link(target));
    },
    // A folder becomes a link.
    |files, path, _, random| {
        let Some(end) = path.iter().position(|byte| *byte == b'/') else { return };
        let folder = path[..=end].to_vec();
        let inside: Vec<Vec<u8>> = files.keys().filter(|path| path.starts_with(&folder)).cloned().collect();
        let moved = [b"moved-", &folder[..]].concat();
        for path in inside {
            move_to(files, &path, [&moved[..], &path[end + 1..]].concat());
        }
        let target: &[u8] = if random.below(2) == 0 { &moved[..end + 6] } else { b"../outside" };
        files.insert(path[..end].to_vec(), Entry::Link(target.to_vec()));
    },
];

fn move_to(files: &mut Files, path: &[u8], to: Vec<u8>) {
    if let Some(entry) = files.remove(path) {
        files.insert(to, entry);
    }
}

fn name_of(path: &[u8]) -> (&[u8], &[u8]) {
    path.split_at(path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1))
}

fn renamed(path: &[u8], random: &mut Random) -> Vec<u8> {
    let (folder, name) = name_of(path);
    let stem = name.split(|byte| *byte == b'.').next().unwrap_or_default();
    let with = |start: &[u8], end: &str| [folder, start, end.as_bytes()].concat();
    match random.below(22) {
        0 => with(stem, ".json"),
        1 => with(stem, ".toml"),
        2 => with(stem, ".md"),
        3 => with(stem, ".YML"),
        4 => with(stem, ""),
        5 => with(stem, "\n::error::x.yaml"),
        6 => with(stem, " \u{1b}[31m.yaml"),
        7 => with(stem, "\u{202e}lmay.yaml"),
        8 => with(&[stem, b"\xff\xfe"].concat(), ".yaml"),
        9 => with(stem, "\u{fffd}.yaml"),
        10 => with(b"-", "rf.yaml"),
        11 => with(b"", ".yaml"),
        12 => with(stem, "'\"`$(x).yaml"),
        13 => with(stem, "*?[a].yaml"),
        14 => with(stem, "\\..\\x.yaml"),
        15 => with(stem, "%2e%0a:1:2.yaml"),
        16 => with(b"README", ".md"),
        17 => with(b"template-", "x.yaml"),
        18 => with(b"alignlint", ".yaml"),
        19 => with(b"0007-", "x.md"),
        20 => with(stem, &format!("{}.yaml", "a".repeat(200))),
        _ => with(&stem.to_ascii_uppercase(), ".yaml"),
    }
}

fn in_folder(path: &[u8], random: &mut Random) -> Vec<u8> {
    let (_, name) = name_of(path);
    let folders = [
        "",
        "vendor/",
        "test/",
        "docs/adr/",
        "docs/decisions/",
        "governance/",
        "policy/",
        "policy/rules/own/",
        "node_modules/x/",
        ".github/",
        "ä ö/",
        "a\nb/",
        "archive/",
        "GOVERNANCE/",
    ];
    let folder = match random.below(folders.len() + 1) {
        at if at < folders.len() => folders[at].to_owned(),
        _ => "deep/".repeat(1 + random.below(200)),
    };
    [folder.as_bytes(), name].concat()
}

/// Mutates some files; returns how many.
pub fn mutate(files: &mut Files, random: &mut Random) -> usize {
    let is_policy = |path: &[u8]| path.starts_with(b"alignlint") || path.starts_with(b"policy/");
    // A broken policy ends a run, so it is broken in some rounds only.
    let may_break_policy = random.below(3) == 0;
    let chosen: Vec<Vec<u8>> =
        files.keys().filter(|path| may_break_policy || !is_policy(path)).cloned().collect();
    let share = [1, 2, 4, 8][random.below(4)];
    let mut mutated = 0;
    for path in chosen {
        if random.below(8) >= share {
            continue;
        }
        mutated += 1;
        for _ in 0..=random.below(3) {
            mutate_one(files, &path, random);
        }
    }
    mutated
}

fn mutate_one(files: &mut Files, path: &[u8], random: &mut Random) {
    let other = files.keys().nth(random.below(files.len().max(1))).cloned();
    let (Some(other), Some(entry)) = (other, files.get(path)) else { return };
    if random.below(8) == 0 {
        MOVES[random.below(MOVES.len())](files, path, &other, random);
    } else if let (Entry::File(bytes), Some(Entry::File(other))) = (entry, files.get(&other)) {
        let (mut bytes, other) = (bytes.clone(), other.clone());
        CHANGES[random.below(CHANGES.len())](&mut bytes, &other, random);
        bytes.truncate(LONGEST);
        files.insert(path.to_vec(), Entry::File(bytes));
    }
}

/// In bytes. Files that are longer have tests of their own.
const LONGEST: usize = 200_000;
