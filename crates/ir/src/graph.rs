//! Orders and cycles of graphs whose nodes are numbers: control flow and calls.

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
    use super::{callees_first, postorder};

    #[test]
    fn successors_come_first() {
        let graph = [vec![1, 2], vec![3], vec![3], vec![1], vec![0]];
        let order = postorder(graph.len(), 0, |node| graph[node].iter().copied());
        assert_eq!(order, [3, 1, 2, 0]);
    }

    #[test]
    fn what_reaches_itself_is_recursive() {
        let (order, recursive) = callees_first(&[vec![1, 2], vec![3], vec![2], vec![1], vec![]]);
        assert_eq!(recursive, [false, true, true, true, false]);
        let place = |node| order.iter().position(|n| *n == node);
        assert!(place(1) < place(0) && place(2) < place(0));
    }
}
