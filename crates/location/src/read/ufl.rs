//! Simple plant location: OR-Library's `cap` files (Beasley 1990) and UflLib's simple format (Hoefer 2002).

use super::decimal::{Decimal, Words, common_scale};
use super::wrong;
use crate::charges::{ChargeError, Charges};
use maillage_input::{Code, InputFile, Place, Problem, Problems, Text};

/// Most sites or clients that are read.
pub const MAX_CHARGE_SIDE: u64 = 20_000;

/// An instance with fixed charges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChargeFile {
    /// Opening costs, and costs of serving all of a client's demand, in units of `1 / scale`.
    pub charges: Charges,
    /// Parts of 1 in which costs are whole: the least power of ten.
    pub scale: u32,
    /// Capacities of sites and demands of clients; `None` where the file has none or they are not whole.
    pub amounts: Option<Amounts>,
}

/// What sites can serve and clients ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amounts {
    /// Capacity of each site.
    pub capacity: Vec<u64>,
    /// Demand of each client.
    pub demand: Vec<u64>,
}

/// Numbers as they stand in a file.
pub(super) struct Raw {
    pub opening: Vec<Decimal>,
    /// Site by site: all clients of the first site come first.
    pub cost: Vec<Decimal>,
    pub clients: usize,
}

impl Raw {
    /// Both as charges on one scale, costs times `factor(client)`.
    pub fn charges(
        &self,
        file: &InputFile,
        factor: impl Fn(usize) -> u64,
    ) -> Result<(Charges, u32), Problems> {
        let scale = common_scale(self.opening.iter().chain(&self.cost));
        let whole = |d: Decimal| d.at(scale).and_then(|v| u64::try_from(v).ok());
        let too_large = || Problems::from(refused(file, ChargeError::TotalTooLarge));
        let opening: Option<Vec<u64>> = self.opening.iter().map(|d| whole(*d)).collect();
        // What overflows becomes too large a cost, which is refused.
        let cost = |i: usize, j: usize| {
            whole(self.cost[j * self.clients + i]).and_then(|c| c.checked_mul(factor(i))).unwrap_or(u64::MAX)
        };
        let charges = Charges::new(opening.ok_or_else(too_large)?, self.clients, |i, j| Some(cost(i, j)));
        Ok((charges.map_err(|e| refused(file, e))?, scale))
    }
}

fn refused(file: &InputFile, error: ChargeError) -> Problem {
    let french = match error {
        ChargeError::TotalTooLarge => "la somme des coûts dépasse 2^53".to_owned(),
        ChargeError::TooMany => "trop de paires de client et de site".to_owned(),
        other => other.to_string(),
    };
    Problem::error(Code::Instance, Text::new(french, error.to_string()))
        .at(Place::file(file.record.path.clone()))
        .remedy(Text::new("compter les coûts dans une unité plus grande", "use a larger unit of cost"))
}

/// Sides of an instance: sites and clients, each at most [`MAX_CHARGE_SIDE`].
pub(super) fn sides(words: &mut Words<'_>) -> Result<(usize, usize), Problem> {
    Ok((words.count(1, MAX_CHARGE_SIDE)?, words.count(1, MAX_CHARGE_SIDE)?))
}

/// Reads `sites clients`, a line `capacity opening` for each site, then for each client its demand and the costs of
/// serving all of it, site by site. Capacities may be the word `capacity`, to be replaced by `capacity`, which then
/// replaces all others too. Capacities and demands are `None` when some are not known or not whole.
///
/// # Errors
/// E309 with the line and the cause; E104 if it is no text.
pub fn orlib_cap(file: &InputFile, capacity: Option<u64>) -> Result<ChargeFile, Problems> {
    let mut words = Words::new(file, file.utf8()?, 1);
    let (m, n) = sides(&mut words)?;
    let (mut capacities, mut opening) = (Vec::new(), Vec::new());
    for _ in 0..m {
        let read = words.decimal_or("capacity")?;
        if read.is_some_and(Decimal::is_negative) {
            return Err(words.wrong("capacité négative", "a negative capacity").into());
        }
        capacities.push(capacity.or(read.and_then(Decimal::whole)));
        opening.push(words.amount()?);
    }
    let mut demand = Vec::new();
    let mut by_client = Vec::new();
    for _ in 0..n {
        demand.push(words.amount()?.whole());
        for _ in 0..m {
            by_client.push(words.amount()?);
        }
    }
    words.end()?;
    let cost = (0..m * n).map(|k| by_client[(k % n) * m + k / n]).collect();
    let (charges, scale) = Raw { opening, cost, clients: n }.charges(file, |_| 1)?;
    let capacity: Option<Vec<u64>> = capacities.into_iter().collect();
    let demand: Option<Vec<u64>> = demand.into_iter().collect();
    let amounts = capacity.zip(demand).map(|(capacity, demand)| Amounts { capacity, demand });
    Ok(ChargeFile { charges, scale, amounts })
}

/// Reads a line `FILE: name`, a line `sites clients 0`, then for each site its number from 1, its opening cost and the
/// cost of serving each client.
///
/// # Errors
/// E309 with the line and the cause; E104 if it is no text.
pub fn ufl_simple(file: &InputFile) -> Result<ChargeFile, Problems> {
    let text = file.utf8()?;
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    if !first.trim_start().starts_with("FILE:") {
        let cause =
            ("la première ligne ne commence pas par FILE:", "the first line does not begin with FILE:");
        return Err(wrong(file, 1, cause.0, cause.1).value(first).into());
    }
    let mut words = Words::new(file, rest, 2);
    let (m, n) = sides(&mut words)?;
    words.count(0, 0)?;
    let (mut opening, mut cost) = (Vec::new(), Vec::new());
    for number in 1..=m as u64 {
        words.count(number, number)?;
        opening.push(words.amount()?);
        for _ in 0..n {
            cost.push(words.amount()?);
        }
    }
    words.end()?;
    let (charges, scale) = Raw { opening, cost, clients: n }.charges(file, |_| 1)?;
    Ok(ChargeFile { charges, scale, amounts: None })
}
