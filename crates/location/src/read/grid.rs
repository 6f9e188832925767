//! Grid instances of covering problems (Cordeau, Furini, Ljubić 2019).

use super::decimal::{Decimal, Words, common_scale, points};
use crate::points::Points;
use maillage_input::{InputFile, Problems};

/// Most sites that are read.
pub const MAX_GRID_SITES: u64 = 100_000;
/// Most clients that are read.
pub const MAX_GRID_CLIENTS: u64 = 20_000_000;

/// Sites and clients on a plane.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// Candidate sites, on the same scale as the clients.
    pub sites: Points,
    /// Cost of opening each site.
    pub cost: Vec<u64>,
    /// Clients.
    pub clients: Points,
    /// Demand of each client.
    pub demand: Vec<u64>,
}

/// Reads `sites clients`, a line `F number x y cost` for each site, then `C number x y demand` for each client, numbers
/// in order from 0. Costs and demands are whole.
///
/// # Errors
/// E309 with the line and the cause; E104 if it is no text.
pub fn grid(file: &InputFile) -> Result<Grid, Problems> {
    let mut words = Words::new(file, file.utf8()?, 1);
    let (m, n) = (words.count(1, MAX_GRID_SITES)?, words.count(1, MAX_GRID_CLIENTS)?);
    let (sites, cost) = lines(&mut words, "F", m)?;
    let (clients, demand) = lines(&mut words, "C", n)?;
    words.end()?;
    let scale = common_scale(sites.iter().chain(&clients).flat_map(|(x, y)| [x, y]));
    Ok(Grid { sites: points(&sites, scale), cost, clients: points(&clients, scale), demand })
}

type Lines = (Vec<(Decimal, Decimal)>, Vec<u64>);

fn lines(words: &mut Words<'_>, letter: &str, count: usize) -> Result<Lines, Problems> {
    let (mut places, mut values) = (Vec::new(), Vec::new());
    for number in 0..count as u64 {
        let found = words.word()?;
        if found != letter {
            let problem = words.wrong(
                format!("la ligne ne commence pas par {letter}"),
                format!("the line does not begin with {letter}"),
            );
            return Err(problem.value(found).into());
        }
        words.count(number, number)?;
        places.push(words.place()?);
        values.push(words.count(0, 1 << 53)? as u64);
    }
    Ok((places, values))
}
