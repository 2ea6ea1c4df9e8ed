import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { go, startBrowser, type TestBrowser } from './browser.ts'
import { type MillServer, startMill } from './mill-server.ts'
import { fullRepository } from './repository.ts'

let browser: TestBrowser
let server: MillServer
const dir = mkdtempSync(join(tmpdir(), 'mill-install-'))
fullRepository(dir)

beforeAll(async () => {
  ;[browser, server] = await Promise.all([startBrowser(), startMill(dir)])
}, 60_000)
afterAll(async () => {
  await Promise.all([browser?.close(), server?.close()])
  rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
})

const TOOLS = ['curl', 'shasum', 'unzip', 'grep']
const hasTools = TOOLS.every((tool) => {
  try {
    return execFileSync('/bin/sh', ['-c', `command -v ${tool}`]).length > 0
  } catch {
    return false
  }
})

/** Does what somebody does who copies commands from the page and pastes them into a shell. */
async function pasted(commands: string): Promise<string> {
  const cwd = mkdtempSync(join(dir, 'shell-'))
  await promisify(execFile)('/bin/sh', ['-e', '-c', commands], { cwd })
  return cwd
}

async function attributes(page: Page, selector: string, name: string): Promise<string[]> {
  const all = await page.locator(selector).all()
  return Promise.all(all.map(async (one) => (await one.getAttribute(name)) ?? ''))
}

function filesIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return names.filter((name) => statSync(join(folder, name)).isFile()).sort()
}

test.runIf(hasTools)(
  'the commands of every skill install it, bundled or not',
  { timeout: 60_000 },
  async () => {
    const { page, wrongs } = await browser.open(`${server.url}/#/c/dev`)
    const skills = await attributes(page, 'main tbody th a', 'href')
    expect(skills.length).toBeGreaterThan(5)
    const kinds = new Set<boolean>()
    for (const hash of skills) {
      await go(page, hash)
      const id = await page.locator('h1').textContent()
      kinds.add((await page.locator('.heading .badge', { hasText: 'bundled' }).count()) > 0)
      const commands = await page.locator('main [data-copy]').getAttribute('data-copy')
      const folder = join(await pasted(commands ?? ''), `.claude/skills/${id}`)
      const listed = await attributes(page, 'nav.files a', 'data-key')
      expect(filesIn(folder)).toEqual(listed.length > 0 ? listed.sort() : ['SKILL.md'])
      await go(page, `${hash}?raw`)
      expect(readFileSync(join(folder, 'SKILL.md'), 'utf8')).toBe(await page.locator('pre.raw').textContent())
    }
    expect(kinds.size).toBe(2)
    expect(wrongs).toEqual([])
    await page.context().close()
  },
)

test.runIf(hasTools)('the commands of a whole channel do what they say', { timeout: 120_000 }, async () => {
  const { page, wrongs } = await browser.open(`${server.url}/#/c/main/install`)
  const [run = '', base = '', byHand = '', menus = ''] = await attributes(page, '[data-copy]', 'data-copy')
  const archive = await pasted(byHand)
  expect(filesIn(join(archive, 'skills')).filter((name) => name.endsWith('.zip')).length).toBeGreaterThan(2)
  expect(menus.split('\n')).toHaveLength(4)
  for (const menu of menus.split('\n')) expect([menu, (await fetch(menu)).status]).toEqual([menu, 200])
  expect(base).toBe(`${server.url}/channels/main`)
  const app = join(dir, 'my-app')
  mkdirSync(app)
  writeFileSync(join(app, 'package.json'), '{ "dependencies": { "express": "5.0.0" } }')
  const mill = `"${process.execPath}" "${join(import.meta.dirname, '../../../bin/mill.js')}"`
  // Whether rules can play this flow is not the matter here: that it runs, and says what came of it, is.
  await pasted(`${run.replace('npx pnpm@12 mill', mill)} || test $? -eq 1`)
  expect(filesIn(join(app, '.mill/runs')).filter((name) => name.endsWith('report.md'))).toHaveLength(1)
  expect(wrongs).toEqual([])
  await page.context().close()
})
