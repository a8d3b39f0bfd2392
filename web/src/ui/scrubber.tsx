/** The date scrubber at the right edge: years beside the grid, a handle to drag, and the month under the pointer. */
import type { ReadonlySignal } from "@preact/signals";
import { useMemo, useRef, useState } from "preact/hooks";
import type { Scrolled } from "./grid-window";
import type { Layout } from "./layout";
import { lastAtMost } from "./layout";
import type { Groups } from "./months";
import { px } from "./words";

export interface ScrubberProps {
  layout: Layout;
  groups: Groups;
  /** What is said beside the title of a group, by its key. */
  notes?: ReadonlyMap<number, string> | undefined;
  /** Read here rather than in the grid, so that scrolling redraws the scrubber alone. */
  scrolled: ReadonlySignal<Scrolled>;
  /** Height of the strip in CSS pixels. */
  height: number;
  onMove: (fraction: number) => void;
  onGroup: (group: number) => void;
}

/** Years closer than this, in CSS pixels, would overlap. */
const LABEL_ROOM = 22;

function yearMarks(layout: Layout, groups: Groups, height: number): { year: number; at: number }[] {
  const marks: { year: number; at: number }[] = [];
  let lastYear = 0;
  let lastAt = -Infinity;
  groups.years.forEach((year, group) => {
    if (year === lastYear || year === 0) return;
    lastYear = year;
    const at = (layout.groupTop[group]! / layout.height) * height;
    if (at - lastAt < LABEL_ROOM || at > height - LABEL_ROOM) return;
    marks.push({ year, at });
    lastAt = at;
  });
  return marks;
}

export function Scrubber({ layout, groups, notes, scrolled, height, onMove, onGroup }: ScrubberProps) {
  const { position, group: current, moving } = scrolled.value;
  const years = useMemo(() => yearMarks(layout, groups, height), [layout, groups, height]);
  const strip = useRef<HTMLDivElement>(null);
  const [pointer, setPointer] = useState<number | null>(null);
  const [held, setHeld] = useState(false);
  const fractionAt = (clientY: number): number => {
    const box = strip.current!.getBoundingClientRect();
    return Math.min(1, Math.max(0, (clientY - box.top) / box.height));
  };
  const follow = (event: PointerEvent) => {
    const fraction = fractionAt(event.clientY);
    setPointer(fraction);
    if (held) onMove(fraction);
  };
  const grab = (event: PointerEvent) => {
    event.preventDefault();
    strip.current!.setPointerCapture(event.pointerId);
    setHeld(true);
    const fraction = fractionAt(event.clientY);
    setPointer(fraction);
    onMove(fraction);
  };
  const letGo = () => {
    setHeld(false);
    setPointer(null);
  };
  const press = (event: KeyboardEvent) => {
    const last = groups.titles.length - 1;
    const wanted = { ArrowUp: current - 1, ArrowDown: current + 1, Home: 0, End: last, PageUp: current - 12, PageDown: current + 12 }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onGroup(Math.min(last, Math.max(0, wanted)));
  };
  const shown = pointer ?? position;
  const pointed = pointer === null ? current : lastAtMost(layout.groupTop, pointer * layout.height);
  const note = notes?.get(groups.keys[pointed] ?? Number.NaN);
  return (
    <div
      ref={strip} class="scrubber" data-moving={moving || held} data-held={held} tabIndex={0}
      role="slider" aria-label="Date" aria-orientation="vertical" aria-valuemin={0} aria-valuemax={groups.titles.length - 1}
      aria-valuenow={current} aria-valuetext={groups.titles[current] ?? ""}
      onPointerDown={grab} onPointerMove={follow} onPointerUp={letGo} onPointerCancel={letGo}
      onPointerLeave={() => { if (!held) setPointer(null); }} onKeyDown={press}
    >
      {years.map(({ year, at }) => <span key={year} class="scrubber-year" style={{ top: px(at) }}>{year}</span>)}
      <span class="scrubber-handle" style={{ transform: `translateY(${position * height}px)` }} />
      {pointer !== null && <span class="scrubber-line" style={{ transform: `translateY(${shown * height}px)` }} />}
      {pointer !== null && (
        <span class="scrubber-title" style={{ transform: `translateY(${Math.min(Math.max(shown * height, 18), height - 18)}px)` }}>{groups.titles[pointed]}{note && <span class="scrubber-note">{note}</span>}</span>
      )}
    </div>
  );
}
