/** What an agent prompt says, before it is written in some style. */
export interface Header {
  readonly type: string
  readonly flow: string
  readonly more: readonly (readonly [key: string, value: string])[]
  readonly lists: readonly (readonly [key: string, items: readonly string[]])[]
}

type Style = (header: Header) => string

const pairs = ({ type, flow, more }: Header) => [['type', type], ['flow', flow], ...more] as const
const flat = (items: readonly string[]) => `[${items.join(', ')}]`
const lines = (all: readonly string[]) => `${all.join('\n')}\n`

const block = (key: string, items: readonly string[], dash: string) =>
  items.length === 0 ? [`${key}: []`] : [`${key}:`, ...items.map((item) => `${dash}${item}`)]

/** The ways in which YAML lets an author write one header; all mean the same. */
export const STYLES: readonly Style[] = [
  (header) =>
    lines([
      ...pairs(header).map(([key, value]) => `${key}: ${value}`),
      ...header.lists.map(([key, items]) => `${key}: ${flat(items)}`),
    ]),
  (header) =>
    lines([
      ...header.lists.flatMap(([key, items]) => block(key, items, '  - ')),
      ...pairs(header).map(([key, value]) => `${key}: ${value}`),
    ]),
  (header) =>
    lines([
      ...pairs(header).map(([key, value]) => `${key}:   ${value}   `),
      ...header.lists.flatMap(([key, items]) => block(key, items, '- ')),
    ]),
  (header) =>
    lines([
      '# What this prompt is for stands in its body.',
      '',
      ...pairs(header).flatMap(([key, value]) => [`${key}: ${value} # ${key}`, '']),
      ...header.lists.map(([key, items]) => `${key}: ${flat(items)} # a list`),
    ]),
  (header) =>
    lines([
      ...pairs(header).map(([key, value]) => `"${key}": ${value}`),
      ...header.lists.map(([key, items]) => `'${key}': [ ${items.map((item) => `"${item}"`).join(' , ')} ]`),
    ]),
  (header) =>
    lines([
      ...header.lists.map(
        ([key, items]) => `${key}: [\n${items.map((item) => `    ${item},\n`).join('')}  ]`,
      ),
      ...[...pairs(header)].reverse().map(([key, value]) => `${key} : ${value}`),
    ]),
  (header) =>
    lines([
      `{${[
        ...pairs(header).map(([key, value]) => `${key}: ${value}`),
        ...header.lists.map(([key, items]) => `${key}: ${flat(items)}`),
      ].join(',\n  ')}}`,
    ]),
  (header) =>
    lines([
      ...pairs(header).map(([key, value]) => `? ${key}\n: ${value}`),
      ...header.lists.map(([key, items]) => `${key}: ${flat(items.map((item) => `'${item}'`))}`),
    ]),
  (header) =>
    lines([
      ...pairs(header).map(([key, value]) =>
        /^[a-z][a-z-]*$/.test(value) && value !== 'true' ? `${key}: >-\n  ${value}` : `${key}: ${value}`,
      ),
      ...header.lists.map(([key, items]) => `${key}: ${flat(items)}`),
    ]),
]
