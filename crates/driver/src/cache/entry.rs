//! What is kept of a compile, and its binary form: header, content, and a keyed hash of both.

use super::bytes::{Reader, Writer};
use super::walk::Part;
use crate::behaviour::Behaviour;
use lz4_flex::block::{compress_prepend_size, decompress_size_prepended};

/// The beginning of every entry; the number is that of the format.
const MAGIC: &[u8; 8] = b"CWCACHE3";
/// Size of the keyed hash at the end.
pub const SEAL: usize = 32;

/// Identifies an entry: equal keys mean equal code.
pub type Key = [u8; 32];

/// The secret with which entries are sealed, so that nobody else can plant one.
pub type Secret = [u8; 32];

/// Something open in the object code, and where to find it in a program with the same key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hole {
    /// The linker's symbol in the object code.
    pub symbol: String,
    /// What it stands for.
    pub what: Thing,
}

/// What an open symbol stands for; numbers are those of the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// A global array.
    Array(u32),
    /// A C function.
    Native(u32),
    /// A user's exception class.
    Class(u32),
    /// The origin of a function.
    Origin(u32),
    /// The origin of a function of the package: its file within, and its first line.
    Package(String, u32),
    /// A library function compiled by itself: its name and its entry's key.
    Function(String, Key),
}

/// What is kept of a compile.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Entry {
    /// Name of the root function.
    pub name: String,
    /// Where the root function stands, for words only: as in [`super::differ::home`], and its first line.
    pub home: String,
    /// See `home`.
    pub line: u32,
    /// When it was made, in nanoseconds since 1970.
    pub created: u64,
    /// How long it took to compile, in nanoseconds.
    pub took: u64,
    /// What the key was made of.
    pub parts: Vec<Part>,
    /// Result type, its numbers those of the walk.
    pub ret: String,
    /// What a call may do.
    pub behaviour: Behaviour,
    /// Of a library function: a rule inside wants a constant where it gets a widened argument.  If there is no code,
    /// it cannot be compiled without.
    pub wants_constant: bool,
    /// Symbol of the root.
    pub symbol: String,
    /// The functions that the object defines for others.
    pub symbols: Vec<String>,
    /// What it leaves open, besides run-time functions.
    pub holes: Vec<Hole>,
    /// Library functions from which the walk went on.
    pub libraries: Vec<String>,
    /// Object code.
    pub code: Vec<u8>,
}

impl Entry {
    /// The binary form.
    pub fn write(&self, key: &Key, build: &[u8; 32], secret: &Secret) -> Vec<u8> {
        let mut out = Writer::default();
        out.raw(MAGIC);
        out.number(0);
        out.raw(build);
        out.raw(key);
        self.content(&mut out);
        let size = (out.0.len() + SEAL) as u64;
        if let Some(place) = out.0.get_mut(MAGIC.len()..MAGIC.len() + 8) {
            place.copy_from_slice(&size.to_le_bytes());
        }
        let seal = *blake3::keyed_hash(secret, &out.0).as_bytes();
        out.raw(&seal);
        out.0
    }

    /// Reads an entry; `None` if it is damaged in any way or was not sealed with the secret, or is not the one that
    /// is `wanted`, by key and build.
    pub fn read(data: &[u8], wanted: Option<(&Key, &[u8; 32])>, secret: &Secret) -> Option<Entry> {
        let (sealed, seal) = data.split_at_checked(data.len().checked_sub(SEAL)?)?;
        let seal = blake3::Hash::from_bytes(*seal.first_chunk()?);
        let mut header = Reader::new(sealed);
        let expected = header.raw(MAGIC.len())? == MAGIC
            && header.number()? == data.len() as u64
            && matches_wanted(header.array()?, header.array()?, wanted);
        // The comparison of `blake3::Hash` takes the same time whatever differs.
        if !expected || blake3::keyed_hash(secret, sealed) != seal {
            return None;
        }
        Entry::from_content(&mut header).filter(|_| header.at_end())
    }

    fn content(&self, out: &mut Writer) {
        out.text(&self.name);
        out.text(&self.home);
        out.number(u64::from(self.line));
        out.number(self.created);
        out.number(self.took);
        out.list(&self.parts, |out, part| {
            out.text(&part.label);
            out.raw(&part.hash);
            out.text(&part.text);
        });
        out.text(&self.ret);
        let behaviour = self.behaviour;
        out.byte(
            u8::from(behaviour.loops)
                | u8::from(behaviour.recursive) << 1
                | u8::from(self.wants_constant) << 2
                | u8::from(behaviour.changes) << 3
                | u8::from(behaviour.mixes) << 4,
        );
        out.number(behaviour.lists);
        out.text(&self.symbol);
        out.list(&self.symbols, |out, symbol| out.text(symbol));
        out.list(&self.holes, |out, hole| {
            out.text(&hole.symbol);
            hole.what.write(out);
        });
        out.list(&self.libraries, |out, name| out.text(name));
        out.bytes(&compress_prepend_size(&self.code));
    }

    fn from_content(data: &mut Reader<'_>) -> Option<Entry> {
        let (name, home) = (data.text()?.to_owned(), data.text()?.to_owned());
        let line = u32::try_from(data.number()?).ok()?;
        let (created, took) = (data.number()?, data.number()?);
        let parts = data.list(|data| {
            Some(Part { label: data.text()?.to_owned(), hash: data.array()?, text: data.text()?.to_owned() })
        })?;
        let ret = data.text()?.to_owned();
        let flags = data.byte()?;
        let lists = data.number()?;
        Some(Entry {
            name,
            home,
            line,
            created,
            took,
            parts,
            ret,
            behaviour: Behaviour {
                loops: flags & 1 != 0,
                recursive: flags & 2 != 0,
                changes: flags & 8 != 0,
                mixes: flags & 16 != 0,
                lists,
            },
            wants_constant: flags & 4 != 0,
            symbol: data.text()?.to_owned(),
            symbols: data.list(|data| data.text().map(str::to_owned))?,
            holes: data.list(|data| Some(Hole { symbol: data.text()?.to_owned(), what: Thing::read(data)? }))?,
            libraries: data.list(|data| data.text().map(str::to_owned))?,
            code: unpacked(data.bytes()?)?,
        })
    }
}

/// Object code, which is kept compressed: half of it are tables with few different numbers.
fn unpacked(data: &[u8]) -> Option<Vec<u8>> {
    let size = u32::from_le_bytes(*data.first_chunk()?) as usize;
    // No byte stands for more than 255: a size beyond that is damage.
    if size > 255 * data.len() { None } else { decompress_size_prepended(data).ok() }
}

fn matches_wanted(build: [u8; 32], key: Key, wanted: Option<(&Key, &[u8; 32])>) -> bool {
    wanted.is_none_or(|(wanted_key, wanted_build)| key == *wanted_key && build == *wanted_build)
}

impl Thing {
    fn write(&self, out: &mut Writer) {
        let (kind, number) = match self {
            Thing::Array(n) => (0, *n),
            Thing::Native(n) => (1, *n),
            Thing::Class(n) => (2, *n),
            Thing::Origin(n) => (3, *n),
            Thing::Package(_, first) => (4, *first),
            Thing::Function(..) => (5, 0),
        };
        out.byte(kind);
        out.number(u64::from(number));
        match self {
            Thing::Package(file, _) => out.text(file),
            Thing::Function(name, key) => {
                out.text(name);
                out.raw(key);
            }
            _ => {}
        }
    }

    fn read(data: &mut Reader<'_>) -> Option<Thing> {
        let kind = data.byte()?;
        let number = u32::try_from(data.number()?).ok()?;
        Some(match kind {
            0 => Thing::Array(number),
            1 => Thing::Native(number),
            2 => Thing::Class(number),
            3 => Thing::Origin(number),
            4 => Thing::Package(data.text()?.to_owned(), number),
            5 => Thing::Function(data.text()?.to_owned(), data.array()?),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = [7; 32];
    const BUILD: [u8; 32] = [3; 32];
    const SECRET: Secret = [9; 32];

    fn entry() -> Entry {
        let part = Part::new("the code of f", "x");
        let holes = vec![
            Hole { symbol: "cw_array_3".into(), what: Thing::Array(1) },
            Hole { symbol: "cw_origin_9".into(), what: Thing::Package("lib/arrays.py".into(), 12) },
        ];
        Entry {
            name: "f".into(),
            home: "module.py".into(),
            line: 7,
            created: 12,
            took: 5,
            parts: vec![part],
            ret: "tuple<int, float>".into(),
            behaviour: Behaviour { loops: true, ..Behaviour::default() },
            symbol: "cw_f.0".into(),
            symbols: vec!["cw_f.0.entry".into()],
            holes,
            libraries: vec!["numpy.sum".into()],
            code: vec![1, 2, 3],
            ..Entry::default()
        }
    }

    fn read(data: &[u8]) -> Option<Entry> {
        Entry::read(data, Some((&KEY, &BUILD)), &SECRET)
    }

    #[test]
    fn what_was_written_is_read() {
        let data = entry().write(&KEY, &BUILD, &SECRET);
        assert_eq!(read(&data), Some(entry()));
        assert_eq!(Entry::read(&data, None, &SECRET), Some(entry()));
    }

    #[test]
    fn damage_at_any_place_is_absence() {
        let data = entry().write(&KEY, &BUILD, &SECRET);
        for position in 0..data.len() {
            for bit in 0..8 {
                let mut damaged = data.clone();
                damaged[position] ^= 1 << bit;
                assert_eq!(read(&damaged), None, "bit {bit} of byte {position}");
            }
            assert_eq!(read(&data[..position]), None, "{position} bytes");
        }
        let longer = [&*data, &[0]].concat();
        assert_eq!(read(&longer), None);
    }

    #[test]
    fn other_keys_builds_and_secrets_are_absence() {
        let data = entry().write(&KEY, &BUILD, &SECRET);
        assert_eq!(Entry::read(&data, Some((&[8; 32], &BUILD)), &SECRET), None);
        assert_eq!(Entry::read(&data, Some((&KEY, &[8; 32])), &SECRET), None);
        assert_eq!(Entry::read(&data, None, &[8; 32]), None);
    }

    #[test]
    fn sealed_nonsense_is_absence() {
        // What a bug of ours may have written: lengths far beyond the data, texts that are no text.
        let data = entry().write(&KEY, &BUILD, &SECRET);
        let sealed = data.len() - SEAL;
        for position in 80..sealed {
            for byte in [0, 0xff, 0x80] {
                let mut damaged = data[..sealed].to_vec();
                damaged[position] = byte;
                damaged.extend_from_slice(blake3::keyed_hash(&SECRET, &damaged.clone()).as_bytes());
                // Must come back, with whatever there is to read.
                let _ = read(&damaged);
            }
        }
    }
}
