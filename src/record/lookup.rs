use super::identity::id_key;
use crate::syntax::markdown::percent_decoded;

/// The keys to look up a reference; empty if it leads out of the repository.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lookup {
    /// The comparison key of an identifier: see [`id_key`].
    pub key: Option<String>,
    /// The normalised path, relative to the root, without `#anchor`.
    pub path: Option<String>,
}

impl Lookup {
    pub(super) fn parse(text: &str, from: &str, prefixes: &[Box<str>]) -> Lookup {
        let text = text.trim();
        if text.contains("://") || text.starts_with("mailto:") {
            return Lookup::default();
        }
        Lookup { key: Some(id_key(text, prefixes)), path: path(text, from) }
    }
}

/// Returns the path if the text looks like one. A leading `/` is the root.
fn path(text: &str, from: &str) -> Option<String> {
    let named = &*percent_decoded(text.split('#').next().unwrap_or_default());
    let extension = named.rsplit_once('.').is_some_and(|(_, end)| EXTENSIONS.contains(&end));
    if named.is_empty() || !(named.contains('/') || extension) {
        return None;
    }
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let base = if named.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in base.split('/').chain(named.split('/')) {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

const EXTENSIONS: &[&str] =
    &["md", "markdown", "yaml", "yml", "json", "toml", "rst", "mediawiki", "adoc", "asciidoc"];

#[cfg(test)]
mod tests {
    use super::*;

    fn target(text: &str) -> Lookup {
        Lookup::parse(text, "docs/adr/0004-old.md", &[])
    }

    #[test]
    fn a_path_is_relative_to_its_file_or_to_the_root() {
        assert_eq!(target("0019-new.md#status").path.as_deref(), Some("docs/adr/0019-new.md"));
        assert_eq!(target("../rfc/./1.md").path.as_deref(), Some("docs/rfc/1.md"));
        assert_eq!(target("/keps/sig-node/24-apparmor/").path.as_deref(), Some("keps/sig-node/24-apparmor"));
        assert_eq!(target("0019-%5Bnew%5D%20one.md").path.as_deref(), Some("docs/adr/0019-[new] one.md"));
        assert_eq!(target("../../../etc/passwd.md").path, None, "it leads out of the repository");
    }

    #[test]
    fn an_identifier_is_no_path() {
        assert_eq!(target("0019"), Lookup { key: Some("19".into()), path: None });
        assert_eq!(target("v1.30").path, None);
    }

    #[test]
    fn an_address_on_the_web_leads_out() {
        assert_eq!(target("https://example.org/adr/0019.md"), Lookup::default());
    }
}
