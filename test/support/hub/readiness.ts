/** What `/readyz` of a hub says: its HTTP status, and each check by its name. */
export async function readiness({ url }: { url: string }): Promise<{ status: number; checks: Record<string, string> }> {
  const answer = await fetch(`${url}/readyz`);
  const { checks } = (await answer.json()) as { checks: Record<string, string> };
  return { status: answer.status, checks };
}
