//! Who calls whom: which functions can call themselves, which are sure to be inlined.

use coachwhip_ir::{Imm, Inline, Module as IrModule, Op};

/// The calls of a module.
pub struct CallGraph<'m> {
    ir: &'m IrModule,
    /// Callees of each function, one for each call.
    callees: Vec<Vec<usize>>,
}

impl<'m> CallGraph<'m> {
    /// Reads the calls of a module.
    pub fn new(ir: &'m IrModule) -> CallGraph<'m> {
        let calls = |func: &coachwhip_ir::Func| {
            let insts = func.order.iter().flat_map(|&b| &func.blocks[b].insts);
            insts
                .filter_map(|&i| match func.insts[i].imm {
                    Imm::Func(number) if func.insts[i].op == Op::Call => Some(number as usize),
                    _ => None,
                })
                .collect()
        };
        CallGraph { ir, callees: ir.funcs.iter().map(calls).collect() }
    }

    /// For each function whether it can call itself, directly or through others.
    pub fn recursive(&self) -> Vec<bool> {
        (0..self.callees.len()).map(|start| self.reaches(start)).collect()
    }

    /// Whether a function is among those it can reach by calls.
    fn reaches(&self, start: usize) -> bool {
        let mut seen = vec![false; self.callees.len()];
        let mut work: Vec<usize> = self.callees.get(start).cloned().unwrap_or_default();
        while let Some(next) = work.pop() {
            if next == start {
                return true;
            }
            if let Some(flag) = seen.get_mut(next)
                && !std::mem::replace(flag, true)
            {
                work.extend(self.callees.get(next).into_iter().flatten());
            }
        }
        false
    }

    /// For each function whether LLVM will inline it: it cannot call itself, and it is the root (called by
    /// its wrapper), called from one place, or meant to be inlined.
    pub fn inlined(&self) -> Vec<bool> {
        let mut calls = vec![0; self.callees.len()];
        for &callee in self.callees.iter().flatten() {
            if let Some(count) = calls.get_mut(callee) {
                *count += 1;
            }
        }
        let recursive = self.recursive();
        let functions = self.ir.funcs.iter().zip(calls).zip(recursive).enumerate();
        functions
            .map(|(number, ((func, calls), recursive))| match func.options.inline {
                _ if recursive => false,
                _ if number == 0 => true,
                Inline::Always => true,
                Inline::Auto => calls == 1,
                Inline::Never => false,
            })
            .collect()
    }
}
