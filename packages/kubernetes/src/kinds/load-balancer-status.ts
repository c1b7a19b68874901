import { type FieldError, invalidValue } from '../field-error.ts'
import { isIpAddress, subdomainProblem } from '../name-syntax.ts'

type Addresses = { ingress?: readonly { ip?: string; hostname?: string }[] }

/** What is wrong with where a Service or an Ingress is reached. After upstream's `ValidateLoadBalancerStatus`. */
export const loadBalancerErrors = ({ ingress = [] }: Addresses = {}): FieldError[] =>
  ingress.flatMap(({ ip, hostname }, index) => {
    const at = `status.loadBalancer.ingress[${index}]`
    return [
      ...(ip ? addressErrors(`${at}.ip`, ip) : []),
      ...(hostname ? hostnameErrors(`${at}.hostname`, hostname) : []),
    ]
  })

const addressErrors = (field: string, ip: string): FieldError[] =>
  isIpAddress(ip)
    ? []
    : [invalidValue(field, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)')]

function hostnameErrors(field: string, hostname: string): FieldError[] {
  const problem = subdomainProblem(hostname)
  if (problem) return [invalidValue(field, hostname, problem)]
  if (!isIpAddress(hostname)) return []
  return [invalidValue(field, hostname, 'must be a DNS name, not an IP address')]
}
