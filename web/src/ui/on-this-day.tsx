/** The same day in earlier years, above the newest photos. Nothing is there on days that nothing happened on. */
import { signal } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { DayOfYear } from "../contract";
import { localClock } from "../clock";
import { shoebox } from "../shoebox";
import { grid, start } from "../state";
import { useFraming } from "./framing";
import { useThumbnail } from "./thumbs";
import { counted, dayAndMonth } from "./words";

/** More years than this would only be scrolled past. */
const MOST_YEARS = 12;
/** While photos come in, asked again at most this often, ms. */
const PAUSE = 2000;

function Cover({ id }: { id: string }) {
  const url = useThumbnail(id);
  const framing = useFraming(id);
  return url === null ? null : <img src={url} style={framing} alt="" decoding="async" />;
}

function YearCard({ day: { year, count, cover, query }, today }: { day: DayOfYear; today: Date }) {
  const ago = counted(today.getUTCFullYear() - year, "year");
  return (
    <li>
      <a class="day-card" data-testid="day-card" href={`#/search?q=${encodeURIComponent(query)}&sort=date`} aria-label={`${ago} ago, ${counted(count, "photo")}`}>
        <Cover id={cover} />
        <span class="day-words">
          <span class="day-ago">{ago} ago</span>
          <span>{counted(count, "photo")}</span>
        </span>
      </a>
    </li>
  );
}

interface Day {
  years: DayOfYear[];
  today: Date;
}

/** Outlives a look at another page, so that coming back finds everything in its place. */
const known = signal<Day>({ years: [], today: new Date(localClock()) });

/** Asked for once the library can be asked, and again when photos have come or gone. */
function useDay(): Day {
  const ready = start.value.phase === "ready";
  const photos = grid.value.ids.length;
  useEffect(() => {
    if (!ready) return undefined;
    let wanted = true;
    const ask = () => {
      shoebox.onThisDay().then(
        (years) => { if (wanted) known.value = { years, today: new Date(localClock()) }; },
        (error: unknown) => console.warn(error),
      );
    };
    const timer = setTimeout(ask, known.peek().years.length > 0 ? PAUSE : 0);
    return () => {
      wanted = false;
      clearTimeout(timer);
    };
  }, [ready, photos]);
  return known.value;
}

export function OnThisDay() {
  const { years, today } = useDay();
  const strip = useRef<HTMLElement>(null);
  const there = years.length > 0;
  useLayoutEffect(() => {
    // Whoever has scrolled down already keeps what they look at where it is.
    const scroller = strip.current?.closest(".scroller");
    if (scroller && scroller.scrollTop > 0) scroller.scrollTop += strip.current!.offsetHeight;
  }, [there]);
  if (!there) return null;
  return (
    <section ref={strip} class="on-this-day" data-testid="on-this-day" aria-labelledby="on-this-day">
      <h2 id="on-this-day">On this day<span class="group-size">{dayAndMonth(today.getTime())}</span></h2>
      <ul class="day-cards">
        {years.slice(0, MOST_YEARS).map((day) => <YearCard key={day.year} day={day} today={today} />)}
      </ul>
    </section>
  );
}
