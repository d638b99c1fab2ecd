//! Dominance frontiers of a graph whose nodes are numbered in reverse postorder: where assignments meet.
//!
//! Only for reducible graphs, which are all that CPython's compiler makes without exception handlers.

use crate::graph::dominators;

/// Entries of all frontiers together per node, beyond which they are not worth having; real code has a few.
const MAX_FRONTIER: usize = 64;

/// The dominator tree with frontiers.
pub struct Dominance {
    /// The immediate dominator of each node; node 0 is its own.
    pub parent: Vec<usize>,
    /// Where the dominance of each node ends.
    pub frontier: Vec<Vec<usize>>,
}

/// The dominance of a graph given by its predecessors; none if it is irreducible or absurdly entangled.
pub fn dominance(predecessors: &[Vec<usize>]) -> Option<Dominance> {
    let of = |node: usize| predecessors.get(node).into_iter().flatten().copied();
    let (parent, reducible) = dominators(predecessors.len(), of);
    let frontier = frontier(predecessors, &parent).filter(|_| reducible)?;
    Some(Dominance { parent, frontier })
}

fn parent_of(parent: &[usize], node: usize) -> usize {
    parent.get(node).copied().unwrap_or(0)
}

fn frontier(predecessors: &[Vec<usize>], parent: &[usize]) -> Option<Vec<Vec<usize>>> {
    let mut frontier: Vec<Vec<usize>> = vec![Vec::new(); predecessors.len()];
    let mut total = 0;
    for (node, list) in predecessors.iter().enumerate() {
        let top = parent_of(parent, node);
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
                at = parent_of(parent, at);
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
