//! Capacitated location: the files of Holmberg, Rönnqvist and Yuan (1999), Yang, Chu and Chen (2012), Gadegaard, Klose
//! and Nielsen (2018: TB4), Avella and Boccia (2009: TBED1).

use super::decimal::{Decimal, Words, padded_text};
use super::ufl::{Amounts, ChargeFile, Raw, sides};
use maillage_input::{InputFile, Problem, Problems};

/// Largest capacity or demand that is read.
const MOST: u64 = 1 << 40;

fn amount(words: &mut Words<'_>) -> Result<u64, Problem> {
    words.count(0, MOST).map(|v| v as u64)
}

fn amounts(words: &mut Words<'_>, count: usize) -> Result<Vec<u64>, Problem> {
    (0..count).map(|_| amount(words)).collect()
}

fn costs(words: &mut Words<'_>, count: usize) -> Result<Vec<Decimal>, Problem> {
    (0..count).map(|_| words.amount()).collect()
}

/// Reads `sites clients`, a line `capacity opening` for each site, all demands, then for each site the costs of serving
/// all demand of each client. What follows a zero byte is ignored.
///
/// # Errors
/// E309 with the line and the cause; E104 if it is no text.
pub fn holmberg(file: &InputFile) -> Result<ChargeFile, Problems> {
    let mut words = Words::new(file, padded_text(file)?, 1);
    let (m, n) = sides(&mut words)?;
    let (mut capacity, mut opening) = (Vec::new(), Vec::new());
    for _ in 0..m {
        capacity.push(amount(&mut words)?);
        opening.push(words.amount()?);
    }
    let demand = amounts(&mut words, n)?;
    let cost = costs(&mut words, m * n)?;
    words.end()?;
    let (charges, scale) = Raw { opening, cost, clients: n }.charges(file, |_| 1)?;
    Ok(ChargeFile { charges, scale, amounts: Some(Amounts { capacity, demand }) })
}

/// Reads `clients sites`, all demands, all capacities, all opening costs, then for each site the cost of serving one
/// unit of the demand of each client.
///
/// # Errors
/// E309 with the line and the cause; E104 if it is no text.
pub fn tbed1(file: &InputFile) -> Result<ChargeFile, Problems> {
    let mut words = Words::new(file, file.utf8()?, 1);
    let (n, m) = sides(&mut words)?;
    let demand = amounts(&mut words, n)?;
    let capacity = amounts(&mut words, m)?;
    let opening = costs(&mut words, m)?;
    let cost = costs(&mut words, m * n)?;
    words.end()?;
    let (charges, scale) = Raw { opening, cost, clients: n }.charges(file, |i| demand[i])?;
    Ok(ChargeFile { charges, scale, amounts: Some(Amounts { capacity, demand }) })
}
