/** Pictures that fill a box of another shape are cut around what matters: faces, or what catches the eye. Python says where. */
import { useEffect, useState } from "preact/hooks";
import { squares } from "../platform";

/** About 0.5 MB. */
const KEPT = 5000;
/** What the verb answers at once, with room to spare. */
const AT_ONCE = 1000;

/** As a style. */
export type Framing = { objectPosition: string };

const known = new Map<string, Framing>();
const waiting = new Map<string, Set<(framing: Framing) => void>>();

async function ask(): Promise<void> {
  const asked = [...waiting].slice(0, AT_ONCE);
  for (const [id] of asked) waiting.delete(id);
  const found = await squares(asked.map(([id]) => id)).catch(() => []);
  asked.forEach(([id, deliver], place) => {
    const at = found[place];
    if (!at) return;
    const framing = { objectPosition: at.map((share) => `${share * 100}%`).join(" ") };
    known.set(id, framing);
    for (const each of deliver) each(framing);
  });
  for (const [oldest] of known) {
    if (known.size <= KEPT) break;
    known.delete(oldest);
  }
  if (waiting.size > 0) void ask();
}

/** The style that cuts a photo well; none until it is known, which is the middle. Asked only for photos that are cut. */
export function useFraming(id: string, cut = true): Framing | undefined {
  const [framing, setFraming] = useState<Framing | undefined>(undefined);
  useEffect(() => {
    const there = known.get(id);
    setFraming(there);
    if (there || !cut) return undefined;
    const deliver = (found: Framing) => setFraming(found);
    if (waiting.size === 0) queueMicrotask(() => void ask());
    const others = waiting.get(id) ?? new Set();
    waiting.set(id, others.add(deliver));
    return () => { others.delete(deliver); };
  }, [id, cut]);
  return framing;
}
