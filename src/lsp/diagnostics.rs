//! Findings, suppressed findings and faults as diagnostics, and what of them the client does not know yet.

use std::collections::BTreeMap;
use std::str::FromStr;

use lsp_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, Location, NumberOrString,
    PublishDiagnosticsParams, Uri,
};

use crate::finding::{Fault, Finding, Place, Severity};
use crate::report::visible;
use crate::rule::page;

use super::documents::Documents;
use super::position::Encoding;
use super::session::{Session, State};
use super::uri::Root;

const SOURCE: &str = "alignlint";

/// Returns a text without characters that a client could obey: it shows messages as plain text.
fn shown(text: &str) -> String {
    text.chars().map(|c| if c == '\n' { c } else { visible(c) }).collect()
}

/// By path from the root of the repository.
type ByFile = BTreeMap<String, Vec<Diagnostic>>;

/// What the client was sent, with the version of each open document.
#[derive(Default)]
pub(super) struct Published {
    files: ByFile,
    versions: BTreeMap<String, i32>,
}

impl Published {
    /// Returns what to send after a check: files whose diagnostics differ, and open documents with another version.
    pub(super) fn update(
        &mut self,
        session: &Session,
        documents: &Documents,
        encoding: Encoding,
    ) -> Vec<PublishDiagnosticsParams> {
        let mut files = Mapping { root: &session.root, encoding }.diagnostics(session);
        let versions: BTreeMap<String, i32> =
            documents.iter().map(|(path, open)| (path.to_string(), open.version)).collect();
        for path in self.files.keys().chain(versions.keys()) {
            files.entry(path.clone()).or_default();
        }
        let is_new = |(path, found): &(&String, &Vec<Diagnostic>)| {
            self.versions.get(*path) != versions.get(*path)
                || self.files.get(*path).map_or(&[][..], Vec::as_slice) != found.as_slice()
        };
        let message = |(path, found): (&String, &Vec<Diagnostic>)| {
            let open = documents.get(path);
            let uri = open.map_or_else(|| session.root.uri(path), |open| Some(open.uri.clone()))?;
            Some(PublishDiagnosticsParams::new(uri, found.clone(), open.map(|open| open.version)))
        };
        let messages = files.iter().filter(is_new).filter_map(message).collect();
        files.retain(|_, found| !found.is_empty());
        *self = Published { files, versions };
        messages
    }
}

/// How places become ranges.
struct Mapping<'s> {
    root: &'s Root,
    encoding: Encoding,
}

impl Mapping<'_> {
    /// Returns what the last check has found, or why it came to no result.
    fn diagnostics(&self, session: &Session) -> ByFile {
        let mut files = ByFile::new();
        let mut add = |path: String, diagnostic| files.entry(path).or_default().push(diagnostic);
        let Some(state) = session.state.as_ref().filter(|_| session.faults.is_empty()) else {
            session
                .faults
                .iter()
                .filter_map(|fault| self.fault(session, fault))
                .for_each(|(path, it)| add(path, it));
            return files;
        };
        let path = |place: &Place| state.path_in_repository(place.source.path());
        for finding in &state.result.findings {
            add(path(&finding.place), self.finding(state, finding));
        }
        for (finding, reason) in state.linter.suppressed(&state.result) {
            let message = shown(&format!("suppressed {reason}: {}", finding.message));
            let severity = Some(DiagnosticSeverity::HINT);
            add(path(&finding.place), Diagnostic { severity, message, ..self.finding(state, finding) });
        }
        let faults = state.result.faults.iter().filter_map(|fault| self.fault(session, fault));
        faults.for_each(|(path, it)| add(path, it));
        files
    }

    fn finding(&self, state: &State, finding: &Finding) -> Diagnostic {
        let related = finding.related.iter().map(|it| (&it.place, it.message.clone()));
        let help = finding.help.iter().map(|help| (&finding.place, format!("help: {help}")));
        let related = related.chain(help).filter_map(|(place, message)| {
            let uri = self.root.uri(&state.path_in_repository(place.source.path()))?;
            let range = self.encoding.range(&place.source, place.span);
            Some(DiagnosticRelatedInformation { location: Location { uri, range }, message: shown(&message) })
        });
        let rule = state.linter.policy().rules.get(&finding.rule);
        let address = rule.and_then(|rule| page::address(rule, page::SITE));
        let address = address.and_then(|address| Uri::from_str(&address).ok());
        Diagnostic {
            range: self.encoding.range(&finding.place.source, finding.place.span),
            severity: Some(match finding.severity {
                Severity::Error => DiagnosticSeverity::ERROR,
                Severity::Warning => DiagnosticSeverity::WARNING,
                Severity::Note => DiagnosticSeverity::INFORMATION,
            }),
            code: Some(NumberOrString::String(finding.rule.to_string())),
            code_description: address.map(|href| CodeDescription { href }),
            source: Some(SOURCE.to_owned()),
            message: shown(&finding.message),
            related_information: Some(related.collect()),
            ..Diagnostic::default()
        }
    }

    /// Returns the diagnostic of a fault in a file of the repository.
    fn fault(&self, session: &Session, fault: &Fault) -> Option<(String, Diagnostic)> {
        let Place { source, span } = fault.place.as_ref()?;
        let path = session.path_of(source)?;
        let message = match &fault.help {
            Some(help) => format!("{}\nhelp: {help}", fault.message),
            None => fault.message.clone(),
        };
        let (range, message) = (self.encoding.range(source, *span), shown(&message));
        let severity = Some(DiagnosticSeverity::ERROR);
        let source = Some(SOURCE.to_owned());
        Some((path, Diagnostic { range, severity, source, message, ..Diagnostic::default() }))
    }
}
