import { formatWhatIf, type Supposition, type WhatIfReport } from '@reckon/scheduling'
import type { Command } from 'commander'
import { openApi } from '../asking/api-client.ts'
import { manifestsIn, nodesIn } from '../asking/manifests.ts'
import { momentFrom } from '../asking/moment.ts'
import { readSchedulerConfig } from '../asking/scheduler-config.ts'
import { workloadNameFrom } from '../asking/workload-name.ts'
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

/** `reckon what-if`: the same history with something else. It only reads. */
export function defineWhatIf(command: Command): void {
  const several = (value: string, before: string[] = []) => [...before, value]
  command
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
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
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
  const api = await openApi(options.kubeconfig)
  const namespace = options.namespace ?? api.namespace
  const suppositions = await suppositionsOf(options, namespace)
  if (suppositions.length === 0) {
    throw new Error('what should be otherwise? (add --help for what may be)')
  }
  const from = momentFrom('--from', options.from) ?? (options.policy ? { position: 0n } : undefined)
  const span = { from, to: momentFrom('--to', options.to) }
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
  const counts = (option: string, texts: readonly string[] = []) =>
    texts.map((text) => numbered(option, text, namespace))
  const nodes = await Promise.all(addNode.map(nodesIn))
  const manifests = await Promise.all(filename.map((file) => manifestsIn(file, namespace)))
  return [
    ...(policy
      ? [{ suppose: 'Configured', configuration: await readSchedulerConfig(policy) } as const]
      : []),
    ...nodes.flat().map((node) => ({ suppose: 'NodeAdded', node }) as const),
    ...removeNode.map((name) => ({ suppose: 'NodeRemoved', name }) as const),
    ...counts('--set-priority', options.setPriority).map(
      ({ of, number }) => ({ suppose: 'PrioritySet', of, priority: number }) as const,
    ),
    ...counts('--scale', options.scale).map(
      ({ of, number }) => ({ suppose: 'Scaled', of, replicas: number }) as const,
    ),
    ...manifests.flat().map((object) => ({ suppose: 'Applied', object }) as const),
  ]
}

function numbered(option: string, text: string, namespace: string) {
  const [, workload = '', number] = /^(.+)=(-?\d+)$/.exec(text) ?? []
  if (number === undefined) throw new Error(`${option}: "${text}" is no deployment/web=10`)
  return { of: workloadNameFrom(workload, namespace), number: Number(number) }
}
