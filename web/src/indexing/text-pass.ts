/** The pass that reads what is written in photos: behind adding, and behind looking for faces. */
import type { Library } from "../client";
import type { FindingsStaged, NetworkSources, TextNetwork } from "../messages";
import { fetchBytes } from "../pack-files";
import { faceWork, NO_TEXT_WORK, settings, textWork } from "../state";
import type { Additions } from "./additions";
import type { LibraryLock } from "./lock";
import type { LookBatch } from "./look-lanes";
import { LookPass, type LookKind } from "./look-pass";
import type { LookWork, Standing } from "./look-work";
import { TextKeeping } from "./text-keeping";

/** The folder of the text pack, seen from the page. */
export const TEXT_PACK = "models/text/";
const NO_PACK = "The networks that read text are not on this device yet. Connect to the network once, then continue.";
const LOOKING_FOR_FACES: ReadonlySet<string> = new Set(["starting", "working", "grouping"]);
const TEXT: LookKind = {
  looker: "text",
  // In 1,920 x 1,440 the small print of a page that fills the photo has letters of twelve pixels.
  minSide: 1440,
  noLibrary: "Shoebox stopped working inside the browser. Reload the page: reading text goes on where it was.",
  gone: "Their files are not at hand: add their folder again, and they are read.",
};

type Held = Standing | "after-faces";

export class TextPass extends LookPass<Held> {
  constructor(library: Library, lock: LibraryLock, additions: Additions, stored: (generation: number) => void) {
    super(library, additions, new TextKeeping(library, lock, stored), TEXT);
    faceWork.subscribe(() => this.follow());
  }

  protected get wanted(): boolean {
    return settings.peek().text;
  }

  protected override get mayWork(): boolean {
    return super.mayWork && !LOOKING_FOR_FACES.has(faceWork.peek().phase);
  }

  protected get held(): Held | null {
    return this.standing ?? (this.mayWork ? null : "after-faces");
  }

  protected todo(): Promise<{ ids: string; total: number }> {
    return this.library.call("text_todo", {});
  }

  protected async openNetworks(): Promise<void> {
    const folder = new URL(TEXT_PACK, document.baseURI);
    const manifest = await fetchBytes(new URL("pack.toml", folder)).catch(() => { throw new Error(NO_PACK); });
    const { networks, characters } = await this.library.call("text_describe", { manifest });
    const alphabet = await fetchBytes(new URL(characters, folder)).catch(() => { throw new Error(NO_PACK); });
    await this.library.call("text_begin", { manifest, characters: alphabet });
    const sources: NetworkSources = {};
    for (const { network, file, sha256 } of networks) sources[network satisfies TextNetwork] = { url: new URL(file, folder).href, sha256 };
    await this.library.useReading(sources);
  }

  protected closeNetworks(): Promise<void> {
    return this.library.useReading(null);
  }

  protected look({ photos, pixels, missed }: LookBatch): Promise<FindingsStaged | { batch: null }> {
    return this.library.call("text_look", { photos, pixels, missed }, pixels.map(({ buffer }) => buffer));
  }

  protected show(work: LookWork<Held> | null): void {
    textWork.value = work ?? NO_TEXT_WORK;
  }
}
