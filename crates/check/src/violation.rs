//! What a result claims that its inputs do not bear out.

use maillage_input::{Lang, Text};
use serde::{Serialize, Serializer};
use std::fmt::Display;

macro_rules! rules {
    ($($name:ident = $code:literal, $fr:literal, $en:literal;)*) => {
        /// What was verified and found wrong. Codes are stable. C1xx file and inputs, C2xx goals and
        /// status, C3xx sites and money, C4xx people and trips, C5xx indicators, C6xx decisions of a health
        /// programme, C7xx its money.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $(#[doc = $en] $name,)* }

        impl Rule {
            /// Every rule, for documentation.
            pub const ALL: &'static [Rule] = &[$(Rule::$name,)*];

            /// The code as printed, such as `C101`.
            pub fn as_str(self) -> &'static str {
                match self { $(Rule::$name => $code,)* }
            }

            /// What the rule says of a result that breaks it.
            pub fn meaning(self) -> Text {
                match self { $(Rule::$name => Text::new($fr, $en),)* }
            }
        }
    };
}

rules! {
    Unreadable = "C101", "le résultat ne se lit pas", "the result cannot be read";
    SchemaVersion = "C102", "version de format inconnue", "unknown version of the format";
    Seal = "C103", "le champ ne correspond pas à son sceau", "the field does not match its seal";
    Inputs = "C104", "les fichiers d'entrée ne sont pas ceux du calcul", "the input files are not those of the run";
    Facts = "C105", "le résultat ne répète pas ses entrées", "the result does not repeat its inputs";
    Measure = "C106", "mesure impossible", "impossible measure";
    TaskMismatch = "C107", "le problème ne va pas avec le territoire", "the problem does not fit the territory";
    Files = "C108", "le fichier n'est pas celui que le résultat donne", "the file is not what the result gives";
    Goals = "C201", "les objectifs ne sont pas ceux du problème", "the goals are not those of the problem";
    Objective = "C202", "la valeur de l'objectif est fausse", "the value of the goal is wrong";
    BoundSide = "C203", "la borne est du mauvais côté de l'objectif", "the bound is on the wrong side of the objective";
    Gap = "C204", "l'écart à la borne est faux", "the gap to the bound is wrong";
    StatusClaim = "C205", "le statut promet plus que la borne ne prouve", "the status claims more than the bound proves";
    Summary = "C206", "l'en-tête contredit les objectifs", "the summary contradicts the goals";
    PlanWithoutPlan = "C207", "un résultat sans plan porte un plan", "a result without a plan carries one";
    Clash = "C208", "les règles en conflit et le statut se contredisent", "the clashing rules and the status disagree";
    BoundRefuted = "C209", "un meilleur plan existe : la borne est fausse", "a better plan exists: the bound is wrong";
    InfeasibleRefuted = "C210", "un plan existe : l'infaisabilité est fausse", "a plan exists: it is not infeasible";
    Certificate = "C211", "les multiplicateurs ne prouvent pas la borne annoncée", "the multipliers do not prove the bound that is stated";
    SiteUnknown = "C301", "site inconnu", "unknown site";
    SiteTwice = "C302", "site en double", "site listed twice";
    SiteOrder = "C303", "sites dans le désordre", "sites out of order";
    SiteMissing = "C304", "un site maintenu manque", "a kept site is missing";
    SitePlace = "C305", "le lieu du site est faux", "the place of the site is wrong";
    SiteStanding = "C306", "le site ne peut pas être dans cet état", "the site cannot stand so";
    StructureType = "C307", "type de structure non permis ici", "type of structure not allowed here";
    Posts = "C308", "nombre de médecins non permis ou faux", "number of GPs not allowed or wrong";
    Forced = "C309", "un site imposé n'ouvre pas", "a forced site does not open";
    Capacity = "C310", "la capacité du site est fausse", "the capacity of the site is wrong";
    Attached = "C311", "le nombre de rattachés ne suit pas les affectations", "the attached people do not match the assignments";
    Overfull = "C312", "plus de rattachés que de capacité", "more people attached than the site can hold";
    SiteCost = "C313", "le coût du site est faux", "the cost of the site is wrong";
    TotalCost = "C314", "le coût total est faux", "the total cost is wrong";
    Budget = "C315", "le budget est dépassé", "the budget is exceeded";
    MaxNewSites = "C316", "trop de structures ouvrent", "too many structures open";
    GpPool = "C317", "plus de médecins que de recrutables", "more GPs than can be recruited";
    OpenedCount = "C318", "le nombre de sites ouverts n'est pas celui du problème", "the number of opened sites is not the problem's";
    TableSyntax = "C401", "la table des affectations ne se lit pas", "the table of assignments cannot be read";
    Cell = "C402", "valeur illisible ou interdite", "unreadable or forbidden value";
    RowScenario = "C403", "la ligne est d'un autre scénario", "the row belongs to another scenario";
    RowOrder = "C404", "ligne dans le désordre", "row out of order";
    RowTwice = "C405", "ligne en double", "row stands twice";
    RowPlace = "C406", "lieu inconnu", "unknown place";
    RowSite = "C407", "site inconnu ou fermé dans cet état", "site unknown or closed in this state";
    RowMinutes = "C408", "le temps n'est pas celui du territoire", "the time is not the territory's";
    TooFar = "C409", "trajet plus long que permis", "trip longer than allowed";
    Overdrawn = "C410", "plus de personnes rattachées que d'habitants", "more people attached than live there";
    NotNearest = "C411", "le site n'est pas le plus proche", "the site is not the nearest";
    NotServed = "C412", "des habitants ne sont pas servis", "people are not served";
    RowState = "C413", "aucune ligne n'est attendue dans cet état", "no row is expected in this state";
    RowYear = "C414", "année ou futur inconnu, ou sans objet ici", "year or future unknown, or without meaning here";
    Kept = "C415", "des personnes perdent une liste qui a encore leur place", "people lose a list that still has room for them";
    LongTrips = "C416", "plus de personnes vont loin que n'y consentent", "more people travel far than accept to";
    IndicatorMissing = "C501", "indicateur absent", "indicator missing";
    IndicatorExtra = "C502", "indicateur sans objet", "indicator without meaning";
    IndicatorTwice = "C503", "indicateur en double", "indicator stands twice";
    IndicatorValue = "C504", "la valeur de l'indicateur est fausse", "the value of the indicator is wrong";
    IndicatorUnit = "C505", "l'unité de l'indicateur est fausse", "the unit of the indicator is wrong";
    Programme = "C601", "la section « programme » manque ou n'a pas lieu d'être", "the section `programme` is missing or out of place";
    Years = "C602", "année hors du programme", "year outside the programme";
    UnknownName = "C603", "nom inconnu", "unknown name";
    Twice = "C604", "entrée en double", "entry stands twice";
    Missing = "C605", "une entrée manque", "an entry is missing";
    Addresses = "C606", "les adresses de la structure sont fausses", "the addresses of the structure are wrong";
    LeadClaim = "C607", "la structure d'appui annoncée est fausse", "the lead that is named is wrong";
    Opening = "C608", "la structure ne peut pas ouvrir cette année-là", "the structure cannot open in that year";
    Closing = "C609", "la structure ne peut pas fermer", "the structure cannot close";
    Commitment = "C610", "une ouverture décidée n'a pas lieu comme prévu", "a settled opening does not take place as settled";
    Lead = "C611", "aucune structure d'appui ouverte à portée", "no open lead within reach";
    PostSteps = "C612", "nombre de postes ouverts hors du pas", "posts opened are not whole steps";
    PostWhere = "C613", "aucun poste ne peut être ouvert ici cette année-là", "no post can be opened here in that year";
    PostFigures = "C614", "les chiffres du poste sont faux", "the figures of the post are wrong";
    Team = "C615", "l'équipe minimale n'est pas là", "the team minimum is not met";
    MostPosts = "C616", "plus de postes pourvus que permis", "more posts filled than allowed";
    Rooms = "C617", "plus de bureaux occupés que de bureaux", "more rooms used than there are";
    PoolFigures = "C618", "les chiffres du vivier sont faux", "the figures of the pool are wrong";
    PoolExceeded = "C619", "plus de recrutés que de recrutables", "more recruits than can be recruited";
    SessionWhere = "C620", "ces vacations ne peuvent pas être données ici", "these sessions cannot be given here";
    SessionsReceived = "C621", "plus de vacations reçues que permis", "more sessions received than allowed";
    SessionsGiven = "C622", "plus de vacations données que permis", "more sessions given than allowed";
    LeverYear = "C623", "le levier ne peut pas démarrer cette année-là", "the lever cannot start in that year";
    LeverDue = "C624", "un levier n'a pas démarré à temps", "a lever has not started in time";
    RuleCount = "C625", "règle de nombre de structures enfreinte", "rule on the number of structures broken";
    RuleExclusive = "C626", "plus de sites ouverts que d'exclusifs permis", "more of the exclusive sites open than allowed";
    RuleSpacing = "C627", "structures trop proches", "structures too close";
    RuleCoverage = "C628", "trop peu de personnes à portée", "too few people within reach";
    RulePosts = "C629", "règle de nombre de postes enfreinte", "rule on the number of posts broken";
    RuleRatio = "C630", "rapport entre professions enfreint", "ratio of professions broken";
    RuleAttached = "C631", "trop peu de personnes rattachées", "too few people attached";
    DutySite = "C632", "ce site ne peut pas être point de garde", "this site cannot be a duty point";
    Volunteers = "C633", "trop peu de volontaires pour les points de garde", "too few volunteers for the duty points";
    SideFigure = "C634", "chiffre d'appoint impossible", "impossible side figure";
    MoneyName = "C701", "usage, objet ou payeur inconnu", "unknown use, object or payer";
    MoneyTwice = "C702", "paiement en double", "payment stands twice";
    Payment = "C703", "le paiement n'est pas celui qui découle du plan", "the payment is not what follows from the plan";
    PaymentMissing = "C704", "un paiement manque", "a payment is missing";
    NotCovered = "C705", "les paiements n'égalent pas le coût", "the payments do not add up to the cost";
    Entitled = "C706", "un financeur paie plus que ses règles ne permettent", "a funder pays more than its rules allow";
    Envelope = "C707", "l'enveloppe d'un financeur est dépassée", "the envelope of a funder is exceeded";
    Owner = "C708", "ce que les porteurs peuvent payer est dépassé", "more than owners can pay";
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

/// One claim that does not hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Which rule.
    pub rule: Rule,
    /// Where: `result.json /sites/3/attached` or `assignments.csv:12 people`.
    pub at: String,
    /// What the result says; `—` for nothing.
    pub claimed: String,
    /// What follows from inputs and decisions, as a value or a limit (`≤ 12`); `—` for nothing.
    pub recomputed: String,
    /// What is wrong, in words.
    pub cause: Text,
}

impl Violation {
    /// The violation as lines of text.
    pub fn render(&self, lang: Lang) -> String {
        let (word, at, claimed, recomputed) = match lang {
            Lang::Fr => ("violation {} :", "où       ", "annoncé  ", "recalculé"),
            Lang::En => ("violation {}:", "where     ", "claimed   ", "recomputed"),
        };
        format!(
            "{} {}\n  {at} {}\n  {claimed} {}\n  {recomputed} {}",
            word.replace("{}", self.rule.as_str()),
            self.cause.get(lang),
            self.at,
            self.claimed,
            self.recomputed
        )
    }
}

/// Violations as they are found.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    pub list: Vec<Violation>,
}

impl Findings {
    /// Records a violation in the words of its rule.
    pub fn add(
        &mut self,
        rule: Rule,
        at: impl Into<String>,
        claimed: impl Display,
        recomputed: impl Display,
    ) {
        self.because(rule, at, claimed, recomputed, rule.meaning());
    }

    /// Records a violation in words of its own.
    pub fn because(
        &mut self,
        rule: Rule,
        at: impl Into<String>,
        claimed: impl Display,
        recomputed: impl Display,
        cause: Text,
    ) {
        let (claimed, recomputed) = (shown(claimed), shown(recomputed));
        self.list.push(Violation { rule, at: shown(at.into()), claimed, recomputed, cause });
    }

    /// Records a violation unless both values are equal.
    pub fn equal<T: PartialEq + Display>(
        &mut self,
        rule: Rule,
        at: impl Into<String>,
        claimed: T,
        recomputed: T,
    ) {
        if claimed != recomputed {
            self.add(rule, at, claimed, recomputed);
        }
    }
}

/// A value as it is shown: no control character, at most 160 characters.
pub(crate) fn shown(value: impl Display) -> String {
    let text = value.to_string();
    let mut short: String = text.chars().take(160).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// An optional value as it is shown.
pub(crate) fn or_dash<T: Display>(value: Option<T>) -> String {
    value.map_or_else(|| "—".to_owned(), |v| v.to_string())
}

/// Hundredths as a decimal, of any size.
pub(crate) fn decimal(hundredths: i128) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match rest {
        0 => format!("{sign}{whole}"),
        r if r % 10 == 0 => format!("{sign}{whole}.{}", r / 10),
        r => format!("{sign}{whole}.{r:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_grouped() {
        let codes: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|r| r.as_str()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
        assert!(codes.iter().all(|c| c.len() == 4 && c.starts_with('C')));
    }

    #[test]
    fn renders_in_both_languages() {
        let mut found = Findings::default();
        found.add(Rule::Budget, "result.json /cost_eur", 12, "≤ 10");
        assert_eq!(
            found.list[0].render(Lang::Fr),
            "violation C315 : le budget est dépassé\n  où        result.json /cost_eur\n  annoncé   12\n  recalculé ≤ 10"
        );
        assert!(found.list[0].render(Lang::En).starts_with("violation C315: the budget is exceeded\n"));
        assert_eq!(serde_json::to_value(&found.list[0]).unwrap()["rule"], "C315");
    }

    #[test]
    fn decimals_of_any_size() {
        for (h, text) in [
            (0, "0"),
            (-7, "-0.07"),
            (1250, "12.5"),
            (i128::MIN, "-1701411834604692317316873037158841057.28"),
        ] {
            assert_eq!(decimal(h), text);
        }
    }
}
