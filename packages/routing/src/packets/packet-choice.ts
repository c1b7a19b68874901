/** The entry of a connection: an address of the Service, or a port on any address of the machine. */
export type Front = 'address' | 'node-port'

/** How one of several endpoints is selected. */
export type Choice = {
  front: Front
  count: number
  /** The number of the first endpoint. */
  offset: number
  isMasqueraded: boolean
  affinitySeconds: number | undefined
}

/** Marks connections that these rules have translated (ct mark). */
export const serviceMark = '0x8000'
/** Marks connections whose source becomes this machine's address. */
export const masqueradeMark = '0x4000'
/** Marks connections whose client was told that they have ended. */
export const toldMark = '0x2000'

/** The key of a front's maps. */
const frontKey: Record<Front, string> = {
  address: 'ip daddr . meta l4proto . th dport',
  'node-port': 'meta l4proto . th dport',
}

/** The chain for a selection, shared by all equal ones. */
export function choiceChain(choice: Choice): { name: string; rules: readonly string[] } {
  const { front, count, offset, isMasqueraded, affinitySeconds } = choice
  const words = [
    ...[front, count],
    ...(offset > 0 ? ['outside'] : []),
    ...(isMasqueraded ? ['masquerade'] : []),
    ...(affinitySeconds === undefined ? [] : ['sticky', affinitySeconds]),
  ]
  const marks = isMasqueraded ? `${serviceMark} | ${masqueradeMark}` : serviceMark
  const draw = `meta mark set numgen random mod ${count} offset ${offset}`
  return {
    name: words.join('-'),
    rules: [
      `ct mark set ct mark | ${marks}`,
      ...(affinitySeconds === undefined
        ? [draw, translate(front)]
        : stickyRules(front, draw, affinitySeconds)),
    ],
  }
}

/** A rule ends where a map lacks the key; the next rule is then tried. */
const translate = (front: Front): string =>
  `meta l4proto { tcp, udp } dnat ip to ${frontKey[front]} . meta mark map @${front}-endpoints`

/**
 * Session affinity: the endpoint that the client used last, as long as it is an endpoint and the timeout has not
 * passed; otherwise a random one, which is stored. The old entry is deleted first, because `update` keeps its value.
 */
function stickyRules(front: Front, draw: string, seconds: number): string[] {
  const client = 'ip saddr . ip daddr . meta l4proto . th dport'
  const remember = `update @affinity { ${client} timeout ${seconds}s : meta mark }`
  return [
    `meta mark set ${client} map @affinity ${remember} ${translate(front)}`,
    draw,
    `meta mark set ${frontKey[front]} . meta mark map @${front}-endpoint-ids`,
    `delete @affinity { ${client} : 0 }`,
    remember,
    translate(front),
  ]
}
