import { formatReplay, type ReplayReport } from '@reckon/scheduling'
import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { spanFrom } from '../asking/moment.ts'
import { readSchedulerConfig } from '../asking/scheduler-config.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { foldLog } from '../folding/fold-log.ts'
import { outputOption } from '../formatting/output-option.ts'

type ReplayOptions = {
  from?: string
  to?: string
  policy?: string
  output?: string
  kubeconfig?: string
}

/**
 * `reckon replay`: computes the recorded scheduling decisions again from the log; fails if one comes out differently.
 */
export function defineReplay(command: Command): void {
  withCluster(command)
    .option('--from <moment>', 'decisions recorded from there on: a position, 1h30m, 14:02 …')
    .option('--to <moment>', 'up to there')
    .option('--policy <file>', 'by this KubeSchedulerConfiguration, each in the state that it saw')
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExamples:\n  reckon replay\n  reckon replay --from 1h30m\n  reckon replay --policy packing.yaml -o json',
    )
    .action(replay)
}

async function replay({ from, to, policy, output, kubeconfig }: ReplayOptions): Promise<void> {
  const span = spanFrom(from, to)
  const configuration = policy === undefined ? undefined : await readSchedulerConfig(policy)
  const api = await openApi(kubeconfig)
  // Computed here rather than in the api, which only sends the log.
  const report = await foldLog<ReplayReport>(api, {
    ...{ type: 'Replay', span },
    ...(configuration && { configuration }),
  })
  console.log(output === 'json' ? JSON.stringify(report, null, 2) : formatReplay(report).trimEnd())
  if (report.divergences > 0) process.exitCode = 1
}
