/** Settings: what is analysed, how, how much room it takes, and the way out. */
import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Backend, Stats } from "../contract";
import { offline } from "../offline";
import { shoebox } from "../shoebox";
import { grid, indexing, peopleVersion, settings, start, textVersion } from "../state";
import { Choices } from "./choices";
import { Copies } from "./copies/copies";
import { DeleteEverything } from "./delete-everything";
import { Icon } from "./icons";
import { Licences } from "./licences";
import { Lacks } from "./lacks";
import { Packs } from "./packs/pack-list";
import { PageHead } from "./page-head";
import { DeleteFaces } from "./people/delete-faces";
import { DeleteText } from "./text/delete-text";
import { TextProgress } from "./text/text-progress";
import { bytes, count, counted, milliseconds, sentence } from "./words";

interface SectionProps {
  id: string;
  title: string;
  children: ComponentChildren;
}

function Section({ id, title, children }: SectionProps) {
  return (
    <section class="card" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return <div class="line"><span class="line-name">{name}</span><span class="line-value">{children}</span></div>;
}

function Room({ stats }: { stats: Stats }) {
  const share = stats.quota > 0 ? stats.bytes / stats.quota : 0;
  return (
    <>
      <Line name="Photos"><a href="#/">{count(stats.photos)}</a></Line>
      <Line name="Could not be read"><a href="#/failures">{count(stats.failed)}</a></Line>
      <Line name="Room used on this device">
        {bytes(stats.bytes)}{stats.quota > 0 && <span class="muted"> of {bytes(stats.quota)} that this browser allows</span>}
      </Line>
      {stats.quota > 0 && (
        <div class="meter" role="meter" aria-label="Room used" aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
          <span class="progress-fill" style={{ transform: `scaleX(${Math.min(1, Math.max(share, 0.004))})` }} />
        </div>
      )}
      <p class="muted">This is what Shoebox keeps to find photos: small pictures and descriptions. Your photos themselves stay in their folders.</p>
      <Line name="Kept when space runs low">{stats.persistent ? "Yes" : "Not promised"}</Line>
      <p class="muted">
        {stats.persistent
          ? "The browser has agreed. A disk without any room left can still cost the library."
          : "The browser has not agreed to that yet; it decides by how often Shoebox is used, or asks you."}
      </p>
    </>
  );
}

const ENGINES: Record<string, string> = { wasm: "the processor", webgpu: "the graphics card" };
const BACKENDS: { value: Backend; title: string }[] = [
  { value: "auto", title: "Whichever was faster when measured" },
  { value: "wasm", title: "The processor (WebAssembly)" },
  { value: "webgpu", title: "The graphics card (WebGPU)" },
];

function engineWords(stats: Stats): string {
  const engine = ENGINES[stats.backend];
  if (!engine) return "Not measured yet: that happens with the first photos";
  return stats.backend === "wasm" ? `On ${engine}, ${counted(stats.threads, "thread")}` : `On ${engine}`;
}

/** Does the app work without a network yet, and if not, why not. */
function offlineWords(): string {
  const { phase, reason, done, total } = offline.value;
  switch (phase) {
    case "kept": return "Yes";
    case "keeping": return total > 0 ? `Soon: ${bytes(done)} of ${bytes(total)} are on this device` : "Soon";
    case "unknown": return "Not known yet";
    case "none":
    case "stopped": return reason;
  }
}

function Engine({ stats }: { stats: Stats }) {
  const { wasmMs, webgpuMs } = stats.timings;
  const power = "getBattery" in navigator;
  const timings = Object.entries(stats.timings);
  return (
    <>
      <Line name="Works without a network">{offlineWords()}</Line>
      <Line name="Photos are looked at">
        {engineWords(stats)}
        {stats.backendReason && <span class="fact-more">{stats.backendReason}</span>}
        {wasmMs !== undefined && webgpuMs !== undefined && (
          <span class="fact-more">Measured here: {milliseconds(wasmMs)} a photo on the processor, {milliseconds(webgpuMs)} on the graphics card</span>
        )}
      </Line>
      {!stats.isolated && (
        <p class="muted">The browser allows one thread only here, since the page was opened without isolation. Reloading once usually helps.</p>
      )}
      <label class="line">
        <span class="line-name">Use</span>
        <select class="select" value={settings.value.backend} onChange={(event) => void shoebox.configure({ backend: event.currentTarget.value as Backend })}>
          {BACKENDS.map(({ value, title }) => <option key={value} value={value}>{title}</option>)}
        </select>
      </label>
      <label class="line">
        <span class="line-name">
          Add photos only on mains power
          {!power && <span class="fact-more">This browser does not tell whether the device is on battery.</span>}
        </span>
        <input
          type="checkbox" role="switch" class="switch" checked={settings.value.mainsOnly} disabled={!power}
          onChange={(event) => void shoebox.configure({ mainsOnly: event.currentTarget.checked })}
        />
      </label>
      <details class="advanced">
        <summary>Advanced</summary>
        <dl class="facts">
          <div class="fact"><dt>Model pack</dt><dd>{stats.packs.join(", ") || settings.value.pack}</dd></div>
          <div class="fact"><dt>Backend</dt><dd>{stats.backend || "not chosen yet"}, {counted(stats.threads, "thread")}</dd></div>
          {timings.map(([name, value]) => (
            <div key={name} class="fact"><dt>{name}</dt><dd>{milliseconds(value)}</dd></div>
          ))}
        </dl>
      </details>
    </>
  );
}

/** `stats()` again whenever something that it tells has changed. */
function useStats(): { stats: Stats | null; error: string } {
  const [known, setKnown] = useState<{ stats: Stats | null; error: string }>({ stats: null, error: "" });
  const photos = grid.value.ids.length;
  const { phase, failed } = indexing.value;
  useEffect(() => {
    let wanted = true;
    shoebox.stats().then(
      (stats) => { if (wanted) setKnown({ stats, error: "" }); },
      (error: unknown) => { if (wanted) setKnown({ stats: null, error: sentence(error) }); },
    );
    return () => { wanted = false; };
  }, [photos, phase, failed, peopleVersion.value, textVersion.value, settings.value, start.value.phase]);
  return known;
}

export function Settings() {
  const { stats, error } = useStats();
  return (
    <div class="page" data-testid="settings">
      <PageHead title="Settings" />
      <Section id="settings-analysed" title="What Shoebox looks for"><Choices /></Section>
      {stats && (settings.value.faces || stats.faces > 0) && (
        <Section id="settings-faces" title="Faces">
          <Line name="Faces found"><a href="#/people">{count(stats.faces)}</a></Line>
          <p class="muted">Turning faces off above stops looking for more and keeps what was found.</p>
          <DeleteFaces faces={stats.faces} />
        </Section>
      )}
      {stats && (settings.value.text || stats.texts > 0) && (
        <Section id="settings-text" title="Text in photos">
          <TextProgress />
          <Line name="Photos with text">{count(stats.texts)}</Line>
          <p class="muted">Search with text: and a word, as in text:exit. Turning text off above stops reading and keeps what was read.</p>
          <DeleteText texts={stats.texts} />
        </Section>
      )}
      <Section id="settings-photos" title="Your photos">
        {stats && <Room stats={stats} />}
        {!stats && <p class="muted">{error || "Counting…"}</p>}
      </Section>
      <Section id="settings-copies" title="Take it with you"><Copies /></Section>
      <Section id="settings-packs" title="Model packs"><Packs /></Section>
      <Section id="settings-engine" title="This device">
        {stats && <Engine stats={stats} />}
        {!stats && <p class="muted">{error || "Asking…"}</p>}
        <Lacks />
      </Section>
      <Section id="settings-privacy" title="Privacy">
        <p>
          Photos, file names and what you search for stay in this browser. Shoebox has no server, no account and no
          statistics, and the page forbids its own code to talk to any other address.
        </p>
        <p><a class="check-link" href="#/check"><Icon name="shield" size={20} />How to check this</a></p>
      </Section>
      <Section id="settings-licences" title="Licences"><Licences /></Section>
      <Section id="settings-delete" title="Delete everything"><DeleteEverything /></Section>
    </div>
  );
}
