// Bytes that are downloaded at once: what an import() loads later is left out here, and reported by tests/frontend/size.test.ts.
const later = ["./fold-later.ts", "./stream-limit.ts"];
const react = ["react", "react-dom"];
const table = "@agui-lockstep/events";

export default [
  {
    name: "hook and core, without React and the generated table",
    path: "src/react/index.ts",
    import: "{ useAgentEvents }",
    limit: "6 kB",
    ignore: [...react, table, ...later],
  },
  {
    name: "core alone, without the generated table",
    path: "src/core/index.ts",
    import: "{ createClient }",
    limit: "5.5 kB",
    ignore: [table, ...later],
  },
  {
    name: "hook, core and the generated table and validators",
    path: "src/react/index.ts",
    import: "{ useAgentEvents }",
    limit: "12 kB",
    ignore: [...react, ...later],
  },
  {
    name: "everything with every component",
    path: "src/components/index.ts",
    import: "*",
    limit: "28 kB",
    ignore: react,
  },
].map((check) => ({ ...check, gzip: true }));
