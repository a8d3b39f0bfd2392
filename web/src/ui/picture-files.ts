/** Which files are pictures, before anybody has looked into them: file choosers and drops know names and types only. */

/** Endings of pictures for which systems often know no media type. */
const ENDINGS = [
  "heic", "heif", "hif", "jp2", "j2k", "jpx", "jxl", "avif", "tif", "tiff", "psd",
  "dng", "cr2", "cr3", "crw", "nef", "nrw", "arw", "sr2", "raf", "rw2", "orf", "pef", "srw", "x3f", "mrw", "3fr", "iiq", "erf", "rwl",
];

/** For the `accept` of a file chooser. */
export const PICTURES = ["image/*", ...ENDINGS.map((ending) => `.${ending}`)].join(",");

export function isPicture({ name, type }: Pick<File, "name" | "type">): boolean {
  const ending = /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
  return type.startsWith("image/") || (type === "" && ENDINGS.includes(ending));
}
