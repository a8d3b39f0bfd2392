/** A photo in a group: its thumbnail, or the photo itself where it is looked at closely and at hand. */
import { useEffect, useState } from "preact/hooks";
import { fullPhoto } from "../originals";
import { useThumbnail } from "../thumbs";

export function Shot({ id, alt, close = false }: { id: string; alt: string; close?: boolean }) {
  const thumb = useThumbnail(id);
  const [full, setFull] = useState<string | null>(null);
  useEffect(() => {
    setFull(null);
    if (!close) return;
    let wanted = true;
    void fullPhoto(id).then((found) => { if (wanted && typeof found === "object") setFull(found.url); });
    return () => { wanted = false; };
  }, [id, close]);
  const url = full ?? thumb;
  return url === null ? <span class="shot shot-empty" role="img" aria-label={alt} /> : <img class="shot" src={url} alt={alt} draggable={false} />;
}
