"""Networks on CPython, by onnxruntime."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from shoebox.faces.pack import FacePack
from shoebox.model.pack import Pack
from shoebox.reading.pack import TextPack
from shoebox.sessions.protocol import Arrays, Network, SessionError


class NativeSession:
    """One network in onnxruntime. Runs happen in a thread, so that photos can be decoded meanwhile."""

    def __init__(self, path: Path, threads: int) -> None:
        try:
            import onnxruntime
        except ImportError as error:
            advice = "Install it with: pip install onnxruntime"
            raise SessionError("The package onnxruntime is not installed.", advice) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise SessionError(f"The network {path.name} cannot be loaded: {error}") from error
        self._outputs = [output.name for output in self._session.get_outputs()]

    async def run(self, inputs: Mapping[str, NDArray[Any]]) -> Arrays:
        """Outputs by name for inputs by name."""
        try:
            values = await asyncio.to_thread(self._session.run, self._outputs, dict(inputs))
        except Exception as error:
            raise SessionError(f"A network failed: {error}") from error
        return dict(zip(self._outputs, values, strict=True))


class NativeSessions:
    """The networks of a pack in a folder.

    Parameters
    ----------
    folder : Path
    pack : Pack
    threads : int, optional
        For each network; all cores if left out.
    """

    def __init__(self, folder: Path, pack: Pack, threads: int | None = None) -> None:
        self._paths: dict[Network, Path] = {"image": folder / pack.image.file.name, "text": folder / pack.text.file.name}
        self._threads = threads or os.cpu_count() or 1
        self._open: dict[str, NativeSession] = {}

    def add(self, paths: Mapping[Network, Path]) -> None:
        """Further networks, such as `face_networks` names."""
        self._paths.update(paths)

    async def open(self, network: Network) -> NativeSession:
        """The session of a network, loaded the first time."""
        if network not in self._open:
            if network not in self._paths:
                raise SessionError(f"There is no network {network} here.", "Add a pack that has one.")
            self._open[network] = NativeSession(self._paths[network], self._threads)
        return self._open[network]


class NativeFaceSessions(NativeSessions):
    """The networks of a face pack alone.

    Parameters
    ----------
    folder : Path
    pack : FacePack
    threads : int, optional
        For each network; all cores if left out.
    """

    def __init__(self, folder: Path, pack: FacePack, threads: int | None = None) -> None:
        self._paths = face_networks(folder, pack)
        self._threads = threads or os.cpu_count() or 1
        self._open = {}


def face_networks(folder: Path, pack: FacePack) -> dict[Network, Path]:
    """Where the networks of a face pack in a folder are."""
    found: dict[Network, Path] = {
        "face-detector": folder / pack.detector.network.file.name,
        "face-recogniser": folder / pack.recogniser.network.file.name,
    }
    if pack.landmarks is not None:
        found["face-landmarks"] = folder / pack.landmarks.network.file.name
    return found


def text_networks(folder: Path, pack: TextPack) -> dict[Network, Path]:
    """Where the networks of a text pack in a folder are."""
    return {"text-detector": folder / pack.detector.file.name, "text-recogniser": folder / pack.recogniser.file.name}
