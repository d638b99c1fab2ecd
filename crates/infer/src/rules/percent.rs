//! `template % values`: the conversions of a literal as pieces with the format specifications that mean the same; any other
//! template is Python's own business.

use super::tuples::{item_types, items};
use super::{Answer, print};
use crate::args::Args;
use crate::asked::asked;
use crate::emit::{Emit, Fault, Val, fault};
use crate::text::{array_of, as_block, is_bytes_like, is_string};
use coachwhip_ir::{Code, Const, Ty, describe};
use std::sync::Arc;

/// One conversion of a template: flags, width, precision and kind.
struct Conversion {
    flags: String,
    width: String,
    precision: Option<String>,
    kind: char,
}

/// `template % values` of `str` and of `bytes`.
pub fn binary(e: &mut Emit, template: &Val, values: &Val) -> Answer {
    let bytes = is_bytes_like(&template.ty);
    if !bytes && !is_string(&template.ty) {
        return Ok(None);
    }
    let run = matches!(values.ty, Ty::TupleOf(_));
    if let Some(Const::Str(known)) = template.literal().filter(|_| !run) {
        let known = known.clone();
        match format(e, &known, values) {
            Err(fault) if fault.code == Code::Text => {}
            answer => return answer.map(Some),
        }
    }
    let values = travelling(e, values, bytes)?;
    let array = template.ty.is_bytearray();
    let template = if array { as_block(e, template).unwrap_or_else(|| e.never()) } else { template.clone() };
    let ty = if bytes { Ty::bytes() } else { Ty::str() };
    let made = asked(e, "operator:mod", &[template, values], ty)?;
    Ok(Some(if array { array_of(e, &made) } else { made }))
}

/// Values as they are handed to Python: byte arrays as their content, which is what `%` of bytes looks at, or as their text.
fn travelling(e: &mut Emit, v: &Val, bytes: bool) -> Result<Val, Fault> {
    if item_types(&v.ty).is_some_and(|types| types.iter().any(Ty::is_bytearray)) {
        let mut all = Vec::new();
        for item in items(e, v)? {
            all.push(travelling(e, &item, bytes)?);
        }
        return Ok(super::tuples::display(e, &all));
    }
    match as_block(e, v).filter(|_| v.ty.is_bytearray()) {
        Some(block) if bytes => Ok(block),
        Some(_) => fault(Code::Text, "a bytearray is formatted by a literal template alone in compiled code"),
        None => Ok(v.clone()),
    }
}

/// The text of a literal template with its values.
fn format(e: &mut Emit, template: &str, values: &Val) -> Result<Val, Fault> {
    let values = if item_types(&values.ty).is_some() { items(e, values)? } else { vec![values.clone()] };
    let mut values = values.into_iter();
    let mut parts = Vec::new();
    let mut rest = template.chars().peekable();
    let mut plain = String::new();
    while let Some(c) = rest.next() {
        if c != '%' {
            plain.push(c);
            continue;
        }
        let conversion = read(&mut rest)?;
        if matches!(conversion.kind, '*' | '(') {
            return fault(Code::Text, "a template with widths or names among its values");
        }
        if conversion.kind == '%' {
            plain.push('%');
            continue;
        }
        let Some(value) = values.next() else {
            return fault(Code::ArgumentTypes, "not enough arguments for format string");
        };
        parts.push(e.lit(Const::Str(Arc::from(std::mem::take(&mut plain)))));
        parts.push(piece(e, &conversion, &value)?);
    }
    if values.next().is_some() {
        return fault(Code::ArgumentTypes, "not all arguments converted during string formatting");
    }
    parts.push(e.lit(Const::Str(Arc::from(plain))));
    Ok(print::text(e, &parts))
}

fn read(rest: &mut std::iter::Peekable<std::str::Chars>) -> Result<Conversion, Fault> {
    let mut take = |accept: &dyn Fn(char) -> bool| {
        let mut run = String::new();
        while let Some(c) = rest.next_if(|c| accept(*c)) {
            run.push(c);
        }
        run
    };
    let flags = take(&|c| "-+ 0#".contains(c));
    let width = take(&|c| c.is_ascii_digit());
    let dot = take(&|c| c == '.');
    let digits = take(&|c| c.is_ascii_digit());
    let precision = (!dot.is_empty()).then_some(digits);
    match rest.next() {
        Some(kind) => Ok(Conversion { flags, width, precision, kind }),
        None => fault(Code::ArgumentTypes, "incomplete format"),
    }
}

/// `%d` of a float: the digits before the point.
fn whole(e: &mut Emit, c: &Conversion, value: &Val) -> Result<Val, Fault> {
    match super::function("builtins.int") {
        Some(rule) => {
            let value = rule(e, &Args::of("builtins.int", vec![value.clone()])?)?;
            piece(e, c, &value)
        }
        None => fault(Code::Text, "%d does not accept a float in compiled code"),
    }
}

fn piece(e: &mut Emit, c: &Conversion, value: &Val) -> Result<Val, Fault> {
    let integer = matches!(value.ty.widened(), Ty::Int | Ty::Bool) || value.ty.dtype().is_some_and(|d| d.is_int());
    let number = matches!(value.ty.widened(), Ty::Int | Ty::Float | Ty::Bool | Ty::Scalar(_));
    let (kind, conversion) = match c.kind {
        's' => ("s", b's'),
        'r' => ("s", b'r'),
        'a' => ("s", b'a'),
        'c' if integer => ("c", 0),
        'c' if crate::text::is_character(&value.ty) => ("s", b's'),
        'd' | 'i' | 'u' if number && !integer => return whole(e, c, value),
        'd' | 'i' | 'u' if integer => ("d", 0),
        'x' | 'X' | 'o' if integer => ("", 0),
        'e' | 'E' | 'f' | 'F' | 'g' | 'G' if number => ("", 0),
        other => {
            let message = format!("%{other} does not accept {} in compiled code", describe(&value.ty));
            return fault(Code::Text, message);
        }
    };
    let kind = if kind.is_empty() { c.kind.to_string() } else { kind.to_string() };
    let text = kind == "s";
    let mut spec = String::new();
    let left = c.flags.contains('-');
    if !c.width.is_empty() && (left || text) {
        spec.push(if left { '<' } else { '>' });
    }
    if !text {
        spec.extend(c.flags.chars().find(|f| *f == '+').or(c.flags.chars().find(|f| *f == ' ')));
        spec.extend(c.flags.chars().find(|f| *f == '#'));
        if c.flags.contains('0') && !left && !c.width.is_empty() {
            spec.push('0');
        }
    }
    spec.push_str(&c.width);
    if let Some(precision) = &c.precision {
        if matches!(kind.as_str(), "d" | "c") || matches!(c.kind, 'x' | 'X' | 'o') {
            return fault(Code::Text, "a precision of an integer conversion is not supported in compiled code");
        }
        spec.push('.');
        spec.push_str(if precision.is_empty() { "0" } else { precision });
    }
    if !text || !spec.is_empty() {
        spec.push_str(&kind);
    }
    let spec = e.lit(Const::Str(Arc::from(spec)));
    print::format(e, value, &spec, i64::from(conversion))
}
