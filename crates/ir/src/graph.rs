//! Orders, dominators and cycles of graphs whose nodes are numbers: control flow and calls.

/// The nodes that `root` reaches, each after those that it leads to; successors are followed in the order given.
pub fn postorder<I: Iterator<Item = usize>>(count: usize, root: usize, successors: impl Fn(usize) -> I) -> Vec<usize> {
    let mut seen = vec![false; count];
    let mut enter = |node: usize| seen.get_mut(node).is_some_and(|seen| !std::mem::replace(seen, true));
    let mut order = Vec::new();
    let mut stack = Vec::new();
    if enter(root) {
        stack.push((root, successors(root)));
    }
    while let Some((node, rest)) = stack.last_mut() {
        match rest.find(|next| enter(*next)) {
            Some(next) => stack.push((next, successors(next))),
            None => {
                order.push(*node);
                stack.pop();
            }
        }
    }
    order
}

/// A tree under construction in which common ancestors are found in logarithmic time: each node has, besides
/// its parent, a jump to some ancestor, at distances that grow as in skew binary numbers (Myers 1983).
#[derive(Default)]
struct Tree {
    parent: Vec<usize>,
    jump: Vec<usize>,
    depth: Vec<usize>,
}

impl Tree {
    fn of(list: &[usize], node: usize) -> usize {
        list.get(node).copied().unwrap_or(0)
    }

    fn push(&mut self, parent: usize) {
        let depth = |node: usize| Tree::of(&self.depth, node);
        let jump = Tree::of(&self.jump, parent);
        let far = Tree::of(&self.jump, jump);
        let even = depth(parent).wrapping_sub(depth(jump)) == depth(jump).wrapping_sub(depth(far));
        let (depth, jump) =
            if self.parent.is_empty() { (0, 0) } else { (depth(parent) + 1, if even { far } else { parent }) };
        self.parent.push(parent);
        self.depth.push(depth);
        self.jump.push(jump);
    }

    /// The ancestor of a node at a depth that is not greater than the node's.
    fn raise(&self, mut node: usize, depth: usize) -> usize {
        while Tree::of(&self.depth, node) > depth {
            let jump = Tree::of(&self.jump, node);
            node = if Tree::of(&self.depth, jump) >= depth { jump } else { Tree::of(&self.parent, node) };
        }
        node
    }

    fn common(&self, a: usize, b: usize) -> usize {
        let depth = Tree::of(&self.depth, a).min(Tree::of(&self.depth, b));
        let (mut a, mut b) = (self.raise(a, depth), self.raise(b, depth));
        while a != b {
            let (x, y) = (Tree::of(&self.jump, a), Tree::of(&self.jump, b));
            (a, b) = if x != y { (x, y) } else { (Tree::of(&self.parent, a), Tree::of(&self.parent, b)) };
        }
        a
    }

    fn dominates(&self, a: usize, b: usize) -> bool {
        self.raise(b, Tree::of(&self.depth, a)) == a
    }
}

/// The immediate dominators of a graph whose nodes are numbered in reverse postorder (node 0 is its own), and whether the
/// graph is reducible: then a loop's back edges do not change what dominates its header, and one look at each node is enough.
pub fn dominators<I: Iterator<Item = usize>>(count: usize, predecessors: impl Fn(usize) -> I) -> (Vec<usize>, bool) {
    let mut tree = Tree::default();
    for node in 0..count {
        let forward = predecessors(node).filter(|p| *p < node);
        tree.push(forward.reduce(|a, b| tree.common(a, b)).unwrap_or(0));
    }
    let fits = |node: usize| predecessors(node).all(|p| p < node || tree.dominates(node, p));
    let reducible = (0..count).all(fits);
    let mut parent = tree.parent;
    let mut changed = !reducible;
    while changed {
        changed = false;
        for node in 1..count {
            let meet = predecessors(node).reduce(|a, b| common(&parent, a, b));
            if let (Some(slot), Some(meet)) = (parent.get_mut(node), meet) {
                changed |= std::mem::replace(slot, meet) != meet;
            }
        }
    }
    (parent, reducible)
}

/// The nearest common ancestor: ancestors have smaller numbers.
fn common(parent: &[usize], mut a: usize, mut b: usize) -> usize {
    while a != b {
        let deeper = if a > b { &mut a } else { &mut b };
        *deeper = Tree::of(parent, *deeper);
    }
    a
}

/// The functions in an order in which callees come before callers, and which of them can reach themselves
/// (Tarjan's strongly connected components).
pub fn callees_first(graph: &[Vec<usize>]) -> (Vec<usize>, Vec<bool>) {
    let mut search = Search {
        graph,
        order: vec![],
        recursive: vec![false; graph.len()],
        index: vec![None; graph.len()],
        low: vec![0; graph.len()],
        on_stack: vec![false; graph.len()],
        stack: vec![],
        clock: 0,
    };
    for node in 0..graph.len() {
        if search.index.get(node).copied().flatten().is_none() {
            search.visit(node);
        }
    }
    (search.order, search.recursive)
}

struct Search<'g> {
    graph: &'g [Vec<usize>],
    order: Vec<usize>,
    recursive: Vec<bool>,
    index: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    clock: usize,
}

fn set<T>(items: &mut [T], at: usize, value: T) {
    if let Some(item) = items.get_mut(at) {
        *item = value;
    }
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        // Explicit work stack: node and the next callee to look at.
        let mut work = vec![(start, 0)];
        while let Some((node, next)) = work.pop() {
            if next == 0 {
                set(&mut self.index, node, Some(self.clock));
                set(&mut self.low, node, self.clock);
                set(&mut self.on_stack, node, true);
                self.stack.push(node);
                self.clock += 1;
            }
            let Some(&callee) = self.graph.get(node).and_then(|c| c.get(next)) else {
                self.finish(node);
                if let Some(&(parent, _)) = work.last() {
                    self.lower(parent, self.low.get(node).copied());
                }
                continue;
            };
            work.push((node, next + 1));
            match self.index.get(callee).copied().flatten() {
                None => work.push((callee, 0)),
                seen if self.on_stack.get(callee) == Some(&true) => self.lower(node, seen),
                _ => {}
            }
        }
    }

    fn lower(&mut self, node: usize, to: Option<usize>) {
        if let (Some(low), Some(to)) = (self.low.get_mut(node), to) {
            *low = (*low).min(to);
        }
    }

    fn finish(&mut self, node: usize) {
        if self.low.get(node).copied() != self.index.get(node).copied().flatten() {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            set(&mut self.on_stack, member, false);
            component.push(member);
            if member == node {
                break;
            }
        }
        let calls_itself = self.graph.get(node).is_some_and(|c| c.contains(&node));
        if component.len() > 1 || calls_itself {
            component.iter().for_each(|&m| set(&mut self.recursive, m, true));
        }
        self.order.extend(component);
    }
}

#[cfg(test)]
mod tests {
    use super::{callees_first, dominators, postorder};

    #[test]
    fn successors_come_first() {
        let graph = [vec![1, 2], vec![3], vec![3], vec![1], vec![0]];
        let order = postorder(graph.len(), 0, |node| graph[node].iter().copied());
        assert_eq!(order, [3, 1, 2, 0]);
    }

    #[test]
    fn dominators_of_a_loop_with_two_entries() {
        // 0 -> 1, 2; 1 -> 2, 3; 2 -> 1; 3 -> 4
        let graph: [Vec<usize>; 5] = [vec![], vec![0, 2], vec![0, 1], vec![1], vec![3]];
        let found = dominators(graph.len(), |node| graph[node].iter().copied());
        assert_eq!(found, (vec![0, 0, 0, 1, 3], false));
        // What a second entry takes away reaches what is farther on: 0 -> 1; 1 -> 2; 2 -> 3; 3 -> 4; 4 -> 2; 0 -> 4
        let graph: [Vec<usize>; 5] = [vec![], vec![0], vec![1, 4], vec![2], vec![3, 0]];
        let found = dominators(graph.len(), |node| graph[node].iter().copied());
        assert_eq!(found, (vec![0, 0, 0, 2, 0], false));
    }

    #[test]
    fn what_reaches_itself_is_recursive() {
        let (order, recursive) = callees_first(&[vec![1, 2], vec![3], vec![2], vec![1], vec![]]);
        assert_eq!(recursive, [false, true, true, true, false]);
        let place = |node| order.iter().position(|n| *n == node);
        assert!(place(1) < place(0) && place(2) < place(0));
    }
}
