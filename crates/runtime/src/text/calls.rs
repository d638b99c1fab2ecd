//! What compiled code calls of the library: strings (`abi::layout::Str`) in; strings, numbers and lists of strings out.
//!
//! Where CPython raises, CPython is asked to ([`failed`]), so that class and words are those of the running version.

use super::case::{self, To};
use super::chars::Text;
use super::classes::{self, Is};
use super::codec::{self, Codec, Errors};
use super::layout::{self, Align};
use super::parse::{self, Failed};
use super::search;
use super::split::{self, Ends, Range};
use crate::failure::fail;
use crate::hooks::{Argument, hooks};
use crate::lists::{new_list, reserve};
use crate::memory::release;
use crate::strings::slab::Maker;
use crate::strings::{Units, give, kept, of_units, units};
use coachwhip_abi::layout::{List, Str};
use coachwhip_abi::{Context, ErrorKind, Piece, PieceTag, Status};
use std::ffi::{CStr, c_char};

/// Longer numbers are CPython's to look at first: it has a limit, not lower than this.
const LONG_NUMBER: usize = 640;

/// The number of a limit that is not there.
fn most(count: i64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

fn row<T: Copy>(all: &[T], number: i64, otherwise: T) -> T {
    usize::try_from(number).ok().and_then(|at| all.get(at)).copied().unwrap_or(otherwise)
}

/// The bytes of a `bytes`.
unsafe fn bytes<'a>(text: *const Str) -> &'a [u8] {
    // SAFETY: compiled code passes a live string.
    match unsafe { units(text) } {
        Units::One(bytes) => bytes,
        _ => &[],
    }
}

/// Lets CPython raise what it raises: a callable of `builtins` by name, with these arguments.  0 if it raises nothing.
fn failed(context: &mut Context, callable: &str, arguments: &[Argument<'_>]) -> Status {
    match hooks() {
        Some(hooks) => (hooks.raise)(context, callable, arguments),
        None => fail(context, ErrorKind::Unreachable, [0; 4]),
    }
}

/// As [`failed`], where an exception is sure.
fn surely_failed(context: &mut Context, callable: &str, arguments: &[Argument<'_>]) -> Status {
    match failed(context, callable, arguments) {
        0 => fail(context, ErrorKind::Unreachable, [0; 4]),
        status => status,
    }
}

/// The string of a text that is whole; null if there was no memory.
fn finished(text: &Text) -> *mut Str {
    if text.failed() { std::ptr::null_mut() } else { of_units(text.chars()) }
}

/// A part of a string: itself, if it is all.
unsafe fn part(text: *mut Str, (from, to): Range) -> *mut Str {
    // SAFETY: compiled code passes a live string.
    unsafe {
        let whole = units(text);
        if from == 0 && to == whole.len() { kept(text) } else { of_units(whole.part(from..to)) }
    }
}

/// A text, or the string itself where nothing changes.
unsafe fn changed(text: *mut Str, made: Option<Text>) -> *mut Str {
    match made {
        Some(made) => finished(&made),
        // SAFETY: compiled code passes a live string.
        None => unsafe { kept(text) },
    }
}

/// A list of strings under construction.
struct Parts {
    list: *mut List,
    maker: Maker,
}

impl Parts {
    fn new() -> Parts {
        Parts { list: new_list(4, 8, 1), maker: Maker::empty() }
    }

    /// Adds a part of a string: itself, if it is all.
    unsafe fn cut(&mut self, text: *mut Str, (from, to): Range) {
        // SAFETY: compiled code passes a live string.
        let made = unsafe {
            let whole = units(text);
            if from == 0 && to == whole.len() { kept(text) } else { self.maker.string(whole.part(from..to)) }
        };
        self.add(made);
    }

    /// Adds a string whose count it takes over; null is no memory.
    fn add(&mut self, made: *mut Str) {
        if self.list.is_null() {
            // SAFETY: the count is ours.
            return unsafe { release(made.cast()) };
        }
        // SAFETY: the list is ours alone; its items are one word each.
        unsafe {
            let length = (*self.list).length;
            if made.is_null() || !reserve(self.list, length + 1) {
                release(made.cast());
                release(self.list.cast());
                self.list = std::ptr::null_mut();
                return;
            }
            (*self.list).owner.data.cast::<*mut Str>().add(length as usize).write(made);
            (*self.list).length = length + 1;
        }
    }

    /// The last one first.
    fn reverse(&mut self) {
        if !self.list.is_null() {
            // SAFETY: the list is ours alone, and has so many items.
            unsafe {
                let items = (*self.list).owner.data.cast::<*mut Str>();
                std::slice::from_raw_parts_mut(items, (*self.list).length as usize).reverse();
            }
        }
    }
}

// ---- the same text otherwise -----------------------------------------------------------------------------

unsafe extern "C" fn cw_str_case(
    context: *mut Context,
    text: *mut Str,
    is_bytes: i64,
    to: i64,
    out: *mut *mut Str,
) -> Status {
    let to = row(&To::ALL, to, To::Lower);
    // SAFETY: compiled code passes its context, live strings and room for the result.
    unsafe {
        let made = if is_bytes != 0 { case::of_bytes(bytes(text), to) } else { case::of_str(units(text), to) };
        give(context, finished(&made), out)
    }
}

unsafe extern "C" fn cw_str_is(text: *const Str, is_bytes: i64, what: i64) -> i64 {
    let what = row(&Is::ALL, what, Is::Ascii);
    // SAFETY: as above.
    unsafe {
        i64::from(if is_bytes != 0 { classes::of_bytes(bytes(text), what) } else { classes::of_str(units(text), what) })
    }
}

extern "C" fn cw_char_is(code: i64, what: i64) -> i64 {
    i64::from(classes::of_str(Units::Four(&[code as u32]), row(&Is::ALL, what, Is::Ascii)))
}

/// Characters to strip; white space if there are none `given`.
unsafe extern "C" fn cw_str_strip(
    context: *mut Context,
    text: *mut Str,
    set: *const Str,
    given: i64,
    is_bytes: i64,
    ends: i64,
    out: *mut *mut Str,
) -> Status {
    let ends = row(&Ends::ALL, ends, Ends::Both);
    // SAFETY: as above.
    unsafe {
        let whole = units(text);
        let left = match given {
            0 => split::strip(whole, ends, |code| split::is_space(code, is_bytes != 0)),
            _ => split::strip_chars(whole, ends, units(set)),
        };
        give(context, part(text, left), out)
    }
}

unsafe extern "C" fn cw_str_remove(
    context: *mut Context,
    text: *mut Str,
    end: *const Str,
    at_end: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let left = search::removed(units(text), units(end), at_end != 0);
        give(context, part(text, left), out)
    }
}

unsafe extern "C" fn cw_str_replace(
    context: *mut Context,
    text: *mut Str,
    old: *const Str,
    new: *const Str,
    count: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let made = search::replace(units(text), units(old), units(new), count);
        give(context, changed(text, made), out)
    }
}

unsafe extern "C" fn cw_str_pad(
    context: *mut Context,
    text: *mut Str,
    width: i64,
    fill: *const Str,
    is_bytes: i64,
    align: i64,
    out: *mut *mut Str,
) -> Status {
    let align = row(&Align::ALL, align, Align::Center);
    // SAFETY: as above.
    unsafe {
        let fill = units(fill);
        let (1, Some(one)) = (fill.len(), fill.get(0)) else {
            let name = ["ljust", "rjust", "center"].get(align as usize).copied().unwrap_or("center");
            let class = if is_bytes != 0 { "bytes" } else { "str" };
            let arguments = [argument(units(text), is_bytes), Argument::Int(width), argument(fill, is_bytes)];
            return surely_failed(&mut *context, &format!("{class}.{name}"), &arguments);
        };
        give(context, changed(text, layout::pad(units(text), width, one, align)), out)
    }
}

fn argument(text: Units<'_>, is_bytes: i64) -> Argument<'_> {
    match text {
        Units::One(bytes) if is_bytes != 0 => Argument::Bytes(bytes),
        text => Argument::Str(text),
    }
}

unsafe extern "C" fn cw_str_zfill(context: *mut Context, text: *mut Str, width: i64, out: *mut *mut Str) -> Status {
    // SAFETY: as above.
    unsafe { give(context, changed(text, layout::zero_fill(units(text), width)), out) }
}

unsafe extern "C" fn cw_str_expand_tabs(
    context: *mut Context,
    text: *mut Str,
    size: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe { give(context, finished(&layout::expand_tabs(units(text), size)), out) }
}

/// `bytes.translate`: a table of 256 bytes, if one is `given`, and the bytes that are left out.
unsafe extern "C" fn cw_bytes_translate(
    context: *mut Context,
    text: *mut Str,
    table: *const Str,
    given: i64,
    gone: *const Str,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let (table, gone) = if given != 0 { (bytes(table), bytes(gone)) } else { (&[][..], bytes(gone)) };
        if given != 0 && table.len() != 256 {
            let arguments = [Argument::Bytes(bytes(text)), Argument::Bytes(table)];
            return surely_failed(&mut *context, "bytes.translate", &arguments);
        }
        let mut made = Text::with_room(bytes(text).len());
        for byte in bytes(text) {
            if !gone.contains(byte) {
                made.push(u32::from(table.get(usize::from(*byte)).copied().unwrap_or(*byte)));
            }
        }
        give(context, finished(&made), out)
    }
}

// ---- places ------------------------------------------------------------------------------------------------

unsafe extern "C" fn cw_str_find_in(text: *const Str, part: *const Str, start: i64, end: i64, backwards: i64) -> i64 {
    let find = if backwards != 0 { search::rfind } else { search::find };
    // SAFETY: as above.
    unsafe { find(units(text), units(part), start, end) }
}

unsafe extern "C" fn cw_str_count(text: *const Str, part: *const Str, start: i64, end: i64) -> i64 {
    // SAFETY: as above.
    unsafe { search::count(units(text), units(part), start, end) }
}

unsafe extern "C" fn cw_str_matches(text: *const Str, part: *const Str, start: i64, end: i64, at_end: i64) -> i64 {
    // SAFETY: as above.
    unsafe { i64::from(search::matches(units(text), units(part), start, end, at_end != 0)) }
}

// ---- lists -------------------------------------------------------------------------------------------------

/// `split`, or `rsplit`, at a separator, if one is `given`, or at white space.
unsafe extern "C" fn cw_str_split(
    context: *mut Context,
    text: *mut Str,
    separator: *const Str,
    given: i64,
    limit: i64,
    is_bytes: i64,
    backwards: i64,
    out: *mut *mut List,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let whole = units(text);
        let mut parts = Parts::new();
        let take = |range: Range| parts.cut(text, range);
        let limit = most(limit);
        match (given != 0, backwards != 0) {
            (true, _) if units(separator).is_empty() => {
                parts.add(std::ptr::null_mut());
                return fail(&mut *context, ErrorKind::EmptySeparator, [0; 4]);
            }
            (true, false) => split::split(whole, units(separator), limit, take),
            (true, true) => split::split_backwards(whole, units(separator), limit, take),
            (false, false) => split::words(whole, limit, is_bytes != 0, take),
            (false, true) => split::words_backwards(whole, limit, is_bytes != 0, take),
        }
        if backwards != 0 {
            parts.reverse();
        }
        give(context, parts.list, out)
    }
}

unsafe extern "C" fn cw_str_lines(
    context: *mut Context,
    text: *mut Str,
    keep_ends: i64,
    is_bytes: i64,
    out: *mut *mut List,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let mut parts = Parts::new();
        split::lines(units(text), keep_ends != 0, is_bytes != 0, |range| parts.cut(text, range));
        give(context, parts.list, out)
    }
}

/// The three parts of `partition`, or `rpartition`.
unsafe extern "C" fn cw_str_partition(
    context: *mut Context,
    text: *mut Str,
    separator: *mut Str,
    backwards: i64,
    out: *mut *mut List,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let (whole, cut) = (units(text), units(separator));
        if cut.is_empty() {
            return fail(&mut *context, ErrorKind::EmptySeparator, [0; 4]);
        }
        let empty = || of_units(Units::One(&[]));
        let mut parts = Parts::new();
        let three = match (split::partition(whole, cut, backwards != 0), backwards != 0) {
            (Some(at), _) => [part(text, (0, at)), kept(separator), part(text, (at + cut.len(), whole.len()))],
            (None, false) => [kept(text), empty(), empty()],
            (None, true) => [empty(), empty(), kept(text)],
        };
        three.into_iter().for_each(|one| parts.add(one));
        give(context, parts.list, out)
    }
}

/// The strings of a list.
unsafe fn items<'a>(list: *const List) -> &'a [*mut Str] {
    // SAFETY: compiled code passes a live list of strings, each one word.
    unsafe {
        match (*list).length {
            0 => &[],
            length => std::slice::from_raw_parts((*list).owner.data.cast(), length as usize),
        }
    }
}

unsafe extern "C" fn cw_str_join(
    context: *mut Context,
    separator: *mut Str,
    list: *const List,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let (items, between) = (items(list), units(separator));
        if let [only] = items {
            return give(context, kept(*only), out);
        }
        let room = items.iter().fold(between.len() * items.len(), |sum, item| sum + units(*item).len());
        let mut made = Text::with_room(room);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                made.add(between);
            }
            made.add(units(*item));
        }
        give(context, finished(&made), out)
    }
}

// ---- encodings ---------------------------------------------------------------------------------------------

const ERRORS: [&str; 3] = ["strict", "ignore", "replace"];

/// The names of an encoding and of an error handler, for CPython.
fn names(encoding: i64, errors: i64) -> [Argument<'static>; 2] {
    let names = [row(&codec::NAMES, encoding, "utf-8"), row(&ERRORS, errors, "strict")];
    names.map(|name| Argument::Str(Units::One(name.as_bytes())))
}

unsafe extern "C" fn cw_str_encode(
    context: *mut Context,
    text: *mut Str,
    encoding: i64,
    errors: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let codec = row(&Codec::ALL, encoding, Codec::Utf8);
        match codec::encode(units(text), codec, row(&Errors::ALL, errors, Errors::Strict)) {
            Some(made) => give(context, finished(&made), out),
            None => {
                let [encoding, errors] = names(encoding, errors);
                surely_failed(&mut *context, "str.encode", &[Argument::Str(units(text)), encoding, errors])
            }
        }
    }
}

unsafe extern "C" fn cw_bytes_decode(
    context: *mut Context,
    text: *mut Str,
    encoding: i64,
    errors: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let codec = row(&Codec::ALL, encoding, Codec::Utf8);
        match codec::decode(bytes(text), codec, row(&Errors::ALL, errors, Errors::Strict)) {
            Some(made) => give(context, finished(&made), out),
            None => {
                let [encoding, errors] = names(encoding, errors);
                surely_failed(&mut *context, "bytes.decode", &[Argument::Bytes(bytes(text)), encoding, errors])
            }
        }
    }
}

/// `bytes.hex`, with a separator if one is `given`.
unsafe extern "C" fn cw_bytes_hex(
    context: *mut Context,
    text: *mut Str,
    separator: *const Str,
    given: i64,
    group: i64,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let separator = if given != 0 { Some(units(separator)) } else { None };
        let byte = match separator.map(|s| (s.len(), s.get(0))) {
            None => None,
            Some((1, Some(code @ 0..0x80))) => Some(code as u8),
            Some(_) => {
                let arguments = [Argument::Bytes(bytes(text)), Argument::Str(separator.unwrap_or(Units::One(&[])))];
                return surely_failed(&mut *context, "bytes.hex", &arguments);
            }
        };
        give(context, finished(&codec::hex(bytes(text), byte, group)), out)
    }
}

unsafe extern "C" fn cw_bytes_from_hex(context: *mut Context, text: *mut Str, out: *mut *mut Str) -> Status {
    // SAFETY: as above.
    unsafe {
        match codec::from_hex(units(text)) {
            Some(made) => give(context, finished(&made), out),
            None => surely_failed(&mut *context, "bytes.fromhex", &[Argument::Str(units(text))]),
        }
    }
}

// ---- numbers -----------------------------------------------------------------------------------------------

unsafe extern "C" fn cw_int_of_text(
    context: *mut Context,
    text: *mut Str,
    base: i64,
    is_bytes: i64,
    out: *mut i64,
) -> Status {
    // SAFETY: as above.
    unsafe {
        let (context, chars) = (&mut *context, units(text));
        let read = |most| match base {
            0 | 2..=36 => parse::int(chars, is_bytes != 0, base, most),
            _ => Err(Failed::Invalid),
        };
        let value = match read(LONG_NUMBER) {
            Ok(value) => Ok(value),
            Err(why) => match failed(context, "int", &[argument(chars, is_bytes), Argument::Int(base)]) {
                0 if why == Failed::TooManyDigits => read(0),
                0 => Err(why),
                status => return status,
            },
        };
        match value {
            Ok(value) => {
                out.write(value);
                0
            }
            Err(Failed::TooLarge) => fail(context, ErrorKind::IntOverflow, [0; 4]),
            Err(_) => fail(context, ErrorKind::Unreachable, [0; 4]),
        }
    }
}

unsafe extern "C" fn cw_float_of_text(context: *mut Context, text: *mut Str, is_bytes: i64, out: *mut f64) -> Status {
    // SAFETY: as above.
    unsafe {
        match parse::float(units(text), is_bytes != 0) {
            Ok(value) => {
                out.write(value);
                0
            }
            Err(_) => surely_failed(&mut *context, "float", &[argument(units(text), is_bytes)]),
        }
    }
}

// ---- format ------------------------------------------------------------------------------------------------

/// A value by a specification that is known only when the code runs.
unsafe fn format(context: *mut Context, tag: PieceTag, word: u64, given: *const Str, out: *mut *mut Str) -> Status {
    // SAFETY: as above.
    unsafe {
        let mut made = Text::default();
        let given = units(given);
        let piece = Piece { tag, dtype: 0, a: word, b: 0, spec: std::ptr::null(), spec_len: 0, conversion: 0 };
        if super::pieces::by(&mut made, &piece, given).is_none() {
            let Some(utf8) = codec::encode(given, Codec::Utf8, Errors::Replace) else {
                return fail(&mut *context, ErrorKind::Unreachable, [0; 4]);
            };
            let Units::One(utf8) = utf8.chars() else { return fail(&mut *context, ErrorKind::Unreachable, [0; 4]) };
            let Some(hooks) = hooks() else { return fail(&mut *context, ErrorKind::Unreachable, [0; 4]) };
            let piece = Piece { spec: utf8.as_ptr(), spec_len: utf8.len() as u64, ..piece };
            made = Text::default();
            match (hooks.format)(&mut *context, &[piece], &mut |units| made.add(units)) {
                0 => {}
                status => return status,
            }
        }
        give(context, finished(&made), out)
    }
}

unsafe extern "C" fn cw_format_int(context: *mut Context, value: i64, given: *const Str, out: *mut *mut Str) -> Status {
    // SAFETY: as above.
    if unsafe { (*given).length } == 0 {
        let mut room = [0; 20];
        let made = of_units(Units::One(super::digits::decimal_digits(value, &mut room)));
        // SAFETY: as above.
        return unsafe { give(context, made, out) };
    }
    // SAFETY: as above.
    unsafe { format(context, PieceTag::Int, value as u64, given, out) }
}

unsafe extern "C" fn cw_format_bool(
    context: *mut Context,
    value: i64,
    given: *const Str,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe { format(context, PieceTag::Bool, value as u64, given, out) }
}

unsafe extern "C" fn cw_format_float(
    context: *mut Context,
    value: f64,
    given: *const Str,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe { format(context, PieceTag::Float, value.to_bits(), given, out) }
}

unsafe extern "C" fn cw_format_str(
    context: *mut Context,
    value: *const Str,
    given: *const Str,
    out: *mut *mut Str,
) -> Status {
    // SAFETY: as above.
    unsafe { format(context, PieceTag::Block, value as u64, given, out) }
}

/// The pieces in the context as a string: written here, or where one needs it by CPython.
unsafe extern "C" fn cw_str_of_pieces(context: *mut Context, out: *mut *mut Str) -> Status {
    // SAFETY: as above.
    unsafe {
        out.write(std::ptr::null_mut());
        let pieces = crate::context::take_pieces(&mut *context);
        let made = match (super::pieces::write(&pieces), hooks()) {
            (Some(made), _) => made,
            (None, Some(hooks)) => {
                let mut made = Text::default();
                match (hooks.format)(&mut *context, &pieces, &mut |units| made.add(units)) {
                    0 => made,
                    status => return status,
                }
            }
            (None, None) => return fail(&mut *context, ErrorKind::Unreachable, [0; 4]),
        };
        give(context, finished(&made), out)
    }
}

/// What a callable of Python gives for the pieces in the context.
unsafe extern "C" fn cw_str_asked(context: *mut Context, callable: *const c_char, out: *mut *mut Str) -> Status {
    // SAFETY: as above; the name is a constant of compiled code.
    unsafe {
        out.write(std::ptr::null_mut());
        let pieces = crate::context::take_pieces(&mut *context);
        let Some(hooks) = hooks() else { return fail(&mut *context, ErrorKind::Unreachable, [0; 4]) };
        let mut made = Text::default();
        let name = CStr::from_ptr(callable).to_string_lossy();
        match (hooks.ask)(&mut *context, &name, &pieces, &mut |units| made.add(units)) {
            0 => give(context, finished(&made), out),
            status => status,
        }
    }
}

crate::addresses! {
    "cw_str_asked" => cw_str_asked;
    "cw_str_of_pieces" => cw_str_of_pieces;
    "cw_str_case" => cw_str_case;
    "cw_str_is" => cw_str_is;
    "cw_char_is" => cw_char_is;
    "cw_str_strip" => cw_str_strip;
    "cw_str_remove" => cw_str_remove;
    "cw_str_replace" => cw_str_replace;
    "cw_str_pad" => cw_str_pad;
    "cw_str_zfill" => cw_str_zfill;
    "cw_str_expand_tabs" => cw_str_expand_tabs;
    "cw_bytes_translate" => cw_bytes_translate;
    "cw_str_find_in" => cw_str_find_in;
    "cw_str_count" => cw_str_count;
    "cw_str_matches" => cw_str_matches;
    "cw_str_split" => cw_str_split;
    "cw_str_lines" => cw_str_lines;
    "cw_str_partition" => cw_str_partition;
    "cw_str_join" => cw_str_join;
    "cw_str_encode" => cw_str_encode;
    "cw_bytes_decode" => cw_bytes_decode;
    "cw_bytes_hex" => cw_bytes_hex;
    "cw_bytes_from_hex" => cw_bytes_from_hex;
    "cw_int_of_text" => cw_int_of_text;
    "cw_float_of_text" => cw_float_of_text;
    "cw_format_int" => cw_format_int;
    "cw_format_bool" => cw_format_bool;
    "cw_format_float" => cw_format_float;
    "cw_format_str" => cw_format_str;
}
