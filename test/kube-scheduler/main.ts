import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import {
  answerOf,
  type JudgedNode,
  judgedCluster,
  judgedClusters,
  ownJudgements,
} from '@reckon/scheduling/judged'
import { buildJudge, kubernetes } from './build-judge.ts'

/**
 * Has kube-scheduler's own plugins judge generated clusters, and writes their answers to where a unit test compares
 * ours with them. `--seed N` shows both for one cluster.
 */
const { values } = parseArgs({ options: { seed: { type: 'string' } } })
const seeds = values.seed
  ? [Number(values.seed)]
  : Array.from({ length: judgedClusters }, (_, index) => index + 1)

const judge = await buildJudge()
const clusters = seeds.map(judgedCluster)
const input = clusters.map((cluster) => JSON.stringify(cluster)).join('\n')
const output = execFileSync(judge, { input, encoding: 'utf8', maxBuffer: 1 << 30 })
const lines = output.trimEnd().split('\n')
const judgements = clusters.map(({ wanted }) =>
  lines.splice(0, wanted.length).map((line) => {
    const judged: Record<string, JudgedNode> = JSON.parse(line)
    return new Map(Object.entries(judged))
  }),
)
if (values.seed) {
  const [cluster] = clusters
  console.dir(
    { cluster, kubernetes: judgements[0], own: ownJudgements(seeds[0] ?? 1) },
    { depth: 9 },
  )
} else {
  const file = new URL(
    '../../packages/scheduling/src/placing/kube-scheduler-answers.txt',
    import.meta.url,
  )
  writeFileSync(file, `${judgements.map((each) => each.map(answerOf).join(' ')).join('\n')}\n`)
  console.log(`${clusters.length} clusters judged by the plugins of kube-scheduler ${kubernetes}`)
}
