/** What Vite adds: files as text, and style sheets as modules. */
interface ImportMeta {
  glob<T>(pattern: string, options: { query: string; import: string }): Record<string, () => Promise<T>>;
}

declare module "*.css" {}
