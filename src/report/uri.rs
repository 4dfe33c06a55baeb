//! Converts paths to URIs.

use std::fmt::Write as _;
use std::path::Path;

/// Returns a relative URI: everything but letters, digits and `-._~/` is percent-encoded (RFC 3986).
pub(super) fn relative(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(byte.into());
            }
            _ => {
                // Writing to a `String` cannot fail.
                let _ = write!(uri, "%{byte:02X}");
            }
        }
    }
    uri
}

/// Returns the `file:` URI of a folder, with a trailing `/`; `None` if the path is not absolute or not UTF-8.
pub fn folder(path: &Path) -> Option<String> {
    let path = path.to_str().filter(|_| path.is_absolute())?;
    let path = if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() };
    let path = path.trim_matches('/');
    let encoded = relative(path);
    let encoded = if path.get(1..2) == Some(":") { encoded.replacen("%3A", ":", 1) } else { encoded };
    Some(if encoded.is_empty() { "file:///".into() } else { format!("file:///{encoded}/") })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_are_encoded() {
        assert_eq!(relative("okrs/2026 é#1?/100%:a.yaml"), "okrs/2026%20%C3%A9%231%3F/100%25%3Aa.yaml");
        assert_eq!(relative("docs/adr/0001-use_git~.md"), "docs/adr/0001-use_git~.md");
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_on_disk_has_a_uri() {
        assert_eq!(folder(Path::new("/home/ada/my repo")).as_deref(), Some("file:///home/ada/my%20repo/"));
        assert_eq!(folder(Path::new("/")).as_deref(), Some("file:///"));
        assert_eq!(folder(Path::new("relative")), None);
    }
}
