import { formatWhatIf, type Supposition, type WhatIfReport } from '@reckon/scheduling'
import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { manifestsIn, nodesIn } from '../asking/manifests.ts'
import { spanFrom } from '../asking/moment.ts'
import { nodeNameFrom } from '../asking/node-name.ts'
import { readSchedulerConfig } from '../asking/scheduler-config.ts'
import { priorityBounds, replicasBounds, workloadNumberFrom } from '../asking/workload-number.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { foldLog } from '../folding/fold-log.ts'
import { outputOption } from '../formatting/output-option.ts'

type WhatIfOptions = {
  policy?: string
  addNode?: string[]
  removeNode?: string[]
  setPriority?: string[]
  scale?: string[]
  filename?: string[]
  namespace?: string
  from?: string
  to?: string
  output?: string
  kubeconfig?: string
}

/** `reckon what-if`: the same history under other assumptions. It only reads. */
export function defineWhatIf(command: Command): void {
  const several = (value: string, before: string[] = []) => [...before, value]
  withCluster(command)
    .option('--policy <file>', 'pods were placed by this KubeSchedulerConfiguration')
    .option('--add-node <file>', 'there were these Nodes, too', several)
    .option('--remove-node <name>', 'there were no such node', several)
    .option('--scale <workload=count>', 'e.g. deployment/web=10', several)
    .option('--set-priority <workload=number>', 'e.g. deployment/web=1000', several)
    .option('-f, --filename <file>', 'these manifests were applied', several)
    .option(
      '--from <moment>',
      'decide anew from there on; now if not said, with --policy from the beginning',
    )
    .option('--to <moment>', 'and leave out what happened after it')
    .option('-n, --namespace <namespace>', "the kubeconfig's, else default")
    .addOption(outputOption())
    .addHelpText(
      'after',
      `
A moment is a position of the log, a duration (1h30m ago), a day (2026-11-25) or a time (14:02).
Examples:
  reckon what-if --add-node large.yaml      would it take what is pending?
  reckon what-if --scale deployment/web=10  would they fit?
  reckon what-if -f new.yaml                would it fit? (a dry run)
  reckon what-if --policy pack.yaml         where had all pods been?
  reckon what-if --remove-node node-3 --from 2h`,
    )
    .action(whatIf)
}

async function whatIf(options: WhatIfOptions): Promise<void> {
  const asked = spanFrom(options.from, options.to)
  const api = await openApi(options.kubeconfig)
  const namespace = options.namespace ?? api.namespace
  const suppositions = await suppositionsOf(options, namespace)
  if (suppositions.length === 0) {
    throw new Error('what should be otherwise? (add --help for what may be)')
  }
  const { from = options.policy ? { position: 0n } : undefined, to } = asked
  const span = { from, to }
  const report = await foldLog<WhatIfReport>(api, { type: 'WhatIf', span, suppositions })
  console.log(
    options.output === 'json' ? JSON.stringify(report, null, 2) : formatWhatIf(report).trimEnd(),
  )
}

async function suppositionsOf(
  options: WhatIfOptions,
  namespace: string,
): Promise<readonly Supposition[]> {
  const { policy, addNode = [], removeNode = [], filename = [] } = options
  const { setPriority = [], scale = [] } = options
  const nodes = await Promise.all(addNode.map(nodesIn))
  const manifests = await Promise.all(filename.map((file) => manifestsIn(file, namespace)))
  return [
    ...(policy
      ? [{ suppose: 'Configured', configuration: await readSchedulerConfig(policy) } as const]
      : []),
    ...nodes.flat().map((node) => ({ suppose: 'NodeAdded', node }) as const),
    ...removeNode.map((text) => ({ suppose: 'NodeRemoved', name: nodeNameFrom(text) }) as const),
    ...setPriority.map((text) => {
      const { of, number } = workloadNumberFrom(text, namespace, priorityBounds)
      return { suppose: 'PrioritySet', of, priority: number } as const
    }),
    ...scale.map((text) => {
      const { of, number } = workloadNumberFrom(text, namespace, replicasBounds)
      return { suppose: 'Scaled', of, replicas: number } as const
    }),
    ...manifests.flat().map((object) => ({ suppose: 'Applied', object }) as const),
  ]
}
