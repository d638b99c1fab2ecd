//! An instruction and its immediate.

use super::Parsed;
use super::cursor::{Cursor, entity_number};
use super::func::Reader;
use super::lexer::Kind;
use crate::func::{Block, Def, Edge, Inst, InstData, Value};
use crate::loc::Loc;
use crate::op::{BinaryOp, CmpOp, Imm, Op, UnaryOp};
use crate::program::FuncId;
use coachwhip_abi::{ErrorKind, RuntimeFn};

impl Reader<'_, '_> {
    /// `v1: int = add v2, v3`, up to the end of the line.
    pub fn inst(&mut self) -> Parsed<Inst> {
        let line = self.cursor.line();
        self.inst_on(line).map_err(|error| super::ParseError { line, ..error })
    }

    fn inst_on(&mut self, line: u32) -> Parsed<Inst> {
        let inst = Inst(self.func.insts.len() as u32);
        let results = self.results(inst)?;
        let attempted = self.cursor.accept_word("try");
        let word = self.cursor.word()?;
        let op = Op::by_text(word).ok_or_else(|| self.cursor.error(format!("no operation is called {word}")))?;
        let imm = self.cursor.imm(op, line)?;
        let (mut args, mut edges) = (Vec::new(), Vec::new());
        while self.cursor.is_on(line) && self.cursor.peek() != Some(&Kind::Mark('!')) {
            if self.cursor.peek_entity("block").is_some() {
                edges.push(self.edge(line)?);
            } else {
                args.push(self.used()?);
            }
            if !self.cursor.accept(',') {
                break;
            }
            if !self.cursor.is_on(line) {
                return self.cursor.fail("expected an operand behind the comma");
            }
        }
        let loc = self.loc(line)?;
        if self.cursor.is_on(line) && self.cursor.peek() != Some(&Kind::Mark('}')) {
            return self.cursor.fail("expected the end of the line");
        }
        Ok(self.func.insts.push(InstData { op, args, imm, results, edges, loc, attempted }))
    }

    /// The results and the `=`, if there are any.
    fn results(&mut self, inst: Inst) -> Parsed<Vec<Value>> {
        let mut results = Vec::new();
        while self.cursor.peek_entity("v").is_some() {
            results.push(self.definition(Def::Result(inst, results.len() as u32))?);
            if !self.cursor.accept(',') {
                self.cursor.expect('=')?;
                break;
            }
        }
        Ok(results)
    }

    /// `block1(v2)`.
    fn edge(&mut self, line: u32) -> Parsed<Edge> {
        let block = Block(self.cursor.entity("block")?);
        self.used_blocks.push((block, line));
        self.cursor.expect('(')?;
        let mut args = Vec::new();
        while !self.cursor.accept(')') {
            args.push(self.used()?);
            if !self.cursor.accept(',') {
                self.cursor.expect(')')?;
                break;
            }
        }
        Ok(Edge { block, args })
    }

    /// `!loc3`, if it is there.
    fn loc(&mut self, line: u32) -> Parsed<Loc> {
        if !(self.cursor.is_on(line) && self.cursor.accept('!')) {
            return Ok(Loc(0));
        }
        let loc = Loc(self.cursor.entity("loc")?);
        match self.func.locs.lookup(loc) {
            Some(_) => Ok(loc),
            None => self.cursor.fail(format!("{loc} is not in the table of places")),
        }
    }
}

impl Cursor<'_> {
    /// The immediate of an operation, if one follows.
    fn imm(&mut self, op: Op, line: u32) -> Parsed<Imm> {
        if op == Op::Const {
            return Ok(Imm::Const(self.constant()?));
        }
        if !(self.is_on(line) && self.accept('[')) {
            return Ok(Imm::None);
        }
        let imm = match op {
            Op::PyUnary | Op::PyBinary | Op::PyCompare => return self.operator(op),
            _ => self.imm_here(op)?,
        };
        self.expect(']')?;
        Ok(imm)
    }

    /// An immediate that is not an operator, without its brackets.
    fn imm_here(&mut self, op: Op) -> Parsed<Imm> {
        match self.peek() {
            Some(Kind::Mark('=')) => {
                self.expect('=')?;
                Ok(Imm::Const(self.constant()?))
            }
            Some(Kind::Str(_)) => Ok(Imm::Name(self.quoted()?)),
            Some(Kind::Number(_)) => self.numbers(),
            _ => {
                let word = self.word()?;
                self.named_imm(op, word)
            }
        }
    }

    /// `3` or `1, 2`.
    fn numbers(&mut self) -> Parsed<Imm> {
        let first: i64 = self.number()?;
        if !self.accept(',') {
            return Ok(Imm::Int(first));
        }
        let first = u32::try_from(first).map_err(|_| self.error("a count is not negative"))?;
        Ok(Imm::Pair(first, self.number()?))
    }

    /// An immediate that starts with a word.
    fn named_imm(&mut self, op: Op, word: &str) -> Parsed<Imm> {
        if word == "names" {
            let mut names = Vec::new();
            while matches!(self.peek(), Some(Kind::Word(_) | Kind::Str(_))) {
                names.push(self.name()?);
            }
            return Ok(Imm::Names(names.into()));
        }
        if let Some(number) = entity_number(word, "func") {
            if op != Op::Kernel {
                return Ok(Imm::Func(number));
            }
            self.expect(',')?;
            let word = self.word()?;
            let function = RuntimeFn::by_symbol(word);
            return function.map(|f| Imm::Kernel(number, f)).ok_or_else(|| self.error(format!("{word} is unknown")));
        }
        if let Some(number) = entity_number(word, "fn") {
            return Ok(Imm::Code(FuncId(number)));
        }
        let found = match op {
            Op::Runtime => RuntimeFn::by_symbol(word).map(Imm::Runtime),
            _ if word == "strict" => Some(Imm::Strict),
            _ => ErrorKind::ALL.iter().find(|k| k.text() == word).map(|k| Imm::Error(*k)),
        };
        found.ok_or_else(|| self.error(format!("{word} means nothing to {}", op.text())))
    }

    /// An operator and the closing bracket.
    fn operator(&mut self, op: Op) -> Parsed<Imm> {
        let mut text = String::new();
        while !self.accept(']') {
            match self.next() {
                Some(Kind::Mark(mark)) if text.len() < 4 => text.push(mark),
                Some(Kind::Word("not")) if text.is_empty() => text.push_str("not"),
                _ => return self.fail("expected an operator"),
            }
        }
        let found = match op {
            Op::PyUnary => {
                let all = [UnaryOp::Neg, UnaryOp::Pos, UnaryOp::Invert, UnaryOp::Not];
                all.into_iter().find(|o| o.symbol() == text).map(Imm::Unary)
            }
            Op::PyCompare => CmpOp::ALL.into_iter().find(|o| o.symbol() == text).map(Imm::Cmp),
            _ => {
                let plain = text.strip_suffix('=');
                let of = |symbol: &str| BinaryOp::ALL.into_iter().find(|o| o.symbol() == symbol);
                of(plain.unwrap_or(&text)).map(|o| Imm::Binary(o, plain.is_some()))
            }
        };
        found.ok_or_else(|| self.error(format!("no operator is written {text}")))
    }
}
