/** A new version of Shoebox waits on this device: it takes over when the person says so. */
import { signal } from "@preact/signals";
import { takeUpdate, updateReady } from "../offline";

const later = signal(false);

export function UpdateToast() {
  if (!updateReady.value || later.value) return null;
  return (
    <div class="toast" role="status">
      <p>A new version of Shoebox is ready.</p>
      <button type="button" class="button primary" onClick={() => void takeUpdate()}>Reload</button>
      <button type="button" class="quiet" onClick={() => { later.value = true; }}>Later</button>
    </div>
  );
}
