//! Undoes how CPython laid out the code.
//!
//! CPython turns loops over (a test at the bottom that repeats the one at the top), copies small exits
//! and threads jumps, each version in its own way.  Here equal copies become one node again, and tests whose
//! outcome is known and empty nodes are passed by.

use crate::decode::Step;
use crate::depths::depth_after;
use crate::graph::{End, Landing, Node, postorder};
use crate::ins::Ins;
use crate::snapshot::{CodeSnapshot, Position};
use std::collections::HashMap;

/// Brings the nodes into a form that all versions share.  Node 0 stays the first; nodes that are no longer
/// reached stay too.
pub fn normalise(code: &CodeSnapshot, nodes: &mut Vec<Node>) {
    thread(nodes);
    thread_known(nodes);
    // First by place, so that the `return` of an expression with branches is one; only then may those of
    // the same constant become one, wherever they are.
    merge(code, nodes, false);
    split_returns(nodes);
    merge(code, nodes, true);
}

/// Skips empty nodes.
fn thread(nodes: &mut [Node]) {
    let forward: Vec<Option<usize>> = nodes
        .iter()
        .map(|n| (n.steps.is_empty() && n.end == End::Goto).then(|| n.successors.first().copied()).flatten())
        .collect();
    let mut goal: Vec<Option<usize>> = vec![None; nodes.len()];
    for start in 0..nodes.len() {
        let mut path = Vec::new();
        let mut at = start;
        // A cycle of empty nodes (`while True: pass`) stays: its members lead to themselves.
        while let (None, Some(Some(next))) = (goal.get(at).copied().flatten(), forward.get(at)) {
            path.push(at);
            if let Some(slot) = goal.get_mut(at) {
                *slot = Some(at);
            }
            at = *next;
        }
        let end = goal.get(at).copied().flatten().unwrap_or(at);
        for node in path {
            if let Some(slot) = goal.get_mut(node) {
                *slot = Some(end);
            }
        }
    }
    for node in nodes {
        for successor in &mut node.successors {
            *successor = goal.get(*successor).copied().flatten().unwrap_or(*successor);
        }
    }
}

/// Protects nothing where what was protected has become part of another node.
fn drop_needless_heads(nodes: &mut [Node]) {
    let protected: Vec<bool> = nodes.iter().map(|node| node.landing.is_some()).collect();
    for node in nodes.iter_mut().filter(|node| matches!(node.end, End::Try(_))) {
        let body = node.successors.first().and_then(|body| protected.get(*body));
        if body == Some(&false) {
            node.end = End::Goto;
            node.successors.truncate(1);
        }
    }
}

/// Skips tests whose outcome is known: `x and y or z` tests the value of `x and y` again, after `x` was
/// found false.  CPython 3.11 skips them itself, later versions do not.
fn thread_known(nodes: &mut [Node]) {
    let keeps = |node: &Node| node.end == End::If && matches!(node.steps.last(), Some((Ins::Copy(1), _)));
    let again: Vec<Option<[usize; 2]>> = nodes
        .iter()
        .map(|node| match node.successors.as_slice() {
            &[yes, no] if keeps(node) && node.steps.len() == 1 => Some([yes, no]),
            _ => None,
        })
        .collect();
    for node in nodes.iter_mut().filter(|node| keeps(node)) {
        for (outcome, successor) in node.successors.iter_mut().enumerate() {
            // Expressions nest some hundred deep at most; other code is hostile, and may go in circles.
            for _ in 0..200 {
                match again.get(*successor).copied().flatten().and_then(|next| next.get(outcome).copied()) {
                    Some(next) => *successor = next,
                    None => break,
                }
            }
        }
    }
}

/// How often copies are looked for: each round can make others equal, in practice one or two do.
const ROUNDS: usize = 8;

/// Undoes the copies that CPython made, until nothing changes; `placeless` as in [`key`].
fn merge(code: &CodeSnapshot, nodes: &mut Vec<Node>, placeless: bool) {
    for _ in 0..ROUNDS {
        let copies = merge_copies(code, nodes, placeless);
        let tails = merge_tails(code, nodes);
        thread(nodes);
        drop_needless_heads(nodes);
        if !copies && !tails {
            break;
        }
    }
}

/// Gives every `return` of a constant a node of its own: CPython copies it to wherever a function ends.
fn split_returns(nodes: &mut Vec<Node>) {
    for index in 0..nodes.len() {
        let number = nodes.len();
        let Some(node) = nodes.get_mut(index).filter(|n| n.end == End::Return && n.steps.len() > 1) else { continue };
        let Some(last) = node.steps.pop() else { continue };
        if is_constant(&last.0) {
            let depth = depth_after(node);
            let tail = Node { end: End::Return, successors: vec![], depth, ..Node::passing(vec![last], node.unit, 0) };
            (node.end, node.successors) = (End::Goto, vec![number]);
            nodes.push(tail);
        } else {
            node.steps.push(last);
        }
    }
}

/// Whether a step does nothing but push a constant.
pub fn is_constant(ins: &Ins) -> bool {
    matches!(ins, Ins::Const(_) | Ins::SmallInt(_) | Ins::Literal(_))
}

/// Makes one node of equal nodes: same steps at the same places of the source, same successors.
fn merge_copies(code: &CodeSnapshot, nodes: &mut [Node], placeless: bool) -> bool {
    let mut same: Vec<usize> = (0..nodes.len()).collect();
    let mut changed = false;
    let mut seen: HashMap<Likeness, usize> = HashMap::new();
    // Postorder: a node's successors have been merged before it, but for those around a loop.
    for index in postorder(nodes) {
        let Some(node) = nodes.get_mut(index) else { continue };
        for successor in node.targets_mut() {
            *successor = same.get(*successor).copied().unwrap_or(*successor);
        }
        let first = *seen.entry(key(code, node, placeless)).or_insert(index);
        if let Some(slot) = same.get_mut(index).filter(|slot| **slot != first) {
            *slot = first;
            changed = true;
        }
    }
    for node in nodes.iter_mut() {
        for successor in node.targets_mut() {
            *successor = same.get(*successor).copied().unwrap_or(*successor);
        }
    }
    changed
}

/// Makes one node of the longest common last part of nodes with the same successors: the test of a loop,
/// which CPython 3.11 puts before the loop and at the end of its body; or the one `return` of an expression
/// that has branches.
fn merge_tails(code: &CodeSnapshot, nodes: &mut Vec<Node>) -> bool {
    let mut groups: HashMap<Likeness, Vec<usize>> = HashMap::new();
    for index in postorder(nodes) {
        let Some(node) = nodes.get(index) else { continue };
        let last = match (node.end, node.steps.last()) {
            (End::Return, _) => (Ins::Return, node.unit),
            (_, Some(last)) => last.clone(),
            (_, None) => continue,
        };
        let key = (vec![placed(code, &last)], node.end, node.successors.clone(), node.landing, depth_after(node));
        groups.entry(key).or_default().push(index);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort();
    for group in &groups {
        let length = common_tail(code, nodes, group);
        let number = nodes.len();
        let mut tail = None;
        for &index in group {
            let Some(node) = nodes.get_mut(index) else { continue };
            let steps = node.steps.split_off(node.steps.len().saturating_sub(length));
            let end = std::mem::replace(&mut node.end, End::Goto);
            let successors = std::mem::replace(&mut node.successors, vec![number]);
            let depth = depth_after(node);
            tail.get_or_insert(Node { steps, end, unit: node.unit, successors, depth, ..node.clone() });
        }
        if let Some(tail) = tail {
            let head = tail.landing.map(|landing| Node::head(landing, number + 1, tail.unit));
            nodes.extend(head.map(|head| Node { depth: tail.depth, ..head }));
            nodes.push(tail);
        }
    }
    !groups.is_empty()
}

/// How many last steps the nodes of a group share.
fn common_tail(code: &CodeSnapshot, nodes: &[Node], group: &[usize]) -> usize {
    let mut rest = group.iter().filter_map(|index| nodes.get(*index));
    let Some(first) = rest.next() else { return 0 };
    rest.map(|node| {
        let pairs = first.steps.iter().rev().zip(node.steps.iter().rev());
        pairs.take_while(|(a, b)| placed(code, a) == placed(code, b)).count()
    })
    .min()
    .unwrap_or(0)
}

/// A step by its place in the source.
type PlacedIns = (Ins, Position);

/// What makes nodes equal: steps, end, successors, landing, depth of the stack.
type Likeness = (Vec<PlacedIns>, End, Vec<usize>, Option<Landing>, i64);

/// A read of a local has no place of its own: in a superinstruction it has that of the other half.
fn placed(code: &CodeSnapshot, (ins, unit): &Step) -> PlacedIns {
    let position = code.positions.get(*unit as usize).filter(|_| !matches!(ins, Ins::Load(_)));
    (ins.clone(), position.copied().unwrap_or_default())
}

/// The key of a node; if so wished, a `return` of a constant has no place.
fn key(code: &CodeSnapshot, node: &Node, placeless: bool) -> Likeness {
    let steps = match (node.end, node.steps.as_slice()) {
        (End::Return, [(ins, _)]) if placeless && is_constant(ins) => vec![(ins.clone(), Position::default())],
        (end, steps) => {
            // The exceptions that lie under one that is raised again are not the same at another place.
            let last = match end {
                End::Return => Some((Ins::Return, node.unit)),
                End::Reraise(lasti) => Some((Ins::Reraise(lasti), node.unit)),
                _ => None,
            };
            steps.iter().chain(&last).map(|step| placed(code, step)).collect()
        }
    };
    (steps, node.end, node.successors.clone(), node.landing, node.depth)
}
