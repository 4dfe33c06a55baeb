//! Frames of the protocol: a header with the length of the message that follows it.

use std::io::{self, BufRead, Read, Write};

use lsp_server::Message;
use serde::Serialize;

use crate::limits;

/// The longest header: clients send one or two lines of it.
const HEADER_BYTES: u64 = 4096;

/// Reads a message; `None` at the end of the input. An error says why the frame is broken: what follows it can't be read.
pub(super) fn read(input: &mut impl BufRead) -> Result<Option<Message>, String> {
    let Some(length) = read_header(input)? else { return Ok(None) };
    // The buffer grows with what arrives: a header may claim more than there is.
    let mut text = Vec::new();
    input.take(length as u64).read_to_end(&mut text).map_err(|error| format!("can't read: {error}"))?;
    if text.len() < length {
        return Err(format!("a frame of {length} bytes ends after {}", text.len()));
    }
    serde_json::from_slice(&text).map(Some).map_err(|error| format!("a frame is no message: {error}"))
}

/// Reads a header and returns the length that it states; `None` at the end of the input.
fn read_header(input: &mut impl BufRead) -> Result<Option<usize>, String> {
    let (mut header, mut length) = (input.take(HEADER_BYTES), None);
    loop {
        let mut line = Vec::new();
        header.read_until(b'\n', &mut line).map_err(|error| format!("can't read: {error}"))?;
        if line.is_empty() && header.limit() == HEADER_BYTES {
            return Ok(None);
        }
        let line = line.strip_suffix(b"\r\n").and_then(|line| std::str::from_utf8(line).ok());
        let line = line.ok_or("the header of a frame is broken")?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':').ok_or("the header of a frame is broken")?;
        if name.eq_ignore_ascii_case("Content-Length") {
            length = Some(value.trim().parse().map_err(|_| "the length of a frame is no number")?);
        }
    }
    let length = length.ok_or("the header of a frame lacks its length")?;
    match length <= limits::FRAME_BYTES {
        true => Ok(Some(length)),
        false => Err(format!("a frame is larger than {} MiB", limits::FRAME_BYTES >> 20)),
    }
}

/// Writes a message in a frame.
pub(super) fn write(message: &Message, output: &mut impl Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Versioned<'a> {
        jsonrpc: &'static str,
        #[serde(flatten)]
        message: &'a Message,
    }
    let text = serde_json::to_vec(&Versioned { jsonrpc: "2.0", message })?;
    let mut frame = format!("Content-Length: {}\r\n\r\n", text.len()).into_bytes();
    frame.extend(text);
    output.write_all(&frame)?;
    output.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_all(mut bytes: &[u8]) -> Result<Vec<Message>, String> {
        std::iter::from_fn(|| read(&mut bytes).transpose()).collect()
    }

    const EXIT: &str = r#"{"jsonrpc":"2.0","method":"exit"}"#;

    #[test]
    fn what_is_written_is_read() {
        let message: Message = serde_json::from_str(EXIT).expect("a message");
        let mut bytes = Vec::new();
        write(&message, &mut bytes).and_then(|()| write(&message, &mut bytes)).expect("memory takes it");
        assert_eq!(read_all(&bytes).map(|read| read.len()), Ok(2));
        let other = format!("content-length:{}\r\nContent-Type: x\r\n\r\n{EXIT}", EXIT.len());
        assert_eq!(read_all(other.as_bytes()).map(|read| read.len()), Ok(1));
    }

    #[test]
    fn a_broken_frame_is_an_error() {
        let long = format!("{}: 1\r\n\r\n", "x".repeat(5000));
        let frames = [
            ("Content-Length: 67108865\r\n\r\n{}", "a frame is larger than 64 MiB"),
            ("Content-Length: 67108864\r\n\r\n{}", "a frame of 67108864 bytes ends after 2"),
            ("Content-Length: -1\r\n\r\n{}", "the length of a frame is no number"),
            ("Content-Length: 2\n\n{}", "the header of a frame is broken"),
            ("Content-Type: x\r\n\r\n{}", "the header of a frame lacks its length"),
            ("{}", "the header of a frame is broken"),
            ("Content-Length: 2\r\n", "the header of a frame is broken"),
            (&long, "the header of a frame is broken"),
        ];
        for (bytes, expected) in frames {
            assert_eq!(read_all(bytes.as_bytes()).map(|_| ()), Err(expected.to_owned()), "{bytes}");
        }
        for text in ["{}", "[", "[1]", "\u{0}"] {
            let frame = format!("Content-Length: {}\r\n\r\n{text}", text.len());
            let error = read_all(frame.as_bytes()).map(|_| ()).expect_err(text);
            assert!(error.starts_with("a frame is no message: "), "{error}");
        }
        let deep = "[".repeat(100_000);
        assert!(read_all(format!("Content-Length: 100000\r\n\r\n{deep}").as_bytes()).is_err());
    }
}
