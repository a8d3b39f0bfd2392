/** Which part of a tall layout is in view: follows scrolling, keeps its place when the layout changes under it. */
import { signal } from "@preact/signals";
import type { Layout, Span } from "./layout";
import { lastAtMost, rowOf, rowsBetween } from "./layout";
import { setFlying } from "./thumbs";

export interface Scrolled {
  /** 0..1: how far down. */
  position: number;
  /** Group at the top of the window. */
  group: number;
  moving: boolean;
}

/** Rows beyond the window's edges that are drawn as well, in window heights. */
const BEYOND = 0.6;
/** CSS pixels a millisecond above which single photos cannot be made out. */
const TOO_FAST = 5;
const STILL_AFTER = 120;
const HIDE_AFTER = 900;

/** Of groups side by side the first one gives its name to the line. */
function firstOfLine(layout: Layout, group: number): number {
  let first = group;
  while (first > 0 && layout.groupTop[first - 1] === layout.groupTop[group]) first -= 1;
  return first;
}

/** Scroll positions of grids that were left, so that coming back finds the same place. */
const remembered = new Map<string, number>();

export class GridWindow {
  readonly scrolled = signal<Scrolled>({ position: 0, group: 0, moving: false });
  readonly rows = signal<Span>({ from: 0, to: 0 });
  private layout: Layout | null = null;
  private ids: readonly string[] = [];
  private anchor: { id: string; offset: number } | null = null;
  private lastTop = 0;
  private lastTime = 0;
  private still = 0;
  private hide = 0;

  constructor(private readonly scroller: HTMLElement, private readonly canvas: HTMLElement, private readonly memory: string) {}

  /** Take over a layout; the photo at the top of the window stays there. */
  show(layout: Layout, ids: readonly string[]): void {
    const first = this.layout === null;
    const anchor = this.anchor;
    this.layout = layout;
    this.ids = ids;
    if (first) this.scroller.scrollTop = remembered.get(this.memory) ?? 0;
    else if (anchor && this.top() > 0) {
      const index = ids.indexOf(anchor.id);
      if (index >= 0) this.scrollTo(layout.rowTop[rowOf(layout, index)]! - anchor.offset);
    }
    this.read();
  }

  /** Scroll position measured from the top of the canvas. */
  top(): number {
    return this.scroller.scrollTop - this.canvas.offsetTop;
  }

  scrollTo(top: number): void {
    this.scroller.scrollTop = top + this.canvas.offsetTop;
  }

  scrollToFraction(fraction: number): void {
    this.scroller.scrollTop = fraction * (this.scroller.scrollHeight - this.scroller.clientHeight);
  }

  /** Bring a photo into the window, below the heading that sticks to its top. */
  reveal(index: number, headingHeight: number): void {
    if (!this.layout) return;
    const row = rowOf(this.layout, index);
    const rowTop = this.layout.rowTop[row]!;
    const bottom = rowTop + this.layout.rowHeight[row]!;
    if (rowTop - headingHeight < this.top()) this.scrollTo(rowTop - headingHeight - this.layout.gap);
    else if (bottom > this.top() + this.scroller.clientHeight) this.scrollTo(bottom + this.layout.gap - this.scroller.clientHeight);
  }

  isVisible(index: number): boolean {
    if (!this.layout) return false;
    const row = rowOf(this.layout, index);
    const top = this.top();
    return this.layout.rowTop[row]! >= top && this.layout.rowTop[row]! + this.layout.rowHeight[row]! <= top + this.scroller.clientHeight;
  }

  /** First photo of the first row that is wholly in the window. */
  firstVisible(): number {
    if (!this.layout || this.ids.length === 0) return 0;
    const row = lastAtMost(this.layout.rowTop, this.top());
    const next = this.layout.rowTop[row]! < this.top() ? Math.min(row + 1, this.layout.rowTop.length - 1) : row;
    return this.layout.rowFirst[next]!;
  }

  onScroll = (): void => {
    const now = performance.now();
    const top = this.scroller.scrollTop;
    const speed = Math.abs(top - this.lastTop) / Math.max(1, now - this.lastTime);
    if (now - this.lastTime < 100 && speed > TOO_FAST) setFlying(true);
    this.lastTop = top;
    this.lastTime = now;
    clearTimeout(this.still);
    this.still = window.setTimeout(() => setFlying(false), STILL_AFTER);
    clearTimeout(this.hide);
    this.hide = window.setTimeout(() => { this.scrolled.value = { ...this.scrolled.peek(), moving: false }; }, HIDE_AFTER);
    remembered.set(this.memory, top);
    this.read(true);
  };

  /** Work out what is in view. */
  private read(moving = this.scrolled.peek().moving): void {
    const layout = this.layout;
    if (!layout) return;
    const top = this.top();
    const height = this.scroller.clientHeight;
    const rows = rowsBetween(layout, top - height * BEYOND, top + height * (1 + BEYOND));
    const before = this.rows.peek();
    if (rows.from !== before.from || rows.to !== before.to) this.rows.value = rows;
    const room = this.scroller.scrollHeight - height;
    this.scrolled.value = {
      position: room > 0 ? Math.min(1, Math.max(0, this.scroller.scrollTop / room)) : 0,
      group: firstOfLine(layout, lastAtMost(layout.groupTop, Math.max(0, top))),
      moving,
    };
    if (this.ids.length > 0) {
      const row = lastAtMost(layout.rowTop, Math.max(0, top));
      this.anchor = { id: this.ids[layout.rowFirst[row]!]!, offset: layout.rowTop[row]! - top };
    }
  }

  stop(): void {
    clearTimeout(this.still);
    clearTimeout(this.hide);
    setFlying(false);
  }
}
