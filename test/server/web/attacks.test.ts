import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { renderMarkdown } from '../../../server/catalog/markdown.ts'
import { go, settled, startBrowser, type TestBrowser } from './browser.ts'
import { PAYLOADS } from './payloads.ts'
import { poisonedServer } from './poisoned.ts'

let browser: TestBrowser
let server: Server
beforeAll(async () => {
  ;[browser, server] = await Promise.all([startBrowser(), poisonedServer(PAYLOADS)])
}, 60_000)
afterAll(async () => {
  server?.closeAllConnections()
  await Promise.all([browser?.close(), new Promise((resolve) => server?.close(resolve))])
})

/** Whatever a text could have smuggled in. */
const SMUGGLED = `[...document.querySelectorAll('#page *')].filter((element) => {
  const names = element.getAttributeNames()
  return /^(script|img|image|iframe|object|embed|video|audio|base|meta|link|style|math|template|use|animate)$/i.test(element.tagName)
    || names.some((name) => name.startsWith('on') || name === 'style' || name === 'srcdoc' || name === 'formaction')
    || (element.hasAttribute('href') && !/^(#|https?:)/.test(element.getAttribute('href')))
}).map((element) => element.outerHTML)`

test('there are at least a hundred attacks, each another', () => {
  expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(100)
})

test('attacks in every name, text, branch and finding are shown and do nothing', async () => {
  const url = `http://localhost:${(server.address() as AddressInfo).port}/`
  const { page, wrongs } = await browser.open(url)
  const check = async (where: string) => {
    expect([where, await page.evaluate(SMUGGLED)]).toEqual([where, []])
    expect([where, wrongs]).toEqual([where, []])
  }
  await page.locator('tbody tr').nth(PAYLOADS.length).waitFor()
  await check('channels')
  for (const view of ['', '/findings', '/install', '/search?q=alert']) {
    await go(page, `#/c/dev${view}`)
    await check(view)
  }
  expect(await page.locator('#hits [role=option]').count()).toBeGreaterThan(30)
  for (const [at, payload] of PAYLOADS.entries()) {
    await page.evaluate(
      `location.hash = ${JSON.stringify(`#/c/dev/skills/${encodeURIComponent(`${at} ${payload}`)}`)}`,
    )
    await page.locator('.lead').getByText(payload.slice(0, 8), { exact: false }).first().waitFor()
    await page.locator('.prose[data-text-drawn]').waitFor()
    await check(payload)
  }
  await go(page, '#/c/dev/docs/<img src=x onerror=alert(1)>')
  await go(page, '#/c/<script>alert(1)</script>')
  await go(page, '#/compare/<img src=x onerror=alert(1)>/dev')
  await settled(page)
  await check('addresses')
  await page.context().close()
}, 60_000)

test.each(PAYLOADS)('renderMarkdown() makes %j harmless by itself', (payload) => {
  const html = renderMarkdown(payload)
  expect(html).not.toMatch(
    /<(?!\/?(?:p|a|code|pre|em|strong|ul|ol|li|h[1-6]|br|hr|blockquote|table|thead|tbody|tr|th|td|del|sup|section|input)\b)[a-z]/i,
  )
  expect(html).not.toMatch(/<[^>]*\son[a-z]+=/i)
  for (const [, href = ''] of html.matchAll(/href="([^"]*)"/g)) expect(href).toMatch(/^https?:\/\//)
})

test('renderMarkdown() gives headings the anchors that links are checked against, under names that are nobody else’s', () => {
  const html = renderMarkdown(
    '# A *b* `c_d`\n\n## Why?\n\n## Why?\n\n### Own {#page}\n\nNote.[^1]\n\n[^1]: Said.\n',
  )
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id)
  expect(ids).toEqual([
    'text-a-b-c_d',
    'text-why',
    'text-why-1',
    'text-page',
    'text-fnref-1',
    'text-footnote-label',
    'text-fn-1',
  ])
  for (const [, target] of html.matchAll(/data-to="#([^"]*)"/g)) expect(ids).toContain(`text-${target}`)
})

test('renderMarkdown() keeps what authors write, and links lead out only with care', () => {
  const html = renderMarkdown(
    '---\nname: x\n---\n# One\n\n- [ ] `code` ~~gone~~\n\n|a|b|\n|-|-|\n|1|2|\n\n[in](references/a.md) [out](https://example.org)\n',
  )
  expect(html).toContain('<h2 id="text-one">One</h2>')
  expect(html).toContain('<table>')
  expect(html).toContain('<del>gone</del>')
  expect(html).toContain('<a data-to="references/a.md">in</a>')
  expect(html).toContain('<a href="https://example.org" rel="noopener noreferrer nofollow">out</a>')
  expect(html).not.toContain('name: x')
})
