//! What a user asks about: a site, or a commune where one could be forced.

use crate::Loaded;
use crate::file::{ForcedFile, ProblemFile, ScenarioFile};
use crate::granted::in_scope;
use crate::health::CommittedFile;
use crate::load::changed;
use maillage_input::{Code, Place, Problem, Text};
use maillage_programme::health::{Commitment, HealthRule, Standing};
use maillage_programme::{Role, SiteIx, Task};
use maillage_territory::{PlaceId, PlaceIx, SiteId};

/// A site that the scenario decides, or a place where it lets none open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    Site(SiteIx),
    Place(PlaceIx),
}

/// Identifier, addresses and whether the scenario decides it.
fn sites<'t>(task: &'t Task) -> Vec<(SiteIx, &'t SiteId, &'t [PlaceIx], bool)> {
    match task {
        Task::Siting(programme) => {
            let one = |(ix, s): (SiteIx, &'t maillage_programme::Site)| {
                let decided = !matches!(s.role, Role::Practice { .. });
                (ix, &s.id, std::slice::from_ref(&s.place), decided)
            };
            programme.sites().map(one).collect()
        }
        Task::Health(health) => health
            .sites()
            .map(|(ix, s)| {
                let decided = match &s.standing {
                    Standing::Practice => false,
                    Standing::Existing(e) => e.may_close,
                    Standing::Candidate { .. } => true,
                };
                (ix, &s.id, s.addresses.as_slice(), decided)
            })
            .collect(),
        Task::Location(_) => Vec::new(),
    }
}

/// The site of an identifier, or the one of a commune.
///
/// # Errors
/// E406 for what is neither, or for a commune with several sites; E407 for a site that the scenario does not decide.
pub(super) fn find(loaded: &Loaded, text: &str) -> Result<Spot, Problem> {
    let all = sites(&loaded.task);
    if let Some((ix, _, _, decided)) = all.iter().find(|(_, id, ..)| id.as_str() == text) {
        return if *decided { Ok(Spot::Site(*ix)) } else { Err(not_decided(text)) };
    }
    let place = PlaceId::new(text).ok().and_then(|id| loaded.territory.ix(&id));
    let Some(place) = place.filter(|ix| in_scope(&loaded.file, loaded.territory.place(*ix))) else {
        return Err(problem(
            Code::UnknownSite,
            text,
            Text::new(
                "ni site du scénario, ni commune du territoire",
                "neither a site of the scenario nor a place of its territory",
            ),
            Text::new(
                "donner un code de commune, ou un identifiant de site tel que new-42187",
                "give the code of a commune, or the identifier of a site such as new-42187",
            ),
        ));
    };
    let here: Vec<_> = all.iter().filter(|(_, _, at, decided)| *decided && at.contains(&place)).collect();
    match here.as_slice() {
        [] => Ok(Spot::Place(place)),
        [(ix, ..)] => Ok(Spot::Site(*ix)),
        several => {
            let ids = several.iter().map(|s| s.1.as_str()).collect::<Vec<_>>().join(", ");
            Err(problem(
                Code::UnknownSite,
                text,
                Text::new("plusieurs sites dans cette commune", "several sites in this commune"),
                Text::new(format!("choisir parmi {ids}"), format!("choose among {ids}")),
            ))
        }
    }
}

fn not_decided(text: &str) -> Problem {
    problem(
        Code::NotDecided,
        text,
        Text::new(
            "ce site existe et reste : le scénario n'en décide pas",
            "this site stands and stays: the scenario does not decide it",
        ),
        Text::new("nommer un site qui peut ouvrir", "name a site that may open"),
    )
}

fn problem(code: Code, text: &str, cause: Text, remedy: Text) -> Problem {
    let place = Place { pointer: Some("--site".to_owned()), ..Place::default() };
    Problem::error(code, cause).at(place).value(text).remedy(remedy)
}

/// The scenario with nothing at a site. What stands today closes, if it may.
pub(super) fn forbidden(loaded: &Loaded, site: SiteIx) -> Loaded {
    let mut out = loaded.clone();
    match &mut out.task {
        Task::Siting(programme) => match &mut programme.sites[site.0 as usize].role {
            Role::Candidate { types, forced } => {
                types.clear();
                *forced = false;
            }
            Role::Extension { free_rooms, .. } => *free_rooms = 0,
            Role::Practice { .. } => {}
        },
        Task::Health(health) => match &mut health.sites[site.0 as usize].standing {
            Standing::Candidate { types, committed, .. } => {
                types.clear();
                *committed = None;
            }
            Standing::Existing(_) => health.rules.push(HealthRule::Exclusive { sites: vec![site], most: 0 }),
            Standing::Practice => {}
        },
        Task::Location(_) => {}
    }
    out
}

/// The scenario with a structure at a candidate site, of any type that may open there; in a programme by the last year.
/// `None` for what stands today.
pub(super) fn forced(loaded: &Loaded, site: SiteIx) -> Option<Loaded> {
    let mut out = loaded.clone();
    match &mut out.task {
        Task::Siting(programme) => match &mut programme.sites[site.0 as usize].role {
            Role::Candidate { forced, .. } => *forced = true,
            Role::Extension { .. } | Role::Practice { .. } => return None,
        },
        Task::Health(health) => {
            let by = health.years;
            match &mut health.sites[site.0 as usize].standing {
                Standing::Candidate { committed, .. } => *committed = Some(Commitment { kind: None, by }),
                Standing::Existing(_) | Standing::Practice => return None,
            }
        }
        Task::Location(_) => return None,
    }
    out.forced.insert(site, "--site".to_owned());
    Some(out)
}

/// The scenario with a structure forced in a place where it lets none open: bans on it are lifted, and any type may open.
pub(super) fn forced_at(loaded: &Loaded, place: PlaceIx) -> Option<Loaded> {
    let code = loaded.territory.place(place).id.clone();
    let mut out = changed(loaded, |file: &mut ScenarioFile| match &mut file.problem {
        ProblemFile::Siting(siting) => {
            siting.forbidden.retain(|id| *id != code);
            siting.forced.push(ForcedFile { place: code.clone(), kind: None });
        }
        ProblemFile::Programme(programme) => {
            programme.forbidden.retain(|id| *id != code);
            programme.committed.push(CommittedFile { place: code.clone(), kind: None, by_year: None });
        }
        _ => {}
    })?;
    let id = format!("new-{code}");
    let ix = sites(&out.task).iter().find(|(_, other, ..)| other.as_str() == id).map(|s| s.0)?;
    out.forced.insert(ix, "--site".to_owned());
    Some(out)
}

/// Places where the scenario forbids any opening.
pub(super) fn bans(loaded: &Loaded) -> &[PlaceId] {
    match &loaded.file.problem {
        ProblemFile::Siting(siting) => &siting.forbidden,
        ProblemFile::Programme(programme) => &programme.forbidden,
        _ => &[],
    }
}

/// The scenario without one of its bans; `None` where no site may open there without it either.
pub(super) fn lifted(loaded: &Loaded, ban: usize) -> Option<Loaded> {
    let code = bans(loaded)[ban].clone();
    let out = changed(loaded, |file| match &mut file.problem {
        ProblemFile::Siting(siting) => siting.forbidden.retain(|id| *id != code),
        ProblemFile::Programme(programme) => programme.forbidden.retain(|id| *id != code),
        _ => {}
    })?;
    let more = sites(&out.task).len() > sites(&loaded.task).len();
    more.then_some(out)
}

/// The scenario without what its file forces in a place.
pub(super) fn without_forced(loaded: &Loaded, code: &PlaceId) -> Option<Loaded> {
    changed(loaded, |file| match &mut file.problem {
        ProblemFile::Siting(siting) => siting.forced.retain(|f| f.place != *code),
        ProblemFile::Programme(programme) => programme.committed.retain(|c| c.place != *code),
        _ => {}
    })
}
