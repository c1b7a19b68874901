import type { Service } from '@reckon/kubernetes'

/**
 * The variables by which a container finds the Services of its namespace that exist when it starts, and the
 * `kubernetes` Service of the default namespace: `REDIS_SERVICE_HOST`, `REDIS_PORT`, and Docker's old names.
 */
export function serviceVariables(
  services: readonly Service[],
  namespace: string,
  enableServiceLinks: boolean,
): Record<string, string> {
  const variables: Record<string, string> = {}
  for (const service of services) {
    const { name } = service.metadata
    const isMaster = name === 'kubernetes' && service.metadata.namespace === 'default'
    const isLinked = enableServiceLinks && service.metadata.namespace === namespace
    if (isMaster || isLinked) Object.assign(variables, variablesOf(service))
  }
  return variables
}

function variablesOf(service: Service): Record<string, string> {
  const host = service.spec.clusterIP
  const ports = service.spec.ports ?? []
  const [first] = ports
  if (!host || host === 'None' || first === undefined) return {}
  const prefix = upper(service.metadata.name)
  const url = (protocol: string, port: number) => `${protocol.toLowerCase()}://${host}:${port}`
  const variables: Record<string, string> = {
    [`${prefix}_SERVICE_HOST`]: host,
    [`${prefix}_SERVICE_PORT`]: `${first.port}`,
    [`${prefix}_PORT`]: url(first.protocol ?? 'TCP', first.port),
  }
  for (const { name, port, protocol = 'TCP' } of ports) {
    if (name) variables[`${prefix}_SERVICE_PORT_${upper(name)}`] = `${port}`
    const link = `${prefix}_PORT_${port}_${protocol}`
    variables[link] = url(protocol, port)
    variables[`${link}_PROTO`] = protocol.toLowerCase()
    variables[`${link}_PORT`] = `${port}`
    variables[`${link}_ADDR`] = host
  }
  return variables
}

const upper = (name: string): string => name.replaceAll('-', '_').toUpperCase()
