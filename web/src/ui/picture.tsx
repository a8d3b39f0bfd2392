/** The small picture beside "more like this": a photo of the library, or one that was pasted. */
import { useEffect, useState } from "preact/hooks";
import { asJpeg, thumbnail } from "../platform";

/** A picture that this browser shows, or a JPEG of it. */
async function shownHere(blob: Blob): Promise<Blob | null> {
  try {
    (await createImageBitmap(blob)).close();
    return blob;
  } catch {
    return asJpeg(blob);
  }
}

export function Picture({ id, blob }: { id: string; blob: Blob | null }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    let wanted = true;
    let made = "";
    setUrl(null);
    if (blob) {
      void shownHere(blob).catch(() => null).then((found) => {
        if (!wanted || !found) return;
        made = URL.createObjectURL(found);
        setUrl(made);
      });
    } else {
      void thumbnail(id).then((found) => { if (wanted) setUrl(found); });
    }
    return () => {
      wanted = false;
      URL.revokeObjectURL(made);
    };
  }, [id, blob]);
  return url === null ? null : <img class="asked-picture" src={url} alt="The picture to compare with" />;
}
