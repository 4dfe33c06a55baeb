//! A record before it is written, and the lines at which its parts are written.

use std::collections::BTreeMap;

/// A record before it is written. The value of a field is YAML, on one line or, for lists, on several.
#[derive(Clone)]
pub struct Draft {
    pub kind: &'static str,
    fields: Vec<(String, String)>,
    /// The heading and the text of each section of a Markdown page.
    pub sections: Vec<(String, String)>,
    /// True if no other record refers to it, so that a defect in it causes no other finding.
    pub spare: bool,
}

impl Draft {
    pub fn new(kind: &'static str, id: &str) -> Draft {
        let fields = vec![("id".to_owned(), id.to_owned())];
        Draft { kind, fields, sections: Vec::new(), spare: false }
    }

    /// Appends a field.
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Draft {
        self.set(name, value.into());
        self
    }

    pub fn with_section(mut self, heading: &str, text: String) -> Draft {
        self.sections.push((heading.to_owned(), text));
        self
    }

    pub fn set(&mut self, name: &str, value: String) {
        match self.fields.iter_mut().find(|(field, _)| field == name) {
            Some((_, old)) => *old = value,
            None => self.fields.push((name.to_owned(), value)),
        }
    }

    pub fn remove(&mut self, name: &str) {
        self.fields.retain(|(field, _)| field != name);
    }

    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
    }

    pub fn id(&self) -> &str {
        self.get("id")
    }
}

/// The location of a written draft: its file, and the lines of its fields, its section headings and its end.
#[derive(Clone, Default)]
pub struct Written {
    pub path: String,
    lines: BTreeMap<String, usize>,
}

impl Written {
    /// The line, from 1, of a field or section; `end` is the last line.
    ///
    /// # Panics
    /// The draft has no such part.
    pub fn line(&self, part: &str) -> usize {
        *self.lines.get(part).unwrap_or_else(|| panic!("{} has no `{part}`", self.path))
    }
}

/// A file that records are written into.
#[derive(Default)]
pub struct Page {
    pub text: String,
    lines: usize,
}

impl Page {
    /// Appends lines and returns the number of the first.
    pub fn put(&mut self, lines: &str) -> usize {
        let first = self.lines + 1;
        for line in lines.lines() {
            self.text.push_str(line);
            self.text.push('\n');
            self.lines += 1;
        }
        first
    }

    /// Writes a draft as an item of a list.
    pub fn put_item(&mut self, draft: &Draft, path: &str) -> Written {
        let mut written = Written { path: path.to_owned(), lines: BTreeMap::new() };
        for (at, (name, value)) in draft.fields.iter().enumerate() {
            let dash = if at == 0 { "  - " } else { "    " };
            let line = self.put(&format!("{dash}{}", entry(name, &value.replace('\n', "\n    "))));
            written.lines.insert(name.clone(), line);
        }
        written
    }

    /// Writes a draft as a Markdown page: fields as front matter, then title and sections.
    pub fn put_markdown(&mut self, draft: &Draft, path: &str) -> Written {
        let mut written = Written { path: path.to_owned(), lines: BTreeMap::new() };
        self.put(&format!("---\nkind: {}", draft.kind));
        for (name, value) in draft.fields.iter().filter(|(name, _)| name != "title") {
            written.lines.insert(name.clone(), self.put(&entry(name, value)));
        }
        self.put(&format!("---\n\n# {}", draft.get("title")));
        for (heading, text) in &draft.sections {
            self.put("\n");
            written.lines.insert(heading.clone(), self.put(&format!("## {heading}\n\n{text}")));
        }
        written.lines.insert("end".to_owned(), self.lines);
        written
    }
}

/// A key and its value; a value with several lines begins on the next line.
fn entry(name: &str, value: &str) -> String {
    let space = if value.starts_with('\n') { "" } else { " " };
    format!("{name}:{space}{value}")
}
