//! `encode` and `decode`: natively for the usual encodings, others by the running interpreter's codecs.  And `bytes.fromhex`.

use crate::args::Args;
use crate::asked::asked;
use crate::emit::{Emit, Fault, Val, fault};
use crate::text::{as_block, is_bytes_like, is_string};
use coachwhip_ir::{Code, Const, RuntimeFn, Ty, describe};

/// The encodings by their number in the run time, with other names.
const ENCODINGS: [&[&str]; 3] = [
    &["utf-8", "utf8", "u8", "utf", "cp65001"],
    &[
        "latin-1",
        "latin1",
        "iso-8859-1",
        "iso8859-1",
        "8859",
        "cp819",
        "l1",
        "latin",
        "iso8859",
        "iso-ir-100",
        "ibm819",
    ],
    &["ascii", "us-ascii", "646", "us", "ansi-x3.4-1968", "iso646-us", "cp367", "ibm367"],
];
/// What happens to errors, by number.
const ERRORS: [&str; 3] = ["strict", "ignore", "replace"];

/// The number of a name that is known when compiling, among native ones; the first if none is given.
fn native(given: Option<&Val>, find: impl Fn(&str) -> Option<usize>) -> Option<i64> {
    match given.map(Val::literal) {
        None => Some(0),
        Some(Some(Const::Str(name))) => find(name).map(|at| at as i64),
        Some(_) => None,
    }
}

fn encoding_number(name: &str) -> Option<usize> {
    let plain = name.to_lowercase().replace(['_', ' '], "-");
    ENCODINGS.iter().position(|names| names.contains(&plain.as_str()))
}

/// Encodes or decodes a block by a function of the run time, or by Python's own method.
fn coded(
    e: &mut Emit,
    block: &Val,
    names: [Option<&Val>; 2],
    (run, method): (RuntimeFn, &str),
    ty: Ty,
) -> Result<Val, Fault> {
    let [encoding, errors] = names;
    for (given, what) in [(encoding, "encoding"), (errors, "handler of errors")] {
        if let Some(v) = given.filter(|v| !is_string(&v.ty)) {
            return fault(Code::ArgumentTypes, format!("the {what} must be a str, not {}", describe(&v.ty)));
        }
    }
    let numbers =
        (native(encoding, encoding_number), native(errors, |name| ERRORS.iter().position(|known| *known == name)));
    if let (Some(encoding), Some(errors)) = numbers {
        let (encoding, errors) = (e.int(encoding), e.int(errors));
        return Ok(e.runtime(run, &[block, &encoding, &errors], ty));
    }
    let mut given = |v: Option<&Val>, usual: &str| v.cloned().unwrap_or_else(|| e.lit(Const::Str(usual.into())));
    let (encoding, errors) = (given(encoding, "utf-8"), given(errors, "strict"));
    asked(e, method, &[block.clone(), encoding, errors], ty)
}

/// `bytes.decode(encoding, errors)`, `str(bytes, encoding, errors)`.
pub fn decoded(e: &mut Emit, v: &Val, encoding: Option<&Val>, errors: Option<&Val>) -> Result<Val, Fault> {
    let Some(block) = as_block(e, v).filter(|_| is_bytes_like(&v.ty)) else {
        let what = describe(&v.ty);
        return fault(Code::ArgumentTypes, format!("decoding to str: need a bytes-like object, {what} found"));
    };
    coded(e, &block, [encoding, errors], (RuntimeFn::BytesDecode, "bytes.decode"), Ty::str())
}

/// `text.encode(encoding, errors)`.
pub fn encoded(e: &mut Emit, v: &Val, encoding: Option<&Val>, errors: Option<&Val>) -> Result<Val, Fault> {
    let Some(block) = as_block(e, v).filter(|_| is_string(&v.ty)) else {
        return fault(Code::ArgumentTypes, format!("{} cannot be encoded", describe(&v.ty)));
    };
    coded(e, &block, [encoding, errors], (RuntimeFn::StrEncode, "str.encode"), Ty::bytes())
}

/// `bytes.fromhex(text)`.
pub fn from_hex(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [v] = args.all(["string"])?;
    match as_block(e, &v).filter(|_| is_string(&v.ty)) {
        Some(block) => Ok(e.runtime(RuntimeFn::BytesFromHex, &[&block], Ty::bytes())),
        None => fault(Code::ArgumentTypes, format!("fromhex() argument must be str, not {}", describe(&v.ty))),
    }
}
