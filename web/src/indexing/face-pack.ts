/** The face pack that is chosen: one that was dropped in, or one that came with the app. */
import type { NetworkSource } from "../messages";
import { DEFAULT_FACE_PACK, faceFolder } from "../pack-files";
import { readPack } from "../storage/packs";

const MANIFEST = "pack.toml";
const AWAY = "The networks that find faces are not on this device yet. Connect to the network once, then continue.";

export interface FacePackFiles {
  manifest: Uint8Array<ArrayBuffer>;
  /** Where a network of it comes from; what was dropped in was checked when it came. */
  source: (file: string, sha256: string) => NetworkSource;
}

/** Rejects with a sentence where it is not at hand. */
export async function openFacePack(pack: string): Promise<FacePackFiles> {
  const dropped = pack === DEFAULT_FACE_PACK ? undefined : await readPack(pack);
  if (dropped) {
    const manifest = dropped.files[MANIFEST];
    if (!manifest) throw new Error(`The face pack “${pack}” lacks its file ${MANIFEST}. Remove it in the settings and add it once more.`);
    return { manifest: new Uint8Array(await manifest.arrayBuffer()), source: (file) => ({ pack, file }) };
  }
  const folder = new URL(faceFolder(pack), document.baseURI);
  const answer = await fetch(new URL(MANIFEST, folder)).catch(() => null);
  if (!answer?.ok) throw new Error(AWAY);
  return {
    manifest: new Uint8Array(await answer.arrayBuffer()),
    source: (file, sha256) => ({ url: new URL(file, folder).href, sha256 }),
  };
}
