import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { arch, platform } from 'node:process'
import { expect, test } from 'vitest'
import { root, scratch, served, start } from './mill.ts'

/** In place of an SDK: it never answers, hears no signal, and keeps its process busy. */
const DEAF = `
setInterval(() => undefined, 1000)
export async function* query() {
  process.stderr.write('deaf')
  await new Promise(() => undefined)
}
`

test('mill run ends when it is interrupted, though an agent in its own process never does', async () => {
  using dir = scratch()
  const sdk = join(dir.path, 'node_modules/@anthropic-ai')
  for (const name of ['claude-agent-sdk', `claude-agent-sdk-${platform}-${arch}`]) {
    mkdirSync(join(sdk, name), { recursive: true })
    const manifest = { name: `@anthropic-ai/${name}`, version: '0.0.0', type: 'module', main: 'sdk.js' }
    writeFileSync(join(sdk, name, 'package.json'), JSON.stringify(manifest))
    writeFileSync(join(sdk, name, 'sdk.js'), DEAF)
  }
  const app = join(dir.path, 'app')
  cpSync(join(root, 'test/fixtures/apps/nextjs-clean'), app, { recursive: true })
  const server = await served(['serve', '--root', 'dev', '--offline', '--store', join(dir.path, 'store')])
  try {
    const args = ['run', app, '--base', server.base, '--flow', 'walking-skeleton', '--harness', 'claude']
    const child = start(args, {
      env: {
        MILL_CLAUDE_SDK: dir.path,
        ANTHROPIC_API_KEY: 'nobody',
        ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
      },
    })
    let out = ''
    child.stdout?.on('data', (chunk) => {
      out += chunk
    })
    child.stderr?.on('data', (chunk) => {
      if (String(chunk).includes('deaf')) child.kill('SIGINT')
    })
    expect(await new Promise((done) => child.once('close', done))).toBe(130)
    expect(out).toContain('# walking-skeleton: cancelled')
    expect(out).toMatch(/\nGo on with it: mill resume \S+ [0-9a-f]{4}\n$/)
  } finally {
    await server.stop()
  }
}, 60_000)
