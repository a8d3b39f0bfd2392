/** Which files belong to a model pack, and where they are; the pack's meaning is Python's business (py/shoebox/model/pack.py). */
import type { PackNetwork } from "./messages";
import { readPack } from "./storage/packs";

const MANIFEST = "pack.toml";
/** The pack that the app is built with; nothing that is dropped in can take its place. */
export const DEFAULT_PACK = "default";
/** The same for faces: its id, and its folder. */
export const DEFAULT_FACE_PACK = "face-api";
const FACE_FOLDER = "faces";

export interface PackFiles {
  toml: string;
  networks: Record<PackNetwork, string>;
  /** Small files that Python reads: the tokeniser's, tags, background. */
  small: string[];
}

/** The folder of a face pack that came with the app, seen from the page. */
export function faceFolder(pack: string): string {
  return `models/${pack === DEFAULT_FACE_PACK ? FACE_FOLDER : encodeURIComponent(pack)}/`;
}

/** Folder of a pack, with a slash at the end. */
function packFolder(pack: string): URL {
  return new URL(`../models/${encodeURIComponent(pack)}/`, self.location.href);
}

/** A file of a pack: of one that was dropped in, or else of one that came with the app. */
export async function readPackFile(pack: string, name: string): Promise<Uint8Array<ArrayBuffer>> {
  const dropped = pack === DEFAULT_PACK ? undefined : await readPack(pack);
  if (dropped) {
    const file = dropped.files[name];
    if (!file) throw new Error(`The model pack “${pack}” lacks its file ${name}. Remove it in the settings and add it once more.`);
    return new Uint8Array(await file.arrayBuffer());
  }
  const response = await fetch(new URL(name, packFolder(pack)));
  if (!response.ok && name === MANIFEST) {
    throw new Error(`The model pack “${pack}” is neither on this device nor on this server (${response.status}). Choose another one in the settings.`);
  }
  if (!response.ok) throw new Error(`${name} could not be read (${response.status}). Reload the page.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** Read `pack.toml` and list the files it names. */
export async function packFiles(pack: string): Promise<PackFiles> {
  return listFiles(new TextDecoder().decode(await readPackFile(pack, MANIFEST)), pack);
}

/** All files of a pack but the networks, for Python. */
export async function readSmallFiles(pack: string): Promise<Record<string, Uint8Array<ArrayBuffer>>> {
  const { toml, small } = await packFiles(pack);
  const contents = await Promise.all(small.map(async (name) => [name, await readPackFile(pack, name)] as const));
  return { [MANIFEST]: new TextEncoder().encode(toml), ...Object.fromEntries(contents) };
}

export function listFiles(toml: string, pack: string): PackFiles {
  const networks: Partial<Record<PackNetwork, string>> = {};
  const small = new Set<string>();
  let section = "";
  for (const line of toml.split("\n")) {
    section = /^\s*\[+\s*([\w.-]+)/.exec(line)?.[1] ?? section;
    const [, key, file] = /^\s*([\w-]+)\s*=\s*"([\w-][\w.-]*\.[a-z]+)"/.exec(line) ?? [];
    if (key !== "file" || !file) continue;
    if (!file.endsWith(".onnx")) small.add(file);
    else if (section === "image" || section === "text") networks[section] = file;
  }
  const { image, text } = networks;
  if (!image || !text) throw new Error(`The model pack “${pack}” does not name its two networks. Choose another one in the settings.`);
  return { toml, networks: { image, text }, small: [...small] };
}

export async function fetchBytes(url: URL): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url.pathname.split("/").pop()} could not be read (${response.status}). Reload the page.`);
  return new Uint8Array(await response.arrayBuffer());
}
