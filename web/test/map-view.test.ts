import assert from "node:assert/strict";
import { test } from "node:test";
import { boxQuery, townAddress } from "../src/ui/map/addresses";
import type { View } from "../src/ui/map/view";
import { boxBetween, boxOf, clamped, CLOSEST, fitted, moved, offsetOf, readView, toDegrees, toSpot, worldPixels, writeView, zoomed } from "../src/ui/map/view";

const SIZE = { width: 1200, height: 700 };
const PARIS: View = { latitude: 48.8584, longitude: 2.2945, zoom: 11 };
const VIEWS: View[] = [PARIS, { latitude: 0, longitude: 0, zoom: 4 }, { latitude: -33.9, longitude: 151.2, zoom: 15 }, { latitude: 64.1, longitude: -21.9, zoom: 8 }];

const near = (one: number, other: number, by = 1e-6) => assert.ok(Math.abs(one - other) <= by, `${one} is not ${other}`);

/** Where a place stands in the window, CSS pixels from its middle. */
function place(view: View, latitude: number, longitude: number): [number, number] {
  return offsetOf(view, toSpot(latitude, longitude));
}

test("degrees and spots of the map turn into each other", () => {
  for (const [latitude, longitude] of [[0, 0], [48.8584, 2.2945], [-85, -180], [85, 180]] as const) {
    const back = toDegrees(toSpot(latitude, longitude));
    near(back.latitude, latitude);
    near(back.longitude, longitude);
  }
  assert.deepEqual(toSpot(0, 0), { x: 0.5, y: 0.5 });
});

test("a spot stands where its distance in pixels says", () => {
  const quarter = 256 * 2 ** 4 / 4;
  assert.deepEqual(offsetOf({ latitude: 0, longitude: 0, zoom: 4 }, { x: 0.75, y: 0.25 }), [quarter, -quarter]);
});

test("a map that is dragged follows the finger", () => {
  for (const view of VIEWS) {
    const after = moved(view, 30, -20, SIZE);
    const [x, y] = place(after, view.latitude, view.longitude);
    near(x, 30, 1e-3);
    near(y, -20, 1e-3);
  }
});

test("what lies under the pointer stays there while the map is enlarged", () => {
  for (const view of VIEWS) {
    const corner = boxBetween(view, SIZE, { x: 900, y: 150 }, { x: 900, y: 150 });
    const after = zoomed(view, 1.5, 900 - SIZE.width / 2, 150 - SIZE.height / 2, SIZE);
    const [x, y] = place(after, corner.north, corner.west);
    near(x, 300, 1e-3);
    near(y, -200, 1e-3);
  }
});

test("the window never leaves the world", () => {
  for (const far of [{ latitude: 89, longitude: 180, zoom: 3 }, { latitude: -90, longitude: -180, zoom: 9 }, { latitude: 0, longitude: 0, zoom: -4 }, { latitude: 0, longitude: 0, zoom: 30 }]) {
    const view = clamped(far, SIZE);
    const { x, y } = toSpot(view.latitude, view.longitude);
    const [halfX, halfY] = [SIZE.width / 2 / worldPixels(view.zoom), SIZE.height / 2 / worldPixels(view.zoom)];
    assert.ok(x >= halfX - 1e-9 && x <= 1 - halfX + 1e-9 && y >= halfY - 1e-9 && y <= 1 - halfY + 1e-9);
    assert.ok(view.zoom <= CLOSEST);
  }
});

test("the box of a view is what its window shows, and the poles belong to the edges", () => {
  const box = boxOf(PARIS, SIZE);
  const [left, top] = place(PARIS, box.north, box.west);
  near(left, -600, 1e-3);
  near(top, -350, 1e-3);
  const world = boxOf(clamped({ latitude: 0, longitude: 0, zoom: 0 }, { width: 900, height: 900 }), { width: 900, height: 900 });
  assert.deepEqual(world, { south: -90, west: -180, north: 90, east: 180 });
});

test("fitting shows the whole box, with room around it", () => {
  const box = { south: 40, west: -5, north: 55, east: 20 };
  const view = fitted(box, SIZE);
  for (const [latitude, longitude] of [[box.south, box.west], [box.north, box.east]] as const) {
    const [x, y] = place(view, latitude, longitude);
    assert.ok(Math.abs(x) <= 600 - 60 && Math.abs(y) <= 350 - 60);
  }
  assert.equal(fitted({ south: 1, west: 2, north: 1, east: 2 }, SIZE).zoom, 12);
});

test("a drawn box is the same whichever corner it began at", () => {
  const [one, other] = [{ x: 100, y: 80 }, { x: 500, y: 400 }];
  assert.deepEqual(boxBetween(PARIS, SIZE, one, other), boxBetween(PARIS, SIZE, other, one));
  assert.deepEqual(boxBetween(PARIS, SIZE, one, other), boxBetween(PARIS, SIZE, { x: 100, y: 400 }, { x: 500, y: 80 }));
});

test("an address brings the same view back", () => {
  for (const view of VIEWS) {
    const back = readView(writeView(view))!;
    near(back.latitude, view.latitude, 1e-5);
    near(back.longitude, view.longitude, 1e-5);
    near(back.zoom, view.zoom, 0.01);
  }
  for (const text of ["", "1,2", "1,2,3,4", "a,b,c", "91,0,3", "0,181,3", "0,0,-1", "0,0,99", "1,,3"]) assert.equal(readView(text), null, text);
});

test("a box in a query loses no photo at its edge", () => {
  assert.equal(boxQuery({ south: 48.1, west: 2.2, north: 48.9, east: 2.5 }), "within:48.099999,2.199999,48.900001,2.500001");
  assert.equal(boxQuery({ south: -90, west: -180, north: 90, east: 180 }), "within:-90,-180,90,180");
});

test("a town is searched with its region, or else its country", () => {
  const query = (town: string, region: string, country: string) => decodeURIComponent(townAddress({ latitude: 0, longitude: 0, town, region, country }).slice("#/search?q=".length));
  assert.equal(query("Paris", "Ile-de-France", "France"), 'place:"Paris, Ile-de-France"');
  assert.equal(query("Singapore", "", "Singapore"), 'place:"Singapore, Singapore"');
});
