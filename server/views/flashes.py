"""What a page says once after a gesture. Only these can be said: the cookie names one, never its text."""

from server.kinds import N_

FLASHES = {
    "posted": N_("Votre avis est affiché."),
    "corrected": N_("Votre avis est corrigé."),
    "withdrawn": N_("Votre avis est retiré."),
    "put-back": N_("Votre avis est de nouveau affiché."),
    "replied": N_("Votre réponse est là."),
    "reply-withdrawn": N_("Votre réponse est retirée."),
    "reported": N_("C’est noté. Un modérateur le lira."),
    "hidden": N_("C’est masqué."),
    "shown": N_("C’est de nouveau visible."),
    "left": N_("C’est laissé comme avant."),
    "vouched": N_("La porte est ouverte."),
    "role": N_("Le rôle est changé."),
    "last-admin": N_("Il faut au moins un admin. Nommez-en un autre d’abord."),
    "kept": N_("C’est gardé."),
    "paused": N_("C’est noté. On ne vous demandera rien d’ici là."),
    "resumed": N_("Vous êtes de retour. Merci."),
    "device-closed": N_("L’appareil est fermé."),
    "devices-closed": N_("Tous ses appareils sont fermés."),
    "track": N_("Votre chanson est dans la liste."),
    "list-full": N_("Cette liste est pleine : cent chansons, c’est déjà une nuit entière."),
    "track-gone": N_("La chanson est enlevée."),
    "full": N_("C’est complet : toutes les places sont prises."),
    "revoked": N_("L’invitation est annulée."),
    "invited": N_("L’invitation est prête."),
    "card": N_("Voici une nouvelle carte. L’ancienne n’ouvre plus."),
    "welcome": N_("Bienvenue. Le tableau est à vous."),
    "signed-out": N_("Cet appareil est fermé. À bientôt."),
}
