/** Grey places where photos will stand; seen only when they take longer than a moment. */

/** Widths of one screenful, in eighths of a row. */
const ROWS = [[2, 3, 1, 2], [3, 2, 3], [1, 2, 3, 2], [2, 2, 1, 3], [3, 3, 2]];

export function Skeleton({ label }: { label: string }) {
  return (
    <div class="skeleton" role="status">
      <p class="skeleton-label">{label}</p>
      {ROWS.map((row, at) => (
        <div key={at} class="skeleton-row" aria-hidden="true">
          {row.map((eighths, place) => <span key={place} class="skeleton-tile" data-eighths={eighths} />)}
        </div>
      ))}
    </div>
  );
}
