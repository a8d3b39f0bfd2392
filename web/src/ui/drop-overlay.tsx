/** Photos may be dropped anywhere: while something is dragged over the page, it says so. */
import { useEffect, useState } from "preact/hooks";
import { dropped } from "./adding";
import { Icon } from "./icons";
import { addPackFile, isPackFile } from "./packs/known";
import { toPage } from "./router";

function carriesFiles(event: DragEvent): boolean {
  return Boolean(event.dataTransfer?.types.includes("Files"));
}

function overSearch(event: DragEvent): boolean {
  return event.target instanceof Element && event.target.closest("form.search") !== null;
}

export function DropOverlay() {
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      setShown(!overSearch(event));
    };
    const out = (event: DragEvent) => {
      if (event.relatedTarget === null) setShown(false);
    };
    const drop = (event: DragEvent) => {
      setShown(false);
      if (!carriesFiles(event) || event.defaultPrevented || !event.dataTransfer) return;
      event.preventDefault();
      const pack = Array.from(event.dataTransfer.files).find(isPackFile);
      if (pack) {
        toPage({ page: "settings" });
        void addPackFile(pack);
      } else void dropped(event.dataTransfer);
    };
    addEventListener("dragover", over);
    addEventListener("dragleave", out);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("dragover", over);
      removeEventListener("dragleave", out);
      removeEventListener("drop", drop);
    };
  }, []);
  if (!shown) return null;
  return (
    <div class="drop-overlay" aria-hidden="true">
      <div class="drop-overlay-frame">
        <Icon name="add" size={40} />
        <p class="drop-overlay-title">Drop to add to your photos</p>
        <p>They stay on this device.</p>
      </div>
    </div>
  );
}
