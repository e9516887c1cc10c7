//! The table of contributions: what people said, and how far the office is with it.

use domain::operations::Progress;
use domain::records::{Consultation, Contribution};
use domain::text::Lang;

use super::columns::{Column, ON_CONSULTATION, Sort, column, fictitious, localized};
use super::{Cell, Kind, form, in_lang, places, plain, spelled, tagged, texts, word};
use crate::export::{asking, read, times};

/// Its columns.
pub(super) fn columns(languages: &[Lang]) -> Vec<Column> {
    use Sort::{Address, Date, Text};
    let mut all = vec![
        column("id", Text, ("Nom de la contribution.", "The contribution’s name.")).key(),
        column("consultation", Text, ON_CONSULTATION).to(Kind::Consultations),
        column(
            "form",
            Text,
            (
                "Sous quelle forme : proposal (proposition), amendment (amendement) ou comment (commentaire).",
                "In which form: proposal, amendment or comment.",
            ),
        ),
        column(
            "on",
            Text,
            (
                "Pour un commentaire : la proposition ou l’amendement, qui peut avoir été retiré ou masqué.",
                "For a comment: the proposal or amendment, which may have been withdrawn or hidden.",
            ),
        )
        .optional(),
        column(
            "stance",
            Text,
            (
                "Pour un commentaire : for (pour), against (contre) ou neutral (ni l’un ni l’autre).",
                "For a comment: for, against or neutral.",
            ),
        )
        .optional(),
        column("title", Text, ("Pour une proposition : en une phrase.", "For a proposal: in one sentence."))
            .optional(),
        column(
            "text",
            Text,
            (
                "Le texte, tel qu’écrit; d’un amendement, pourquoi.",
                "The text, as written; of an amendment, why.",
            ),
        )
        .optional(),
        column("subject", Text, ("Le sujet d’une proposition.", "What a proposal is about.")).optional(),
    ];
    all.extend(places::columns());
    all.extend(texts::amendment_columns());
    all.extend([
            column(
                "week",
                Date,
                (
                    "Le lundi de la semaine : jamais le jour ni l’heure.",
                    "The Monday of the week: never the day nor the hour.",
                ),
            ),
            column(
                "signed",
                Text,
                (
                    "resident : une personne de la communauté; on_behalf : la même, notée par le bureau parce qu’elle est venue, \
                     a téléphoné ou a écrit; paper : la même, sur un formulaire papier saisi par le bureau; imported : une personne \
                     d’une conversation importée.",
                    "resident: a person from the community; on_behalf: the same, noted by the office because they came, telephoned \
                     or wrote; paper: the same, on a paper form entered by the office; imported: a person of an imported conversation.",
                ),
            ),
            column(
                "home",
                Text,
                (
                    "Pour une consultation tenue avec d’autres : la communauté de la personne, quand ce n’est pas celle-ci.",
                    "For a consultation held with others: the person’s community, when it is not this one.",
                ),
            )
            .optional(),
            column(
                "step",
                Text,
                (
                    "Où en est le bureau : in_discussion (à l’étude), on_agenda (à l’ordre du jour), decided (décidé), \
                     done (fait) ou declined (écarté).",
                    "How far the office is: in_discussion, on_agenda, decided, done or declined.",
                ),
            )
            .optional(),
            column("step_on", Date, ("Le jour où cela a été dit.", "The day on which it was said.")).optional(),
            column(
                "agenda_on",
                Date,
                (
                    "Le jour de la séance, pour ce qui est à l’ordre du jour.",
                    "The day of the meeting, for what is on the agenda.",
                ),
            )
            .optional(),
    ]);
    all.extend(localized(
        "declined",
        languages,
        ("Pour ce qui est écarté : pourquoi", "For what is declined: why"),
    ));
    all.extend([
            column(
                "merged_into",
                Text,
                (
                    "La proposition sous laquelle celle-ci a été réunie, et qui peut avoir été retirée ou masquée depuis.",
                    "The proposal that stands for this one, and which may have been withdrawn or hidden since.",
                ),
            )
            .optional(),
            column(
                "forwarded_to",
                Text,
                (
                    "La communauté à qui le bureau l’a transmise, et qui y répond.",
                    "The community that the office passed it on to, and which answers it.",
                ),
            )
            .optional(),
            column(
                "forwarded_as",
                Text,
                (
                    "Son nom là-bas, une fois arrivée; elle peut y avoir été retirée ou masquée depuis.",
                    "Its name there, once it has arrived; it may have been withdrawn or hidden there since.",
                ),
            )
            .optional(),
            column(
                "forwarded_from",
                Text,
                ("La communauté qui l’a transmise.", "The community that passed it on."),
            )
            .optional(),
            column(
                "forwarded_from_contribution",
                Text,
                ("Son nom dans cette communauté.", "Its name in that community."),
            )
            .optional(),
            column(
                "source_attribution",
                Text,
                (
                    "Pour ce qui est importé : d’où cela vient; à citer partout où le texte est montré.",
                    "For what is imported: where it comes from; to be cited wherever the text is shown.",
                ),
            )
            .optional(),
            column(
                "source_licence",
                Text,
                ("Pour ce qui est importé : la licence.", "For what is imported: the licence."),
            )
            .optional(),
            column(
                "source_url",
                Address,
                ("Pour ce qui est importé : l’adresse.", "For what is imported: the address."),
            )
            .optional(),
            fictitious(),
    ]);
    all
}

/// One row.
pub(super) fn row(
    it: &Contribution,
    consultation: &Consultation,
    languages: &[Lang],
    all: &[Lang],
) -> Vec<Cell> {
    let (proposal, comment) = (it.proposal(), it.comment());
    let source = read::source(consultation, it);
    let attribution = source.and_then(|source| source.attribution.best(languages));
    let step = asking::step(it);
    let (agenda, declined) = match step.map(|step| &step.progress) {
        Some(Progress::OnAgenda(day)) => (Some(times::day(*day)), None),
        Some(Progress::Declined(why)) => (None, Some(why)),
        _ => (None, None),
    };
    let mut cells = vec![
        plain(it.id),
        plain(it.consultation),
        Cell::Plain(form(it)),
        Cell::plain(comment.map(|comment| comment.on)),
        Cell::plain(comment.map(|comment| spelled(&comment.stance))),
        Cell::text(proposal.map(|proposal| &proposal.title)),
        Cell::text(it.text()),
        Cell::plain(it.subject()),
    ];
    cells.extend(places::cells(it));
    cells.extend(texts::amendment_cells(it.amendment()));
    cells.extend([
        Cell::Plain(times::day(it.week.monday())),
        word(&it.signed),
        Cell::plain(it.home.as_ref()),
        Cell::plain(step.map(|step| tagged(&step.progress))),
        Cell::plain(step.map(|step| times::day(step.at))),
        Cell::plain(agenda),
    ]);
    cells.extend(all.iter().map(|lang| in_lang(declined, lang)));
    cells.extend([
        Cell::plain(it.merged_into),
        Cell::plain(it.forwarded.as_ref().map(|to| &to.to)),
        Cell::plain(it.forwarded.as_ref().and_then(|to| to.arrived)),
        Cell::plain(it.forwarded_from.as_ref().map(|from| &from.community)),
        Cell::plain(it.forwarded_from.as_ref().map(|from| from.record)),
        Cell::text(attribution.map(|(_, text)| text)),
        Cell::text(source.map(|source| &source.licence)),
        Cell::text(source.map(|source| &source.url)),
        plain(consultation.fictitious),
    ]);
    cells
}
