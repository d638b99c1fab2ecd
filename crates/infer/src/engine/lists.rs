//! What the engine knows of lists before types: which displays have an identity, and which lists share their items.
//!
//! A display that is only looked at is a value ([`Ty::ListDisplay`]).  One that may be changed, or that leaves the
//! function, is an object: a reference with one item type.  That type is solved by the fixed point: every list belongs
//! to a *class* of lists that may be one object, what is stored in one of them widens the class, and the instructions
//! that make its lists run again.  Classes are unified along assignments without looking at types, so they are only
//! where widening starts; whether types fit is decided when the instructions are emitted.

use coachwhip_ir::entity::Entity;
use coachwhip_ir::{BinaryOp, Const, Func, Imm, Inst, InstData, Op, Value};
use std::collections::{HashMap, HashSet};

/// A class of lists: what is known of the items is shared.
pub type Class = usize;

/// Displays are repeated as values up to this many times.
const MOST_REPEATED: i64 = 16;

/// The lists of an untyped function.
#[derive(Debug, Default)]
pub struct Lists {
    /// Displays, and lists made of values of known length, that are objects.
    pub objects: HashSet<Value>,
    parents: Vec<Class>,
    /// The class of the lists that are the items of a class's lists, and of the lists in the fields of its tuples.
    inner: HashMap<Class, Class>,
    fields: HashMap<(Class, usize), Class>,
}

/// A method or function that is called, as far as the text says.
enum Callee<'f> {
    /// A method of a value.
    Method(Value, &'f str),
    /// Something of the library, by its canonical name.
    Named(&'f str),
    /// Something of a module.
    OfModule(&'f str),
    /// A user's function, or what is not known.
    Unknown,
}

impl Lists {
    /// Looks at a function.
    pub fn of(func: &Func) -> Lists {
        let mut lists = Lists::default();
        let about_lists = |i: &InstData| {
            matches!(
                i.op,
                Op::PyList
                    | Op::PyUnpackStar
                    | Op::PyCall
                    | Op::PyGetAttr
                    | Op::PySetItem
                    | Op::PyDelItem
                    | Op::PyListAppend
                    | Op::PyDict
                    | Op::PySet
                    | Op::PyMapAdd
                    | Op::PySetAdd
                    | Op::PyListGrow
                    | Op::PyCellGet
            ) || matches!(i.imm, Imm::Const(Const::List(_)))
        };
        if !func.insts.values().any(about_lists) {
            return lists;
        }
        lists.parents = (0..func.values.len() + 1).collect();
        let all: Vec<Inst> = func.order.iter().flat_map(|&b| func.blocks[b].insts.iter().copied()).collect();
        for &inst in all.iter().filter(|&&i| func.insts[i].op == Op::PyTuple) {
            lists.tuple(&func.insts[inst]);
        }
        for &inst in &all {
            lists.visit(func, &func.insts[inst]);
        }
        lists.globals(func, &all);
        lists.objects = objects(func, &all);
        lists
    }

    /// All uses of a global list are one class.
    fn globals(&mut self, func: &Func, all: &[Inst]) {
        let mut known: HashMap<u32, Value> = HashMap::new();
        for &inst in all {
            let data = &func.insts[inst];
            if let (Imm::Const(Const::List(number)), Some(&value)) = (&data.imm, data.results.first()) {
                let first = *known.entry(*number).or_insert(value);
                self.same(first, value);
            }
        }
    }

    /// The class of a value.
    pub fn class(&self, value: Value) -> Option<Class> {
        (value.index() < self.parents.len()).then(|| self.find(value.index()))
    }

    /// The class of what the function returns.
    pub fn result_class(&self, func: &Func) -> Option<Class> {
        (func.values.len() < self.parents.len()).then(|| self.find(func.values.len()))
    }

    /// The class of the lists in the lists of a class.
    pub fn inner_class(&self, class: Class) -> Option<Class> {
        self.inner.get(&self.find(class)).map(|c| self.find(*c))
    }

    fn find(&self, class: Class) -> Class {
        let mut at = class;
        while let Some(&up) = self.parents.get(at).filter(|&&up| up != at) {
            at = up;
        }
        at
    }

    fn fresh(&mut self) -> Class {
        self.parents.push(self.parents.len());
        self.parents.len() - 1
    }

    fn items(&mut self, class: Class) -> Class {
        let class = self.find(class);
        if let Some(&inner) = self.inner.get(&class) {
            return self.find(inner);
        }
        let inner = self.fresh();
        self.inner.insert(class, inner);
        inner
    }

    fn part(&mut self, class: Class, position: usize) -> Class {
        let class = self.find(class);
        if let Some(&part) = self.fields.get(&(class, position)) {
            return self.find(part);
        }
        let part = self.fresh();
        self.fields.insert((class, position), part);
        part
    }

    fn has_parts(&self, class: Class) -> bool {
        let class = self.find(class);
        self.fields.keys().any(|(c, _)| *c == class)
    }

    fn unify(&mut self, a: Class, b: Class) {
        let mut work = vec![(a, b)];
        while let Some((a, b)) = work.pop() {
            let (a, b) = (self.find(a), self.find(b));
            if a == b {
                continue;
            }
            if let Some(parent) = self.parents.get_mut(b) {
                *parent = a;
            }
            match (self.inner.get(&a).copied(), self.inner.remove(&b)) {
                (Some(x), Some(y)) => work.push((x, y)),
                (None, Some(y)) => drop(self.inner.insert(a, y)),
                _ => {}
            }
            let moved: Vec<usize> = self.fields.keys().filter(|(c, _)| *c == b).map(|(_, n)| *n).collect();
            for n in moved {
                let Some(y) = self.fields.remove(&(b, n)) else { continue };
                match self.fields.get(&(a, n)).copied() {
                    Some(x) => work.push((x, y)),
                    None => drop(self.fields.insert((a, n), y)),
                }
            }
        }
    }

    /// Values that may be one object.
    fn same(&mut self, a: Value, b: Value) {
        self.unify(a.index(), b.index());
    }

    /// A value that becomes an item.
    fn stored(&mut self, list: Value, item: Value) {
        let items = self.items(list.index());
        self.unify(items, item.index());
    }

    /// A list made of the items of another.
    fn shared_items(&mut self, a: Value, b: Value) {
        let (x, y) = (self.items(a.index()), self.items(b.index()));
        self.unify(x, y);
    }

    fn tuple(&mut self, data: &InstData) {
        for (n, &item) in data.args.iter().enumerate() {
            for &result in &data.results {
                let part = self.part(result.index(), n);
                self.unify(part, item.index());
            }
        }
    }

    fn visit(&mut self, func: &Func, data: &InstData) {
        for edge in &data.edges {
            let params: Vec<(Value, Value)> =
                func.blocks[edge.block].params.iter().copied().zip(edge.args.iter().copied()).collect();
            params.into_iter().for_each(|(p, a)| self.same(p, a));
        }
        let result = data.results.first().copied();
        match (data.op, data.args.as_slice(), result) {
            // The last class stands for what is returned.
            (Op::Return, [v], _) => self.unify(func.values.len(), v.index()),
            (Op::PyList, items, Some(r)) => items.iter().for_each(|&item| self.stored(r, item)),
            (Op::PyListAppend, [list, item], _) => self.stored(*list, *item),
            (Op::PyDict, items, Some(r)) => items.chunks_exact(2).for_each(|pair| self.value_of_pair(r, pair)),
            (Op::PyMapAdd, [dict, pair @ ..], _) => self.value_of_pair(*dict, pair),
            (Op::PyListGrow, [list, part], Some(r)) => {
                self.same(r, *list);
                match data.imm {
                    Imm::Int(1) => self.shared_items(*list, *part),
                    _ => self.stored(*list, *part),
                }
            }
            (Op::PySetItem, [list, index, v], _) if is_slice(func, *index) => self.shared_items(*list, *v),
            (Op::PySetItem, [list, _, v], _) => self.stored(*list, *v),
            (Op::PyGetItem, [list, index], Some(r)) if is_slice(func, *index) => self.shared_items(r, *list),
            (Op::PyGetItem, [whole, index], Some(r)) => match int_of(func, *index) {
                Some(n) if self.has_parts(whole.index()) => {
                    let part = self.part(whole.index(), n);
                    self.unify(part, r.index());
                }
                _ => self.stored(*whole, r),
            },
            (Op::PyUnpack, [whole], _) if self.has_parts(whole.index()) => {
                for (n, &r) in data.results.iter().enumerate() {
                    let part = self.part(whole.index(), n);
                    self.unify(part, r.index());
                }
            }
            (Op::PyUnpack, [list], _) if !is_call(func, *list) => {
                data.results.iter().for_each(|&r| self.stored(*list, r))
            }
            (Op::PyBinary, [a, b], Some(r)) => {
                if let Imm::Binary(_, true) = data.imm {
                    self.same(r, *a);
                }
                self.shared_items(r, *a);
                self.shared_items(r, *b);
            }
            // Attributes of a module have nothing to do with each other.
            (Op::PyGetAttr, [v], _) if is_module(func, *v) => {}
            (Op::PyIter | Op::PyIterAdvance | Op::PyGetAttr | Op::PyCellGet | Op::PyNarrowSome, [v], Some(r)) => {
                self.same(r, *v);
            }
            (Op::PyCellSet, [cell, v], _) => self.same(*cell, *v),
            (Op::PyIterValue, [iter], Some(r)) => self.stored(*iter, r),
            (Op::PyCall, [callee, args @ ..], Some(r)) => self.call(func, *callee, args, r),
            _ => {}
        }
    }

    fn call(&mut self, func: &Func, callee: Value, args: &[Value], result: Value) {
        let callee = callee_of(func, callee);
        if let (Some(name), [list, more @ ..]) = (changing(&callee), args) {
            match (name, more) {
                ("insort_left" | "insort_right" | "insort", [v, ..]) => self.stored(*list, *v),
                ("heappush" | "heappush_max", [v]) => self.stored(*list, *v),
                ("heapify" | "heapify_max", []) => {}
                (_, more) => {
                    self.stored(*list, result);
                    more.iter().for_each(|&v| self.stored(*list, v));
                }
            }
            return;
        }
        match (callee, args) {
            (Callee::Method(list, "append"), [v]) | (Callee::Method(list, "insert"), [_, v]) => self.stored(list, *v),
            (Callee::Method(list, "extend"), [v]) => self.shared_items(list, *v),
            (Callee::Method(list, "pop"), _) => self.stored(list, result),
            (Callee::Method(dict, "get"), _) => self.stored(dict, result),
            (Callee::Method(dict, "setdefault"), [_, v]) => {
                self.stored(dict, result);
                self.stored(dict, *v);
            }
            // What a mapping's values are, or an iterable's items.
            (Callee::Method(whole, "update"), more) => more.iter().for_each(|&v| self.shared_items(whole, v)),
            (Callee::Method(dict, "values"), []) => self.shared_items(result, dict),
            (Callee::Method(dict, "items"), []) => {
                let pairs = self.items(result.index());
                let (part, items) = (self.part(pairs, 1), self.items(dict.index()));
                self.unify(part, items);
            }
            (Callee::Named("collections.defaultdict") | Callee::OfModule("defaultdict"), [_, v]) => {
                self.shared_items(result, *v);
            }
            (Callee::Named("builtins.dict"), [v]) => self.shared_items(result, *v),
            (Callee::Named("builtins.dict.fromkeys"), [_, v]) => self.stored(result, *v),
            (Callee::Method(manager, "__enter__"), _) => self.same(result, manager),
            (Callee::Named("contextlib.nullcontext"), [v]) => self.same(result, *v),
            (Callee::Method(list, "copy"), []) => self.shared_items(result, list),
            (Callee::Named("builtins.list" | "builtins.sorted" | "builtins.reversed" | "builtins.iter"), [v, ..]) => {
                self.shared_items(result, *v);
            }
            (Callee::Named("heapq.nlargest" | "heapq.nsmallest"), [_, v, ..])
            | (Callee::OfModule("nlargest" | "nsmallest"), [_, v, ..])
            | (Callee::Named("builtins.filter"), [_, v]) => self.shared_items(result, *v),
            (Callee::Named("builtins.enumerate"), [v, ..]) => self.zipped(result, 1, *v),
            (Callee::Named("builtins.zip"), lists) => {
                lists.iter().enumerate().for_each(|(n, &list)| self.zipped(result, n, list));
            }
            (Callee::Named("builtins.min" | "builtins.max"), [v]) => self.stored(*v, result),
            _ => {}
        }
    }

    /// What a dict holds under a key.
    fn value_of_pair(&mut self, dict: Value, pair: &[Value]) {
        if let [_, value] = pair {
            self.stored(dict, *value);
        }
    }

    /// The items of a list are a part of the items of an iterator.
    fn zipped(&mut self, iter: Value, position: usize, list: Value) {
        let tuples = self.items(iter.index());
        let part = self.part(tuples, position);
        let items = self.items(list.index());
        self.unify(part, items);
    }
}

/// The function of Python's library that is called, if it changes the list that is its first argument.
fn changing<'f>(callee: &Callee<'f>) -> Option<&'f str> {
    const CHANGING: [&str; 13] = [
        "heapify",
        "heapify_max",
        "heappop",
        "heappop_max",
        "heappush",
        "heappush_max",
        "heappushpop",
        "heappushpop_max",
        "heapreplace",
        "heapreplace_max",
        "insort",
        "insort_left",
        "insort_right",
    ];
    let name = match callee {
        Callee::Named(name) => name.strip_prefix("heapq.").or_else(|| name.strip_prefix("bisect."))?,
        Callee::OfModule(name) => name,
        _ => return None,
    };
    CHANGING.contains(&name).then_some(name)
}

fn is_slice(func: &Func, index: Value) -> bool {
    func.def_inst(index).is_some_and(|i| func.insts[i].op == Op::PySlice)
}

fn is_call(func: &Func, value: Value) -> bool {
    func.def_inst(value).is_some_and(|i| func.insts[i].op == Op::PyCall)
}

fn int_of(func: &Func, value: Value) -> Option<usize> {
    match func.constant(value) {
        Some(Const::Int(n)) => usize::try_from(*n).ok(),
        _ => None,
    }
}

/// The value to which a value is appended, and what is stored, if an instruction calls a method that stores.
pub fn stored_by_call<'f>(func: &'f Func, data: &InstData) -> Option<(Value, &'f str)> {
    match callee_of(func, *data.args.first()?) {
        Callee::Method(
            list,
            name @ ("append"
            | "insert"
            | "extend"
            | "setdefault"
            | "update"
            | "subtract"
            | "add"
            | "symmetric_difference_update"),
        ) => Some((list, name)),
        _ => None,
    }
}

/// Whether a call is one of a function of Python's library that puts its second argument into the list that is its first.
pub fn stored_by_function(name: &str) -> bool {
    changing(&Callee::Named(name)).is_some()
}

/// Whether a call makes a list that nobody else has.
pub fn makes_fresh(func: &Func, data: &InstData) -> bool {
    matches!(
        data.args.first().map(|&callee| callee_of(func, callee)),
        Some(
            Callee::Named(
                "builtins.list"
                    | "builtins.sorted"
                    | "builtins.dict"
                    | "builtins.set"
                    | "builtins.frozenset"
                    | "builtins.dict.fromkeys"
                    | "collections.Counter"
                    | "collections.defaultdict"
                    | "heapq.nlargest"
                    | "heapq.nsmallest"
            ) | Callee::OfModule("Counter" | "defaultdict" | "nlargest" | "nsmallest")
                | Callee::Method(
                    _,
                    "copy" | "tolist" | "union" | "intersection" | "difference" | "symmetric_difference"
                )
        )
    )
}

fn callee_of(func: &Func, callee: Value) -> Callee<'_> {
    match func.constant(callee) {
        Some(Const::Named(name)) => return Callee::Named(name),
        Some(_) => return Callee::Unknown,
        None => {}
    }
    let Some(data) = func.def_inst(callee).map(|i| &func.insts[i]) else { return Callee::Unknown };
    match (data.op, &data.imm, data.args.as_slice()) {
        (Op::PyGetAttr, Imm::Name(name), [of]) => {
            if is_module(func, *of) {
                Callee::OfModule(name)
            } else {
                Callee::Method(*of, name)
            }
        }
        _ => Callee::Unknown,
    }
}

/// Whether a value is a module, or something of one.
fn is_module(func: &Func, value: Value) -> bool {
    match func.constant(value) {
        Some(Const::Module(_)) => true,
        Some(_) => false,
        None => func.def_inst(value).is_some_and(|i| {
            let data = &func.insts[i];
            data.op == Op::PyGetAttr && data.args.first().is_some_and(|&of| is_module(func, of))
        }),
    }
}

/// The displays that must be objects.
fn objects(func: &Func, all: &[Inst]) -> HashSet<Value> {
    let mut users: HashMap<Value, Vec<Inst>> = HashMap::new();
    for &inst in all {
        let data = &func.insts[inst];
        for value in data.args.iter().chain(data.edges.iter().flat_map(|e| &e.args)) {
            users.entry(*value).or_default().push(inst);
        }
    }
    let made = |&inst: &Inst| {
        let data = &func.insts[inst];
        match (data.op, &data.imm) {
            (Op::PyList, _) => data.results.first().copied(),
            (Op::PyUnpackStar, Imm::Pair(before, _)) => data.results.get(*before as usize).copied(),
            (Op::PyCall, _) => match data.args.first().map(|&callee| callee_of(func, callee)) {
                Some(Callee::Named("builtins.list")) => data.results.first().copied(),
                _ => None,
            },
            _ => None,
        }
    };
    let displays: Vec<Value> = all.iter().filter_map(made).collect();
    let mut found: HashSet<Value> = displays.iter().copied().filter(|&v| escapes(func, &users, v)).collect();
    // What is in a list that is an object is one, too.
    loop {
        let is_object = |user: &Inst| func.insts[*user].results.iter().any(|r| found.contains(r));
        let inside = |list: &Value| !found.contains(list) && users.get(list).into_iter().flatten().any(is_object);
        let more: Vec<Value> = displays.iter().copied().filter(inside).collect();
        if more.is_empty() {
            return found;
        }
        found.extend(more);
    }
}

/// How a value leads to a display: so many items down; and whether it is a list made of its items.
type Way = (Value, u32, bool);

/// Whether somebody may change a display, or see that it is an object.
fn escapes(func: &Func, users: &HashMap<Value, Vec<Inst>>, display: Value) -> bool {
    let mut seen: HashSet<Way> = HashSet::new();
    let mut work: Vec<Way> = vec![(display, 0, false)];
    while let Some(way) = work.pop() {
        if !seen.insert(way) {
            continue;
        }
        let (value, depth, derived) = way;
        for &user in users.get(&value).into_iter().flatten() {
            match use_of(func, &func.insts[user], value, depth) {
                Use::Looks => {}
                Use::Escapes => return true,
                Use::Leads(to, made) => work.extend(to.into_iter().map(|(v, d)| (v, d, derived || made))),
            }
        }
        if depth == 0 && is_param(func, value) && meets_others(func, value, derived) {
            return true;
        }
    }
    false
}

fn is_param(func: &Func, value: Value) -> bool {
    func.def_inst(value).is_none()
}

/// Whether a variable that may be a display may be a list of another length, too.
fn meets_others(func: &Func, param: Value, derived: bool) -> bool {
    let Some(home) = func.order.iter().copied().find(|&b| func.blocks[b].params.contains(&param)) else { return false };
    let Some(position) = func.blocks[home].params.iter().position(|&p| p == param) else { return false };
    let edges = func.order.iter().flat_map(|&b| func.edges(b)).filter(|e| e.block == home);
    let mut lengths: HashSet<usize> = HashSet::new();
    for arg in edges.filter_map(|e| e.args.get(position)) {
        match func.def_inst(*arg).map(|i| &func.insts[i]) {
            None => {}
            Some(data) if data.op == Op::PyList => drop(lengths.insert(data.args.len())),
            Some(data) if matches!(data.op, Op::Undef | Op::Const) => {}
            Some(_) => return true,
        }
    }
    derived || lengths.len() > 1 || lengths.contains(&0)
}

enum Use {
    Looks,
    Escapes,
    /// To these values, so many items down; and whether they are lists made of the items.
    Leads(Vec<(Value, u32)>, bool),
}

fn use_of(func: &Func, data: &InstData, value: Value, depth: u32) -> Use {
    let to = |depth: u32, made: bool| Use::Leads(data.results.iter().map(|&r| (r, depth)).collect(), made);
    let is_first = data.args.first() == Some(&value);
    match (data.op, data.args.as_slice()) {
        (Op::Jump | Op::Branch | Op::PyTry, _) => {
            let mut found = Vec::new();
            for edge in &data.edges {
                let params = func.blocks[edge.block].params.iter().zip(&edge.args);
                found.extend(params.filter(|(_, a)| **a == value).map(|(p, _)| (*p, depth)));
            }
            Use::Leads(found, false)
        }
        (Op::PyGetItem, [_, index]) if is_first => match is_slice(func, *index) {
            true => to(depth, true),
            false if depth == 0 => Use::Looks,
            false => to(depth - 1, false),
        },
        (Op::PyIterValue | Op::PyUnpack, _) if depth > 0 => to(depth - 1, false),
        (Op::PyIter | Op::PyIterAdvance | Op::PyIterHas, _) => to(depth, false),
        (Op::PyTuple | Op::PyTupleConcat, _) => to(depth + 1, false),
        (Op::PyList, _) => to(depth + 1, false),
        (Op::PyNarrowSome, _) => to(depth, false),
        (Op::PyBinary, [a, b]) => match data.imm {
            Imm::Binary(BinaryOp::Add, false) => to(depth, true),
            Imm::Binary(BinaryOp::Mul, false) => {
                let count = if *a == value { *b } else { *a };
                match func.constant(count) {
                    Some(Const::Int(n)) if *n <= MOST_REPEATED => to(depth, true),
                    _ => Use::Escapes,
                }
            }
            Imm::Binary(_, true) if is_first => Use::Escapes,
            _ => Use::Looks,
        },
        (Op::PyGetAttr, _) => match &data.imm {
            Imm::Name(name) if depth == 0 && &**name == "count" => Use::Looks,
            // Tuples have these methods, too.
            Imm::Name(name) if depth > 0 && matches!(&**name, "count" | "index") => Use::Looks,
            _ => Use::Escapes,
        },
        (Op::PySetItem | Op::PyDelItem, [_, index, ..]) => {
            let looked = *index == value && !is_first && data.args.get(2) != Some(&value);
            if looked { Use::Looks } else { Use::Escapes }
        }
        (Op::PyDict | Op::PySet | Op::PyMapAdd | Op::PySetAdd, _) => Use::Escapes,
        (Op::PyListGrow, _) if !is_first && data.imm == Imm::Int(1) => to(depth, true),
        (
            Op::Return
            | Op::PyYield
            | Op::PyCellSet
            | Op::PyListAppend
            | Op::PyListGrow
            | Op::PyFunction
            | Op::PySetAttr,
            _,
        ) => Use::Escapes,
        (Op::PyCall, [callee, first, ..])
            if (*first == value || depth > 0) && changing(&callee_of(func, *callee)).is_some() =>
        {
            Use::Escapes
        }
        (Op::PyCall, [callee, ..]) => match callee_of(func, *callee) {
            Callee::Named("builtins.sorted" | "builtins.dict.fromkeys") => Use::Escapes,
            // Of pairs, the values are kept.
            Callee::Named("builtins.dict" | "builtins.set" | "builtins.frozenset" | "collections.defaultdict")
            | Callee::OfModule("defaultdict")
                if depth > 0 =>
            {
                Use::Escapes
            }
            Callee::Named("builtins.map" | "builtins.filter" | "contextlib.nullcontext") => Use::Escapes,
            Callee::Named("builtins.list") => to(depth, true),
            Callee::Named("builtins.enumerate" | "builtins.zip") => to(depth + 1, false),
            Callee::Named(
                "builtins.reversed" | "builtins.tuple" | "builtins.iter" | "builtins.min" | "builtins.max",
            ) => to(depth, false),
            Callee::Named(_) | Callee::OfModule(_) => Use::Looks,
            Callee::Method(_, "append" | "insert" | "extend" | "setdefault" | "get" | "pop") => Use::Escapes,
            Callee::Method(_, "update") if depth > 0 => Use::Escapes,
            Callee::Method(..) => Use::Looks,
            Callee::Unknown => Use::Escapes,
        },
        (Op::PyIs, [a, b]) if depth == 0 => {
            let other = if *a == value { *b } else { *a };
            if func.constant(other) == Some(&Const::None) { Use::Looks } else { Use::Escapes }
        }
        (Op::PyCallStar, _) if depth > 1 => Use::Escapes,
        _ => Use::Looks,
    }
}
