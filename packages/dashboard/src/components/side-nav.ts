import { type Context, linkTo } from '../context.ts'
import { html } from '../html.ts'
import { titleOf } from '../model/kind.ts'
import type { Words } from '../words/en.ts'

/** Which kinds stand where, those of them that are served. */
const rooms: readonly (readonly [keyof Words & string, readonly string[]])[] = [
  [
    'workloads',
    [
      'pods',
      'deployments.apps',
      'replicasets.apps',
      'statefulsets.apps',
      'daemonsets.apps',
      'jobs.batch',
      'cronjobs.batch',
      'horizontalpodautoscalers.autoscaling',
    ],
  ],
  ['network', ['services', 'ingresses.networking.k8s.io', 'endpointslices.discovery.k8s.io']],
  ['configuration', ['configmaps', 'secrets']],
  ['storage', ['persistentvolumeclaims', 'persistentvolumes', 'storageclasses.storage.k8s.io']],
  ['cluster', ['nodes', 'namespaces', 'customresourcedefinitions.apiextensions.k8s.io']],
]

/** The way to every page. */
export function SideNav({ context }: { context: Context }) {
  const { words, kinds, place } = context
  const [current = ''] = place.path
  const link = (path: string, text: string) => html`<li key=${path}>
    <a href=${linkTo(context, path === '' ? [] : [path])} title=${text} aria-current=${current === path ? 'page' : undefined}>${text}</a>
  </li>`
  return html`<nav class="side" aria-label=${words.pages}>
    <a class="brand" href=${linkTo(context, [])}><span class="logo" aria-hidden="true"></span>Reckon</a>
    <ul>${link('', words.overview)}${link('events', words.events)}${link('changes', words.changes)}${link('timeline', words.timeline)}${link('routes', words.routes)}</ul>
    ${rooms.map(([name, ids]) => {
      const served = ids.flatMap((id) => kinds.find((kind) => kind.id === id) ?? [])
      return (
        served.length > 0 &&
        html`<h2>${words[name]}</h2><ul>${served.map((kind) => link(kind.id, titleOf(kind)))}</ul>`
      )
    })}
    <ul>${link('kinds', words.allKinds)}</ul>
  </nav>`
}
