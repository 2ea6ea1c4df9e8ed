import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import matter from 'gray-matter'
import { afterAll, describe, expect, test } from 'vitest'
import { discover } from '../../build/discover.ts'
import { gatherAndFetch } from '../../build/gather.ts'
import { build } from '../../build/pipeline.ts'
import { type Diagnostic, diagnosticSchema } from '../../schemas/diagnostic.ts'
import { honestDocuments } from './honest/documents.ts'

const CORPUS = join(import.meta.dirname, '../fixtures/corpus')
const MALFORMED = join(CORPUS, 'malformed')
const HONEST = join(CORPUS, 'honest')
const CASES = readdirSync(MALFORMED)
const cache = mkdtempSync(join(tmpdir(), 'mill-corpus-'))
afterAll(() => rmSync(cache, { recursive: true }))

type Place = Pick<Diagnostic, 'path' | 'line' | 'column' | 'code'>

async function findings(dir: string): Promise<readonly Diagnostic[]> {
  const { signal } = new AbortController()
  const { tree } = await gatherAndFetch(dir, { cache, offline: true, updateLock: false, signal })
  return build(tree).diagnostics
}

function expectedIn(name: string): Place[] {
  return JSON.parse(readFileSync(join(MALFORMED, name, 'expected.json'), 'utf8'))
}

const written = ({ path, line, column, code }: Place) => `${path}:${line}:${column} ${code}`

describe('build() finds what is wrong with each malformed tree, where it is, and no other error', () => {
  test.each(CASES)('%s', async (name) => {
    const found = await findings(join(MALFORMED, name))
    const expected = expectedIn(name).map(written)
    expect(found.map(written)).toEqual(expect.arrayContaining(expected))
    const errors = found.filter(({ severity }) => severity === 'error').map(written)
    expect(errors.filter((error) => !expected.includes(error))).toEqual([])
    expect(errors.length).toBeGreaterThan(0)
    for (const diagnostic of found) {
      expect(diagnosticSchema.parse(diagnostic)).toEqual(diagnostic)
      expect(diagnostic.message).not.toMatch(/\.$|undefined|\[object|Invalid input/)
    }
  })
})

test('the corpus holds at least 250 malformed trees and 400 honest documents', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(250)
  expect(honestDocuments().size).toBeGreaterThanOrEqual(400)
})

test('build() has no error to tell of any honest document', async () => {
  const errors = (await findings(HONEST)).filter(({ severity }) => severity === 'error')
  expect(errors).toEqual([])
})

test('the honest documents are those that honestDocuments() writes', async () => {
  const { files } = await discover(HONEST)
  const onDisk = new Map(
    files.map(({ path, bytes }) => [path, new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)]),
  )
  const written = [...honestDocuments()].filter(([path]) => !path.endsWith('README.md'))
  expect([...onDisk].sort()).toEqual(written.sort())
})

/** Codes that need more bytes than a repository should hold, a second tool, or are no errors. */
const ELSEWHERE = ['parse/yaml-size', 'validate/not-served', 'scripts/not-bundled']

test('the corpus shows every code of the stages from parse to link', () => {
  const codes = new Set(CASES.flatMap(expectedIn).map(({ code }) => code))
  const missing = [...codesIn('parse|validate|expand|link|scripts')].filter(
    (code) => !codes.has(code as never),
  )
  expect(missing.sort()).toEqual([...ELSEWHERE].sort())
})

test('every code that no folder can bring about is shown by another test', () => {
  const tests = sources(import.meta.dirname).filter(({ path }) => !path.endsWith('corpus.test.ts'))
  const shown = new Set(CASES.flatMap(expectedIn).map(({ code }) => code as string))
  const told = (code: string) => tests.some(({ text }) => text.includes(code))
  const world = [...codesIn('discover|fetch|example'), ...ELSEWHERE]
  expect(world.filter((code) => !shown.has(code as never) && !told(code))).toEqual([])
})

test('a parser with its defaults lets pass what the corpus refuses', () => {
  const prompts = CASES.map((name) => join(MALFORMED, name, 'agents/demo/task.md')).flatMap((path) => {
    try {
      return [readFileSync(path, 'utf8')]
    } catch {
      return []
    }
  })
  // Executing what it reads is one of its defaults; the bodies of these fences end the process.
  const harmless = prompts.filter((text) => !/^---\s*(js|javascript)/i.test(text))
  const accepted = harmless.filter((text) => {
    try {
      matter(text)
      return true
    } catch {
      return false
    }
  })
  console.log(
    `gray-matter with its defaults takes ${accepted.length} of ${harmless.length} malformed prompts without a word`,
  )
  expect(harmless.length).toBeGreaterThan(100)
})

interface Source {
  readonly path: string
  readonly text: string
}

function sources(dir: string): Source[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }))
}

function codesIn(stages: string): ReadonlySet<string> {
  const code = new RegExp(`'((?:${stages})/[a-z0-9-]+)'`, 'g')
  const room = sources(join(import.meta.dirname, '../../build'))
  return new Set(room.flatMap(({ text }) => [...text.matchAll(code)].map(([, found = '']) => found)))
}
