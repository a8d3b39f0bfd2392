/** What this browser can do that another cannot, as far as a person notices. */

export interface Abilities {
  /** It hands over folders to be opened again at another visit. */
  folders: boolean;
  /** It lets pages compute on the graphics processor. */
  graphics: boolean;
  /** It can open a large photo small. */
  smallDecoding: boolean;
  /** It deletes what pages keep after seven days without a visit. */
  forgets: boolean;
}

let known: Abilities | null = null;

export function abilities(): Abilities {
  known ??= {
    folders: "showDirectoryPicker" in globalThis,
    graphics: "gpu" in navigator,
    smallDecoding: "ImageDecoder" in globalThis,
    // https://webkit.org/blog/10218/full-third-party-cookie-blocking-and-more/: pages on the home screen or in the Dock are spared.
    forgets: navigator.vendor.startsWith("Apple") && !matchMedia("(display-mode: standalone)").matches,
  };
  return known;
}

export interface Lack {
  title: string;
  meaning: string;
}

const MEANINGS: [lacks: (can: Abilities) => boolean, lack: Lack][] = [
  [({ forgets }) => forgets, {
    title: "It deletes after a week",
    meaning: "Safari deletes what a page has kept when it was not opened for seven days. Add Shoebox to the home screen or the Dock, which ends that, or save a copy of your library above.",
  }],
  [({ folders }) => !folders, {
    title: "It does not remember folders",
    meaning: "Shoebox gets the photos of a folder once. To bring in new ones, choose the folder again: what is known already is passed over. After a reload, photos are shown from the small pictures that Shoebox keeps.",
  }],
  [({ graphics }) => !graphics, {
    title: "No graphics processor for pages",
    meaning: "Photos are looked at by the processor alone. What is found is the same; adding takes longer.",
  }],
  [({ smallDecoding }) => !smallDecoding, {
    title: "It opens every photo at full size",
    meaning: "Another browser can open a large photo small, so adding large photos takes longer here.",
  }],
];

/** What a browser lacks, in plain words. */
export function lacksOf(can: Abilities): Lack[] {
  return MEANINGS.filter(([lacks]) => lacks(can)).map(([, lack]) => lack);
}
