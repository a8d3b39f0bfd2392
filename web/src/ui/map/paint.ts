/** Drawing the map itself: sea, land, coasts, borders, and the names of towns. */
import type { PlaceTown } from "../../contract";
import type { Arc, ArcKind, Outlines, Ring } from "./outlines";
import { toSpot } from "./view";

export interface Colours {
  sea: string;
  land: string;
  coast: string;
  border: string;
  name: string;
  halo: string;
}

/** A part of the map and its size on the canvas: a spot stands at (spot - origin) * scale pixels. */
export interface Frame {
  /** 0 to 1 over the map. */
  west: number;
  north: number;
  /** Pixels of the whole world. */
  scale: number;
  /** Of the canvas, in pixels. */
  width: number;
  height: number;
  /** Pixels of the canvas for each CSS pixel. */
  ratio: number;
}

/** Points nearer than this to the one before are passed over, in pixels of the canvas. */
const FINEST = 0.7;
const NAME_SIZE = 12;
const NAME_GAP = 6;

/** Is any of it in the frame, and larger than a speck? */
function seen(frame: Frame, { west, north, east, south }: Arc | Ring): boolean {
  return (
    Math.max(east - west, south - north) * frame.scale >= FINEST &&
    east >= frame.west && west <= frame.west + frame.width / frame.scale &&
    south >= frame.north && north <= frame.north + frame.height / frame.scale
  );
}

/** Draw along an arc, forwards or backwards, from where the pen stands or from its own beginning. */
function along(context: CanvasRenderingContext2D, frame: Frame, points: Float32Array, { first, last }: Arc, backwards: boolean, lift: boolean): void {
  const { west, north, scale } = frame;
  const step = backwards ? -1 : 1;
  const end = backwards ? first : last;
  let lastX = Infinity;
  let lastY = Infinity;
  for (let point = backwards ? last : first; ; point += step) {
    const x = (points[2 * point]! - west) * scale;
    const y = (points[2 * point + 1]! - north) * scale;
    if (lift && lastX === Infinity) context.moveTo(x, y);
    else if (point === end || Math.abs(x - lastX) + Math.abs(y - lastY) >= FINEST) context.lineTo(x, y);
    else continue;
    if (point === end) return;
    lastX = x;
    lastY = y;
  }
}

function drawLand(context: CanvasRenderingContext2D, frame: Frame, { points, arcs, rings }: Outlines, colours: Colours): void {
  context.beginPath();
  for (const ring of rings) {
    if (!seen(frame, ring)) continue;
    ring.arcs.forEach((arc, place) => along(context, frame, points, arcs[arc < 0 ? ~arc : arc]!, arc < 0, place === 0));
    context.closePath();
  }
  context.fillStyle = colours.land;
  context.fill("evenodd");
}

function drawLines(context: CanvasRenderingContext2D, frame: Frame, { points, arcs }: Outlines, kind: ArcKind, colour: string): void {
  context.beginPath();
  for (const arc of arcs) {
    if (arc.kind === kind && seen(frame, arc)) along(context, frame, points, arc, false, true);
  }
  context.strokeStyle = colour;
  context.lineWidth = frame.ratio;
  context.stroke();
}

interface Taken {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** Write the names of towns, the largest first, each only where it covers no other. */
function drawNames(context: CanvasRenderingContext2D, frame: Frame, towns: readonly PlaceTown[], colours: Colours, font: string): void {
  const { ratio } = frame;
  const size = NAME_SIZE * ratio;
  const taken: Taken[] = [];
  context.font = `500 ${size}px ${font}`;
  context.textBaseline = "middle";
  context.lineJoin = "round";
  for (const { name, latitude, longitude } of towns) {
    const spot = toSpot(latitude, longitude);
    const x = (spot.x - frame.west) * frame.scale;
    const y = (spot.y - frame.north) * frame.scale;
    if (x < 0 || y < 0 || x > frame.width || y > frame.height) continue;
    const gap = NAME_GAP * ratio;
    const box = { left: x - gap, top: y - size, right: x + context.measureText(name).width + 2 * gap, bottom: y + size };
    if (taken.some((other) => other.left < box.right && box.left < other.right && other.top < box.bottom && box.top < other.bottom)) continue;
    taken.push(box);
    context.beginPath();
    context.arc(x, y, 2 * ratio, 0, 2 * Math.PI);
    context.fillStyle = colours.name;
    context.fill();
    context.strokeStyle = colours.halo;
    context.lineWidth = 3 * ratio;
    context.strokeText(name, x + gap, y);
    context.fillText(name, x + gap, y);
  }
}

export function paint(context: CanvasRenderingContext2D, frame: Frame, outlines: Outlines | null, towns: readonly PlaceTown[], colours: Colours, font: string): void {
  context.fillStyle = colours.sea;
  context.fillRect(0, 0, frame.width, frame.height);
  if (!outlines) return;
  drawLand(context, frame, outlines, colours);
  drawLines(context, frame, outlines, "border", colours.border);
  drawLines(context, frame, outlines, "coast", colours.coast);
  drawNames(context, frame, towns, colours, font);
}
