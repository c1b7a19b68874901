/** A JSON object. */
export type JsonObject = { [field: string]: unknown }

/** Whether a value is a JSON object, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Sets a field as data even where its name means something to JavaScript. */
export function setField(object: JsonObject, field: string, value: unknown): void {
  if (field !== '__proto__') object[field] = value
}
