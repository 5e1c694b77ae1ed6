import type { NextConfig } from "next";

const config: NextConfig = {
  // Compression would hold events back until a block is full.
  compress: false,
  // `tsc` checks this example together with everything else.
  typescript: { ignoreBuildErrors: true },
};

export default config;
