//! `co_linetable` (CPython 3.11 and later) to one position per code unit, without the interpreter's slow
//! iterator.  The format is described in CPython's `Objects/locations.md`.

/// Line, end line, column, end column; each may be unknown.
pub type Position = (Option<u32>, Option<u32>, Option<u32>, Option<u32>);

/// The positions of all code units.
pub fn decode(table: &[u8], firstlineno: u32) -> Vec<Position> {
    let mut reader = Reader { bytes: table.iter() };
    let mut line = firstlineno as i64;
    let mut positions = Vec::new();
    while let Some(&first) = reader.bytes.next() {
        let units = (first & 7) as usize + 1;
        let position = entry(first >> 3 & 15, &mut line, &mut reader);
        positions.extend(std::iter::repeat_n(position, units));
    }
    positions
}

fn entry(kind: u8, line: &mut i64, reader: &mut Reader) -> Position {
    let known = |line: i64| u32::try_from(line).ok();
    match kind {
        15 => (None, None, None, None),
        14 => {
            *line += reader.signed();
            let end = *line + reader.varint() as i64;
            let column = reader.varint().checked_sub(1);
            let end_column = reader.varint().checked_sub(1);
            (known(*line), known(end), column, end_column)
        }
        13 => {
            *line += reader.signed();
            (known(*line), known(*line), None, None)
        }
        10..=12 => {
            *line += kind as i64 - 10;
            let (column, end) = (reader.byte(), reader.byte());
            (known(*line), known(*line), Some(column), Some(end))
        }
        _ => {
            let second = reader.byte();
            let column = (kind as u32) << 3 | second >> 4;
            (known(*line), known(*line), Some(column), Some(column + (second & 15)))
        }
    }
}

struct Reader<'a> {
    bytes: std::slice::Iter<'a, u8>,
}

impl Reader<'_> {
    fn byte(&mut self) -> u32 {
        self.bytes.next().copied().unwrap_or(0) as u32
    }

    fn varint(&mut self) -> u32 {
        let mut value = 0;
        for shift in (0..30).step_by(6) {
            let byte = self.byte();
            value |= (byte & 63) << shift;
            if byte & 64 == 0 {
                break;
            }
        }
        value
    }

    fn signed(&mut self) -> i64 {
        let value = self.varint() as i64;
        if value & 1 != 0 { -(value >> 1) } else { value >> 1 }
    }
}
