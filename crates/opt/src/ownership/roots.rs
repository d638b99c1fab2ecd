//! Which values own memory, and whose memory every other value uses.
//!
//! Roots are results of `alloc`, calls and `cell_get` that hold arrays, and those block parameters whose
//! arguments are not all kept alive by roots that dominate the block.  (A parameter in a loop may hold what an
//! earlier pass defined; a root that strictly dominates the header is the same one in every pass.)
//! The function's parameters and global arrays are kept alive by the caller and have no root.

use crate::analysis::dom::{def_block, inst_blocks};
use crate::analysis::{Cfg, Dominators};
use coachwhip_ir::entity::Map;
use coachwhip_ir::{Block, Func, Inst, Op, Ty, Value};

/// Parameters that borrow from more roots than this own instead: sets stay small.
const MOST_ROOTS: usize = 4;

/// The answer.
pub struct Roots {
    of: Map<Value, Vec<Value>>,
    owned: Map<Value, bool>,
}

/// Whether values of this type have an owner word.
pub fn holds_array(ty: &Ty) -> bool {
    match ty {
        Ty::Array(_) => true,
        Ty::Int | Ty::Float | Ty::Bool | Ty::Scalar(_) | Ty::Ptr(_) | Ty::Cell(_) | Ty::Lit(_) => false,
        other => other.fields().is_some_and(|f| f.iter().any(holds_array)),
    }
}

/// Whether values of this type may point into an array's memory.
fn may_borrow(ty: &Ty) -> bool {
    match ty {
        Ty::Array(_) | Ty::Ptr(_) => true,
        Ty::Int | Ty::Float | Ty::Bool | Ty::Scalar(_) | Ty::Cell(_) | Ty::Lit(_) => false,
        other => other.fields().is_some_and(|f| f.iter().any(may_borrow)),
    }
}

impl Roots {
    /// Finds the roots: optimistically no parameter owns, until one must.
    pub fn find(func: &Func, cfg: &Cfg) -> Roots {
        let mut roots = Roots { of: Map::new(), owned: Map::new() };
        roots.of.resize(func.values.len(), vec![]);
        roots.owned.resize(func.values.len(), false);
        let dom = Dominators::new(func, cfg);
        let places = inst_blocks(func);
        let mut changed = true;
        while changed {
            changed = false;
            for &block in &cfg.rpo {
                for n in 0..func.blocks[block].params.len() {
                    changed |= roots.visit_param(func, cfg, &dom, &places, block, n);
                }
                for &inst in &func.blocks[block].insts {
                    changed |= roots.visit_inst(func, inst);
                }
            }
        }
        roots
    }

    /// The roots whose memory a value uses.
    pub fn of(&self, value: Value) -> &[Value] {
        self.of.lookup(value).map_or(&[], Vec::as_slice)
    }

    /// Whether the value is a root.
    pub fn is_owned(&self, value: Value) -> bool {
        self.owned.lookup(value).copied().unwrap_or(false)
    }

    /// The root whose ownership a value can take along: they have the same owner words.
    pub fn movable(&self, func: &Func, value: Value) -> Option<Value> {
        let [root] = self.of(value) else { return None };
        let same = *root == value || (func.ty(value).array().is_some() && func.ty(*root).array().is_some());
        same.then_some(*root)
    }

    fn visit_param(
        &mut self,
        func: &Func,
        cfg: &Cfg,
        dom: &Dominators,
        places: &Map<Inst, Option<Block>>,
        block: Block,
        n: usize,
    ) -> bool {
        let Some(&param) = func.blocks[block].params.get(n) else { return false };
        if block == func.entry || self.is_owned(param) || !may_borrow(func.ty(param)) {
            return false;
        }
        let mut union: Vec<Value> = Vec::new();
        for &(from, edge) in &cfg.preds[block] {
            if let Some(&arg) = func.edges(from).get(edge).and_then(|e| e.args.get(n)) {
                union.extend_from_slice(self.of(arg));
            }
        }
        union.sort();
        union.dedup();
        let outlives =
            |r: &Value| def_block(func, places, *r).is_some_and(|home| home != block && dom.dominates(home, block));
        if holds_array(func.ty(param)) && (union.len() > MOST_ROOTS || !union.iter().all(outlives)) {
            self.owned[param] = true;
            union = vec![param];
        }
        let changed = self.of[param] != union;
        self.of[param] = union;
        changed
    }

    fn visit_inst(&mut self, func: &Func, inst: Inst) -> bool {
        let data = &func.insts[inst];
        let mut changed = false;
        for &result in &data.results {
            let ty = func.ty(result);
            if !may_borrow(ty) {
                continue;
            }
            let makes =
                matches!(data.op, Op::Alloc | Op::Call | Op::CallExternal | Op::CallNative | Op::CellGet | Op::Runtime);
            let of = if makes && holds_array(ty) {
                self.owned[result] = true;
                vec![result]
            } else {
                let mut union: Vec<Value> = data.args.iter().flat_map(|&a| self.of(a)).copied().collect();
                union.sort();
                union.dedup();
                union
            };
            changed |= self.of[result] != of;
            self.of[result] = of;
        }
        changed
    }
}
