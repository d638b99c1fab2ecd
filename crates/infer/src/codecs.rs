//! Encodings by name, `str(bytes, encoding)` and `bytes.fromhex`.

use crate::args::Args;
use crate::emit::{Emit, Fault, Val, fault};
use crate::text::{as_block, is_bytes, is_string};
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

fn literal(v: &Val, what: &str) -> Result<String, Fault> {
    match v.literal() {
        Some(Const::Str(text)) => Ok(text.to_string()),
        _ if is_string(&v.ty) => {
            fault(Code::NeedsConstant, format!("the {what} must be a literal str in compiled code"))
        }
        _ => fault(Code::ArgumentTypes, format!("the {what} must be a str, not {}", describe(&v.ty))),
    }
}

fn number(e: &mut Emit, at: Option<usize>, name: &str, what: &str, known: &str) -> Result<Val, Fault> {
    match at {
        Some(at) => Ok(e.int(at as i64)),
        None => fault(Code::Unsupported, format!("the {what} '{name}' is not supported in compiled code: {known} are")),
    }
}

/// The number of an encoding; UTF-8 if none is named.
pub fn encoding(e: &mut Emit, given: Option<&Val>) -> Result<Val, Fault> {
    let name = given.map_or(Ok("utf-8".into()), |v| literal(v, "encoding"))?;
    let plain = name.to_lowercase().replace(['_', ' '], "-");
    let at = ENCODINGS.iter().position(|names| names.contains(&plain.as_str()));
    number(e, at, &name, "encoding", "'utf-8', 'latin-1' and 'ascii'")
}

/// The number of what happens to errors.
pub fn errors(e: &mut Emit, given: Option<&Val>) -> Result<Val, Fault> {
    let name = given.map_or(Ok("strict".into()), |v| literal(v, "handler of errors"))?;
    let at = ERRORS.iter().position(|known| *known == name);
    number(e, at, &name, "handler of errors", "'strict', 'ignore' and 'replace'")
}

/// `str(bytes, encoding, errors)`.
pub fn decoded(e: &mut Emit, v: &Val, encoding: Option<&Val>, errors: Option<&Val>) -> Result<Val, Fault> {
    let Some(block) = as_block(e, v).filter(|_| is_bytes(&v.ty)) else {
        let what = describe(&v.ty);
        return fault(Code::ArgumentTypes, format!("decoding to str: need a bytes-like object, {what} found"));
    };
    let (encoding, errors) = (self::encoding(e, encoding)?, self::errors(e, errors)?);
    Ok(e.runtime(RuntimeFn::BytesDecode, &[&block, &encoding, &errors], Ty::str()))
}

/// `bytes.fromhex(text)`.
pub fn from_hex(e: &mut Emit, args: &Args) -> Result<Val, Fault> {
    let [v] = args.all(["string"])?;
    match as_block(e, &v).filter(|_| is_string(&v.ty)) {
        Some(block) => Ok(e.runtime(RuntimeFn::BytesFromHex, &[&block], Ty::bytes())),
        None => fault(Code::ArgumentTypes, format!("fromhex() argument must be str, not {}", describe(&v.ty))),
    }
}
