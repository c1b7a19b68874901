import type { ClusterFile, Layout } from '@reckon/supervisor'
import { defaultDataDir } from '../data-dir.ts'
import { readyMark } from './detach.ts'
import { exampleHost, exampleNodePort } from './example.ts'

/** What to try, once everything is ready. */
export function printWelcome(
  layout: Layout,
  { ports, runtime, nodes, advertise }: ClusterFile,
  { example, hasEdge }: { example: boolean; hasEdge: boolean },
): void {
  const ingress = `http://127.0.0.1:${ports.ingressHttp}/`
  const page = `http://127.0.0.1:${exampleNodePort}/`
  const hasPage = example && runtime === 'docker'
  const pages = [page, ...(hasEdge ? [`http://${exampleHost}:${ports.ingressHttp}/`] : [])]
  const addresses = [
    ['API', `https://127.0.0.1:${ports.api}`],
    ['ingress', hasEdge ? ingress : 'none: Envoy is missing ("npm run setup" installs it)'],
    ...(hasPage ? [['page', pages.join('  ')]] : []),
    ['nodes', `${nodes} (${runtime})`],
    ['data', layout.dataDir],
    ...(advertise
      ? [['others', `${advertise}, ports ${ports.api} (API) and ${ports.nats} (NATS)`]]
      : []),
  ]
  const commands = [
    'kubectl get rc,pods,svc,ingress,nodes -o wide',
    ...(hasPage
      ? [
          `curl '${page}guestbook.php?cmd=set&key=messages&value=Hello'`,
          ...(hasEdge
            ? [`curl -H 'Host: ${exampleHost}' '${ingress}guestbook.php?cmd=get&key=messages'`]
            : []),
        ]
      : []),
    ...(example
      ? [
          'kubectl scale rc/frontend --replicas=5',
          'npx reckon why $(kubectl get pods -o name | head -1)',
        ]
      : ['kubectl apply -f examples/guestbook']),
    'npx reckon log --follow',
    'npx reckon status',
  ]
  const exports = [
    ['KUBECONFIG', layout.kubeconfig],
    // Only where the commands would not find it by default.
    ...(layout.dataDir === defaultDataDir() ? [] : [['RECKON_CLUSTER_DIR', layout.dataDir]]),
  ]
  console.log(`
${readyMark}

${addresses.map(([name = '', value]) => `  ${name.padEnd(8)} ${value}`).join('\n')}

${exports.map(([name, value = '']) => `  export ${name}=${shellWord(value)}`).join('\n')}

Try:
${commands.map((command) => `  ${command}`).join('\n')}
${advertise ? '\nAnother machine joins by what "reckon token create" prints.\n' : ''}`)
}

/** Quoted for a shell, as one word. */
const shellWord = (word: string): string =>
  /^[\w/.:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
