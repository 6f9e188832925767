//! Results of health programmes: years, posts, money.
//!
//! Figures by year are those of the first future; [`blocks`] sets the others beside it where there are several.

mod chart;
mod claims;
mod goals;
mod money;
pub(crate) mod names;
mod people;
mod posts;
mod screen;
mod sites;
pub(crate) mod supply;
mod table;

pub(crate) use claims::claims;
pub use goals::{goal_figure, goal_text};
pub(crate) use goals::{goal_label, goal_number, goal_value};
pub(crate) use screen::screen;
pub(crate) use table::{Block, Cell, Line, Table};

use crate::View;
use crate::figures::has_plan;
use crate::words::Words;
use maillage_programme::{Euros, Hundredths};
use names::Names;

/// The sections of the page, in the order they are read; none without a plan over years.
pub(crate) fn blocks(w: Words, view: &View<'_>) -> Vec<Block> {
    let Some(programme) = view.record.programme.as_ref().filter(|_| has_plan(view.record)) else {
        return Vec::new();
    };
    let n = Names { w, view, programme };
    let all = [
        sites::openings(n),
        people::by_year(n),
        posts::posts(n),
        money::money(n),
        posts::pools(n),
        sites::order(n),
        sites::levers(n),
        sites::duty(n),
        people::futures(n),
    ];
    all.into_iter().flatten().collect()
}

/// A sum of euros; what no sum can reach is written as the largest.
fn euros(w: Words, sum: i128) -> String {
    w.euros(Euros(clamped(sum)))
}

/// A sum of hundredths of posts.
fn fte(w: Words, sum: i128) -> String {
    w.decimal(Hundredths(clamped(sum)))
}

fn clamped(sum: i128) -> i64 {
    sum.clamp(i64::MIN.into(), i64::MAX.into()) as i64
}
