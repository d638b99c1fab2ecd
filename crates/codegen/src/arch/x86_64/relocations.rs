//! The relocations of x86-64 that LLVM emits for position-independent code, and stubs for calls that reach further than
//! two gigabytes.

use crate::EmitError;
use crate::arch::Target;
use object::elf::{
    R_X86_64_64, R_X86_64_GOTPCREL, R_X86_64_GOTPCRELX, R_X86_64_PC32, R_X86_64_PC64, R_X86_64_PLT32,
    R_X86_64_REX_GOTPCRELX,
};

/// Size of a stub, kept aligned.
pub const STUB_SIZE: usize = 16;

/// A jump through an address that stands right after it: `jmp *(%rip)`.
pub fn stub(target: usize) -> [u8; STUB_SIZE] {
    let mut stub = [0; STUB_SIZE];
    let bytes = [0xff, 0x25, 0, 0, 0, 0].into_iter().chain(target.to_le_bytes());
    stub.iter_mut().zip(bytes).for_each(|(place, byte)| *place = byte);
    stub
}

/// What a relocation of this kind wants.
pub fn target(kind: u32) -> Result<Target, EmitError> {
    match kind {
        R_X86_64_64 | R_X86_64_PC64 => Ok(Target::Anywhere),
        R_X86_64_PC32 | R_X86_64_PLT32 => Ok(Target::Near),
        R_X86_64_GOTPCREL | R_X86_64_GOTPCRELX | R_X86_64_REX_GOTPCRELX => Ok(Target::Slot),
        _ => Err(EmitError::new(format!("the object has a relocation of an unknown kind, {kind}"))),
    }
}

/// Writes a relocation at `place`; `to` is the target's address and the addend.
pub fn apply(
    kind: u32,
    place: usize,
    to: usize,
    write: &mut dyn FnMut(usize, &[u8]) -> Result<(), EmitError>,
) -> Result<(), EmitError> {
    let distance = to.wrapping_sub(place);
    match kind {
        R_X86_64_64 => write(place, &to.to_le_bytes()),
        R_X86_64_PC64 => write(place, &distance.to_le_bytes()),
        _ => {
            let short = i32::try_from(distance as isize);
            let short = short.map_err(|_| EmitError::new("a relocation does not reach its target"))?;
            write(place, &short.to_le_bytes())
        }
    }
}
