import type { Writable } from 'node:stream'
import type { Face } from '../face.ts'

/** Every event as one line of JSON. A reader that goes away does not end the run. */
export function jsonFace(out: Writable): Face {
  out.on('error', () => undefined)
  return {
    onEvent: (event) => void out.write(`${JSON.stringify(event)}\n`),
    close: async () => undefined,
  }
}
