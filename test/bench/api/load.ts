/** The load, in a process of its own: `node load.ts <job as JSON>`; prints what it measured as JSON. */
import { connector } from './connection.ts'
import { fanOut } from './fan-out.ts'
import type { ApiFigures } from './figure.ts'
import type { Job } from './job.ts'
import { lists, pages } from './lists.ts'
import { creates, gets, type Load, newNamespace, patches, podCreates } from './requests.ts'
import { memoryMiBOfAll } from './server-processes.ts'

const connectionCount = 64

const { kubeconfig, server, amounts }: Job = JSON.parse(process.argv[2] ?? '')
const connect = await connector(kubeconfig)
const connections = Array.from({ length: connectionCount }, connect)
const load: Load = { connections, server, namespace: await newNamespace(connections, 'bench') }
const figures = [
  await creates(load, amounts.creates),
  await gets(load, amounts.gets, amounts.creates),
  await patches(load, amounts.patches, amounts.creates),
  ...(await fanOut(
    { ...load, namespace: await newNamespace(connections, 'watched') },
    connect,
    amounts.fanOut,
  )),
  await podCreates(load, amounts.pods),
  await lists(load, amounts.lists),
  await pages(load, amounts.lists),
]
const measured: ApiFigures = { figures, memoryMiB: memoryMiBOfAll(server) }
console.log(JSON.stringify(measured))
await Promise.all(connections.map((connection) => connection.close()))
