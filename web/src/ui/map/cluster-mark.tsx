/** Photos on the map: the best of them, and how many there are. */
import type { PlaceCluster } from "../../contract";
import { useFraming } from "../framing";
import { useThumbnail } from "../thumbs";
import { count, counted } from "../words";

export function ClusterMark({ cluster: { cover, count: photos, place, x, y } }: { cluster: PlaceCluster }) {
  const url = useThumbnail(cover);
  const framing = useFraming(cover);
  const words = [counted(photos, "photo"), place].filter(Boolean).join(", ");
  return (
    <button type="button" class="map-mark" data-testid="map-mark" data-x={x} data-y={y} data-count={photos} data-cover={cover} aria-label={words} title={words}>
      {url !== null && <img src={url} style={framing} alt="" decoding="async" draggable={false} />}
      {photos > 1 && <span class="map-count">{count(photos)}</span>}
    </button>
  );
}
