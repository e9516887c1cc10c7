//! The columns of the tables, with their types and what they hold: the dictionary.

use domain::phases::Phase;
use domain::text::Lang;

use super::{Kind, commitments, contributions, documents, moderation, polls, spelled, surveys, texts};
use crate::export::words::Both;

/// What a column holds, as Table Schema calls it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sort {
    /// Words or a name.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Number,
    /// `true` or `false`.
    Boolean,
    /// A day.
    Date,
    /// A moment, in UTC.
    Instant,
    /// An address.
    Address,
}

/// A column.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub sort: Sort,
    /// Whether a cell may be empty.
    pub optional: bool,
    /// What it means.
    pub about: (String, String),
    /// The words that may stand there, when they are few.
    pub words: Vec<String>,
    /// The table and its column that it points to.
    pub points_to: Option<(Kind, &'static str)>,
    /// Whether it is, or is part of, what names a row.
    pub is_key: bool,
}

pub(super) fn column(name: &str, sort: Sort, (french, english): Both) -> Column {
    let about = (french.to_owned(), english.to_owned());
    let (name, words) = (name.to_owned(), Vec::new());
    Column { name, sort, optional: false, about, words, points_to: None, is_key: false }
}

impl Column {
    pub(super) fn key(self) -> Self {
        Self { is_key: true, ..self }
    }

    pub(super) fn optional(self) -> Self {
        Self { optional: true, ..self }
    }

    pub(super) fn to(self, kind: Kind) -> Self {
        Self { points_to: Some((kind, "id")), ..self }
    }
}

/// One column for each language.
pub(super) fn localized(name: &str, languages: &[Lang], (french, english): Both) -> Vec<Column> {
    let one = |lang: &Lang| Column {
        name: format!("{name}_{lang}"),
        about: (format!("{french} (langue : {lang})"), format!("{english} (language: {lang})")),
        ..column(name, Sort::Text, (french, english)).optional()
    };
    languages.iter().map(one).collect()
}

/// What a row of a table is.
pub fn about(kind: Kind) -> Both {
    match kind {
        Kind::Consultations => ("Les consultations.", "The consultations."),
        Kind::Phases => ("Les phases des consultations.", "The phases of the consultations."),
        Kind::Contributions => (
            "Les propositions, amendements et commentaires que tout le monde peut lire, dans l’ordre de la semaine \
             et du nom, qui ne dit pas dans quel ordre ils sont venus.",
            "The proposals, amendments and comments that everyone can read, in the order of week and name, which does \
             not tell the order in which they came.",
        ),
        Kind::Photos => ("Les photos des propositions.", "The photos of the proposals."),
        Kind::Supports => (
            "Combien de personnes appuient chaque proposition ou amendement. Une case vide veut dire « moins de 5 », zéro compris.",
            "How many people support each proposal or amendment. An empty cell means “fewer than 5”, zero included.",
        ),
        Kind::Documents => documents::ABOUT,
        Kind::Texts => texts::ABOUT,
        Kind::Answers => (
            "Les réponses officielles, une ligne par langue.",
            "The official answers, one row for each language.",
        ),
        Kind::Conclusions => (
            "Les réponses à toute une consultation, une ligne par langue.",
            "The answers to all of a consultation, one row for each language.",
        ),
        Kind::ConclusionUses => {
            ("Les contributions qui ont servi à ces réponses.", "The contributions that these answers use.")
        }
        Kind::Polls
        | Kind::PollChoices
        | Kind::PollGrades
        | Kind::PollPairs
        | Kind::PollParts
        | Kind::PollPartChoices
        | Kind::PollPartGrades
        | Kind::PollPartPairs => polls::about(kind),
        Kind::Surveys
        | Kind::SurveyQuestions
        | Kind::SurveyChoices
        | Kind::SurveyResults
        | Kind::SurveyParts => surveys::about(kind),
        Kind::Commitments | Kind::CommitmentLog | Kind::CommitmentFollows => commitments::about(kind),
        Kind::Hidings => (
            "Ce qui a été masqué : par quelle règle, quelle semaine, avec quelle suite, jamais le texte.",
            "What was hidden: by which rule, in which week, what became of it, never the text.",
        ),
        Kind::Subjects => ("Les sujets de la communauté.", "The community’s subjects."),
        Kind::Rules => (
            "Les règles publiques selon lesquelles un texte peut être masqué.",
            "The public rules by which a text may be hidden.",
        ),
    }
}

pub(super) const LANGUAGE: Both = ("Langue (BCP 47).", "Language (BCP 47).");
pub(super) const ON_CONSULTATION: Both = ("La consultation.", "The consultation.");
const ON_CONTRIBUTION: Both = ("La contribution.", "The contribution.");

/// The columns of a table, in order.
pub fn of(kind: Kind, languages: &[Lang]) -> Vec<Column> {
    use Sort::{Address, Instant, Integer, Text};
    match kind {
        Kind::Consultations => {
            let mut all =
                vec![column("id", Text, ("Nom de la consultation.", "The consultation’s name.")).key()];
            all.extend(localized("title", languages, ("Ce qui est demandé", "What is asked")));
            all.extend(localized(
                "summary",
                languages,
                ("Ce qui est demandé, et pourquoi", "What is asked, and why"),
            ));
            all.extend([
                column("opened_at", Instant, ("Publiée à ce moment.", "Published at this moment.")),
                column(
                    "ends_at",
                    Instant,
                    (
                        "La dernière contribution demandée se ferme à ce moment; vide : sans date de fin.",
                        "The last thing that it asks for closes at this moment; empty: no end date.",
                    ),
                )
                .optional(),
                column(
                    "closed_at",
                    Instant,
                    ("Fermée à la main, avant son temps.", "Closed by hand, before its time."),
                )
                .optional(),
                column(
                    "answer_by",
                    Instant,
                    ("Réponse promise pour ce moment.", "Answer promised by this moment."),
                )
                .optional(),
                column(
                    "takes",
                    Text,
                    (
                        "Ce qui est demandé, séparé par des espaces : proposals, comments, support, amendments.",
                        "What is asked for, separated by spaces: proposals, comments, support, amendments.",
                    ),
                )
                .optional(),
            ]);
            all.push(
                column(
                    "shared_with",
                    Text,
                    (
                        "Les communautés invitées à la tenir aussi, séparées par des espaces; elle y porte le même nom.",
                        "The communities that are invited to hold it too, separated by spaces; it has the same name there.",
                    ),
                )
                .optional(),
            );
            all.extend([
                column(
                    "adapted_from_community",
                    Text,
                    (
                        "Reprise de la consultation d’une autre communauté : laquelle.",
                        "Adapted from another community’s consultation: which community.",
                    ),
                )
                .optional(),
                column(
                    "adapted_from_consultation",
                    Text,
                    ("Le nom de cette consultation, là-bas.", "The name of that consultation, there."),
                )
                .optional(),
            ]);
            all.extend(localized("decided_by", languages, ("Qui décide", "Who decides")));
            all.extend(localized(
                "used_for",
                languages,
                ("Ce qu’on fait des contributions", "What the contributions are used for"),
            ));
            all.extend(localized(
                "source_attribution",
                languages,
                ("D’où vient une conversation importée", "Where an imported conversation comes from"),
            ));
            all.push(column("source_licence", Text, ("Sa licence.", "Its licence.")).optional());
            all.push(column("source_url", Address, ("Son adresse.", "Its address.")).optional());
            all.push(fictitious());
            all
        }
        Kind::Phases => vec![
            column("consultation", Text, ON_CONSULTATION).key().to(Kind::Consultations),
            Column {
                words: Phase::ALL.iter().map(spelled).collect(),
                ..column("phase", Text, ("Laquelle.", "Which one.")).key()
            },
            column("from", Instant, ("Son début.", "Its beginning.")),
            column(
                "until",
                Instant,
                ("Sa fin; elle dure jusque juste avant.", "Its end; it lasts until just before."),
            ),
        ],
        Kind::Contributions => contributions::columns(languages),
        Kind::Conclusions => vec![
            column("consultation", Text, ON_CONSULTATION).key().to(Kind::Consultations),
            column("language", Text, LANGUAGE).key(),
            column("text", Text, ("La réponse.", "The answer.")),
            column("concluded_at", Instant, ("Donnée à ce moment.", "Given at this moment.")),
        ],
        Kind::ConclusionUses => vec![
            column("consultation", Text, ON_CONSULTATION).key().to(Kind::Consultations),
            column(
                "contribution",
                Text,
                (
                    "La contribution, qui peut avoir été retirée ou masquée depuis.",
                    "The contribution, which may have been withdrawn or hidden since.",
                ),
            )
            .key(),
        ],
        Kind::Polls
        | Kind::PollChoices
        | Kind::PollGrades
        | Kind::PollPairs
        | Kind::PollParts
        | Kind::PollPartChoices
        | Kind::PollPartGrades
        | Kind::PollPartPairs => polls::columns(kind, languages),
        Kind::Surveys
        | Kind::SurveyQuestions
        | Kind::SurveyChoices
        | Kind::SurveyResults
        | Kind::SurveyParts => surveys::columns(kind, languages),
        Kind::Commitments | Kind::CommitmentLog | Kind::CommitmentFollows => {
            commitments::columns(kind, languages)
        }
        Kind::Photos => vec![
            column("contribution", Text, ON_CONTRIBUTION).key().to(Kind::Contributions),
            column("number", Integer, ("Sa place.", "Its place.")).key(),
            column(
                "full",
                Text,
                (
                    "SHA-256 de la photo : /api/v1/blobs/ et ce nom.",
                    "SHA-256 of the photo: /api/v1/blobs/ and this name.",
                ),
            ),
            column("thumb", Text, ("SHA-256 de la petite photo.", "SHA-256 of the small photo.")),
            column("alt", Text, ("Ce qu’on y voit.", "What can be seen on it.")).optional(),
        ],
        Kind::Supports => vec![
            column("contribution", Text, ("La proposition.", "The proposal.")).key().to(Kind::Contributions),
            column(
                "count",
                Integer,
                (
                    "Combien; vide : moins de 5. Un nombre qui a été public ne redescend pas sous 5.",
                    "How many; empty: fewer than 5. A number that was public does not go below 5 again.",
                ),
            )
            .optional(),
        ],
        Kind::Documents => documents::columns(),
        Kind::Texts => texts::columns(),
        Kind::Answers => vec![
            column("contribution", Text, ON_CONTRIBUTION).key().to(Kind::Contributions),
            column("language", Text, LANGUAGE).key(),
            column("text", Text, ("La réponse.", "The answer.")),
            column("answered_at", Instant, ("Donnée à ce moment.", "Given at this moment.")),
        ],
        Kind::Hidings => moderation::columns(),
        Kind::Subjects => listed(("Nom du sujet.", "The subject’s name."), "short", "full"),
        Kind::Rules => {
            let mut all = listed(("Nom de la règle.", "The rule’s name."), "label", "explanation");
            let said = ("Elle ne s’applique plus.", "It is no longer applied.");
            all.push(column("retired", Sort::Boolean, said));
            all
        }
    }
}

pub(super) fn fictitious() -> Column {
    let said = ("Inventée pour montrer le produit.", "Invented to show the product.");
    column("fictitious", Sort::Boolean, said)
}

fn listed(id: Both, short: &str, long: &str) -> Vec<Column> {
    vec![
        column("id", Sort::Text, id).key(),
        column("language", Sort::Text, LANGUAGE).key(),
        column(short, Sort::Text, ("En bref.", "In short.")).optional(),
        column(long, Sort::Text, ("En entier.", "In full.")).optional(),
    ]
}
