//! The conversation with a client: what it may ask, and when files are checked.

use std::io::{BufRead, Write};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use jiff::tz::TimeZone;
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId, Response};
use lsp_types::notification::{self, Notification as _};
use lsp_types::request::{self, Request as _};
use lsp_types::{
    ClientCapabilities, DidChangeTextDocumentParams, DidChangeWatchedFilesParams,
    DidChangeWatchedFilesRegistrationOptions, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    FileSystemWatcher, GlobPattern, InitializeParams, InitializeResult, MessageType, Registration,
    RegistrationParams, SaveOptions, ServerCapabilities, ServerInfo, ShowMessageParams,
    TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions, TextDocumentSyncSaveOptions,
};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::finding::Fault;
use crate::linter::{Error, Options};

use super::context::Context;
use super::diagnostics::Published;
use super::documents::Documents;
use super::frames;
use super::position::Encoding;
use super::requests;
use super::session::Session;
use super::uri::file_path;

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// The client said goodbye.
    Orderly,
    /// It left without that.
    Abruptly,
}

/// Serves one client until it leaves. `options` names the folder and the configuration; the client can't name another configuration.
///
/// # Errors
/// A frame is broken.
pub fn serve(
    options: Options,
    input: impl BufRead + Send + 'static,
    output: &mut impl Write,
) -> Result<Ended, Error> {
    let (sender, messages) = mpsc::channel();
    let mut input = input;
    // It ends with the input, or with the receiver.
    thread::spawn(move || {
        while let Some(message) = frames::read(&mut input).transpose() {
            let is_last = message.is_err();
            if sender.send(message).is_err() || is_last {
                break;
            }
        }
    });
    Server::new(options, output).run(&messages)
}

type Incoming = Result<Message, String>;

struct Server<'o, W> {
    options: Options,
    output: &'o mut W,
    client: ClientCapabilities,
    encoding: Encoding,
    /// `None` until the client has initialized it.
    session: Option<Session>,
    documents: Documents,
    published: Published,
    /// The messages of the last check.
    shown: Vec<String>,
    /// True if a check could come to another result than the last one.
    is_outdated: bool,
    is_shut_down: bool,
}

impl<'o, W: Write> Server<'o, W> {
    fn new(options: Options, output: &'o mut W) -> Server<'o, W> {
        Server {
            options,
            output,
            client: ClientCapabilities::default(),
            encoding: Encoding::Utf16,
            session: None,
            documents: Documents::default(),
            published: Published::default(),
            shown: Vec::new(),
            is_outdated: false,
            is_shut_down: false,
        }
    }

    /// Takes all messages that wait before it checks, so that many changes at once cost one check.
    fn run(&mut self, messages: &Receiver<Incoming>) -> Result<Ended, Error> {
        loop {
            let wait = if self.is_outdated { Duration::ZERO } else { self.until_midnight() };
            match messages.recv_timeout(wait) {
                Ok(Ok(Message::Notification(it))) if it.method == notification::Exit::METHOD => {
                    return Ok(if self.is_shut_down { Ended::Orderly } else { Ended::Abruptly });
                }
                Ok(Ok(message)) => self.take(message),
                Ok(Err(reason)) => return Err(Fault::new(format!("the session has ended: {reason}")).into()),
                Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Abruptly),
                Err(RecvTimeoutError::Timeout) if self.is_outdated => self.check(),
                // Another day: what was not due yet may be.
                Err(RecvTimeoutError::Timeout) => self.is_outdated = self.session.is_some(),
            }
        }
    }

    /// Returns the time to the next day, by which the results of a check may change; a fixed day has no end.
    fn until_midnight(&self) -> Duration {
        const LONG: Duration = Duration::from_hours(24);
        let now = jiff::Timestamp::now().to_zoned(TimeZone::UTC);
        let midnight = now.tomorrow().and_then(|tomorrow| tomorrow.start_of_day());
        let left = midnight.ok().and_then(|midnight| Duration::try_from(now.duration_until(&midnight)).ok());
        match self.options.as_of {
            Some(_) => LONG,
            // Not before the day has changed.
            None => left.map_or(LONG, |left| left + Duration::from_millis(10)),
        }
    }

    fn check(&mut self) {
        self.is_outdated = false;
        let Some(session) = &mut self.session else { return };
        session.check(&self.documents);
        let news = self.published.update(session, &self.documents, self.encoding);
        let messages = session.messages();
        let is_new = |message: &&String| !self.shown.contains(message);
        let new: Vec<String> = messages.iter().filter(is_new).cloned().collect();
        self.shown = messages;
        new.into_iter().for_each(|message| self.show(message));
        news.into_iter().for_each(|it| self.notify::<notification::PublishDiagnostics>(it));
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Request(request) => {
                let response = self.answer(request);
                self.send(response.into());
            }
            Message::Notification(notification) => self.note(notification),
            // Of the registration of watchers; nothing depends on it.
            Message::Response(_) => {}
        }
    }

    fn answer(&mut self, request: Request) -> Response {
        let error =
            |id, code: ErrorCode, message: &str| Response::new_err(id, code as i32, message.to_owned());
        match (&*request.method, &self.session) {
            (_, _) if self.is_shut_down => {
                error(request.id, ErrorCode::InvalidRequest, "the server is shut down")
            }
            (request::Shutdown::METHOD, _) => {
                self.is_shut_down = true;
                Response::new_ok(request.id, ())
            }
            (request::Initialize::METHOD, None) => self.initialize(request),
            (request::Initialize::METHOD, Some(_)) => {
                error(request.id, ErrorCode::InvalidRequest, "the session is initialized already")
            }
            (_, None) => error(request.id, ErrorCode::ServerNotInitialized, "the session is not initialized"),
            (_, Some(session)) => {
                let context = Context {
                    state: session.state.as_ref(),
                    documents: &self.documents,
                    root: &session.root,
                    encoding: self.encoding,
                    client: &self.client,
                };
                requests::dispatch(&context, request)
            }
        }
    }

    fn initialize(&mut self, request: Request) -> Response {
        let Request { id, params, .. } = request;
        let params: InitializeParams = match serde_json::from_value(params) {
            Ok(params) => params,
            Err(error) => return Response::new_err(id, ErrorCode::InvalidParams as i32, error.to_string()),
        };
        match Session::open(self.options.clone(), self.folder(&params)) {
            Ok(session) => self.session = Some(session),
            Err(error) => return Response::new_err(id, ErrorCode::RequestFailed as i32, error.to_string()),
        }
        (self.encoding, self.client) = (Encoding::of(&params.capabilities), params.capabilities);
        let server_info =
            ServerInfo { name: "alignlint".to_owned(), version: Some(env!("CARGO_PKG_VERSION").to_owned()) };
        let capabilities = capabilities(self.encoding);
        Response::new_ok(id, InitializeResult { capabilities, server_info: Some(server_info) })
    }

    /// Returns the folder to check: that of the command line, else the first one that the client has opened, else the current one.
    fn folder(&self, params: &InitializeParams) -> PathBuf {
        #[expect(deprecated, reason = "older clients have no other name for the folder")]
        let of_root = params.root_uri.as_ref();
        let opened = params.workspace_folders.iter().flatten().map(|folder| &folder.uri).next().or(of_root);
        let named = Some(&self.options.directory).filter(|named| !named.as_os_str().is_empty());
        let folder = named.cloned().or_else(|| opened.and_then(file_path));
        folder.unwrap_or_else(|| PathBuf::from("."))
    }

    fn note(&mut self, Notification { method, params }: Notification) {
        let Some(session) = &mut self.session else { return };
        match &*method {
            notification::Initialized::METHOD => {
                self.is_outdated = true;
                self.watch();
            }
            notification::DidOpenTextDocument::METHOD => {
                let Some(DidOpenTextDocumentParams { text_document: it }) = read(params) else { return };
                if let Ok(path) = session.root.path(&it.uri) {
                    self.documents.open(path, it.uri, it.version, it.text);
                    self.disk_may_differ();
                }
            }
            notification::DidChangeTextDocument::METHOD => {
                let Some(DidChangeTextDocumentParams { text_document: it, content_changes }) = read(params)
                else {
                    return;
                };
                if let Ok(path) = session.root.path(&it.uri) {
                    self.documents.change(&path, it.version, content_changes, self.encoding);
                    self.is_outdated = true;
                }
            }
            notification::DidSaveTextDocument::METHOD => self.disk_may_differ(),
            notification::DidCloseTextDocument::METHOD => {
                let Some(DidCloseTextDocumentParams { text_document: it }) = read(params) else { return };
                if let Ok(path) = session.root.path(&it.uri) {
                    self.documents.close(&path);
                    self.disk_may_differ();
                }
            }
            notification::DidChangeWatchedFiles::METHOD => {
                let Some(DidChangeWatchedFilesParams { .. }) = read(params) else { return };
                session.outdate(false);
                self.is_outdated = true;
            }
            _ => {}
        }
    }

    fn disk_may_differ(&mut self) {
        self.is_outdated = true;
        let watches = self.watches();
        self.session.iter_mut().for_each(|session| session.outdate(watches));
    }

    fn watches(&self) -> bool {
        let workspace = self.client.workspace.as_ref();
        let watched = workspace.and_then(|workspace| workspace.did_change_watched_files);
        watched.is_some_and(|watched| watched.dynamic_registration == Some(true))
    }

    /// Asks for a message when a file changes, where the client can watch.
    fn watch(&mut self) {
        if !self.watches() {
            return;
        }
        let glob_pattern = GlobPattern::String("**/*".to_owned());
        let watchers = vec![FileSystemWatcher { glob_pattern, kind: None }];
        let register_options =
            serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers }).ok();
        let method = notification::DidChangeWatchedFiles::METHOD.to_owned();
        let registration = Registration { id: "files".to_owned(), method, register_options };
        let params = RegistrationParams { registrations: vec![registration] };
        let method = request::RegisterCapability::METHOD.to_owned();
        self.send(Request::new(RequestId::from(1), method, params).into());
    }

    fn show(&mut self, message: String) {
        self.notify::<notification::ShowMessage>(ShowMessageParams { typ: MessageType::WARNING, message });
    }

    fn notify<N: notification::Notification<Params: Serialize>>(&mut self, params: N::Params) {
        self.send(Notification::new(N::METHOD.to_owned(), params).into());
    }

    /// A client that has gone reads nothing; the end of the input says so.
    fn send(&mut self, message: Message) {
        let _ = frames::write(&message, self.output);
    }
}

fn capabilities(encoding: Encoding) -> ServerCapabilities {
    let save = TextDocumentSyncSaveOptions::SaveOptions(SaveOptions { include_text: Some(false) });
    let sync = TextDocumentSyncOptions {
        open_close: Some(true),
        change: Some(TextDocumentSyncKind::INCREMENTAL),
        save: Some(save),
        ..TextDocumentSyncOptions::default()
    };
    ServerCapabilities {
        position_encoding: Some(encoding.kind()),
        text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
        ..requests::capabilities()
    }
}

/// Reads the parameters of a notification; one that can't be read has no effect.
fn read<T: DeserializeOwned>(params: serde_json::Value) -> Option<T> {
    serde_json::from_value(params).ok()
}
