/** The map: a canvas with land and sea, photos on it, and what looks closer, shows everything or draws a box. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { MapBox } from "../../contract";
import { grid, placesVersion } from "../../state";
import { Icon } from "../icons";
import { navigate, parse, route, toPage } from "../router";
import { stepIds } from "../viewing";
import { counted, px } from "../words";
import type { Size } from "../zoom";
import { boxQuery } from "./addresses";
import { ClusterMark } from "./cluster-mark";
import { MapData, outlinesFor } from "./map-data";
import { MapGestures } from "./map-gestures";
import { MapSurface } from "./surface";
import type { Spot, View } from "./view";
import { boxBetween, boxOf, clamped, CLOSEST, fitted, moved, offsetOf, readView, writeView, zoomed } from "./view";

/** Rest after which the address says where the map is, ms. */
const REST = 250;
/** CSS pixels of an arrow key. */
const KEY_STEP = 120;
/** Where the map could come only this little closer to a cluster, its photos are shown instead, steps of zoom. */
const LEAST_STEP = 0.25;
/** Photos as near to each other as this, about 10 m, never come apart on the map. */
const SPOT_DEGREES = 1e-4;

const KEYS: Record<string, [dx: number, dy: number]> = {
  ArrowLeft: [KEY_STEP, 0], ArrowRight: [-KEY_STEP, 0], ArrowUp: [0, KEY_STEP], ArrowDown: [0, -KEY_STEP],
};

/** Where the map was left, for coming back without an address. */
let left: View | null = null;

function find(box: MapBox): void {
  toPage({ page: "search", query: boxQuery(box), sort: "date" });
}

/** CSS pixels from the middle of a mark to its edge, and a little more. */
const MARK_ROOM = 32;

function atOneSpot({ south, west, north, east }: MapBox): boolean {
  return north - south < SPOT_DEGREES && east - west < SPOT_DEGREES;
}

export interface PhotoMapProps {
  extent: MapBox & { photos: number };
  /** The part of the address that says where to look. */
  at: string;
}

export function PhotoMap({ extent, at }: PhotoMapProps) {
  const stage = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const marks = useRef<HTMLDivElement>(null);
  const surface = useRef<MapSurface | null>(null);
  const view = useRef<View | null>(null);
  const size = useRef<Size>({ width: 0, height: 0 });
  const rest = useRef(0);
  /** The address that the map followed last, or has written itself. */
  const followed = useRef(at);
  const data = useMemo(() => new MapData(), []);
  const [drawing, setDrawing] = useState(false);
  const drawingNow = useRef(false);
  drawingNow.current = drawing;
  const [box, setBox] = useState<[Spot, Spot] | null>(null);
  const [trouble, setTrouble] = useState("");
  const { clusters, towns } = data.known.value;

  const show = (next: View) => {
    view.current = next;
    left = next;
    surface.current?.show(next, size.current);
    data.look(next, size.current);
    outlinesFor(next.zoom).then(
      (outlines) => {
        surface.current?.setOutlines(outlines);
        setTrouble("");
      },
      (error: unknown) => setTrouble(error instanceof Error ? error.message : String(error)),
    );
    clearTimeout(rest.current);
    rest.current = window.setTimeout(() => {
      const { base, photo } = route.peek();
      // Another address has been asked for and is not followed yet: it must not be lost.
      const asked = parse(location.hash).base;
      if (base.page !== "places" || asked.page !== "places" || asked.at !== base.at || base.at !== followed.current) return;
      followed.current = writeView(next);
      navigate({ base: { page: "places", at: followed.current }, photo }, "replace");
    }, REST);
  };
  const change = (how: (view: View) => View) => { if (view.current) show(how(view.current)); };
  const zoomBy = (by: number) => change((now) => zoomed(now, by, 0, 0, size.current));
  const showAll = () => show(fitted(extent, size.current));
  const showHere = () => { if (view.current) find(boxOf(view.current, size.current)); };

  useLayoutEffect(() => {
    const made = new MapSurface(canvas.current!, marks.current!);
    surface.current = made;
    const measure = () => {
      size.current = { width: stage.current!.clientWidth, height: stage.current!.clientHeight };
      if (size.current.width === 0 || size.current.height === 0) return;
      show(view.current ? clamped(view.current, size.current) : clamped(readView(followed.current) ?? left ?? fitted(extent, size.current), size.current));
    };
    const watcher = new ResizeObserver(measure);
    watcher.observe(stage.current!);
    const gestures = new MapGestures(stage.current!, {
      move: (dx, dy) => change((now) => moved(now, dx, dy, size.current)),
      zoom: (by, x, y) => change((now) => zoomed(now, by, x, y, size.current)),
      drawing: () => drawingNow.current,
      box: (one, other) => setBox([one, other]),
      boxGivenUp: () => setBox(null),
      boxDone: (one, other) => {
        setBox(null);
        setDrawing(false);
        if (view.current) find(boxBetween(view.current, size.current, one, other));
      },
    });
    return () => {
      watcher.disconnect();
      gestures.stop();
      made.stop();
      clearTimeout(rest.current);
      surface.current = null;
    };
  }, []);

  // Another address, by the back button or a link: look there.
  useEffect(() => {
    if (at === followed.current) return;
    followed.current = at;
    const wanted = readView(at);
    if (wanted && size.current.width > 0) show(clamped(wanted, size.current));
  }, [at]);

  useEffect(() => { data.forget(); }, [grid.value.ids.length, placesVersion.value]);
  useLayoutEffect(() => { surface.current?.marksChanged(); }, [clusters]);
  useEffect(() => { surface.current?.setTowns(towns); }, [towns]);

  // Hundreds of marks: drawn only when they are others, and pressed by way of what holds them.
  const drawnMarks = useMemo(() => clusters.map((cluster) => <ClusterMark key={`${cluster.cover} ${cluster.count}`} cluster={cluster} />), [clusters]);
  const press = (event: MouseEvent) => {
    const mark = event.target instanceof Element ? event.target.closest<HTMLElement>(".map-mark") : null;
    const cluster = clusters.find(({ cover }) => cover === mark?.dataset["cover"]);
    if (!cluster) return;
    if (cluster.count === 1) {
      stepIds.value = clusters.filter(({ count }) => count === 1).map(({ cover }) => cover);
      navigate({ base: route.peek().base, photo: cluster.cover });
      return;
    }
    const closer = fitted(cluster, size.current, CLOSEST);
    if (!atOneSpot(cluster) && closer.zoom > (view.current?.zoom ?? CLOSEST) + LEAST_STEP) show(closer);
    else find(cluster);
  };
  /** Tab may lead to a mark outside of the window: the map follows. */
  const focused = (event: FocusEvent) => {
    const { x, y } = (event.target as HTMLElement).dataset;
    if (x === undefined || y === undefined || !view.current) return;
    const [across, down] = offsetOf(view.current, { x: Number(x), y: Number(y) });
    const { width, height } = size.current;
    if (Math.abs(across) > width / 2 - MARK_ROOM || Math.abs(down) > height / 2 - MARK_ROOM) change((now) => moved(now, -across, -down, size.current));
  };
  const key = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = KEYS[event.key];
    if (step) change((now) => moved(now, ...step, size.current));
    else if (event.key === "+" || event.key === "=") zoomBy(1);
    else if (event.key === "-") zoomBy(-1);
    else if (event.key === "0") showAll();
    else if (event.key === "Escape" && drawing) setDrawing(false);
    else return;
    event.preventDefault();
  };

  const problem = trouble || data.error.value;
  return (
    <div
      ref={stage} class="map" data-testid="map" data-drawing={drawing} role="group" tabIndex={0} onKeyDown={key}
      aria-label={`Map with ${counted(extent.photos, "photo")}. Arrow keys move it, plus and minus look closer and farther, 0 shows everything.`}
    >
      <canvas ref={canvas} class="map-canvas" aria-hidden="true" />
      <div ref={marks} class="map-marks" onClick={press} onFocusIn={focused}>{drawnMarks}</div>
      {box && (
        <div
          class="map-box"
          style={{
            left: px(Math.min(box[0].x, box[1].x)), top: px(Math.min(box[0].y, box[1].y)),
            width: px(Math.abs(box[0].x - box[1].x)), height: px(Math.abs(box[0].y - box[1].y)),
          }}
        />
      )}
      <div class="map-tools">
        <button type="button" class="tool" aria-label="Look closer" title="Look closer (+)" onClick={() => zoomBy(1)}><Icon name="plus" /></button>
        <button type="button" class="tool" aria-label="Look from farther away" title="Look from farther away (-)" onClick={() => zoomBy(-1)}><Icon name="minus" /></button>
        <button type="button" class="tool" aria-label="Show all photos" title="Show all photos (0)" onClick={showAll}><Icon name="globe" /></button>
        <button
          type="button" class="tool" aria-label="Draw a box to find its photos" title="Draw a box to find its photos (or Shift and drag)"
          aria-pressed={drawing} data-testid="map-draw" onClick={() => setDrawing(!drawing)}
        >
          <Icon name="frame" />
        </button>
      </div>
      <div class="map-foot">
        {problem && <p class="map-trouble" role="alert">{problem}</p>}
        {drawing && <p class="map-hint" role="status">Draw a box around the photos that you want</p>}
        {!drawing && <button type="button" class="button" data-testid="map-show" onClick={showHere}><Icon name="photos" size={20} />Show the photos in this view</button>}
      </div>
      <p class="map-credit">
        Places: GeoNames, CC BY 4.0. Outlines: Natural Earth.
      </p>
    </div>
  );
}
