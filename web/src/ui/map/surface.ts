/**
 * What a moving map shows in each frame. The map itself is painted once on a canvas larger than the window, which is then only
 * moved; it is painted anew where the window leaves it, and sharp again once a change of zoom has come to rest.
 */
import type { PlaceTown } from "../../contract";
import type { Size } from "../zoom";
import type { Outlines } from "./outlines";
import type { Colours, Frame } from "./paint";
import { paint } from "./paint";
import type { View } from "./view";
import { toSpot, worldPixels } from "./view";

/** How far the painted part reaches beyond the window, in window sizes. */
const BEYOND = 0.4;
/** Rest after which a map that was enlarged is painted anew, ms. */
const REST = 120;
/** More pixels than this for a CSS pixel cannot be told apart on a map. */
const MOST_RATIO = 2;
const SAME_ZOOM = 1e-6;

export class MapSurface {
  private readonly context: CanvasRenderingContext2D;
  private readonly painted = document.createElement("canvas");
  private readonly painter: CanvasRenderingContext2D;
  /** What `painted` holds; null when it must be painted. */
  private frame: Frame | null = null;
  private size: Size = { width: 0, height: 0 };
  private view: View | null = null;
  private outlines: Outlines | null = null;
  private towns: readonly PlaceTown[] = [];
  private colours: Colours;
  private font = "sans-serif";
  private request = 0;
  private rest = 0;
  /** Zoom at which the marks stand now. */
  private marked = Number.NaN;
  private readonly scheme = matchMedia("(prefers-color-scheme: dark)");

  constructor(private readonly canvas: HTMLCanvasElement, private readonly marks: HTMLElement) {
    this.context = canvas.getContext("2d", { alpha: false })!;
    this.painter = this.painted.getContext("2d", { alpha: false })!;
    this.colours = this.readColours();
    this.scheme.addEventListener("change", this.recolour);
  }

  stop(): void {
    cancelAnimationFrame(this.request);
    clearTimeout(this.rest);
    this.scheme.removeEventListener("change", this.recolour);
  }

  show(view: View, size: Size): void {
    const ratio = Math.min(MOST_RATIO, devicePixelRatio || 1);
    if (size.width !== this.size.width || size.height !== this.size.height) {
      this.canvas.width = Math.round(size.width * ratio);
      this.canvas.height = Math.round(size.height * ratio);
      this.frame = null;
    }
    this.size = size;
    this.view = view;
    this.soon();
  }

  setOutlines(outlines: Outlines): void {
    if (outlines === this.outlines) return;
    this.outlines = outlines;
    this.repaint();
  }

  setTowns(towns: readonly PlaceTown[]): void {
    this.towns = towns;
    // Names can wait until the map rests; what moves must not stop for them.
    this.repaintSoon();
  }

  /** The marks are others now: put them where they belong before they are seen. */
  marksChanged(): void {
    this.marked = Number.NaN;
    this.placeMarks();
  }

  private repaint(): void {
    this.frame = null;
    this.soon();
  }

  private readonly recolour = (): void => {
    this.colours = this.readColours();
    this.repaint();
  };

  private readColours(): Colours {
    const style = getComputedStyle(this.canvas);
    const read = (name: string): string => style.getPropertyValue(name).trim();
    this.font = style.fontFamily || this.font;
    return {
      sea: read("--map-sea"), land: read("--map-land"), coast: read("--map-coast"),
      border: read("--map-border"), name: read("--muted"), halo: read("--map-land"),
    };
  }

  private soon(): void {
    this.request ||= requestAnimationFrame(() => {
      this.request = 0;
      this.draw();
    });
  }

  private draw(): void {
    const { view, size, canvas } = this;
    if (!view || canvas.width === 0 || canvas.height === 0) return;
    const ratio = canvas.width / size.width;
    const scale = worldPixels(view.zoom) * ratio;
    const middle = toSpot(view.latitude, view.longitude);
    const west = middle.x - canvas.width / 2 / scale;
    const north = middle.y - canvas.height / 2 / scale;
    const enlarged = this.frame !== null && Math.abs(this.frame.scale / scale - 1) > SAME_ZOOM;
    if (!this.frame || (!enlarged && !this.covers(this.frame, west, north))) this.paint(west, north, scale, ratio);
    else if (enlarged || this.rest !== 0) this.repaintSoon();
    const frame = this.frame!;
    const factor = scale / frame.scale;
    this.context.fillStyle = this.colours.sea;
    this.context.fillRect(0, 0, canvas.width, canvas.height);
    this.context.drawImage(this.painted, (frame.west - west) * scale, (frame.north - north) * scale, frame.width * factor, frame.height * factor);
    this.placeMarks();
  }

  private covers(frame: Frame, west: number, north: number): boolean {
    const { scale, width, height } = frame;
    const [left, top] = [(west - frame.west) * scale, (north - frame.north) * scale];
    // Half a pixel of rounding is not seen.
    return left >= -0.5 && top >= -0.5 && left + this.canvas.width <= width + 0.5 && top + this.canvas.height <= height + 0.5;
  }

  private paint(west: number, north: number, scale: number, ratio: number): void {
    const { canvas, painted } = this;
    const [beyondX, beyondY] = [Math.round(canvas.width * BEYOND), Math.round(canvas.height * BEYOND)];
    const [width, height] = [canvas.width + 2 * beyondX, canvas.height + 2 * beyondY];
    if (painted.width !== width || painted.height !== height) {
      painted.width = width;
      painted.height = height;
    }
    this.frame = { west: west - beyondX / scale, north: north - beyondY / scale, scale, width, height, ratio };
    paint(this.painter, this.frame, this.outlines, this.towns, this.colours, this.font);
  }

  /** Paint anew once nothing has moved for a moment. */
  private repaintSoon(): void {
    clearTimeout(this.rest);
    this.rest = window.setTimeout(() => {
      this.rest = 0;
      this.repaint();
    }, REST);
  }

  /** Moving shifts the layer of all marks; another zoom puts each in its place. */
  private placeMarks(): void {
    const { view, size, marks } = this;
    if (!view) return;
    const world = worldPixels(view.zoom);
    const middle = toSpot(view.latitude, view.longitude);
    if (this.marked !== view.zoom) {
      this.marked = view.zoom;
      for (const mark of marks.querySelectorAll<HTMLElement>("[data-x]")) {
        const { x, y } = mark.dataset;
        mark.style.transform = `translate(${(Number(x) - 0.5) * world}px, ${(Number(y) - 0.5) * world}px)`;
      }
    }
    marks.style.transform = `translate(${size.width / 2 - (middle.x - 0.5) * world}px, ${size.height / 2 - (middle.y - 0.5) * world}px)`;
  }
}
