/** Which files belong to a model pack; the pack's meaning is Python's business (py/shoebox/model/pack.py). */
import type { PackNetwork } from "./messages";

export interface PackFiles {
  toml: string;
  networks: Record<PackNetwork, string>;
  /** Small files that Python reads: the tokeniser's, tags, background. */
  small: string[];
}

/** Folder of a pack, with a slash at the end. */
export function packFolder(pack: string): URL {
  return new URL(`../models/${encodeURIComponent(pack)}/`, self.location.href);
}

/** Fetch `pack.toml` and list the files it names. */
export async function packFiles(pack: string): Promise<PackFiles> {
  const response = await fetch(new URL("pack.toml", packFolder(pack)));
  if (!response.ok) {
    throw new Error(`The model pack “${pack}” is not on this server (${response.status}). Choose another one in the settings.`);
  }
  return listFiles(await response.text(), pack);
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
