/**
 * The decode pool: a few workers, started when photos come and ended when none have come for a while, since the memory that a
 * browser's decoders and WebAssembly once took is given back only with the worker.
 */
import type { DecodeOrder, DecodeService, Decoded, Shown } from "../messages";
import { WorkerHandle } from "../worker-handle";

const IDLE_MS = 15_000;
const DECODE_LIMIT_MS = 20_000;
/** Reading may be slow for another reason: a network drive, a disk that wakes up. */
const READ_LIMIT_MS = 120_000;
/** Kinds that few browsers decode: their codec may have to be fetched first, which may take longer than decoding may. */
const BY_CODEC = new Set(["image/heic", "image/jp2"]);
/** While one photo waits for Python's word, its worker reads the next. */
const PHOTOS_EACH = 2;
/** Bytes of files in memory at once; a single larger file is let through alone. */
const MOST_BYTES = 256 * 1024 * 1024;

interface Member {
  handle: WorkerHandle<DecodeService>;
  open: number;
}

interface Waiting {
  bytes: number;
  alone: boolean;
  start: (photo: PhotoInPool) => void;
}

/** One photo in one worker, from reading to decoding. Always `release` it. */
export class PhotoInPool {
  private released = false;
  /** Its worker holds the file's bytes. */
  private held = false;

  constructor(
    private readonly member: Member,
    private readonly number: number,
    private readonly done: () => void,
  ) {}

  head(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
    return this.member.handle.call((remote) => remote.head(file), READ_LIMIT_MS);
  }

  read(file: Blob): Promise<{ hash: string; head: Uint8Array<ArrayBuffer> }> {
    this.held = true;
    return this.member.handle.call((remote) => remote.read(this.number, file), READ_LIMIT_MS);
  }

  whole(): Promise<Uint8Array<ArrayBuffer>> {
    return this.member.handle.call((remote) => remote.whole(this.number));
  }

  take(): Promise<Uint8Array<ArrayBuffer>> {
    return this.member.handle.call((remote) => remote.take(this.number));
  }

  /** Rejects with an error of which `isCodecMissing` is true where a codec is wanted that is not at hand. */
  async decode(order: DecodeOrder): Promise<Decoded> {
    await this.ready(order.mime);
    const decoded = await this.member.handle.call((remote) => remote.decode(this.number, order), DECODE_LIMIT_MS);
    this.held = false;
    return decoded;
  }

  /** The photo in full, where a codec decodes it. */
  async show(order: DecodeOrder): Promise<Shown> {
    await this.ready(order.mime);
    return this.member.handle.call((remote) => remote.show(this.number, order), DECODE_LIMIT_MS);
  }

  private async ready(mime: string): Promise<void> {
    if (BY_CODEC.has(mime)) await this.member.handle.call((remote) => remote.ready(mime), READ_LIMIT_MS);
  }

  release(): void {
    if (this.released) return;
    this.released = true;
    if (this.held && this.member.handle.alive) void this.member.handle.call((remote) => remote.drop(this.number)).catch(() => undefined);
    this.done();
  }
}

/** Is this what a decode worker says where a codec is not on this device and cannot be fetched? Its message is for people. */
export function isCodecMissing(error: unknown): error is Error {
  return error instanceof Error && error.name === "CodecMissing";
}

export class DecodePool {
  private members: Member[] = [];
  private readonly waiting: Waiting[] = [];
  private bytes = 0;
  private numbers = 0;
  private idle = 0;

  constructor(readonly size: number) {}

  /** How many photos may be in the pool at once. */
  get capacity(): number {
    return this.size * PHOTOS_EACH;
  }

  /** A place for a photo of so many bytes; `alone` in its worker where it is suspected of ending workers. */
  enter(bytes: number, alone: boolean): Promise<PhotoInPool> {
    return new Promise((start) => {
      this.waiting.push({ bytes, alone, start });
      this.admit();
    });
  }

  end(): void {
    clearTimeout(this.idle);
    for (const { handle } of this.members) handle.end();
    this.members = [];
  }

  private admit(): void {
    clearTimeout(this.idle);
    this.members = this.members.filter(({ handle, open }) => handle.alive || open > 0);
    for (let next = this.waiting[0]; next; next = this.waiting[0]) {
      const member = this.place(next);
      if (!member) break;
      this.waiting.shift();
      this.seat(member, next);
    }
    if (this.members.length > 0 && this.members.every(({ open }) => open === 0)) {
      this.idle = window.setTimeout(() => this.end(), IDLE_MS);
    }
  }

  private place({ bytes, alone }: Waiting): Member | null {
    if (this.bytes > 0 && this.bytes + bytes > MOST_BYTES) return null;
    const living = this.members.filter(({ handle }) => handle.alive);
    const free = living.filter(({ open }) => open === 0)[0];
    if (free) return free;
    if (living.length < this.size) {
      const member = { handle: new WorkerHandle<DecodeService>("decode", "decode"), open: 0 };
      this.members.push(member);
      return member;
    }
    if (alone) return null;
    const least = living.reduce((one, other) => (other.open < one.open ? other : one));
    return least.open < PHOTOS_EACH ? least : null;
  }

  private seat(member: Member, { bytes, alone, start }: Waiting): void {
    const seats = alone ? PHOTOS_EACH : 1;
    member.open += seats;
    this.bytes += bytes;
    this.numbers += 1;
    start(new PhotoInPool(member, this.numbers, () => {
      member.open -= seats;
      this.bytes -= bytes;
      this.admit();
    }));
  }
}

/** As many workers as there are cores, less one for the rest of the page where there are many. */
export function poolSize(cores: number): number {
  return cores <= 2 ? 2 : Math.min(6, cores - 1);
}

