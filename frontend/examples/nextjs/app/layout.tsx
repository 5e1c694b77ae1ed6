import "@agui-lockstep/client/styles.css";
import type { ReactNode } from "react";

export const metadata = { title: "Lockstep in Next.js" };

export default function Layout({ children }: { readonly children: ReactNode }) {
  return (
    <html lang="en" style={{ colorScheme: "light dark" }}>
      <body style={{ margin: 0, fontFamily: "system-ui" }}>{children}</body>
    </html>
  );
}
