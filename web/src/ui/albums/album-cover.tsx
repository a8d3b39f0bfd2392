/** The cover of an album, cut to a square; an icon where there is no photo. */
import type { Album } from "../../contract";
import { useFraming } from "../framing";
import { Icon } from "../icons";
import { useThumbnail } from "../thumbs";

export function AlbumCover({ cover }: Pick<Album, "cover">) {
  return <span class="album-cover">{cover === null ? <Icon name="albums" size={32} /> : <Photo id={cover} />}</span>;
}

function Photo({ id }: { id: string }) {
  const url = useThumbnail(id);
  const framing = useFraming(id);
  return url === null ? null : <img src={url} style={framing} alt="" decoding="async" draggable={false} />;
}
