import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { go, settled, startBrowser, type TestBrowser, until, type WatchedPage } from './browser.ts'
import { type MillServer, startMill } from './mill-server.ts'
import { fullRepository } from './repository.ts'

let browser: TestBrowser
let server: MillServer
const dir = mkdtempSync(join(tmpdir(), 'mill-page-'))
const repository = fullRepository(dir)

beforeAll(async () => {
  ;[browser, server] = await Promise.all([startBrowser(), startMill(dir)])
}, 60_000)
afterAll(async () => {
  await Promise.all([browser?.close(), server?.close()])
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
})

const VIEWS = {
  channels: '#/',
  overview: '#/c/dev',
  flow: '#/c/dev/flows/set-up-lantern',
  agent: '#/c/dev/agents/set-up-lantern/record',
  skill: '#/c/dev/skills/lantern-notes',
  raw: '#/c/dev/skills/lantern-notes?raw',
  findings: '#/c/experiment-broken/findings',
  install: '#/c/dev/install',
  compare: '#/compare/main/experiment-shorter',
  search: '#/c/dev/search?q=lantern',
  nowhere: '#/c/nowhere',
}
const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, deviceScaleFactor: 2 },
} as const

async function sound({ page, wrongs }: WatchedPage): Promise<void> {
  expect(wrongs).toEqual([])
  await page.context().close()
}

/** What text stands on too similar a ground, by the formula of WCAG 2. */
const PALE_TEXTS = `(() => {
  const parse = (colour) => colour.match(/[\\d.]+/g).map(Number)
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0)
  const groundOf = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const [r, g, b, a = 1] = parse(getComputedStyle(one).backgroundColor)
      if (a > 0) return [r, g, b]
    }
  }
  return [...document.querySelectorAll('#page :not(.hidden)')].flatMap((element) => {
    if (![...element.childNodes].some((node) => node.nodeType === 3 && node.nodeValue.trim())) return []
    const style = getComputedStyle(element)
    const ink = light(parse(element.namespaceURI.endsWith('svg') ? style.fill : style.color))
    const ground = light(groundOf(element.tagName === 'text' ? document.body.parentElement : element))
    const contrast = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05)
    return contrast < 4.5 ? [element.tagName + '.' + element.getAttribute('class') + ' ' + contrast.toFixed(2)] : []
  })
})()`

test.each(Object.entries(LOOKS))(
  'the page shows every view, %s, readable and within its width',
  async (look, options) => {
    const pictures = join(tmpdir(), 'mill-catalog', look)
    console.log(`pictures of the catalog: ${pictures}`)
    const watched = await browser.open(`${server.url}/`, options)
    for (const [name, hash] of Object.entries(VIEWS)) {
      await go(watched.page, hash)
      await watched.page.screenshot({ path: join(pictures, `${name}.png`) })
      const [width = 0, room = 0] = (await watched.page.evaluate(
        '[document.documentElement.scrollWidth, innerWidth]',
      )) as number[]
      expect([name, width]).toEqual([name, Math.min(width, room)])
      expect([name, await watched.page.evaluate(PALE_TEXTS)]).toEqual([name, []])
    }
    await sound(watched)
  },
)

test('the page draws a flow with a link to each task, and an arrow to each that waits', async () => {
  const watched = await browser.open(`${server.url}/${VIEWS.flow}`)
  const { page } = watched
  expect(await page.locator('svg.flow a.task').count()).toBe(6)
  expect(await page.locator('svg.flow path.arrow').count()).toBeGreaterThanOrEqual(5)
  await page.locator('svg.flow a.task', { hasText: 'record' }).click()
  await settled(page)
  expect(page.url()).toContain('#/c/dev/agents/set-up-lantern/record')
  expect(await page.locator('h1').textContent()).toBe('record')
  expect(await page.locator('.prose').textContent()).not.toContain('---')
  await sound(watched)
})

test('the page is walked through by keyboard alone', async () => {
  const watched = await browser.open(`${server.url}/#/c/dev`)
  const { page } = watched
  await page.keyboard.press('Tab')
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate('document.activeElement.id')).toBe('main')
  await page.keyboard.press('/')
  await page.keyboard.type('lantern-no')
  await page.locator('#hits [role=option]').first().waitFor()
  await page.keyboard.press('ArrowDown')
  const chosen = await page.locator('#search').getAttribute('aria-activedescendant')
  expect(await page.locator(`#${chosen}`).getAttribute('aria-selected')).toBe('true')
  await page.keyboard.press('Enter')
  await settled(page)
  expect(await page.locator('h1').textContent()).toBe('lantern-notes')
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1')
  await page.keyboard.press('Tab')
  const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
  expect(outline).not.toBe('none')
  await page.goBack()
  await page.goBack()
  expect(page.url()).toMatch(/#\/c\/dev$/)
  await sound(watched)
})

test('the page goes back to where one was, and on again', async () => {
  const watched = await browser.open(`${server.url}/#/c/dev`, { viewport: { width: 900, height: 500 } })
  const { page } = watched
  const lowest = (await page.evaluate('scrollTo(0, 700), scrollY')) as number
  expect(lowest).toBeGreaterThan(300)
  await page.waitForTimeout(250)
  await go(page, VIEWS.findings)
  expect(await page.evaluate('scrollY')).toBe(0)
  expect(await page.locator('.findings .frame').count()).toBeGreaterThan(0)
  await page.goBack()
  await until(page, `Math.abs(scrollY - ${lowest}) < 2`)
  expect(await page.locator('h1').textContent()).toBe('dev')
  await page.goForward()
  await settled(page)
  expect(await page.locator('h1').textContent()).toBe('Findings')
  await sound(watched)
})

test('the page shows an edit within moments, and keeps scroll, focus and what is open', async () => {
  const watched = await browser.open(`${server.url}/#/c/dev/skills/lantern-notes`, {
    viewport: { width: 1280, height: 400 },
  })
  const { page } = watched
  await page.locator('details summary').click()
  await page.locator('nav.files a, .source .tabs a').first().focus()
  await page.evaluate('window.mark = 1, scrollTo(0, 120)')
  const focused = await page.evaluate('document.activeElement.getAttribute("href")')
  const file = join(repository.content, 'skills/lantern-notes/SKILL.md')
  const before = readFileSync(file, 'utf8')
  await page.locator('.connection.live').waitFor()
  const saved = performance.now()
  writeFileSync(file, `${before}\nA line that was not there before.\n`)
  await page.locator('.prose', { hasText: 'was not there before' }).waitFor({ timeout: 15_000 })
  console.log(`an edit was seen on the page ${Math.round(performance.now() - saved)} ms after it was saved`)
  // Nobody loaded the page again, and nobody asked: the stream of events told it.
  expect(await page.evaluate('window.mark')).toBe(1)
  expect(await page.locator('.connection.live').count()).toBe(1)
  expect(await page.evaluate('scrollY')).toBe(120)
  expect(await page.evaluate('document.activeElement.getAttribute("href")')).toBe(focused)
  expect(await page.locator('details').first().getAttribute('open')).toBe('')
  writeFileSync(file, before.replace('---', '--'))
  await page.locator('.bar a', { hasText: 'Release' }).click()
  await page.locator('.badge.stale').first().waitFor({ timeout: 15_000 })
  expect(await page.locator('.notice.error').textContent()).toContain('The last good release is served')
  writeFileSync(file, before)
  await page.locator('.heading .badge.live').waitFor({ timeout: 15_000 })
  await sound(watched)
})

test('the page says that the server is gone, and goes on when it is back', async () => {
  const watched = await browser.open(`${server.url}/#/c/dev`)
  const { page } = watched
  await page.locator('.connection.live').waitFor()
  await page.context().setOffline(true)
  await go(page, '#/c/dev/skills/lantern-notes?raw')
  expect(await page.locator('.notice.error').textContent()).toBe('The server does not answer')
  await page.context().setOffline(false)
  await page.locator('pre.raw').waitFor({ timeout: 6_000 })
  await page.context().close()
})
