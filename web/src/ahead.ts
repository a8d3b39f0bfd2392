/** Taking from a source before it is asked for. */

/** What `source` yields, of which up to `most` are fetched before anybody asks. It begins at once. */
export function ahead<T>(source: AsyncGenerator<T, void>, most: number): AsyncGenerator<T, void> {
  const coming: Promise<IteratorResult<T, void>>[] = [];
  const fetch = (): void => {
    const next = source.next();
    // Whoever takes it hears of it.
    next.catch(() => undefined);
    coming.push(next);
  };
  for (let count = 0; count < most; count += 1) fetch();
  return (async function* () {
    for (;;) {
      const next = await coming.shift()!;
      if (next.done) return;
      fetch();
      yield next.value;
    }
  })();
}
