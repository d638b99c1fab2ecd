//! How deep the stack is where each node starts.
//!
//! CPython copies the body of a `finally` to where control arrives without an exception and to where one lies on the
//! stack: equal code at equal places that is not the same code.

use crate::graph::{End, Node};
use crate::ins::Ins;

/// Fills in the depths.  Where code that no compiler made comes with several, the first counts; it is refused later.
pub fn set_depths(nodes: &mut [Node]) {
    let mut seen = vec![false; nodes.len()];
    let mut queue = vec![(0, 0)];
    while let Some((index, depth)) = queue.pop() {
        let (Some(node), Some(seen)) = (nodes.get_mut(index), seen.get_mut(index)) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        node.depth = depth;
        let after = depth_after(node);
        for (position, &successor) in node.successors.iter().enumerate() {
            queue.push((successor, after.saturating_add(on_edge(node.end, position, after))));
        }
    }
}

/// The depth after the steps of a node, before what ends it.
pub fn depth_after(node: &Node) -> i64 {
    let effects = node.steps.iter().map(|(ins, _)| effect(ins));
    effects.fold(node.depth, i64::saturating_add)
}

/// What the end of a node does to the depth on the way to a successor.
fn on_edge(end: End, position: usize, depth: i64) -> i64 {
    match (end, position) {
        (End::If | End::IfNone, _) => -1,
        // The item that the loop's body begins with.
        (End::For(_) | End::Send, 0) => 1,
        (End::For(true), _) => -1,
        (End::Try(items), 1) => i64::from(items).min(depth) - depth,
        _ => 0,
    }
}

/// How many items a step pushes, less those that it pops.
fn effect(ins: &Ins) -> i64 {
    use Ins::*;
    match *ins {
        Const(_) | SmallInt(_) | Literal(_) | Builtin(_) | Null | Filler | Copy(_) | Load(_) | Save(_) | Global(_)
        | LoadDeref(_) | MatchSequence | MatchLen | PushExcInfo | IterNext | EnterWith | Special(_) | ExitWith(_) => 1,
        Pop | Store(_) | StoreDeref(_) | Binary(..) | Compare(_) | Is(_) | In(_) | GetItem | ListAppend(_)
        | ListExtend(_) | SetAdd(_) | SetUpdate(_) | DictUpdate(_) | DictMerge(_) | FunctionAttribute(_)
        | PopExcept | Import(_) | JumpIf(..) | JumpIfNone(..) => -1,
        SetAttr(_) | DelItem | GetSlice | MapAdd(_) => -2,
        SetItem => -3,
        SetSlice => -4,
        Slice(n) | Tuple(n) | List(n) | Set(n) | Text(n) => 1 - i64::from(n),
        Map(n) => 1 - 2 * i64::from(n),
        ConstKeyMap(n) => -i64::from(n),
        Unpack(n) => i64::from(n) - 1,
        UnpackStar(before, after) => i64::from(before) + i64::from(after),
        // The callee's two slots.
        Call(n) => -1 - i64::from(n),
        CallKw(n) => -2 - i64::from(n),
        CallStar(keywords) => -2 - i64::from(keywords),
        MakeFunction(flags) => -i64::from((flags & 15).count_ones()),
        Format(_, specified) => -i64::from(specified),
        Landing(lasti) => 1 + i64::from(lasti),
        Nop | Swap(_) | Delete(_) | MakeCell(_) | CopyFreeVars(_) | KwNames(_) | Unary(_) | ToBool | GetAttr(_)
        | ListToTuple | Iter | Convert(_) | ExcMatch | Refuse(_) | Bad | Jump(_) | For(..) | Send(_) | Return
        | Raise(_) | Reraise(_) | Narrow(..) | Yield | IterResult | StopIteration | CleanupThrow => 0,
    }
}
