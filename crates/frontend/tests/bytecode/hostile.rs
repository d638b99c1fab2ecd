//! Bytecode that no compiler made: a diagnostic or a function, never a panic, and not much work.

use crate::{VERSIONS, recording};
use coachwhip_frontend::{CodeSnapshot, build};
use coachwhip_ir::{Code, Options, verify};

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }
    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

fn mutate(code: &mut CodeSnapshot, random: &mut Random) {
    for _ in 0..1 + random.below(6) {
        let at = random.below(code.code.len());
        let byte = random.next() as u8;
        match random.below(8) {
            0 => code.code.truncate(at),
            1 => code.code.insert(at, byte),
            2 => {
                code.code.drain(at.min(code.code.len())..(at + 2).min(code.code.len()));
            }
            3 => {
                let other = random.below(code.code.len());
                if at < code.code.len() && other < code.code.len() {
                    code.code.swap(at, other);
                }
            }
            4 => code.consts.truncate(random.below(code.consts.len() + 1)),
            5 => code.varnames.truncate(random.below(code.varnames.len() + 1)),
            _ => {
                if let Some(slot) = code.code.get_mut(at) {
                    *slot = byte;
                }
            }
        }
    }
}

/// Builds, and checks what comes out; malformed code may give well-formed functions too.
fn attempt(code: &CodeSnapshot) {
    if let Ok(func) = build(code, &Options::default()) {
        let problems = verify::untyped(&func);
        assert!(problems.is_empty(), "{code:?}\n{func}\n{problems:?}");
    }
}

#[test]
fn mutated_code_never_panics() {
    let mut random = Random(20_261_120);
    for version in VERSIONS {
        let codes = recording::read(version);
        for _ in 0..1500 {
            let mut code = codes[random.below(codes.len())].clone();
            mutate(&mut code, &mut random);
            attempt(&code);
        }
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut random = Random(7);
    for version in VERSIONS {
        let codes = recording::read(version);
        for _ in 0..1000 {
            let mut code = codes[random.below(codes.len())].clone();
            code.code = (0..random.below(200)).map(|_| random.next() as u8).collect();
            attempt(&code);
        }
    }
}

#[test]
fn unknown_versions_are_named() {
    let mut code = recording::read("3.11").remove(0);
    code.version = (3, 99);
    let diagnostic = build(&code, &Options::default()).unwrap_err();
    assert_eq!(diagnostic.code, Code::Bytecode);
    assert!(diagnostic.message.contains("3.99"));
}
