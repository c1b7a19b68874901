import type { TraceNode } from '@reckon/domain'

const nanosOf = (time: string): string => String(BigInt(Date.parse(time)) * 1_000_000n)
const hexOf = (id: string, length: number): string =>
  id.replaceAll('-', '').slice(0, length).padEnd(length, '0')

/** A trace in OpenTelemetry's JSON (OTLP): each event is a span from its cause's time to its own. Pure. */
export function otlpTrace(roots: readonly TraceNode[]): object {
  const traceId = hexOf(roots[0]?.id ?? '', 32)
  const spans = (node: TraceNode, cause?: TraceNode): object[] => {
    const { id, type, stream, author } = node
    const begin = (cause ?? node).author.time
    const attributes = { stream, user: author.user, position: author.position }
    return [
      {
        traceId,
        spanId: hexOf(id, 16),
        ...(cause && { parentSpanId: hexOf(cause.id, 16) }),
        name: type,
        kind: 1,
        startTimeUnixNano: nanosOf(begin),
        // Clocks differ: no span may end before it begins.
        endTimeUnixNano: nanosOf([begin, author.time].sort().at(-1) ?? begin),
        attributes: Object.entries(attributes).map(([key, stringValue]) => ({
          key: `reckon.${key}`,
          value: { stringValue },
        })),
      },
      ...node.children.flatMap((child) => spans(child, node)),
    ]
  }
  const service = { key: 'service.name', value: { stringValue: 'reckon' } }
  const scopeSpans = [{ scope: { name: 'reckon' }, spans: roots.flatMap((root) => spans(root)) }]
  return { resourceSpans: [{ resource: { attributes: [service] }, scopeSpans }] }
}
