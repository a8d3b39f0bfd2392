"""Entry of the Python worker: what `web/src/workers/python.ts` calls inside Pyodide.

In TypeScript (with Pyodide's own treatment of null: leave `convertNullToNone` alone)::

    const worker = pyodide.pyimport("shoebox.worker");
    await worker.start("library", files, run);      // or worker.start("decode", null, null)
    const answer = await worker.call(verb, args);   // a plain JavaScript object: nothing to destroy

**start(role, files, run)** makes the interpreter ready and answers
`{value: {pack, version, preprocessing, dimension, side, batch, models}}` (or an error, as `call`).

role
    "library" offers every verb below; "decode" only `decode`, `show` and `judge` (the fallback decoder, which needs no pack and
    no networks).
files
    Object of name to Uint8Array with `pack.toml` and the small files it names (vocabulary, tags, space). The networks
    themselves stay with the inference worker; `models` in the answer names them: `{image: "image.onnx", text: "text.onnx"}`.
run
    `async (model, feeds) => outputs`, where model is "image" or "text" and feeds and outputs are arrays of
    `{name, type: "float32" | "int32" | "int64" | "uint8", dims: number[], data}`, data a typed array of that type, so
    that a feed is `new ort.Tensor(feed.type, feed.data, feed.dims)`. The buffers of feeds belong to JavaScript (they may be
    transferred). Reject with an Error that carries a plain sentence.

**call(verb, args)** takes one object of named arguments and never throws. Undefined and null arguments count as left out. It
answers

* `{value, transfer}`: value is plain data, with bytes as Uint8Array and columns as Float64Array or Float32Array, each with a
  buffer of its own; transfer lists these buffers for `postMessage`;
* `{error, kind}`: error is a plain sentence for people; kind is the name of the Python error (`QueryError`, `MisreadQuery`,
  `StoreError`, `UnreadablePhoto`, `SessionError`, `PackError`; `Defect` for what should not happen, with `trace` for the
  console). `MisreadQuery` carries `position` and `length` in the query, `UnreadablePhoto` carries `reason` and `permanent`.
  The library is then as it was.

Verbs, their named arguments and their answers (`shoebox.api.Shoebox` has the same)::

    load     {blocks: Uint8Array[], journal: Uint8Array[], keys?: number[], statements?: Uint8Array[],
              statement_keys?: number[], author?: string, faces?: Uint8Array[], face_keys?: number[],
              texts?: Uint8Array[], text_keys?: number[]}
                                                             any order; keys: those of the blocks; author: see `statements`
             -> {photos, problems: [sentence]}               what is damaged is told and passed over
    load_blocks {blocks: Uint8Array[], keys?: number[], anew?: boolean, total?: number}
             -> {photos}                                     before load, as often as need be, the first time anew and with the
                                                             number of all: of a large library only a part is in memory twice
    plan     {entries: [{name, size, mtime}], addition?: number, whole?: boolean}
             -> {work: [index into entries], unchanged}      all files of an addition before the first is inspected; if in
                                                             several calls, with one number and whole only in the last; never
                                                             whole for files that are only a part of their folders
    inspect  {entry: {name, size, mtime, hash}, head: Uint8Array, whole?: boolean}
             hash: sha256 in hex; mtime: ms since 1970
             -> {action: "skip", kind: "unchanged" | "duplicate" | "renamed", id, batch, journal}
              | {action: "fail", reason, permanent}
              | {action: "whole"}                            ask again with all bytes as head and whole: true
              | {action: "decode", ticket, decoder: "browser" | "python", fallback: "python" | null, mime, orientation,
                 width, height, displayP3, reason, permanent}
                                                             width, height: as stored, before turning upright, 0 if unknown;
                                                             displayP3: the colours as stored are Display P3;
                                                             reason, permanent: what to say if decoding fails
    index    {batch: [{ticket, width, height, photoWidth, photoHeight}], pixels: Uint8Array[], tags?: boolean}
             pixels: RGB, width * height * 3 bytes each
             -> {batch, journal, rows: [{ticket, id, name, taken, aspect}], failed: [{ticket, name, reason, permanent}]}
                                                             batch and journal are null if all failed; after an error the
                                                             tickets stay valid
    abandon  {tickets: [number]}                             tickets that will not be indexed, since decoding failed
             -> {names}                                      the files meant: the ticket's own, and its duplicates
    accept   {batch, keys?: number[]}   reject {batch}       -> {}      keys: under which statements were stored
    sweep    {root, seen: [name], sure: boolean}             -> {removed: [id], names: [name], batch, journal}
    remove   {ids: [id], keep?: boolean}                     -> {removed: [id], kept: [bytes], batch, journal}
    restore  {kept: Uint8Array[]}    of `remove` with keep   -> {restored: [id], staged: [{batch, journal}]}
    clear    {}                                              -> {}      then empty the stores
    compact  {force?: boolean}                               -> {batch, put: [[key, bytes]], delete: [key], clearJournal} | null
    grid     {sort?: "date" | "name"}                        -> {ids, taken: Float64Array, aspect: Float32Array}
             ids is one string of 16 characters a photo (`ids.match(/.{16}/g) ?? []`): 30 times cheaper than an array;
             taken is the clock at the place of the photo, in ms since 1970 as if it were UTC (use getUTC...), NaN if unknown
    search   {query, limit?, offset?, sort?: "relevance" | "date", now?: number}
             -> {total, relevant, results: [{id, name, score}], explanation,      the relevant ones first, then the others
                 chips: [{kind, text, from, to, spoken, remove}]}
                                                             one for each filter: what it says, its place in the query, whether
                                                             it was read out of free words, and the query without it; now:
                                                             the clock on the wall, ms since 1970 as if it were UTC
    complete {query, cursor, now?: number}
             -> [{text, kind, label, count, replace: [from, to]}]                 the likeliest first; a field counts null;
                                                             places in a query count code points, from 0
    similar  {id, limit?} or {pixels: Uint8Array, width, height, limit?}          -> {results: [{id, name, score}]}
    photo    {id}      photos {limit?, offset?, sort?: "date" | "name"}      tags {}                     as in contract.ts
    verify   {statements?: Uint8Array[], faces?: Uint8Array[], texts?: Uint8Array[]}        all that are stored
                                                             -> {ok, problems: [sentence]}
    stats    {}        -> {photos, faces, texts, copies, outdated, unsettled, vectorBytes, packs,
                           timings: {load, photos, text, ranking, faces, reading}}
                       outdated: of another pack; unsettled: staged changes; timings: medians in ms
    favourite   {ids: [id], yes?: boolean}     -> {batch, statements: bytes, changed, undo}     both null where nothing changes
    undo        {changes}      the `undo` of such an answer           -> the same
    hear        {statements: Uint8Array[], keys: number[]}            -> {problems}     what another tab has stored
    fold        {}             -> {batch, put: [bytes], delete: [key]} | null           gathers small runs of statements
    favourites  {}             -> {ids}        all, also of photos that have left; one string as in `grid`
    people         {faces?: number}                     at most so many of each
                                                        -> [{id, name, hidden, count, faceCount, cover,
                                                             faces: [{id, photo, box, score}]}]
    person         {id, limit?, offset?}                                          -> the same of one; faces have taken
    suggest_people {id?, limit?}                        -> [{people: [id, id], names, score, faces: [face, face]}]
    name_person {id, name}   merge_people {ids}   split_person {id, faces}   hide_person {id, yes?}   remove_face {face}
    move_faces {faces, person: id | null}   not_this_person {face, person}   answer_suggestion {people: [id, id], same}
                                                        -> as `favourite`, and person: whom it is about now
    faces_begin    {manifest: Uint8Array}               a pack.toml
                                                        -> {networks: [{network, file, bytes, sha256}], neighbours: bytes}
    faces_todo     {pack?: id}                          -> {ids, total, beside: boolean}     photos that it has not looked at,
                                                            newest first; beside: people are as another pack sees them
    faces_names    {ids}                                -> [[name]]               all paths of each
    faces_order    {id, hash, head, whole?}             -> {action: "other" | "whole" | "decode", ...}      as `inspect`
    faces_look     {photos: [{id, width, height}], pixels, missed: [id]}          -> {batch, put: [[key, bytes]], delete, faces}
    faces_change   {pack?: id}                          -> {batch, put, delete} | null   what was seen beside counts from now on
    faces_settle   {batch, stored: boolean}             -> {}          after put and delete in one transaction, or its failure
    faces_group    {all?: boolean}                      -> {groups: bytes | null}    for key 0: who is who, if that has changed
    faces_fold     {tidy?: boolean}                     -> {batch, put, delete} | null     tidy: without photos that have left
    faces_erase    {}                                   -> as `fold`   then empty the store `faces` too
    text_describe  {manifest: Uint8Array}               a pack.toml
                                                        -> {networks: [{network, file, bytes, sha256}], characters: file}
    text_begin     {manifest: Uint8Array, characters: Uint8Array}                 -> {}
    text_todo      {}                                   -> {ids, total}           photos that nobody has read, newest first
    text_look      {photos: [{id, width, height}], pixels, missed: [id]}          -> {batch, put: [[key, bytes]], delete, lines}
    text_settle    {batch, stored: boolean}             -> {}          after put and delete in one transaction, or its failure
    text_fold      {tidy?: boolean}                     -> {batch, put, delete} | null     tidy: without photos that have left
    text_forget    {}                                   -> {}          after the store `texts` was emptied
    duplicates     {kind?: "identical" | "same-picture" | "burst"}
                                                        -> [{kind, photos: [id], keep: id, why,
                                                             files: [{photo, name, bytes, width, height}]}]
    duplicates_recall  {stored?: Uint8Array}            what duplicates_keep answered -> {neighbours: bytes}     a network
    duplicates_step    {}                               -> {phase: "comparing" | "looking" | "weighing" | "done", done, total,
                                                            ids, soon, side, take: boolean}    take: duplicates_take comes
                                                            next; soon: the ids that are likely to come after these
    duplicates_take    {ids, thumbnails: Uint8Array[], sizes?: [[width, height]]}
                                                        -> {}      of the ids of that step, as far as there are thumbnails;
                                                            with sizes they are grey values, at half the thumbnail's size
                                                            or, where the step named a side, squashed to such squares
    duplicates_keep    {}                               -> {bytes}     to be stored; null where nothing is new
    not_duplicates     {ids, others?: [id]}             -> as `favourite`
    set_aside          {names}                          -> {files: [{photo, name, to, hash}], bytes: number, list, script}
    places_wanted  {}                                   -> {located, table: boolean}      photos that say where they were taken,
                                                                                          and whether the table is here
    places_begin   {table: Uint8Array}                  -> {towns}
    places_learn   {}                                   -> {learned, left}    looks up some new places; again until none is left
    places_months  {}                                   -> [{year, month, places}]        where the months were spent, in words
    places_extent  {}                                   -> {photos, south, west, north, east}
    places_clusters {zoom, box: {south, west, north, east}}
                                                        -> [{x, y, count, cover, place, south, west, north, east}]
    places_towns   {box, limit?}                        -> [{name, latitude, longitude, population}]      the largest first
    on_this_day    {now?}                               -> [{year, count, cover, ids, query}]    the same day in earlier years
    albums         {photos?: number}                    at most so many of each
                                                        -> [{id, kind, title, named, from, to, place, cover, count, photos,
                                                             pinned, hidden, merged}]
    album          {id}                                 -> the same of one, all photos
    create_album {title, photos?}   name_album {id, title}   delete_album {id}   pin_album {id, yes?}   hide_album {id, yes?}
    merge_albums {ids}   separate_album {id}   add_to_album {id, photos}   remove_from_album {id, photos}
    album_cover {id, photo}
                                                        -> as `favourite`, and album: which it is about
    pack_check     {file: {size, read: (start, length) => Uint8Array}}          a `.pack` file; nothing is changed
                                                        -> {pack, version, title, licence, terms, files: [{name, start, size}]}
    switch_begin   {files: {name: Uint8Array}}          all of another pack but its networks
                                                        -> {pack, image, text}      files, to run as "next-image", "next-text"
    switch_probe   {}                                   -> {}      its text network is run once: rejects where it cannot be
    switch_recall  {stored: Uint8Array[]}               what is stored of it    -> {usable: [boolean]}
    switch_step    {}                                   -> {ids, done, total, missed}        whose thumbnails are wanted
    switch_take    {ids, thumbnails, tags?: boolean}    -> {bytes}      to be stored; null where none can be read
    switch_finish  {stored: Uint8Array[]}               -> {staged: [{batch, journal}], photos}     to be stored with the choice
                                                           of the pack; then load anew with it, or reject
    switch_end     {}                                   -> {}
    renew_begin    {}                                   -> {}      photos whose thumbnail could not be read are tried once more
    renew_step     {}                                   -> {ids, left, waiting}      whose thumbnails are wanted: photos that
                                                           another pack has looked at; waiting: those that have none
    renew_take     {wanted: [id], ids: [id], thumbnails: Uint8Array[], tags?: boolean}
                                                        -> {batch, journal}      staged
    squares        {ids}                                -> [[x, y]]    where the square cut out of a photo begins, 0 to 1 of
                                                           what there is to choose, as CSS's object-position counts
    export_begin {thumbnails?: boolean, paths?: boolean}      -> {photos}      how many will be saved
    export_step  {ids?: [id], pictures?: Uint8Array[], sizes?: [[width, height]]}     the thumbnails that were wanted
             -> {bytes, wanted: [id], photos, done}             the next bytes of the file; see `docs/format.md`
    import_begin {head: Uint8Array}                          -> {locked}      the file's first bytes; a locked one has to be
                                                             unlocked, and what is inside fed
    import_check {data: Uint8Array}                          -> {photos, total}      of all bytes of the file, one after another
    import_checked {}                                        -> {photos, people}      the file is whole: nothing has changed yet
    import_take  {data: Uint8Array}                          of all bytes once again
             -> {changes: [{staged: [{batch, journal}], pictures: [{id, bytes, width, height}],
                 faces: {batch, put, delete} | null, texts: the same, statements: {batch, statements} | null}], photos, late}
                                                             each to be stored in one transaction and then settled; pictures
                                                             only where there are none
    import_cancel {}                                         before it is `late`
             -> {staged: [{batch, journal}], removed: [id]}      makes all as it was, in one transaction, in which the
                                                             thumbnails that were stored are deleted
    import_end   {}                                          -> {put: [[key, bytes]], photos, people, added,
                                                             unsearchable}      `put` into `faces`
    import_settle {}                                         -> {}      all that is stored, too
    judge    {name, head, whole?}                       -> {action: "fail", reason} | {action: "whole"}
                                                          | {action: "decode", ...}      as `inspect`, of any file
    show     {data: Uint8Array, name?}                  -> {jpeg: bytes, width, height}  a photo in full, for the screen
    decode   {data: Uint8Array, name?, orientation?, minSide?, thumbSide?}
             -> {pixels, width, height, photoWidth, photoHeight, thumb, thumbWidth, thumbHeight, complete, ms}

**Two steps to change anything.** Every answer with a `journal` that is not null is only *staged*: write these bytes into the
store `journal` under the key `batch`, in one transaction with all that belongs to it (thumbnails, the entries that leave
`pending`), and then call `accept`; if the transaction fails, call `reject` and nothing has happened. Several staged answers may
share one transaction. Accepted changes are done in the order of their numbers, so one waits until those before it are settled.
`compact` works alike: apply put, delete and clearJournal (delete all journal keys up to and including it) in one transaction,
then `accept` its batch. A duplicate of a photo that is still on its way is answered with `journal: null` and rides along with
that photo.

**Statements** (what a person says: favourites, names) are staged in the same way, with `statements` in the place of `journal`.
They go into a store of their own, under keys that the database gives, with strict durability; `accept` takes these keys. They
need no lock and no order, since each carries its time and its author (the device: 16 hexadecimal digits drawn once). Another
tab is told of new keys and passes what lies under them to `hear`. `fold` asks to put some runs and delete others in one
transaction, which must fail if any of those to delete is gone: another tab has folded or emptied the store.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Awaitable, Callable
from typing import Any

from shoebox.errors import QueryError, ShoeboxError
from shoebox.photo.fallback import decode, judge, show
from shoebox.sessions.javascript import as_object, plain, to_javascript

# The verbs that the page may call, by role. Everything else in the class is for Python.
LIBRARY_VERBS = (
    *("load", "load_blocks", "accept", "reject", "clear", "compact"),
    *("plan", "inspect", "index", "abandon", "sweep", "remove", "restore"),
    *("search", "complete", "similar", "photo", "photos", "grid", "tags", "stats", "verify"),
    "faces_erase",
)
SAYING_VERBS = ("favourite", "undo", "hear", "fold", "favourites")
PEOPLE_VERBS = (
    *("people", "person", "suggest_people", "name_person", "merge_people", "split_person", "hide_person"),
    *("move_faces", "not_this_person", "remove_face", "answer_suggestion"),
)
# With "places_" before them.
PLACE_VERBS = ("wanted", "begin", "learn", "months", "extent", "clusters", "towns")
ARCHIVE_VERBS = (
    *("export_begin", "export_step"),
    *("import_begin", "import_check", "import_checked", "import_take", "import_cancel"),
    *("import_end", "import_settle"),
)
# With "faces_" before them.
SEEKING_VERBS = ("begin", "todo", "names", "order", "look", "change", "settle", "fold")

# With "text_" before them; paths and orders of photos are asked for as with faces.
READING_VERBS = ("describe", "begin", "todo", "look", "settle", "fold", "forget")

DUPLICATE_VERBS = ("duplicates", "not_duplicates", "set_aside")
ALBUM_VERBS = (
    *("albums", "album", "create_album", "name_album", "delete_album", "pin_album", "hide_album"),
    *("merge_albums", "separate_album", "add_to_album", "remove_from_album", "album_cover"),
)
# With "switch_" before them.
SWITCHING_VERBS = ("begin", "probe", "recall", "step", "take", "finish", "end")
# With "renew_" before them.
RENEWAL_VERBS = ("begin", "step", "take")
# With "duplicates_" before them.
COMPARING_VERBS = ("recall", "step", "take", "keep")

Verb = Callable[..., Any]

_verbs: dict[str, Verb] = {}
# Of the verbs that were called: asking a function for its signature takes longer than most verbs.
_signatures: dict[str, inspect.Signature] = {}


async def start(role: str, files: Any, run: Any) -> Any:
    """Make this interpreter ready for `call`; see the module's text for the arguments and the answer."""

    async def begin() -> dict[str, Any]:
        _verbs.clear()
        _signatures.clear()
        _verbs.update({"decode": decode, "show": show, "judge": judge})
        if role == "decode":
            return {}
        # Only the library needs these, and the fallback decoder should start quickly.
        from shoebox.api import Shoebox
        from shoebox.model.pack import Pack
        from shoebox.sessions.bridge import BridgeSessions

        pack = Pack.from_files({name: bytes(data) for name, data in plain(files).items()})
        box = Shoebox(pack, BridgeSessions(run))
        _verbs.update({verb: getattr(box, verb) for verb in LIBRARY_VERBS})
        _verbs.update({verb: getattr(box.sayings, verb) for verb in SAYING_VERBS})
        _verbs.update({verb: getattr(box.people, verb) for verb in PEOPLE_VERBS})
        _verbs.update({f"faces_{verb}": getattr(box.seeking, verb) for verb in SEEKING_VERBS})
        _verbs["faces_group"] = box.people.group
        _verbs.update({f"text_{verb}": getattr(box.reader, verb) for verb in READING_VERBS})
        _verbs.update({verb: getattr(box.duplicates, verb) for verb in DUPLICATE_VERBS})
        _verbs.update({f"duplicates_{verb}": getattr(box.duplicates, verb) for verb in COMPARING_VERBS})
        _verbs.update({f"places_{verb}": getattr(box.places, verb) for verb in PLACE_VERBS})
        _verbs.update({verb: getattr(box.albums, verb) for verb in ALBUM_VERBS})
        _verbs.update({verb: getattr(box.archive, verb) for verb in ARCHIVE_VERBS})
        _verbs.update({f"switch_{verb}": getattr(box.switching, verb) for verb in SWITCHING_VERBS})
        _verbs.update({f"renew_{verb}": getattr(box.renewal, verb) for verb in RENEWAL_VERBS})
        _verbs["pack_check"] = _pack_check
        _verbs["squares"] = box.curator.squares
        _verbs["on_this_day"] = box.places.on_this_day
        return box.about()

    return await _answer(begin)


async def call(verb: str, args: Any = None) -> Any:
    """Run one verb with named arguments and answer with plain JavaScript data; never raises."""

    async def work() -> Any:
        if verb not in _verbs:
            known = ", ".join(sorted(_verbs)) or "none, since it has not been started"
            raise QueryError(f"The library has no verb “{verb}”.", f"It has: {known}.")
        named = {name: value for name, value in (plain(args) or {}).items() if value is not None}
        if verb not in _signatures:
            _signatures[verb] = inspect.signature(_verbs[verb])
        try:
            _signatures[verb].bind(**named)
        except TypeError as error:
            raise QueryError(f"“{verb}” was called wrongly: {error}.") from error
        answer = _verbs[verb](**named)
        return await answer if inspect.isawaitable(answer) else answer

    return await _answer(work)


class _PageFile:
    """A file of the page, of which pieces are read as they are needed."""

    def __init__(self, file: Any) -> None:
        self.size, self._read = int(file["size"]), file["read"]

    def read_at(self, start: int, length: int) -> bytes:
        """The bytes from a place on; fewer at the end."""
        return bytes(self._read(start, length).to_py())


def _pack_check(file: Any) -> dict[str, Any]:
    from shoebox.library.switching import check_pack

    return check_pack(_PageFile(file))


async def _answer(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run `work` and wrap what it gives, or the error that it raises, for JavaScript."""
    try:
        answer, buffers = to_javascript({"value": await work()})
    except Exception as error:
        return as_object(describe(error))
    answer.transfer = as_object(buffers)
    return answer


def describe(error: Exception) -> dict[str, Any]:
    """An error as plain data: `{error, kind}`, and what else the page can use."""
    if not isinstance(error, ShoeboxError):
        return {
            "error": "Something unexpected happened inside Shoebox. Reload the page and try again; your photos are untouched.",
            "kind": "Defect",
            "trace": "".join(traceback.format_exception(error)),
        }
    told: dict[str, Any] = {"error": str(error), "kind": type(error).__name__}
    for extra in ("position", "length", "reason", "permanent"):
        if hasattr(error, extra):
            told[extra] = getattr(error, extra)
    return told
