//! The line table of an object: rows of addresses and places. Packed, numbers take seven bits a byte.

use super::{Function, Origin, Place, Places};
use std::collections::HashMap;
use std::sync::Arc;

/// From an offset in the object's code on, instructions come from a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Offset in the code section.
    pub offset: u32,
    /// Number of the place.
    pub place: u32,
}

/// A line table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Functions by number.
    pub functions: Vec<Function>,
    /// Places by number; a call comes before what was inlined there.
    pub places: Vec<Place>,
    /// Rows by offset.
    pub rows: Vec<Row>,
}

impl Table {
    /// The table of an object whose rows have the numbers of `places`: only what is used, numbered anew.
    pub fn new(rows: &[Row], places: &Places) -> Table {
        let mut table = Table::default();
        let (mut functions, mut numbers) = (HashMap::new(), HashMap::new());
        for row in rows {
            let Some(place) = table.take(row.place, places, &mut functions, &mut numbers) else { continue };
            // Of several rows for one address the last counts.
            table.rows.pop_if(|last| last.offset == row.offset);
            if table.rows.last().is_none_or(|last| last.place != place) {
                table.rows.push(Row { offset: row.offset, place });
            }
        }
        table
    }

    fn take(
        &mut self,
        number: u32,
        places: &Places,
        functions: &mut HashMap<u32, u32>,
        numbers: &mut HashMap<u32, u32>,
    ) -> Option<u32> {
        if let Some(&known) = numbers.get(&number) {
            return Some(known);
        }
        let (function, mut place) = places.get(number)?;
        if let Some(outer) = place.inlined_at {
            place.inlined_at = Some(self.take(outer, places, functions, numbers)?);
        }
        place.function = *functions.entry(place.function).or_insert_with(|| {
            self.functions.push(function.clone());
            self.functions.len() as u32 - 1
        });
        self.places.push(place);
        let new = self.places.len() as u32 - 1;
        numbers.insert(number, new);
        Some(new)
    }

    /// The numbers of the origins that it needs.
    pub fn origins(&self) -> impl Iterator<Item = u32> {
        self.functions.iter().filter_map(|f| match f.origin {
            Origin::Number(number) => Some(number),
            Origin::File(_) => None,
        })
    }

    /// The packed form.
    pub fn pack(&self) -> Vec<u8> {
        let mut out = Vec::new();
        number(&mut out, self.functions.len() as u64);
        for function in &self.functions {
            text(&mut out, &function.name);
            match &function.origin {
                Origin::Number(n) => number(&mut out, u64::from(*n) + 1),
                Origin::File(file) => {
                    number(&mut out, 0);
                    text(&mut out, file);
                }
            }
        }
        number(&mut out, self.places.len() as u64);
        for place in &self.places {
            number(&mut out, u64::from(place.function));
            number(&mut out, u64::from(place.line));
            number(&mut out, place.inlined_at.map_or(0, |n| u64::from(n) + 1));
        }
        number(&mut out, self.rows.len() as u64);
        let mut before = Row { offset: 0, place: 0 };
        for row in &self.rows {
            number(&mut out, u64::from(row.offset - before.offset));
            let step = i64::from(row.place) - i64::from(before.place);
            number(&mut out, (step << 1 ^ step >> 63) as u64);
            before = *row;
        }
        out
    }

    /// Reads the packed form; `None` if it is damaged.
    pub fn unpack(data: &[u8]) -> Option<Table> {
        let mut data = Reader(data);
        let mut table = Table::default();
        for _ in 0..data.number()? {
            let name = data.text()?;
            let origin = match data.number()? {
                0 => Origin::File(data.text()?),
                n => Origin::Number(u32::try_from(n - 1).ok()?),
            };
            table.functions.push(Function { name, origin });
        }
        for _ in 0..data.number()? {
            let (function, line) = (u32::try_from(data.number()?).ok()?, u32::try_from(data.number()?).ok()?);
            let inlined_at = data.number()?.checked_sub(1).map(u32::try_from).transpose().ok()?;
            let known = inlined_at.is_none_or(|n| (n as usize) < table.places.len());
            if !known || function as usize >= table.functions.len() {
                return None;
            }
            table.places.push(Place { function, line, inlined_at });
        }
        let mut before = Row { offset: 0, place: 0 };
        for _ in 0..data.number()? {
            let offset = u64::from(before.offset).checked_add(data.number()?)?;
            let step = data.number()?;
            let step = (step >> 1) as i64 ^ -((step & 1) as i64);
            let place = i64::from(before.place).checked_add(step)?;
            before = Row { offset: u32::try_from(offset).ok()?, place: u32::try_from(place).ok()? };
            table.places.get(before.place as usize)?;
            table.rows.push(before);
        }
        data.0.is_empty().then_some(table)
    }
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn text(out: &mut Vec<u8>, text: &str) {
    number(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

struct Reader<'d>(&'d [u8]);

impl Reader<'_> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn text(&mut self) -> Option<Arc<str>> {
        let size = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(size)?;
        self.0 = rest;
        Some(Arc::from(std::str::from_utf8(text).ok()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let function = |name: &str, origin| Function { name: name.into(), origin };
        Table {
            functions: vec![function("f", Origin::Number(3)), function("g<é>", Origin::File("a b.py".into()))],
            places: vec![
                Place { function: 0, line: 2, inlined_at: None },
                Place { function: 1, line: 1000, inlined_at: Some(0) },
            ],
            rows: vec![Row { offset: 0, place: 0 }, Row { offset: 300, place: 1 }, Row { offset: 301, place: 0 }],
        }
    }

    #[test]
    fn what_was_packed_is_read() {
        assert_eq!(Table::unpack(&table().pack()), Some(table()));
        assert_eq!(Table::unpack(&Table::default().pack()), Some(Table::default()));
    }

    #[test]
    fn damage_is_seen_or_harmless() {
        let data = table().pack();
        for at in 0..data.len() {
            assert_eq!(Table::unpack(&data[..at]), None, "{at} bytes");
            for byte in [0, 1, 0x7f, 0x80, 0xff] {
                let mut damaged = data.clone();
                damaged[at] = byte;
                if let Some(read) = Table::unpack(&damaged) {
                    assert!(read.rows.iter().all(|r| (r.place as usize) < read.places.len()));
                }
            }
        }
    }
}
