/** Grey places where faces will stand; seen only when they take longer than a moment. */

const PLACES = Array.from({ length: 14 }, (_, place) => place);

export function PersonsSkeleton({ label }: { label: string }) {
  return (
    <div class="persons-skeleton" role="status">
      <p class="skeleton-label">{label}</p>
      <ul class="persons" aria-hidden="true">
        {PLACES.map((place) => <li key={place} class="person"><span class="face-picture" /></li>)}
      </ul>
    </div>
  );
}
