//! The shape of the sections that say who needs care, who gives it, and when.

use super::{SupplyQuality, TableFile};
use crate::Profession;
use maillage_input::Text;
use schemars::JsonSchema;
use serde::Deserialize;

/// Need for care by place: columns `code_commune` and `standard_population` (standardised people) or `need_factor`
/// (standardised people over people), and, for `need_factor`, `weight` (people) to average communes merged since.
/// Of one place the standardised population is used first, then ages, then the factor. Standardised people far from
/// the population of their place (less than half, more than twice) are unknown, but where fewer than 50 people live.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NeedFile {
    #[serde(flatten)]
    pub(crate) table: TableFile,
}

/// People by place and age: columns `code_commune`, `age_0_14`, `age_15_29`, `age_30_44`, `age_45_59`, `age_60_74`,
/// `age_75p`. Figures may be decimals: they are added up over merged communes, then rounded to whole people. Where they add
/// up to less than half or more than twice the population, they are unknown.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgesFile {
    #[serde(flatten)]
    pub(crate) table: TableFile,
    /// Whose columns the file has.
    #[serde(default)]
    pub format: AgesFormat,
    /// Year of the census, for `insee`.
    #[schemars(range(min = 2000, max = 2099))]
    pub year: Option<u16>,
}

/// Columns of a table of people by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AgesFormat {
    /// The six columns named here.
    #[default]
    Csv,
    /// INSEE's census table of communes (`base-cc-evol-struct-pop`): `CODGEO` and, for 2021, `P21_POP0014`,
    /// `P21_POP1529`, `P21_POP3044`, `P21_POP4559`, `P21_POP6074`, `P21_POP7589` and `P21_POP90P`.
    Insee,
}

/// Practitioners of one profession by place: columns `code_commune` and, where known, `number` (1 for each row
/// unless given), `age` (18 to 120), `birth_year`, `acts` (consultations and visits of each in a year). A place may have several
/// rows. A place without a row is unknown unless `complete` is true.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProfessionalsFile {
    /// Profession: `gp`, `nurse`, `physio`, `midwife`, `dentist` or any other word.
    pub profession: Profession,
    #[serde(flatten)]
    pub(crate) table: TableFile,
    /// Whose columns the file has.
    #[serde(default)]
    pub format: ProfessionalsFormat,
    /// Counted, or estimated by a rule.
    pub supply: SupplyQuality,
    /// Where the numbers come from.
    pub source: Text,
    /// Whether numbers are heads; false: full-time equivalents.
    #[serde(default = "yes")]
    pub heads: bool,
    /// Whether the table is complete: a place without a row then has none.
    #[serde(default)]
    pub complete: bool,
    /// Year of the data: needed to make ages of years of birth.
    #[schemars(range(min = 1950, max = 2100))]
    pub year: Option<u16>,
}

/// Columns of a table of practitioners.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProfessionalsFormat {
    /// The columns named here.
    #[default]
    Csv,
    /// INSEE's Base permanente des équipements: `DEPCOM`, `TYPEQU` and, in the files that count, `NB_EQUIP`. Rows
    /// are kept by `TYPEQU`, in the lists up to 2023 and since 2024: gp D201 and D265, nurse D232 and D281, physio
    /// D233 and D279, midwife D231 and D278, dentist D221 and D277.
    Bpe,
    /// Annuaire santé, open extract `PS_LibreAcces_Personne_activite`: `Identification nationale PP` (or
    /// `Identifiant PP`) and `Code commune (coord. structure)`. Rows are kept by `Code mode exercice` (L,
    /// self-employed), `Code catégorie professionnelle` where the file has it (C and M: no students) and
    /// `Code profession`: gp 10 with `Code savoir-faire` SM26, SM53 or SM54, nurse 60, physio 70, midwife 50,
    /// dentist 40. Rows that name no person are not read. A person counts for one in all, shared equally between the communes of practice.
    Rpps,
}

/// Accessibility published by place: columns `code_commune`, `value` and, to average communes merged since,
/// `weight` (standardised population).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedFile {
    /// What: producer, indicator, variant.
    #[schemars(length(min = 1))]
    pub name: String,
    /// Year of the data.
    #[schemars(range(min = 1950, max = 2100))]
    pub year: u16,
    #[serde(flatten)]
    pub(crate) table: TableFile,
    /// Whose columns the file has.
    #[serde(default)]
    pub format: PublishedFormat,
}

/// Columns of a table of published figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PublishedFormat {
    /// The columns named here.
    #[default]
    Csv,
    /// DREES workbook of the APL by commune: sheet `APL YEAR`, names of columns on row 9, a row of units, `Code
    /// commune INSEE`, `APL aux médecins généralistes`, and as weight the column that begins with `Population
    /// standardisée`.
    DreesApl,
}

/// Former commune codes: columns `former` and `current`. A code that is not a place is looked up here, over several
/// rows if need be, in every table but that of places. Without a row here, arrondissements of Paris, Lyon and
/// Marseille are parts of their city.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PassageFile {
    #[serde(flatten)]
    pub(crate) table: TableFile,
}

/// Out-of-hours care.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyFile {
    /// Points open out of hours.
    pub points: DutyPointsFile,
    /// Rotas that staff them.
    pub rotas: Option<RotasFile>,
}

/// Points open out of hours: columns `point_id`, `name`, `kind` (`practice`, `duty-house` or `emergency`),
/// `code_commune`, `periods` (separated by spaces; `all`, or nothing for an emergency unit: all of them) and
/// `rota` (nothing: a staff of its own).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyPointsFile {
    #[serde(flatten)]
    pub(crate) table: TableFile,
}

/// Rotas: columns `rota_id`, `name`, `volunteers` (doctors who take part; may be 0), `lines` (on duty at the same time; 1
/// unless given) and `periods` (separated by spaces).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RotasFile {
    #[serde(flatten)]
    pub(crate) table: TableFile,
}

fn yes() -> bool {
    true
}
