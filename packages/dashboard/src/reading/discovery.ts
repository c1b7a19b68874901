import { type DiscoveryAnswer, type Kind, kindsIn } from '../model/kind.ts'
import type { Reading } from './read.ts'

const atOnce = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

const roots = ['api', 'apis']

/** Every kind that is served, or was at the moment whose base is given. */
export async function readKinds(
  reading: Reading,
  base: string,
  signal: AbortSignal,
): Promise<readonly Kind[]> {
  const [core, others] = await Promise.all(
    roots.map((root) =>
      reading.json<DiscoveryAnswer>(`${base}${root}`, { accept: atOnce, signal }),
    ),
  )
  return kindsIn({ items: [...(core?.items ?? []), ...(others?.items ?? [])] })
}

/** Asks for them now; who reads them next need not. */
export function readKindsAhead(reading: Reading, base: string): void {
  for (const root of roots) reading.ahead(`${base}${root}`, { accept: atOnce })
}
