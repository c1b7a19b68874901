import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { plant } from './planted/plant.ts'
import { plantedBugs } from './planted/planted-bugs.ts'
import { runSeeds } from './run-seeds.ts'
import type { Outcome } from './simulate.ts'

const linesShown = 40

const usage = `Runs whole clusters in one process, with a clock, a network and crashes drawn from a seed, and judges the log.

  npm run sim -- --seed N [--verbose] [--bug NAME]
  npm run sim -- --runs COUNT [--from N]

  --verbose  in this process, with every line of the history
  --bug      plants the bug whose name begins so, which some seed must find:
${plantedBugs.map(({ name }) => `             ${name}`).join('\n')}
`

const { values } = parseArgs({
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    seed: { type: 'string' },
    runs: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
    bug: { type: 'string' },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const first = Number(values.seed ?? values.from)
const runs = values.seed === undefined ? Number(values.runs) : 1
const seeds = Array.from({ length: runs }, (_, index) => first + index)
let failed = 0

function show({ seed, seconds, events, digest, failure, lines }: Outcome): void {
  const how = failure === undefined ? 'ok    ' : 'FAILED'
  console.log(
    `${how} seed ${seed}: ${seconds.toFixed(0)} s, ${events} events, digest ${digest.slice(0, 16)}`,
  )
  if (failure === undefined) return
  failed++
  if (!values.verbose) for (const line of lines.slice(-linesShown)) console.log(`  ${line}`)
  console.log(`  ${failure.stack}`)
  console.log(`  reproduce: npm run sim -- --seed ${seed} --verbose`)
}

if (values.verbose || values.bug !== undefined) {
  if (values.bug !== undefined) plant(bugNamed(values.bug))
  const { simulate } = await import('./simulate.ts')
  const print = values.verbose ? { print: (line: string) => console.log(line) } : {}
  for (const seed of seeds) show(await simulate(seed, print))
} else await runSeeds(seeds, availableParallelism(), { onOutcome: show })
console.log(`${runs - failed} of ${runs} runs held`)
process.exitCode = failed === 0 ? 0 : 1

/** The planted bug whose name begins like this. */
function bugNamed(begin: string) {
  const bug = plantedBugs.find(({ name }) => name.startsWith(begin))
  if (bug === undefined) throw new Error(`no planted bug is called "${begin}"`)
  return bug
}
