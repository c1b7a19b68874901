import { readFile } from 'node:fs/promises'
import { readClusterFile } from '@reckon/supervisor'
import type { Command } from 'commander'
import { layoutFor, withDataDir } from '../data-dir.ts'

/** `reckon kubeconfig`: the administrator's kubeconfig. */
export function addKubeconfig(program: Command): void {
  withDataDir(program.command('kubeconfig'))
    .description("print the administrator's kubeconfig")
    .option('--path', 'print where it lies instead')
    .addHelpText(
      'after',
      '\nExamples:\n  export KUBECONFIG=$(reckon kubeconfig --path)\n  reckon kubeconfig > ~/.kube/config',
    )
    .action(async ({ dataDir, path }: { dataDir: string; path?: boolean }) => {
      const layout = layoutFor(dataDir)
      if (!(await readClusterFile(layout))) {
        throw new Error(`there is no cluster in ${layout.dataDir}; "reckon up" starts one`)
      }
      process.stdout.write(
        path ? `${layout.kubeconfig}\n` : await readFile(layout.kubeconfig, 'utf8'),
      )
    })
}
