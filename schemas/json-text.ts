/** The value of a JSON text, or of its bytes; undefined for what is no JSON, or not in UTF-8. */
export function jsonOf(json: string | Uint8Array): unknown {
  try {
    return JSON.parse(
      typeof json === 'string' ? json : new TextDecoder('utf-8', { fatal: true }).decode(json),
    )
  } catch {
    return undefined
  }
}
