//! Bytes to instructions of the common set.

use crate::fault::{Fault, bytecode, too_large};
use crate::ins::Ins;
use crate::snapshot::CodeSnapshot;
use crate::versions;
use coachwhip_ir::{Code, Diagnostic};
use std::collections::HashMap;

/// Code units beyond which a function is not looked at: some 200,000 lines.
const MAX_UNITS: usize = 4_000_000;

/// An instruction and the code unit it comes from.
pub type Step = (Ins, u32);

/// The instructions of a code object.
pub struct Decoded {
    /// In the order of the code.
    pub steps: Vec<Step>,
    /// For each code unit the first step of the instruction that starts there, `NONE` if none does.
    starts: Vec<u32>,
}

const NONE: u32 = u32::MAX;

impl Decoded {
    /// The step that a jump to a code unit gets to.
    pub fn step_at(&self, unit: u32) -> Option<usize> {
        self.starts.get(unit as usize).filter(|&&s| s != NONE).map(|&s| s as usize)
    }
}

/// Decodes a code object by the table of its version.
pub fn decode(code: &CodeSnapshot) -> Result<Decoded, Fault> {
    let Some((table, extended_arg)) = versions::table(code.version) else {
        let (major, minor) = code.version;
        let message = format!("bytecode of CPython {major}.{minor} is not supported");
        return Err(Box::new(Diagnostic::new(Code::Bytecode, message).help("use CPython 3.11 to 3.15")));
    };
    let units = code.code.len() / 2;
    if units > MAX_UNITS {
        return too_large("too many instructions");
    }
    let mut decoded = Decoded { steps: Vec::with_capacity(units), starts: vec![NONE; units] };
    let firsts = first_equals(code);
    let mut pairs = code.code.chunks_exact(2).enumerate();
    let mut prefix = 0u32;
    let mut start = None;
    while let Some((unit, pair)) = pairs.next() {
        let &[op, low] = pair else { break };
        let first = *start.get_or_insert(unit);
        let arg = prefix.wrapping_shl(8) | u32::from(low);
        if op == extended_arg {
            prefix = arg;
            continue;
        }
        if let Some(slot) = decoded.starts.get_mut(first) {
            *slot = decoded.steps.len() as u32;
        }
        let mut push = |ins| decoded.steps.push((canonical(ins, &firsts), unit as u32));
        let Some(caches) = table(op, arg, unit as u32, &mut push) else {
            return bytecode(format!("there is no instruction {op} in CPython {}.{}", code.version.0, code.version.1));
        };
        if caches > 0 {
            pairs.nth(caches as usize - 1);
        }
        (prefix, start) = (0, None);
    }
    Ok(decoded)
}

/// For each constant the first one that equals it: 3.14 leaves several.
fn first_equals(code: &CodeSnapshot) -> Vec<u32> {
    let mut seen = HashMap::new();
    (0u32..).zip(&code.consts).map(|(index, constant)| *seen.entry(constant).or_insert(index)).collect()
}

fn canonical(ins: Ins, firsts: &[u32]) -> Ins {
    match ins {
        Ins::Const(index) => Ins::Const(firsts.get(index as usize).copied().unwrap_or(index)),
        other => other,
    }
}
