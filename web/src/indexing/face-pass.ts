/** The pass that looks for faces, and puts people together: behind adding. */
import type { Library } from "../client";
import type { FaceNetwork, FindingsStaged, NetworkSources } from "../messages";
import { faceWork, NO_FACE_WORK, peopleVersion, settings } from "../state";
import type { Additions } from "./additions";
import { FaceKeeping } from "./face-keeping";
import { openFacePack } from "./face-pack";
import type { LibraryLock } from "./lock";
import type { LookBatch } from "./look-lanes";
import { LookPass, type LookKind } from "./look-pass";
import type { LookWork, Standing } from "./look-work";

const FACES: LookKind = {
  looker: "faces",
  // 1,280 x 960 of a usual photo, in which a face of 24 px is found.
  minSide: 960,
  noLibrary: "Shoebox stopped working inside the browser. Reload the page: looking for faces goes on where it was.",
  gone: "Their files are not at hand: add their folder again, and they are looked at.",
};

type Held = Standing | "grouping";

export class FacePass extends LookPass<Held, FaceKeeping> {
  /** The pack that this pass looks with; empty while it has not begun. */
  private pack = "";
  /** People are as another pack sees them; see [Note: Beside] in py/shoebox/faces/gallery.py. */
  private beside = false;
  /** All is seen: people are being put together. */
  private grouping = false;

  constructor(library: Library, lock: LibraryLock, additions: Additions, stored: (generation: number) => void) {
    super(library, additions, new FaceKeeping(library, lock, stored), FACES);
  }

  /** After a click: people are as the chosen pack sees them, also where files were not at hand for it. */
  async changeNow(): Promise<void> {
    if (!this.finished) return;
    await this.seenAll();
    this.poke();
  }

  protected get wanted(): boolean {
    return settings.peek().faces;
  }

  protected override get outdated(): boolean {
    return this.pack !== "" && this.pack !== settings.peek().facePack;
  }

  protected get held(): Held | null {
    return this.standing ?? (this.grouping ? "grouping" : null);
  }

  protected async todo(): Promise<{ ids: string; total: number }> {
    this.pack = settings.peek().facePack;
    const { beside, ...todo } = await this.library.call("faces_todo", { pack: this.pack });
    this.beside = beside;
    this.grouping = false;
    return todo;
  }

  protected async openNetworks(): Promise<void> {
    const { manifest, source } = await openFacePack(this.pack);
    const { networks, neighbours } = await this.library.call("faces_begin", { manifest });
    const sources: NetworkSources = { neighbours: { bytes: neighbours } };
    for (const { network, file, sha256 } of networks) sources[network satisfies FaceNetwork] = source(file, sha256);
    await this.library.useFaces(sources);
  }
  protected closeNetworks(): Promise<void> {
    return this.library.useFaces(null);
  }

  protected look({ photos, pixels, missed }: LookBatch): Promise<FindingsStaged | { batch: null }> {
    return this.library.call("faces_look", { photos, pixels, missed }, pixels.map(({ buffer }) => buffer));
  }

  protected override async stored(): Promise<void> {
    await this.keeping.group(false);
  }

  protected override async looked(): Promise<void> {
    this.grouping = true;
    this.tell();
    await this.keeping.group(true);
  }

  /** What this pack has seen beside another one counts from now on. */
  protected override async seenAll(): Promise<void> {
    if (!this.beside) return;
    const { load } = this.keeping;
    const staged = await this.library.call("faces_change", { pack: this.pack });
    if (!staged) return;
    await this.keeping.keep(load, staged.batch, staged);
    this.beside = false;
    await this.keeping.group(true);
    peopleVersion.value += 1;
  }

  protected override closed(): void {
    this.pack = "";
    this.beside = false;
    this.grouping = false;
  }

  protected show(work: LookWork<Held> | null): void {
    faceWork.value = work ? { ...work, beside: this.beside } : NO_FACE_WORK;
  }
}
