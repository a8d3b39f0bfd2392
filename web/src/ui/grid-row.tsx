/** One row of the grid; drawn again only when the layout, its place or the current tile changes. */
import { useMemo } from "preact/hooks";
import type { Grid } from "../state";
import type { Layout } from "./layout";
import { rowBoxes } from "./layout";
import { photoLabel } from "./lookup";
import { Tile } from "./tile";
import { px } from "./words";

export interface GridRowProps {
  layout: Layout;
  columns: Grid;
  row: number;
  /** Top within its group, in CSS pixels. */
  top: number;
  /** Number of the row within its group, from 1. */
  number: number;
  /** What follows the photo's id in its address. */
  addressTail: string;
  /** Index of the photo that Tab reaches, -1 where it is not in this row. */
  current: number;
}

export function GridRow({ layout, columns, row, top, number, addressTail, current }: GridRowProps) {
  return useMemo(() => {
    const first = layout.rowFirst[row]!;
    const height = layout.rowHeight[row]!;
    const tiles = rowBoxes(layout, columns.aspect, row).map((box, at) => {
      const index = first + at;
      const id = columns.ids[index]!;
      return (
        <Tile
          key={id} id={id} href={`#/photo/${id}${addressTail}`} label={photoLabel(columns.taken[index]!)}
          left={box.left} width={box.width} height={height} column={at + 1} current={index === current}
        />
      );
    });
    return <div role="row" aria-rowindex={number} class="row" style={{ top: px(top), height: px(height) }}>{tiles}</div>;
  }, [layout, columns, row, top, number, addressTail, current]);
}
