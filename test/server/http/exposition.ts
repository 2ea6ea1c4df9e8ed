/**
 * Reads the text format of Prometheus, version 0.0.4, and refuses what its description does not say: HELP and TYPE
 * before the samples, the samples of a family together, no series twice, escapes, and buckets that add up.
 */
import { expect } from 'vitest'

/** One line that says how much. */
export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** A metric, and all that is said of it. */
export interface Family {
  readonly type: string
  readonly help: string
  readonly samples: readonly Sample[]
}

const HEAD = /^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/
const SAMPLE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\["\\n])*)"/y
const NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i
const TYPES = /^(counter|gauge|histogram|summary|untyped)$/
const ESCAPED: Readonly<Record<string, string>> = { n: '\n', '"': '"', '\\': '\\' }

/** Every family of a text, by its name. */
export function readExposition(text: string): ReadonlyMap<string, Family> {
  expect(text, 'the last line ends').toMatch(/\n$/)
  const reader = new Reader()
  for (const [at, line] of text.slice(0, -1).split('\n').entries()) {
    const why = reader.problemWith(line)
    if (why !== undefined) expect.fail(`line ${at + 1}, ${JSON.stringify(line)}: ${why}`)
  }
  for (const [name, family] of reader.families)
    if (family.type === 'histogram') expectToAddUp(name, family.samples)
  return reader.families
}

class Reader {
  readonly families = new Map<string, Family & { readonly samples: Sample[] }>()
  readonly #helps = new Map<string, string>()
  readonly #seen = new Set<string>()
  #open = ''

  problemWith(line: string): string | undefined {
    if (line === '') return undefined
    return line.startsWith('#') ? this.#head(line) : this.#sample(line)
  }

  #head(line: string): string | undefined {
    const [, kind, name = '', rest = ''] = HEAD.exec(line) ?? []
    if (kind === undefined) return 'neither HELP nor TYPE'
    if (kind === 'HELP') {
      if (this.#helps.has(name)) return 'a second HELP'
      this.#helps.set(name, rest)
      return /^(?:[^\\]|\\[\\n])*$/.test(rest) ? undefined : 'an escape that is none'
    }
    const help = this.#helps.get(name)
    if (this.families.has(name)) return 'a second TYPE'
    if (help === undefined) return 'no HELP before it'
    if (!TYPES.test(rest)) return 'no such type'
    this.families.set(name, { type: rest, help, samples: [] })
    this.#open = name
    return undefined
  }

  #sample(line: string): string | undefined {
    const [, name = '', written = '', number = ''] = SAMPLE.exec(line) ?? []
    const labels = labelsOf(written)
    const value = numberOf(number)
    const family = this.families.get(this.#open)
    if (name === '' || labels === undefined || value === undefined) return 'no sample'
    if (family === undefined || !belongs(name, this.#open, family)) return 'not among those of its family'
    if (family.type !== 'gauge' && value < 0) return 'less than none'
    const series = JSON.stringify([name, Object.entries(labels).sort()])
    if (this.#seen.has(series)) return 'the same series twice'
    this.#seen.add(series)
    family.samples.push({ name, labels, value })
    return undefined
  }
}

function belongs(name: string, family: string, { type }: Family): boolean {
  if (type === 'histogram') return ['_bucket', '_sum', '_count'].some((end) => name === family + end)
  return name === family || (type === 'summary' && ['_sum', '_count'].some((end) => name === family + end))
}

function labelsOf(written: string): Readonly<Record<string, string>> | undefined {
  const labels = new Map<string, string>()
  for (let at = 0; at < written.length; at += 1) {
    LABEL.lastIndex = at
    const [whole, name = '', value = ''] = LABEL.exec(written) ?? []
    if (whole === undefined || labels.has(name)) return undefined
    labels.set(
      name,
      value.replace(/\\(.)/g, (_, letter: string) => ESCAPED[letter] ?? ''),
    )
    at += whole.length
    if (at < written.length && written[at] !== ',') return undefined
  }
  return Object.fromEntries(labels)
}

function numberOf(number: string): number | undefined {
  if (NUMBER.test(number)) return Number(number)
  return { '+Inf': Number.POSITIVE_INFINITY, '-Inf': Number.NEGATIVE_INFINITY, NaN: Number.NaN }[number]
}

/** Each bucket holds what those below it hold, the last one everything. */
function expectToAddUp(name: string, samples: readonly Sample[]): void {
  const bySeries = Map.groupBy(samples, ({ labels: { le: _, ...others } }) => JSON.stringify(others))
  for (const [series, all] of bySeries) {
    const of = (end: string) => all.filter((sample) => sample.name === name + end)
    const buckets = of('_bucket').map(({ labels, value }) => ({ le: numberOf(labels.le ?? ''), value }))
    const told = `${name} ${series}`
    expect([of('_sum').length, of('_count').length], told).toEqual([1, 1])
    expect(buckets.at(-1), told).toEqual({ le: Number.POSITIVE_INFINITY, value: of('_count')[0]?.value })
    expect(
      buckets.map(({ le }) => le),
      told,
    ).toEqual(buckets.map(({ le }) => le).sort((a = Number.NaN, b = Number.NaN) => a - b))
    const counts = buckets.map(({ value }) => value)
    expect(counts, told).toEqual(counts.toSorted((a, b) => a - b))
  }
}
