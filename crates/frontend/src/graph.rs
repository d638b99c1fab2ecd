//! The control-flow graph of the bytecode, in a form that does not depend on how CPython laid it out:
//! normalised ([`crate::normalise`]), with nodes in reverse postorder.

use crate::decode::{Decoded, Step};
use crate::depths::set_depths;
use crate::fault::{Fault, bytecode};
use crate::handlers::{Entry, Handlers};
use crate::ins::Ins;
use crate::normalise::{is_constant, normalise};
use crate::protect::protect;
use crate::snapshot::CodeSnapshot;
use coachwhip_ir::UnaryOp;
use std::collections::HashMap;

/// How control leaves a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// To the only successor.
    Goto,
    /// On the truth of the popped value: successors `[true, false]`.
    If,
    /// On the popped value being `None`: successors `[none, some]`.
    IfNone,
    /// On the iterator on top: successors `[body, exit]`; whether it is dropped on the way out.
    For(bool),
    /// On the iterator on top, of a `yield from`: successors `[body, exit]`; on the way out its result takes its place.
    Send,
    /// Returns.
    Return,
    /// Raises, with n operands.
    Raise(u32),
    /// Raises an exception again; whether the place of its failure lies under it.
    Reraise(bool),
    /// Goes on to the first successor, which this node alone leads to; what fails in it goes to the second, whose stack
    /// has this many items.
    Try(u32),
    /// The last step is refused.
    Refused,
}

/// A straight run of steps.
#[derive(Clone, Debug)]
pub struct Node {
    /// The steps, without the one that ends it (except a refused one).
    pub steps: Vec<Step>,
    /// How it ends.
    pub end: End,
    /// The code unit of the instruction that ends it.
    pub unit: u32,
    /// Where control goes, by number.
    pub successors: Vec<usize>,
    /// The handler of what fails here.
    pub handler: Option<Entry>,
    /// Where what fails here goes, for the first successor of an [`End::Try`].
    pub landing: Option<Landing>,
    /// How many items lie on the stack where it starts ([`crate::depths`]).
    pub depth: i64,
}

/// The start of a handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Landing {
    /// The node.
    pub node: usize,
    /// How many items its stack has.
    pub depth: u32,
}

impl Node {
    /// A node that is only passed through.
    pub fn passing(steps: Vec<Step>, unit: u32, successor: usize) -> Node {
        Node { steps, end: End::Goto, unit, successors: vec![successor], handler: None, landing: None, depth: 0 }
    }

    /// A node in front of a protected one.
    pub fn head(landing: Landing, body: usize, unit: u32) -> Node {
        let end = End::Try(landing.depth);
        Node { end, successors: vec![body, landing.node], ..Node::passing(vec![], unit, body) }
    }

    /// The numbers of other nodes in it.
    pub fn targets_mut(&mut self) -> impl Iterator<Item = &mut usize> {
        self.successors.iter_mut().chain(self.landing.as_mut().map(|landing| &mut landing.node))
    }
}

/// The graph; node 0 is the first.
pub struct Graph {
    /// Nodes in reverse postorder: a node's first successor comes before its second.
    pub nodes: Vec<Node>,
    /// Predecessors of each node, with repetition.
    pub predecessors: Vec<Vec<usize>>,
}

/// The graph of the code that is reachable from the start.
pub fn graph(code: &CodeSnapshot, decoded: &Decoded) -> Result<Graph, Fault> {
    let handlers = Handlers::read(&code.exception_table, decoded)?;
    let mut nodes = split(decoded, &handlers)?;
    normalise(code, &mut nodes);
    split_edges(&mut nodes);
    let nodes = in_order(nodes);
    let mut predecessors = vec![Vec::new(); nodes.len()];
    for (index, node) in nodes.iter().enumerate() {
        for &successor in &node.successors {
            if let Some(list) = predecessors.get_mut(successor) {
                list.push(index);
            }
        }
    }
    Ok(Graph { nodes, predecessors })
}

/// Splits the steps into nodes; only those that can be reached are visited.
fn split(decoded: &Decoded, handlers: &Handlers) -> Result<Vec<Node>, Fault> {
    let leaders = leaders(decoded);
    let mut nodes = Vec::new();
    let mut number_of: HashMap<usize, usize> = HashMap::from([(0, 0)]);
    let mut queue = vec![0];
    let mut next = 0;
    while let Some(&first) = queue.get(next) {
        next += 1;
        let (mut node, mut targets) = run_from(decoded, handlers, &leaders, first)?;
        if let Some(handler) = node.handler {
            match decoded.step_at(handler.target) {
                Some(step) => targets.push(step),
                None => return bytecode("a handler begins at no instruction"),
            }
        }
        for target in targets {
            let number = *number_of.entry(target).or_insert_with(|| {
                queue.push(target);
                queue.len() - 1
            });
            node.successors.push(number);
        }
        nodes.push(node);
    }
    protect(&mut nodes);
    set_depths(&mut nodes);
    Ok(nodes)
}

/// Which steps start a node because a jump goes there.
fn leaders(decoded: &Decoded) -> Vec<bool> {
    let mut leaders = vec![false; decoded.steps.len()];
    for (ins, _) in &decoded.steps {
        if let Some(flag) = ins.target().and_then(|t| decoded.step_at(t)).and_then(|s| leaders.get_mut(s)) {
            *flag = true;
        }
    }
    leaders
}

/// The node that starts at a step, and the steps at which its successors start.
fn run_from(
    decoded: &Decoded,
    handlers: &Handlers,
    leaders: &[bool],
    first: usize,
) -> Result<(Node, Vec<usize>), Fault> {
    let handler = decoded.steps.get(first).and_then(|(_, unit)| handlers.of(*unit));
    let mut node = Node { successors: Vec::new(), handler, ..Node::passing(Vec::new(), 0, 0) };
    let mut at = first;
    loop {
        let Some((ins, unit)) = decoded.steps.get(at) else {
            return bytecode("control runs past the end of the code");
        };
        if at > first && (leaders.get(at) == Some(&true) || handlers.of(*unit) != handler) {
            return Ok((node, vec![at]));
        }
        node.unit = *unit;
        at += 1;
        if ins.is_end() {
            let targets = end(&mut node, ins, *unit, at, decoded)?;
            return Ok((node, targets));
        }
        match ins {
            Ins::Nop => {}
            Ins::Pop => pop(&mut node.steps, *unit),
            // `all(… for …)` in 3.15: the generator becomes an iterator there without an instruction of its own.
            Ins::Null if matches!(decoded.steps.get(at), Some((Ins::For(..), _))) => {
                node.steps.extend([(Ins::Filler, *unit), (Ins::Swap(2), *unit)]);
            }
            Ins::Iter => iterate(&mut node.steps, *unit),
            Ins::ToBool => node.steps.extend(to_bool(decoded.steps.get(at), *unit)),
            _ => node.steps.push((ins.clone(), *unit)),
        }
    }
}

/// Appends a pop.  `return 1` in a loop drops the iterator: 3.14 does so under the constant, others before it; 3.15,
/// whose iterators take two items, drops both under it.
fn pop(steps: &mut Vec<Step>, unit: u32) {
    let under = match steps.as_slice() {
        [.., (constant, _), (Ins::Swap(2), _)] if is_constant(constant) => 1,
        [.., (constant, _), (Ins::Swap(3), _), (Ins::Pop, _)] if is_constant(constant) => 2,
        _ => 0,
    };
    steps.push((Ins::Pop, unit));
    if under > 0 {
        // The pops change places with the constant, and there is nothing to swap any more.
        steps.remove(steps.len() - under - 1);
        let constant = steps.len() - under - 1;
        if let Some(moved) = steps.get_mut(constant..) {
            moved.rotate_left(1);
        }
    }
}

/// Appends `iter(x)`.  The list of a comprehension is made after it, but before it in 3.15.
fn iterate(steps: &mut Vec<Step>, unit: u32) {
    use Ins::{Filler, List, Swap};
    if let [.., list @ (List(0), _), (Swap(2), _), (Filler, _), (Swap(2), _)] = steps.as_slice() {
        let list = list.clone();
        steps.truncate(steps.len() - 4);
        let iterator = [Filler, Swap(2), Ins::Iter].map(|ins| (ins, unit));
        let under = [Swap(3), Swap(2)].map(|ins| (ins, list.1));
        steps.extend(iterator.into_iter().chain([list]).chain(under));
        return;
    }
    steps.push((Ins::Iter, unit));
}

/// `bool(x)` before a step: nothing if that takes the truth anyway, else `not not x`, which is where 3.13
/// makes a lone one from.
fn to_bool(next: Option<&Step>, unit: u32) -> Vec<Step> {
    match next {
        Some((Ins::JumpIf(..) | Ins::Unary(UnaryOp::Not) | Ins::ToBool, _)) => vec![],
        _ => vec![(Ins::Unary(UnaryOp::Not), unit); 2],
    }
}

/// Ends a node with an instruction; the steps at which its successors start.
fn end(node: &mut Node, ins: &Ins, unit: u32, next: usize, decoded: &Decoded) -> Result<Vec<usize>, Fault> {
    let target = match ins.target() {
        None => next,
        Some(unit) => match decoded.step_at(unit) {
            Some(step) => step,
            None => return bytecode("a jump goes to no instruction"),
        },
    };
    let (kind, targets) = match ins {
        Ins::Jump(_) => (End::Goto, vec![target]),
        Ins::JumpIf(true, _) => (End::If, vec![target, next]),
        Ins::JumpIf(false, _) => (End::If, vec![next, target]),
        Ins::JumpIfNone(true, _) => (End::IfNone, vec![target, next]),
        Ins::JumpIfNone(false, _) => (End::IfNone, vec![next, target]),
        Ins::For(_, drops) => (End::For(*drops), vec![next, target]),
        Ins::Send(_) => {
            node.steps.push((Ins::Pop, unit));
            (End::Send, vec![next, target])
        }
        Ins::Return => (End::Return, vec![]),
        Ins::Raise(n) => (End::Raise(*n), vec![]),
        Ins::Reraise(lasti) => (End::Reraise(*lasti), vec![]),
        _ => {
            node.steps.push((ins.clone(), unit));
            (End::Refused, vec![])
        }
    };
    node.end = kind;
    Ok(targets)
}

/// Puts the steps that belong to an edge into nodes of their own.
fn split_edges(nodes: &mut Vec<Node>) {
    for index in 0..nodes.len() {
        let (Some(end), Some(unit)) = (nodes.get(index).map(|n| n.end), nodes.get(index).map(|n| n.unit)) else {
            continue;
        };
        let on_edges = match end {
            End::For(_) => vec![(0, Ins::IterNext)],
            End::Send => vec![(0, Ins::IterNext), (1, Ins::IterResult)],
            End::IfNone => {
                let slot = nodes.get(index).and_then(|n| tested_slot(&n.steps));
                vec![(0, Ins::Narrow(true, slot)), (1, Ins::Narrow(false, slot))]
            }
            _ => vec![],
        };
        for (position, ins) in on_edges {
            let number = nodes.len();
            let Some(slot) = nodes.get_mut(index).and_then(|n| n.successors.get_mut(position)) else { continue };
            let target = std::mem::replace(slot, number);
            nodes.push(Node::passing(vec![(ins, unit)], unit, target));
        }
    }
}

/// The local whose value a node tests at its end, if that shows: read, or just assigned (`:=`, `match`).
fn tested_slot(steps: &[Step]) -> Option<u32> {
    match steps {
        [.., (Ins::Load(slot), _)] | [.., (Ins::Load(slot), _), (Ins::Copy(1), _)] => Some(*slot),
        [.., (Ins::Copy(1), _), (Ins::Store(slot), _)] => Some(*slot),
        _ => None,
    }
}

/// The numbers of the nodes that node 0 reaches, each after those it leads to; last successors first.
pub fn postorder(nodes: &[Node]) -> Vec<usize> {
    let successors = |node: usize| nodes.get(node).into_iter().flat_map(|node| node.successors.iter().rev().copied());
    coachwhip_ir::graph::postorder(nodes.len(), 0, successors)
}

/// The reachable nodes, renumbered in reverse postorder.
fn in_order(nodes: Vec<Node>) -> Vec<Node> {
    let mut order = postorder(&nodes);
    order.reverse();
    let mut number = vec![0; nodes.len()];
    for (new, &old) in order.iter().enumerate() {
        if let Some(slot) = number.get_mut(old) {
            *slot = new;
        }
    }
    let mut nodes: Vec<Option<Node>> = nodes.into_iter().map(Some).collect();
    let mut sorted = Vec::with_capacity(order.len());
    for old in order {
        if let Some(mut node) = nodes.get_mut(old).and_then(Option::take) {
            for successor in node.targets_mut() {
                *successor = number.get(*successor).copied().unwrap_or(0);
            }
            sorted.push(node);
        }
    }
    sorted
}
