/** A file of a volume: `mode` as chmod takes it. */
export type VolumeFile = { content: Uint8Array; mode: number }

/** What a volume holds when its pod starts. What came from a Secret stays in memory, off the machine's disk. */
export type VolumeContent =
  | { type: 'Files'; volume: string; files: ReadonlyMap<string, VolumeFile>; medium?: 'Memory' }
  | { type: 'Empty'; volume: string; medium: 'Disk' | 'Memory'; bytesMax?: number }
  | { type: 'HostPath'; volume: string; path: string; check: string }

/** Where the volumes of pods and the files mounted into their containers lie. What the machine refuses is a `RuntimeRefusal`. */
export interface PodDisk {
  /**
   * Makes the volume, or brings its files up to date: a reader sees the old files or the new ones, never a mixture.
   * Refuses with `Invalid` what the machine does not have.
   */
  place(podUid: string, content: VolumeContent): Promise<void>
  /** The path to mount; with `subPath` one inside the volume, made as a directory where it is missing. */
  pathOf(podUid: string, content: VolumeContent, subPath?: string): Promise<string>
  /** The pods that have anything here. */
  pods(): Promise<readonly string[]>
  /** Removes everything of the pod; nothing happens where there is nothing. */
  remove(podUid: string): Promise<void>
}
