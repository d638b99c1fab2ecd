//! The library of strings: what the methods of `str` and `bytes`, `int`, `float` and `format` compute, a family of them in a
//! file, over code points of any width ([`crate::strings::Units`]); and what compiled code calls of it.

pub mod calls;
pub mod case;
pub mod chars;
pub mod classes;
pub mod codec;
pub mod digits;
pub mod layout;
pub mod parse;
pub mod pieces;
pub mod search;
pub mod spec;
pub mod split;
pub mod unicode;
