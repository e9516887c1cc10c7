//! The main job: a citizen writes offline, it arrives exactly once, and it is answered.

use std::time::{Duration, Instant};

use harness::run;

use crate::people::{Hall, ROAD};
use crate::picture;

#[test]
fn a_proposal_arrives_is_seen_by_others_and_is_answered() {
    run(async {
        let hall = Hall::new().await;
        let author = hall.phone().await;
        author.sign_in(&hall.resident(0)).await;
        let reader = hall.phone().await;
        reader.open_road().await;

        author.write("Ouvrir le chemin une fin de semaine sur deux", "On se relaie pour le reste.").await;
        author.page.screenshot(&picture("check"), true).await;
        let sent = Instant::now();
        author.send().await;
        reader.page.sees("Ouvrir le chemin une fin de semaine sur deux").await;
        println!("on the other phone after {:.1} s", sent.elapsed().as_secs_f64());
        author.receipted("Ouvrir le chemin une fin de semaine sur deux").await;
        author.page.screenshot(&picture("receipted"), true).await;
        assert!(!reader.page.text().await.contains("Aline"), "no name in public");

        let desk = hall.desk().await;
        desk.sees("Ouvrir le chemin une fin de semaine sur deux").await;
        desk.click_text("a", "Ouvrir le chemin une fin de semaine sur deux").await;
        desk.sees(&format!("{}, de Laforce", hall.resident(0).name)).await;
        desk.sees("Environnement").await;
        desk.screenshot(&picture("desk-item"), true).await;
        desk.fill("#answer-first", "Le conseil accepte à l’essai jusqu’en mars.").await;
        desk.fill("#answer-second", "The council agrees, as a trial until March.").await;
        desk.click_text("button", "Publier la réponse").await;
        desk.wait_for("document.querySelector('dialog[open]') !== null", "the question before publishing")
            .await;
        desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        author.page.sees("Le conseil accepte à l’essai jusqu’en mars.").await;
        author.page.screenshot(&picture("answered"), true).await;
        for page in [&author.page, &reader.page, &desk] {
            page.assert_clean();
        }
    });
}

#[test]
fn written_and_sealed_with_the_server_dead_it_leaves_by_itself_once() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.open_road().await;
        hall.server.kill9();
        hall.proxy.cut().await;
        // From the home screen, with nothing behind it: all that was seen is readable.
        phone.visit("").await;
        phone.page.sees(ROAD).await;
        phone.page.sees("Le serveur ne répond pas.").await;
        phone.write("Écrit au bout du lac", "Sans réseau.").await;
        phone.page.screenshot(&picture("offline-check"), true).await;
        phone.send().await;
        phone.page.sees("Gardé").await;
        phone.visit("trail").await;
        phone.page.sees("Écrit au bout du lac").await;
        phone.page.screenshot(&picture("offline-trail"), true).await;
        hall.server.restart();
        let back = Instant::now();
        phone.receipted("Écrit au bout du lac").await;
        println!("receipted {:.1} s after the server was back", back.elapsed().as_secs_f64());
        let reader = hall.phone().await;
        reader.open_road().await;
        reader.page.sees("Écrit au bout du lac").await;
        let count = "document.body.innerText.split('Écrit au bout du lac').length - 1";
        assert_eq!(reader.page.eval::<u32>(count).await.unwrap(), 1);
        assert!(back.elapsed() < Duration::from_secs(60));
    });
}

#[test]
fn sealed_before_signing_in_it_is_claimed_and_then_leaves() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.write("Avant de m’identifier", "").await;
        phone.send().await;
        phone.page.sees("Attend votre code").await;
        phone.sign_in(&hall.resident(1)).await;
        phone.page.sees("Ce texte est-il de vous?").await;
        phone.page.screenshot(&picture("claim"), true).await;
        phone.page.click_text("button", "C’est de moi").await;
        phone.receipted("Avant de m’identifier").await;
        phone.page.assert_clean();
    });
}

#[test]
fn the_authors_other_device_shows_the_trail() {
    run(async {
        let hall = Hall::new().await;
        let (first, second) = (hall.phone().await, hall.phone().await);
        first.sign_in(&hall.resident(2)).await;
        second.sign_in(&hall.resident(2)).await;
        first.write("Sur mes deux appareils", "").await;
        first.send().await;
        first.receipted("Sur mes deux appareils").await;
        second.page.sees("Sur mes deux appareils").await;
        second.page.assert_clean();
    });
}

#[test]
fn the_button_stays_where_it_is_while_the_communitys_lists_change() {
    run(async {
        let hall = Hall::new().await;
        let author = hall.phone().await;
        author.write("Sous le doigt", "").await;
        author.page.exec("document.querySelector('main .btn').dataset.same = 'yes'").await.unwrap();
        let before = author.texts("records").await;
        let desk = hall.desk().await;
        desk.click_text("a", "Consultations").await;
        desk.click_text("button", "Fermer la consultation").await;
        desk.click("dialog[open] .btn:not(.btn-quiet)").await;
        desk.sees("Fermée, délai en cours").await;
        let until = Instant::now() + Duration::from_secs(30);
        while author.texts("records").await == before {
            assert!(Instant::now() < until, "the change reaches the phone");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        author.page.sees("Environnement").await;
        let same = "document.querySelector('main .btn').dataset.same === 'yes'";
        assert!(author.page.eval::<bool>(same).await.unwrap(), "the button was drawn anew");
    });
}

#[test]
fn search_finds_without_accents_by_the_start_of_words_also_offline() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(0)).await;
        phone.write("Éclairer l’École du rang", "").await;
        phone.send().await;
        phone.receipted("Éclairer l’École du rang").await;
        phone.open_road().await;
        phone.page.sees("Éclairer l’École du rang").await;
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.page.fill("#q", "ecol ecla").await;
        phone.page.sees("1 résultat").await;
        phone.page.sees("Éclairer l’École du rang").await;
    });
}

#[test]
fn of_two_drafts_for_one_consultation_the_one_that_is_tapped_opens() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.write("Le premier", "").await;
        phone.send().await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Le second").await;
        phone.wait_row("drafts", "row.title === 'Le second'").await;
        phone.visit("trail").await;
        phone.page.click_text("button", "Reprendre").await;
        phone.page.wait_for("document.querySelector('#title') !== null", "it is written on").await;
        for title in ["Le premier", "Le second", "Le premier"] {
            phone.visit("trail").await;
            phone.page.click_text("a", title).await;
            let opened = format!("document.querySelector('#title')?.value === {title:?}");
            phone.page.wait_for(&opened, "the one that was tapped").await;
        }
    });
}

#[test]
fn a_proposal_is_supported_and_commented_on_also_without_the_server() {
    run(async {
        let mut hall = Hall::new().await;
        let (first, second) = (hall.phone().await, hall.phone().await);
        first.sign_in(&hall.resident(1)).await;
        second.sign_in(&hall.resident(2)).await;
        first.open_proposal("Mettre une boîte à sable").await;
        first.page.sees("Moins de 5 appuis").await;
        second.open_proposal("Mettre une boîte à sable").await;

        hall.server.kill9();
        hall.proxy.cut().await;
        first.page.click_text("button", "J’appuie").await;
        first.page.sees("Vous appuyez").await;
        first.page.fill("#comment", "Et une pelle à côté.").await;
        first.page.click_text("label", "Pour").await;
        first.page.click_text("button", "Publier le commentaire").await;
        first.page.sees("Gardé sur cet appareil. L’envoi se fait tout seul.").await;
        first.page.sees("Et une pelle à côté.").await;
        first.page.sees("Pas encore envoyée").await;
        first.page.screenshot(&picture("commented-offline"), true).await;
        // Written in the other phone's form, and not sent yet: a reload takes no word away.
        second.page.fill("#comment", "Qui la remplit?").await;
        tokio::time::sleep(Duration::from_millis(900)).await;
        let here: String = second.page.eval("location.href").await.unwrap();
        second.page.goto(&here).await;
        second
            .page
            .wait_for("document.querySelector('#comment')?.value === 'Qui la remplit?'", "it is kept")
            .await;

        hall.server.restart();
        let gone = "!document.body.innerText.includes('Pas encore envoyée')";
        first.page.wait_within(Duration::from_secs(60), gone, "both have left").await;
        second.page.sees("Et une pelle à côté.").await;
        assert!(!second.page.text().await.contains("Réjean"), "no name in public");
        let desk = hall.desk().await;
        desk.click_text("a", "Et une pelle à côté.").await;
        desk.sees(&format!("{}, de Laforce", hall.resident(1).name)).await;
        desk.screenshot(&picture("desk-comment"), true).await;
        // Taken back with one more tap: on the person's other device too.
        let other = hall.phone().await;
        other.sign_in(&hall.resident(1)).await;
        other.open_proposal("Mettre une boîte à sable").await;
        other.page.sees("Vous appuyez").await;
        other.page.click_text("button", "Vous appuyez").await;
        first.page.sees("J’appuie").await;
        for page in [&other.page, &desk] {
            page.assert_clean();
        }
    });
}

#[test]
fn while_writing_a_proposal_that_says_the_same_is_offered_and_can_be_supported() {
    run(async {
        let hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(2)).await;
        phone.open_road().await;
        phone.page.click_text("a", "Faire une proposition").await;
        phone.page.fill("#title", "Des boîtes de sable au pied de la grande côte").await;
        phone.page.sees("Cela ressemble à ce qui est déjà proposé").await;
        phone.page.sees("Mettre une boîte à sable au pied de la côte").await;
        phone.page.screenshot(&picture("similar"), true).await;
        phone.page.click_text("button", "J’appuie").await;
        phone.page.sees("Vous appuyez").await;
        // What was typed is kept, whichever way they go on.
        phone.wait_row("drafts", "row.title.startsWith('Des boîtes')").await;
        phone.page.fill("#title", "Un feu de joie à la Saint-Jean").await;
        phone.page.wait_for("!document.body.innerText.includes('Cela ressemble')", "nothing like it").await;
        phone.page.assert_clean();
    });
}

#[test]
fn one_joins_a_proposal_that_says_the_same_with_one_s_own_words_also_without_the_server() {
    run(async {
        let mut hall = Hall::new().await;
        let phone = hall.phone().await;
        phone.sign_in(&hall.resident(2)).await;
        phone.open_road().await;
        phone.page.sees("Mettre une boîte à sable au pied de la côte").await;
        phone.page.click_text("a", "Faire une proposition").await;
        hall.server.kill9();
        hall.proxy.cut().await;
        phone.page.fill("#title", "Des boîtes de sable au pied de la grande côte").await;
        phone.page.fill("#text", "Ma voiture a reculé deux fois en janvier.").await;
        phone.page.sees("Cela ressemble à ce qui est déjà proposé").await;
        phone.page.click_text("button", "Joindre mes mots").await;
        // They stand in the comment in favour, where the person is, and nothing has left.
        phone.page.wait_for("document.activeElement?.id === 'comment'", "the comment").await;
        let words =
            "Des boîtes de sable au pied de la grande côte\\n\\nMa voiture a reculé deux fois en janvier.";
        phone.page.wait_for(&format!("comment.value === '{words}'"), "one's words").await;
        phone
            .page
            .wait_for("document.querySelector('input[name=stance]:checked')?.closest('label').innerText.trim() === 'Pour'", "in favour")
            .await;
        phone.page.sees("Vous appuyez").await;
        assert!(phone.rows("drafts").await.is_empty(), "the words are in the comment now");
        phone.page.screenshot(&picture("joined"), true).await;
        // Whoever writes how to reach them is asked, and goes on as they like.
        phone
            .page
            .fill("#comment", "Ma voiture a reculé deux fois en janvier. Appelez au 819 555-0199.")
            .await;
        phone.page.sees("Ceci ressemble à un numéro de téléphone").await;
        phone.page.fill("#comment", "Ma voiture a reculé deux fois en janvier.").await;
        let none = "!document.body.innerText.includes('Ceci ressemble')";
        phone.page.wait_for(none, "nothing to ask about").await;
        phone.page.click_text("button", "Publier le commentaire").await;
        phone.page.sees("Gardé sur cet appareil").await;
        hall.server.restart();
        let reader = hall.phone().await;
        reader.open_road().await;
        reader.page.click_text("a", "Mettre une boîte à sable au pied de la côte").await;
        reader.page.sees("Ma voiture a reculé deux fois en janvier.").await;
    });
}

#[test]
fn what_changed_since_the_last_visit_is_told_also_without_the_server() {
    run(async {
        let mut hall = Hall::new().await;
        let (reader, author) = (hall.phone().await, hall.phone().await);
        reader.open_road().await;
        reader.page.click_text("button", "Suivre cette consultation").await;
        reader.page.sees("Vous suivez cette consultation").await;
        reader.wait_kept("follow laforce").await;
        reader.visit("c/laforce").await;
        reader.page.sees(crate::people::ROAD).await;
        reader.wait_seen().await;
        author.sign_in(&hall.resident(0)).await;
        author.write("Une barrière au rang 4", "").await;
        author.send().await;
        author.receipted("Une barrière au rang 4").await;
        // It is pulled while the home of the community is open.
        reader.visit("c/laforce").await;
        reader.page.sees("Depuis votre dernière visite").await;
        reader.page.sees("Une barrière au rang 4").await;
        reader.page.screenshot(&picture("news"), true).await;
        hall.server.kill9();
        hall.proxy.cut().await;
        reader.page.click_text("a", "Une barrière au rang 4").await;
        reader.page.sees("Moins de 5 appuis").await;
    });
}
