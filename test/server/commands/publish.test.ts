import { spawn, spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { channelListSchema, channelStatusSchema } from '../../../schemas/channel.ts'
import { mill, root } from '../../house/mill.ts'
import { prepare } from '../../interop/wizard.ts'
import { contentFolder, greetPrompt, scratch, write } from '../scratch.ts'
import { eventually, running } from '../serving.ts'
import { filesBelow, problemsOf } from './published.ts'
import { runMill } from './run-mill.ts'
import { staticHost } from './static-host.ts'

/** Publishes `content` to `site`, beside it. */
async function publish(content: string, ...flags: string[]) {
  const cwd = join(content, '..')
  return runMill(
    [
      'publish',
      '--to',
      'site',
      '--base-url',
      'http://mill.test/',
      '--content',
      content,
      '--offline',
      ...flags,
    ],
    cwd,
  )
}

describe('mill publish', () => {
  test('writes byte for byte what a running server answers, at every path it answers at', async () => {
    const content = contentFolder()
    const server = await running(content)
    const { code } = await publish(content, '--base-url', server.url)
    expect(code).toBe(0)
    const site = join(content, '../site')
    const files = filesBelow(site)
    expect(files.length).toBeGreaterThan(100)
    for (const path of files) {
      if (/^channels(\/[^/]+)?\.json$|^\.mill-lock$/.test(path)) continue
      const answer = await server.get(`/${path}`)
      expect(answer.status, path).toBe(200)
      expect(Buffer.from(await answer.arrayBuffer()).equals(readFileSync(join(site, path))), path).toBe(true)
    }
    const told = channelStatusSchema.parse(await (await server.get('/channels/dev')).json())
    const kept = channelStatusSchema.parse(JSON.parse(readFileSync(join(site, 'channels/dev.json'), 'utf8')))
    expect(kept.pointer).toMatchObject({ release: told.pointer?.release, serial: told.pointer?.serial })
  })

  test('serves our client and the wizard from a bare static host', async () => {
    const dir = scratch()
    const host = await staticHost(() => join(dir, 'site'))
    cpSync(join(root, 'content'), join(dir, 'content'), { recursive: true })
    cpSync(join(root, 'test/fixtures/apps/express-clean'), join(dir, 'app'), { recursive: true })
    await publish(join(dir, 'content'), '--base-url', host)
    expect(await problemsOf(host)).toEqual([])
    expect(await problemsOf(`${host}/channels/dev`)).toEqual([])
    const { prompts, skills } = await prepare(`${host}/channels/dev`, 'integrate-posthog', 'nextjs')
    expect(prompts.length).toBeGreaterThan(2)
    expect([...skills].length).toBeGreaterThan(2)
    const ran = await mill(['run', 'app', '--flow', 'walking-skeleton', '--base', host], { cwd: dir })
    expect(`${ran.stderr}${ran.code}`).toMatch(/0$/)
  }, 40_000)

  test('published again writes nothing; one edit moves the channel and keeps what older menus name', async () => {
    const content = contentFolder()
    write(content, { 'agents/hello/extra.md': greetPrompt('More.').replace('type: greet', 'type: extra') })
    await publish(content)
    const site = join(content, '../site')
    const before = filesBelow(site)
    expect((await publish(content)).out).toMatch(/\n0 files written, 0 removed/)
    write(content, { 'agents/hello/greet.md': greetPrompt('Another goal.') })
    rmSync(join(content, 'agents/hello/extra.md'))
    expect((await publish(content)).out).toMatch(/serial 2\n/)
    const [old] = before.flatMap((path) => /^v\/([0-9a-f]{64})\//.exec(path)?.[1] ?? [])
    const now = new Set(filesBelow(site))
    expect(before.filter((path) => path.startsWith('v/') && !now.has(path))).toEqual([])
    // A name that the release before had and this one has not answers 404, as on the server.
    expect([...now].filter((path) => path.endsWith('hello-extra.md'))).toEqual(
      ['', 'agents/', 'skills/'].map((alias) => `v/${old}/${alias}agents-hello-extra.md`),
    )
    expect(await problemsOf(site)).toEqual([])
    expect((await publish(content, '--prune')).out).toMatch(/, 1 removed/)
    expect(filesBelow(site).some((path) => path.startsWith(`v/${old}`))).toBe(false)
    expect(await problemsOf(site)).toEqual([])
  })

  test('what an interrupted publication left is finished and swept by the next', async () => {
    const content = contentFolder()
    await publish(content)
    const site = join(content, '../site')
    for (const path of ['agent-menu.json', 'channels/dev.json']) rmSync(join(site, path))
    write(site, { '.mill-publish/half': 'x' })
    expect((await problemsOf(site)).length).toBeGreaterThan(0)
    await publish(content)
    expect(await problemsOf(site)).toEqual([])
    // What somebody may have read gives no serial to anything else.
    const status = join(site, 'channels/dev.json')
    writeFileSync(status, readFileSync(status, 'utf8').replace('"serial": 1', '"serial": 2'))
    write(content, { 'agents/hello/greet.md': greetPrompt('Another.') })
    expect((await publish(content)).out).toContain('serial 3')
    rmSync(join(site, 'channels.json'))
    expect((await publish(content)).out).toContain('serial 3')
    expect(await problemsOf(site)).toEqual([])
    expect(filesBelow(site).filter((path) => path.startsWith('.'))).toEqual(['.mill-lock'])
  })

  test('processes that publish to one folder at the same time wait for each other', async () => {
    const cwd = scratch()
    const publishing = ['one', 'two', 'three'].flatMap((word) => {
      const content = contentFolder()
      write(content, { 'agents/hello/greet.md': greetPrompt(word) })
      const args = ['publish', '--to', 'site', '--base-url', 'http://mill.test/', '--content', content]
      const as = (channel: string) => mill([...args, '--offline', '--as', channel], { cwd })
      return [as('shared'), as(`own-${word}`)]
    })
    for (const { code, stderr } of await Promise.all(publishing)) expect([code, stderr]).toEqual([0, ''])
    const list = channelListSchema.parse(JSON.parse(readFileSync(join(cwd, 'site/channels.json'), 'utf8')))
    const serials = Object.fromEntries(
      list.channels.map(({ channel, pointer }) => [channel, pointer?.serial]),
    )
    expect(serials).toEqual({ 'own-one': 1, 'own-two': 1, 'own-three': 1, shared: 3 })
    expect(await problemsOf(join(cwd, 'site'))).toEqual([])
  })

  test('equal bytes under several names take the disk once', async () => {
    const content = contentFolder()
    await publish(content)
    const at = (path: string) => statSync(join(content, '../site', path)).ino
    expect(at('agents/agent-menu.json')).toBe(at('channels/dev/agent-menu.json'))
  })

  test('refuses a folder that holds something else, a lower serial, and content with errors', async () => {
    const content = contentFolder()
    const site = join(content, '../site')
    write(site, { 'index.html': 'mine' })
    expect(await publish(content)).toMatchObject({ code: 2, error: 'publish/folder' })
    rmSync(site, { recursive: true })
    await publish(content)
    const file = join(site, 'channels.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"serial": 1', '"serial": 7'))
    const store = join(content, '../store')
    await mill(['build', '--content', content, '--offline', '--store', store])
    const back = await runMill(
      ['publish', '--to', site, '--base-url', 'http://mill.test', '--store', store, '--channel', 'dev'],
      '/',
    )
    expect(back).toMatchObject({ code: 1, error: 'publish/serial' })
    write(content, { 'agents/hello/greet.md': greetPrompt('x').replace('allowedTools', 'allowedTolls') })
    const broken = await publish(content)
    expect(broken).toMatchObject({ code: 1 })
    expect(broken.out).toContain('allowedTolls')
    expect(readFileSync(file, 'utf8')).toContain('"serial": 7')
  })

  test('refuses another address beside channels that keep theirs, and a folder that cannot be written', async () => {
    const content = contentFolder()
    await publish(content)
    expect(await publish(content, '--as', 'other')).toMatchObject({ code: 0 })
    const moved = await publish(content, '--base-url', 'http://new.test/')
    expect(moved).toMatchObject({ code: 2, error: 'publish/base-url' })
    expect(moved.err).toContain('channel "other" of the folder is for http://mill.test/')
    expect(await problemsOf(join(content, '../site'))).toEqual([])
    const file = join(content, '../file')
    writeFileSync(file, '')
    const unwritable = await publish(content, '--to', join(file, 'site'))
    expect(unwritable).toMatchObject({ code: 2, error: 'publish/folder' })
    expect(unwritable.err).toContain('ENOTDIR')
  })

  test('publishes channels of a store beside those that a folder has', async () => {
    const content = contentFolder()
    await publish(content, '--as', 'experiment-one')
    const store = join(content, '../store')
    await mill(['build', '--content', content, '--offline', '--store', store])
    const site = join(content, '../site')
    const flags = ['publish', '--to', site, '--base-url', 'http://mill.test', '--store', store]
    expect(await runMill([...flags, '--channel', 'dve'], '/')).toMatchObject({
      error: 'channel/unknown',
      err: expect.stringContaining('did you mean "dev"?'),
    })
    expect((await runMill([...flags, '--channel', 'dev'], '/')).code).toBe(0)
    const list = JSON.parse(readFileSync(join(site, 'channels.json'), 'utf8'))
    expect([list.root, ...list.channels.map(({ channel }: { channel: string }) => channel)]).toEqual([
      'experiment-one',
      'dev',
      'experiment-one',
    ])
    expect(await problemsOf(site)).toEqual([])
  })
})

const hasNginx = spawnSync('nginx', ['-v']).status === 0

test.skipIf(!hasNginx)(
  'nginx serves a published folder at the same addresses, with the same types',
  async () => {
    const content = contentFolder()
    const dir = join(content, '..')
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    await publish(content, '--base-url', url)
    writeFileSync(join(dir, 'nginx.conf'), nginxConf(dir, port))
    const nginx = spawn('nginx', [
      '-e',
      join(dir, 'error.log'),
      '-c',
      join(dir, 'nginx.conf'),
      '-g',
      'daemon off;',
    ])
    onTestFinished(() => void nginx.kill('SIGTERM'))
    await eventually(
      () =>
        fetch(`${url}/agent-menu.json`)
          .then(({ status }) => status)
          .catch(() => 0),
      (status) => status === 200,
    )
    const type = async (path: string) => (await fetch(url + path)).headers.get('content-type')
    expect(await type('/channels')).toBe('application/json')
    expect(await type('/channels/dev')).toBe('application/json')
    expect(await type('/agents/agents-hello-greet.md')).toBe('text/markdown')
    expect(await type('/greeting-nextjs.zip')).toBe('application/zip')
    expect(await problemsOf(url)).toEqual([])
    expect((await runMill(['channels', url], '/')).out).toMatch(/dev +live +1 /)
  },
)

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as { port: number }
  await new Promise((closed) => server.close(closed))
  return port
}

/** What the help of `mill publish` says a static host needs, and where nginx may write. */
function nginxConf(dir: string, port: number): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  const places = temporary.map((name) => `${name}_temp_path ${dir}/${name};`).join(' ')
  return `${process.getuid?.() === 0 ? 'user root;' : ''}
pid ${dir}/nginx.pid;
events {}
http {
  access_log off; ${places}
  types { application/json json; text/markdown md; application/zip zip; }
  default_type text/plain;
  server {
    listen 127.0.0.1:${port};
    root ${dir}/site;
    location / { try_files $uri $uri.json =404; }
  }
}
`
}
