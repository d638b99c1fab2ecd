//! Dominators and dominance frontiers of a graph whose nodes are numbered in reverse postorder.
//!
//! Only for reducible graphs, which are all that CPython's compiler makes without exception handlers: there
//! one pass suffices, because a loop's back edges do not change what dominates its header.

/// Entries of all frontiers together per node, beyond which they are not worth having; real code has a few.
const MAX_FRONTIER: usize = 64;

/// The dominator tree with frontiers.
pub struct Dominance {
    /// The immediate dominator of each node; node 0 is its own.
    pub parent: Vec<usize>,
    /// Where the dominance of each node ends.
    pub frontier: Vec<Vec<usize>>,
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

/// The dominance of a graph given by its predecessors; none if it is irreducible or absurdly entangled.
pub fn dominance(predecessors: &[Vec<usize>]) -> Option<Dominance> {
    let mut tree = Tree::default();
    for (node, list) in predecessors.iter().enumerate() {
        let forward = list.iter().copied().filter(|p| *p < node);
        tree.push(forward.reduce(|a, b| tree.common(a, b)).unwrap_or(0));
    }
    let mut back = predecessors.iter().enumerate().flat_map(|(node, list)| list.iter().map(move |p| (node, *p)));
    if back.any(|(node, p)| p >= node && !tree.dominates(node, p)) {
        return None;
    }
    let frontier = frontier(predecessors, &tree.parent)?;
    Some(Dominance { parent: tree.parent, frontier })
}

fn frontier(predecessors: &[Vec<usize>], parent: &[usize]) -> Option<Vec<Vec<usize>>> {
    let mut frontier: Vec<Vec<usize>> = vec![Vec::new(); predecessors.len()];
    let mut total = 0;
    for (node, list) in predecessors.iter().enumerate() {
        let top = Tree::of(parent, node);
        for &predecessor in list {
            let mut at = predecessor;
            while at != top || (node == 0 && at != 0) {
                let Some(found) = frontier.get_mut(at) else { break };
                // From here upwards the node was entered on behalf of another predecessor.
                if found.last() == Some(&node) {
                    break;
                }
                found.push(node);
                total += 1;
                at = Tree::of(parent, at);
            }
        }
    }
    (total <= MAX_FRONTIER * predecessors.len() + 100_000).then_some(frontier)
}

impl Dominance {
    /// The nodes at which definitions in several of the given nodes meet.
    pub fn meetings(&self, definitions: &[usize]) -> Vec<usize> {
        let mut seen = std::collections::HashSet::new();
        let mut queue = definitions.to_vec();
        let mut found = Vec::new();
        while let Some(node) = queue.pop() {
            for &meeting in self.frontier.get(node).into_iter().flatten() {
                if seen.insert(meeting) {
                    found.push(meeting);
                    queue.push(meeting);
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::dominance;

    #[test]
    fn a_loop_with_a_branch() {
        // 0 -> 1; 1 -> 2, 5; 2 -> 3, 4; 3 -> 4; 4 -> 1
        let graph = dominance(&[vec![], vec![0, 4], vec![1], vec![2], vec![2, 3], vec![1]]).unwrap();
        assert_eq!(graph.parent, [0, 0, 1, 2, 2, 1]);
        assert_eq!(graph.frontier[3], [4]);
        assert_eq!(graph.frontier[4], [1]);
        let mut meetings = graph.meetings(&[3]);
        meetings.sort();
        assert_eq!(meetings, [1, 4]);
    }

    #[test]
    fn two_entries_into_a_loop() {
        assert!(dominance(&[vec![], vec![0, 2], vec![0, 1]]).is_none());
    }
}
