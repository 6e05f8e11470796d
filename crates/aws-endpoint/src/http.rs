//! HTTP/1.1 as far as AWS's clients speak it: requests with a length, answers with a length.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

/// The longest head of a request, in bytes.
const MOST_HEAD: usize = 64 * 1024;
/// The longest body, in bytes: a template of `CloudFormation` is a good part of a megabyte at most.
const MOST_BODY: usize = 4 * 1024 * 1024;

/// A request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub method: String,
    /// Path without the query, still percent-encoded.
    pub path: String,
    /// Query without the `?`.
    pub query: String,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Response {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// Reads the next request of a connection. `None`: the client is done.
pub(crate) fn read(from: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    loop {
        let before = head.len();
        let read = from.by_ref().take(MOST_HEAD as u64).read_until(b'\n', &mut head)?;
        if read == 0 {
            return if before == 0 { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
        if head.len() > MOST_HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        if head.ends_with(b"\r\n\r\n") {
            break;
        }
    }
    let mut request = parse(&head).ok_or(io::ErrorKind::InvalidData)?;
    let length = request.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    if length > MOST_BODY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    request.body = vec![0; length];
    from.read_exact(&mut request.body)?;
    Ok(Some(request))
}

fn parse(head: &[u8]) -> Option<Request> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(head).ok()?;
    let target = parsed.path?;
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let headers = parsed.headers.iter();
    let headers =
        headers.map(|header| (header.name.to_lowercase(), String::from_utf8_lossy(header.value).into_owned()));
    let (path, query) = (path.to_owned(), query.to_owned());
    Some(Request { method: parsed.method?.to_owned(), path, query, headers: headers.collect(), body: Vec::new() })
}

/// Writes an answer.
pub(crate) fn write(to: &mut impl Write, response: &Response, date: &str) -> io::Result<()> {
    let reason = if response.status < 300 { "OK" } else { "Error" };
    write!(to, "HTTP/1.1 {} {reason}\r\ndate: {date}\r\ncontent-length: {}\r\n", response.status, response.body.len())?;
    for (name, value) in &response.headers {
        write!(to, "{name}: {value}\r\n")?;
    }
    to.write_all(b"\r\n")?;
    to.write_all(&response.body)?;
    to.flush()
}

/// Decodes `%41` and `+`.
pub(crate) fn decoded(text: &str, plus: bool) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let hex = |digit: Option<u8>| digit.and_then(|digit| char::from(digit).to_digit(16));
        match byte {
            b'%' => {
                let mut ahead = rest.clone();
                match (hex(ahead.next()), hex(ahead.next())) {
                    (Some(high), Some(low)) => {
                        bytes.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                        rest = ahead;
                    }
                    _ => bytes.push(byte),
                }
            }
            b'+' if plus => bytes.push(b' '),
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The pairs of a query or form.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    let split = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decoded(name, true), decoded(value, true))
    };
    parts.map(split).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percent_signs_are_decoded_and_broken_ones_kept() {
        assert_eq!(decoded("arn%3Aaws%2Fx+y%", true), "arn:aws/x y%");
        assert_eq!(
            pairs("Action=X&Name=a%20b&Flag"),
            [("Action".into(), "X".into()), ("Name".into(), "a b".into()), ("Flag".to_owned(), String::new())]
        );
    }
}
