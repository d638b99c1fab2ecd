//! A position among the tokens, and the small things that every part of the parser reads.

use super::lexer::{self, Kind, Token};
use super::{ParseError, Parsed};
use std::str::FromStr;
use std::sync::Arc;

/// How deep types and constants may be nested.
const DEPTH: u32 = 100;

/// A position among the tokens.
pub struct Cursor<'t> {
    tokens: Vec<Token<'t>>,
    position: usize,
    depth: u32,
    /// Length of the text in bytes: bounds the numbers of values and blocks.
    pub length: usize,
}

impl<'t> Cursor<'t> {
    /// At the start of a text.
    pub fn new(text: &'t str) -> Parsed<Cursor<'t>> {
        Ok(Cursor { tokens: lexer::tokens(text)?, position: 0, depth: 0, length: text.len() })
    }

    /// Whether nothing is left.
    pub fn at_end(&self) -> bool {
        self.position >= self.tokens.len()
    }

    /// The next token.
    pub fn peek(&self) -> Option<&Kind<'t>> {
        self.tokens.get(self.position).map(|t| &t.kind)
    }

    /// The line of the next token, or of the last one.
    pub fn line(&self) -> u32 {
        self.tokens.get(self.position).or(self.tokens.last()).map_or(1, |t| t.line)
    }

    /// Whether the next token is on this line.
    pub fn is_on(&self, line: u32) -> bool {
        self.tokens.get(self.position).is_some_and(|t| t.line == line)
    }

    /// An error at the next token.
    pub fn error(&self, message: impl Into<String>) -> ParseError {
        ParseError { line: self.line(), message: message.into() }
    }

    /// `Err(self.error(…))`.
    pub fn fail<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(self.error(message))
    }

    /// Takes the next token.
    pub fn next(&mut self) -> Option<Kind<'t>> {
        let kind = self.tokens.get(self.position).map(|t| t.kind.clone());
        self.position += usize::from(kind.is_some());
        kind
    }

    /// Takes a mark if it is next.
    pub fn accept(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Kind::Mark(mark));
        self.position += usize::from(found);
        found
    }

    /// Takes a mark.
    pub fn expect(&mut self, mark: char) -> Parsed<()> {
        if self.accept(mark) { Ok(()) } else { self.fail(format!("expected '{mark}'")) }
    }

    /// Takes a certain word if it is next.
    pub fn accept_word(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Kind::Word(w)) if *w == word);
        self.position += usize::from(found);
        found
    }

    /// Takes a certain word.
    pub fn expect_word(&mut self, word: &str) -> Parsed<()> {
        if self.accept_word(word) { Ok(()) } else { self.fail(format!("expected '{word}'")) }
    }

    /// Takes any word.
    pub fn word(&mut self) -> Parsed<&'t str> {
        match self.peek() {
            Some(Kind::Word(word)) => {
                let word = *word;
                self.position += 1;
                Ok(word)
            }
            _ => self.fail("expected a word"),
        }
    }

    /// A name: a word or a quoted text.
    pub fn name(&mut self) -> Parsed<Arc<str>> {
        match self.peek() {
            Some(Kind::Word(_)) => Ok(self.word()?.into()),
            Some(Kind::Str(_)) => self.quoted(),
            _ => self.fail("expected a name"),
        }
    }

    /// A quoted text.
    pub fn quoted(&mut self) -> Parsed<Arc<str>> {
        match self.peek() {
            Some(Kind::Str(text)) => {
                let text = Arc::from(&**text);
                self.position += 1;
                Ok(text)
            }
            _ => self.fail("expected a quoted text"),
        }
    }

    /// A decimal number that fits.
    pub fn number<N: FromStr>(&mut self) -> Parsed<N> {
        match self.peek() {
            Some(Kind::Number(digits)) => {
                let number =
                    digits.parse().map_err(|_| self.error(format!("the number {digits} does not fit here")))?;
                self.position += 1;
                Ok(number)
            }
            _ => self.fail("expected a number"),
        }
    }

    /// A number written `0x…`.
    pub fn hexadecimal(&mut self) -> Parsed<u64> {
        let digits = match self.peek() {
            Some(Kind::Number(digits)) => digits.strip_prefix("0x").and_then(|d| u64::from_str_radix(d, 16).ok()),
            _ => None,
        };
        let number = digits.ok_or_else(|| self.error("expected a hexadecimal number"))?;
        self.position += 1;
        Ok(number)
    }

    /// An entity: a word that is the prefix and a number.
    pub fn entity(&mut self, prefix: &str) -> Parsed<u32> {
        match self.peek_entity(prefix) {
            Some(number) => {
                self.position += 1;
                Ok(number)
            }
            None => self.fail(format!("expected {prefix} and a number")),
        }
    }

    /// The number of the entity that is next.
    pub fn peek_entity(&self, prefix: &str) -> Option<u32> {
        match self.peek() {
            Some(Kind::Word(word)) => entity_number(word, prefix),
            _ => None,
        }
    }

    /// Items with commas between them up to the closing mark, which is taken; a last comma is allowed.
    pub fn list<T>(&mut self, close: char, mut item: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = Vec::new();
        while !self.accept(close) {
            items.push(item(self)?);
            if !self.accept(',') {
                self.expect(close)?;
                break;
            }
        }
        Ok(items)
    }

    /// One level deeper; refuses text that is nested too deeply for the stack.
    pub fn nested<T>(&mut self, part: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH {
            return self.fail("nested too deeply");
        }
        self.depth += 1;
        let result = part(self);
        self.depth -= 1;
        result
    }
}

/// The number of `prefix` followed by decimal digits without a leading zero.
pub fn entity_number(word: &str, prefix: &str) -> Option<u32> {
    let digits = word.strip_prefix(prefix)?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    if plain { digits.parse().ok() } else { None }
}
