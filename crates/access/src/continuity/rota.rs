//! What a rota asks of its volunteers.

use super::ContinuitySettings;
use maillage_input::{Lang, Text, plural};
use maillage_territory::{PeriodId, Rota, SiteId};
use serde::Serialize;

/// A rota: its load, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RotaLoad {
    /// Identifier.
    pub id: SiteId,
    /// Name.
    pub name: String,
    /// Doctors who take part.
    pub volunteers: u32,
    /// Doctors on duty at the same time.
    pub lines: u32,
    /// Periods it serves.
    pub periods: Vec<PeriodId>,
    /// Shifts of one doctor to be filled in a year: those of its periods times its lines.
    pub shifts_per_year: u64,
    /// Shifts of each volunteer in a year, in hundredths, rounded half up; `None` when there is no volunteer.
    pub shifts_per_volunteer_hundredths: Option<u64>,
    /// Volunteers that it lacks to reach the floor.
    pub missing_volunteers: u32,
    /// Why its points do not count as staffed; `None` when they do.
    pub refused: Option<Text>,
    /// Whether it holds, but would be refused if one volunteer left.
    pub falls_if_one_leaves: bool,
}

impl RotaLoad {
    pub(super) fn new(rota: &Rota, settings: &ContinuitySettings) -> RotaLoad {
        // One volunteer at least, whatever the floor: nobody on the rota is nobody on duty.
        let floor = settings.volunteers_floor.max(1);
        let served = settings.periods.iter().filter(|p| rota.periods.contains(&p.id));
        let shifts = served
            .fold(0u64, |sum, p| sum.saturating_add(u64::from(p.shifts_per_year) * u64::from(rota.lines)));
        let each = |volunteers: u64| {
            let doubled = (u128::from(shifts) * 200 + u128::from(volunteers)) / (2 * u128::from(volunteers));
            u64::try_from(doubled).unwrap_or(u64::MAX)
        };
        let refused = refusal(rota, floor);
        RotaLoad {
            id: rota.id.clone(),
            name: rota.name.clone(),
            volunteers: rota.volunteers,
            lines: rota.lines,
            periods: rota.periods.clone(),
            shifts_per_year: shifts,
            shifts_per_volunteer_hundredths: (rota.volunteers > 0).then(|| each(rota.volunteers.into())),
            missing_volunteers: floor.saturating_sub(rota.volunteers),
            falls_if_one_leaves: refused.is_none() && rota.volunteers == floor,
            refused,
        }
    }
}

fn refusal(rota: &Rota, floor: u32) -> Option<Text> {
    let n = rota.volunteers;
    if rota.lines == 0 {
        return Some(Text::new(
            format!("liste « {} » refusée : aucun médecin de garde", rota.name),
            format!("rota \"{}\" refused: no doctor on duty", rota.name),
        ));
    }
    (n < floor).then(|| {
        Text::new(
            format!(
                "liste « {} » refusée : {n} {}, moins que le minimum de {floor}",
                rota.name,
                plural(Lang::Fr, n.into(), "volontaire", "volontaires")
            ),
            format!(
                "rota \"{}\" refused: {n} {}, fewer than the floor of {floor}",
                rota.name,
                plural(Lang::En, n.into(), "volunteer", "volunteers")
            ),
        )
    })
}
