/**
 * What the build tells the service worker about this release. tooling/precache.py writes it in front of the script as
 * `self.SHOEBOX`, so a browser sees a new service worker exactly when any file of the app has other bytes.
 */

/** `shell` is kept before the first visit ends, `common` next, an ONNX Runtime variant where the device uses it. */
export type Group = "shell" | "common" | "extra" | `ort:${string}`;

export interface ReleaseFile {
  /** Relative to the scope. */
  path: string;
  /** First 16 hex digits of the sha256. */
  hash: string;
  bytes: number;
  type: string;
  group: Group;
}

export interface Release {
  version: string;
  /** Headers of every answer: isolation and the content security policy, for hosts that send none. */
  headers: Record<string, string>;
  files: ReleaseFile[];
}
