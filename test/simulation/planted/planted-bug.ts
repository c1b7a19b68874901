/** A guard that is left out of production code, or turned round: what the simulation must find. */
export type PlantedBug = {
  /** What then happens, as a sentence. */
  name: string
  /** From the root of the repository. */
  file: string
  /** A passage that is in the file exactly once. */
  text: string
  /** What stands in its place. */
  by: string
  /**
   * One that showed it once, where not the first ones do: it is tried before them. After a change of code it is another
   * run.
   */
  seed?: number
  /** Few seeds show it, so that only the long form looks for it. */
  isRare?: true
}
