import { parseArgs } from 'node:util'
import { type Outcome, simulate } from './simulate.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    runs: { type: 'string', default: '1' },
    from: { type: 'string', default: '1' },
    verbose: { type: 'boolean', default: false },
  },
})

const first = Number(values.seed ?? values.from)
const runs = values.seed === undefined ? Number(values.runs) : 1
const print = values.verbose ? (line: string) => console.log(line) : undefined

function summary({ seed, seconds, events, digest, failure }: Outcome): string {
  const how = failure === undefined ? 'ok    ' : 'FAILED'
  return `${how} seed ${seed}: ${seconds.toFixed(0)} s, ${events} events, digest ${digest.slice(0, 16)}`
}

let failed = 0
for (let seed = first; seed < first + runs; seed++) {
  const outcome = await simulate(seed, print && { print })
  console.log(summary(outcome))
  if (outcome.failure === undefined) continue
  failed++
  if (!values.verbose) for (const line of outcome.lines.slice(-40)) console.log(`  ${line}`)
  console.log(`  ${outcome.failure.stack}`)
  console.log(`  reproduce: node test/simulation/main.ts --seed ${seed} --verbose`)
}
console.log(`${runs - failed} of ${runs} runs held`)
process.exitCode = failed === 0 ? 0 : 1
