//! Reads references that are stored as reftables (`Documentation/technical/reftable.adoc` in Git). `gix` 0.90 reads none: when it does, this
//! file goes.

use std::collections::BTreeMap;
use std::path::Path;

use gix::ObjectId;
use gix::bstr::{BString, ByteSlice};
use gix::refs::{FullNameRef, Target};

use super::read_file;
use crate::finding::Fault;

#[derive(Clone, Debug, Default)]
pub struct References {
    by_name: BTreeMap<BString, Target>,
    /// The bytes of the tables and names that were read.
    bytes: usize,
}

/// Returns the references of a repository; `None` if they are stored as files.
pub(super) fn references(repository: &gix::Repository) -> Result<Option<References>, Fault> {
    // The folders of references that each worktree has for itself, as it has those in no folder, such as `HEAD`.
    const OF_WORKTREE: [&str; 3] = ["refs/bisect/", "refs/rewritten/", "refs/worktree/"];
    let storage = repository.config_snapshot().string("extensions.refStorage");
    if storage.is_none_or(|storage| !storage.eq_ignore_ascii_case(b"reftable")) {
        return Ok(None);
    }
    let (shared, own) = (repository.common_dir(), repository.git_dir());
    let read = || {
        let mut found = References::default();
        found.add_stack(shared)?;
        if own != shared {
            found.by_name.retain(|name, _| {
                name.starts_with(b"refs/") && !OF_WORKTREE.iter().any(|it| name.starts_with(it.as_bytes()))
            });
            found.add_stack(own)?;
        }
        Some(found)
    };
    // Git may replace tables after their list was read.
    (0..3).find_map(|_| read()).map(Some).ok_or_else(|| {
        Fault::new(format!("can't read the references in `{}`", shared.join("reftable").display()))
            .help("check them with `git refs verify`")
    })
}

impl References {
    /// Returns what a name leads to, in the order in which Git looks for it.
    pub fn find(&self, name: &str) -> Option<ObjectId> {
        const FOLDERS: [&str; 5] = ["", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/"];
        let in_folders = FOLDERS.iter().find_map(|folder| self.object(&format!("{folder}{name}")));
        in_folders.or_else(|| self.object(&format!("refs/remotes/{name}/HEAD")))
    }

    fn object(&self, name: &str) -> Option<ObjectId> {
        // The most references that lead to an object.
        const MOST_STEPS: usize = 5;
        let mut named = self.by_name.get(name.as_bytes().as_bstr())?;
        for _ in 0..MOST_STEPS {
            match named {
                Target::Object(id) => return Some(*id),
                Target::Symbolic(next) => named = self.by_name.get(next.as_bstr())?,
            }
        }
        None
    }

    /// Returns the reference that `HEAD` names.
    pub(super) fn head(&self) -> Option<&FullNameRef> {
        self.by_name.get("HEAD".as_bytes().as_bstr())?.try_name()
    }

    /// Returns the references in a folder, by their names in it.
    pub(super) fn within(&self, folder: &str) -> impl Iterator<Item = (String, ObjectId)> {
        let names = self.by_name.keys().filter_map(|name| name.to_str().ok());
        names.filter_map(move |name| Some((name.strip_prefix(folder)?.to_owned(), self.object(name)?)))
    }

    /// Adds the tables of a directory, the newest of which is the last.
    fn add_stack(&mut self, directory: &Path) -> Option<()> {
        let folder = directory.join("reftable");
        let read = |name: &str| read_file(&folder.join(name)).ok().flatten();
        for name in read("tables.list")?.to_str().ok()?.lines() {
            let is_name = !name.contains(['/', '\\', ':']);
            self.add_table(&is_name.then(|| read(name))??)?;
        }
        Some(())
    }

    fn count(&mut self, bytes: usize) -> Option<()> {
        // The most of them: a few bytes of a table repeat a long name.
        const MOST_BYTES: usize = 1 << 28;
        self.bytes += bytes;
        (self.bytes <= MOST_BYTES).then_some(())
    }

    /// Adds the references of a table. Their blocks come first; what follows indexes them or holds their past.
    pub fn add_table(&mut self, bytes: &[u8]) -> Option<()> {
        let (header, hash) = match (bytes.get(4)?, bytes.get(24..28)?) {
            (1, _) => (24, gix::hash::Kind::Sha1),
            (2, b"sha1") => (28, gix::hash::Kind::Sha1),
            (2, b"s256") => (28, gix::hash::Kind::Sha256),
            _ => return None,
        };
        // At the end, the header is repeated, and followed by five offsets and a checksum.
        let end = bytes
            .len()
            .checked_sub(header + 44)
            .filter(|end| bytes.starts_with(b"REFT") && *end >= header)?;
        self.count(bytes.len())?;
        let (alignment, mut start, mut content) = (number(bytes, 5)?, 0, header);
        while start + content < end && bytes[start + content] == b'r' {
            let length = number(bytes, start + content + 1)?;
            let block = bytes[..end].get(start..start.checked_add(length)?)?;
            self.add_block(block, content + 4, hash.len_in_bytes())?;
            // The first one is counted with the header. Unless the next one follows at once, zeros fill the block.
            let is_filled = length < alignment && bytes[start + length] == 0;
            start += if is_filled { alignment } else { length };
            content = 0;
        }
        Some(())
    }

    /// Adds the references of a block: each name shares its beginning with the one before it.
    fn add_block(&mut self, block: &[u8], mut at: usize, hash: usize) -> Option<()> {
        let restarts = block.get(block.len().checked_sub(2)?..)?;
        let restarts = usize::from(u16::from_be_bytes(restarts.try_into().ok()?));
        let records = block.get(..block.len().checked_sub(2 + 3 * restarts)?).filter(|it| it.len() >= at)?;
        let mut name = BString::default();
        while at < records.len() {
            let shared = varint(records, &mut at)?;
            let more = varint(records, &mut at)?;
            name.truncate(shared);
            name.extend_from_slice(take(records, &mut at, more >> 3)?);
            self.count(name.len())?;
            let _update = varint(records, &mut at)?;
            let target = match more & 7 {
                0 => {
                    self.by_name.remove(&name);
                    continue;
                }
                // The object of a tag follows the tag.
                ids @ 1..=2 => {
                    Target::Object(ObjectId::try_from(&take(records, &mut at, ids * hash)?[..hash]).ok()?)
                }
                3 => {
                    let length = varint(records, &mut at)?;
                    Target::Symbolic(take(records, &mut at, length)?.as_bstr().try_into().ok()?)
                }
                _ => return None,
            };
            self.by_name.insert(name.clone(), target);
        }
        Some(())
    }
}

/// Returns the three bytes at an offset as a number.
fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let bytes = bytes.get(at..at.checked_add(3)?)?;
    Some(bytes.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

fn take<'b>(bytes: &'b [u8], at: &mut usize, length: usize) -> Option<&'b [u8]> {
    let taken = bytes.get(*at..at.checked_add(length)?)?;
    *at += length;
    Some(taken)
}

/// Reads a number of seven bits a byte, the highest first: the other bit says that another byte follows, and then counts too.
fn varint(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0_usize;
    loop {
        let byte = *take(bytes, at, 1)?.first()?;
        value |= usize::from(byte & 0x7f);
        if byte < 0x80 {
            return Some(value);
        }
        value = value.checked_add(1)?.checked_mul(0x80)?;
    }
}
