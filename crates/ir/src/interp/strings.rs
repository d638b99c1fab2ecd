//! Strings: what reads them, and the functions of the run time that make and compare them.

use super::Stop;
use super::machine::{Machine, wrong};
use super::memory::Heap;
use super::value::{Pointer, Value};
use crate::constant::Const;
use crate::func::{Func, InstData};
use crate::op::Op;
use crate::ty::{RefTy, Ty};
use coachwhip_abi::{ErrorKind, RuntimeFn};
use std::cmp::Ordering;

type Done = Result<(), Stop>;

/// A string of more characters than this is not made here.
const MOST_CHARACTERS: usize = 1 << 22;

/// The code points of a constant.
pub fn units(constant: &Const) -> Option<Vec<u32>> {
    match constant {
        Const::Str(text) => Some(text.chars().map(u32::from).collect()),
        Const::Bytes(bytes) => Some(bytes.iter().map(|&b| u32::from(b)).collect()),
        _ => None,
    }
}

/// The constant of a string; `None` if a lone surrogate is in it.
pub fn constant(units: &[u32], ty: &RefTy) -> Option<Const> {
    match ty {
        RefTy::Bytes => Some(Const::Bytes(units.iter().map(|&u| u as u8).collect::<Vec<u8>>().into())),
        _ => {
            let text: Option<String> = units.iter().map(|&u| char::from_u32(u)).collect();
            Some(Const::Str(text?.into()))
        }
    }
}

/// A constant as a string that nobody frees.
pub fn fixed(heap: &mut Heap, constant: &Const) -> Option<Value> {
    units(constant).map(|units| Value::Pointer(heap.text(units, true)))
}

/// Bytes of a code point of such a string.
fn width(units: &[u32]) -> i64 {
    match units.iter().copied().max().unwrap_or(0) {
        0..=0xff => 1,
        0x100..=0xffff => 2,
        _ => 4,
    }
}

/// Whether a run-time function is one of strings.
pub fn is_of_strings(function: RuntimeFn) -> bool {
    use RuntimeFn::*;
    matches!(
        function,
        StrChar
            | StrConcat
            | StrConcatChar
            | StrAppend
            | StrAppendChar
            | StrRepeat
            | StrSlice
            | StrEqual
            | StrCompare
            | StrFind
            | StrFindChar
            | StrSame
    )
}

impl<'m> Machine<'m, '_> {
    /// The code points of the string that is an operand.
    fn text(&mut self, data: &InstData, index: usize) -> Result<Vec<u32>, Stop> {
        let at = self.pointer(data, index)?;
        self.heap.text_content(at).map(<[u32]>::to_vec).map_err(Stop::Wrong)
    }

    /// An operation on strings.
    pub fn string(&mut self, func: &'m Func, data: &InstData) -> Done {
        match data.op {
            Op::TextLen => {
                let length = self.text(data, 0)?.len() as i64;
                self.give(data, Value::int(length))
            }
            Op::TextWidth => {
                let width = width(&self.text(data, 0)?);
                self.give(data, Value::int(width))
            }
            Op::TextUnits => {
                let at = self.pointer(data, 0)?;
                self.heap.text_content(at).map_err(Stop::Wrong)?;
                self.give(data, Value::Pointer(Pointer { offset: 0, ..at }))
            }
            Op::TextUnit => {
                let (text, given, index) = (self.text(data, 0)?, self.int(data, 1)?, self.int(data, 2)?);
                if given != width(&text) {
                    return wrong(format!("code points of {given} bytes in a string of {}", width(&text)));
                }
                match usize::try_from(index).ok().and_then(|i| text.get(i)) {
                    Some(&unit) => self.give(data, Value::int(i64::from(unit))),
                    None => wrong(format!("character {index} of {}", text.len())),
                }
            }
            Op::TextAsk => Err(Stop::Unsupported("what Python itself computes".into())),
            _ => self.make(func, data),
        }
    }

    /// A text whose pieces are strings; formatting numbers is Python's business.
    fn make(&mut self, func: &Func, data: &InstData) -> Done {
        let (value, ty) = (self.operand(data, 0)?, data.args.first().map(|&v| func.ty(v).clone()));
        let mut made = Vec::new();
        match (value, ty) {
            (Value::Fields(fields), Some(Ty::Text(pieces))) => self.join(&fields, &pieces, &mut made)?,
            _ => return wrong("the operand is no text"),
        }
        self.give_text(data, made)
    }

    fn join(&mut self, values: &[Value], pieces: &[Ty], made: &mut Vec<u32>) -> Done {
        for (value, ty) in values.iter().zip(pieces) {
            match (ty, value) {
                (Ty::Lit(c), _) => made.extend(units(c).unwrap_or_default()),
                (Ty::Tuple(fields), Value::Fields(parts)) => match (&**fields, parts.first()) {
                    ([Ty::Text(inner), ..], Some(Value::Fields(values))) => self.join(values, inner, made)?,
                    ([ty, spec, conversion], Some(value)) => {
                        let plain = spec.literal().is_none_or(|c| *c == Const::None)
                            && matches!(conversion.literal(), Some(Const::Int(0 | 115)));
                        match (ty, value.as_pointer(), value.field(0).and_then(Value::as_int)) {
                            (ty, Some(at), _) if plain && ty.is_str() => {
                                made.extend(self.heap.text_content(at).map_err(Stop::Wrong)?);
                            }
                            (Ty::Char, _, Some(unit)) if plain => made.push(unit as u32),
                            (Ty::Int, ..) if plain => match value.as_int() {
                                Some(n) => made.extend(n.to_string().chars().map(u32::from)),
                                None => return wrong("an undefined int is formatted"),
                            },
                            _ => return Err(Stop::Unsupported(format!("{ty} as text"))),
                        }
                    }
                    _ => return wrong("a piece has not three fields"),
                },
                _ => return Err(Stop::Unsupported(format!("{ty} as text"))),
            }
        }
        Ok(())
    }

    fn give_text(&mut self, data: &InstData, units: Vec<u32>) -> Done {
        if units.len() > MOST_CHARACTERS {
            return Err(Stop::Unsupported(format!("a string of {} characters", units.len())));
        }
        let made = self.heap.text(units, false);
        self.give(data, Value::Pointer(made))
    }

    /// A run-time function of strings.
    pub fn string_function(&mut self, data: &InstData, function: RuntimeFn) -> Done {
        use RuntimeFn::*;
        let made = match function {
            StrChar => vec![self.int(data, 0)? as u32],
            StrConcat | StrAppend => [self.text(data, 0)?, self.text(data, 1)?].concat(),
            StrConcatChar | StrAppendChar => {
                let mut text = self.text(data, 0)?;
                text.push(self.int(data, 1)? as u32);
                text
            }
            StrRepeat => {
                let (text, times) = (self.text(data, 0)?, self.int(data, 1)?.max(0) as usize);
                match text.len().checked_mul(times) {
                    Some(length) if length <= MOST_CHARACTERS => text.repeat(times),
                    _ => return self.fail(ErrorKind::OutOfMemory, vec![]),
                }
            }
            StrSlice => self.slice(data)?,
            _ => return self.question(data, function),
        };
        if matches!(function, StrAppend | StrAppendChar) && self.counts() {
            let used = self.pointer(data, 0)?;
            self.heap.count(used, -1).map_err(Stop::Wrong)?;
        }
        self.give_text(data, made)
    }

    fn slice(&mut self, data: &InstData) -> Result<Vec<u32>, Stop> {
        let text = self.text(data, 0)?;
        let (start, step, count) = (self.int(data, 1)?, self.int(data, 2)?, self.int(data, 3)?);
        (0..count.max(0))
            .map(|n| {
                let at = step.checked_mul(n).and_then(|n| start.checked_add(n)).and_then(|n| usize::try_from(n).ok());
                at.and_then(|at| text.get(at)).copied().ok_or_else(|| Stop::Wrong("a slice leaves its string".into()))
            })
            .collect()
    }

    fn question(&mut self, data: &InstData, function: RuntimeFn) -> Done {
        let text = self.text(data, 0)?;
        let answer = match function {
            RuntimeFn::StrFindChar => {
                let unit = self.int(data, 1)?;
                text.iter().position(|&u| i64::from(u) == unit).map_or(-1, |at| at as i64)
            }
            RuntimeFn::StrSame => i64::from(self.pointer(data, 0)? == self.pointer(data, 1)?),
            _ => {
                let other = self.text(data, 1)?;
                match function {
                    RuntimeFn::StrEqual => i64::from(text == other),
                    RuntimeFn::StrCompare => match text.cmp(&other) {
                        Ordering::Less => -1,
                        Ordering::Equal => 0,
                        Ordering::Greater => 1,
                    },
                    _ if other.is_empty() => 0,
                    _ => text.windows(other.len()).position(|w| w == other).map_or(-1, |at| at as i64),
                }
            }
        };
        self.give(data, Value::int(answer))
    }
}
