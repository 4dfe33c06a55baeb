//! A client of `alignlint lsp`, which runs in this process.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, PipeReader, PipeWriter, Read, Write};
use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use alignlint::calendar::parse_date;
use alignlint::linter::{Options, STACK_SIZE};
use alignlint::lsp::{Ended, serve};
use serde_json::{Value, json};

use super::{Repository, TODAY};

/// What an editor shows of a file: lines of `severity rule line:column-line:column message`, sorted.
pub type Shown = BTreeMap<String, Vec<String>>;

pub struct Editor {
    input: PipeWriter,
    output: BufReader<PipeReader>,
    server: JoinHandle<Result<Ended, String>>,
    root: PathBuf,
    requests: u32,
    versions: BTreeMap<String, i32>,
    /// The newest diagnostics of each file.
    pub diagnostics: BTreeMap<String, Vec<Value>>,
    /// Requests and notifications of the server, except for diagnostics.
    pub messages: Vec<Value>,
    pub initialized: Value,
}

/// The document whose diagnostics say that a check has ended: they come last.
const BEACON: &str = "~beacon";

impl Editor {
    /// Opens a repository in a client without any capability.
    pub fn open(repository: &Repository) -> Editor {
        Editor::with(repository, json!({}))
    }

    pub fn with(repository: &Repository, capabilities: Value) -> Editor {
        let mut editor = Editor::started(repository);
        let root = editor.uri("");
        let params =
            json!({ "processId": null, "rootUri": root.trim_end_matches('/'), "capabilities": capabilities });
        editor.initialized = editor.request("initialize", params);
        editor.notify("initialized", json!({}));
        editor.open_text(BEACON, "");
        editor.settle();
        editor
    }

    /// Starts the server and sends nothing.
    pub fn started(repository: &Repository) -> Editor {
        let ((server_input, input), (output, mut server_output)) = (pipe(), pipe());
        let options = Options { as_of: parse_date(TODAY), ..Options::default() };
        let serve = move || serve(options, BufReader::new(server_input), &mut server_output);
        let server = thread::spawn(move || {
            let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK_SIZE).num_threads(2).build();
            pool.expect("threads start").install(serve).map_err(|error| error.to_string())
        });
        Editor {
            input,
            output: BufReader::new(output),
            server,
            root: repository.path().to_owned(),
            requests: 0,
            versions: BTreeMap::new(),
            diagnostics: BTreeMap::new(),
            messages: Vec::new(),
            initialized: Value::Null,
        }
    }

    pub fn uri(&self, path: &str) -> String {
        format!("file://{}/{path}", self.root.display())
    }

    /// The text of a file on disk.
    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.root.join(path)).expect("a file")
    }

    /// The version of an open document.
    pub fn version(&self, path: &str) -> Option<i32> {
        self.versions.get(path).copied()
    }

    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.input.write_all(bytes).expect("the server reads");
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_bytes(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request and returns the response.
    #[track_caller]
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.receive().expect("a response");
            if message.get("method").is_none() && message["id"] == id {
                return message;
            }
        }
    }

    /// Takes the next message; `None` when the server has ended.
    fn receive(&mut self) -> Option<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.output.read_line(&mut line).expect("the output can be read") == 0 {
                return None;
            }
            match line.trim_end().split_once(": ") {
                Some((_, value)) => length = value.parse().expect("a length"),
                None => break,
            }
        }
        let mut text = vec![0; length];
        self.output.read_exact(&mut text).expect("a whole message");
        let message: Value = serde_json::from_slice(&text).expect("JSON");
        if message["method"] == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().expect("a URI");
            let path = uri.strip_prefix(&self.uri("")).unwrap_or(uri).to_owned();
            self.diagnostics.insert(path, params["diagnostics"].as_array().expect("a list").clone());
        } else if message.get("method").is_some() {
            self.messages.push(message.clone());
        }
        Some(message)
    }

    pub fn open_text(&mut self, path: &str, text: &str) {
        self.versions.insert(path.to_owned(), 1);
        let uri = self.uri(path);
        let document = json!({ "uri": uri, "languageId": "markdown", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the whole text of an open document.
    pub fn set_text(&mut self, path: &str, text: &str) {
        self.change(path, &[json!({ "text": text })]);
    }

    pub fn change(&mut self, path: &str, changes: &[Value]) {
        let uri = self.uri(path);
        let version = self.versions.get_mut(path).expect("it is open");
        *version += 1;
        let document = json!({ "uri": uri, "version": *version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub fn save(&mut self, path: &str) {
        let uri = self.uri(path);
        self.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    }

    pub fn close(&mut self, path: &str) {
        self.versions.remove(path);
        let uri = self.uri(path);
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    /// Says that files have changed on disk.
    pub fn changed_on_disk(&mut self, paths: &[&str]) {
        let change = |path: &&str| json!({ "uri": self.uri(path), "type": 2 });
        let changes: Vec<Value> = paths.iter().map(change).collect();
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    /// Waits for a check of all that was sent.
    #[track_caller]
    pub fn settle(&mut self) {
        self.set_text(BEACON, "");
        let (uri, version) = (self.uri(BEACON), self.versions[BEACON]);
        loop {
            let message = self.receive().expect("diagnostics of the beacon");
            let params = &message["params"];
            if params["uri"] == *uri && params["version"] == version {
                return;
            }
        }
    }

    /// What is shown of each file with diagnostics, without hints.
    pub fn shown(&self) -> Shown {
        let line = |one: &Value| {
            let severity = ["", "error", "warning", "note", "hint"]
                [one["severity"].as_u64().expect("a number") as usize];
            let rule = one["code"].as_str().unwrap_or("-");
            format!("{severity} {rule} {} {}", range(one), one["message"].as_str().expect("a text"))
        };
        let lines = |list: &Vec<Value>| {
            let mut lines: Vec<String> =
                list.iter().map(line).filter(|it| !it.starts_with("hint ")).collect();
            lines.sort();
            lines
        };
        let files = self.diagnostics.iter().map(|(path, list)| (path.clone(), lines(list)));
        files.filter(|(_, lines)| !lines.is_empty()).collect()
    }

    /// Shuts the server down.
    pub fn quit(mut self) -> Result<Ended, String> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.ended()
    }

    /// Closes the input and waits for the end.
    pub fn ended(self) -> Result<Ended, String> {
        drop(self.input);
        self.server.join().expect("the server does not panic")
    }
}

/// The range of a diagnostic or a place.
pub fn range(of: &Value) -> String {
    let at = |end: &str| format!("{}:{}", of["range"][end]["line"], of["range"][end]["character"]);
    format!("{}-{}", at("start"), at("end"))
}

fn pipe() -> (PipeReader, PipeWriter) {
    std::io::pipe().expect("a pipe")
}
