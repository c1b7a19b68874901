/** The load of `watchers`, in a process of its own: `node watchers-load.ts <job as JSON>`; prints figures as JSON. */
import { connector } from './connection.ts'
import { fanOut } from './fan-out.ts'
import type { ApiFigures, Figure } from './figure.ts'
import type { Job } from './job.ts'
import { newNamespace } from './requests.ts'
import { memoryMiBOfAll } from './server-processes.ts'
import type { WatcherAmounts } from './watchers.ts'

const connectionCount = 64

const { kubeconfig, server, amounts }: Job<WatcherAmounts> = JSON.parse(process.argv[2] ?? '')
const connect = await connector(kubeconfig)
const connections = Array.from({ length: connectionCount }, connect)
const figures: Figure[] = []
for (const size of amounts.fanOuts) {
  const namespace = await newNamespace(connections, 'watched')
  figures.push(...(await fanOut({ connections, server, namespace }, connect, size)))
}
const measured: ApiFigures = { figures, memoryMiB: memoryMiBOfAll(server) }
console.log(JSON.stringify(measured))
await Promise.all(connections.map((connection) => connection.close()))
