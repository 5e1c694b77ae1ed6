/** Waits for a fact about a real, asynchronous thing, instead of sleeping for a guess. */
export async function until(
  fact: () => boolean | Promise<boolean>,
  what = String(fact),
  limitMs = 10_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await fact())) {
    if (Date.now() > end) throw new Error(`not true within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
