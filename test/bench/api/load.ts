/** The load, in a process of its own: `node load.ts <job as JSON>`; prints what it measured as JSON. */
import { randomBytes } from 'node:crypto'
import { connector } from './connection.ts'
import { fanOut } from './fan-out.ts'
import type { ApiFigures } from './figure.ts'
import type { Job } from './job.ts'
import { lists, pages } from './lists.ts'
import { creates, gets, type Load, patches, podCreates } from './requests.ts'
import { residentMiBOfAll } from './server-processes.ts'

const connectionCount = 64

const { kubeconfig, server, amounts }: Job = JSON.parse(process.argv[2] ?? '')
const connect = await connector(kubeconfig)
const connections = Array.from({ length: connectionCount }, connect)
const load: Load = { connections, server, namespace: await namespaceNamed('bench') }
const figures = [
  await creates(load, amounts.creates),
  await gets(load, amounts.gets, amounts.creates),
  await patches(load, amounts.patches, amounts.creates),
  ...(await fanOut(
    { ...load, namespace: await namespaceNamed('watched') },
    connect,
    amounts.fanOut,
  )),
  await podCreates(load, amounts.pods),
  await lists(load, amounts.lists),
  await pages(load, amounts.lists),
]
const measured: ApiFigures = { figures, residentMiB: residentMiBOfAll(server) }
console.log(JSON.stringify(measured))
await Promise.all(connections.map((connection) => connection.close()))

/** Makes a new namespace; answers the path of what is in it. */
async function namespaceNamed(prefix: string): Promise<string> {
  const name = `${prefix}-${randomBytes(4).toString('hex')}`
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  await connections[0]?.ask({ method: 'POST', path: '/api/v1/namespaces', body })
  return `/api/v1/namespaces/${name}`
}
