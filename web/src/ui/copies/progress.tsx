/** How far a copy has come, with a sentence below. */
import type { ComponentChildren } from "preact";

export interface ProgressProps {
  label: string;
  value: number;
  /** 0 while that is not known. */
  total: number;
  children: ComponentChildren;
}

export function Progress({ label, value, total, children }: ProgressProps) {
  const share = total > 0 ? Math.min(1, value / total) : 0;
  return (
    <>
      <div class="meter progress-track" role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={total > 0 ? Math.round(share * 100) : undefined} data-unknown={total === 0}>
        <span class="progress-fill" style={{ transform: `scaleX(${share})` }} />
      </div>
      <p class="muted">{children}</p>
    </>
  );
}
