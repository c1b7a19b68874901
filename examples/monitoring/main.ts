/** `npm run monitoring`: Prometheus over the cluster of this machine, until it is told to stop. */
import { homedir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startMonitoring } from './start-monitoring.ts'

const nodesEveryMs = 30_000

const { values } = parseArgs({
  options: {
    'data-dir': {
      type: 'string',
      default: process.env.RECKON_CLUSTER_DIR ?? join(homedir(), '.reckon'),
    },
    port: { type: 'string', default: '9090' },
    'metrics-port': { type: 'string', default: '9190' },
  },
})
const dataDir = values['data-dir']
const { children, tellNodes } = await startMonitoring({
  dataDir,
  workDir: join(dataDir, 'monitoring'),
  ports: { metrics: Number(values['metrics-port']), prometheus: Number(values.port) },
  interval: '15s',
  env: process.env,
})
console.log(`http://127.0.0.1:${values.port}`)
const telling = setInterval(() => {
  // The api may be away for a while; those that are known are scraped meanwhile.
  tellNodes().catch(({ message }: Error) => console.error(`monitoring: ${message}`))
}, nodesEveryMs)
const stop = () => {
  clearInterval(telling)
  for (const child of children) child.kill()
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
// One is of no use without the other.
for (const child of children) child.once('exit', stop)
for (const child of children) {
  child.once('error', ({ message }) => {
    console.error(`monitoring: ${message}; README.md beside this tells what is needed`)
    process.exitCode = 1
    stop()
  })
}
