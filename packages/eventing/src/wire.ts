/**
 * The subjects and headers of both kinds of wire. `Position` and `Previous` are decimal strings; `Previous` is the
 * position of the message before on the same wire (`-` for the first).
 */
export const positionHeader = 'Position'
export const previousHeader = 'Previous'
/** Present (any value) on a message whose event was too large for the wire: its reader takes it from the log. */
export const oversizedHeader = 'Oversized'

/** The trusted services' wire: one total order with everything in it. The token after `events` is the stream's category. */
export const eventSubject = (category: string): string => `events.${category}`
export const everyEvent = 'events.>'
/** Every second the last position of the trusted wire, unrecorded. */
export const eventsHead = 'head.events'

/** One node's wire: whole objects, only what the node may know. */
export const nodeEvents = (node: string): string => `nodes.${node}.events`
export const nodeHead = (node: string): string => `head.nodes.${node}`
/** A node asks for everything that it may know, as of one position; answered in several messages. */
export const nodeRead = (node: string): string => `nodes.${node}.read`
/** A node reports what it has seen: request and reply, to one of the apis. */
export const nodeReports = (node: string): string => `nodes.${node}.reports`
export const nodeHeartbeat = (node: string): string => `nodes.${node}.heartbeat`
/** Each proxy publishes the wire position that it has applied. */
export const nodeApplied = (node: string): string => `applied.${node}`
export const everyApplied = 'applied.*'
/** The active instance of a service answers here with its term. */
export const termOf = (service: string): string => `terms.${service}`

/** `pods` of `pods-default/web-1`: what stands before the first `-`. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash)
}
