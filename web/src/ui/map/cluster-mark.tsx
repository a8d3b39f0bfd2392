/** Photos on the map: the best of them, and how many there are. */
import { useEffect, useState } from "preact/hooks";
import type { PlaceCluster } from "../../contract";
import { useFraming } from "../framing";
import { wantThumbnail } from "../thumbs";
import { count, counted } from "../words";

export interface ClusterMarkProps {
  cluster: PlaceCluster;
  onPress: (cluster: PlaceCluster) => void;
}

export function ClusterMark({ cluster, onPress }: ClusterMarkProps) {
  const { cover, count: photos, place, x, y } = cluster;
  const [url, setUrl] = useState<string | null>(null);
  const framing = useFraming(cover);
  useEffect(() => wantThumbnail(cover, setUrl), [cover]);
  const words = [counted(photos, "photo"), place].filter(Boolean).join(", ");
  return (
    <button type="button" class="map-mark" data-testid="map-mark" data-x={x} data-y={y} data-count={photos} aria-label={words} title={words} onClick={() => onPress(cluster)}>
      {url !== null && <img src={url} style={framing} alt="" decoding="async" draggable={false} />}
      {photos > 1 && <span class="map-count">{count(photos)}</span>}
    </button>
  );
}
