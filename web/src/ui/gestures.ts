/** Fingers, mouse and wheel on the viewer's stage: pinch, wheel and double click look closer; swipes turn the page. */
import type { Size, View } from "./zoom";
import { clamped, WHOLE, zoomedAt } from "./zoom";

export interface Turns {
  /** Next (1) or previous (-1) photo. */
  step: (by: 1 | -1) => void;
  close: () => void;
  /** The scale changed. */
  scaled: (scale: number) => void;
}

/** CSS pixels a finger travels before it means something. */
const SWIPE = 56;
const DOUBLE_TAP = 300;
const DOUBLE_TAP_SCALE = 2.5;
const KEY_FACTOR = 1.5;

interface Finger {
  x: number;
  y: number;
}

export class Gestures {
  private view: View = WHOLE;
  private photo: Size = { width: 0, height: 0 };
  private readonly fingers = new Map<number, Finger>();
  private start: Finger | null = null;
  private lastTap = 0;
  private readonly watcher = new ResizeObserver(() => this.set(this.view));

  constructor(private readonly stage: HTMLElement, private readonly layer: HTMLElement, private readonly turns: Turns) {
    stage.addEventListener("pointerdown", this.onDown);
    stage.addEventListener("pointermove", this.onMove);
    stage.addEventListener("pointerup", this.onUp);
    stage.addEventListener("pointercancel", this.onUp);
    stage.addEventListener("wheel", this.onWheel, { passive: false });
    stage.addEventListener("dblclick", this.onDoubleClick);
    this.watcher.observe(stage);
  }

  stop(): void {
    const { stage } = this;
    stage.removeEventListener("pointerdown", this.onDown);
    stage.removeEventListener("pointermove", this.onMove);
    stage.removeEventListener("pointerup", this.onUp);
    stage.removeEventListener("pointercancel", this.onUp);
    stage.removeEventListener("wheel", this.onWheel);
    stage.removeEventListener("dblclick", this.onDoubleClick);
    this.watcher.disconnect();
  }

  /** Another photo, or the same one in more pixels. */
  setPhoto(photo: Size, fresh: boolean): void {
    this.photo = photo;
    this.set(fresh ? WHOLE : this.view);
  }

  closer(): void {
    this.set(zoomedAt(this.view, KEY_FACTOR, 0, 0));
  }

  farther(): void {
    this.set(zoomedAt(this.view, 1 / KEY_FACTOR, 0, 0));
  }

  whole(): void {
    this.set(WHOLE);
  }

  private size(): Size {
    return { width: this.stage.clientWidth, height: this.stage.clientHeight };
  }

  private set(wanted: View): void {
    const before = this.view.scale;
    this.view = this.photo.width > 0 ? clamped(wanted, this.photo, this.size()) : WHOLE;
    this.paint(this.view.x, this.view.y);
    this.stage.dataset["zoomed"] = String(this.view.scale > 1);
    if (this.view.scale !== before) this.turns.scaled(this.view.scale);
  }

  private paint(x: number, y: number): void {
    this.layer.style.transform = `translate(${x}px, ${y}px) scale(${this.view.scale})`;
    // What is drawn over the photo keeps its own size.
    this.layer.style.setProperty("--scale", String(this.view.scale));
  }

  /** A place on the screen, measured from the stage's middle. */
  private fromMiddle(clientX: number, clientY: number): Finger {
    const box = this.stage.getBoundingClientRect();
    return { x: clientX - box.left - box.width / 2, y: clientY - box.top - box.height / 2 };
  }

  private toggle(clientX: number, clientY: number): void {
    if (this.view.scale > 1) return this.whole();
    const { x, y } = this.fromMiddle(clientX, clientY);
    this.set(zoomedAt(this.view, DOUBLE_TAP_SCALE, x, y));
  }

  private readonly onDown = (event: PointerEvent): void => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button, a"))) return;
    this.stage.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.start = this.fingers.size === 1 ? { x: event.clientX, y: event.clientY } : null;
    this.stage.dataset["held"] = "true";
  };

  private readonly onMove = (event: PointerEvent): void => {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.fingers].find(([id]) => id !== event.pointerId)?.[1];
    this.fingers.set(event.pointerId, now);
    if (other) {
      const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      const middle = this.fromMiddle((now.x + other.x) / 2, (now.y + other.y) / 2);
      const moved = { ...this.view, x: this.view.x + (now.x - before.x) / 2, y: this.view.y + (now.y - before.y) / 2 };
      this.set(zoomedAt(moved, factor, middle.x, middle.y));
    } else if (this.view.scale > 1) {
      this.set({ ...this.view, x: this.view.x + now.x - before.x, y: this.view.y + now.y - before.y });
    } else if (this.start && event.pointerType !== "mouse") {
      const x = now.x - this.start.x;
      const y = now.y - this.start.y;
      if (Math.abs(x) > Math.abs(y)) this.paint(x, 0);
      else this.paint(0, Math.max(0, y));
    }
  };

  private readonly onUp = (event: PointerEvent): void => {
    if (!this.fingers.delete(event.pointerId)) return;
    if (this.fingers.size === 0) delete this.stage.dataset["held"];
    const { start } = this;
    this.start = null;
    if (!start || event.pointerType === "mouse") return;
    const x = event.clientX - start.x;
    const y = event.clientY - start.y;
    if (this.view.scale === 1 && event.type === "pointerup") {
      if (Math.abs(x) > SWIPE && Math.abs(x) > Math.abs(y)) this.turns.step(x < 0 ? 1 : -1);
      else if (y > SWIPE * 1.5 && y > Math.abs(x)) return this.turns.close();
    }
    if (Math.hypot(x, y) < 10) this.tapped(event);
    this.paint(this.view.x, this.view.y);
  };

  private tapped(event: PointerEvent): void {
    if (event.timeStamp - this.lastTap < DOUBLE_TAP) {
      this.lastTap = 0;
      this.toggle(event.clientX, event.clientY);
    } else this.lastTap = event.timeStamp;
  }

  private readonly onWheel = (event: WheelEvent): void => {
    event.preventDefault();
    // A pinch on a touchpad arrives as a wheel with the control key, in far smaller steps than a real wheel's.
    const speed = event.ctrlKey ? 0.01 : event.deltaMode === 1 ? 0.05 : 0.002;
    const { x, y } = this.fromMiddle(event.clientX, event.clientY);
    this.set(zoomedAt(this.view, Math.exp(-event.deltaY * speed), x, y));
  };

  private readonly onDoubleClick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest("button, a")) return;
    // Touches are counted above, since not every browser makes a double click of two of them.
    if (event instanceof PointerEvent && event.pointerType === "touch") return;
    this.toggle(event.clientX, event.clientY);
  };
}
