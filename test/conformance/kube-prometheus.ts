import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject } from '@reckon/kubernetes'
import { parse, stringify } from 'yaml'

/** kube-prometheus' `manifests`, of a clone: its files come from no package registry, and are not ours to keep here. */
const folder = process.env.RECKON_KUBE_PROMETHEUS
const files = /^(kube|kubernetes).*prometheusRule\.yaml$/i

export type RuleFile = { name: string; text: string }

/** Why its rules cannot be tested here; false where they can. */
export const missingKubePrometheus = (): string | false =>
  folder ? false : "RECKON_KUBE_PROMETHEUS names no folder of kube-prometheus' manifests"

/**
 * The rules about a cluster of kube-prometheus, as files of Prometheus' own form, each evaluated as often as all others.
 * Those about its own parts (Alertmanager, Grafana, the operator) and about machines (node-exporter) are not among them.
 */
export async function kubePrometheusRules(): Promise<RuleFile[]> {
  if (folder === undefined) return []
  const names = (await readdir(folder)).filter((name) => files.test(name))
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/yaml$/, 'yml'),
      text: stringify({ groups: groupsOf(parse(await readFile(join(folder, name), 'utf8'))) }),
    })),
  )
}

function groupsOf(manifest: unknown): unknown[] {
  const spec = isJsonObject(manifest) ? manifest.spec : undefined
  const groups = isJsonObject(spec) ? spec.groups : undefined
  if (!Array.isArray(groups)) throw new Error('a PrometheusRule has spec.groups')
  return groups.map(({ interval: _, ...group }) => group)
}
