/** The arithmetic of a map: which part of the world is in view, by Mercator's projection. Nothing here touches the page. */
import type { MapBox } from "../../contract";
import type { Size } from "../zoom";

/** The middle of the window, and how close one looks: the world is 256 * 2 ** zoom CSS pixels wide. */
export interface View {
  latitude: number;
  longitude: number;
  zoom: number;
}

/** A point of the map, 0 to 1 from the date line and from the north. */
export interface Spot {
  x: number;
  y: number;
}

const WORLD_PIXELS = 256;
export const CLOSEST = 17;
/** Where the map ends in the north and in the south. */
const NORTHMOST = (Math.atan(Math.sinh(Math.PI)) * 180) / Math.PI;
/** Photos of one place alone would otherwise fill the window with a single street. */
const CLOSEST_FIT = 12;
/** Room around what is fitted, CSS pixels. */
const FIT_MARGIN = 64;

export function worldPixels(zoom: number): number {
  return WORLD_PIXELS * 2 ** zoom;
}

export function toSpot(latitude: number, longitude: number): Spot {
  const north = (Math.min(NORTHMOST, Math.max(-NORTHMOST, latitude)) * Math.PI) / 180;
  return { x: longitude / 360 + 0.5, y: 0.5 - Math.asinh(Math.tan(north)) / (2 * Math.PI) };
}

export function toDegrees({ x, y }: Spot): { latitude: number; longitude: number } {
  return { latitude: (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI, longitude: (x - 0.5) * 360 };
}

/** How far out one can look: until the world fills the window. */
function farthest({ width, height }: Size): number {
  return Math.max(0, Math.log2(Math.max(width, height) / WORLD_PIXELS));
}

/** A view that shows nothing but the world. */
export function clamped(view: View, size: Size): View {
  const zoom = Math.min(CLOSEST, Math.max(farthest(size), view.zoom));
  const world = worldPixels(zoom);
  const { x, y } = toSpot(view.latitude, view.longitude);
  const held = (value: number, room: number): number => {
    const half = Math.min(0.5, room / world / 2);
    return Math.min(1 - half, Math.max(half, value));
  };
  return { ...toDegrees({ x: held(x, size.width), y: held(y, size.height) }), zoom };
}

/** Where a spot of the map stands, CSS pixels from the window's middle. */
export function offsetOf(view: View, { x, y }: Spot): [x: number, y: number] {
  const world = worldPixels(view.zoom);
  const middle = toSpot(view.latitude, view.longitude);
  return [(x - middle.x) * world, (y - middle.y) * world];
}

/** Move the map by CSS pixels, as a finger does. */
export function moved(view: View, dx: number, dy: number, size: Size): View {
  const world = worldPixels(view.zoom);
  const { x, y } = toSpot(view.latitude, view.longitude);
  return clamped({ ...toDegrees({ x: x - dx / world, y: y - dy / world }), zoom: view.zoom }, size);
}

/** Look closer by `by` steps so that what lies under (x, y), CSS pixels from the window's middle, stays there. */
export function zoomed(view: View, by: number, x: number, y: number, size: Size): View {
  const zoom = Math.min(CLOSEST, Math.max(farthest(size), view.zoom + by));
  const middle = toSpot(view.latitude, view.longitude);
  const shift = 1 / worldPixels(view.zoom) - 1 / worldPixels(zoom);
  return clamped({ ...toDegrees({ x: middle.x + x * shift, y: middle.y + y * shift }), zoom }, size);
}

/** The part of the world in a window that is `margin` CSS pixels larger on each side. */
export function boxOf(view: View, { width, height }: Size, margin = 0): MapBox {
  const world = worldPixels(view.zoom);
  const middle = toSpot(view.latitude, view.longitude);
  const across = (width / 2 + margin) / world;
  const down = (height / 2 + margin) / world;
  const { latitude: south, longitude: west } = toDegrees({ x: Math.max(0, middle.x - across), y: middle.y + down });
  const { latitude: north, longitude: east } = toDegrees({ x: Math.min(1, middle.x + across), y: middle.y - down });
  // What lies beyond the map's edge belongs to it: there are photos from the poles.
  return { south: middle.y + down >= 1 ? -90 : south, west, north: middle.y - down <= 0 ? 90 : north, east };
}

/** The box between two points of the window, CSS pixels from its top left corner. */
export function boxBetween(view: View, size: Size, one: Spot, other: Spot): MapBox {
  const world = worldPixels(view.zoom);
  const middle = toSpot(view.latitude, view.longitude);
  const spot = (x: number, y: number) => toDegrees({ x: middle.x + (x - size.width / 2) / world, y: middle.y + (y - size.height / 2) / world });
  const low = spot(Math.min(one.x, other.x), Math.max(one.y, other.y));
  const high = spot(Math.max(one.x, other.x), Math.min(one.y, other.y));
  return { south: low.latitude, west: Math.max(-180, low.longitude), north: high.latitude, east: Math.min(180, high.longitude) };
}

/** The closest view that shows a whole box. */
export function fitted(box: MapBox, size: Size, closest = CLOSEST_FIT): View {
  const low = toSpot(box.south, box.west);
  const high = toSpot(box.north, box.east);
  const room = { width: Math.max(64, size.width - 2 * FIT_MARGIN), height: Math.max(64, size.height - 2 * FIT_MARGIN) };
  const across = Math.max((high.x - low.x) / room.width, (low.y - high.y) / room.height, 1e-12);
  const zoom = Math.min(closest, Math.log2(1 / (across * WORLD_PIXELS)));
  return clamped({ ...toDegrees({ x: (low.x + high.x) / 2, y: (low.y + high.y) / 2 }), zoom }, size);
}

/** Write a view for an address: "48.8584,2.2945,11". */
export function writeView({ latitude, longitude, zoom }: View): string {
  return [latitude.toFixed(5), longitude.toFixed(5), zoom.toFixed(2)].map(Number).join(",");
}

/** Read what `writeView` wrote; null for anything else. */
export function readView(text: string): View | null {
  const numbers = text.split(",").map(Number);
  const [latitude, longitude, zoom] = numbers;
  if (numbers.length !== 3 || text.includes(",,") || !numbers.every(Number.isFinite)) return null;
  if (Math.abs(latitude!) > 90 || Math.abs(longitude!) > 180 || zoom! < 0 || zoom! > CLOSEST) return null;
  return { latitude: latitude!, longitude: longitude!, zoom: zoom! };
}

export function mapAddress(view: View): string {
  return `#/places?at=${writeView(view)}`;
}
