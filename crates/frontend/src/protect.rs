//! Protected code in pieces: what a handler sees of the locals must be the same wherever a piece fails.
//!
//! A piece that may fail is a node of its own, after a node that ends with [`End::Try`].  Its last step may assign a
//! local, no other does.

use crate::graph::{End, Landing, Node};
use crate::ins::Ins;
use std::collections::HashMap;

/// Cuts protected nodes, whose last successor is the start of their handler, into pieces.
pub fn protect(nodes: &mut Vec<Node>) {
    let mut landings: HashMap<(usize, u32, bool), usize> = HashMap::new();
    for index in 0..nodes.len() {
        let Some(node) = nodes.get_mut(index) else { continue };
        let Some(handler) = node.handler.take() else { continue };
        let Some(target) = node.successors.pop() else { continue };
        let pieces = pieces(node);
        if pieces.iter().all(|piece| !may_raise(piece)) {
            continue;
        }
        let unit = node.unit;
        let landing = *landings.entry((target, handler.depth, handler.lasti)).or_insert_with(|| {
            nodes.push(Node::passing(vec![(Ins::Landing(handler.lasti), handler.target)], unit, target));
            nodes.len() - 1
        });
        place(nodes, index, pieces, Landing { node: landing, depth: handler.depth });
    }
}

/// Puts the pieces of a node in its place.
fn place(nodes: &mut Vec<Node>, index: usize, pieces: Vec<Node>, landing: Landing) {
    let first = nodes.len();
    let start = |position: usize| if position == 0 { index } else { first + position - 1 };
    let count = pieces.len();
    nodes.resize_with(first + count.saturating_sub(1), empty);
    for (position, mut piece) in pieces.into_iter().enumerate() {
        if position + 1 < count {
            piece.successors = vec![start(position + 1)];
        }
        if may_raise(&piece) {
            let head = Node::head(landing, nodes.len(), piece.unit);
            piece.landing = Some(landing);
            nodes.push(std::mem::replace(&mut piece, head));
        }
        if let Some(slot) = nodes.get_mut(start(position)) {
            *slot = piece;
        }
    }
}

/// The pieces of a node in order; the last one ends as the node does.
fn pieces(node: &Node) -> Vec<Node> {
    let mut pieces = Vec::new();
    let mut steps = Vec::new();
    for (ins, unit) in &node.steps {
        steps.push((ins.clone(), *unit));
        if ins.assigns() {
            pieces.push(Node::passing(std::mem::take(&mut steps), *unit, 0));
        }
    }
    let rest = Node { steps, end: node.end, unit: node.unit, successors: node.successors.clone(), ..empty() };
    if pieces.is_empty() || !rest.steps.is_empty() || rest.end != End::Goto {
        pieces.push(rest);
    } else if let Some(last) = pieces.last_mut() {
        last.successors = rest.successors;
    }
    pieces
}

fn empty() -> Node {
    Node { successors: vec![], ..Node::passing(vec![], 0, 0) }
}

/// Whether a piece may fail.
fn may_raise(piece: &Node) -> bool {
    let end = matches!(piece.end, End::If | End::For(_) | End::Send | End::Raise(_) | End::Reraise(_));
    end || piece.steps.iter().any(|(ins, _)| ins.may_raise())
}
