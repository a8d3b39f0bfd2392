/** Long lists, drawn a page at a time as one scrolls: a thousand cards are no more work than fifty. */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";

/** More than a window of a large display. */
const PAGE = 60;

export interface Drawn {
  /** How many are drawn. */
  drawn: number;
  /** Are there more of them? Then `end` stands below those that are drawn. */
  more: boolean;
  end: RefObject<HTMLDivElement | null>;
}

/** Of a list that is so long, what is drawn by now; to begin with, `first`. */
export function useDrawn(length: number, first = PAGE): Drawn {
  const [drawn, setDrawn] = useState(first);
  const end = useRef<HTMLDivElement>(null);
  const more = length > drawn;
  useEffect(() => {
    if (!more) return undefined;
    const watcher = new IntersectionObserver(
      ([entry]) => { if (entry?.isIntersecting) setDrawn((before) => before + PAGE); },
      { rootMargin: "800px 0px" },
    );
    watcher.observe(end.current!);
    return () => watcher.disconnect();
  }, [more, drawn]);
  return { drawn, more, end };
}
