/** Everything that Shoebox knows about a photo. */
import type { ComponentChildren } from "preact";
import type { PhotoFacts } from "../contract";
import { Icon } from "./icons";
import { PhotoPlace } from "./map/photo-place";
import { usePhotoFacts } from "./people/photo-facts";
import { PhotoPeople } from "./people/photo-people";
import { PhotoText } from "./text/photo-text";
import { infoOpen } from "./viewing";
import { bytes, count, exposureTime, fileName, folderName, megapixels, moment } from "./words";

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return <div class="fact"><dt>{name}</dt><dd>{children}</dd></div>;
}

function Taken({ taken }: { taken: string | null }) {
  const when = taken === null ? null : moment(taken);
  if (!when) return <Fact name="Taken"><span class="muted">The photo does not say</span></Fact>;
  const { day, clock, zone } = when;
  return (
    <Fact name="Taken">
      {day}
      {clock && <span class="fact-more">{clock}{zone && ` (UTC${zone})`}</span>}
    </Fact>
  );
}

/** Makers like to repeat themselves in the model: "NIKON CORPORATION" and "NIKON D700". */
function cameraName({ make, model }: { make: string; model: string }): string {
  const [brand = ""] = make.toLowerCase().split(" ");
  return (model.toLowerCase().startsWith(brand) ? model : `${make} ${model}`).trim();
}

function Camera({ facts: { camera, exposure } }: { facts: PhotoFacts }) {
  if (!camera && !exposure) return null;
  const name = camera ? cameraName(camera) : "";
  const settings = exposure ? [
    exposure.seconds !== null && exposure.seconds > 0 ? exposureTime(exposure.seconds) : "",
    exposure.aperture !== null ? `f/${exposure.aperture}` : "",
    exposure.focal !== null ? `${exposure.focal} mm` : "",
    exposure.iso !== null ? `ISO ${count(exposure.iso)}` : "",
  ].filter(Boolean) : [];
  return (
    <Fact name="Camera">
      {name}
      {camera?.lens && <span class="fact-more">{camera.lens}</span>}
      {settings.length > 0 && <span class="fact-more">{settings.join("  ·  ")}</span>}
    </Fact>
  );
}

/** The address that searches for a tag: all photos that show it or a kind of it. */
function tagAddress(tag: string): string {
  const value = /[\s|]/.test(tag) ? `"${tag}"` : tag;
  return `#/search?q=${encodeURIComponent(`tag:${value}`)}`;
}

function Tags({ tags }: { tags: PhotoFacts["tags"] }) {
  if (tags.length === 0) return null;
  return (
    <Fact name="Looks like">
      <ul class="tags">
        {tags.map(({ tag, score }) => (
          <li key={tag}>
            <a class="tag" data-testid="tag" href={tagAddress(tag)}>{tag}<span class="tag-score">{Math.round(score * 100)}%</span></a>
          </li>
        ))}
      </ul>
    </Fact>
  );
}

function Advanced({ facts }: { facts: PhotoFacts }) {
  return (
    <details class="advanced">
      <summary>Advanced</summary>
      <dl class="facts">
        <Fact name="Quality">{Math.round(facts.quality * 100)} of 100</Fact>
        <Fact name="Model pack">{facts.models.pack}</Fact>
        <Fact name="Preprocessing">{facts.models.preprocessing}</Fact>
        <Fact name="Indexed">{moment(facts.indexed)?.day ?? facts.indexed}</Fact>
        <Fact name="Photo id"><code>{facts.id}</code></Fact>
        <Fact name="SHA-256"><code>{facts.hash}</code></Fact>
      </dl>
    </details>
  );
}

function Facts({ facts }: { facts: PhotoFacts }) {
  const { name, copies, width, height, format, place } = facts;
  return (
    <>
      <dl class="facts">
        <Taken taken={facts.taken} />
        <Fact name="File">
          {name ? <span class="breakable">{fileName(name)}</span> : <span class="muted">Its name was not saved</span>}
          {folderName(name) && <span class="fact-more breakable">{folderName(name)}</span>}
          {facts.elsewhere && <span class="fact-more">Not on this device: it came with a saved copy</span>}
        </Fact>
        <Fact name="Size">
          {count(width)} × {count(height)}
          <span class="fact-more">{[megapixels(width, height), bytes(facts.bytes), format].filter(Boolean).join("  ·  ")}</span>
        </Fact>
        <Camera facts={facts} />
        {place && <Fact name="Place"><PhotoPlace place={place} /></Fact>}
        {facts.faces.some(({ person }) => person !== null) && <Fact name="People"><PhotoPeople facts={facts} /></Fact>}
        <Tags tags={facts.tags} />
        {facts.text.length > 0 && <Fact name="Text"><PhotoText key={facts.id} lines={facts.text} /></Fact>}
        {copies.length > 0 && (
          <Fact name={copies.length === 1 ? "Copy" : "Copies"}>
            <ul class="plain">{copies.map((copy) => <li key={copy} class="breakable">{copy}</li>)}</ul>
          </Fact>
        )}
      </dl>
      <Advanced facts={facts} />
    </>
  );
}

export function InfoPanel({ id }: { id: string }) {
  const known = usePhotoFacts(id);
  const { facts, error } = known;
  return (
    <aside class="info" data-testid="info-panel" aria-label="Information" aria-busy={known.id !== id || (!facts && !error)}>
      <header class="info-head">
        <h2>Information</h2>
        <button type="button" class="tool" aria-label="Close the information" onClick={() => { infoOpen.value = false; }}><Icon name="close" size={20} /></button>
      </header>
      {error && <p class="muted">{error}</p>}
      {facts && <Facts facts={facts} />}
    </aside>
  );
}
