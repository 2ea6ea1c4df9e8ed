import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { discover } from '../../../build/discover.ts'
import { build } from '../../../build/pipeline.ts'
import { withEncodings } from '../../../build/publish.ts'
import type { Release } from '../../../build/release.ts'
import { zip } from '../../../build/zip.ts'
import { digestOf } from '../../../schemas/digest.ts'
import type { Channel } from '../../../server/channels/channel.ts'
import { openExperiments } from '../../../server/experiments/experiments.ts'
import { createApp } from '../../../server/http/app.ts'
import { servedRelease } from '../../../server/store/served-release.ts'
import { pointerTo } from '../pointer-to.ts'
import { go, startBrowser, type TestBrowser, until } from './browser.ts'

const GROUPS = 50
const VARIANTS = 8
const LONG = `# Start\n\n[Down](#far-down) [Nowhere](#not-there) [Other](references/other.md#second-part)\n\n${'Words.\n\n'.repeat(80)}## Far down\n\nHere.\n`
const OTHER = `# Other\n\n${'Words.\n\n'.repeat(80)}## Second part\n\n[Back](../SKILL.md)\n`

/** A release with 400 skills in 50 groups. */
async function manySkills(): Promise<Release> {
  const { release } = build(await discover(`${import.meta.dirname}/../../fixtures/content-small`))
  if (release === undefined) throw new Error('the fixture is not sound')
  const encoded = (text: string) => new TextEncoder().encode(text)
  const bytes = zip(
    [
      ['SKILL.md', encoded(LONG)],
      ['references/other.md', encoded(OTHER)],
    ],
    { order: 'given' },
  )
  const file = { file: 'many.zip', digest: digestOf(bytes), size: bytes.length }
  const skills = Array.from({ length: GROUPS * VARIANTS }, (_, at) => {
    const category = `kits/group-${Math.floor(at / VARIANTS)}`
    const id = `${category.replace('/', '-')}-kit-${at % VARIANTS}`
    return { id, displayName: id, description: `Part ${at}`, tags: [], uri: `x://${id}`, category, ...file }
  })
  const artifact = { name: file.file, bytes, digest: file.digest, mediaType: 'application/zip' }
  const artifacts = new Map([...release.artifacts, [artifact.name, artifact]])
  return { id: digestOf('many'), index: { ...release.index, skills }, artifacts }
}

async function serverOf(release: Release): Promise<Server> {
  const served = servedRelease(await withEncodings(release))
  const named = (name: string, branch: string | null = `experiment/${name}`) => ({
    name,
    branch,
    diagnostics: [],
  })
  const pointer = (channel: string, serial = 2) =>
    pointerTo(release.id, { channel, serial, commit: 'ab'.repeat(20) })
  const live = (name: string) => ({
    ...named(name),
    status: 'live' as const,
    release: served,
    pointer: pointer(name),
  })
  const pin = { release: release.id, from: null, pinnedAt: pointer('pinned').publishedAt }
  const newest = { ...pointer('pinned', 3), release: digestOf('newer') }
  const channels: readonly Channel[] = [
    { ...live('dev'), branch: null },
    { ...live('main'), branch: 'main' },
    live('b10'),
    live('b2'),
    { ...live('pinned'), pin, newest },
    { ...live('moved'), rewound: true },
    { ...live('gone'), status: 'retired' },
  ]
  const channel = (name: string) => channels.find((one) => one.name === name)
  const state = {
    ...{ root: 'main', channel, channels: () => channels },
    release: async (id: string) => (id === release.id ? served : undefined),
    experiments: openExperiments({ channel, onWarning: () => undefined }),
  }
  const bug = (error: unknown) => {
    throw error
  }
  const server = createServer(createApp(state, { onBug: bug }))
  await new Promise<void>((resolve) => void server.listen(0, 'localhost', resolve))
  return server
}

let browser: TestBrowser
let server: Server
let url: string
beforeAll(async () => {
  ;[browser, server] = await Promise.all([startBrowser(), manySkills().then(serverOf)])
  url = `http://localhost:${(server.address() as AddressInfo).port}`
}, 60_000)
afterAll(async () => {
  server?.closeAllConnections()
  await Promise.all([browser?.close(), new Promise((resolve) => server?.close(resolve))])
})

test('channels are told with what became of them, the root first and what is gone last', async () => {
  const { page, wrongs } = await browser.open(`${url}/#/`)
  const rows = (await page.locator('tbody th').allTextContents()).map((text) => text.replace(/\s/g, ''))
  expect(rows).toEqual(['mainroot', 'dev', 'b2', 'b10', 'movedrewound', 'pinnedpinned', 'gone'])
  expect(await page.locator('.lead').textContent()).toBe('7 channels: 6 live, 1 retired, 1 pinned, 1 rewound')
  await go(page, '#/c/moved')
  expect(await page.locator('.heading .badge').allTextContents()).toEqual(['live', 'rewound'])
  expect(await page.locator('.notice.warning').textContent()).toContain('moved back or aside')
  await go(page, '#/c/pinned')
  expect(await page.locator('.heading .badge').allTextContents()).toEqual(['live', 'pinned'])
  expect(await page.locator('.notice.warning').textContent()).toContain(digestOf('newer').slice(0, 12))
  expect(await page.locator('.notice.warning a').getAttribute('href')).toMatch(
    /^#\/compare\/[0-9a-f]{64}\/[0-9a-f]{64}$/,
  )
  await go(page, '#/c/gone')
  expect(await page.locator('.notice.warning').textContent()).toContain('The branch is gone')
  expect(wrongs).toEqual([])
  await page.context().close()
})

test('400 skills are folded by group, and the group that one is in is open', async () => {
  const { page, wrongs } = await browser.open(`${url}/#/c/dev`)
  // One more is of the fixture.
  expect(await page.locator('main tbody tr').count()).toBe(GROUPS + 1)
  expect(await page.locator('.index [data-key=skills] li').count()).toBe(GROUPS + 1)
  const row = page.locator('main tbody tr').nth(7)
  expect((await row.locator('th').textContent())?.trim()).toBe('kits-group-7 8 variants')
  await row.locator('a').focus()
  await page.keyboard.press('Enter')
  await until(page, 'document.querySelector("h1").textContent === "kits-group-7-kit-0"')
  expect(await page.locator('.index .variants li').count()).toBe(VARIANTS)
  expect(await page.locator('.index [aria-current=page]').textContent()).toBe('kit-0')
  const nodes = await page.evaluate('document.querySelectorAll("*").length')
  expect(nodes).toBeLessThan(1_500)
  await page.keyboard.press('/')
  await page.keyboard.type('group-33-kit-5')
  await page.locator('#hits [role=option]').first().waitFor()
  await page.keyboard.press('Enter')
  await until(page, 'document.querySelector("h1").textContent === "kits-group-33-kit-5"')
  expect(wrongs).toEqual([])
  await page.context().close()
})

/** The heading that is gone to is in sight, below the bar, and has the focus. */
const isAt = (id: string) => `(() => {
  const { top } = document.getElementById('${id}')?.getBoundingClientRect() ?? {}
  const bar = document.querySelector('.bar').getBoundingClientRect().bottom
  return top >= bar && top < innerHeight && document.activeElement.id === '${id}'
})()`

test('links to headings lead there, in the same text and in another, and back again', async () => {
  const { page, wrongs } = await browser.open(`${url}/#/c/dev/skills/kits-group-0-kit-0`)
  const prose = page.locator('.prose')
  expect(await prose.getByText('Nowhere').getAttribute('href')).toBeNull()
  await prose.getByText('Down', { exact: true }).click()
  await until(page, isAt('text-far-down'))
  await page.reload()
  await until(page, isAt('text-far-down'))
  await page.goBack()
  await until(page, 'scrollY < 50')
  await prose.getByText('Other', { exact: true }).click()
  await until(page, isAt('text-second-part'))
  expect(page.url()).toContain('/references/other.md?at=second-part')
  await page.locator('nav.files a').first().click()
  await until(page, 'document.querySelector(".prose h2")?.textContent === "Start"')
  expect(page.url()).not.toContain('at=')
  expect(await page.evaluate('scrollY')).toBe(0)
  expect(wrongs).toEqual([])
  await page.context().close()
})

test('a view that the server has no time for is asked for again', async () => {
  const { page } = await browser.open(`${url}/`)
  let refusals = 0
  await page.route('**/view', (route) => {
    refusals += 1
    return refusals > 2 ? route.continue() : route.fulfill({ status: 503, json: { message: 'Later' } })
  })
  await page.evaluate('location.hash = "#/c/dev"')
  await page.locator('main tbody tr').first().waitFor({ timeout: 20_000 })
  expect(refusals).toBe(3)
  await page.context().close()
}, 30_000)
