/** The size of a disk, and how much of it is free. */
export type DiskSpace = {
  capacityBytes: number
  availableBytes: number
  /** The kernel's device number. */
  device?: number
}

/** The bytes that an attempt of a container, or a sandbox, has written besides its image, including its log. */
export type WrittenBytes = { podUid: string; container: string; bytes: number }

/** An image that is on the machine. */
export type SeenImage = {
  /** As named by pods. */
  name: string
  bytes: number
  /** Whether a container uses it, whoever owns that. */
  isUsed: boolean
  /** Whether a registry has it: an image that was only built here could not be restored. */
  isElsewhere: boolean
}
