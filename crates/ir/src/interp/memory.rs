//! Blocks of memory and typed access to them.  Blocks are never reused, so a use of freed memory is always seen.

use super::value::{Pointer, Value};
use crate::eval::{Machine, Number};
use crate::ty::{Kind, Ty};

/// What fills memory that nobody has written: unlikely numbers, so that a forgotten write shows.
const FRESH: u8 = 0xcd;

/// A block of memory.
struct Memory {
    content: Content,
    /// Number of keepers; `None` for memory that is not ours to free.
    count: Option<i64>,
}

/// What is in a block.
enum Content {
    /// Plain bytes.
    Bytes(Vec<u8>),
    /// The header of a list.
    List(ListHeader),
    /// The items of a list, each place with what is there.
    Items(Vec<Option<Value>>),
    /// The code points of a string.
    Text(Vec<u32>),
    /// Items that a list has left for more room.
    Gone,
}

/// A list's header.
#[derive(Clone, Debug)]
pub struct ListHeader {
    /// Type of an item.
    pub item: Ty,
    /// Where the items are.
    pub items: Pointer,
    /// How many there are.
    pub length: i64,
    /// How many there is room for.
    pub room: i64,
}

/// All memory of a run.
pub struct Heap {
    blocks: Vec<Memory>,
    /// Bytes in counted blocks that are not freed.
    used: usize,
    limit: usize,
}

/// What is wrong with an access.
pub type Access<T> = Result<T, String>;

impl Heap {
    /// Empty memory.
    pub fn new(limit: usize) -> Heap {
        Heap { blocks: Vec::new(), used: 0, limit }
    }

    /// Memory that the caller keeps.
    pub fn foreign(&mut self, bytes: Vec<u8>) -> Pointer {
        self.push(Memory { content: Content::Bytes(bytes), count: None })
    }

    /// A fresh block with one keeper, `None` if that is more than allowed.
    pub fn allocate(&mut self, size: usize, zeroed: bool) -> Option<Pointer> {
        let used = self.used.checked_add(size).filter(|&used| used <= self.limit)?;
        self.used = used;
        let bytes = vec![if zeroed { 0 } else { FRESH }; size];
        Some(self.push(Memory { content: Content::Bytes(bytes), count: Some(1) }))
    }

    /// A fresh list with one keeper, or one that the caller keeps.
    pub fn list(&mut self, item: &Ty, room: i64, foreign: bool) -> Pointer {
        let items = self.push(Memory { content: Content::Items(vec![None; room.max(0) as usize]), count: None });
        let header = ListHeader { item: item.clone(), items, length: 0, room };
        self.push(Memory { content: Content::List(header), count: (!foreign).then_some(1) })
    }

    /// A string with one keeper, or one that nobody frees.
    pub fn text(&mut self, units: Vec<u32>, fixed: bool) -> Pointer {
        self.push(Memory { content: Content::Text(units), count: (!fixed).then_some(1) })
    }

    /// The code points of a string.
    pub fn text_content(&self, at: Pointer) -> Access<&[u32]> {
        let block = at.block.and_then(|b| self.blocks.get(b)).ok_or("a string that is null is looked at")?;
        match (&block.content, block.count) {
            (_, Some(0)) => Err("a freed string is looked at".into()),
            (Content::Text(units), _) => Ok(units),
            _ => Err("what is looked at is no string".into()),
        }
    }

    /// A list's header.
    pub fn list_header(&mut self, list: Pointer) -> Access<&mut ListHeader> {
        let block = list.block.and_then(|b| self.blocks.get_mut(b)).ok_or("a list that is null is looked at")?;
        match (&mut block.content, block.count) {
            (_, Some(0)) => Err("a freed list is looked at".into()),
            (Content::List(header), _) => Ok(header),
            _ => Err("what is looked at is no list".into()),
        }
    }

    /// Another place for a list's items, with more room.
    pub fn list_reserve(&mut self, list: Pointer, room: i64) -> Access<()> {
        let header = self.list_header(list)?.clone();
        if room <= header.room {
            return Ok(());
        }
        let mut items = std::mem::take(self.items(header.items)?);
        items.resize(room as usize, None);
        if let Some(old) = header.items.block.and_then(|b| self.blocks.get_mut(b)) {
            old.content = Content::Gone;
        }
        let items = self.push(Memory { content: Content::Items(items), count: None });
        let header = self.list_header(list)?;
        (header.items, header.room) = (items, room);
        Ok(())
    }

    /// The places of a list's items.
    pub fn items(&mut self, at: Pointer) -> Access<&mut Vec<Option<Value>>> {
        let block = at.block.and_then(|b| self.blocks.get_mut(b)).ok_or("items behind a null pointer")?;
        match &mut block.content {
            Content::Items(items) => Ok(items),
            Content::Gone => Err("items are looked at where they no longer are".into()),
            _ => Err("an address that is not that of items".into()),
        }
    }

    /// A list's items and their number, to look at.
    pub fn list_content(&self, list: Pointer) -> Access<(&[Option<Value>], usize)> {
        let block = list.block.and_then(|b| self.blocks.get(b)).ok_or("a list that is null is looked at")?;
        let (Content::List(header), false) = (&block.content, block.count == Some(0)) else {
            return Err("what is looked at is no list".into());
        };
        match header.items.block.and_then(|b| self.blocks.get(b)).map(|b| &b.content) {
            Some(Content::Items(items)) => Ok((items, header.length.max(0) as usize)),
            _ => Err("a list has no items".into()),
        }
    }

    /// Frees what the lists hold that the caller keeps.
    pub fn drop_foreign(&mut self) -> Access<()> {
        for list in 0..self.blocks.len() {
            let foreign = self.blocks.get(list).is_some_and(|b| b.count.is_none());
            if foreign {
                self.drop_items(list)?;
            }
        }
        Ok(())
    }

    /// Frees what a list holds.
    pub fn drop_items(&mut self, list: usize) -> Access<()> {
        let Some(Content::List(header)) = self.blocks.get(list).map(|b| &b.content) else { return Ok(()) };
        let header = header.clone();
        let items = std::mem::take(self.items(header.items)?);
        if let Some(place) = header.items.block.and_then(|b| self.blocks.get_mut(b)) {
            place.content = Content::Gone;
        }
        for (index, value) in items.iter().take(header.length.max(0) as usize).enumerate() {
            let value = value.as_ref().ok_or_else(|| format!("item {index} of a list is not there"))?;
            for owner in super::ownership::owners(value, &header.item, &[]) {
                self.count(owner, -1)?;
            }
        }
        Ok(())
    }

    fn push(&mut self, block: Memory) -> Pointer {
        self.blocks.push(block);
        Pointer { block: Some(self.blocks.len() - 1), offset: 0 }
    }

    /// One keeper more (`change` 1) or less (-1); null and foreign owners are not counted.
    pub fn count(&mut self, owner: Pointer, change: i64) -> Access<()> {
        let Some(block) = owner.block.and_then(|b| self.blocks.get_mut(b)) else { return Ok(()) };
        let Some(count) = &mut block.count else { return Ok(()) };
        if *count <= 0 {
            return Err(if change < 0 { "memory is released twice" } else { "freed memory is retained" }.into());
        }
        *count += change;
        match (*count, &block.content, owner.block) {
            (0, Content::Bytes(bytes), _) => self.used -= bytes.len(),
            (0, _, Some(list)) => self.drop_items(list)?,
            _ => {}
        }
        Ok(())
    }

    /// Number of counted blocks that are not freed.
    pub fn kept(&self) -> usize {
        self.blocks.iter().filter(|b| b.count.is_some_and(|c| c > 0)).count()
    }

    /// The bytes at an address.
    pub fn bytes(&self, at: Pointer, size: usize) -> Access<&[u8]> {
        let block = at.block.and_then(|b| self.blocks.get(b)).ok_or("an access through a null pointer")?;
        if block.count == Some(0) {
            return Err("an access to freed memory".into());
        }
        let Content::Bytes(bytes) = &block.content else { return Err("an access to a list as bytes".into()) };
        let range = usize::try_from(at.offset).ok().and_then(|start| Some(start..start.checked_add(size)?));
        range
            .and_then(|r| bytes.get(r))
            .ok_or_else(|| format!("an access at {} outside {} bytes", at.offset, bytes.len()))
    }

    /// Writes bytes at an address.
    pub fn write(&mut self, at: Pointer, bytes: &[u8]) -> Access<()> {
        self.bytes(at, bytes.len())?;
        let block = at.block.and_then(|b| self.blocks.get_mut(b)).map(|b| &mut b.content);
        let Some(Content::Bytes(all)) = block else { return Ok(()) };
        all.get_mut(at.offset as usize..).into_iter().flatten().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(())
    }

    /// Reads a value of a number's type.
    pub fn load(&self, at: Pointer, ty: &Ty) -> Access<Value> {
        let (part, parts) = element(ty).ok_or_else(|| format!("values of type {ty} are not read from memory"))?;
        let size = size(part);
        let mut values = Vec::new();
        for index in 0..parts {
            let place = Pointer { offset: at.offset + (index * size) as i64, ..at };
            values.push(Value::Number(decode(self.bytes(place, size)?, part)));
        }
        Ok(match (parts, values.pop()) {
            (1, Some(only)) => only,
            (_, last) => Value::Fields(values.into_iter().chain(last).collect()),
        })
    }

    /// Writes a value of a number's type.
    pub fn store(&mut self, at: Pointer, value: &Value, ty: &Ty) -> Access<()> {
        let (part, _) = element(ty).ok_or_else(|| format!("values of type {ty} are not written to memory"))?;
        let parts = match value {
            Value::Fields(fields) => fields.to_vec(),
            one => vec![one.clone()],
        };
        for (index, value) in parts.iter().enumerate() {
            let Value::Number(number) = value else { return Err("an undefined value is stored".into()) };
            let place = Pointer { offset: at.offset + (index * size(part)) as i64, ..at };
            let (bytes, length) = encode(*number);
            self.write(place, bytes.get(..length).unwrap_or(&[]))?;
        }
        Ok(())
    }
}

/// The machine form of the parts of an element, and their number.
fn element(ty: &Ty) -> Option<(Machine, usize)> {
    match ty {
        Ty::Complex => Some((Machine::F64, 2)),
        Ty::Scalar(d) if d.kind() == Kind::Complex => Some((Machine::of_dtype(d.real())?, 2)),
        _ => Some((Machine::of(ty)?, 1)),
    }
}

/// Bytes of an element of this type, `None` if it does not live in memory.
pub fn element_size(ty: &Ty) -> Option<i64> {
    element(ty).map(|(part, parts)| (size(part) * parts) as i64)
}

fn size(machine: Machine) -> usize {
    machine.bits().div_ceil(8) as usize
}

fn decode(bytes: &[u8], machine: Machine) -> Number {
    let mut word = [0u8; 8];
    word.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
    let bits = u64::from_le_bytes(word);
    match machine {
        Machine::Bool => Number::Bool(bits != 0),
        Machine::Int(width) => Number::wrapped(i128::from(bits), width),
        Machine::F16 => Number::F16(coachwhip_abi::Half(bits as u16)),
        Machine::F32 => Number::F32(f32::from_bits(bits as u32)),
        Machine::F64 => Number::F64(f64::from_bits(bits)),
    }
}

/// The bytes of a number and how many of them count.
fn encode(number: Number) -> ([u8; 8], usize) {
    let bits = match number {
        Number::Bool(b) => u64::from(b),
        Number::Int(i, _) => i as u64,
        Number::F16(x) => u64::from(x.0),
        Number::F32(x) => u64::from(x.to_bits()),
        Number::F64(x) => x.to_bits(),
    };
    (bits.to_le_bytes(), size(number.machine()))
}
