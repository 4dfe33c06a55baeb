/// Parses the string whose quote is at byte `open`; returns its text and end, or the offset of an error and its message.
pub(super) fn parse(text: &str, open: usize) -> Result<(Box<str>, usize), (usize, String)> {
    let mut unescaped = String::new();
    let mut from = open + 1;
    loop {
        let rest = &text[from..];
        let ends = |byte: u8| matches!(byte, b'"' | b'\\') || byte < 0x20;
        let Some(length) = rest.bytes().position(ends) else {
            return Err((open, "unclosed string".into()));
        };
        let at = from + length;
        match text.as_bytes()[at] {
            b'"' if unescaped.is_empty() => return Ok((rest[..length].into(), at + 1)),
            b'"' => {
                unescaped.push_str(&rest[..length]);
                return Ok((unescaped.into(), at + 1));
            }
            b'\\' => {
                unescaped.push_str(&rest[..length]);
                let (character, length) =
                    escape(&text[at + 1..]).map_err(|message| (at, message.to_owned()))?;
                unescaped.push(character);
                from = at + 1 + length;
            }
            b'\n' | b'\r' => return Err((open, "unclosed string".into())),
            control => {
                return Err((at, format!("control character in a string; write it as `\\u{control:04x}`")));
            }
        }
    }
}

fn escape(text: &str) -> Result<(char, usize), &'static str> {
    let character = match text.bytes().next() {
        Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return unicode(text),
        _ => return Err("unknown escape; write a backslash as `\\\\`"),
    };
    Ok((character, 1))
}

/// Decodes a `\u` escape, or a surrogate pair of two (RFC 8259, section 7), without the first backslash. Returns the
/// character and the number of bytes read.
fn unicode(text: &str) -> Result<(char, usize), &'static str> {
    let first = code_unit(text).ok_or("expected four hexadecimal digits after `\\u`")?;
    if let Some(character) = char::from_u32(first) {
        return Ok((character, 5));
    }
    let second = text[5..].strip_prefix('\\').and_then(code_unit);
    let pair = second.and_then(|second| char::decode_utf16([first as u16, second as u16]).next()?.ok());
    pair.map(|character| (character, 11)).ok_or(r"incomplete `\u` escape; expected a second `\u` escape")
}

fn code_unit(text: &str) -> Option<u32> {
    let digits = text.strip_prefix('u')?.get(..4)?;
    let all_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    all_hexadecimal.then(|| u32::from_str_radix(digits, 16).ok())?
}
