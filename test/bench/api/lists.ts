import type { Answer, Connection } from './connection.ts'
import type { Figure } from './figure.ts'
import { Meter } from './meter.ts'
import type { Load } from './requests.ts'

/** All pods in one answer, repeatedly. */
export async function lists(
  { connections, namespace, server }: Load,
  count: number,
): Promise<Figure> {
  const [connection] = connections
  if (!connection) throw new Error('a load needs a connection')
  const list = () => connection.ask({ method: 'GET', path: `${namespace}/pods` })
  const { bytes } = await list()
  const meter = new Meter(server)
  for (let n = 0; n < count; n++) await meter.latencies.time(list)
  return { ...meter.figure('LIST of all pods', count), note: `${mebibytes(bytes)} MiB` }
}

/** All pods in pages of 500, repeatedly; the latencies are those of single pages. */
export async function pages(
  { connections, namespace, server }: Load,
  count: number,
): Promise<Figure> {
  const [connection] = connections
  if (!connection) throw new Error('a load needs a connection')
  const { pageCount, bytes } = await allPages(connection, namespace)
  const meter = new Meter(server)
  for (let n = 0; n < count; n++) {
    await meter.latencies.time(() => allPages(connection, namespace))
  }
  const what = `all pods in ${pageCount} pages of 500`
  return { ...meter.figure(what, count), note: `${mebibytes(bytes)} MiB` }
}

async function allPages(
  connection: Connection,
  namespace: string,
): Promise<{ pageCount: number; bytes: number }> {
  let [pageCount, bytes] = [0, 0]
  let token: string | undefined
  do {
    const next = token === undefined ? '' : `&continue=${encodeURIComponent(token)}`
    const path = `${namespace}/pods?limit=500${next}`
    const page: Answer = await connection.ask({ method: 'GET', path })
    pageCount++
    bytes += page.bytes
    token = /"continue":"([^"]+)"/.exec(page.start)?.[1]
  } while (token !== undefined)
  return { pageCount, bytes }
}

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1)
