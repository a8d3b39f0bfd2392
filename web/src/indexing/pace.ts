/** Photos a second over the last half minute, and what that means for the time left. */

const WINDOW_MS = 30_000;
const SLOT_MS = 500;
/** The first photos wait for networks to be opened and say little of those that follow: nothing is told before so many, or so long. */
const FEW = 24;
const SETTLING_MS = 10_000;

export class Pace {
  private slots: { at: number; count: number }[] = [];
  private since = 0;

  begin(): void {
    this.slots = [];
    this.since = performance.now();
  }

  count(photos: number): void {
    const now = performance.now();
    const last = this.slots.at(-1);
    if (last && now - last.at < SLOT_MS) last.count += photos;
    else this.slots.push({ at: now, count: photos });
  }

  /** 0 as long as it is not known. */
  get photosPerSecond(): number {
    const now = performance.now();
    while (this.slots[0] && now - this.slots[0].at > WINDOW_MS) this.slots.shift();
    const photos = this.slots.reduce((sum, { count }) => sum + count, 0);
    const lasted = now - this.since;
    return photos >= FEW || lasted >= SETTLING_MS ? (1000 * photos) / Math.min(WINDOW_MS, lasted) : 0;
  }

  secondsLeft(photos: number): number | null {
    const pace = this.photosPerSecond;
    return pace > 0 ? photos / pace : null;
  }
}
