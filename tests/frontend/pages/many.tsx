/** As many sessions as the address asks for, on one page. */

import { useAgentEvents } from "@agui-lockstep/client/react";
import { createRoot } from "react-dom/client";

function Session({ id }: { readonly id: string }) {
  const { status, warning } = useAgentEvents(id);
  return (
    <p>
      <span className="status">{status}</span> <span className="warning">{warning}</span>
    </p>
  );
}

const count = Number(new URL(location.href).searchParams.get("count"));
createRoot(document.getElementById("root") as HTMLElement).render(
  Array.from({ length: count }, (_, index) => <Session key={index} id={`s${index + 1}`} />),
);
