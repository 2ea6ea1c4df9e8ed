import { expect, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { build } from '../../../build/pipeline.ts'
import { estimateTokens } from '../../../build/tokens.ts'
import type { Diagnostic } from '../../../schemas/diagnostic.ts'
import { parsePrompt } from '../../../schemas/flat-prompt.ts'
import { rememberedEstimates } from '../../../server/catalog/estimates.ts'
import { openFrames } from '../../../server/catalog/frames.ts'
import { releaseView } from '../../../server/catalog/release-view.ts'
import { searchTexts } from '../../../server/catalog/search-texts.ts'
import { diffView } from '../../../server/catalog/tasks.ts'
import { textAt, textsOf } from '../../../server/catalog/texts.ts'
import { openWorkshop } from '../../../server/catalog/workshop.ts'
import type { Channel } from '../../../server/channels/channel.ts'
import { type Address, addressOf, readAddress } from '../../../server/web/page/address.ts'
import { layoutOf } from '../../../server/web/page/views/flow-layout.ts'
import { age, bytes, count } from '../../../server/web/page/words.ts'
import { fc } from '../../properties.ts'

const tree = await discover(`${import.meta.dirname}/../../../content`)
const { release } = build(tree)
if (release === undefined) throw new Error('the content is not sound')
const view = releaseView(release)

test('releaseView() tells where each skill is used, and which skills a prompt can mean', () => {
  const capture = view.flows
    .find(({ flow }) => flow === 'integrate-posthog')
    ?.agents.find(({ type }) => type === 'capture')
  expect(capture?.skills).toEqual([
    { name: 'integration-capture', skills: ['integration-capture-nextjs', 'integration-capture-express'] },
  ])
  const skill = view.skills.find(({ id }) => id === 'integration-capture-nextjs')
  expect(skill?.usedBy).toEqual(['integrate-posthog/capture'])
  expect(skill?.files.map(({ path }) => path)).toContain('references/1-find-the-place.md')
  expect(skill?.tokens.total).toBe(skill?.files.reduce((sum, { tokens }) => sum + (tokens ?? 0), 0))
  expect(view.artifacts).toBe(release.artifacts.size)
})

test('rememberedEstimates() tells the same as asking anew, and releaseView() estimates each text with it', () => {
  const asked = new Map<string, number>()
  const estimate = rememberedEstimates()
  const counted = releaseView(release, (text) => {
    asked.set(text, (asked.get(text) ?? 0) + 1)
    return estimate(text)
  })
  expect(counted).toEqual(view)
  for (const text of asked.keys()) expect(estimate(text)).toBe(estimateTokens(text))
  const texts = textsOf(release).filter(({ kind }) => kind !== 'doc')
  const read = texts.map(({ kind, text }) => (kind === 'agent' ? parsePrompt(text).body : text))
  expect(read.filter((text) => !asked.has(text))).toEqual([])
})

test('releaseView() tells each flow in waves, the seed first and the sink last, with an arrow to all but the seed', () => {
  for (const { waves, agents, arrows } of view.flows) {
    expect(waves.flat()).toEqual(agents.map(({ type }) => type))
    expect(agents[0]?.marks).toContain('seed')
    expect(agents.at(-1)?.marks).toContain('sink')
    expect(new Set(arrows.map(([, to]) => to)).size).toBe(agents.length - 1)
  }
})

test('layoutOf() gives every task a box of its own within the picture, however little room there is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000 }), fc.constantFrom(...view.flows), (room, flow) => {
      const { boxes, width, height } = layoutOf(flow, room)
      expect(boxes).toHaveLength(flow.agents.length)
      for (const [at, box] of boxes.entries()) {
        expect(box.x >= 0 && box.x + box.width <= width && box.y + box.height <= height).toBe(true)
        for (const other of boxes.slice(at + 1)) {
          expect(
            box.x + box.width < other.x || other.x + other.width < box.x || box.y + box.height < other.y,
          ).toBe(true)
        }
      }
      if (room >= 264) expect(width).toBeLessThanOrEqual(room)
    }),
  )
})

test('textAt() finds every text that a release has, and no other', () => {
  for (const { kind, name, path, text } of textsOf(release)) {
    const [flow = '', type = ''] = name.split('/')
    const place = kind === 'agent' ? { kind, name: flow, path: type } : { kind, name, path }
    expect(textAt(release, place)).toBe(text)
  }
  for (const name of ['', '..', '__proto__', 'integration'])
    expect(textAt(release, { kind: 'skill', name, path: 'SKILL.md' })).toBeUndefined()
})

test('searchTexts() tells line and surroundings of the first hit of each text', () => {
  const texts = [{ kind: 'skill', name: 'a', path: 'SKILL.md', text: 'one\ntwo Three\nthree' }] as const
  expect(searchTexts(texts, ' THREE ')).toEqual([
    { kind: 'skill', name: 'a', path: 'SKILL.md', line: 2, excerpt: 'two Three' },
  ])
  expect(searchTexts(texts, '  ')).toEqual([])
  const long = { ...texts[0], text: `${'x'.repeat(5_000)}needle${'y'.repeat(5_000)}` }
  expect(searchTexts([long], 'needle')[0]?.excerpt.length).toBeLessThan(250)
  expect(
    searchTexts(
      Array.from({ length: 500 }, () => texts[0]),
      'one',
    ),
  ).toHaveLength(60)
})

test('diffView() tells a tool that is gained', () => {
  const files = tree.files.map((file) => {
    if (!file.path.endsWith('integrate-posthog/capture.md')) return file
    const text = new TextDecoder().decode(file.bytes).replace('allowedTools: [', 'allowedTools: [Bash, ')
    return { ...file, bytes: new TextEncoder().encode(text) }
  })
  const after = build({ ...tree, files }).release
  if (after === undefined) throw new Error('the content is not sound')
  const { surfaces } = diffView(release, after)
  expect(surfaces.map(({ heading }) => heading)).toEqual(['Agent prompts'])
  expect(surfaces[0]?.items[0]?.facts).toEqual([{ text: 'gains Bash', widens: true }])
  expect(surfaces[0]?.items[0]?.files[0]?.hunks?.length).toBe(1)
})

test('openFrames() keeps the lines of findings whose files were at hand, never those of a secret', () => {
  const frames = openFrames()
  const finding = (code: Diagnostic['code'], path: string): Diagnostic => ({
    path,
    line: 2,
    column: 1,
    severity: 'error',
    code,
    message: 'x',
  })
  const [shown, secret, elsewhere] = [
    finding('parse/x', 'a.md'),
    finding('safety/secret', 'a.md'),
    finding('parse/x', 'b.md'),
  ]
  const after: Channel = {
    name: 'dev',
    branch: null,
    diagnostics: [shown, secret, elsewhere],
    status: 'empty',
  }
  const files = [{ path: 'a.md', bytes: new TextEncoder().encode('one\ntwo\u202e\nthree\nfour\nfive') }]
  frames.keep({ before: undefined, after, tree: { files, diagnostics: [] } })
  expect(frames.of(shown)).toEqual({ first: 1, lines: ['one', 'two<U+202E>', 'three', 'four'], indent: '' })
  expect(frames.of(secret)).toBeUndefined()
  expect(frames.of(elsewhere)).toBeUndefined()
})

test('openWorkshop() ends what takes too long, and goes on with what waits', async () => {
  const { run } = openWorkshop()
  const slow = run({ task: { kind: 'markdown', text: '*_'.repeat(100_000) }, releases: [], limitMs: 400 })
  const next = run({ task: { kind: 'markdown', text: '# One' }, releases: [], limitMs: 5_000 })
  const lost = run({ task: { kind: 'view', release: 'f'.repeat(64) }, releases: [], limitMs: 5_000 })
  expect(await slow).toBeUndefined()
  expect(await next).toBe('<h2 id="text-one">One</h2>')
  expect(await lost).toBeUndefined()
  const views = await Promise.all(
    [1, 2].map(() =>
      run({ task: { kind: 'view', release: release.id }, releases: [release], limitMs: 20_000 }),
    ),
  )
  expect(views).toEqual([JSON.stringify(view), JSON.stringify(view)])
  const many = Array.from({ length: 80 }, () =>
    run({ task: { kind: 'markdown', text: 'x' }, releases: [], limitMs: 5_000 }),
  )
  expect((await Promise.all(many)).filter((html) => html === undefined)).toHaveLength(16)
})

test('readAddress() reads what addressOf() writes', () => {
  const word = fc
    .string({ minLength: 1, unit: 'grapheme' })
    .filter((text) => text.isWellFormed() && !/^\.{1,2}$/.test(text))
  const channel = word
  const address: fc.Arbitrary<Address> = fc.oneof(
    fc.constant({ view: 'channels' as const }),
    fc.record({
      view: fc.constantFrom('overview' as const, 'findings' as const, 'install' as const),
      channel,
    }) as fc.Arbitrary<Address>,
    fc.record({ view: fc.constant('flow' as const), channel, flow: word }),
    fc.record({ view: fc.constant('search' as const), channel, query: fc.string({ unit: 'grapheme' }) }),
    fc.record({ view: fc.constant('compare' as const), before: word, after: word }),
    fc.record({
      view: fc.constant('text' as const),
      channel,
      kind: fc.constant('skill' as const),
      name: word,
      path: fc.constantFrom('SKILL.md', 'references/a b.md'),
      raw: fc.boolean(),
    }),
    fc.record({
      view: fc.constant('text' as const),
      channel,
      kind: fc.constant('doc' as const),
      name: word,
      path: fc.constant(''),
      raw: fc.constant(false),
      at: word,
    }),
  )
  fc.assert(
    fc.property(address, (one) => {
      expect(readAddress(addressOf(one))).toEqual(one)
    }),
  )
  for (const hash of ['', '#', '#/', '#/nothing', '#/c', '#/c/', '#%', '#/c/%zz/%'])
    expect(() => readAddress(hash)).not.toThrow()
})

test('words tell ages, sizes and counts', () => {
  const now = Date.parse('2026-01-02T00:00:00Z')
  expect(age('2026-01-01T23:59:58Z', now)).toBe('just now')
  expect(age('2026-01-01T23:00:00Z', now)).toBe('1 hour ago')
  expect(age('2025-12-30T00:00:00Z', now)).toBe('3 days ago')
  expect(age('2030-01-01T00:00:00Z', now)).toBe('just now')
  expect([bytes(999), bytes(1_500), bytes(2_500_000)]).toEqual(['999 B', '1.5 KB', '2.5 MB'])
  expect([count(1, 'task'), count(12_345, 'task')]).toEqual(['1 task', '12,345 tasks'])
})
