import { visible } from '../../schemas/hidden-text.ts'
import type { Explanation, Range, Source } from './explanation.ts'

/** An explanation for a terminal: lines of output on the left, where they come from on the right. */
export function explanationText({ name, artifact, files }: Explanation): string {
  const blocks = files.flatMap(({ path, ranges }) => ['', visible(path), ...ranges.flatMap(rangeLines)])
  return `${[`${name}, served in ${artifact}`, ...blocks].join('\n')}\n`
}

function rangeLines({ output, sources }: Range): string[] {
  return sources.map((source, at) => {
    const lines = at === 0 ? span(output) : ''
    return `${lines.padStart(11)}  ${source.kind.padEnd(12)}  ${visible(placeOf(source))}`.trimEnd()
  })
}

function placeOf({ path, lines, note }: Source): string {
  const place = path === null ? '' : `${path}${lines === null ? '' : `:${span(lines)}`}`
  if (note === '') return place
  return place === '' ? note : `${place} (${note})`
}

function span([first, last]: readonly [number, number]): string {
  return first === last ? `${first}` : `${first}-${last}`
}
