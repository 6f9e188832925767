//! TSPLIB files with coordinates (Reinelt 1991).

use super::decimal::{Decimal, Words, common_scale, points};
use super::wrong;
use crate::points::Points;
use maillage_input::{InputFile, Problems};

/// Most points that are read.
pub const MAX_POINTS: u64 = 2_000_000;

/// Reads the points of `NODE_COORD_SECTION`, in the order of their numbers, which are 1 to `DIMENSION` in order. Which
/// distance is meant is for the caller to say: location papers round Euclidean distances down whatever
/// `EDGE_WEIGHT_TYPE` says. Types other than `EUC_2D` and `CEIL_2D` are refused.
///
/// # Errors
/// E309 with the line and the cause; E104 if it is no text.
pub fn tsplib(file: &InputFile) -> Result<Points, Problems> {
    let text = file.utf8()?;
    let (mut dimension, mut line, mut rest) = (None, 0u64, text);
    loop {
        line += 1;
        let Some((row, after)) = rest.split_once('\n') else {
            return Err(wrong(
                file,
                line,
                "il n'y a pas de section NODE_COORD_SECTION",
                "there is no NODE_COORD_SECTION",
            )
            .into());
        };
        rest = after;
        let (key, value) = row.split_once(':').map_or((row.trim(), ""), |(k, v)| (k.trim(), v.trim()));
        match key {
            "NODE_COORD_SECTION" => break,
            "DIMENSION" => dimension = Some(Words::new(file, value, line).count(1, MAX_POINTS)?),
            "EDGE_WEIGHT_TYPE" if !matches!(value, "EUC_2D" | "CEIL_2D") => {
                let cause = ("ce type de distance n'est pas lu", "this type of distance is not read");
                return Err(wrong(file, line, cause.0, cause.1).value(value).into());
            }
            _ => {}
        }
    }
    let Some(n) = dimension else {
        return Err(wrong(file, line, "la ligne DIMENSION manque", "the line DIMENSION is missing").into());
    };
    let mut words = Words::new(file, rest, line + 1);
    // Nothing is reserved for what is only announced.
    let mut places: Vec<(Decimal, Decimal)> = Vec::new();
    for number in 1..=n as u64 {
        words.count(number, number)?;
        places.push(words.place()?);
    }
    match words.word() {
        Err(_) | Ok("EOF") => {}
        Ok(word) => {
            let problem = words.wrong("plus de points qu'annoncé", "more points than announced");
            return Err(problem.value(word).into());
        }
    }
    Ok(points(&places, common_scale(places.iter().flat_map(|(x, y)| [x, y]))))
}
