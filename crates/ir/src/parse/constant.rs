//! Constants.

use super::Parsed;
use super::cursor::{Cursor, entity_number};
use super::lexer::Kind as Token;
use crate::class::{Member, MemberKind, UserClass};
use crate::constant::{Bits, Const};
use crate::program::FuncId;
use crate::ty::{Dtype, Kind};
use std::sync::Arc;

impl Cursor<'_> {
    /// A constant.
    pub fn constant(&mut self) -> Parsed<Const> {
        self.nested(Cursor::constant_here)
    }

    fn constant_here(&mut self) -> Parsed<Const> {
        match self.peek() {
            Some(Token::Number(digits)) if !is_float(digits) => Ok(Const::Int(self.number()?)),
            Some(Token::Number(_)) => Ok(Const::Float(self.float()?)),
            Some(Token::Str(_)) => Ok(Const::Str(self.quoted()?)),
            Some(Token::Mark('@')) => {
                self.expect('@')?;
                Ok(Const::Named(self.name()?))
            }
            Some(Token::Mark('(')) => {
                self.expect('(')?;
                Ok(Const::Tuple(self.list(')', Cursor::constant)?.into()))
            }
            Some(Token::Word("inf" | "nan")) => Ok(Const::Float(self.float()?)),
            Some(Token::Word(_)) => self.named_form(),
            _ => self.fail("expected a constant"),
        }
    }

    /// A constant that starts with a word.
    fn named_form(&mut self) -> Parsed<Const> {
        let word = self.word()?;
        if let Some(dtype) = word.strip_prefix("np.").and_then(Dtype::by_name) {
            return self.in_parentheses(|c| Ok(Const::Scalar(dtype, c.scalar(dtype)?)));
        }
        if let Some(dtype) = word.strip_prefix("dtype.").and_then(Dtype::by_name) {
            return Ok(Const::Dtype(dtype));
        }
        if let Some(number) = entity_number(word, "fn") {
            return Ok(Const::Func(FuncId(number)));
        }
        match word {
            "None" => Ok(Const::None),
            "Ellipsis" => Ok(Const::Ellipsis),
            "True" => Ok(Const::Bool(true)),
            "False" => Ok(Const::Bool(false)),
            "bigint" => self.in_parentheses(|c| Ok(Const::BigInt(c.quoted()?))),
            "complex" => self.in_parentheses(|c| {
                let (re, im) = c.two(Cursor::float)?;
                Ok(Const::Complex(re, im))
            }),
            "slice" => self.in_parentheses(|c| {
                let start = c.constant()?;
                c.expect(',')?;
                let (stop, step) = c.two(Cursor::constant)?;
                Ok(Const::Slice([start, stop, step].into()))
            }),
            "bytes" => self.in_parentheses(Cursor::bytes),
            "global" => self.in_parentheses(|c| Ok(Const::Array(c.number()?))),
            "global_list" => self.in_parentheses(|c| Ok(Const::List(c.number()?))),
            "module" => self.in_parentheses(|c| Ok(Const::Module(c.number()?))),
            "native" => self.in_parentheses(|c| Ok(Const::Native(c.number()?))),
            "object" => self.in_parentheses(|c| {
                let name = c.quoted()?;
                c.expect(',')?;
                Ok(Const::Object(name, c.number()?))
            }),
            "exception_class" => self.in_parentheses(|c| {
                let name = c.quoted()?;
                c.expect(',')?;
                Ok(Const::ExceptionClass(name, c.number()?))
            }),
            "class" => Ok(Const::Class(self.user_class()?.into())),
            "enum" => self.in_parentheses(|c| {
                c.expect_word("class")?;
                let class = Arc::new(c.user_class()?);
                c.expect(',')?;
                Ok(Const::Enum(class, c.number()?))
            }),
            "named" => self.in_parentheses(|c| {
                c.expect_word("class")?;
                let class = Arc::new(c.user_class()?);
                c.expect(',')?;
                c.expect('(')?;
                Ok(Const::NamedTuple(class, c.list(')', Cursor::constant)?.into()))
            }),
            _ => self.fail(format!("no constant is called {word}")),
        }
    }

    /// What follows `class`.
    pub fn user_class(&mut self) -> Parsed<UserClass> {
        self.in_parentheses(|c| {
            let name = c.quoted()?;
            let part = |c: &mut Self| {
                c.expect(',')?;
                c.expect('(')
            };
            part(c)?;
            let traits = c.list(')', Cursor::quoted)?.into();
            part(c)?;
            let lineage = c.list(')', Cursor::number)?.into();
            part(c)?;
            let fields = c.list(')', Cursor::quoted)?.into();
            part(c)?;
            let defaults = c.list(')', Cursor::constant)?.into();
            part(c)?;
            let members = c.list(')', Cursor::member)?.into();
            let mut types = vec![];
            if c.accept(',') {
                c.expect('(')?;
                types = c.list(')', Cursor::ty)?;
            }
            Ok(UserClass { name, traits, lineage, fields, defaults, members, types: types.into() })
        })
    }

    fn member(&mut self) -> Parsed<Member> {
        let word = self.word()?;
        let Some((kind, _)) = MemberKind::WORDS.into_iter().find(|(_, known)| *known == word) else {
            return self.fail(format!("no member of a class is a {word}"));
        };
        Ok(Member { name: self.quoted()?, kind, owner: self.number()?, value: self.constant()? })
    }

    fn in_parentheses<T>(&mut self, part: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        self.expect('(')?;
        let thing = part(self)?;
        self.expect(')')?;
        Ok(thing)
    }

    fn two<T>(&mut self, mut part: impl FnMut(&mut Self) -> Parsed<T>) -> Parsed<(T, T)> {
        let first = part(self)?;
        self.expect(',')?;
        Ok((first, part(self)?))
    }

    fn bytes(&mut self) -> Parsed<Const> {
        let text = self.quoted()?;
        let bytes: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        Ok(Const::Bytes(bytes.ok_or_else(|| self.error("a byte is beyond 255"))?.into()))
    }

    /// What stands between the parentheses of `np.float32(…)`.
    fn scalar(&mut self, dtype: Dtype) -> Parsed<Bits> {
        Ok(match dtype.kind() {
            Kind::Bool if self.accept_word("True") => Bits(1, 0),
            Kind::Bool => {
                self.expect_word("False")?;
                Bits(0, 0)
            }
            Kind::Signed => Bits(self.number::<i64>()? as u64, 0),
            Kind::Unsigned => Bits(self.number()?, 0),
            Kind::Float => Bits(self.part(dtype)?, 0),
            Kind::Complex => {
                let (re, im) = self.two(|c| c.part(dtype.real()))?;
                Bits(re, im)
            }
        })
    }

    /// A float part: a float32's digits are rounded once, to float32.
    fn part(&mut self, dtype: Dtype) -> Parsed<u64> {
        match self.peek() {
            Some(Token::Number(digits)) if dtype == Dtype::Float32 => {
                let single: f32 = digits.parse().map_err(|_| self.error("expected a float"))?;
                self.next();
                Ok(f64::from(single).to_bits())
            }
            _ => self.float(),
        }
    }

    /// The bits of a float.
    fn float(&mut self) -> Parsed<u64> {
        if self.accept_word("inf") {
            return Ok(f64::INFINITY.to_bits());
        }
        if !self.accept_word("nan") {
            return Ok(self.number::<f64>()?.to_bits());
        }
        if self.accept('(') {
            let bits = self.hexadecimal()?;
            self.expect(')')?;
            return Ok(bits);
        }
        Ok(f64::NAN.to_bits())
    }
}

/// Whether a number is written as a float.
fn is_float(digits: &str) -> bool {
    digits.contains(['.', 'e', 'E', 'n'])
}
