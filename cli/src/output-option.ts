import { Option } from 'commander'

/** `-o json`, for programs; anything else is refused. */
export const outputOption = (description = 'for programs'): Option =>
  new Option('-o, --output <format>', description).choices(['json'])
