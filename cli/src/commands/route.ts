import { formatRoute, type RouteAnswer } from '@reckon/routing/formatting'
import type { Command } from 'commander'
import { expectJson, openApi } from '../asking/api-client.ts'
import { momentParameter } from '../asking/moment.ts'
import { withCluster } from '../contexts/which-cluster.ts'
import { outputOption } from '../formatting/output-option.ts'

type RouteOptions = { at?: string; output?: string; kubeconfig?: string }

/** `reckon route`: where a request is or was routed, and which events caused it. */
export function defineRoute(command: Command): void {
  withCluster(command)
    .argument('<host>', 'the host of the request')
    .argument('[path]', 'its path', '/')
    .option(
      '--at <moment>',
      'where it went then: a duration before now (10m), a time (14:02), a day, or a position',
    )
    .addOption(outputOption())
    .addHelpText(
      'after',
      '\nExamples:\n  reckon route shop.test /cart\n  reckon route shop.test /cart --at 10m',
    )
    .action(route)
}

async function route(host: string, path: string, options: RouteOptions): Promise<void> {
  const api = await openApi(options.kubeconfig)
  const query = new URLSearchParams({
    host,
    path,
    ...(options.at && { at: momentParameter('--at', options.at) }),
  })
  const answer = expectJson<RouteAnswer>(
    await api.ask('GET', `/apis/history.reckon.dev/v1/route?${query}`),
  )
  console.log(options.output === 'json' ? JSON.stringify(answer, null, 2) : formatRoute(answer))
}
