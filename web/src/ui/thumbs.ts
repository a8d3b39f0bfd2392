/**
 * Asking for thumbnails in the order in which a person wants them: what came into view last comes first, what left
 * the view is dropped, and while the grid flies past nothing is asked at all.
 */
import { useEffect, useState } from "preact/hooks";
import { thumbnail, thumbnailNow } from "../platform";

interface Wish {
  id: string;
  deliver: (url: string | null) => void;
}

/** Requests under way at once; more would only queue up inside the database. */
const AT_ONCE = 12;

const wishes: Wish[] = [];
let underWay = 0;
let flying = false;

function next(): void {
  while (!flying && underWay < AT_ONCE) {
    const wish = wishes.pop();
    if (!wish) return;
    underWay += 1;
    void thumbnail(wish.id)
      .catch(() => null)
      .then((url) => {
        underWay -= 1;
        wish.deliver(url);
        next();
      });
  }
}

/** Ask for the thumbnail of a photo; the answer comes once, unless the returned function has withdrawn the wish. */
export function wantThumbnail(id: string, deliver: (url: string | null) => void): () => void {
  let wanted = true;
  const wish: Wish = { id, deliver: (url) => { if (wanted) deliver(url); } };
  wishes.push(wish);
  queueMicrotask(next);
  return () => {
    wanted = false;
    const at = wishes.lastIndexOf(wish);
    if (at >= 0) wishes.splice(at, 1);
  };
}

/** The thumbnail of a photo: at once where it is at hand, null until it has come. */
export function useThumbnail(id: string): string | null {
  const [url, setUrl] = useState(() => thumbnailNow(id));
  useEffect(() => wantThumbnail(id, setUrl), [id]);
  return url;
}

/** Tell whether the grid moves too fast for anyone to look at single photos. */
export function setFlying(now: boolean): void {
  if (flying === now) return;
  flying = now;
  next();
}
