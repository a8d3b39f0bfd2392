/** The small picture beside "more like this": a photo of the library, or one that was pasted. */
import { useEffect, useState } from "preact/hooks";
import { thumbnail } from "../platform";

export function Picture({ id, blob }: { id: string; blob: Blob | null }) {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (blob) {
      const made = URL.createObjectURL(blob);
      setUrl(made);
      return () => URL.revokeObjectURL(made);
    }
    let wanted = true;
    void thumbnail(id).then((found) => { if (wanted) setUrl(found); });
    return () => { wanted = false; };
  }, [id, blob]);
  return url === null ? null : <img class="asked-picture" src={url} alt="The picture to compare with" />;
}
