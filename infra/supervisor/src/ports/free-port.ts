import { createServer } from 'node:net'

/** The wanted port if it is free and not assigned yet, else another free one. */
export async function freePort(
  wanted: number,
  spokenFor: ReadonlySet<number> = new Set(),
): Promise<number> {
  const usual = spokenFor.has(wanted) ? undefined : await tryPort(wanted)
  if (usual !== undefined) return usual
  for (;;) {
    const port = (await tryPort(0)) ?? wanted
    if (!spokenFor.has(port) || port === wanted) return port
  }
}

/** Whether nobody listens on this port. */
export const isFree = async (port: number): Promise<boolean> => (await tryPort(port)) !== undefined

const tryPort = (port: number): Promise<number | undefined> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '0.0.0.0', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined))
    })
  })
