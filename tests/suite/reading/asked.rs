//! What an editor is answered, in lines: the commands of the cases that ask the language server.
//!
//! `hover FILE "text‸"` opens a file and asks at the mark. A second text takes the place of the first in the open document, which is not
//! saved, and the mark stands there. `crlf` before FILE opens the file with CRLF at the ends of lines, `utf8` with positions in UTF-8.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::kit::{Editor, Repository};

const MARK: char = '‸';

struct Asked {
    editor: Editor,
    /// The open document, and its text.
    path: String,
    text: String,
    is_utf8: bool,
}

/// Returns the answer to a command, or `None` if it is no such command.
pub fn answer(repository: &Repository, command: &str, words: &[&str]) -> Option<Vec<String>> {
    let answer: fn(&mut Asked, &Value, &[&str]) -> Vec<String> = match command {
        "hover" => Asked::hover,
        "define" => Asked::define,
        "references" => Asked::references,
        "complete" => Asked::complete,
        "actions" => Asked::actions,
        "rename-here" => Asked::rename,
        "symbols" => Asked::symbols,
        "find" => Asked::find,
        _ => return None,
    };
    let (flags, rest) = words.split_at(words.iter().take_while(|it| ["crlf", "utf8"].contains(it)).count());
    let [path, rest @ ..] = rest else { panic!("`{command}` of which file?") };
    let of_command = usize::from(["rename-here", "actions"].contains(&command));
    let (texts, arguments) = rest.split_at(rest.len().saturating_sub(of_command));
    let encodings = if flags.contains(&"utf8") { json!(["utf-8"]) } else { json!(["utf-16"]) };
    let capabilities = json!({
        "general": { "positionEncodings": encodings },
        "workspace": { "workspaceEdit": { "documentChanges": true, "resourceOperations": ["rename"] } },
    });
    let editor = Editor::with(repository, capabilities);
    let saved = if command == "find" { String::new() } else { repository.read(path) };
    let saved = if flags.contains(&"crlf") { saved.replace('\n', "\r\n") } else { saved };
    let (path, is_utf8) = ((*path).to_owned(), flags.contains(&"utf8"));
    let mut asked = Asked { editor, path, text: saved, is_utf8 };
    let texts: Vec<String> = texts.iter().map(|text| text.replace("\\n", "\n")).collect();
    let position = asked.open(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    Some(answer(&mut asked, &position, arguments))
}

impl Asked {
    /// Opens the document with its texts, and returns the position of the mark.
    fn open(&mut self, texts: &[&str]) -> Value {
        if !self.text.is_empty() {
            self.editor.open_text(&self.path, &self.text);
        }
        let marked = texts.last().map_or("", |text| text);
        let found = texts.first().map(|text| text.replace(MARK, ""));
        let start =
            found.as_ref().map_or(0, |text| self.text.find(text).unwrap_or_else(|| panic!("no `{text}`")));
        if let [old, new] = texts {
            self.text.replace_range(start..start + old.len(), &new.replace(MARK, ""));
            self.editor.set_text(&self.path, &self.text);
        }
        self.editor.settle();
        self.position(start + marked.find(MARK).unwrap_or(0))
    }

    fn position(&self, at: usize) -> Value {
        let before = &self.text[..at];
        let start = before.rfind('\n').map_or(0, |end| end + 1);
        let column = if self.is_utf8 { at - start } else { before[start..].encode_utf16().count() };
        json!({ "line": before.matches('\n').count(), "character": column })
    }

    fn offset(&self, text: &str, position: &Value) -> usize {
        let number = |key: &str| position[key].as_u64().expect("a number") as usize;
        let start: usize = text.split_inclusive('\n').take(number("line")).map(str::len).sum();
        let mut left = number("character");
        let fits = |c: char| {
            let length = if self.is_utf8 { c.len_utf8() } else { c.len_utf16() };
            left = left.checked_sub(length)?;
            Some(c.len_utf8())
        };
        start + text[start..].chars().map_while(fits).sum::<usize>()
    }

    fn ask(&mut self, method: &str, position: &Value, more: &Value) -> Value {
        let mut params =
            json!({ "textDocument": { "uri": self.editor.uri(&self.path) }, "position": position });
        params
            .as_object_mut()
            .expect("a mapping")
            .extend(more.as_object().into_iter().flatten().map(|(k, v)| (k.clone(), v.clone())));
        let response = self.editor.request(method, params);
        response
            .get("error")
            .map_or_else(|| response["result"].clone(), |error| json!({ "error": error["message"] }))
    }

    fn path_of(&self, uri: &Value) -> String {
        let uri = uri.as_str().expect("a URI");
        uri.strip_prefix(&self.editor.uri("")).unwrap_or(uri).to_owned()
    }

    fn text_of(&self, path: &str) -> String {
        if *path == self.path { self.text.clone() } else { self.editor.read(path) }
    }

    /// Shows a place as its file, its line and its text.
    fn place(&self, location: &Value) -> String {
        let path = self.path_of(&location["uri"]);
        let (text, range) = (self.text_of(&path), &location["range"]);
        let words = &text[self.offset(&text, &range["start"])..self.offset(&text, &range["end"])];
        let line = range["start"]["line"].as_u64().expect("a number") + 1;
        format!("{path}:{line} {}", words.lines().next().unwrap_or_default())
    }

    fn places(&self, result: &Value) -> Vec<String> {
        let all = result.as_array().cloned().unwrap_or_else(|| vec![result.clone()]);
        all.iter().filter(|it| !it.is_null()).map(|it| self.place(it)).collect()
    }

    fn hover(&mut self, position: &Value, _: &[&str]) -> Vec<String> {
        let result = self.ask("textDocument/hover", position, &json!({}));
        assert!(result.is_null() || result["contents"]["kind"] == "plaintext", "{result}");
        result["contents"]["value"].as_str().into_iter().flat_map(str::lines).map(str::to_owned).collect()
    }

    fn define(&mut self, position: &Value, _: &[&str]) -> Vec<String> {
        let result = self.ask("textDocument/definition", position, &json!({}));
        self.places(&result)
    }

    fn references(&mut self, position: &Value, _: &[&str]) -> Vec<String> {
        let more = json!({ "context": { "includeDeclaration": true } });
        let result = self.ask("textDocument/references", position, &more);
        self.places(&result)
    }

    fn complete(&mut self, position: &Value, _: &[&str]) -> Vec<String> {
        let result = self.ask("textDocument/completion", position, &json!({}));
        let line = |item: &Value| {
            let edit = &item["textEdit"];
            assert_eq!((&edit["newText"], &edit["range"]["end"]), (&item["label"], position), "{item}");
            let start = &edit["range"]["start"];
            assert_eq!(start["line"], position["line"]);
            let number = |value: &Value| value.as_u64().expect("a number") as usize;
            let row = self.text.lines().nth(number(&start["line"])).unwrap_or_default();
            let row: Vec<u16> = row.encode_utf16().collect();
            let (before, typed) = row[..number(&position["character"])].split_at(number(&start["character"]));
            let is_of_word = |unit: &u16| {
                u8::try_from(*unit).is_ok_and(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c))
            };
            assert!(!before.last().is_some_and(is_of_word) && typed.iter().all(is_of_word), "{item}");
            let parts =
                ["label", "detail", "documentation"].map(|key| item[key].as_str().unwrap_or_default());
            parts.join(" | ").trim_end_matches([' ', '|']).to_owned()
        };
        result["items"].as_array().into_iter().flatten().map(line).collect()
    }

    /// The titles of the actions here; or the changes of the one whose title begins as the argument does.
    fn actions(&mut self, position: &Value, arguments: &[&str]) -> Vec<String> {
        let more =
            json!({ "range": { "start": position, "end": position }, "context": { "diagnostics": [] } });
        let result = self.ask("textDocument/codeAction", position, &more);
        let title = |action: &Value| action["title"].as_str().expect("a title").to_owned();
        let preferred = |action: &Value| if action["isPreferred"] == true { "* " } else { "" };
        let all: Vec<Value> = result.as_array().cloned().unwrap_or_default();
        match all.iter().find(|action| title(action).starts_with(arguments[0])) {
            Some(action) => self.changes(&action["edit"]),
            None => all.iter().map(|action| format!("{}{}", preferred(action), title(action))).collect(),
        }
    }

    fn rename(&mut self, position: &Value, arguments: &[&str]) -> Vec<String> {
        let prepared = self.ask("textDocument/prepareRename", position, &json!({}));
        let mut lines = Vec::new();
        if let Some(id) = prepared["placeholder"].as_str() {
            let location = json!({ "uri": self.editor.uri(&self.path), "range": prepared["range"] });
            lines.push(format!("{id} at {}", self.place(&location)));
        }
        let result = self.ask("textDocument/rename", position, &json!({ "newName": arguments[0] }));
        lines.extend(result["error"].as_str().map(str::to_owned));
        lines.extend(self.changes(&result));
        lines
    }

    /// Shows the lines that differ after an edit, and the files that move.
    fn changes(&self, edit: &Value) -> Vec<String> {
        let mut shown = Vec::new();
        for change in edit["documentChanges"].as_array().into_iter().flatten() {
            if change["kind"] == "rename" {
                shown.push(format!(
                    "{} -> {}",
                    self.path_of(&change["oldUri"]),
                    self.path_of(&change["newUri"])
                ));
                continue;
            }
            let path = self.path_of(&change["textDocument"]["uri"]);
            let version = self.editor.version(&path);
            assert_eq!(change["textDocument"]["version"].as_i64(), version.map(i64::from), "{change}");
            let (before, mut edits) = (self.text_of(&path), BTreeMap::new());
            for edit in change["edits"].as_array().expect("a list") {
                let ends = ["start", "end"].map(|end| self.offset(&before, &edit["range"][end]));
                edits.insert(ends, edit["newText"].as_str().expect("a text"));
            }
            let mut after = before.clone();
            edits.iter().rev().for_each(|([start, end], new)| after.replace_range(*start..*end, new));
            let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
            shown
                .extend(old.iter().filter(|line| !new.contains(line)).map(|line| format!("{path} - {line}")));
            shown
                .extend(new.iter().filter(|line| !old.contains(line)).map(|line| format!("{path} + {line}")));
        }
        shown
    }

    fn symbols(&mut self, position: &Value, _: &[&str]) -> Vec<String> {
        let result = self.ask("textDocument/documentSymbol", position, &json!({}));
        let line = |symbol: &Value| {
            let line = symbol["selectionRange"]["start"]["line"].as_u64().expect("a number") + 1;
            format!(
                "{line} {} {}",
                symbol["detail"].as_str().unwrap_or("-"),
                symbol["name"].as_str().unwrap_or("-")
            )
        };
        result.as_array().into_iter().flatten().map(line).collect()
    }

    fn find(&mut self, _: &Value, _: &[&str]) -> Vec<String> {
        let query = self.path.clone();
        let result = self.editor.request("workspace/symbol", json!({ "query": query }))["result"].clone();
        result.as_array().into_iter().flatten().map(|it| self.place(&it["location"])).collect()
    }
}
