"""The look that finds faces, with one pack or, while another one is to take its place, with both."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from shoebox.errors import QueryError
from shoebox.faces.gallery import Gallery
from shoebox.faces.pack import FacePack
from shoebox.faces.rows import FaceRows
from shoebox.findings.findings import Answer
from shoebox.findings.looker import Looker, Photos, networks
from shoebox.library.library import Library
from shoebox.people.calibration import KNOWN
from shoebox.people.network import neighbour_network
from shoebox.sessions.protocol import SessionError, Sessions
from shoebox.store.rows import ModelId
from shoebox.store.sealed import Buffer
from shoebox.tasks.faces import FaceRecognition, face_tasks
from shoebox.tasks.graph import TaskGraph
from shoebox.timings import Timings


class Seeking(Looker[FaceRows]):
    """Looking for faces in one library; the verbs are listed in `shoebox.worker`.

    Parameters are those of `Looker`.

    Attributes
    ----------
    pack : FacePack or None
        What looks; None until `begin`.
    """

    finds, task, timed = "faces", FaceRecognition.name, "faces"

    def __init__(self, library: Library, gallery: Gallery, sessions: Sessions, timings: Timings) -> None:
        super().__init__(library, gallery, sessions, timings)
        self._gallery = gallery
        self._chosen: str | None = None
        self.pack: FacePack | None = None

    @property
    def model(self) -> ModelId | None:
        """What looks for faces; None where nothing does."""
        return None if self.pack is None else self.pack.model

    @property
    def beside(self) -> bool:
        """Whether it has yet to take the place of another pack, by which people are shown until then."""
        return self.pack is not None and not self._gallery.shows(self.pack.model.__eq__)

    def begin(self, manifest: Buffer) -> Answer:
        """Look with the pack that this manifest describes: `{networks: [{network, file, bytes, sha256}], neighbours}`.

        Raises
        ------
        PackError
            If anything in it is not as it must be.
        """
        pack = FacePack.from_manifest(memoryview(manifest).tobytes())
        self._graph = TaskGraph(face_tasks(pack, self._sessions))
        self.pack = pack
        named = {"face-detector": pack.detector, "face-landmarks": pack.landmarks, "face-recogniser": pack.recogniser}
        files = {network: part.network.file for network, part in named.items() if part is not None}
        return {"networks": networks(files), "neighbours": neighbour_network()}

    def change(self, pack: str | None = None) -> Answer | None:
        """What a pack has seen beside another one counts from now on: staged as `look`; None where there is nothing so.

        To be called when it has looked at all photos, or at all whose files are at hand if the person wants it so.
        """
        model = self._gallery.waiting(self._of(pack))
        return None if model is None else self._gallery.stage_change(model)

    def todo(self, pack: str | None = None) -> Answer:
        """Photos that a pack has not looked at, newest first: `{ids, total, beside}`.

        Those whose files are elsewhere are left out: nobody can look at them here. `ids` is one text of 16 characters a photo.
        `beside`: another pack has looked at photos here; people are as it sees them until `change`.

        Parameters
        ----------
        pack : str, optional
            Its id; that of `begin` if left out, or any pack where there was none.
        """
        wanted = self._of(pack)
        unseen = self._unseen(lambda photo: any(map(wanted, self._gallery.seen_by(photo))))
        return {**unseen, "beside": not self._gallery.shows(wanted)}

    def fold(self, tidy: bool = False) -> Answer | None:
        """Gather small lists, and, to be tidy, let go of the faces of photos that have left: staged, or None.

        What a pack that was chosen before the present choice has seen beside another one is let go of, too.
        """
        wanted = None if self._chosen is None and self.pack is None else self._of(self._chosen)
        return self._gallery.fold(self._present, bool(tidy), wanted)

    def _of(self, pack: str | None) -> Callable[[ModelId], bool]:
        """Tells whether a model is this pack, of whichever version where it has not begun; see `todo`."""
        if pack is not None:
            self._chosen = pack
        if self.pack is not None and pack in (None, self.pack.id):
            return self.pack.model.__eq__
        if pack is None:
            return lambda model: True
        return lambda model: model.pack.rpartition(" ")[0] == pack

    async def _see_all(self, graph: TaskGraph, photos: Photos) -> tuple[FaceRows, set[int]]:
        """All at once, since their faces are described together; one by one where that fails."""
        if not photos:
            return self._together([]), set()
        try:
            return await self._see(graph, photos), set()
        except SessionError:
            return await super()._see_all(graph, photos)

    def _together(self, parts: Sequence[FaceRows]) -> FaceRows:
        assert self.pack is not None
        return FaceRows.joined(parts, range(len(parts))) if parts else FaceRows.none(self.pack.recogniser.dimension)

    def _stage(self, ids: Sequence[int], rows: FaceRows) -> Answer:
        assert self.pack is not None
        own = self.pack.calibration if self.pack.id not in KNOWN else None
        return self._gallery.stage_look(ids, rows, self.pack.model, own, self.beside)

    def _not_begun(self) -> QueryError:
        return QueryError("Faces are not looked for.", "Turn faces on in the settings.")
