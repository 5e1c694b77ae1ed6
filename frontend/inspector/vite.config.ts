import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

/** The page is served by the Python server, at any path, without Node: plain files with relative addresses. */
export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { conditions: ["@agui-lockstep/source"] },
  build: {
    outDir: fileURLToPath(new URL("../../server/lockstep_server/inspector", import.meta.url)),
    emptyOutDir: true,
    // The server's own name for such files, so that the page takes no other path of the application it is mounted in.
    assetsDir: "static",
    target: "es2023",
    // The page must work under a policy that forbids inline scripts and data addresses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // The generated sources, as text, are loaded only when somebody looks at the contract.
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      // "use client" means nothing in a bundle that has no server.
      onwarn(warning, report) {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") report(warning);
      },
    },
  },
});
