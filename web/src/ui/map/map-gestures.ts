/** Fingers, mouse and wheel on the map: drag moves it, pinch, wheel and double click look closer, a drawn box asks for its photos. */
import type { Spot } from "./view";

export interface Wishes {
  /** CSS pixels. */
  move: (dx: number, dy: number) => void;
  /** Steps of zoom around a point, CSS pixels from the middle. */
  zoom: (by: number, x: number, y: number) => void;
  /** Is a box being drawn instead of the map being moved? */
  drawing: () => boolean;
  /** The corners of the box so far, CSS pixels from the top left; null when it was given up. */
  box: (one: Spot, other: Spot) => void;
  boxDone: (one: Spot, other: Spot) => void;
  boxGivenUp: () => void;
}

/** Pixels of a wheel for one step of zoom. */
const WHEEL_STEP = 240;
/** A notch of a wheel that counts in lines, in pixels. */
const LINE = 40;
/** A box smaller than this was a click. */
const SMALLEST_BOX = 12;
/** Pixels a pointer may travel and still press what it is on. */
const SLACK = 4;

export class MapGestures {
  private readonly fingers = new Map<number, Spot>();
  private boxFrom: Spot | null = null;
  private travelled = 0;

  constructor(private readonly stage: HTMLElement, private readonly wishes: Wishes) {
    stage.addEventListener("pointerdown", this.onDown);
    stage.addEventListener("pointermove", this.onMove);
    stage.addEventListener("pointerup", this.onUp);
    stage.addEventListener("pointercancel", this.onCancel);
    stage.addEventListener("wheel", this.onWheel, { passive: false });
    stage.addEventListener("dblclick", this.onDoubleClick);
    stage.addEventListener("click", this.onClick, { capture: true });
  }

  stop(): void {
    const { stage } = this;
    stage.removeEventListener("pointerdown", this.onDown);
    stage.removeEventListener("pointermove", this.onMove);
    stage.removeEventListener("pointerup", this.onUp);
    stage.removeEventListener("pointercancel", this.onCancel);
    stage.removeEventListener("wheel", this.onWheel);
    stage.removeEventListener("dblclick", this.onDoubleClick);
    stage.removeEventListener("click", this.onClick, { capture: true });
  }

  private at(event: MouseEvent): Spot {
    const box = this.stage.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private fromMiddle(spot: Spot): Spot {
    return { x: spot.x - this.stage.clientWidth / 2, y: spot.y - this.stage.clientHeight / 2 };
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const spot = this.at(event);
    if (this.fingers.size === 0) this.travelled = 0;
    this.fingers.set(event.pointerId, spot);
    if (this.fingers.size > 1) this.giveUpBox();
    else if (this.wishes.drawing() || event.shiftKey) this.boxFrom = spot;
  };

  private readonly onMove = (event: PointerEvent): void => {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const spot = this.at(event);
    const step = Math.hypot(spot.x - before.x, spot.y - before.y);
    this.travelled += step;
    // Captured only once it moves: a press that stays belongs to the mark under it.
    if (this.travelled > SLACK && !this.stage.hasPointerCapture(event.pointerId)) this.stage.setPointerCapture(event.pointerId);
    if (this.boxFrom) {
      this.wishes.box(this.boxFrom, spot);
      this.fingers.set(event.pointerId, spot);
      return;
    }
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, spot);
    if (!other) {
      this.wishes.move(spot.x - before.x, spot.y - before.y);
      return;
    }
    const [apart, now] = [before, spot].map((end) => Math.hypot(end.x - other.x, end.y - other.y));
    this.wishes.move((spot.x - before.x) / 2, (spot.y - before.y) / 2);
    if (apart! > 0 && now! > 0) {
      const middle = this.fromMiddle({ x: (spot.x + other.x) / 2, y: (spot.y + other.y) / 2 });
      this.wishes.zoom(Math.log2(now! / apart!), middle.x, middle.y);
    }
  };

  private readonly onUp = (event: PointerEvent): void => {
    const from = this.boxFrom;
    const to = this.at(event);
    this.fingers.delete(event.pointerId);
    if (!from) return;
    this.boxFrom = null;
    if (Math.min(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) < SMALLEST_BOX) this.wishes.boxGivenUp();
    else this.wishes.boxDone(from, to);
  };

  private readonly onCancel = (event: PointerEvent): void => {
    this.fingers.delete(event.pointerId);
    this.giveUpBox();
  };

  private giveUpBox(): void {
    if (this.boxFrom) this.wishes.boxGivenUp();
    this.boxFrom = null;
  }

  /** What ends a drag presses nothing. */
  private readonly onClick = (event: MouseEvent): void => {
    if (event.detail > 0 && this.travelled > SLACK) {
      event.preventDefault();
      event.stopPropagation();
    }
  };

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? event.deltaY : event.deltaY * LINE;
    // Pinching on a touchpad comes as a wheel with Ctrl, in much smaller steps.
    const { x, y } = this.fromMiddle(this.at(event));
    this.wishes.zoom((-pixels / WHEEL_STEP) * (event.ctrlKey ? 5 : 1), x, y);
  };

  private readonly onDoubleClick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest("button, a")) return;
    const { x, y } = this.fromMiddle(this.at(event));
    this.wishes.zoom(event.shiftKey ? -1 : 1, x, y);
  };
}
