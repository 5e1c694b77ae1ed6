/** What Vite adds: files as text. */
interface ImportMeta {
  glob<T>(pattern: string, options: { query: string; import: string }): Record<string, () => Promise<T>>;
}
