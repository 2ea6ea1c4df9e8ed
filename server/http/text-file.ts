import { digestOf } from '../../schemas/digest.ts'
import { codedOnce, type ServedFile } from '../store/served-release.ts'

/** A text as a file that can be sent; it is coded when somebody first asks. */
export function textFile(text: string, mediaType: string): ServedFile {
  const bytes = new TextEncoder().encode(text)
  return codedOnce({ name: 'text', bytes, digest: digestOf(bytes), mediaType })
}

/** A JSON value as such a file. */
export function jsonFile(value: object): ServedFile {
  return textFile(jsonText(value), 'application/json')
}

/** Makes files of JSON values that may be others each time; the same value as last is the same file, coded once. */
export function jsonFiles(): (value: object) => ServedFile {
  let last: { readonly text: string; readonly file: ServedFile } | undefined
  return (value) => {
    const text = jsonText(value)
    if (last?.text !== text) last = { text, file: textFile(text, 'application/json') }
    return last.file
  }
}

function jsonText(value: object): string {
  return `${JSON.stringify(value, null, 1)}\n`
}
