/** One photo in the grid: a link to the viewer, grey until its thumbnail is there. */
import { useEffect, useState } from "preact/hooks";
import { thumbnailNow } from "../platform";
import { favourites } from "../state";
import { useFraming } from "./framing";
import { Icon } from "./icons";
import { selected, selecting } from "./selection";
import { wantThumbnail } from "./thumbs";
import { px } from "./words";

/** A tile whose shape differs by more from its photo's cuts something off. */
const CUT = 0.05;

export interface TileProps {
  id: string;
  href: string;
  label: string;
  left: number;
  width: number;
  height: number;
  column: number;
  /** Is this the one tile that Tab reaches? */
  current: boolean;
}

export function Tile({ id, href, label, left, width, height, column, current }: TileProps) {
  const [url, setUrl] = useState(() => thumbnailNow(id));
  // While photos come in tiles move from row to row: what was seen already does not fade in again.
  const [seen] = useState(url !== null);
  const [bare, setBare] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const [cut, setCut] = useState(false);
  const framing = useFraming(id, cut);
  useEffect(() => {
    if (url !== null) return;
    return wantThumbnail(id, (found) => {
      setUrl(found);
      setBare(found === null);
    });
  }, [id, attempt]);
  const favourite = favourites.value.has(id);
  const chosen = selected.value.has(id);
  // A thumbnail dropped from the platform's cache cannot be loaded any more: ask for it once again.
  const again = () => {
    setUrl(null);
    if (attempt === 0) setAttempt(1);
  };
  // Panoramas and till receipts are cut; all others fill their tiles but for rounding.
  const measure = ({ currentTarget: { naturalWidth, naturalHeight } }: { currentTarget: HTMLImageElement }) => {
    setCut(Math.abs((naturalWidth * height) / (naturalHeight * width) - 1) > CUT);
  };
  return (
    <div
      role="gridcell" class="cell" aria-colindex={column} aria-selected={selecting.value ? chosen : undefined}
      style={{ left: px(left), width: px(width), height: px(height) }}
    >
      <a
        class="tile" href={href} data-testid="tile" data-id={id} tabIndex={current ? 0 : -1} draggable={false}
        aria-label={favourite ? `${label}, favourite` : label}
      >
        {url !== null && <img class={seen ? "seen" : undefined} src={url} alt="" width={width} height={height} style={framing} decoding="async" draggable={false} onLoad={measure} onError={again} />}
        {bare && <span class="tile-none"><Icon name="photos" size={28} /></span>}
        {favourite && <span class="tile-heart"><Icon name="heart" size={20} /></span>}
      </a>
      <button type="button" class="tick" tabIndex={-1} aria-label="Select (x)" aria-pressed={chosen}><Icon name="tick" size={18} /></button>
    </div>
  );
}
