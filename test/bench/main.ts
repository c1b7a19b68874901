/**
 * How fast it is (`npm run bench -- --help`). Nothing here is asserted, but for the budgets of `dashboard`: numbers are
 * read beside each other, from one run.
 */
import { parseArgs } from 'node:util'
import { api } from './api/api.ts'
import { watchers } from './api/watchers.ts'
import { appends } from './appends.ts'
import type { Benchmark, Measured, Size } from './benchmark.ts'
import { commandLine } from './commands.ts'
import { dashboard } from './dashboard.ts'
import { folds } from './folds.ts'
import { idle, idlePods } from './idle.ts'
import { isInSandbox, runInSandbox } from './in-sandbox.ts'
import { largeViews } from './large-views.ts'
import { beginSpan, describeMachine } from './machine.ts'
import { past } from './past.ts'
import { pastLive } from './past-live.ts'
import { peer } from './peer/peer.ts'
import { peerPast } from './peer/peer-past.ts'
import { podBurst } from './pod-burst.ts'
import { podStart } from './pod-start.ts'
import { reads } from './reads.ts'
import { rebuild } from './rebuild.ts'
import { replicas } from './replicas.ts'
import { asMarkdown, asText } from './report.ts'
import { routes } from './routes.ts'
import { scheduler } from './scheduler/scheduler.ts'
import { schedulingState } from './scheduling-state.ts'
import { scrape } from './scrape.ts'
import { services } from './services.ts'
import { snapshotStops } from './snapshot-stops.ts'
import { start } from './start.ts'
import { updates } from './updates.ts'
import { why } from './why.ts'
import { wire } from './wire.ts'

const all: readonly Benchmark[] = [
  watchers,
  ...[
    appends,
    reads,
    wire,
    folds,
    updates,
    rebuild,
    largeViews,
    snapshotStops,
    past,
    pastLive,
    api,
    peer,
    peerPast,
    scrape,
    dashboard,
  ],
  ...[
    scheduler,
    schedulingState,
    why,
    start,
    commandLine,
    podStart,
    podBurst,
    replicas,
    idle,
    idlePods,
  ],
  ...[services, routes],
]

const usage = `Measures how fast Reckon is on this machine.

  npm run bench -- [NAME…] [--tiny | --full] [--markdown | -o json]
  npm run bench -- api --kubeconfig FILE [--server-pid PID…]    any Kubernetes API, here or elsewhere

--tiny shows that a benchmark works; the goals are stated for --full. Whole clusters (marked *) need root.
Without a name all run but those in brackets.
`

const { values: flags, positionals: names } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    tiny: { type: 'boolean', default: false },
    full: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    kubeconfig: { type: 'string' },
    'server-pid': { type: 'string', multiple: true, default: [] },
    output: { type: 'string', short: 'o', default: 'text' },
  },
})
if (flags.help) {
  console.log(usage)
  for (const { name, about, needsSandbox, onlyIfNamed } of all) {
    const shownName = `${onlyIfNamed ? `[${name}]` : name}${needsSandbox ? ' *' : ''}`
    console.log(`  ${shownName.padEnd(18)}${about.replace(/([.:;]) .*$/s, '')}`)
  }
  process.exit(0)
}
const unknown = names.filter((name) => !all.some((each) => each.name === name))
if (unknown.length > 0) {
  const known = all.map(({ name }) => name).join(', ')
  throw new Error(`no benchmark is called ${unknown.join(', ')}; there are ${known}`)
}
const size: Size = flags.full ? 'full' : flags.tiny ? 'tiny' : 'usual'
const isJson = flags.output === 'json'
if (!isJson) console.log(`${describeMachine()}, size ${size}`)
const wanted = all.filter(({ name, onlyIfNamed }) =>
  names.length === 0 ? !onlyIfNamed : names.includes(name),
)
const measured: Measured[] = []
for (const benchmark of wanted.filter((each) => isInSandbox || !each.needsSandbox)) {
  show(await measure(benchmark))
}
const ofClusters = wanted.filter((each) => each.needsSandbox).map(({ name }) => name)
if (!isInSandbox && ofClusters.length > 0) {
  const sized = size === 'usual' ? [] : [`--${size}`]
  for (const each of await runInSandbox([...ofClusters, ...sized])) show(each)
}
if (isJson) console.log(JSON.stringify(measured))

async function measure({ name, about, run }: Benchmark): Promise<Measured> {
  const span = beginSpan()
  const rows = await run(size, {
    ...(flags.kubeconfig && { kubeconfig: flags.kubeconfig }),
    serverPids: flags['server-pid'].map(Number),
  })
  return { name, about, rows, load: span.end() }
}

function show(each: Measured): void {
  measured.push(each)
  if (!isJson) console.log(flags.markdown ? `\n${asMarkdown(each)}` : asText(each))
}
