//! The URIs of files, and their paths below the root of the repository.

use std::path::{Component, Path, PathBuf};
use std::str::FromStr;

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What stands in a URI as it is, besides letters and digits.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The root of the repository: as the client names it, which may be through a link, and without links.
#[derive(Debug)]
pub(super) struct Root {
    named: PathBuf,
    real: PathBuf,
}

impl Root {
    /// `opened` is the folder that the client has opened, at or below the root, and `canonical` the same without links.
    pub(super) fn new(real: &Path, opened: &Path, canonical: &Path) -> Root {
        let below = canonical.strip_prefix(real).ok();
        let levels = below.filter(|below| opened.ends_with(below)).map(|below| below.components().count());
        let named = levels.and_then(|levels| opened.ancestors().nth(levels));
        Root {
            named: named.filter(|named| named.is_absolute()).unwrap_or(real).to_owned(),
            real: real.to_owned(),
        }
    }

    /// Returns the path of a file below the root, with `/`; or why its URI is refused.
    pub(super) fn path(&self, uri: &Uri) -> Result<String, &'static str> {
        const OUTSIDE: &str = "the URI leads out of the repository";
        let path = file_path(uri).ok_or("the URI is not that of a file")?;
        let below = path.strip_prefix(&self.named).or_else(|_| path.strip_prefix(&self.real));
        let mut parts = Vec::new();
        for part in below.map_err(|_| OUTSIDE)?.components() {
            let Component::Normal(part) = part else { return Err(OUTSIDE) };
            parts.push(part.to_str().ok_or(OUTSIDE)?);
        }
        let mut at = self.real.clone();
        let is_link = |part: &&str| {
            at.push(part);
            at.is_symlink()
        };
        match parts.iter().any(is_link) {
            true => Err("the URI leads through a symbolic link"),
            false if parts.is_empty() => Err(OUTSIDE),
            false => Ok(parts.join("/")),
        }
    }

    /// Returns the URI of a path from the root.
    pub(super) fn uri(&self, path: &str) -> Option<Uri> {
        let path = self.named.join(path);
        let path = path.to_str()?.replace(std::path::MAIN_SEPARATOR, "/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        Uri::from_str(&format!("file://{slash}{}", utf8_percent_encode(&path, KEPT))).ok()
    }
}

/// Returns the path of a `file:` URI on this machine. A part `..` stays, also where it is written in per cent.
pub(super) fn file_path(uri: &Uri) -> Option<PathBuf> {
    let text = uri.as_str();
    let (scheme, rest) = text.split_once(':')?;
    let rest = rest.strip_prefix("//").filter(|_| scheme.eq_ignore_ascii_case("file"))?;
    let (host, _) = rest.split_once('/')?;
    if !(host.is_empty() || host.eq_ignore_ascii_case("localhost")) || rest.contains(['?', '#']) {
        return None;
    }
    let path = percent_decode_str(&rest[host.len()..]).decode_utf8().ok()?;
    if path.contains('\0') {
        return None;
    }
    // `/c:/folder`
    let is_drive = cfg!(windows) && path.as_bytes().get(2) == Some(&b':');
    Some(PathBuf::from(if is_drive { &path[1..] } else { &path }))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn root() -> Root {
        Root::new(Path::new("/no/such/root"), Path::new("/named/docs"), Path::new("/no/such/root/docs"))
    }

    fn path(uri: &str) -> Result<String, &'static str> {
        root().path(&Uri::from_str(uri).expect(uri))
    }

    #[test]
    fn a_uri_is_a_path_below_the_root() {
        for (uri, expected) in [
            ("file:///named/docs/a.md", "docs/a.md"),
            ("file:///no/such/root/docs/a.md", "docs/a.md"),
            ("FILE://localhost/named/docs/a%20b%C3%A9%F0%9F%93%8C%23.md", "docs/a bé📌#.md"),
            ("file:///named//docs/./a.md", "docs/a.md"),
        ] {
            assert_eq!(path(uri).as_deref(), Ok(expected), "{uri}");
        }
        for name in ["docs/a.md", "docs/a bé📌#?%20.md", "docs/[x]{y}.md"] {
            let uri = root().uri(name).expect(name);
            assert_eq!(root().path(&uri).as_deref(), Ok(name), "{}", uri.as_str());
        }
        assert_eq!(root().uri("a b.md").expect("a URI").as_str(), "file:///named/a%20b.md");
    }

    #[test]
    fn a_uri_that_leads_out_is_refused() {
        for uri in [
            "file:///etc/passwd",
            "file:///named/../etc/passwd",
            "file:///named/docs/%2e%2e/%2E%2E/x",
            "file:///named/docs/..%2F..%2Fx",
            "file:///named",
            "file:///namedx/a.md",
            "file://host/named/a.md",
            "file:named/a.md",
            "file:///named/a%00.md",
            "file:///named/a%FF.md",
            "file:///named/a.md?x",
            "file:///named/a.md#x",
            "untitled:Untitled-1",
            "git:/named/a.md",
            "http://named/a.md",
        ] {
            assert!(path(uri).is_err(), "{uri}");
        }
    }
}
