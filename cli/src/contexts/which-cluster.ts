import { type Command, Option } from 'commander'

/**
 * Options of all commands that ask an API: which one. A cluster of this machine can be named by its folder, as for
 * `reckon up`; its kubeconfig is used then.
 */
export const withCluster = (command: Command): Command =>
  command
    .option('--kubeconfig <file>', 'instead of KUBECONFIG or ~/.kube/config')
    .addOption(
      new Option(
        '--data-dir <folder>',
        'ask the cluster of this machine that "up --data-dir" keeps there',
      ).conflicts('kubeconfig'),
    )
    .hook('preAction', useDataDir)

async function useDataDir(command: Command): Promise<void> {
  const { dataDir } = command.opts<{ dataDir?: string }>()
  if (dataDir === undefined) return
  // Loaded only where it is needed, as each module costs the commands' start.
  const { readOwnCluster } = await import('@reckon/supervisor/reading')
  const { layoutFor } = await import('../data-dir.ts')
  const layout = layoutFor(dataDir)
  await readOwnCluster(layout)
  command.setOptionValue('kubeconfig', layout.kubeconfig)
}
