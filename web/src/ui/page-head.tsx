/** The heading of a page of words; takes the focus when the page opens, so that a screen reader starts there. */
import { useEffect, useRef } from "preact/hooks";

export function PageHead({ title, lead }: { title: string; lead?: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Shoebox`;
    heading.current!.focus({ preventScroll: true });
  }, [title]);
  return (
    <header class="page-head">
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      {lead && <p class="lead">{lead}</p>}
    </header>
  );
}
