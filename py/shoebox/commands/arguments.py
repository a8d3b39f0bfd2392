"""What can be typed. Nothing large is read in here, so that help is quick."""

from __future__ import annotations

import argparse
from pathlib import Path

from shoebox.commands import variables

_ABOUT = "Find photos by what is in them. The library is one file, the same that the page in the browser exports and imports."
_LATER = "Ctrl-C stops at any time; what is done is kept, and the same command goes on from there."
_NAMED = "a photo: its id, its name in the library or the end of it, or a file"


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line; `command` in what it gives says which command was meant."""
    common = _common()
    top = argparse.ArgumentParser("python -m shoebox", description=_ABOUT)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def add(name: str, text: str, epilog: str = "") -> argparse.ArgumentParser:
        return commands.add_parser(
            name, parents=[common], help=text, description=f"{text[0].upper()}{text[1:]}.", epilog=epilog
        )

    index = add("index", "take in the photos of folders, or follow what has changed in them", _LATER)
    index.add_argument("folders", nargs="+", type=Path, metavar="FOLDER", help="a folder with photos, or a photo")
    index.add_argument("--faces", action="store_true", help="look for faces too, on photos where nobody has looked yet")
    index.add_argument("--face-pack", type=Path, metavar="FOLDER", help="the networks that find faces")
    index.add_argument("--text", action="store_true", help="read what is written in photos too, where nobody has read yet")
    index.add_argument("--text-pack", type=Path, metavar="FOLDER", help="the networks that read")
    index.add_argument("--no-tags", action="store_true", help="photos are found by words but get no tags")
    index.add_argument("--forget-missing", action="store_true", help="let go of files that are gone, even if they are most")
    index.add_argument("--jobs", type=_positive, metavar="N", help="processes; as many as there are cores if left out")

    search = add("search", "find photos by words, dates, places, people, cameras")
    search.add_argument("query", metavar="QUERY", help="as in the page: 'dog on a beach', 'in:2019 camera:canon'")
    search.add_argument("--sort", choices=("relevance", "date"), default="relevance")
    _limited(search, 20)
    search.add_argument("--names", action="store_true", help="print the names alone, one a line")

    similar = add("similar", "find photos like one of the library, or like any picture")
    similar.add_argument("photo", metavar="PHOTO", help=f"{_NAMED}, also one that is not in the library")
    _limited(similar, 20)

    info = add("info", "tell all that is known about a photo, or about the library")
    info.add_argument("photo", nargs="?", metavar="PHOTO", help=_NAMED)
    add("tags", "tell what the photos show, and how many of them")

    albums = add("albums", "list trips, events and things, or the photos of one of them")
    albums.add_argument("album", nargs="?", metavar="ALBUM", help="its id or its title")

    _people(add("people", "list who is on the photos, and name them"))

    duplicates = add("duplicates", "find what is there more than once; nothing is ever deleted")
    duplicates.add_argument("--kind", metavar="KIND", help="only one of: identical, same-picture, burst")
    shapes = duplicates.add_mutually_exclusive_group()
    shapes.add_argument("--list", action="store_true", help="print the files that could go: all of a group but the one to keep")
    shapes.add_argument("--script", action="store_true", help="print a shell script that moves them out of the way")

    export = add("export", "write the library, or what others may see of it, into another file")
    export.add_argument("file", type=Path, metavar="FILE")
    export.add_argument("--no-paths", action="store_true", help="without the names of files and folders")
    export.add_argument("--no-thumbnails", action="store_true", help="without the small pictures")
    export.add_argument("--encrypt", action="store_true", help="with a passphrase, as an age file")
    export.add_argument("--replace", action="store_true", help="even if there is a file of that name")

    imports = add("import", "merge the library of another device into this one; nothing is lost on either side")
    imports.add_argument("file", type=Path, metavar="FILE")
    add("verify", "check that the library is whole")
    evaluate = add("eval", "measure how well searches find what they should")
    evaluate.add_argument(
        "file", type=Path, metavar="QUESTIONS", help="lines of a query, a tab, and a photo that it should find"
    )
    return top


def _common(again: bool = False) -> argparse.ArgumentParser:
    """What every command takes; `again`: what is left out stays as it was said before."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS if again else None)
    group = common.add_argument_group("for every command")
    group.add_argument("--library", type=Path, metavar="FILE", help=f"the library (or in the environment: {variables.LIBRARY})")
    group.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    group.add_argument(
        "--pack", type=Path, metavar="FOLDER", help="the model pack; the one that comes with Shoebox if left out"
    )
    group.add_argument(
        "--passphrase-file",
        type=Path,
        metavar="FILE",
        help=f"a file whose first line is the passphrase (or in the environment: {variables.PASSPHRASE}); else it is asked",
    )
    return common


def _people(people: argparse.ArgumentParser) -> None:
    """The verbs of people; without one, they are listed."""
    verbs = people.add_subparsers(dest="verb", metavar="VERB")
    common = _common(again=True)

    def add(name: str, text: str) -> argparse.ArgumentParser:
        return verbs.add_parser(name, parents=[common], help=text, description=f"{text[0].upper()}{text[1:]}.")

    who = "the person's id or name"
    name = add("name", "give a person a name; an empty one takes it away")
    name.add_argument("person", metavar="PERSON", help=who)
    name.add_argument("name", metavar="NAME")
    merge = add("merge", "say that several are one person")
    merge.add_argument("people", nargs="+", metavar="PERSON", help=who)
    for verb, text in (("hide", "keep a person out of sight"), ("show", "show a hidden person again")):
        add(verb, text).add_argument("person", metavar="PERSON", help=who)
    add("suggest", "list pairs who may be the same person")
    differ = add("differ", "say that two are not the same person; it is not asked again")
    differ.add_argument("people", nargs=2, metavar="PERSON", help=who)
    photos = add("photos", "list the photos of a person, the newest first")
    photos.add_argument("person", metavar="PERSON", help=who)


def _limited(parser: argparse.ArgumentParser, usual: int) -> None:
    parser.add_argument("--limit", type=_positive, default=usual, metavar="N", help=f"at most so many (usually {usual})")


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text} is less than 1")
    return value
