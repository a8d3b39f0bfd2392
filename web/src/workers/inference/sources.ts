/** The bytes of networks, checked where it is known what they must be. */
import type { NetworkSource } from "../../messages";
import { fetchBytes, readPackFile } from "../../pack-files";
import { sha256 } from "../../sha256";

export async function networkBytes(source: NetworkSource): Promise<Uint8Array<ArrayBuffer>> {
  if ("bytes" in source) return source.bytes;
  if ("pack" in source) return readPackFile(source.pack, source.file);
  const bytes = await fetchBytes(new URL(source.url));
  if (source.sha256 !== undefined && (await sha256(bytes)) !== source.sha256) {
    const name = new URL(source.url).pathname.split("/").pop();
    throw new Error(`${name} is not the file that its pack describes, so it is not used. Reload the page; if that does not help, put the pack there anew.`);
  }
  return bytes;
}
