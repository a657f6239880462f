"""argparse in French: its help, and its refusals in one sentence."""

import argparse
import re
import sys
from pathlib import Path

# What argparse says, and what we say instead; %s are the parts it names.
SENTENCES = (
    (r"argument COMMANDE: invalid choice: '(.*?)'.*", "la commande « {} » n’existe pas"),
    (r"the following arguments are required: (.*)", "il manque {}"),
    (r"unrecognized arguments: (.*)", "« {} » n’est pas compris"),
    (r"argument \S+: invalid choice: '(.*?)' \(choose from (.*)\)", "« {} » n’est pas possible ici : {}"),
    (r"argument (\S+): expected one argument", "il manque une valeur après {}"),
    (r"argument (\S+): (.*)", "{1}"),
    (r"ambiguous option: (\S+).*", "« {} » peut vouloir dire plusieurs choses"),
)


def port(text: str) -> int:
    """A port number from 1 to 65535."""
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"le port est un nombre de 1 à 65535, et non « {text} »")
    return int(text)


def folder(text: str) -> Path:
    """A folder's name, made absolute from where the person stands."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("le dossier des données doit avoir un nom")
    return Path(text).expanduser().absolute()


def file_name(text: str) -> Path:
    """A file's name, made absolute from where the person stands."""
    if not text.strip() or "\0" in text:
        raise argparse.ArgumentTypeError("le fichier doit avoir un nom")
    return Path(text).expanduser().absolute()


def days(text: str) -> int:
    """A number of days from 1 to 3650."""
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= 3650:
        raise argparse.ArgumentTypeError(f"le nombre de jours est de 1 à 3650, et non « {text} »")
    return int(text)


def address(path: str) -> str:
    """An address of this board, as neighbours type it; else as this machine reaches it."""
    from server.base.settings import settings

    if settings.address:
        return settings.address + path
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(settings.host, settings.host)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}{path}"


class FrenchHelp(argparse.HelpFormatter):
    """Help that begins in French."""

    def add_usage(self, usage, actions, groups, prefix=None) -> None:
        """The first line of the help."""
        super().add_usage(usage, actions, groups, "Utilisation : " if prefix is None else prefix)


class FrenchParser(argparse.ArgumentParser):
    """A parser that speaks French and refuses in one sentence, with exit code 2."""

    def __init__(self, **options) -> None:
        super().__init__(**{**options, "formatter_class": FrenchHelp, "add_help": False, "allow_abbrev": False})
        self._optionals.title = "options"
        self._positionals.title = "à donner"
        self.add_argument("-h", "--help", action="help", help="montrer cette aide")

    def error(self, message: str) -> None:
        """Say what was not understood, and what to type."""
        for pattern, sentence in SENTENCES:
            found = re.fullmatch(pattern, message, re.DOTALL)
            if found:
                message = sentence.format(*found.groups())
                break
        sentence = f"{message[:1].upper()}{message[1:]} : « {self.prog} --help » montre ce qui est possible."
        print(sentence, file=sys.stderr)
        sys.exit(2)
