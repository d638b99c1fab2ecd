//! Strings that are made, grow, are cut and compared; nothing leaks and nothing constant is written to.

use super::compare::{compare, equal, find};
use super::make::*;
use super::*;
use crate::context::new_context;
use crate::memory::{release, retain};
use coachwhip_abi::{Context, Status};
use std::cmp::Ordering::{Equal, Greater, Less};

fn made(text: &str) -> *mut Str {
    let all: Vec<u32> = text.chars().map(u32::from).collect();
    of_units(Units::Four(&all))
}

fn read(text: *mut Str) -> String {
    // SAFETY: a live string of the test.
    unsafe { units(text) }.iter().map(|unit| char::from_u32(unit).unwrap()).collect()
}

fn call(work: impl FnOnce(*mut Context, *mut *mut Str) -> Status) -> *mut Str {
    let mut context = new_context();
    let mut out = std::ptr::null_mut();
    assert_eq!(work(&mut context, &mut out), 0);
    out
}

const TEXTS: [&str; 8] = ["", "a", "abc", "é", "naïve", "€uro", "日本語", "a🐍b"];

#[test]
fn always_as_narrow_as_possible() {
    for (text, width) in TEXTS.into_iter().zip([1, 1, 1, 1, 1, 2, 2, 4]) {
        let one = made(text);
        // SAFETY: live strings of the test.
        unsafe {
            assert_eq!(((*one).width, read(one).as_str()), (width, text));
            let count = (*one).length;
            for start in 0..count {
                let part = call(|c, out| cw_str_slice(c, one, start, 1, count - start, out));
                assert_eq!(read(part), text.chars().skip(start as usize).collect::<String>());
                let widest = read(part).chars().map(|c| width_of(c.into())).max().unwrap_or(1);
                assert_eq!((*part).width, widest);
                release(part.cast());
            }
            let turned = call(|c, out| cw_str_slice(c, one, count - 1, -1, count, out));
            assert_eq!(read(turned), text.chars().rev().collect::<String>());
            release(turned.cast());
            release(one.cast());
        }
    }
}

#[test]
fn joined_repeated_found_and_compared() {
    for a in TEXTS {
        for b in TEXTS {
            let (x, y) = (made(a), made(b));
            // SAFETY: live strings of the test.
            unsafe {
                let joined = call(|c, out| cw_str_concat(c, x, y, out));
                assert_eq!(read(joined), format!("{a}{b}"));
                retain(x.cast());
                let grown = call(|c, out| cw_str_append(c, x, y, out));
                assert_eq!(read(grown), format!("{a}{b}"));
                assert!(equal(units(joined), units(grown)));
                let thrice = call(|c, out| cw_str_repeat(c, joined, 3, out));
                assert_eq!(read(thrice), format!("{a}{b}").repeat(3));
                let place = find(units(thrice), units(y));
                let chars: Vec<char> = read(thrice).chars().collect();
                let wanted: Vec<char> = b.chars().collect();
                let first = (0..=chars.len()).find(|&at| chars[at..].starts_with(&wanted));
                assert_eq!(place, first);
                assert_eq!(find(units(x), units(thrice)).is_some(), a.contains(&read(thrice)));
                let order = a.chars().cmp(b.chars());
                assert_eq!(compare(units(x), units(y)), order);
                assert!(matches!(order, Less | Equal | Greater));
                for text in [joined, grown, thrice, x, y] {
                    release(text.cast());
                }
            }
        }
    }
}

#[test]
fn a_string_that_grows_alone_grows_in_place() {
    let mut text = made("ab");
    let mut moves = 0;
    for n in 0..10_000 {
        let before = text;
        let unit = if n == 5_000 { 0x20ac } else { 120 };
        // SAFETY: a live string, whose one count is handed over.
        text = call(|c, out| unsafe { cw_str_append_char(c, text, unit, out) });
        moves += usize::from(text != before);
    }
    assert!(moves < 60, "{moves}");
    // SAFETY: a live string of the test.
    unsafe {
        assert_eq!(((*text).length, (*text).width), (10_002, 2));
        release(text.cast());
    }
}

#[test]
fn constants_are_neither_counted_nor_changed() {
    let (x, empty) = (single::character(120).unwrap(), single::empty());
    // SAFETY: constants.
    unsafe {
        let before = (*x).owner.count.load(std::sync::atomic::Ordering::Relaxed);
        retain(x.cast());
        release(x.cast());
        release(x.cast());
        assert_eq!((*x).owner.count.load(std::sync::atomic::Ordering::Relaxed), before);
        let grown = call(|c, out| cw_str_append(c, x, x, out));
        assert_eq!((read(grown), read(x), read(empty)), ("xx".into(), "x".into(), "".into()));
        release(grown.cast());
    }
}

#[test]
fn absurd_sizes_fail() {
    let text = made("ab");
    let (mut context, mut out) = (new_context(), std::ptr::null_mut());
    // SAFETY: a live string of the test.
    unsafe {
        assert_eq!(cw_str_repeat(&mut context, text, i64::MAX, &mut out), 1);
        assert!(out.is_null());
        release(text.cast());
    }
}
