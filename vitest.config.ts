import { defineConfig } from "vitest/config";

// The workspace's own packages are tested as they are written, not as they were last built.
const conditions = ["@agui-lockstep/source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["tests/**/*.test.ts", "tests/**/*.test.tsx"],
    exclude: ["**/node_modules/**", "tests/codegen/cases/**"],
    testTimeout: 30_000,
  },
});
