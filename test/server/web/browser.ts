import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { inflate } from '@sparticuz/chromium'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

/** A browser out of the npm registry, unpacked with its libraries into a folder that goes with it. */
export interface TestBrowser {
  /** Opens a page that writes down whatever goes wrong in it. */
  readonly open: (url: string, options?: BrowserContextOptions) => Promise<WatchedPage>
  readonly close: () => Promise<void>
}

/** A page, and what went wrong in it: errors, refused resources, dialogs, requests to others. */
export interface WatchedPage {
  readonly page: Page
  readonly wrongs: readonly string[]
}

const ARGS = [
  '--no-sandbox',
  '--headless=shell',
  '--no-zygote',
  '--disable-gpu',
  '--font-render-hinting=none',
]
const SYSTEM = '/usr/bin/chromium'

/** Starts the browser; where the packaged one cannot run, the system's. */
export async function startBrowser(): Promise<TestBrowser> {
  const dir = await mkdtemp(join(tmpdir(), 'mill-browser-'))
  const browser = await launchPackaged(dir).catch((error: unknown) => {
    if (existsSync(SYSTEM)) return chromium.launch({ executablePath: SYSTEM, args: ARGS })
    throw error
  })
  return {
    open: (url, options = {}) => openPage(browser, url, options),
    close: async () => {
      await browser.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function launchPackaged(dir: string): Promise<Browser> {
  const bin = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../bin')
  const before = process.env.TMPDIR
  // It unpacks to where temporary files go, and a folder of its own is one that can be removed.
  process.env.TMPDIR = dir
  const unpacked = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br'].map((file) => inflate(join(bin, file)))
  if (before === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = before
  const [executablePath = ''] = await Promise.all(unpacked)
  const env = { HOME: dir, LD_LIBRARY_PATH: join(dir, 'al2023/lib'), FONTCONFIG_PATH: join(dir, 'fonts') }
  return chromium.launch({ executablePath, args: ARGS, env })
}

const TELL_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (event) => {
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI)
})`

async function openPage(browser: Browser, url: string, options: BrowserContextOptions): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, ...options })
  const page = await context.newPage()
  const wrongs: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) wrongs.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => wrongs.push(`error: ${error.message}`))
  page.on('dialog', (dialog) => {
    wrongs.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) wrongs.push(`request: ${request.url()}`)
  })
  await page.addInitScript(TELL_VIOLATIONS)
  await page.goto(url)
  await settled(page)
  return { page, wrongs }
}

/** Waits until the page shows something, and nothing is on its way any more. */
export function settled(page: Page): Promise<void> {
  return until(page, 'document.querySelector("h1, .notice") && !document.querySelector(".waiting")')
}

/** Asks again and again until an expression holds; the page's own policy forbids to do that inside of it. */
export async function until(page: Page, expression: string): Promise<void> {
  const deadline = performance.now() + 20_000
  while (!(await page.evaluate(`Boolean(${expression})`))) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${expression}`)
    await page.waitForTimeout(15)
  }
}

/** Goes where a link would lead. */
export async function go(page: Page, hash: string): Promise<void> {
  await page.evaluate(`location.hash = ${JSON.stringify(hash)}`)
  await page.waitForTimeout(60)
  await settled(page)
}
