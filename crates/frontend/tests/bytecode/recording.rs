//! Reads what `tests/bytecode/record.py` wrote.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)] // a test's helper: a broken recording fails the test

use coachwhip_frontend::{CodeSnapshot, Position, SnapConst};
use coachwhip_ir::{Const, FuncId};
use serde_json::Value as Json;
use std::path::PathBuf;
use std::sync::Arc;

/// The folder with the corpus, the recordings and the expectation.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/bytecode")
}

/// The code objects recorded by one version, `3.12` for instance.
pub fn read(version: &str) -> Vec<CodeSnapshot> {
    read_path(folder().join(format!("recorded/{version}.json")))
}

/// The code objects of one recording.
pub fn read_path(path: PathBuf) -> Vec<CodeSnapshot> {
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let recording: Json = serde_json::from_str(&text).unwrap();
    let number = |index: usize| recording["version"][index].as_u64().unwrap() as u8;
    let version = (number(0), number(1));
    list(&recording["functions"]).iter().map(|function| snapshot(version, function)).collect()
}

fn snapshot(version: (u8, u8), function: &Json) -> CodeSnapshot {
    let count = |index: usize| function["counts"][index].as_u64().unwrap() as u32;
    CodeSnapshot {
        version,
        symbol: string(&function["qualname"]).to_string(),
        qualname: string(&function["qualname"]),
        filename: Arc::from("corpus.py"),
        firstlineno: function["firstlineno"].as_u64().unwrap() as u32,
        code: bytes(&function["code"]),
        consts: list(&function["consts"]).iter().map(snap_const).collect(),
        names: strings(&function["names"]),
        varnames: strings(&function["varnames"]),
        cellvars: strings(&function["cellvars"]),
        freevars: strings(&function["freevars"]),
        argcount: count(0),
        posonlyargcount: count(1),
        kwonlyargcount: count(2),
        flags: function["flags"].as_u64().unwrap() as u32,
        exception_table: bytes(&function["exception_table"]),
        positions: list(&function["positions"]).iter().flat_map(positions).collect(),
        globals: function["globals"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (Arc::from(name.as_str()), plain(value).unwrap()))
            .collect(),
        defaults: list(&function["defaults"])
            .iter()
            .map(|value| (!value.is_null()).then(|| plain(value).unwrap()))
            .collect(),
    }
}

fn list(json: &Json) -> &[Json] {
    json.as_array().unwrap()
}

fn string(json: &Json) -> Arc<str> {
    Arc::from(json.as_str().unwrap())
}

fn strings(json: &Json) -> Vec<Arc<str>> {
    list(json).iter().map(string).collect()
}

fn bytes(json: &Json) -> Vec<u8> {
    let text = json.as_str().unwrap();
    (0..text.len() / 2).map(|i| u8::from_str_radix(text.get(2 * i..2 * i + 2).unwrap(), 16).unwrap()).collect()
}

fn positions(run: &Json) -> Vec<Position> {
    let part = |index: usize| run[index].as_u64().map(|n| n as u32);
    vec![(part(1), part(2), part(3), part(4)); part(0).unwrap() as usize]
}

fn bits(json: &Json) -> u64 {
    u64::from_str_radix(json.as_str().unwrap(), 16).unwrap()
}

fn snap_const(json: &Json) -> SnapConst {
    if let Some(constant) = plain(json) {
        return SnapConst::Value(constant);
    }
    let content = &json[1];
    let plains = |json: &Json| -> Vec<Const> { list(json).iter().map(|c| plain(c).unwrap()).collect() };
    match json[0].as_str().unwrap() {
        "code" => SnapConst::Code(FuncId(content.as_u64().unwrap() as u32)),
        "slice" => SnapConst::Slice(Box::new(plains(content).try_into().unwrap())),
        "tuple" => SnapConst::Tuple(list(content).iter().map(snap_const).collect()),
        "set" => SnapConst::Set(plains(content)),
        other => panic!("a constant of kind {other}"),
    }
}

/// The constant, if [`Const`] can hold it.
fn plain(json: &Json) -> Option<Const> {
    let content = &json[1];
    Some(match json[0].as_str().unwrap() {
        "none" => Const::None,
        "ellipsis" => Const::Ellipsis,
        "bool" => Const::Bool(content.as_bool().unwrap()),
        "int" => {
            let digits = content.as_str().unwrap();
            digits.parse().map_or_else(|_| Const::BigInt(digits.into()), Const::Int)
        }
        "float" => Const::Float(bits(content)),
        "complex" => Const::Complex(bits(content), bits(&json[2])),
        "str" => Const::Str(string(content)),
        "bytes" => Const::Bytes(bytes(content).into()),
        "named" => Const::Named(string(content)),
        "tuple" => Const::Tuple(list(content).iter().map(plain).collect::<Option<Vec<_>>>()?.into()),
        _ => return None,
    })
}
