import { Session } from "./session.tsx";

export default async function Page({ searchParams }: { readonly searchParams: Promise<{ session?: string }> }) {
  const { session = "demo" } = await searchParams;
  return <Session sessionId={session} />;
}
