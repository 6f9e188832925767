//! Every problem code in one place. Codes are stable: once published, a code keeps its meaning.

use serde::{Serialize, Serializer};

macro_rules! codes {
    ($($name:ident = $code:literal, $doc:literal;)*) => {
        /// Stable code of a problem. E1xx files, E2xx JSON, E3xx tables, E4xx scenarios, E5xx
        /// results, E6xx roads, E7xx runs; W codes are warnings of the same families.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $(#[doc = $doc] $name,)* }

        impl Code {
            /// Every code with its meaning, for documentation.
            pub const ALL: &'static [(Code, &'static str)] = &[$((Code::$name, $doc),)*];

            /// The code as printed, such as `E201`.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }
        }
    };
}

codes! {
    FileNotFound = "E101", "A file that is named does not exist.";
    FileUnreadable = "E102", "A file exists but cannot be read.";
    FileEmpty = "E103", "A file is empty.";
    Encoding = "E104", "A file is not text in an encoding that is read.";
    FileTooLarge = "E105", "A file is larger than the stated limit.";
    Gzip = "E106", "A gzip file is truncated or corrupted.";
    OutputUnwritable = "E107", "The output cannot be written.";
    OutputForeign = "E108", "The output folder holds something that is not a maillage result.";
    Memory = "E109", "A request needs more memory than there is, or than is allowed.";
    JsonSyntax = "E201", "A JSON file is not well formed.";
    UnknownKey = "E202", "A key is not known.";
    MissingKey = "E203", "A required key is missing.";
    WrongType = "E204", "A value has the wrong type.";
    OutOfRange = "E205", "A value is outside what is allowed.";
    DuplicateKey = "E206", "A key stands twice in one object.";
    UnknownVariant = "E207", "A word is not among those allowed.";
    LaterVersion = "E208", "A file is of a later version of its format than this program reads.";
    MissingColumn = "E301", "A table lacks a column.";
    TableSyntax = "E302", "A table row cannot be read.";
    BadNumber = "E303", "A cell is not a number that is allowed there.";
    BadCode = "E304", "A code or identifier is empty or malformed.";
    DuplicateCode = "E305", "A code stands twice in a table.";
    UnknownPlace = "E306", "A table or scenario names a place that the territory does not have.";
    BadGeometry = "E307", "A shape of a GeoJSON file or GeoPackage layer cannot be used.";
    NoPlaces = "E308", "A territory has no place that can be used.";
    Instance = "E309", "A benchmark file is malformed.";
    TableFormat = "E310", "A workbook or GeoPackage cannot be read, or has no such sheet or layer.";
    ReferenceSystem = "E311", "Coordinates are not longitude and latitude in WGS84.";
    NoMatch = "E312", "No row of a table stands for a place of the territory.";
    TwoSources = "E313", "The same figure comes from two tables.";
    PassageCycle = "E314", "A table of former codes leads back to where it started.";
    TooManyLeftOut = "E315", "Too many rows of an official file have no usable commune code.";
    Contradiction = "E401", "Two parts of a scenario contradict each other.";
    UnknownId = "E402", "A scenario names an identifier that it does not define.";
    DuplicateId = "E403", "An identifier is defined twice.";
    NothingToDecide = "E404", "A scenario leaves nothing to decide.";
    BadSetting = "E405", "A setting of the measures of access cannot be used.";
    UnknownSite = "E406", "A site that is asked about is neither a site of the scenario nor a place of its territory.";
    NotDecided = "E407", "What is asked about is not among what the scenario decides.";
    ResultUnreadable = "E501", "A result folder cannot be read back.";
    OtherScenario = "E502", "A result does not come from the scenario and the data as they are.";
    ExportFailed = "E503", "A file of another tool cannot be made from a result.";
    NoResult = "E504", "A folder holds neither a result nor the results of a suite.";
    RoadExtract = "E601", "An OpenStreetMap extract is truncated, malformed or of a kind that is not read.";
    NoRoads = "E602", "An extract has no road that the profile may use.";
    MatrixFormat = "E603", "A table of another engine is not what it is said to be.";
    Crashed = "E701", "The process that solves was ended by the system: a crash, or memory that ran out.";
    NoCoordinates = "W301", "A place has no coordinates: it cannot be reached by a proxy travel time.";
    Latin1 = "W302", "A table was read as Latin-1 (Windows-1252).";
    IgnoredFeature = "W303", "A contour has no place in the table.";
    UnknownPopulation = "W305", "The population of a place is unknown.";
    UnknownColumn = "W306", "A column is not read; its name is close to one that is.";
    LostZero = "W307", "A column of codes holds numbers that may have lost their leading zeros.";
    SplitCode = "W308", "A code, former or of a city, stands for several places: its row is not read.";
    NotMerged = "W309", "Figures of merged places cannot be put together: unknown.";
    RowsLeftOut = "W310", "Rows of an official file have no usable commune code.";
    RotaPeriods = "W311", "A rota serves a period during which its point is closed.";
    OutOfScale = "W312", "People by age, or standardised people, are far from the population of a place: unknown.";
    ElsewhereRows = "W313", "Rows of a travel table are about communes elsewhere: not read.";
    NoPerson = "W314", "Rows of a register of practitioners name no person: not read.";
    NoSupply = "W402", "No place has a known number of GPs.";
    NoCandidate = "W403", "The candidates of a scenario are empty.";
    Unusual = "W404", "A value is allowed but unusual: beyond a ceiling in force, or of no use there.";
    RoadsLeftOut = "W601", "Parts of roads, or the figures on them, cannot be used: left out.";
    FarFromRoads = "W602", "Places are far from any road.";
    OnIsland = "W603", "The nearest road of a place does not lead to the rest of the network.";
    PairsAbsent = "W604", "Pairs of an imported table have no time that can be used: absent.";
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Code;

    #[test]
    fn codes_are_unique() {
        let mut seen = std::collections::BTreeSet::new();
        for (code, _) in Code::ALL {
            assert!(seen.insert(code.as_str()), "{} is used twice", code.as_str());
        }
    }
}
