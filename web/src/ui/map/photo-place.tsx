/** Where a photo was taken: the town, the region and the country where they are known, and its spot on the map. */
import type { PhotoPlace as Place } from "../../contract";
import { areaAddress, townAddress } from "./addresses";
import { mapAddress } from "./view";

/** Close enough that streets would be seen if the map had any. */
const ZOOM = 11;

export function PhotoPlace({ place }: { place: Place }) {
  const { latitude, longitude, town, region, country } = place;
  const around = [region, country].filter(Boolean).join(", ");
  return (
    <>
      {town && <a href={townAddress(place)} data-testid="place-town">{town}</a>}
      {!town && country && <a href={areaAddress(country)} data-testid="place-country">{country}</a>}
      {town && around && <span class="fact-more">{around}</span>}
      <span class={town || country ? "fact-more" : undefined}>
        <a href={mapAddress({ latitude, longitude, zoom: ZOOM })} aria-label={`${latitude.toFixed(6)}, ${longitude.toFixed(6)}: show on the map`}>
          {latitude.toFixed(6)}, {longitude.toFixed(6)}
        </a>
      </span>
    </>
  );
}
