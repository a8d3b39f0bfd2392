/** Everything that is known about a photo, asked for again when people, names of places or text may be different. */
import { useEffect, useState } from "preact/hooks";
import type { PhotoFacts } from "../../contract";
import { shoebox } from "../../shoebox";
import { peopleVersion, placesVersion, textVersion } from "../../state";
import { sentence } from "../words";

export interface KnownPhoto {
  id: string;
  facts: PhotoFacts | null;
  error: string;
}

/** What is known of a photo: of another one until it is, so compare `id`. */
export function usePhotoFacts(id: string): KnownPhoto {
  const [known, setKnown] = useState<KnownPhoto>({ id, facts: null, error: "" });
  const version = `${peopleVersion.value} ${placesVersion.value} ${textVersion.value}`;
  useEffect(() => {
    let wanted = true;
    const tell = (facts: PhotoFacts | null, error: string) => { if (wanted) setKnown({ id, facts, error }); };
    shoebox.ready.then(() => shoebox.photo(id)).then((facts) => tell(facts, ""), (error: unknown) => tell(null, sentence(error)));
    return () => { wanted = false; };
  }, [id, version]);
  return known;
}
