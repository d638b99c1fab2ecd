//! Strings from values: `hex`, `oct`, `bin`, `ascii`; and `bytes.fromhex`.

use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::rules::index::as_int;
use crate::rules::{Rule, print};
use coachwhip_ir::{Code, Const, describe};

/// The functions of this file.
pub const FUNCTIONS: &[(&str, Rule)] = &[
    ("builtins.hex", |e, a| in_base(e, a, "#x")),
    ("builtins.oct", |e, a| in_base(e, a, "#o")),
    ("builtins.bin", |e, a| in_base(e, a, "#b")),
    ("builtins.ascii", ascii),
    ("builtins.bytes.fromhex", crate::codecs::from_hex),
    ("builtins.bytearray.fromhex", |e, a| {
        let made = crate::codecs::from_hex(e, a)?;
        Ok(crate::text::array_of(e, &made))
    }),
];

fn in_base(e: &mut Emit, args: &Args, spec: &str) -> Result<Val, Fault> {
    let v = args.one()?;
    let Some(number) = as_int(e, &v) else {
        let what = describe(&v.ty);
        return fault(Code::ArgumentTypes, format!("'{what}' object cannot be interpreted as an integer"));
    };
    let spec = e.lit(Const::Str(spec.into()));
    print::format(e, &number, &spec, 0)
}

fn ascii(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    print::formatted(e, &args.one()?, b'a')
}
