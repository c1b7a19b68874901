import type { ScalingDecision } from '@reckon/domain'
import type { HorizontalPodAutoscaler } from '@reckon/kubernetes'
import { formatAutoscaler, type Scaling } from '../formatting/format-autoscaler.ts'
import { type ApiClient, ApiRefusal, expectJson } from './api-client.ts'

type Autoscaler = { namespace: string; name: string }

const names = ['hpa', 'horizontalpodautoscaler', 'horizontalpodautoscalers']

/** Parses `hpa/web`; undefined where the text names something else. */
export function autoscalerNameFrom(text: string, namespace: string): Autoscaler | undefined {
  const [, type = '', name = ''] = /^([^/]+)\/([^/]+)$/.exec(text) ?? []
  const [named = ''] = type.toLowerCase().split('.')
  return names.includes(named) && name !== '' ? { namespace, name } : undefined
}

/** Explains why an autoscaler scaled, from what it recorded, even if it is deleted. As text, or as JSON. */
export async function whyAutoscaler(
  api: ApiClient,
  { namespace, name }: Autoscaler,
  output: string | undefined,
): Promise<string> {
  const [space, own] = [namespace, name].map(encodeURIComponent)
  const path = `/apis/autoscaling/v2/namespaces/${space}/horizontalpodautoscalers/${own}`
  const answer = await api.ask('GET', path)
  const autoscaler = answer.code === 404 ? undefined : expectJson<HorizontalPodAutoscaler>(answer)
  const stream = `horizontalpodautoscalers.autoscaling-${namespace}/${name}`
  const { isThere, scalings } = await scalingsIn(api, stream)
  if (!isThere) throw new ApiRefusal(`horizontalpodautoscalers.autoscaling "${name}" not found`)
  if (output === 'json') return JSON.stringify({ autoscaler, scalings }, null, 2)
  return formatAutoscaler({ name: `hpa/${name}`, autoscaler, scalings })
}

type Line = { data?: { scaling?: ScalingDecision }; metadata?: { time?: string } }

async function scalingsIn(
  api: ApiClient,
  stream: string,
): Promise<{ isThere: boolean; scalings: readonly Scaling[] }> {
  const query = new URLSearchParams({ stream })
  const scalings: Scaling[] = []
  let isThere = false
  for await (const line of api.lines(`/apis/history.reckon.dev/v1/events?${query}`)) {
    isThere = true
    const { data, metadata } = JSON.parse(line) as Line
    if (data?.scaling) scalings.push({ time: metadata?.time ?? '', decision: data.scaling })
  }
  return { isThere, scalings }
}
