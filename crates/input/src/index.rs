//! The index of problem codes: what each means and what to do, in both languages. A problem itself says more: where it
//! stands, and the remedy for just that case.

use crate::{Code, Text};

impl Code {
    /// What the code means in French, and what to do; the English meaning stands in [`Code::ALL`].
    ///
    /// ```
    /// use maillage_input::Code;
    /// let (meaning, remedy) = Code::FileNotFound.told();
    /// assert_eq!(meaning, "Un fichier nommé n'existe pas.");
    /// assert_eq!(remedy.en, "Mend the path; paths are seen from the file that names them.");
    /// ```
    pub fn told(self) -> (&'static str, Text) {
        let (meaning, fr, en) = told(self);
        (meaning, Text::new(fr, en))
    }
}

/// Meaning in French, remedy in French and in English.
fn told(code: Code) -> (&'static str, &'static str, &'static str) {
    use Code::*;
    match code {
        FileNotFound => (
            "Un fichier nommé n'existe pas.",
            "Corriger le chemin ; les chemins se lisent depuis le fichier qui les donne.",
            "Mend the path; paths are seen from the file that names them.",
        ),
        FileUnreadable => (
            "Un fichier existe mais ne se lit pas.",
            "Vérifier que c'est un fichier et que ses droits permettent de le lire.",
            "See that it is a file and that its permissions allow reading.",
        ),
        FileEmpty => ("Un fichier est vide.", "Donner le fichier complet.", "Give the whole file."),
        Encoding => (
            "Un fichier n'est pas un texte dans un encodage qui se lit.",
            "L'enregistrer en UTF-8.",
            "Save it as UTF-8.",
        ),
        FileTooLarge => (
            "Un fichier dépasse la taille permise.",
            "Le réduire au territoire étudié.",
            "Cut it down to the territory under study.",
        ),
        Gzip => (
            "Un fichier gzip est tronqué ou abîmé.",
            "Le télécharger ou le compresser à nouveau.",
            "Download or compress it again.",
        ),
        OutputUnwritable => (
            "La sortie ne peut pas être écrite.",
            "Choisir un dossier où l'on peut écrire (-o), ou libérer de la place.",
            "Choose a folder that can be written to (-o), or free some space.",
        ),
        OutputForeign => (
            "Le dossier de sortie contient autre chose qu'un résultat de maillage.",
            "Choisir un autre nom (-o) : rien d'étranger n'est jamais écrasé.",
            "Choose another name (-o): nothing foreign is ever overwritten.",
        ),
        Memory => (
            "Une demande exige plus de mémoire qu'il n'y en a, ou qu'il n'est permis.",
            "Relever --memory-mb, ou réduire l'instance ou le rayon.",
            "Raise --memory-mb, or take a smaller instance or radius.",
        ),
        JsonSyntax => (
            "Un fichier JSON est mal formé.",
            "Corriger à la ligne et à la colonne données.",
            "Mend it at the line and column given.",
        ),
        UnknownKey => (
            "Une clé n'est pas connue.",
            "Prendre la clé proposée, ou l'ôter ; « maillage schema » les donne toutes.",
            "Use the key that is suggested, or drop it; `maillage schema` lists all.",
        ),
        MissingKey => (
            "Il manque une clé obligatoire.",
            "L'ajouter ; « maillage schema » dit ce qu'elle contient.",
            "Add it; `maillage schema` says what it holds.",
        ),
        WrongType => (
            "Une valeur n'a pas le bon type.",
            "Donner le type attendu : un texte s'écrit entre guillemets, un nombre non.",
            "Give the type expected: texts stand in quotation marks, numbers do not.",
        ),
        OutOfRange => (
            "Une valeur sort de ce qui est permis.",
            "La ramener dans les limites données.",
            "Bring it within the limits given.",
        ),
        DuplicateKey => {
            ("Une clé figure deux fois dans un objet.", "N'en garder qu'une.", "Keep one of them.")
        }
        UnknownVariant => (
            "Un mot n'est pas parmi ceux qui sont permis.",
            "Prendre l'un des mots donnés.",
            "Use one of the words given.",
        ),
        LaterVersion => (
            "Un fichier est d'une version de son format que ce programme ne lit pas encore.",
            "Mettre maillage à jour, ou refaire le fichier avec cette version.",
            "Update maillage, or make the file again with this version.",
        ),
        MissingColumn => (
            "Il manque une colonne à une table.",
            "L'ajouter, ou nommer dans territory.json celle qui la remplace.",
            "Add it, or name in territory.json the one that stands for it.",
        ),
        TableSyntax => (
            "Une ligne de table ne se lit pas.",
            "Corriger les guillemets et le nombre de cellules de la ligne.",
            "Mend the quotation marks and the number of cells of the row.",
        ),
        BadNumber => (
            "Une cellule n'est pas un nombre permis à cet endroit.",
            "Corriger la cellule ; vide, elle veut dire inconnu, jamais zéro.",
            "Mend the cell; an empty one means unknown, never zero.",
        ),
        BadCode => (
            "Un code ou un identifiant est vide ou mal formé.",
            "Corriger le code ; ceux des communes ont 5 caractères.",
            "Mend the code; those of communes have 5 characters.",
        ),
        DuplicateCode => (
            "Un code figure deux fois dans une table.",
            "Ne garder qu'une ligne par code.",
            "Keep one row for each code.",
        ),
        UnknownPlace => (
            "Une table ou un scénario nomme un lieu que le territoire n'a pas.",
            "Corriger le code, ou ajouter le lieu au territoire.",
            "Mend the code, or add the place to the territory.",
        ),
        BadGeometry => (
            "Un contour d'un GeoJSON ou d'un GeoPackage ne peut pas servir.",
            "Réparer le contour dans un SIG, ou l'ôter.",
            "Repair the shape in a GIS, or drop it.",
        ),
        NoPlaces => (
            "Aucun lieu du territoire ne peut servir.",
            "Corriger les problèmes signalés avec celui-ci.",
            "Mend the problems named beside it.",
        ),
        Instance => (
            "Un fichier d'instance est mal formé.",
            "Vérifier --format, puis la ligne donnée.",
            "See whether --format is right, then mend the line given.",
        ),
        TableFormat => (
            "Un classeur ou un GeoPackage ne se lit pas, ou n'a pas cette feuille ou cette couche.",
            "Nommer une feuille ou une couche qui existe, ou exporter la table en CSV.",
            "Name a sheet or layer that exists, or export the table as CSV.",
        ),
        ReferenceSystem => (
            "Des coordonnées ne sont pas des longitudes et latitudes WGS84.",
            "Reprojeter en EPSG:4326.",
            "Reproject to EPSG:4326.",
        ),
        NoMatch => (
            "Aucune ligne d'une table ne correspond à un lieu du territoire.",
            "Vérifier la colonne des codes et l'année du code officiel géographique.",
            "See whether the column of codes is right, and the year of the codes.",
        ),
        TwoSources => ("Un même chiffre vient de deux tables.", "N'en garder qu'une.", "Keep one of them."),
        PassageCycle => (
            "Une table d'anciens codes tourne en rond.",
            "Ôter une des lignes du cercle.",
            "Drop one of the rows of the circle.",
        ),
        TooManyLeftOut => (
            "Trop de lignes d'un fichier officiel n'ont pas de code commune utilisable.",
            "Vérifier la colonne des codes.",
            "See whether the column of codes is right.",
        ),
        Contradiction => (
            "Deux parties d'un scénario se contredisent.",
            "Changer l'une des deux.",
            "Change one of the two.",
        ),
        UnknownId => (
            "Un scénario nomme un identifiant qu'il ne définit pas.",
            "Définir l'identifiant, ou le corriger.",
            "Define the identifier, or mend it.",
        ),
        DuplicateId => ("Un identifiant est défini deux fois.", "En renommer un.", "Rename one of them."),
        NothingToDecide => (
            "Un scénario ne laisse rien à décider.",
            "Ajouter des candidats, ou relever les limites.",
            "Add candidates, or raise the limits.",
        ),
        BadSetting => (
            "Un réglage des mesures d'accès ne peut pas servir.",
            "Le ramener à ce que décrit « maillage schema access ».",
            "Bring it to what `maillage schema access` describes.",
        ),
        UnknownSite => (
            "Le site demandé n'est ni un site du scénario ni un lieu de son territoire.",
            "Corriger l'identifiant du site.",
            "Mend the identifier of the site.",
        ),
        NotDecided => (
            "Ce qui est demandé n'est pas de ce que le scénario décide.",
            "Demander un site ou une règle du scénario.",
            "Ask about a site or a rule of the scenario.",
        ),
        ResultUnreadable => {
            ("Un dossier de résultats ne se relit pas.", "Résoudre à nouveau.", "Solve again.")
        }
        OtherScenario => (
            "Un résultat ne vient pas du scénario et des données tels qu'ils sont.",
            "Résoudre à nouveau, ou retrouver les fichiers du calcul.",
            "Solve again, or find the files of the run.",
        ),
        ExportFailed => (
            "Le fichier d'un autre outil ne peut pas être fait à partir d'un résultat.",
            "Demander d'autres fichiers, ou un résultat plus petit.",
            "Ask for other files, or take a smaller result.",
        ),
        NoResult => (
            "Un dossier ne contient ni résultat ni suite de résultats.",
            "Donner le dossier qu'a écrit « maillage solve » ou « maillage suite ».",
            "Give the folder that `maillage solve` or `maillage suite` wrote.",
        ),
        RoadExtract => (
            "Un extrait OpenStreetMap est tronqué, mal formé ou d'une sorte qui ne se lit pas.",
            "Le télécharger à nouveau, en .osm.pbf.",
            "Download it again, as .osm.pbf.",
        ),
        NoRoads => (
            "Un extrait n'a aucune route que le profil puisse prendre.",
            "Prendre un extrait qui couvre le territoire, ou un autre profil.",
            "Take an extract that covers the territory, or another profile.",
        ),
        MatrixFormat => (
            "La table d'un autre moteur n'est pas ce qu'on en dit.",
            "Vérifier le format donné et la table.",
            "See whether the format that is told is right, then the table.",
        ),
        NoCoordinates => (
            "Un lieu n'a pas de coordonnées : aucun trajet estimé ne l'atteint.",
            "Donner ses coordonnées, ou une table de temps.",
            "Give its coordinates, or a table of times.",
        ),
        Crashed => (
            "Le système a mis fin au processus qui calcule : une panne, ou la mémoire a manqué.",
            "Donner plus de mémoire ou réduire le problème ; sinon, signaler ce défaut avec le fichier.",
            "Give more memory or make the problem smaller; else report this fault with the file.",
        ),
        Latin1 => (
            "Une table a été lue en Latin-1 (Windows-1252).",
            "L'enregistrer en UTF-8 si des lettres sont fausses.",
            "Save it as UTF-8 if letters are wrong.",
        ),
        IgnoredFeature => (
            "Un contour n'a pas de lieu dans la table.",
            "Rien, si le lieu n'est pas du territoire.",
            "Nothing, if the place is not of the territory.",
        ),
        UnknownPopulation => (
            "La population d'un lieu est inconnue.",
            "La donner ; le lieu reste sinon hors des chiffres.",
            "Give it; until then the place stays out of figures.",
        ),
        UnknownColumn => (
            "Une colonne n'est pas lue ; son nom est proche d'une qui l'est.",
            "La renommer si c'est elle.",
            "Rename it if it is the one.",
        ),
        LostZero => (
            "Une colonne de codes contient des nombres qui ont pu perdre leurs zéros de tête.",
            "Exporter la colonne comme du texte.",
            "Export the column as text.",
        ),
        SplitCode => (
            "Un code, ancien ou d'une ville, vaut pour plusieurs lieux : sa ligne n'est pas lue.",
            "Donner une ligne par lieu.",
            "Give a row for each place.",
        ),
        NotMerged => (
            "Des chiffres de lieux fusionnés ne peuvent pas être réunis : inconnus.",
            "Donner le chiffre du lieu nouveau.",
            "Give the figure of the new place.",
        ),
        RowsLeftOut => (
            "Des lignes d'un fichier officiel n'ont pas de code commune utilisable.",
            "Rien, si elles sont peu nombreuses.",
            "Nothing, if they are few.",
        ),
        RotaPeriods => (
            "Un tour de garde sert une période où son point est fermé.",
            "Corriger les périodes du tour ou du point.",
            "Mend the periods of the rota or of the point.",
        ),
        OutOfScale => (
            "La population par âge, ou standardisée, est loin de la population d'un lieu : inconnue.",
            "Vérifier l'année et la colonne de la table.",
            "See whether year and column of the table are right.",
        ),
        ElsewhereRows => (
            "Des lignes d'une table de temps parlent de communes d'ailleurs : non lues.",
            "Rien.",
            "Nothing.",
        ),
        NoPerson => (
            "Des lignes d'un registre de praticiens ne nomment personne : non lues.",
            "Rien, si elles sont peu nombreuses.",
            "Nothing, if they are few.",
        ),
        NoSupply => (
            "Aucun lieu n'a un nombre connu de médecins.",
            "Donner une table d'offre.",
            "Give a table of supply.",
        ),
        NoCandidate => (
            "Les candidats d'un scénario sont vides.",
            "Élargir le choix des candidats.",
            "Widen the choice of candidates.",
        ),
        Unusual => (
            "Une valeur est permise mais inhabituelle : au-delà d'un plafond en vigueur, ou sans effet ici.",
            "Vérifier que c'est bien voulu.",
            "See whether it is meant.",
        ),
        RoadsLeftOut => (
            "Des tronçons, ou leurs chiffres, ne peuvent pas servir : laissés de côté.",
            "Rien, s'ils sont peu nombreux.",
            "Nothing, if they are few.",
        ),
        FarFromRoads => (
            "Des lieux sont loin de toute route.",
            "Vérifier leurs coordonnées et l'étendue de l'extrait.",
            "See whether their coordinates and the reach of the extract are right.",
        ),
        OnIsland => (
            "La route la plus proche d'un lieu ne mène pas au reste du réseau.",
            "Vérifier le lieu ; une île sans bac reste sans trajet.",
            "See to the place; an island without a ferry has no trips.",
        ),
        PairsAbsent => (
            "Des paires d'une table importée n'ont pas de temps utilisable : absentes.",
            "Rien, si ces trajets n'existent pas.",
            "Nothing, if there are no such trips.",
        ),
    }
}
