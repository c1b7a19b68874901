import { type Command, Option } from 'commander'
import { stringify } from 'yaml'
import { openApi } from '../asking/api-client.ts'
import {
  configureScheduler,
  readSchedulerConfig,
  type SchedulerConfig,
  schedulerConfigOf,
  unconfigureScheduler,
} from '../asking/scheduler-config.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { outputOption } from '../formatting/output-option.ts'

type PolicyOptions = { file?: string; reset?: boolean; output?: string; kubeconfig?: string }

/** `reckon policy`: shows the scheduler's configuration, or changes it while the scheduler runs. */
export function definePolicy(command: Command): void {
  withCluster(command)
    .option('-f, --file <file>', 'place pods by this KubeSchedulerConfiguration from now on')
    .addOption(
      new Option('--reset', "place pods by upstream's defaults from now on").conflicts('file'),
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExamples:\n  reckon policy\n  reckon policy -f packing.yaml\n  reckon policy --reset',
    )
    .action(policy)
}

async function policy({ file, reset, output, kubeconfig }: PolicyOptions): Promise<void> {
  const wanted = file === undefined ? undefined : await readSchedulerConfig(file)
  const api = await openApi(kubeconfig)
  const current = wanted
    ? await configureScheduler(api, wanted)
    : await (reset ? unconfigureScheduler(api) : schedulerConfigOf(api))
  console.log(output === 'json' ? JSON.stringify(current, null, 2) : textOf(current))
}

function textOf({ configuration, digest, position, time, actor }: SchedulerConfig): string {
  const since = position ? `since ${time} by ${actor}, at ${position}` : 'since the beginning'
  if (configuration === null) return `# upstream's defaults, ${since}`
  return `# digest ${digest}, ${since}\n${stringify(configuration).trimEnd()}`
}
