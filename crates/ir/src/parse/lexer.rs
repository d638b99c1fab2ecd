//! Text to tokens.  A token knows its line, because an instruction ends with its line.

use super::{ParseError, Parsed};
use std::borrow::Cow;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind<'t> {
    /// Letters, digits, `_` and `.`, starting with a letter or `_`.
    Word(&'t str),
    /// Starts with a digit, perhaps after `-`; also `-inf`.
    Number(&'t str),
    /// A quoted text, its escapes resolved.
    Str(Cow<'t, str>),
    /// Any other character.
    Mark(char),
}

/// A token and its place.
#[derive(Clone, Debug)]
pub struct Token<'t> {
    /// What it is.
    pub kind: Kind<'t>,
    /// 1-based line.
    pub line: u32,
}

/// The tokens of a text.
pub fn tokens(text: &str) -> Parsed<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    for (line, content) in (1u32..).zip(text.lines()) {
        let mut rest = content.trim_start();
        while !rest.is_empty() && !rest.starts_with(';') {
            let (kind, length) = token(rest).map_err(|message| ParseError { line, message })?;
            tokens.push(Token { kind, line });
            rest = rest.get(length..).unwrap_or("").trim_start();
        }
    }
    Ok(tokens)
}

/// The first token and its length in bytes; the text is not empty.
fn token(text: &str) -> Result<(Kind<'_>, usize), String> {
    let mut chars = text.chars();
    let first = chars.next().unwrap_or(' ');
    let after = chars.as_str();
    let run = |text: &str| text.find(|c: char| !is_word_char(c)).unwrap_or(text.len());
    if first == '"' {
        return quoted(after);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let length = run(text);
        return Ok((Kind::Word(text.get(..length).unwrap_or("")), length));
    }
    if first.is_ascii_digit()
        || first == '-' && (after.starts_with(|c: char| c.is_ascii_digit()) || after.starts_with("inf"))
    {
        let length = number_length(text, run);
        return Ok((Kind::Number(text.get(..length).unwrap_or("")), length));
    }
    Ok((Kind::Mark(first), first.len_utf8()))
}

fn is_word_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_' || c == '.'
}

/// Length of a number: a run of word characters, with a sign in front and after a decimal exponent's `e`.
fn number_length(text: &str, run: impl Fn(&str) -> usize) -> usize {
    let sign = usize::from(text.starts_with('-'));
    let body = text.get(sign..).unwrap_or("");
    let mut length = run(body);
    let head = body.get(..length).unwrap_or("");
    let tail = body.get(length..).unwrap_or("");
    if head.ends_with(['e', 'E']) && !head.starts_with("0x") && tail.starts_with(['-', '+']) {
        length += 1 + run(tail.get(1..).unwrap_or(""));
    }
    sign + length
}

/// A quoted text after its opening quote, and its length with both quotes.
fn quoted(text: &str) -> Result<(Kind<'_>, usize), String> {
    let plain = text.find(['"', '\\']).ok_or("a text has no closing quote")?;
    if text.get(plain..).is_some_and(|t| t.starts_with('"')) {
        return Ok((Kind::Str(Cow::Borrowed(text.get(..plain).unwrap_or(""))), plain + 2));
    }
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((position, c)) = chars.next() {
        match c {
            '"' => return Ok((Kind::Str(Cow::Owned(out)), position + 2)),
            '\\' => out.push(escape(&mut chars).ok_or("a text has an unknown escape")?),
            c => out.push(c),
        }
    }
    Err("a text has no closing quote".into())
}

/// The character that an escape after its backslash stands for.
fn escape(chars: &mut std::str::CharIndices<'_>) -> Option<char> {
    let mut next = || chars.next().map(|(_, c)| c);
    match next()? {
        c @ ('"' | '\\' | '\'') => Some(c),
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'x' => {
            let (high, low) = (next()?.to_digit(16)?, next()?.to_digit(16)?);
            char::from_u32(high * 16 + low)
        }
        'u' => {
            (next()? == '{').then_some(())?;
            let mut code: u32 = 0;
            loop {
                match next()? {
                    '}' => return char::from_u32(code),
                    digit => code = code.checked_mul(16)?.checked_add(digit.to_digit(16)?)?,
                }
            }
        }
        _ => None,
    }
}
