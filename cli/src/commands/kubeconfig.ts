import { readFile } from 'node:fs/promises'
import { readOwnCluster } from '@reckon/supervisor/reading'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'

/** `reckon kubeconfig`: prints the administrator's kubeconfig. */
export function defineKubeconfig(command: Command): void {
  withDataDir(command)
    .option('--path', 'print where it lies instead')
    .addHelpText(
      'after',
      '\nExamples:\n  export KUBECONFIG=$(reckon kubeconfig --path)\n  reckon kubeconfig > ~/.kube/config',
    )
    .action(async ({ dataDir, path }: { dataDir: string; path?: boolean }) => {
      const layout = layoutFor(dataDir)
      await readOwnCluster(layout)
      process.stdout.write(
        path ? `${layout.kubeconfig}\n` : await readFile(layout.kubeconfig, 'utf8'),
      )
    })
}
