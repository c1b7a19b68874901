import { once } from 'node:events'
import { type Command, Option } from 'commander'
import { loadAccess } from '../contexts/kubeconfig.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { startDashboardProxy } from '../dashboard/dashboard-proxy.ts'
import { openBrowser } from '../dashboard/open-browser.ts'
import { portOf } from '../options.ts'

type DashboardOptions = { port: number; open: boolean; kubeconfig?: string }

/** `reckon dashboard`: opens the cluster in the browser, as the kubeconfig's user. */
export function defineDashboard(command: Command): void {
  withCluster(command)
    .addOption(
      new Option('--port <port>', 'on loopback').argParser(portOf).default(0, 'any free one'),
    )
    .option('--no-open', 'only print the link')
    .addHelpText(
      'after',
      `
The link works once, within a minute; the session lasts until this command ends (Ctrl-C).
Examples:
  reckon dashboard
  reckon dashboard --no-open --port 8001`,
    )
    .action(dashboard)
}

async function dashboard({ port, open, kubeconfig }: DashboardOptions): Promise<void> {
  const proxy = await startDashboardProxy(await loadAccess(kubeconfig), port)
  const link = proxy.link()
  console.log(`The dashboard is at\n  ${link}`)
  if (open) openBrowser(link)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  await proxy.close()
}
