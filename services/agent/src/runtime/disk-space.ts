/** How large a disk is, and how much of it nobody has taken. */
export type DiskSpace = {
  capacityBytes: number
  availableBytes: number
  /** The kernel's number of it, by which it is known what lies there. */
  device?: number
}

/** What one attempt of a container, or a sandbox, has written beside its image, and into its log. */
export type WrittenBytes = { podUid: string; container: string; bytes: number }

/** An image that is on the machine. */
export type SeenImage = {
  /** As pods name it. */
  name: string
  bytes: number
  /** A container was made of it and is there, whosever that is. */
  isUsed: boolean
  /** A registry has it, too: what somebody has built here is not to be had again. */
  isElsewhere: boolean
}
