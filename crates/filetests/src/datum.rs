//! Arguments and results as text: constants as in IR text; an array is a tuple of its element type, its shape
//! and its elements in C order: `(dtype.float64, (2,), (1.0, 2.0))`; a list is `("list", (1, 2))`.

use coachwhip_ir::interp::{ArrayDatum, Datum, Part};
use coachwhip_ir::{Bits, Const, Dtype, Kind, parse};

/// The arguments of a `; run:` line: a tuple.
pub fn read_arguments(text: &str) -> Result<Vec<Datum>, String> {
    match parse::constant(text) {
        Ok(Const::Tuple(items)) => items.iter().map(read).collect(),
        Ok(_) => Err("arguments are a tuple".into()),
        Err(error) => Err(format!("the arguments cannot be read: {}", error.message)),
    }
}

fn read(constant: &Const) -> Result<Datum, String> {
    let Const::Tuple(items) = constant else { return Ok(Datum::Const(constant.clone())) };
    match &**items {
        [Const::Dtype(dtype), Const::Tuple(shape), Const::Tuple(elements)] => array(*dtype, shape, elements),
        [Const::Str(kind), Const::Tuple(items)] if **kind == *"list" => {
            Ok(Datum::List(items.iter().map(read).collect::<Result<_, _>>()?))
        }
        items => Ok(Datum::Tuple(items.iter().map(read).collect::<Result<_, _>>()?)),
    }
}

fn array(dtype: Dtype, shape: &[Const], elements: &[Const]) -> Result<Datum, String> {
    let size = |c: &Const| if let Const::Int(n) = c { Ok(*n) } else { Err("a shape holds ints") };
    let shape = shape.iter().map(size).collect::<Result<Vec<i64>, _>>()?;
    if shape.iter().product::<i64>() != elements.len() as i64 {
        return Err("the elements do not fill the shape".into());
    }
    let mut step = i64::from(dtype.size());
    let mut strides = Vec::new();
    for n in shape.iter().rev() {
        strides.insert(0, step);
        step *= (*n).max(1);
    }
    let bytes: Option<Vec<Vec<u8>>> = elements.iter().map(|c| element(dtype, c)).collect();
    let bytes = bytes.ok_or("an element is not of the element type")?.concat();
    Ok(Datum::Array(ArrayDatum { dtype, shape, strides, offset: 0, bytes }))
}

/// The bytes of an element.
fn element(dtype: Dtype, constant: &Const) -> Option<Vec<u8>> {
    let bits = match (dtype.kind(), constant) {
        (Kind::Bool, Const::Bool(b)) => u64::from(*b),
        (Kind::Signed | Kind::Unsigned, Const::Int(i)) => *i as u64,
        (Kind::Float, Const::Float(bits)) => dtype.float_bits(f64::from_bits(*bits)),
        _ => return None,
    };
    bits.to_le_bytes().get(..dtype.size() as usize).map(<[u8]>::to_vec)
}

/// A value as text.
pub fn write(datum: &Datum) -> String {
    match datum {
        Datum::Const(c) => c.to_string(),
        Datum::Tuple(items) => format!("({})", items.iter().map(write).collect::<Vec<_>>().join(", ")),
        Datum::List(items) => format!("[{}]", items.iter().map(write).collect::<Vec<_>>().join(", ")),
        Datum::Array(array) => write_array(array),
        Datum::Text(parts) => format!("text({})", parts.iter().map(part).collect::<Vec<_>>().join(", ")),
        Datum::Opaque(ty) => format!("<{ty}>"),
    }
}

fn part(part: &Part) -> String {
    match part {
        Part::Literal(text) => Const::Str(text.clone()).to_string(),
        Part::Formatted { value, spec, conversion } => format!("format({}, {spec:?}, {conversion})", write(value)),
    }
}

fn write_array(array: &ArrayDatum) -> String {
    let elements = array.bytes.chunks(array.dtype.size() as usize).map(|bytes| decode(array.dtype, bytes).to_string());
    let shape: Vec<String> = array.shape.iter().map(|n| n.to_string()).collect();
    format!("{}[{}]({})", array.dtype.name(), shape.join(", "), elements.collect::<Vec<_>>().join(", "))
}

/// The number in an element's bytes, as a Python number where that says the same.
fn decode(dtype: Dtype, bytes: &[u8]) -> Const {
    let word = |bytes: &[u8]| {
        let mut word = [0u8; 8];
        word.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        u64::from_le_bytes(word)
    };
    let float = |bytes: &[u8]| match bytes.len() {
        4 => f64::from(f32::from_bits(word(bytes) as u32)).to_bits(),
        _ => word(bytes),
    };
    match dtype.kind() {
        Kind::Bool => Const::Bool(word(bytes) != 0),
        Kind::Float => Const::Float(float(bytes)),
        Kind::Complex => {
            let (re, im) = bytes.split_at(bytes.len() / 2);
            Const::Complex(float(re), float(im))
        }
        Kind::Signed => {
            let spare = 64 - 8 * dtype.size();
            Const::Int(((word(bytes) << spare) as i64) >> spare)
        }
        Kind::Unsigned if dtype == Dtype::Uint64 => Const::Scalar(dtype, Bits(word(bytes), 0)),
        Kind::Unsigned => Const::Int(word(bytes) as i64),
    }
}
