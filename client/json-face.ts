import type { Writable } from 'node:stream'
import type { Face } from './face.ts'

/** Every event as one line of JSON. */
export function jsonFace(out: Writable): Face {
  return {
    onEvent: (event) => void out.write(`${JSON.stringify(event)}\n`),
    close: async () => undefined,
  }
}
