import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { type Document, isMap, isSeq, parseDocument } from 'yaml'
import { openApi } from '../asking/api-client.ts'
import { askPosition } from '../asking/ask-position.ts'
import { contextAt, nameAt } from '../contexts/context-at.ts'
import { type File, loadCurrent } from '../contexts/kubeconfig.ts'
import { rewriteFile } from '../contexts/rewrite-file.ts'
import { withCluster } from '../contexts/which-cluster.ts'

type ContextOptions = { use?: boolean; kubeconfig?: string }

/** `reckon context`: adds a context to the kubeconfig for the cluster as it was. */
export function defineContext(command: Command): void {
  withCluster(command)
    .argument('<moment>', 'a duration before now (10m), a time (14:02), a day, or a position')
    .option('--use', 'make it the current context')
    .addHelpText(
      'after',
      `
The moment is found once: what the context shows never changes.
Examples:
  reckon context 10m && kubectl --context reckon@10m get pods -A -o wide
  kubectl config delete-context reckon@10m`,
    )
    .action(context)
}

async function context(moment: string, { use, kubeconfig }: ContextOptions): Promise<void> {
  const position = await askPosition(await openApi(kubeconfig), moment)
  const current = loadCurrent(kubeconfig)
  const name = nameAt(current, moment)
  const [path = ''] = current.files
  const document = parseDocument(readFileSync(path, 'utf8'))
  put(document, contextAt(current, moment, position))
  if (use) document.set('current-context', name)
  await rewriteFile(path, String(document))
  console.log(`${name} is position ${position.position}, at ${position.time}; try
  kubectl ${use ? '' : `--context ${name} `}get pods -A -o wide`)
}

/** Merges one kubeconfig into another; entries of the same name are replaced. */
function put(document: Document, { clusters = [], users = [], contexts = [] }: File): void {
  for (const [field, named] of Object.entries({ clusters, users, contexts })) {
    for (const each of named) {
      const list = document.get(field)
      if (isSeq(list)) {
        list.items = list.items.filter((item) => !isMap(item) || item.get('name') !== each.name)
        list.add(document.createNode(each))
      } else document.set(field, [each])
    }
  }
}
