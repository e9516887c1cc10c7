//! A sentence for each error code, for whoever reads an answer without the app.

use app::api::ErrorCode;

/// The sentences of a code: French, English.
pub fn of(code: ErrorCode) -> (&'static str, &'static str) {
    use ErrorCode as E;
    match code {
        E::Offline => ("Le serveur n’a pas répondu.", "The server did not answer."),
        E::NotRabaska => ("La réponse ne vient pas de Rabaska.", "The answer does not come from Rabaska."),
        E::BadRequest => {
            ("La demande n’a pas la forme attendue.", "The request does not have the expected form.")
        }
        E::SignInNeeded => {
            ("Entrez d’abord votre code de participation.", "Enter your participation code first.")
        }
        E::NotPermitted => ("Vous n’avez pas accès à ceci.", "You do not have access to this."),
        E::CrossSite => (
            "La demande vient d’un autre site; elle a été refusée.",
            "The request came from another site; it was refused.",
        ),
        E::CodeRefused => (
            "Ce code n’ouvre rien. Vérifiez-le, ou demandez-en un autre au bureau municipal.",
            "This code opens nothing. Check it, or ask the municipal office for another one.",
        ),
        E::NotFound => ("Il n’y a rien à cette adresse.", "There is nothing at this address."),
        E::MethodNotAllowed => {
            ("Cette adresse ne s’utilise pas de cette façon.", "This address is not used in this way.")
        }
        E::WrongOffset => {
            ("Les octets ne suivent pas ceux déjà reçus.", "The bytes do not follow those already received.")
        }
        E::TooLarge => ("L’envoi est trop volumineux.", "What was sent is too large."),
        E::UnsupportedMediaType => {
            ("Ce type de contenu n’est pas pris en charge ici.", "This type of content is not taken here.")
        }
        E::Invalid => {
            ("Le contenu de la demande n’est pas valable.", "The content of the request is not valid.")
        }
        E::BlobMismatch => {
            ("Les octets reçus ne sont pas ceux annoncés.", "The bytes received are not those announced.")
        }
        E::NotAPicture => (
            "Le fichier n’est ni un PDF, ni une image JPEG, PNG ou WebP acceptée.",
            "The file is neither a PDF nor a JPEG, PNG or WebP picture that is taken.",
        ),
        E::PictureMetadata => (
            "L’image contient des renseignements cachés (lieu, appareil); retirez-les.",
            "The picture carries hidden information (place, device); take it out.",
        ),
        E::BlobRefused => (
            "Cette image a été retirée et ne peut pas revenir.",
            "This picture was removed and cannot come back.",
        ),
        E::Slowed => (
            "C’est trop en peu de temps. Attendez un peu avant de recommencer.",
            "That is too much in a short time. Wait a little before trying again.",
        ),
        E::Unavailable => (
            "Le serveur ne peut pas répondre maintenant. Rien n’a été enregistré; réessayez bientôt.",
            "The server cannot answer now. Nothing was stored; try again soon.",
        ),
    }
}
