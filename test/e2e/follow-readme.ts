import { mkdir, readFile, symlink } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { runStep } from '../conformance/run-script.ts'
import { parseScript, type Step } from '../conformance/script.ts'
import { helmPath } from '../helm.ts'
import { root } from '../run-tests.ts'
import type { TestCluster } from './cluster.ts'
import { Terminal } from './terminal.ts'

/**
 * Commands that only read: they are repeated until they print what is expected, because a reader waits a moment, too.
 */
const looks = /^(kubectl (get|describe|logs|exec|auth)|curl|reckon (access-log|log|route|why)) /

/**
 * Follows a document as a reader does: types each command of its `console` blocks, one after the other in one shell, at
 * the top of the repository; the first with unexpected output fails.
 */
export async function followReadme(path: string, cluster: TestCluster): Promise<void> {
  const terminal = new Terminal({ cwd: root, env: await readersEnv(cluster) })
  try {
    for (const step of stepsOf(await readFile(`${root}${path}`, 'utf8'))) {
      await runStep(path, step, (command) => terminal.type(command))
    }
  } finally {
    terminal.close()
  }
}

function stepsOf(markdown: string): readonly Step[] {
  return [...markdown.matchAll(/^```console\n(.*?)^```$/gms)].flatMap(
    ({ 1: block = '', index }) => {
      const before = markdown.slice(0, index).split('\n').length
      return parseScript(block).map((step) => ({
        ...step,
        line: step.line + before,
        isEventual: looks.test(step.command),
      }))
    },
  )
}

/** A reader's programs: the newest kubectl, Helm where it is installed, `reckon`, and the cluster's kubeconfig. */
async function readersEnv({ dataDir, kubectlPath, env }: TestCluster): Promise<NodeJS.ProcessEnv> {
  const folder = join(dataDir, 'bin')
  if ((await mkdir(folder, { recursive: true })) !== undefined) {
    await symlink(kubectlPath, join(folder, 'kubectl'))
    if (helmPath !== undefined) await symlink(helmPath, join(folder, 'helm'))
  }
  const path = [folder, join(root, 'node_modules/.bin'), process.env.PATH]
  return { ...env, PATH: path.join(delimiter), RECKON_CLUSTER_DIR: dataDir }
}
