/** Where connections come in: at an address of the Service's own, or at a port of any address of the machine. */
export type Front = 'address' | 'node-port'

/** How one of several endpoints is chosen. */
export type Choice = {
  front: Front
  count: number
  /** The number of the first of them. */
  offset: number
  isMasqueraded: boolean
  affinitySeconds: number | undefined
}

/** Marks connections that these rules have led somewhere (ct mark). */
export const serviceMark = '0x8000'
/** Marks those whose source is replaced by this machine's address. */
export const masqueradeMark = '0x4000'
/** Marks those of which the client was told that they have ended. */
export const toldMark = '0x2000'

/** By what a front's maps are asked. */
const frontKey: Record<Front, string> = {
  address: 'ip daddr . meta l4proto . th dport',
  'node-port': 'meta l4proto . th dport',
}

/** The chain that makes the choice: the same for all that choose alike. */
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

/** A rule ends where a map has no such key: then the next one is tried. */
const translate = (front: Front): string =>
  `meta l4proto { tcp, udp } dnat ip to ${frontKey[front]} . meta mark map @${front}-endpoints`

/**
 * Whom the client was led to last, as long as that is an endpoint and the client came within the timeout; else one that
 * is drawn, and remembered. What is remembered has to be forgotten first: `update` leaves the value as it was.
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
