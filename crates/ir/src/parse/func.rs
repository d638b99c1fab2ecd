//! A function: its header, its places, its blocks.

use super::Parsed;
use super::cursor::Cursor;
use crate::entity::{Entity, Map};
use crate::func::{Block, BlockData, Def, Func, Value, ValueData};
use crate::loc::{Loc, LocData};
use crate::ty::Ty;

/// A function under construction.
pub struct Reader<'c, 't> {
    /// The text.
    pub cursor: &'c mut Cursor<'t>,
    /// The function.
    pub func: Func,
    /// Values used, with the line, to be checked at the end.
    pub used_values: Vec<(Value, u32)>,
    /// Blocks used, with the line.
    pub used_blocks: Vec<(Block, u32)>,
    has_value: Vec<bool>,
    has_block: Vec<bool>,
}

/// Reads a function.
pub fn parse(cursor: &mut Cursor<'_>) -> Parsed<Func> {
    let func = header(cursor)?;
    let (used_values, used_blocks) = (Vec::new(), Vec::new());
    let mut reader = Reader { cursor, func, used_values, used_blocks, has_value: Vec::new(), has_block: Vec::new() };
    reader.body()?;
    reader.check_uses()?;
    Ok(reader.func)
}

/// Everything up to the `{`.  The function has no blocks yet.
fn header(cursor: &mut Cursor<'_>) -> Parsed<Func> {
    cursor.expect_word("func")?;
    cursor.expect('@')?;
    let symbol = cursor.name()?;
    let name = cursor.quoted()?;
    let function = name.clone();
    let place =
        LocData { function, file: "<text>".into(), line: 0, column: 0, end_line: 0, end_column: 0, inlined_at: None };
    let mut func = Func::new(&*symbol, name, place);
    (func.blocks, func.order) = (Map::new(), Vec::new());
    cursor.expect('(')?;
    func.params = cursor.params()?;
    if cursor.accept_word("captures") {
        cursor.expect('(')?;
        func.captures = cursor.list(')', Cursor::name)?;
    }
    func.of_library = cursor.accept_word("library");
    if cursor.accept_word("reads_once") {
        cursor.expect('(')?;
        func.reads_once = cursor.list(')', Cursor::name)?;
    }
    if cursor.accept_word("options") {
        cursor.expect('(')?;
        func.options = cursor.options()?;
    }
    cursor.expect('-')?;
    cursor.expect('>')?;
    func.ret = cursor.ty()?;
    func.entry = Block(u32::MAX);
    if cursor.accept_word("entry") {
        func.entry = Block(cursor.entity("block")?);
    }
    cursor.expect('{')?;
    Ok(func)
}

impl Reader<'_, '_> {
    /// Places and blocks, and the closing brace.
    fn body(&mut self) -> Parsed<()> {
        self.places()?;
        while !self.cursor.accept('}') {
            self.block()?;
        }
        let first = self.func.order.first().copied();
        let first = first.ok_or_else(|| self.cursor.error("a function has at least one block"))?;
        if self.func.entry == Block(u32::MAX) {
            self.func.entry = first;
        }
        self.used_blocks.push((self.func.entry, self.cursor.line()));
        Ok(())
    }

    /// The table of places, if there is one.
    fn places(&mut self) -> Parsed<()> {
        if self.cursor.peek_entity("loc").is_none() {
            return Ok(());
        }
        self.func.locs = Map::new();
        while self.cursor.peek_entity("loc").is_some() {
            let number = self.cursor.entity("loc")?;
            if number as usize != self.func.locs.len() {
                return self.cursor.fail("places are numbered from 0 in order");
            }
            self.cursor.expect(':')?;
            let place = self.place()?;
            self.func.locs.push(place);
        }
        Ok(())
    }

    /// `"file" "function" 1:2 to 1:5 inlined at loc0`.
    fn place(&mut self) -> Parsed<LocData> {
        let c = &mut *self.cursor;
        let (file, function) = (c.quoted()?, c.quoted()?);
        let (line, column) = (c.number()?, (c.expect(':')?, c.number()?).1);
        c.expect_word("to")?;
        let (end_line, end_column) = (c.number()?, (c.expect(':')?, c.number()?).1);
        let mut inlined_at = None;
        if c.accept_word("inlined") {
            c.expect_word("at")?;
            let at = c.entity("loc")?;
            if at as usize >= self.func.locs.len() {
                return c.fail("a place is inlined at an earlier place");
            }
            inlined_at = Some(Loc(at));
        }
        Ok(LocData { function, file, line, column, end_line, end_column, inlined_at })
    }

    /// `block1(v2: int):` and its instructions.
    fn block(&mut self) -> Parsed<()> {
        let block = Block(self.cursor.entity("block")?);
        self.check_number(block.index())?;
        if self.func.blocks.len() <= block.index() {
            self.func.blocks.resize(block.index() + 1, BlockData::default());
            self.has_block.resize(block.index() + 1, false);
        }
        if self.has_block.get_mut(block.index()).is_none_or(|seen| std::mem::replace(seen, true)) {
            return self.cursor.fail(format!("{block} is defined twice"));
        }
        self.func.order.push(block);
        self.cursor.expect('(')?;
        let mut position = 0;
        while !self.cursor.accept(')') {
            let param = self.definition(Def::Param(block, position))?;
            self.func.blocks[block].params.push(param);
            position += 1;
            if !self.cursor.accept(',') {
                self.cursor.expect(')')?;
                break;
            }
        }
        self.cursor.expect(':')?;
        while self.cursor.peek_entity("block").is_none() && self.cursor.peek() != Some(&super::lexer::Kind::Mark('}')) {
            let inst = self.inst()?;
            self.func.blocks[block].insts.push(inst);
        }
        Ok(())
    }

    /// `v3: int`: a value where it is defined.
    pub fn definition(&mut self, def: Def) -> Parsed<Value> {
        let value = Value(self.cursor.entity("v")?);
        self.check_number(value.index())?;
        if self.func.values.len() <= value.index() {
            let nothing = ValueData { ty: Ty::Never, def: Def::Param(Block(0), u32::MAX) };
            self.func.values.resize(value.index() + 1, nothing);
            self.has_value.resize(value.index() + 1, false);
        }
        if self.has_value.get_mut(value.index()).is_none_or(|seen| std::mem::replace(seen, true)) {
            return self.cursor.fail(format!("{value} is defined twice"));
        }
        if let Some(super::lexer::Kind::Str(_)) = self.cursor.peek() {
            let variable = self.cursor.quoted()?;
            self.func.variables.insert(value, variable);
        }
        let ty = if self.cursor.accept(':') { self.cursor.ty()? } else { Ty::Any };
        self.func.values[value] = ValueData { ty, def };
        Ok(value)
    }

    /// A value where it is used.
    pub fn used(&mut self) -> Parsed<Value> {
        let line = self.cursor.line();
        let value = Value(self.cursor.entity("v")?);
        self.used_values.push((value, line));
        Ok(value)
    }

    /// Refuses numbers that would make the tables much larger than the text.
    fn check_number(&self, index: usize) -> Parsed<()> {
        if index < 4096 + 64 * self.cursor.length {
            Ok(())
        } else {
            self.cursor.fail("the number is too large for so short a text")
        }
    }

    /// Everything used is defined.
    fn check_uses(&self) -> Parsed<()> {
        let has = |table: &[bool], index: usize| table.get(index).copied().unwrap_or(false);
        if let Some((value, line)) = self.used_values.iter().find(|(v, _)| !has(&self.has_value, v.index())) {
            return Err(super::ParseError { line: *line, message: format!("{value} is not defined") });
        }
        if let Some((block, line)) = self.used_blocks.iter().find(|(b, _)| !has(&self.has_block, b.index())) {
            return Err(super::ParseError { line: *line, message: format!("{block} is not defined") });
        }
        Ok(())
    }
}
