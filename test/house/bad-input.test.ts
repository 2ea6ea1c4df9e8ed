import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mill, root, type Served, scratch, served } from './mill.ts'

const dir = scratch()
const app = join(dir.path, 'app')
let server: Served

beforeAll(async () => {
  cpSync(join(root, 'test/fixtures/apps/express-clean'), app, { recursive: true })
  const store = join(dir.path, 'store')
  server = await served(['serve', '--content', 'content', '--root', 'dev', '--store', store])
})
afterAll(async () => {
  await server.stop()
  dir[Symbol.dispose]()
})

const run = (...args: string[]) => mill(['run', ...args])

/** Answers in front of the real server, changed by `change`. */
async function behind<T>(change: (path: string, body: Buffer) => Buffer, use: (base: string) => Promise<T>) {
  const proxy: Server = createServer(async (request, response) => {
    const answer = await fetch(new URL(request.url ?? '/', server.base))
    const text = Buffer.from(await answer.arrayBuffer())
    const own = `http://${request.headers.host}`
    const body = change(request.url ?? '/', text)
    const menu = (request.url ?? '').endsWith('menu.json')
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' })
    response.end(menu ? body.toString().replaceAll(new URL(server.base).origin, own) : body)
  })
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
  try {
    return await use(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  } finally {
    proxy.close()
    proxy.closeAllConnections()
  }
}

describe('mill run tells each bad input apart', () => {
  test('a missing app folder', async () => {
    const { code, stderr } = await run(
      join(dir.path, 'nowhere'),
      '--base',
      server.base,
      '--flow',
      'walking-skeleton',
    )
    expect(stderr).toMatch(/^error run\/app-not-found: .*nowhere/)
    expect(code).toBe(2)
  })

  test('a folder that is not a project', async () => {
    const empty = join(dir.path, 'empty')
    mkdirSync(empty)
    const { code, stderr } = await run(empty, '--base', server.base, '--flow', 'walking-skeleton')
    expect(stderr).toMatch(/^error run\/not-a-project: .*package\.json/)
    expect(code).toBe(2)
  })

  test('an unknown flow, naming the known ones', async () => {
    const { code, stderr } = await run(app, '--base', server.base, '--flow', 'integrate-posthgo')
    expect(stderr).toMatch(/^error run\/unknown-flow: .*integrate-posthog/)
    expect(code).toBe(2)
  })

  test('a server that is down', async () => {
    const { code, stderr } = await run(app, '--base', 'http://127.0.0.1:9', '--flow', 'walking-skeleton')
    expect(stderr).toMatch(/^error run\/server-unreachable: .*127\.0\.0\.1:9/)
    expect(code).toBe(1)
  })

  test('a menu that does not match its schema', async () => {
    const wrong = (path: string, body: Buffer) =>
      path.endsWith('agent-menu.json') ? Buffer.from('{"version":"1.0","agents":"all"}') : body
    const { code, stderr } = await behind(wrong, (base) =>
      run(app, '--base', base, '--flow', 'walking-skeleton'),
    )
    expect(stderr).toMatch(/^error run\/menu-invalid: .*agent-menu\.json/)
    expect(code).toBe(1)
  })

  test('bytes that are not those the menu promised', async () => {
    const flip = (path: string, body: Buffer) => {
      if (!path.includes('agents-walking-skeleton.json')) return body
      const flipped = Buffer.from(body)
      flipped[100] = (flipped[100] ?? 0) ^ 1
      return flipped
    }
    const { code, stderr } = await behind(flip, (base) =>
      run(app, '--base', base, '--flow', 'walking-skeleton'),
    )
    expect(stderr).toMatch(/^error run\/digest-mismatch: .*agents-walking-skeleton\.json/)
    expect(code).toBe(1)
  })
})

describe('mill serve tells each bad input apart', () => {
  test('a taken port', async () => {
    const port = new URL(server.base).port
    const { code, stderr, stdout } = await mill([
      'serve',
      '--content',
      'content',
      '--port',
      port,
      '--store',
      join(dir.path, 's2'),
    ])
    expect(stderr).toMatch(new RegExp(`error serve/port-taken: .*${port}`))
    expect(stdout).not.toMatch(/Context Mill on/)
    expect(code).toBe(1)
  })

  test('a content folder that is not there', async () => {
    const { code, stderr } = await mill(['serve', '--content', join(dir.path, 'none'), '--port', '0'])
    expect(stderr).toMatch(/^error content\/not-found: .*none/)
    expect(code).toBe(2)
  })

  test('a content tree that is empty', async () => {
    const empty = join(dir.path, 'no-content')
    mkdirSync(empty, { recursive: true })
    const served = await mill(['serve', '--content', empty, '--port', '0'])
    expect(served.stderr).toMatch(/discover\/empty/)
    expect(served.code).toBe(1)
    const checked = await mill(['check', '--content', empty])
    expect(checked.stdout + checked.stderr).toMatch(/discover\/empty/)
    expect(checked.code).toBe(1)
  })
})

describe('mill check', () => {
  test('blames the right file, line and column of a broken tree, as json', async () => {
    const content = join(dir.path, 'broken')
    cpSync(join(root, 'content'), content, { recursive: true })
    const prompt = join(content, 'agents/integrate-posthog/init.md')
    writeFileSync(
      prompt,
      '---\ntype: init\nflow: integrate-posthog\nmodel: x\ndependOn: [install]\n---\n## Goal\n\nNothing.\n',
    )
    const { code, stdout } = await mill(['check', '--content', content, '--format', 'json'])
    expect(code).toBe(1)
    const { diagnostics } = JSON.parse(stdout)
    const [first] = diagnostics.filter((diagnostic: { severity: string }) => diagnostic.severity === 'error')
    expect(first).toMatchObject({ line: 5, column: 1, severity: 'error' })
    expect(first.path).toMatch(/agents\/integrate-posthog\/init\.md$/)
    expect(first.message).toContain('dependOn')
    expect(first.fix.replacement).toBe('dependsOn')
    rmSync(content, { recursive: true })
  })

  test('finds nothing in our own content', async () => {
    const { code, stdout } = await mill(['check', '--content', 'content', '--format', 'json'])
    expect(JSON.parse(stdout)).toEqual({ diagnostics: [] })
    expect(code).toBe(0)
  })

  test('ends with 2 for a wrong option', async () => {
    expect((await mill(['check', '--kontent', 'x'])).code).toBe(2)
    expect((await mill(['chekc'])).code).toBe(2)
  })
})
