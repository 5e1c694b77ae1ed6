/** Starts the inspector. */

import "@agui-lockstep/client/styles.css";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Inspector } from "./inspector.tsx";

createRoot(document.getElementById("root") as HTMLElement).render(
  <StrictMode>
    <Inspector />
  </StrictMode>,
);
