//! The first line of a function.

use super::Parsed;
use super::cursor::Cursor;
use super::lexer::Kind;
use crate::func::Params;
use crate::options::{Inline, Options};
use crate::print::{FASTMATH, SWITCHES};

impl Cursor<'_> {
    /// What stands between the parentheses after the function's name, and the closing one.
    pub fn params(&mut self) -> Parsed<Params> {
        let mut params = Params::default();
        let mut starred = false;
        self.list(')', |c| c.param(&mut params, &mut starred))?;
        Ok(params)
    }

    fn param(&mut self, params: &mut Params, starred: &mut bool) -> Parsed<()> {
        if self.accept('/') {
            if *starred || params.posonly > 0 {
                return self.fail("'/' comes once and before '*'");
            }
            params.posonly = params.names.len();
            return Ok(());
        }
        if self.accept('*') {
            if std::mem::replace(starred, true) {
                return self.fail("'*' comes once");
            }
            if matches!(self.peek(), Some(Kind::Word(_) | Kind::Str(_))) {
                params.varargs = Some(self.name()?);
            }
            return Ok(());
        }
        params.names.push(self.name()?);
        let default = if self.accept('=') { Some(self.constant()?) } else { None };
        params.defaults.push(default);
        params.kwonly += usize::from(*starred);
        Ok(())
    }

    /// What stands between the parentheses of `options(…)`, and the closing one.
    pub fn options(&mut self) -> Parsed<Options> {
        let mut options = Options::default();
        self.list(')', |c| c.option(&mut options))?;
        Ok(options)
    }

    fn option(&mut self, options: &mut Options) -> Parsed<()> {
        let name = self.word()?;
        self.expect('=')?;
        if let Some((_, field)) = SWITCHES.iter().find(|(n, _)| *n == name) {
            *field(options) = match self.word()? {
                "on" => true,
                "off" => false,
                _ => return self.fail("expected on or off"),
            };
            return Ok(());
        }
        match name {
            "inline" => {
                options.inline = match self.word()? {
                    "always" => Inline::Always,
                    "never" => Inline::Never,
                    "auto" => Inline::Auto,
                    _ => return self.fail("expected always, never or auto"),
                }
            }
            "fastmath" => {
                self.expect('(')?;
                for name in self.list(')', |c| c.word())? {
                    let flag = FASTMATH.iter().find(|(n, _)| *n == name);
                    let (_, field) = flag.ok_or_else(|| self.error(format!("no relaxation is called {name}")))?;
                    *field(&mut options.fastmath) = true;
                }
            }
            "locals" => {
                self.expect('(')?;
                let locals = self.list(')', |c| {
                    let name = c.name()?;
                    c.expect(':')?;
                    Ok((name, c.ty()?))
                })?;
                options.locals = locals.into();
            }
            _ => return self.fail(format!("no option is called {name}")),
        }
        Ok(())
    }
}
