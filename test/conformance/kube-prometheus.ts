import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isJsonObject } from '@reckon/kubernetes'
import { parse, stringify } from 'yaml'

/** kube-prometheus' `manifests`, of a clone: its files come from no package registry, and are not ours to keep here. */
const folder = process.env.RECKON_KUBE_PROMETHEUS
const files = /^(kube|kubernetes).*prometheusRule\.yaml$/i

/** Why its rules cannot be tested here; false where they can. */
export const missingKubePrometheus = (): string | false =>
  folder ? false : "RECKON_KUBE_PROMETHEUS names no folder of kube-prometheus' manifests"

/**
 * Writes the rules about a cluster as files of Prometheus' own form, each evaluated as often as all others. Those about
 * its own parts (Alertmanager, Grafana, the operator) and about machines (node-exporter) are left out.
 */
export async function writeKubePrometheusRules(target: string): Promise<void> {
  if (folder === undefined) return
  for (const name of (await readdir(folder)).filter((each) => files.test(each))) {
    const groups = groupsOf(parse(await readFile(join(folder, name), 'utf8')))
    await writeFile(join(target, name.replace(/yaml$/, 'yml')), stringify({ groups }))
  }
}

function groupsOf(manifest: unknown): unknown[] {
  const spec = isJsonObject(manifest) ? manifest.spec : undefined
  const groups = isJsonObject(spec) ? spec.groups : undefined
  if (!Array.isArray(groups)) throw new Error('a PrometheusRule has spec.groups')
  return groups.map(({ interval: _, ...group }) => group)
}
