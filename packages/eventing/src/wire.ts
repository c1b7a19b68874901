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

/** The active instance of a service answers here with its term. */
export const termOf = (service: string): string => `terms.${service}`

/** `pods` of `pods-default/web-1`: what stands before the first `-`. */
export const categoryOf = (stream: string): string => {
  const dash = stream.indexOf('-')
  return dash < 0 ? stream : stream.slice(0, dash)
}
